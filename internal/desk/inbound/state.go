package inbound

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// State is how mail comes in.
type State struct {
	LastAt    string     `json:"last_at"` // when the latest mail came; "" for never
	Waiting   int        `json:"waiting"` // stored and not read yet
	Failed    int        `json:"failed"`  // could not be read
	Mailboxes []BoxState `json:"mailboxes"`
}

// BoxState is how a mailbox that is fetched stands.
type BoxState struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	State  string `json:"state"`
	Error  string `json:"error,omitempty"`
	LastAt string `json:"last_at"`
}

// Look says how mail comes in.
func Look(app core.App) (State, error) {
	s := State{Mailboxes: []BoxState{}}
	table := desk.Name(app, desk.InboundMails)
	var last types.DateTime
	rows := []struct {
		Status string `db:"status"`
		N      int    `db:"n"`
	}{}
	err := app.DB().Select("status", "COUNT(*) AS n").From(table).
		Where(dbx.In("status", desk.MailReceived, desk.MailFailed)).GroupBy("status").All(&rows)
	if err != nil {
		return s, err
	}
	for _, r := range rows {
		if r.Status == desk.MailFailed {
			s.Failed = r.N
		} else {
			s.Waiting = r.N
		}
	}
	if err := app.DB().Select("COALESCE(MAX([[created]]), '')").From(table).Row(&last); err != nil {
		return s, err
	}
	s.LastAt = last.String()
	boxes, err := app.FindRecordsByFilter(desk.Mailboxes, "enabled = true", "name", 0, 0)
	for _, r := range boxes {
		s.Mailboxes = append(s.Mailboxes, BoxState{
			r.Id, r.GetString("name"), r.GetString("state"), r.GetString("last_error"), r.GetDateTime("last_at").String(),
		})
	}
	return s, err
}
