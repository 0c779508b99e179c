package liquid

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/osteele/liquid/parser"
)

var (
	// ErrSourceTooLarge: the template has more than MaxSource bytes.
	ErrSourceTooLarge = errors.New("the template is longer than 64 KB")
	// ErrOutputTooLarge: the rendered text would have more than MaxOutput bytes.
	ErrOutputTooLarge = errors.New("the rendered text is longer than 256 KB")
	// ErrTooMuchWork: a loop is too long, or filters grow a value too far.
	ErrTooMuchWork = errors.New("the template does too much work: shorten its loops or its filters")
)

// SyntaxError tells what cannot be read in a template.
type SyntaxError struct {
	Line    int // counted from 1
	Message string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// UnknownVariableError names a variable that a template uses and that does not exist.
type UnknownVariableError struct {
	Name string   // as written, at most 80 bytes
	Line int      // counted from 1
	Near []string // what may have been meant, best first, at most 3; may be empty
}

func (e *UnknownVariableError) Error() string {
	s := fmt.Sprintf("line %d: unknown variable %q", e.Line, e.Name)
	if len(e.Near) > 0 {
		s += "; did you mean " + strings.Join(e.Near, " or ") + "?"
	}
	return s
}

// at gives an error of an expression the line of the tag that holds it.
func at(tok parser.Token, err error) error {
	if e, ok := err.(*UnknownVariableError); ok {
		e.Line = tok.SourceLoc.LineNo
		return e
	}
	source := tok.Source
	if len(source) > 60 {
		source = strings.ToValidUTF8(source[:60], "") + "…"
	}
	return &SyntaxError{tok.SourceLoc.LineNo, fmt.Sprintf("%s in %s", err, source)}
}

// unknown makes the error for name; near matches come from the fixed variables.
func unknown(name string) *UnknownVariableError {
	if len(name) > 80 {
		name = name[:80]
	}
	return &UnknownVariableError{Name: name, Near: near(name)}
}

// near finds variables that are spelled like name, end like it, or belong to the same thing.
func near(name string) []string {
	lower := strings.ToLower(name)
	root, _, _ := strings.Cut(lower, ".")
	last := lower[strings.LastIndexByte(lower, '.')+1:]
	type match struct {
		name string
		far  int
	}
	var found []match
	for _, v := range variableTable() {
		far := distance(lower, v.Name)
		sameEnd := v.Name[strings.LastIndexByte(v.Name, '.')+1:] == last
		if sameEnd {
			far /= 2
		}
		if sameEnd || far <= 1+len(lower)/4 || strings.HasPrefix(v.Name, root+".") {
			found = append(found, match{v.Name, far})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(a.far, b.far) })
	var names []string
	for _, m := range found[:min(3, len(found))] {
		names = append(names, m.name)
	}
	return names
}

// distance is the number of bytes to add, drop or change to make b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
