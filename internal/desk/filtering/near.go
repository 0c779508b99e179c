package filtering

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ganigeorgiev/fexpr"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// unusable says that a filter may not use a name, and which one may be meant; a
// word on the right of a field is a text without its quotes.
func (f *fields) unusable(filter, word string) *Error {
	name := f.refused
	e := &Error{Code: "field", Part: name, Near: f.near(name)}
	if at := strings.Index(filter, name); at >= 0 {
		e.At = utf8.RuneCountInString(filter[:at]) + 1
	}
	e.text = fmt.Sprintf("%q can't be used in a filter of %s", desk.Clip(name, 60), word)
	switch {
	case e.Near == "" && f.right(filter):
		e.How = howUnquoted
		e.text += fmt.Sprintf("; if it is a text, write \"%s\" in quotes.", desk.Clip(name, 60))
	case e.Near != "":
		e.text += fmt.Sprintf("; did you mean %q?", e.Near)
	default:
		e.text += "."
	}
	return e
}

// right tells whether the refused name stands on the right of a field that may be used.
func (f *fields) right(filter string) bool {
	groups, err := fexpr.Parse(filter)
	return err == nil && f.rightIn(groups)
}

func (f *fields) rightIn(groups []fexpr.ExprGroup) bool {
	return slices.ContainsFunc(groups, func(g fexpr.ExprGroup) bool {
		switch item := g.Item.(type) {
		case []fexpr.ExprGroup:
			return f.rightIn(item)
		case fexpr.Expr:
			left := strings.TrimSuffix(item.Left.Literal, ":lower")
			return item.Right.Literal == f.refused && item.Left.Type == fexpr.TokenIdentifier && (f.about.extra(left) != nil || f.field(left) != nil)
		}
		return false
	})
}

// near is a name that a filter may use, for one that it may not; "" where none is alike.
func (f *fields) near(name string) string {
	list, err := f.about.Fields(f.app)
	if err != nil || len(name) > 60 {
		return ""
	}
	best, least := "", 3
	for _, known := range list {
		if tail := known.Name[strings.LastIndexByte(known.Name, '.')+1:]; tail == name && tail != known.Name {
			return known.Name
		}
		if d := distance(strings.ToLower(name), strings.ToLower(known.Name)); d < least {
			best, least = known.Name, d
		}
	}
	return best
}

// distance is how many letters have to be changed, added or left out to make one
// word of another.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
