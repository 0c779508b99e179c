package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		c := table(app, desk.Feedbacks,
			relation("form", desk.Forms, "The form, by id or slug; empty means the default form."),
			presentable(text("name", 200, "As typed.")),
			text("email", 254, "As typed. One of email and phone is needed."),
			text("phone", 50, "As typed."),
			relation("category", desk.Categories, "May be left open."),
			text("subject", 300, ""),
			required(text("message", 20_000, "What the visitor wrote, verbatim.")),
			text("order_no", 100, "Order number, as typed."),
			files("attachments", 3, "Up to 3 files of 10 MB."),
			object("attachment_names", 4_000, "Names as given, by stored name. Kept by the system."),
			text("locale", 20, "zh-TW, zh-CN, ja or en."),
			text("page_url", 2_000, "Page from which the visitor wrote."),
			text("referrer", 2_000, "What led there."),
			flag("consent", "The visitor agreed to the processing."),
			text("consent_version", 40, ""),
			flag("marketing_consent", ""),
			choice("source", "Kept by the system.", "form", "widget", "api", "email", "phone", "import", "host", "demo"),
			text("member_ref", 500, "id.expiry.HMAC-SHA256, signed by the shop's site."),
			text("receipt", 20, "The code that the visitor reads. Kept by the system."),
			hidden(text("idem_key", 100, "Digest of the Idempotency-Key, for 24 hours.")),
			hidden(text("idem_hash", 100, "Digest of the body that came with it.")),
		)
		c.ListRule, c.ViewRule = rule(staff), rule(staff)
		c.CreateRule = rule("")
		unique(c, "receipt", "receipt", "receipt != ''")
		unique(c, "idem", "idem_key", "idem_key != ''")
		index(c, "created", "created", "")
		index(c, "email", "email", "email != ''")
		index(c, "phone", "phone", "phone != ''")
		index(c, "order_no", "order_no", "order_no != ''")
		if err := app.Save(c); err != nil {
			return err
		}
		return app.Save(verdicts(app))
	})
}

func verdicts(app core.App) *core.Collection {
	v := table(app, desk.Verdicts,
		&core.RelationField{Name: "feedback", CollectionId: desk.Feedbacks, MaxSelect: 1, Required: true, CascadeDelete: true},
		choice("outcome", "accepted opened a case; quarantined waits for a decision; blocked keeps its text only.", "accepted", "quarantined", "blocked"),
		number("score", "Sum of the signals' weights."),
		object("signals", 60_000, "List of {name, weight, sentence, data}."),
		text("ip", 60, "Removed after the retention time."),
		text("country", 2, ""),
		text("user_agent", 500, "Removed after the retention time."),
		whole("file_bytes", "Size of the files that wait in quarantine."),
		relation("decided_by", desk.Agents, "Who released or confirmed it."),
		date("decided_at", ""),
	)
	v.ListRule, v.ViewRule = rule(staff), rule(staff)
	unique(v, "feedback", "feedback", "")
	index(v, "outcome", "outcome, created", "")
	index(v, "waiting", "created", "outcome = 'quarantined' AND decided_at = ''")
	index(v, "ip", "created", "ip != '' OR user_agent != ''")
	index(v, "bytes", "file_bytes", "outcome = 'quarantined' AND file_bytes > 0")
	return v
}
