package searching

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/searchtext"
)

// Bounds of one search.
const (
	most       = 1_000 // documents that are ranked; older ones want narrower words
	mostExact  = 500   // cases of one address or order
	mostPeople = 500   // contacts that one name stands for
	fewPeople  = 200   // of whom the cases are read rather than all that bears the words
	maxLimit   = 100
	textPart   = 60 // cases of which the texts are read together, where few of them are meant
)

// Question is what somebody looks for.
type Question struct {
	Agent  *desk.Agent
	Text   string
	Cursor string // Next of the page before
	Limit  int    // 1 to 100; 20
	// Where narrows the cases c, such as to a queue; nil for all.
	Where dbx.Expression
}

// Answer is one page of cases, the best and newest first.
type Answer struct {
	Items      []Found
	Next       string // asks for the next page; "" at the end
	More       bool   // there may be older ones that were not looked at
	TimedOut   bool   // the time was over before all was looked at
	Understood Understood
}

// Found is a case with the places where it was found.
type Found struct {
	Case string
	Hits []Hit
}

// Hit is one place: a message, or a field of the case or its visitor.
type Hit struct {
	Message string            `json:"message"` // id; "" for what is no message
	Kind    string            `json:"kind"`    // in, out, note, file, subject, summary, tag, order, receipt, name, email, phone or member
	Author  string            `json:"author,omitempty"`
	Created string            `json:"created"`
	Parts   []searchtext.Part `json:"parts"`
}

// Understood says how the question was read.
type Understood struct {
	Words    []string     `json:"words"`
	Not      []string     `json:"not"`
	Filters  []ReadFilter `json:"filters"`
	Unknown  []string     `json:"unknown"`            // filters that name nothing that there is
	Cut      bool         `json:"cut"`                // more was typed than is read
	Exact    bool         `json:"exact"`              // a number, receipt, order or address was found as such
	Building *State       `json:"building,omitempty"` // the index is not whole yet
}

// ReadFilter is a filter with the word for its value.
type ReadFilter struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Typed string `json:"typed"`
	Not   bool   `json:"not"`
}

// ErrCursor says that a cursor is none of ours.
var ErrCursor = errors.New("there is no such page")

// place is where a page begins: among the documents up to Top, ranked as of At,
// after so many cases.
type place struct {
	Top  int64 `json:"t"`
	Skip int   `json:"s"`
	At   int64 `json:"a"` // Unix time
}

func (p place) String() string {
	raw, _ := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(raw)
}

func placeOf(cursor string) (p place, err error) {
	if cursor == "" {
		return p, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(raw, &p) != nil || p.Top < 0 || p.Skip < 0 || p.Skip > most*4 {
		return p, ErrCursor
	}
	return p, nil
}

// hunt is one search under way.
type hunt struct {
	x     *Index
	ctx   context.Context
	q     Question
	terms []searchtext.Term
	not   []searchtext.Term
	whole string // the words as one, for what is looked up exactly

	where   []string // conditions on cases c
	params  dbx.Params
	drivers []driver // conditions that the index knows as well
	lead    string   // the condition of from:, where it narrows to few
	read    Understood
	more    bool
	pool    *pool
	flow    *flow
	part    int // how many cases are opened at a time, at least
}

// driver is a condition of which the index has a token.
type driver struct{ expr, condition string }

// param gives a value a name in the conditions.
func (h *hunt) param(v any) string {
	name := fmt.Sprintf("s%d", len(h.params))
	h.params[name] = v
	return "{:" + name + "}"
}

func (h *hunt) and(condition string) { h.where = append(h.where, "("+condition+")") }

// narrowed adds the asker's own bounds: his teams, and the queue.
func (h *hunt) narrowed() {
	if a := h.q.Agent; !a.SeesAll() {
		h.and("c.team IN ('', " + h.param(a.Team()) + ")")
	}
	if h.q.Where != nil {
		h.and(h.q.Where.Build(h.x.raw(), h.params))
	}
}

// condition is what a case must be, but for what the driver makes sure of.
func (h *hunt) condition(by driver) string {
	all := []string{"1 = 1"}
	for _, w := range h.where {
		if by.condition == "" || w != "("+by.condition+")" {
			all = append(all, w)
		}
	}
	return strings.Join(all, " AND ")
}

func (h *hunt) db() dbx.Builder { return h.x.app.DB() }

// match is the expression of the index for a term.
func match(t searchtext.Term, longer bool) string {
	keys, joined := t.Keys()
	if t.Single() {
		return quoted(keys[0]) + " *"
	}
	if longer {
		return quoted(t.Prefix()) + " *"
	}
	all := make([]string, len(keys))
	for i, k := range keys {
		all[i] = quoted(k)
	}
	expr := "(" + strings.Join(all, " AND ") + ")"
	if joined != "" && (len(keys) != 1 || keys[0] != joined) {
		expr = "(" + quoted(joined) + " OR " + expr + ")"
	}
	if d := t.Digits(); len(d) >= 4 {
		expr = "(" + expr + " OR " + quoted(markEnd+backwards(d)) + " *)"
	}
	return expr
}

func quoted(token string) string { return `"` + strings.ReplaceAll(token, `"`, `""`) + `"` }

// teams narrows an expression to documents of cases that the asker may see. It
// only saves work: the condition on the cases themselves is what holds.
func (h *hunt) teams(expr string) string {
	if a := h.q.Agent; !a.SeesAll() {
		expr = "(" + expr + ") AND (" + quoted(teamToken("")) + " OR " + quoted(teamToken(a.Team())) + ")"
	}
	return expr
}
