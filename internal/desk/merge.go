package desk

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Kinds of a merge.
const (
	MergeCase    = "case"
	MergeContact = "contact"
	MergeSplit   = "split" // the other way round: target was made out of source
)

// Events on who is the same and who is not: one that may be the same person, as
// {contact, same}; staff's word that he is not, as {contact} or {case}; and what
// was done about it, on both sides, as {merge, case|contact, number, role}.
const (
	EventTwin     = "possible_duplicate"
	EventNotTwin  = "not_duplicate"
	EventMerged   = "merged"
	EventUnmerged = "unmerged"
	EventSplit    = "split"
)

// Merge is one merge of cases or contacts, or a split, and all that it takes to
// undo it.
type Merge struct{ core.BaseRecordProxy }

// AsMerge wraps a record of the merges collection.
func AsMerge(r *core.Record) *Merge {
	m := &Merge{}
	m.SetProxyRecord(r)
	return m
}

// NewMerge is a blank merge.
func NewMerge(app core.App) (*Merge, error) {
	r, err := New(app, Merges)
	if err != nil {
		return nil, err
	}
	return AsMerge(r), nil
}

// FindMerge finds a merge by id.
func FindMerge(app core.App, id string) (*Merge, error) {
	r, err := app.FindRecordById(Merges, id)
	if err != nil {
		return nil, err
	}
	return AsMerge(r), nil
}

func (m *Merge) Kind() string   { return m.GetString("kind") }
func (m *Merge) Source() string { return m.GetString("source") }
func (m *Merge) Target() string { return m.GetString("target") }
func (m *Merge) Agent() string  { return m.GetString("agent") }
func (m *Merge) Undone() bool   { return !m.GetDateTime("undone_at").IsZero() }

// Fields are values of a record by field, as JSON.
type Fields map[string]json.RawMessage

// Bundle is what a merge moved, by the records' ids, and what it changed.
type Bundle struct {
	Messages    []string `json:"messages,omitempty"`
	Events      []string `json:"events,omitempty"` // about these messages
	Promises    []string `json:"promises,omitempty"`
	Escalations []string `json:"escalations,omitempty"` // that went on about the source
	Identities  []string `json:"identities,omitempty"`
	Cases       []string `json:"cases,omitempty"`
	Invitations []string `json:"invitations,omitempty"`
	Converted   []string `json:"converted,omitempty"` // invitations that worked, as the merge showed

	// Before and After are the fields of source and target that it changed.
	Before map[string]Fields `json:"before,omitempty"`
	After  map[string]Fields `json:"after,omitempty"`

	// Openers tell which submission a message of the target's is the words of.
	Openers map[string]string `json:"openers,omitempty"`
	// Apart says that the source's visitor may not read the target's page; Hidden
	// are the messages that the target's visitor may not read.
	Apart  bool     `json:"apart,omitempty"`
	Hidden []string `json:"hidden,omitempty"`
}

// Moved reads what was moved.
func (m *Merge) Moved() (Bundle, error) {
	var out Bundle
	if err := m.UnmarshalJSONField("moved", &out); err != nil {
		return out, fmt.Errorf("what was moved: %w", err)
	}
	return out, nil
}

// MergesInto are the merges and splits that made a case or a contact what it is,
// without those that were undone, oldest first; at most 100.
func MergesInto(app core.App, target string) ([]*Merge, error) {
	var rows []*core.Record
	err := app.RecordQuery(Merges).AndWhere(dbx.HashExp{"target": target, "undone_at": ""}).
		OrderBy("created", "rowid").Limit(100).All(&rows)
	out := make([]*Merge, len(rows))
	for i, r := range rows {
		out[i] = AsMerge(r)
	}
	return out, err
}

// MergeThatTook is the merge by which a case or contact was taken over; nil where none was.
func MergeThatTook(app core.App, kind, source string) (*Merge, error) {
	var rows []*core.Record
	err := app.RecordQuery(Merges).AndWhere(dbx.HashExp{"source": source, "kind": kind, "undone_at": ""}).
		OrderBy("created DESC", "rowid DESC").Limit(1).All(&rows)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return AsMerge(rows[0]), nil
}

// Family is what the merges into a case say of its conversation.
type Family struct {
	// Openers tell which submission a message is the words of, whose files stand
	// with it. nil: it was never merged, and its first message is that of its own.
	Openers map[string]string
	// Hidden are messages that came from somebody else's case.
	Hidden map[string]bool
}

// FamilyOf reads them. A case that was never merged costs one look into an index.
func FamilyOf(app core.App, caseID string) (Family, error) {
	var f Family
	list, err := MergesInto(app, caseID)
	if err != nil {
		return f, err
	}
	for _, m := range list {
		moved, err := m.Moved()
		if err != nil {
			return f, err
		}
		if f.Openers == nil {
			f.Openers, f.Hidden = map[string]string{}, map[string]bool{}
		}
		maps.Copy(f.Openers, moved.Openers)
		for _, id := range moved.Hidden {
			f.Hidden[id] = true
		}
	}
	return f, nil
}

// maxChain is how often what took something over may itself have been taken over.
const maxChain = 10

// StandingCase is a case, or the one that took it over.
func StandingCase(app core.App, id string) (*Case, error) {
	var seen []string
	for {
		c, err := FindCase(app, id)
		if err != nil || c.MergedInto() == "" || slices.Contains(seen, c.MergedInto()) || len(seen) > maxChain {
			return c, err
		}
		seen = append(seen, id)
		id = c.MergedInto()
	}
}

// CaseOfToken is the case on which a mail with this token was written. c is the
// one that its message stands on, which may have taken that one over since: the
// reader's link is still the one of his own case.
func CaseOfToken(app core.App, token string, c *Case) (*Case, error) {
	if token == "" || token == c.GetString("mail_token") {
		return c, nil
	}
	var rows []*core.Record
	err := app.RecordQuery(Cases).AndWhere(dbx.HashExp{"mail_token": token}).
		AndWhere(dbx.NewExp("[[mail_token]] != ''")).Limit(1).All(&rows) // as in the partial index
	if err != nil || len(rows) == 0 {
		return c, err
	}
	return AsCase(rows[0]), nil
}

// MergedInto is the case that took this one over; "" for one that stands.
func (c *Case) MergedInto() string { return c.GetString("merged_into") }

// MergedInto is the contact that took this one over; "" for one that stands.
func (c *Contact) MergedInto() string { return c.GetString("merged_into") }
