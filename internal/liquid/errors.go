package liquid

import (
	"errors"
	"fmt"
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
