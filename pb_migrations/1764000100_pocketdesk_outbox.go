package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		c := table(app, desk.Outbox,
			choice("kind", "", "email", "sms", "webhook", "notify"),
			&core.RelationField{Name: "message", CollectionId: desk.Messages, MaxSelect: 1, CascadeDelete: true, Help: "What is sent."},
			presentable(text("recipient", 2_000, "")),
			&core.JSONField{Name: "payload", MaxSize: 200_000, Hidden: true, Help: "What is fixed for every try. Holds secret links."},
			text("dedupe_key", 200, "The same thing is never queued twice."),
			choice("status", "unknown: the server may have taken it; tried once more at most.", "queued", "sending", "held", "sent", "failed", "unknown"),
			whole("attempts", ""),
			date("next_attempt", ""),
			text("last_error", 1_000, ""),
		)
		c.ListRule, c.ViewRule = rule(adminOnly), rule(adminOnly)
		unique(c, "dedupe", "dedupe_key", "dedupe_key != ''")
		index(c, "due", "next_attempt", "next_attempt != ''")
		index(c, "trouble", "updated", "status = 'failed' OR status = 'unknown' OR status = 'held'")
		index(c, "status", "status, updated", "")
		index(c, "message", "message", "")
		index(c, "recipient", "recipient, created", "")
		return app.Save(c)
	})
}
