package filtering

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	pbsearch "github.com/pocketbase/pocketbase/tools/search"
)

// Reach is what a filter may use of a record: fields that hold one value which
// staff may read, and those of records that it names.
type Reach struct {
	Only []string         // these fields alone; nil: all
	Into map[string]Reach // relations that lead on
}

// OfCase is the reach from a case: its own fields and those of its contact, its
// category, its team and, by name, its assignee.
func OfCase() Reach {
	return Reach{Into: map[string]Reach{
		"contact": {}, "category": {}, "team": {},
		// of colleagues no more than their names are known
		"assignee": {Only: []string{"id", "name", "role", "team", "locale"}},
	}}
}

// Extra is a name in filters that is no field, such as the number of messages
// that wait for an answer.
type Extra struct {
	Name string
	Type string // as in [Field]
	// SQL is the expression, in brackets. column gives that of a field, by its path.
	SQL func(app core.App, column func(path string) (string, error)) (string, error)
}

// Field is a name that filters may use.
type Field struct {
	Name       string   `json:"name"`                 // path: contact.name
	Type       string   `json:"type"`                 // text, number, bool, date, select, relation or tags
	Values     []string `json:"values,omitempty"`     // of a select
	Collection string   `json:"collection,omitempty"` // of a relation: where the records are, without the host's prefix
}

// Fields lists the names that filters may use, the own ones first.
func (a *About) Fields(app core.App) ([]Field, error) {
	own, err := app.FindCachedCollectionByNameOrId(a.Collection)
	if err != nil {
		return nil, err
	}
	var out []Field
	for _, x := range a.Extra {
		out = append(out, Field{Name: x.Name, Type: x.Type})
	}
	return append(out, list(app, own, a.Reach, "")...), nil
}

func list(app core.App, c *core.Collection, reach Reach, path string) (out []Field) {
	var further []Field
	for _, f := range c.Fields {
		name := f.GetName()
		if reach.allows(f) {
			out = append(out, describe(f, path+name))
		}
		into, leads := reach.Into[name]
		if relation, ok := f.(*core.RelationField); ok && leads {
			if to, err := app.FindCachedCollectionByNameOrId(relation.CollectionId); err == nil {
				further = append(further, list(app, to, into, path+name+".")...)
			}
		}
	}
	return append(out, further...)
}

// allows tells whether a filter may use a field of the record itself.
func (r Reach) allows(f core.Field) bool {
	return plain(f) && (r.Only == nil || slices.Contains(r.Only, f.GetName()))
}

func describe(f core.Field, name string) Field {
	d := Field{Name: name, Type: "text"}
	switch f := f.(type) {
	case *core.NumberField:
		d.Type = "number"
	case *core.BoolField:
		d.Type = "bool"
	case *core.DateField, *core.AutodateField:
		d.Type = "date"
	case *core.SelectField:
		d.Type, d.Values = "select", f.Values
	case *core.RelationField:
		d.Type, d.Collection = "relation", strings.TrimPrefix(f.CollectionId, "pd_")
	case *core.JSONField:
		d.Type = "tags"
	}
	return d
}

// fields resolves the names in a filter, those that it allows.
type fields struct {
	app     core.App
	about   *About
	own     *core.Collection
	inner   *core.RecordFieldResolver
	refused string // the first name that is not allowed
}

var _ pbsearch.FieldResolver = (*fields)(nil)

// UpdateQuery is part of [pbsearch.FieldResolver].
func (f *fields) UpdateQuery(q *dbx.SelectQuery) error { return f.inner.UpdateQuery(q) }

func (f *fields) join(q *dbx.SelectQuery) {
	_ = f.inner.UpdateQuery(q) // it fails on rules of other collections only, which are off
	q.Distinct(false)          // each relation leads to one record: none need be compared
}

// Resolve is part of [pbsearch.FieldResolver].
func (f *fields) Resolve(name string) (*pbsearch.ResolverResult, error) {
	if own, ok := strings.CutPrefix(name, ours); ok && moments(time.Time{})[own] != nil {
		return moment(f.app, own)
	}
	bare := strings.TrimSuffix(name, ":lower")
	if x := f.about.extra(bare); x != nil {
		return f.resolveExtra(x, bare != name)
	}
	field := f.field(bare)
	if field == nil {
		if word := strings.ToLower(name); word != "null" && word != "true" && word != "false" && f.refused == "" {
			f.refused = name
		}
		return nil, errors.New("not allowed")
	}
	r, err := f.inner.Resolve(name)
	if err == nil && field.Type() == core.FieldTypeJSON {
		r.Identifier = "COALESCE(" + r.Identifier + ", '')" // who has no tags hasn't this one
	}
	return r, err
}

func (f *fields) resolveExtra(x *Extra, lower bool) (*pbsearch.ResolverResult, error) {
	sql, err := x.SQL(f.app, func(path string) (string, error) {
		r, err := f.inner.Resolve(path)
		if err != nil {
			return "", err
		}
		return r.Identifier, nil
	})
	if err != nil {
		return nil, err
	}
	if lower {
		sql = "LOWER(" + sql + ")"
	}
	return &pbsearch.ResolverResult{Identifier: sql}, nil
}

// field finds the field that a name stands for; nil where a filter may not use it.
func (f *fields) field(name string) core.Field {
	at, reach := f.own, f.about.Reach
	for {
		first, rest, further := strings.Cut(name, ".")
		field := at.Fields.GetByName(first)
		if field == nil {
			return nil
		}
		if !further {
			if !reach.allows(field) {
				return nil
			}
			return field
		}
		relation, ok := field.(*core.RelationField)
		into, leads := reach.Into[first]
		if !ok || !leads {
			return nil
		}
		to, err := f.app.FindCachedCollectionByNameOrId(relation.CollectionId)
		if err != nil {
			return nil
		}
		at, reach, name = to, into, rest
	}
}

func (a *About) extra(name string) *Extra {
	for i := range a.Extra {
		if a.Extra[i].Name == name {
			return &a.Extra[i]
		}
	}
	return nil
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
