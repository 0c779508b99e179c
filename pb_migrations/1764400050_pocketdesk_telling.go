package pb_migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error { return errors.Join(tellings(app), webhooks(app)) })
}

// tellings let equal notices be one, and go out by mail.
func tellings(app core.App) error {
	return change(app, desk.Notices, func(c *core.Collection) {
		c.Fields.Add(
			text("same", 100, "Equal notices that nobody has looked at yet are one. Kept by the system."),
			whole("count", "How many they are."),
			date("mail_at", "When it goes out by mail, if nobody has looked at it by then; empty: it doesn't, or it did. Kept by the system."),
		)
		index(c, "same", "agent, same", "seen_at = '' AND same != ''")
		index(c, "mail", "mail_at, id", "mail_at != ''")
	})
}

func webhooks(app core.App) error {
	c := table(app, desk.Webhooks,
		presentable(required(text("name", 100, ""))),
		required(text("url", 1_000, "Where it is sent, https://.")),
		flag("enabled", ""),
		object("events", 4_000, "Types of events; empty: all. See GET webhooks/events."),
		flag("with_text", "Send what people wrote along."),
		date("since", "Events from then on are sent. Kept by the system."),
		text("disabled_why", 300, "Why the system switched it off. Kept by the system."),
		date("failing_since", "Kept by the system."),
		date("delivered_at", "When it was last taken. Kept by the system."),
		text("failed", 1_000, "What went wrong last. Kept by the system."),
	)
	c.ListRule, c.ViewRule = rule(adminOnly), rule(adminOnly)
	c.CreateRule, c.UpdateRule, c.DeleteRule = rule(adminOnly), rule(adminOnly), rule(adminOnly)
	if err := app.Save(c); err != nil {
		return err
	}
	d := table(app, desk.WebhookDeliveries,
		&core.RelationField{Name: "webhook", CollectionId: desk.Webhooks, MaxSelect: 1, Required: true, CascadeDelete: true},
		presentable(text("type", 60, "Of the event.")),
		text("msg", 60, "The webhook-id that the receiver sees."),
		&core.RelationField{Name: "case", CollectionId: desk.Cases, MaxSelect: 1, CascadeDelete: true},
		object("payload", 200_000, "What is sent."),
		choice("status", "", "queued", "sent", "failed"),
		whole("attempts", ""),
		date("next_attempt", ""),
		whole("code", "The last answer's status."),
		text("said", 1_000, "The beginning of the last answer, or what went wrong."),
		date("sent_at", ""),
	)
	d.ListRule, d.ViewRule = rule(adminOnly), rule(adminOnly)
	unique(d, "msg", "webhook, msg", "")
	index(d, "next", "webhook, next_attempt, id", "status = 'queued'")
	index(d, "list", "webhook, created, id", "")
	index(d, "state", "webhook, status, created, id", "")
	index(d, "case", "case", "")
	index(d, "created", "created, id", "")
	return app.Save(d)
}
