package inbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	pbsearch "github.com/pocketbase/pocketbase/tools/search"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Bounds of a filter.
const (
	filterLength = 2_000 // characters
	filterDepth  = 8     // brackets within brackets
	filterTerms  = 40    // comparisons
)

// FilterError says what is wrong with a filter.
type FilterError struct {
	Code string // too_long, too_deep, too_many, field or syntax
	Part string // the words of the filter that can't be used, where they are known
	text string
}

// Error is a sentence for the person who wrote the filter.
func (e *FilterError) Error() string { return e.text }

// compile turns a filter into a condition on cases c, and gives what adds the
// tables that it looks into. PocketBase's own resolver does the work, on fields
// that we allow: it binds every value, and knows the language to the letter.
// "" is no condition.
func compile(app core.App, filter string) (dbx.Expression, func(*dbx.SelectQuery), error) {
	filter = strings.TrimSpace(filter)
	if filter == "" {
		return nil, nil, nil
	}
	if len([]rune(filter)) > filterLength {
		return nil, nil, &FilterError{"too_long", "", fmt.Sprintf("The filter is longer than %d characters.", filterLength)}
	}
	if deep(filter) {
		return nil, nil, &FilterError{"too_deep", "", fmt.Sprintf("The filter has more than %d brackets within each other.", filterDepth)}
	}
	cases, err := app.FindCachedCollectionByNameOrId(desk.Cases)
	if err != nil {
		return nil, nil, err
	}
	base := *cases
	base.Name = "c" // as our queries call it
	r := &fields{app: app, cases: cases, inner: core.NewRecordFieldResolver(app, &base, nil, true)}
	where, err := pbsearch.FilterData(filter).BuildExprWithLimit(r, filterTerms)
	switch {
	case r.refused != "":
		return nil, nil, &FilterError{"field", r.refused, fmt.Sprintf("%q can't be used in a filter of cases.", desk.Clip(r.refused, 60))}
	case errors.Is(err, pbsearch.ErrFilterExprLimit):
		return nil, nil, &FilterError{"too_many", "", fmt.Sprintf("The filter has more than %d comparisons.", filterTerms)}
	case err != nil:
		return nil, nil, &FilterError{"syntax", "", "The filter can't be read: " + desk.Clip(err.Error(), 200)}
	}
	return dbx.Enclose(where), r.join, nil
}

// deep tells whether brackets stand too deep within each other: a reader of
// expressions goes down with each.
func deep(filter string) bool {
	depth, quote, escaped := 0, rune(0), false
	for _, c := range filter {
		switch {
		case escaped:
			escaped = false
		case quote != 0 && c == '\\':
			escaped = true
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(':
			if depth++; depth > filterDepth {
				return true
			}
		case c == ')':
			depth--
		}
	}
	return false
}

// fields resolves the names in a filter, those that it allows.
type fields struct {
	app     core.App
	cases   *core.Collection
	inner   *core.RecordFieldResolver
	refused string // the first name that is not allowed
}

var _ pbsearch.FieldResolver = (*fields)(nil)

// UpdateQuery is part of [pbsearch.FieldResolver].
func (f *fields) UpdateQuery(q *dbx.SelectQuery) error { return f.inner.UpdateQuery(q) }

// join adds the tables that the filter looks into. Each relation leads to one
// record, so that no row can come twice and none need be compared for it.
func (f *fields) join(q *dbx.SelectQuery) {
	_ = f.inner.UpdateQuery(q) // it fails on rules of other collections only, which are off
	q.Distinct(false)
}

// Resolve is part of [pbsearch.FieldResolver].
func (f *fields) Resolve(name string) (*pbsearch.ResolverResult, error) {
	if !f.allows(strings.TrimSuffix(name, ":lower")) {
		if word := strings.ToLower(name); word != "null" && word != "true" && word != "false" && f.refused == "" {
			f.refused = name
		}
		return nil, errors.New("not allowed")
	}
	return f.inner.Resolve(name)
}

// allows tells whether a filter may use a name: a field of cases that staff may
// read, or one of the record that it names.
func (f *fields) allows(name string) bool {
	first, rest, further := strings.Cut(name, ".")
	field := f.cases.Fields.GetByName(first)
	if field == nil {
		return false
	}
	if !further {
		return plain(field)
	}
	relation, ok := field.(*core.RelationField)
	if !ok || !slices.Contains([]string{"contact", "assignee", "category", "team"}, first) {
		return false
	}
	if first == "assignee" { // of colleagues no more than their names are known
		return slices.Contains([]string{"id", "name", "role", "team", "locale"}, rest)
	}
	to, err := f.app.FindCachedCollectionByNameOrId(relation.CollectionId)
	return err == nil && to.Fields.GetByName(rest) != nil && plain(to.Fields.GetByName(rest))
}

// plain tells whether a field holds one value that staff may read. Of lists only
// tags can be filtered, by a word in them.
func plain(f core.Field) bool {
	if f.GetHidden() {
		return false
	}
	switch f := f.(type) {
	case *core.JSONField:
		return f.Name == "tags"
	case core.MultiValuer:
		return !f.IsMultiple()
	}
	return true
}
