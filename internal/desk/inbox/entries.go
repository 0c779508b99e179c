package inbox

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// addTrouble finds the deliveries of messages that did not leave or came back,
// so that a screen can try one again.
func addTrouble(app core.App, entries []Entry) error {
	at := map[string]*Entry{}
	ids := []any{}
	for i := range entries {
		switch entries[i].GetString("delivery") {
		case desk.DeliveryFailed, desk.DeliveryHeld, desk.DeliveryBounced, desk.DeliverySent: // one that was sent may be doubtful
			at[entries[i].Id] = &entries[i]
			ids = append(ids, entries[i].Id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []struct {
		ID      string `db:"id"`
		Message string `db:"message"`
	}
	err := app.DB().Select("id", "message").From(desk.Name(app, desk.Outbox)).
		Where(dbx.In("message", ids...)).AndWhere(dbx.In("status", desk.Failed, desk.Unknown, desk.Bounced)).All(&rows)
	for _, r := range rows {
		at[r.Message].Delivery = r.ID
	}
	return err
}

// addRaw finds out which mails are still kept as they came.
func addRaw(app core.App, entries []Entry) error {
	at := map[string]*Entry{}
	ids := []any{}
	for i := range entries {
		if id := entries[i].GetString("inbound"); id != "" {
			at[id] = &entries[i]
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var kept []struct {
		ID string `db:"id"`
	}
	err := app.DB().Select("id").From(desk.Name(app, desk.InboundMails)).
		Where(dbx.In("id", ids...)).AndWhere(dbx.NewExp("[[raw]] != ''")).All(&kept)
	for _, r := range kept {
		at[r.ID].HasRaw = true
	}
	return err
}
