package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func ofCase() *core.RelationField {
	return &core.RelationField{Name: "case", CollectionId: desk.Cases, MaxSelect: 1, Required: true, CascadeDelete: true}
}

func init() {
	add(func(app core.App) error {
		m := table(app, desk.Messages,
			ofCase(),
			choice("direction", "in: from the visitor. out: to the visitor. note: for staff.", "in", "out", "note"),
			choice("channel", "", "form", "email", "phone", "sms", "chat", "line", "api", "system", "widget", "import"),
			relation("author", desk.Agents, "Empty: the visitor or the system."),
			relation("contact", desk.Contacts, ""),
			text("subject", 300, ""),
			presentable(text("body", 50_000, "Plain text.")),
			text("html", 200_000, "Cleaned HTML, when the message came as such."),
			files("attachments", 10, "Up to 10 files of 10 MB."),
			object("attachment_names", 10_000, "Names as given, by stored name. Kept by the system."),
			text("template", 60, "Key of the template it was made from."),
			choice("delivery", "Kept by the system.", "none", "queued", "held", "sent", "failed", "bounced"),
			text("delivery_note", 1_000, "The server's answer or the reason of a failure. Kept by the system."),
			object("call", 4_000, "Phone call: {outcome, seconds}."),
			text("message_id", 300, "Kept by the system."),
			text("in_reply_to", 300, "Kept by the system."),
		)
		m.ListRule, m.ViewRule = ofTeam(staff, "case."), ofTeam(staff, "case.")
		m.CreateRule = ofTeam(staff, "case.")
		index(m, "case", "case, created", "")
		index(m, "contact", "contact", "") // PocketBase looks here when it deletes a contact
		index(m, "message_id", "message_id", "message_id != ''")
		if err := app.Save(m); err != nil {
			return err
		}
		e := table(app, desk.Events,
			ofCase(),
			relation("actor", desk.Agents, "Empty: the system or the visitor."),
			presentable(required(text("kind", 60, "What happened."))),
			object("before", 60_000, ""),
			object("after", 60_000, ""),
		)
		// a verdict's events exist before any case does
		e.Fields.GetByName("case").(*core.RelationField).Required = false
		e.Fields.Add(&core.RelationField{Name: "feedback", CollectionId: desk.Feedbacks, MaxSelect: 1, CascadeDelete: true, Help: "Set when the line is about a submission's verdict."})
		e.ListRule, e.ViewRule = ofTeam(staff, "case."), ofTeam(staff, "case.")
		index(e, "case", "case, created", "")
		index(e, "feedback", "feedback", "") // whole: PocketBase looks here when it deletes feedback
		index(e, "kind", "kind, created", "")
		return app.Save(e)
	})
}
