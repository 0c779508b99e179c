package webhooks

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Forget removes deliveries that are older than [Keep], a part at a time.
func Forget(app core.App, commit *desk.Committer) error {
	before := desk.Date(desk.Now(app).Add(-Keep)).String()
	for {
		var ids []string
		err := app.DB().Select("id").From(desk.Name(app, desk.WebhookDeliveries)).Where(dbx.NewExp("[[created]] < {:before}", dbx.Params{"before": before})).
			OrderBy("created", "id").Limit(500).Column(&ids)
		if err != nil || len(ids) == 0 {
			return err
		}
		list := make([]any, len(ids))
		for i, id := range ids {
			list[i] = id
		}
		err = commit.Do(func(tx core.App) error {
			_, err := tx.DB().Delete(desk.Name(tx, desk.WebhookDeliveries), dbx.In("id", list...)).Execute()
			return err
		})
		if err != nil {
			return err
		}
	}
}
