package liquid

import (
	"cmp"
	"slices"
	"strings"
)

// vocabulary is what the templates of an engine may use. A dot in a name keeps things together: contact.name.
type vocabulary struct {
	names   []string
	filters map[string]filter
}

// reserved tells whether a template may not set name itself.
func (v vocabulary) reserved(name string) bool {
	switch name {
	case "true", "false", "nil", "null", "blank", "empty", "and", "or", "in", "contains", "forloop":
		return true
	}
	return slices.ContainsFunc(v.names, func(one string) bool {
		root, _, _ := strings.Cut(one, ".")
		return root == name
	})
}

// unknown makes the error for name; near matches come from the fixed variables.
func (v vocabulary) unknown(name string) *UnknownVariableError {
	if len(name) > 80 {
		name = name[:80]
	}
	return &UnknownVariableError{Name: name, Near: v.near(name)}
}

// near finds variables that are spelled like name, end like it, or belong to the same thing.
func (v vocabulary) near(name string) []string {
	lower := strings.ToLower(name)
	root, _, _ := strings.Cut(lower, ".")
	last := lower[strings.LastIndexByte(lower, '.')+1:]
	type match struct {
		name string
		far  int
	}
	var found []match
	for _, one := range v.names {
		far := distance(lower, one)
		sameEnd := one[strings.LastIndexByte(one, '.')+1:] == last
		if sameEnd {
			far /= 2
		}
		if sameEnd || far <= 1+len(lower)/4 || strings.HasPrefix(one, root+".") {
			found = append(found, match{one, far})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(a.far, b.far) })
	var out []string
	for _, m := range found[:min(3, len(found))] {
		out = append(out, m.name)
	}
	return out
}
