package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	// why a model was refused, in a form that can be said in any language
	add(func(app core.App) error {
		return change(app, desk.SpamModels, func(c *core.Collection) {
			c.Fields.Add(choice("code", "worse: it would hold more good messages. failed: it could not be trained.", "worse", "failed"))
		})
	})
}
