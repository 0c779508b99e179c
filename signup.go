package main

import (
	"github.com/pocketbase/pocketbase/core"
)

// PocketBase makes a collection users that everybody may sign up to. A host
// decides that for himself; the ready binary has no use for strangers' accounts.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		c, err := app.FindCollectionByNameOrId("users")
		if err != nil {
			return nil // removed by the operator
		}
		c.CreateRule = nil
		return app.Save(c)
	}, nil, "1764000200_pocketdesk_signup.go")
}
