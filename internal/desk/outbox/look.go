package outbox

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// State is how the outbox stands.
type State struct {
	Queued        int   `json:"queued"`
	Sending       int   `json:"sending"`
	Held          int   `json:"held"`
	Failed        int   `json:"failed"`
	Unknown       int   `json:"unknown"`
	OldestSeconds int64 `json:"oldest_seconds"` // age of the oldest mail that waits to be sent
}

// Look counts what is not sent yet.
func Look(app core.App) (State, error) {
	var rows []struct {
		Status string `db:"status"`
		N      int    `db:"n"`
		Oldest string `db:"oldest"`
	}
	err := app.DB().Select("status", "COUNT(*) AS n", "MIN([[created]]) AS oldest").From(desk.Name(app, desk.Outbox)).
		Where(dbx.In("status", desk.Queued, desk.Sending, desk.Held, desk.Failed, desk.Unknown)).GroupBy("status").All(&rows)
	var s State
	for _, r := range rows {
		switch r.Status {
		case desk.Sending:
			s.Sending = r.N
		case desk.Queued:
			s.Queued = r.N
			if t, err := time.Parse("2006-01-02 15:04:05.000Z", r.Oldest); err == nil {
				s.OldestSeconds = int64(desk.Now(app).Sub(t).Seconds())
			}
		case desk.Held:
			s.Held = r.N
		case desk.Failed:
			s.Failed = r.N
		case desk.Unknown:
			s.Unknown = r.N
		}
	}
	return s, err
}
