package casework

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// SawNothing is [Entry].Seen of who looked at a case without messages.
const SawNothing = "none"

// Answered is the error of an answer that comes after words which its writer has
// not seen: a colleague's to the visitor, or the visitor's own.
type Answered struct {
	ID        string `json:"id"`          // the latest of those messages
	Direction string `json:"direction"`   // desk.Out, or desk.In of the visitor's words
	Author    string `json:"author_name"` // whose it is; "" where that is not known
	Body      string `json:"body"`        // its beginning
	Created   string `json:"created"`
	More      int    `json:"more"` // how many others there are
}

func (a *Answered) Error() string { return cmp.Or(a.Author, "The visitor") + " wrote meanwhile." }

// answeredMeanwhile fails with [Answered] where the visitor's words, or a
// colleague's to him, are newer than what the writer had before him. Inside the
// transaction that saves the answer nobody can come between.
//
// Newer is what was saved later, and what is dated later: messages that a merged
// case brought along keep their dates. Of a message that is gone (taken back
// meanwhile) nothing is known, so that any answer of a colleague counts, and of
// the visitor's words those after the writer last read the case.
func answeredMeanwhile(tx core.App, e Entry) error {
	var seen struct {
		Row     int64  `db:"rowid"`
		Created string `db:"created"`
	}
	heard := ""
	if e.Seen != SawNothing {
		err := tx.DB().Select("rowid", "created").From(desk.Name(tx, desk.Messages)).
			Where(dbx.HashExp{"id": e.Seen, "case": e.Case.Id}).One(&seen)
		if errors.Is(err, sql.ErrNoRows) {
			heard, err = readUpTo(tx, e)
			heard = cmp.Or(heard, "9") // he may have read all of it
		}
		if err != nil {
			return fmt.Errorf("the message that was seen last: %w", err)
		}
	}
	var rows []*core.Record
	err := tx.RecordQuery(desk.Messages).
		AndWhere(dbx.HashExp{"case": e.Case.Id}).
		AndWhere(dbx.NewExp("([[direction]] = 'out' AND [[author]] NOT IN ('', {:me}) OR [[direction]] = 'in' AND [[author]] != {:me} AND [[auto]] = '' AND [[created]] > {:heard})",
			dbx.Params{"me": e.Agent.Id, "heard": heard})).
		AndWhere(dbx.NewExp("([[rowid]] > {:row} OR [[created]] > {:at})", dbx.Params{"row": seen.Row, "at": seen.Created})).
		OrderBy("created DESC", "rowid DESC").Limit(100).All(&rows)
	if err != nil {
		return fmt.Errorf("what was written meanwhile: %w", err)
	}
	if len(rows) == 0 {
		return nil
	}
	m := desk.AsMessage(rows[0])
	return &Answered{
		ID: m.Id, Direction: m.Direction(), Author: writerName(tx, m), Body: desk.Clip(m.Body(), 2_000), Created: m.GetString("created"), More: len(rows) - 1,
	}
}

// writerName is the name of who wrote a message: staff, or the visitor.
func writerName(tx core.App, m *desk.Message) string {
	if m.Author() != "" {
		return actorName(tx, m.Author())
	}
	if name := m.GetString("from_name"); name != "" {
		return name
	}
	r, err := tx.FindRecordById(desk.Contacts, m.GetString("contact"))
	if err != nil {
		return ""
	}
	return desk.AsContact(r).Name()
}

// readUpTo is up to when the writer has read the case, as PocketBase writes
// dates; "" where nothing is known of that.
func readUpTo(tx core.App, e Entry) (at string, err error) {
	err = tx.DB().Select("seen_at").From(desk.Name(tx, desk.Reads)).
		Where(dbx.HashExp{"agent": e.Agent.Id, "case": e.Case.Id}).Row(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return at, err
}

// unread is when the first of the visitor's words came that the writer of an
// answer has not read, where he doesn't say what he saw: "" where there are none,
// or nothing is known of what he has read.
func (out *Written) unread(tx core.App) (string, error) {
	e := out.entry
	if out.kind != "replied" || e.Seen != "" || e.Sure {
		return "", nil
	}
	read, err := readUpTo(tx, e)
	if read == "" || err != nil {
		return "", err
	}
	var at string
	err = tx.DB().Select("created").From(desk.Name(tx, desk.Messages)).Where(dbx.HashExp{"case": e.Case.Id, "direction": desk.In}).
		AndWhere(dbx.NewExp("[[author]] != {:me} AND [[auto]] = '' AND [[created]] > {:read}", dbx.Params{"me": e.Agent.Id, "read": read})).
		OrderBy("created").Limit(1).Row(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return at, err
}
