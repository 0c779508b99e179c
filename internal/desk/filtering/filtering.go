// Package filtering turns filters in PocketBase's language into conditions of a
// query, within bounds: which fields a filter may use, how long and how deep it
// is. Saved views and rules share it.
//
//	cases := filtering.About{Collection: desk.Cases, Alias: "c", Word: "cases", Reach: filtering.OfCase()}
//	f, err := cases.Compile(app, `priority = "high" && contact.tags ~ "vip"`)
//	q := app.DB().Select("c.id").From("{{cases}} c").Where(f.Where)
//	f.Join(q)
package filtering

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	pbsearch "github.com/pocketbase/pocketbase/tools/search"
)

// Bounds of a filter.
const (
	MaxLength = 2_000 // characters
	MaxDepth  = 8     // brackets within brackets
	MaxTerms  = 40    // comparisons
)

// Error says what is wrong with a filter.
type Error struct {
	Code string // too_long, too_deep, too_many, field, pattern or syntax
	Part string // the words of the filter that can't be used, where they are known
	At   int    // the character at which they begin, the first is 1; 0: not known
	How  string // of syntax: quote, open, close, sign, value, unquoted, join or end; of field: unquoted
	Near string // of field: the name that may be meant
	text string
}

// Error is a sentence for the person who wrote the filter.
func (e *Error) Error() string { return e.text }

// About is what filters are about: a collection and how far they reach from it.
type About struct {
	Collection string // id
	Alias      string // of its table in the query
	Word       string // for what it holds: "cases"
	Reach      Reach
	Extra      []Extra // besides the fields
	// Wild is how many % one pattern of ~ may hold; 0 is no bound. With a bound the
	// pattern is a text, and not what a visitor wrote in some field.
	Wild int
}

// Filter is a compiled filter. Where is nil for the empty one, which all meet.
type Filter struct {
	Where dbx.Expression
	r     *fields
}

// Join adds the tables that the filter looks into to a query. Each relation leads
// to one record, so that no row can come twice.
func (f *Filter) Join(q *dbx.SelectQuery) {
	if f.r != nil {
		f.r.join(q)
	}
}

// Compile makes a condition of a filter. PocketBase's own resolver does the work,
// on fields that we allow: it binds every value, and knows the language to the
// letter. The error is an [*Error] where the filter is to blame.
func (a *About) Compile(app core.App, filter string) (*Filter, error) {
	if filter = strings.TrimSpace(filter); filter == "" {
		return &Filter{}, nil
	}
	r, err := a.resolver(app)
	if err != nil {
		return nil, err
	}
	where, err := a.compile(r, filter)
	if err != nil {
		return nil, err
	}
	return &Filter{where, r}, nil
}

// Set is many filters of which one query tells.
type Set struct {
	Where []dbx.Expression // nil is met by all, and where Err says why there is none
	Err   []error
	r     *fields
}

// CompileAll compiles many filters, each on its own: one that is wrong spoils no other.
func (a *About) CompileAll(app core.App, filters []string) (*Set, error) {
	r, err := a.resolver(app)
	if err != nil {
		return nil, err
	}
	s := &Set{make([]dbx.Expression, len(filters)), make([]error, len(filters)), r}
	for i, filter := range filters {
		if filter = strings.TrimSpace(filter); filter != "" {
			s.Where[i], s.Err[i] = a.compile(r, filter)
		}
	}
	return s, nil
}

// Join adds the tables that the filters look into to a query.
func (s *Set) Join(q *dbx.SelectQuery) { s.r.join(q) }

func (a *About) resolver(app core.App) (*fields, error) {
	own, err := app.FindCachedCollectionByNameOrId(a.Collection)
	if err != nil {
		return nil, err
	}
	base := *own
	base.Name = a.Alias // as the queries call it
	return &fields{app: app, about: a, own: own, inner: core.NewRecordFieldResolver(app, &base, nil, true)}, nil
}

func (a *About) compile(r *fields, filter string) (dbx.Expression, error) {
	if len([]rune(filter)) > MaxLength {
		return nil, &Error{Code: "too_long", text: fmt.Sprintf("The filter is longer than %d characters. Make two rules or views of it.", MaxLength)}
	}
	if deep(filter) {
		return nil, &Error{Code: "too_deep", text: fmt.Sprintf("The filter has more than %d brackets within each other. Take out those that only hold one comparison.", MaxDepth)}
	}
	r.refused = ""
	where, err := pbsearch.FilterData(named(filter)).BuildExprWithLimit(r, MaxTerms)
	switch {
	case r.refused != "":
		return nil, r.unusable(filter, a.Word)
	case errors.Is(err, pbsearch.ErrFilterExprLimit):
		return nil, &Error{Code: "too_many", text: fmt.Sprintf("The filter has more than %d comparisons. Make two rules or views of it.", MaxTerms)}
	case err != nil:
		return nil, unreadable(filter, err)
	}
	if a.Wild > 0 {
		if err := a.checkPatterns(filter); err != nil {
			return nil, err
		}
	}
	return dbx.Enclose(where), nil
}

// deep tells whether brackets stand too deep within each other: a reader of
// expressions goes down with each.
func deep(filter string) bool {
	var q quotes
	depth := 0
	for i := range len(filter) {
		switch c := filter[i]; {
		case q.inside(c):
		case c == '(':
			if depth++; depth > MaxDepth {
				return true
			}
		case c == ')':
			depth--
		}
	}
	return false
}
