// Package liquid renders the texts that a shop writes itself: acknowledgements, replies, surveys.
// They are Liquid templates with a small, strict vocabulary: what is not known is an error when the
// template is saved, not a hole in a letter.
//
//	e := liquid.New()
//	if err := e.Check(src); err != nil { … }   // tell the person who writes the template
//	body, err := e.Render(src, vars)           // later, for each letter
//
// Tags: if, unless, case, for, assign, capture, comment, raw. Filters: see addFilters. There are no tags
// that read files. An empty value counts as false, so {% if shop.phone %} does what its writer means.
//
// Blocks are parsed, and templates are rendered, by github.com/osteele/liquid; the tags and filters are
// ours, because the standard set reads files, loops without end and grows texts without limit. For that
// we use the library's packages parser, render and expressions directly.
package liquid

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/osteele/liquid/expressions"
	"github.com/osteele/liquid/parser"
	"github.com/osteele/liquid/render"
)

// Limits of one template and of one rendering.
const (
	MaxSource = 64 << 10  // bytes of a template
	MaxOutput = 256 << 10 // bytes of a rendered text

	maxText    = 32 << 10 // bytes of one value made by a filter or a capture
	maxWork    = 8 << 20  // bytes that the filters and captures of one rendering may handle
	maxSteps   = 50_000   // tags, values and filters that one rendering may go through
	maxLoop    = 100      // rounds of one loop
	maxDepth   = 12       // blocks or brackets inside each other
	maxLocals  = 50       // variables that one template makes itself
	maxFilters = 20       // filters on one value
)

// Engine checks and renders templates. It keeps the latest ones that it rendered, compiled, and may be
// used by many goroutines at once.
type Engine struct{ shelf shelf }

// New gives an Engine.
func New() *Engine { return &Engine{shelf{words: letters()}} }

// Check tells whether src can be rendered for any values: it parses and every variable, tag and filter on
// every branch is known, also on branches that a given letter would not take.
//
// It errs with *SyntaxError, *UnknownVariableError or ErrSourceTooLarge. Of a template that passes, Render
// fails only with ErrOutputTooLarge or ErrTooMuchWork.
func (e *Engine) Check(src string) error {
	_, err := parse(src, e.shelf.words)
	return err
}

// Render fills src with v and gives at most MaxOutput bytes of plain text. Values are inserted as they
// are: Liquid in a value is text, and nothing is escaped for HTML. Only the contact's fields and the subject
// are brought to one line, so that a template can be a mail's subject.
//
// It errs as Check does, so an unknown variable is an error here too, and with ErrOutputTooLarge or
// ErrTooMuchWork when the limits of one rendering are passed.
func (e *Engine) Render(src string, v Vars) (string, error) {
	return e.shelf.render(src, bindings(values(v)))
}

// render fills src with variables in the shape that the library reads.
func (s *shelf) render(src string, vars map[string]any) (out string, err error) {
	// The library reports a failing writer by a panic; whatever else it may panic for must not end the server.
	defer func() {
		if r := recover(); r != nil {
			out, err = "", fmt.Errorf("render template: %w", panicCause(r))
		}
	}()
	c, err := s.take(src)
	if err != nil {
		return "", err
	}
	c.budget.left = maxWork
	w := &cappedBuffer{max: MaxOutput, full: ErrOutputTooLarge}
	if rerr := render.Render(c.root, w, vars, c.cfg); rerr != nil {
		return "", fmt.Errorf("render template: %w", rootCause(rerr))
	}
	s.put(src, c) // one that failed is not kept
	return w.String(), nil
}

// Empty names, in order of use and once each, the variables that src prints outside any block, without a
// default filter, and that are empty for v. A composer warns of them: they leave a hole in the letter.
// It errs as Check does.
func (e *Engine) Empty(src string, v Vars) ([]string, error) {
	root, err := parse(src, e.shelf.words)
	if err != nil {
		return nil, err
	}
	have := values(v)
	seen := map[string]bool{}
	var names []string
	for _, n := range root.Children {
		object, ok := n.(*parser.ASTObject)
		if !ok {
			continue
		}
		x, err := parseObject(object.Args)
		if err != nil {
			return nil, at(object.Token, err)
		}
		if x.defaulted {
			continue
		}
		for _, name := range x.names {
			if value, ok := have[name]; ok && !truthy(value) && !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names, nil
}

// newConfig makes the library's configuration for one rendering: filters and captures count against b.
func newConfig(b *budget, filters map[string]filter) render.Config {
	cfg := render.NewConfig()
	cfg.StrictVariables = true
	addTags(&cfg, b)
	addFilters(&cfg, b, filters)
	return cfg
}

func start() parser.SourceLoc { return parser.SourceLoc{LineNo: 1} }

// budget counts the bytes that a rendering handles, so that no chain of filters can run for long.
type budget struct{ left int }

func (b *budget) spend(n int) error {
	b.left -= n
	if b.left < 0 {
		return ErrTooMuchWork
	}
	return nil
}

// cappedBuffer is a buffer that refuses to grow beyond max bytes.
type cappedBuffer struct {
	bytes.Buffer
	max  int
	full error
}

func (c *cappedBuffer) Write(p []byte) (int, error) {
	if c.Len()+len(p) > c.max {
		return 0, c.full
	}
	return c.Buffer.Write(p)
}

// rootCause digs out of the library's wrappers, which do not unwrap, the error that one of ours gave.
func rootCause(err error) error {
	for {
		switch e := err.(type) {
		case expressions.FilterError:
			err = e.Err
		case interface{ Cause() error }:
			if e.Cause() == nil {
				return err
			}
			err = e.Cause()
		default:
			return err
		}
	}
}

// panicCause keeps the text of a panic out of the error, since it may hold a visitor's words.
func panicCause(r any) error {
	if err, ok := r.(error); ok {
		for _, known := range []error{ErrOutputTooLarge, ErrTooMuchWork} {
			if errors.Is(rootCause(err), known) {
				return known
			}
		}
	}
	return errors.New("the template engine failed")
}

// truthy: empty texts, unset times and empty lists count as false, unlike in plain Liquid.
func truthy(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case text:
		return v.Test()
	case moment:
		return !v.at.IsZero()
	case []any:
		return len(v) > 0
	default:
		return true
	}
}
