package casework

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// SawNothing is [Entry].Seen of who looked at a case without messages.
const SawNothing = "none"

// Answered is the error of an answer that comes after a colleague's which its
// writer has not seen.
type Answered struct {
	ID      string `json:"id"` // the colleague's message, the latest of them
	Author  string `json:"author_name"`
	Body    string `json:"body"` // its beginning
	Created string `json:"created"`
}

func (a *Answered) Error() string { return a.Author + " answered meanwhile." }

// answeredMeanwhile fails with [Answered] where a colleague's message to the
// visitor is newer than the one that the writer had before him. Inside the
// transaction that saves the answer nobody can come between.
//
// Newer is what was saved later, and what is dated later: messages that a merged
// case brought along keep their dates. Of a message that is gone (taken back
// meanwhile) nothing is known, so that any answer of a colleague counts.
func answeredMeanwhile(tx core.App, e Entry) error {
	var seen struct {
		Row     int64  `db:"rowid"`
		Created string `db:"created"`
	}
	if e.Seen != SawNothing {
		err := tx.DB().Select("rowid", "created").From(desk.Name(tx, desk.Messages)).
			Where(dbx.HashExp{"id": e.Seen, "case": e.Case.Id}).One(&seen)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("the message that was seen last: %w", err)
		}
	}
	r := &core.Record{}
	err := tx.RecordQuery(desk.Messages).
		AndWhere(dbx.HashExp{"case": e.Case.Id, "direction": desk.Out}).
		AndWhere(dbx.NewExp("[[author]] NOT IN ('', {:me})", dbx.Params{"me": e.Agent.Id})).
		AndWhere(dbx.NewExp("([[rowid]] > {:row} OR [[created]] > {:at})", dbx.Params{"row": seen.Row, "at": seen.Created})).
		OrderBy("created DESC", "rowid DESC").Limit(1).One(r)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("answers of colleagues: %w", err)
	}
	m := desk.AsMessage(r)
	return &Answered{ID: m.Id, Author: actorName(tx, m.Author()), Body: desk.Clip(m.Body(), 2_000), Created: m.GetString("created")}
}
