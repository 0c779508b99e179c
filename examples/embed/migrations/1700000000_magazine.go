// Package migrations is the magazine's own schema. Its collections bear names
// that PocketDesk would like to use as well.
package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

func init() {
	m.Register(func(app core.App) error {
		categories := core.NewBaseCollection("categories")
		categories.ListRule = types.Pointer("")
		categories.Fields.Add(&core.TextField{Name: "title", Required: true})
		if err := app.Save(categories); err != nil {
			return err
		}
		messages := core.NewBaseCollection("messages")
		messages.ListRule, messages.CreateRule = types.Pointer(""), types.Pointer("")
		messages.Fields.Add(&core.TextField{Name: "text", Required: true})
		if err := app.Save(messages); err != nil {
			return err
		}
		first := core.NewRecord(categories)
		first.Set("title", "Travel")
		return app.Save(first)
	}, nil)
}
