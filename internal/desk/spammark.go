package desk

import (
	"database/sql"
	"errors"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// SpamTag marks the cases that turned out to be junk.
const SpamTag = "spam"

// The two events that say of a case whether it is junk; the later one holds.
const (
	EventMarkedSpam   = "marked_spam"
	EventUnmarkedSpam = "unmarked_spam"
)

// NotSent stands beside a message whose mail was cancelled with its case.
const NotSent = "not sent: the case was marked as spam"

// Tags lists the case's tags.
func (c *Case) Tags() []string {
	var list []string
	_ = c.UnmarshalJSONField("tags", &list) // something else than a list counts as none
	return list
}

// SpamMark is the event by which a case was marked as spam; nil where it is
// not, or not any more.
func SpamMark(app core.App, caseID string) (*core.Record, error) {
	r := &core.Record{}
	err := app.RecordQuery(Events).AndWhere(dbx.HashExp{"case": caseID}).
		AndWhere(dbx.In("kind", EventMarkedSpam, EventUnmarkedSpam)).OrderBy("created DESC", "rowid DESC").Limit(1).One(r)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && r.GetString("kind") == EventUnmarkedSpam) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// IsSpam tells whether a case is marked as spam and still carries the tag. The
// tag alone, set by hand, says nothing: nobody could take that back.
func (c *Case) IsSpam(app core.App) (bool, error) {
	if !slices.Contains(c.Tags(), SpamTag) {
		return false, nil
	}
	mark, err := SpamMark(app, c.Id)
	return mark != nil, err
}

// Cancel takes a delivery out of the queue because its case is spam, and notes
// it on its message.
func (d *Delivery) Cancel(m *Message) {
	d.Set("status", Cancelled)
	d.Set("next_attempt", "")
	m.Set("delivery", DeliveryNone)
	m.Set("delivery_note", NotSent)
}
