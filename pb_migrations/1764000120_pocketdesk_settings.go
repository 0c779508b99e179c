package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		c := table(app, desk.SettingsID,
			object("shop_name", 4_000, "The name visitors read: a text, or an object by locale."),
			text("locale", 20, "The shop's own language, used when nothing better is known."),
			text("timezone", 60, "IANA name such as Asia/Taipei."),
			text("service_email", 254, "Shown to visitors; answers go there while reply_from is empty."),
			text("service_phone", 50, "Shown to visitors."),
			object("service_hours", 4_000, "A text, or an object by locale."),
			text("reply_from", 254, "Sender of all mail; empty means PocketBase's own sender."),
			flag("ack_enabled", "Acknowledge accepted messages by mail."),
			whole("answer_hours", "By when a visitor is told that he gets an answer; weekends do not count."),
			object("thresholds", 4_000, "{quarantine, block} in points."),
			object("limits", 4_000, "{ip_hour, email_hour, overall_hour, ack_day, quarantine_mb}."),
			object("retention", 4_000, "{network_days, quarantine_days}."),
			object("llm", 4_000, "{enabled, model, daily_budget, concurrent}; address and key come from the environment."),
			object("captcha", 4_000, "{provider}: pow."),
		)
		c.ListRule, c.ViewRule = rule(staff), rule(staff)
		c.UpdateRule = rule(adminOnly)
		return app.Save(c)
	})
}
