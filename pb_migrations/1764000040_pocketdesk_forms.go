package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		slug := presentable(required(text("slug", 60, "The form's address: /f/{slug}.")))
		slug.Pattern = `^[a-z0-9][a-z0-9-]*$`
		c := table(app, desk.Forms,
			slug,
			object("texts", 40_000, "By locale: title, intro, success_title, success_body, consent, privacy_note."),
			&core.RelationField{Name: "categories", CollectionId: desk.Categories, MaxSelect: 50, Help: "Offered on this form; empty offers all that are enabled."},
			object("extra_fields", 20_000, "More fields of this form."),
			object("theme", 4_000, "Colours of this form."),
			flag("enabled", "A disabled form takes nothing."),
			object("allowed_origins", 4_000, "Sites that may post to this form from their own pages."),
			text("ack_key", 60, "Key of the acknowledgement's template; empty means ack."),
			text("consent_version", 40, "Noted with every consent."),
		)
		c.Fields.GetByName("texts").(*core.JSONField).Required = true
		staffReads(c)
		c.CreateRule, c.DeleteRule = types.Pointer(adminOnly), types.Pointer(adminOnly)
		unique(c, "slug", "slug", "")
		return app.Save(c)
	})
}
