package liquid

import (
	"slices"

	"github.com/osteele/liquid/parser"
)

// Plain checks and renders texts for programs, such as what a gateway is asked, over names of the
// caller's own. Language, limits and strictness are those of [Engine]; every value is a text. There are two more
// filters: base64, and json, which gives the quotes too.
//
//	e := liquid.NewPlain("to", "text")
//	bare, err := e.Bare(src, liquid.Escape{Filters: []string{"url_encode"}})
//	out, err := e.Render(src, map[string]string{"to": "+886912345678", "text": "您好"})
type Plain struct{ shelf shelf }

// NewPlain gives an engine over these names.
func NewPlain(variables ...string) *Plain {
	return &Plain{shelf{words: vocabulary{variables, plainTable()}}}
}

// Check does what [Engine.Check] does.
func (e *Plain) Check(src string) error {
	_, err := parse(src, e.shelf.words)
	return err
}

// Render fills src with values by name, as they are; a name without one is empty. It errs as
// [Engine.Render] does.
func (e *Plain) Render(src string, values map[string]string) (string, error) {
	all := map[string]any{}
	for _, name := range e.shelf.words.names {
		all[name] = newText(values[name])
	}
	return e.shelf.render(src, bindings(all))
}

// Escape says what may be printed.
type Escape struct {
	Filters []string // the last filter must be one of them
	Exempt  []string // what reads none but these needs no filter
}

// Bare names, once each, the variables that src prints on any branch without one of the filters at the end,
// so that a value could be more than a value where it is printed. What the template sets itself counts as
// a variable, whatever was done to its value before. It errs as Check does.
func (e *Plain) Bare(src string, x Escape) ([]string, error) {
	root, err := parse(src, e.shelf.words)
	if err != nil {
		return nil, err
	}
	var bare []string
	err = printed(root.Children, func(p expression) {
		if n := len(p.calls); n > 0 && slices.Contains(x.Filters, p.calls[n-1].name) {
			return
		}
		for _, name := range p.names {
			if !slices.Contains(x.Exempt, name) && !slices.Contains(bare, name) {
				bare = append(bare, name)
			}
		}
	})
	return bare, err
}

// printed tells of every object, on all branches.
func printed(nodes []parser.ASTNode, tell func(expression)) error {
	for _, n := range nodes {
		switch n := n.(type) {
		case *parser.ASTObject:
			x, err := parseObject(n.Args)
			if err != nil {
				return at(n.Token, err)
			}
			tell(x)
		case *parser.ASTBlock:
			if err := printed(n.Body, tell); err != nil {
				return err
			}
			for _, c := range n.Clauses {
				if err := printed(c.Body, tell); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
