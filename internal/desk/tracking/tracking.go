// Package tracking finds what a visitor may read of his case with the secret
// link from his mails.
//
//	seen, err := tracking.Find(app, token)
package tracking

import (
	"errors"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// ErrNotFound is the answer to every token that opens nothing.
var ErrNotFound = errors.New("no case has this token")

// Seen is a case as its visitor may read it: his own words and the answers of
// staff. Notes, calls and what the system mailed stay inside.
type Seen struct {
	Case     *desk.Case
	Feedback *desk.Feedback
	Messages []*desk.Message
}

// maxMessages is how much of a conversation is shown: its latest part.
const maxMessages = 500

// minToken refuses short guesses before they reach the database.
const minToken = 20

// Find opens a case by its tracking token.
func Find(app core.App, token string) (*Seen, error) {
	if len(token) < minToken || len(token) > 60 {
		return nil, ErrNotFound
	}
	r := &core.Record{}
	if err := app.RecordQuery(desk.Cases).AndWhere(dbx.HashExp{"track_token": token}).
		AndWhere(dbx.NewExp("[[track_token]] != ''")).Limit(1).One(r); err != nil {
		return nil, ErrNotFound
	}
	s := &Seen{Case: desk.AsCase(r)}
	f, err := desk.FindFeedback(app, s.Case.Feedback())
	if err != nil {
		return nil, ErrNotFound // erased
	}
	s.Feedback = f
	var rows []*core.Record
	err = app.RecordQuery(desk.Messages).AndWhere(dbx.HashExp{"case": r.Id}).
		AndWhere(dbx.NewExp("([[direction]] = 'in' OR ([[direction]] = 'out' AND [[channel]] = 'email'))")).
		OrderBy("created DESC", "rowid DESC").Limit(maxMessages).All(&rows)
	slices.Reverse(rows)
	for _, row := range rows {
		s.Messages = append(s.Messages, desk.AsMessage(row))
	}
	return s, err
}

// Files are the attachments that a visitor sees on a message. Those of the first one
// stand with what he sent.
func (s *Seen) Files(m *desk.Message) (owner *core.Record, names []string) {
	if len(s.Messages) > 0 && len(s.Messages) < maxMessages && m.Id == s.Messages[0].Id && m.Direction() == desk.In {
		return s.Feedback.Record, s.Feedback.Files()
	}
	return m.Record, m.Files()
}
