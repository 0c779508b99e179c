package searching

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

var _ desk.Indexer = (*Index)(nil)

// Indexed are the collections whose new and changed records are told of.
func Indexed() []string {
	return []string{desk.Messages, desk.Cases, desk.Contacts, desk.Identities}
}

// Deleted are those of which every removal is told. A submission is taken up
// with its case, and never changes, but it goes by itself.
func Deleted() []string { return append(Indexed(), desk.Feedbacks) }

// Added takes a new record up, inside its transaction.
func (x *Index) Added(tx core.App, r *core.Record) error {
	switch r.Collection().Id {
	case desk.Messages, desk.Cases, desk.Contacts, desk.Identities:
	default:
		return nil
	}
	if !x.ready(tx) || r.Collection().Id == desk.Messages && r.GetString("channel") == desk.ChannelSystem {
		return nil
	}
	entries, err := x.fresh(tx, r)
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	for _, e := range entries {
		if err := x.put(tx, e, 0); err != nil {
			return err
		}
	}
	return nil
}

// ready tells whether there is an index to keep. Its absence is remembered: the
// tables come with the migrations, before anything is saved.
func (x *Index) ready(tx core.App) bool {
	if x.off.Load() {
		return false
	}
	if !x.known.Load() {
		if !x.on(tx) {
			return false
		}
		x.known.Store(true)
	}
	return true
}

const (
	insertDoc  = "INSERT INTO " + desk.SearchDocs + " (id, number, kind, record) VALUES (?, ?, ?, ?)"
	insertText = "INSERT INTO " + desk.SearchTable + " (rowid, words) VALUES (?, ?)"
	deleteText = "INSERT INTO " + desk.SearchTable + " (" + desk.SearchTable + ", rowid, words) VALUES ('delete', ?, ?)"
	deleteDoc  = "DELETE FROM " + desk.SearchDocs + " WHERE id = ?"
	moveDoc    = "UPDATE " + desk.SearchDocs + " SET number = ? WHERE id = ?"
)

// put stores an entry under a new id, or under the one given.
func (x *Index) put(tx core.App, e *entry, id int64) error {
	if e == nil {
		return nil
	}
	var as any
	if id != 0 {
		as = id
	}
	id, err := desk.Exec(tx, insertDoc, as, e.number, e.kind, e.record)
	if err == nil {
		_, err = desk.Exec(tx, insertText, id, e.all())
	}
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	return nil
}

// docOf is the id of an entry's document; 0 where the index doesn't have it yet.
func docOf(tx core.App, e *entry) (id int64, err error) {
	if e.number == 0 {
		err = desk.Row(tx, "SELECT id FROM "+desk.SearchDocs+" WHERE number = 0 AND record = ?", []any{e.record}, &id)
	} else {
		err = desk.Row(tx, "SELECT id FROM "+desk.SearchDocs+" WHERE number = ? AND record = ? AND number > 0", []any{e.number, e.record}, &id)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

// drop takes an entry out as it was put in.
func (x *Index) drop(tx core.App, e *entry) error {
	if e == nil {
		return nil
	}
	id, err := docOf(tx, e)
	if err == nil && id != 0 {
		if _, err = desk.Exec(tx, deleteText, id, e.all()); err == nil {
			_, err = desk.Exec(tx, deleteDoc, id)
		}
	}
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	return nil
}

// replace makes an entry's document say what it is now. It keeps its id, and so
// its place among the others.
func (x *Index) replace(tx core.App, before, after *entry) error {
	switch {
	case before == nil:
		return x.put(tx, after, 0)
	case after == nil:
		return x.drop(tx, before)
	case *before == *after:
		return nil
	}
	id, err := docOf(tx, before)
	if err != nil || id == 0 {
		return err
	}
	if before.all() != after.all() {
		if _, err := desk.Exec(tx, deleteText, id, before.all()); err != nil {
			return fmt.Errorf("search index: %w", err)
		}
		if _, err := desk.Exec(tx, insertText, id, after.all()); err != nil {
			return fmt.Errorf("search index: %w", err)
		}
	}
	if before.number != after.number {
		_, err = desk.Exec(tx, moveDoc, after.number, id)
	}
	return err
}

// Changing keeps the index in step with a change of a record, which change
// makes, all inside the transaction. What the database has before and after
// counts: the record may be older than that.
func (x *Index) Changing(tx core.App, r *core.Record, change func() error) error {
	if !x.ready(tx) {
		return change()
	}
	collection := r.Collection().Id
	before, err := x.entryOf(tx, collection, r.Id)
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	var sent *entry
	if collection == desk.Cases {
		if sent, err = x.sentOf(tx, r.Id); err != nil {
			return err
		}
	}
	if err := change(); err != nil {
		return err
	}
	after, err := x.entryOf(tx, collection, r.Id)
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	if err := x.replace(tx, before, after); err != nil {
		return err
	}
	if collection != desk.Cases || before == nil || after == nil {
		return nil
	}
	now, err := x.sentOf(tx, r.Id)
	if err != nil {
		return err
	}
	if before.team != after.team {
		if sent != nil && now != nil {
			sent.team = after.team // moved along with all the others
		}
		if err := x.reteam(tx, before, after); err != nil {
			return err
		}
	}
	if (sent == nil) != (now == nil) || sent != nil && *sent != *now {
		return x.replace(tx, sent, now)
	}
	return nil
}

// sentOf is the entry of the submission with which a case was opened.
func (x *Index) sentOf(tx core.App, caseID string) (*entry, error) {
	var feedback string
	err := desk.Row(tx, "SELECT feedback FROM "+table(tx, desk.Cases)+" WHERE id = ?", []any{caseID}, &feedback)
	if errors.Is(err, sql.ErrNoRows) || err == nil && feedback == "" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return x.entryOf(tx, desk.Feedbacks, feedback)
}

// reteam gives a case's other documents to another team: that one token changes.
func (x *Index) reteam(tx core.App, before, after *entry) error {
	docs, err := docsOf(tx, after.number)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if d.Kind == kindCase {
			continue // replaced already
		}
		if _, err := desk.Exec(tx, deleteText, d.ID, teamToken(before.team)); err != nil {
			return fmt.Errorf("search index: %w", err)
		}
		if _, err := desk.Exec(tx, insertText, d.ID, teamToken(after.team)); err != nil {
			return fmt.Errorf("search index: %w", err)
		}
	}
	return nil
}

// doc is a row of the table that says what a document is.
type doc struct {
	ID     int64  `db:"id"`
	Number int    `db:"number"`
	Kind   int    `db:"kind"`
	Record string `db:"record"`
}

func docsOf(tx core.App, number int) (docs []doc, err error) {
	err = tx.NonconcurrentDB().NewQuery("SELECT id, number, kind, record FROM " + desk.SearchDocs + " WHERE number = {:n} AND number > 0 ORDER BY id").
		Bind(map[string]any{"n": number}).All(&docs)
	return docs, err
}

// Deleting keeps the index in step with the removal of a record. A case's
// messages follow it, and are known by it: their words go first.
func (x *Index) Deleting(tx core.App, r *core.Record) error {
	if !x.ready(tx) {
		return nil
	}
	if r.Collection().Id != desk.Cases {
		e, err := x.entryOf(tx, r.Collection().Id, r.Id)
		if err != nil {
			return fmt.Errorf("search index: %w", err)
		}
		return x.drop(tx, e)
	}
	e, err := x.entryOf(tx, desk.Cases, r.Id)
	if err != nil || e == nil {
		return err
	}
	docs, err := docsOf(tx, e.number)
	if err != nil {
		return err
	}
	for _, d := range docs {
		one, err := x.entryOf(tx, collectionOf(d.Kind), d.Record)
		if err != nil {
			return fmt.Errorf("search index: %w", err)
		}
		if err := x.drop(tx, one); err != nil {
			return err
		}
	}
	return nil
}

func collectionOf(kind int) string {
	switch kind {
	case kindCase:
		return desk.Cases
	case kindSent:
		return desk.Feedbacks
	case kindContact:
		return desk.Contacts
	case kindIdentity:
		return desk.Identities
	}
	return desk.Messages
}

// Moved follows messages that were moved from one case to another by SQL alone.
func (x *Index) Moved(tx core.App, messages []string, from, to string) error {
	if !x.ready(tx) {
		return nil
	}
	source, err := x.entryOf(tx, desk.Cases, from)
	if err != nil {
		return err
	}
	for _, id := range messages {
		after, err := x.entryOf(tx, desk.Messages, id)
		if err != nil {
			return fmt.Errorf("search index: %w", err)
		}
		if after == nil || source == nil || after.number == source.number {
			continue
		}
		before := *after
		before.number, before.team = source.number, source.team
		if err := x.replace(tx, &before, after); err != nil {
			return err
		}
	}
	return nil
}
