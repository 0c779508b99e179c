package liquid

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/osteele/liquid/parser"
)

// scope is the set of variables that the template has certainly set itself at a place.
type scope map[string]bool

// walker goes through every branch and adds up what a rendering may cost.
type walker struct {
	vocabulary
	steps, depth, locals int
	loops                int // loops around this place
}

// nodes checks a sequence that runs weight times at most, and gives what is known after it.
func (w *walker) nodes(nodes []parser.ASTNode, known scope, weight int) (scope, error) {
	known = maps.Clone(known)
	for _, n := range nodes {
		var err error
		switch n := n.(type) {
		case *parser.ASTObject:
			_, err = w.use(n.Token, parseObject, known, weight)
		case *parser.ASTTag:
			err = w.tag(n, known, weight)
		case *parser.ASTBlock:
			known, err = w.block(n, known, weight)
		case *parser.ASTText:
			err = w.spend(n.Token, weight)
		}
		if err != nil {
			return nil, err
		}
	}
	return known, nil
}

func (w *walker) tag(n *parser.ASTTag, known scope, weight int) error {
	switch n.Name {
	case "assign":
		x, err := w.use(n.Token, parseAssign, known, weight)
		if err != nil {
			return err
		}
		return w.define(n.Token, x.target, known)
	case "include", "render", "layout", "extends", "section", "import":
		return at(n.Token, fmt.Errorf("the tag %s does not exist: a template cannot read files", n.Name))
	default:
		return at(n.Token, fmt.Errorf("unknown tag %s", n.Name))
	}
}

func (w *walker) block(n *parser.ASTBlock, known scope, weight int) (scope, error) {
	if w.depth++; w.depth > maxDepth {
		return nil, at(n.Token, fmt.Errorf("more than %d blocks inside each other", maxDepth))
	}
	defer func() { w.depth-- }()
	switch n.Name {
	case "if", "unless":
		return w.branches(n, parseCondition, known, weight)
	case "case":
		return w.branches(n, parseValue, known, weight)
	case "for":
		return known, w.loop(n, known, weight)
	case "capture":
		x, err := w.use(n.Token, parseCapture, known, weight)
		if err != nil {
			return nil, err
		}
		after, err := w.nodes(n.Body, known, weight)
		if err != nil {
			return nil, err
		}
		return after, w.define(n.Token, x.target, after)
	default:
		return nil, at(n.Token, fmt.Errorf("unknown tag %s", n.Name))
	}
}

// branches checks if, unless and case. Known afterwards is what every branch sets, if one is surely taken.
func (w *walker) branches(n *parser.ASTBlock, head parseFunc, known scope, weight int) (scope, error) {
	if _, err := w.use(n.Token, head, known, weight); err != nil {
		return nil, err
	}
	after, err := w.nodes(n.Body, known, weight)
	if err != nil {
		return nil, err
	}
	if n.Name == "case" {
		if !isBlank(n.Body) {
			return nil, at(n.Token, errors.New("text between case and the first when is never shown"))
		}
		after = nil // the body is no branch
	}
	complete := false
	for _, c := range n.Clauses {
		if complete {
			return nil, at(c.Token, errors.New("else must be the last branch"))
		}
		switch c.Name {
		case "else":
			complete = true
			_, err = w.use(c.Token, parseNothing, known, weight)
		case "when":
			_, err = w.use(c.Token, parseWhen, known, weight)
		default: // elsif
			_, err = w.use(c.Token, parseCondition, known, weight)
		}
		if err != nil {
			return nil, err
		}
		branch, err := w.nodes(c.Body, known, weight)
		if err != nil {
			return nil, err
		}
		after = both(after, branch)
	}
	if !complete {
		return known, nil
	}
	return after, nil
}

func (w *walker) loop(n *parser.ASTBlock, known scope, weight int) error {
	x, err := w.use(n.Token, parseFor, known, weight)
	if err != nil {
		return err
	}
	inside := maps.Clone(known)
	if err := w.define(n.Token, x.target, inside); err != nil {
		return err
	}
	w.loops++
	_, err = w.nodes(n.Body, inside, weight*x.rounds)
	w.loops--
	if err != nil {
		return err
	}
	if err := w.spend(n.Token, weight*x.rounds); err != nil {
		return err
	}
	if len(n.Clauses) > 1 {
		return at(n.Clauses[1].Token, errors.New("a loop has one else at most"))
	}
	for _, c := range n.Clauses {
		if _, err := w.use(c.Token, parseNothing, known, weight); err != nil {
			return err
		}
		if _, err := w.nodes(c.Body, known, weight); err != nil {
			return err
		}
	}
	return nil
}

type parseFunc func(string) (expression, error)

// parseNothing is for tags that take no arguments.
func parseNothing(src string) (expression, error) {
	return read(src, func(*reader) error { return nil })
}

// use reads the expression of a tag and finds every variable in it.
func (w *walker) use(tok parser.Token, parse parseFunc, known scope, weight int) (expression, error) {
	x, err := parse(tok.Args)
	if err != nil {
		return x, at(tok, err)
	}
	if err := w.checkFilters(x.calls); err != nil {
		return x, at(tok, err)
	}
	for _, name := range x.names {
		if !known[name] && !slices.Contains(w.names, name) && !(w.loops > 0 && isLoopVariable(name)) {
			return x, at(tok, w.unknown(name))
		}
	}
	return x, w.spend(tok, (1+x.steps)*weight)
}

// define notes a variable that the template makes; it may not hide one of ours.
func (w *walker) define(tok parser.Token, name string, known scope) error {
	if w.reserved(name) {
		return at(tok, fmt.Errorf("the name %q is taken", name))
	}
	if w.locals++; w.locals > maxLocals {
		return at(tok, fmt.Errorf("more than %d variables of its own", maxLocals))
	}
	known[name] = true
	return nil
}

func (w *walker) spend(tok parser.Token, n int) error {
	if w.steps += n; w.steps > maxSteps {
		return at(tok, errors.New("the loops up to here take too long"))
	}
	return nil
}

// both gives what is in a and in b; a is nil when b is the first branch.
func both(a, b scope) scope {
	if a == nil {
		return b
	}
	out := scope{}
	for name := range b {
		if a[name] {
			out[name] = true
		}
	}
	return out
}

func isBlank(nodes []parser.ASTNode) bool {
	for _, n := range nodes {
		switch n := n.(type) {
		case *parser.ASTText:
			if strings.TrimSpace(n.Source) != "" {
				return false
			}
		case *parser.ASTTrim:
		default:
			return false
		}
	}
	return true
}
