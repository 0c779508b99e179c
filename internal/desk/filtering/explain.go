package filtering

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ganigeorgiev/fexpr"
	"github.com/pocketbase/pocketbase/core"
)

// Node is a part of a filter for a screen to put into words: a comparison, or
// several parts of which all or one must hold.
type Node struct {
	Join  string `json:"join,omitempty"` // and, or; "" is a comparison
	Parts []Node `json:"parts,omitempty"`

	Left  *Operand `json:"left,omitempty"`
	Op    string   `json:"op,omitempty"` // = != ~ !~ < <= > >=
	Right *Operand `json:"right,omitempty"`
}

// Operand is one side of a comparison.
type Operand struct {
	Kind  string `json:"kind"` // field, text, number, word (null, true, false), time (@now …) or function
	Value string `json:"value"`
	Lower bool   `json:"lower,omitempty"` // the field is compared in small letters
	Field *Field `json:"field,omitempty"` // of a field
}

// Explain takes a filter apart that [About.Compile] took. nil is the empty one.
func (a *About) Explain(app core.App, filter string) (*Node, error) {
	if filter = strings.TrimSpace(filter); filter == "" {
		return nil, nil
	}
	r, err := a.resolver(app)
	if err != nil {
		return nil, err
	}
	if _, err := a.compile(r, filter); err != nil {
		return nil, err
	}
	groups, err := fexpr.Parse(filter)
	if err != nil {
		return nil, err
	}
	n := r.explain(groups)
	return &n, nil
}

// explain groups what stands beside each other as a database does: && binds
// closer than ||.
func (f *fields) explain(groups []fexpr.ExprGroup) Node {
	var either [][]Node
	for i, g := range groups {
		var n Node
		switch item := g.Item.(type) {
		case fexpr.Expr:
			n = Node{Left: f.operand(item.Left), Op: strings.TrimPrefix(string(item.Op), "?"), Right: f.operand(item.Right)}
		case []fexpr.ExprGroup:
			n = f.explain(item)
		}
		if i == 0 || g.Join == fexpr.JoinOr {
			either = append(either, nil)
		}
		last := len(either) - 1
		either[last] = append(either[last], n)
	}
	parts := make([]Node, 0, len(either))
	for _, all := range either {
		parts = append(parts, joined("and", all))
	}
	return joined("or", parts)
}

func joined(how string, parts []Node) Node {
	if len(parts) == 1 {
		return parts[0]
	}
	return Node{Join: how, Parts: parts}
}

func (f *fields) operand(t fexpr.Token) *Operand {
	o := &Operand{Value: t.Literal}
	switch t.Type {
	case fexpr.TokenText:
		o.Kind = "text"
	case fexpr.TokenNumber:
		o.Kind = "number"
	case fexpr.TokenFunction:
		o.Kind = "function"
	default:
		o.Kind = "word"
		if strings.HasPrefix(t.Literal, "@") {
			o.Kind = "time"
			break
		}
		bare := strings.TrimSuffix(t.Literal, ":lower")
		if x := f.about.extra(bare); x != nil {
			o.Field = &Field{Name: x.Name, Type: x.Type}
		} else if field := f.field(bare); field != nil {
			d := describe(field, bare)
			o.Field = &d
		}
		if o.Field != nil {
			o.Kind, o.Value, o.Lower = "field", bare, bare != t.Literal
		}
	}
	return o
}

// checkPatterns bounds what ~ has to try: a text with many % is compared again
// from every place of a long letter, and one that a visitor wrote may be made so.
func (a *About) checkPatterns(filter string) error {
	groups, err := fexpr.Parse(filter)
	if err != nil {
		return err
	}
	return a.checkGroups(groups)
}

func (a *About) checkGroups(groups []fexpr.ExprGroup) error {
	for _, g := range groups {
		switch item := g.Item.(type) {
		case []fexpr.ExprGroup:
			if err := a.checkGroups(item); err != nil {
				return err
			}
		case fexpr.Expr:
			if !strings.HasSuffix(string(item.Op), "~") {
				continue
			}
			if item.Right.Type != fexpr.TokenText && item.Right.Type != fexpr.TokenNumber {
				return &Error{Code: "pattern", Part: item.Right.Literal, text: "Right of ~ stands a text in quotes: what a field holds can't be searched for."}
			}
			if strings.Count(item.Right.Literal, "%") > a.Wild {
				return &Error{Code: "pattern", Part: item.Right.Literal, text: fmt.Sprintf("A text right of ~ may hold %d %% at most. Write several comparisons instead.", a.Wild)}
			}
		}
	}
	return nil
}

// Names lists the fields and extras that a filter names, each once; none of one
// that can't be read.
func Names(filter string) []string {
	groups, err := fexpr.Parse(filter)
	if err != nil {
		return nil
	}
	return names(groups, nil)
}

func names(groups []fexpr.ExprGroup, found []string) []string {
	for _, g := range groups {
		switch item := g.Item.(type) {
		case []fexpr.ExprGroup:
			found = names(item, found)
		case fexpr.Expr:
			found = namesIn([]fexpr.Token{item.Left, item.Right}, found)
		}
	}
	return found
}

func namesIn(tokens []fexpr.Token, found []string) []string {
	for _, t := range tokens {
		switch t.Type {
		case fexpr.TokenIdentifier:
			if name := strings.TrimSuffix(t.Literal, ":lower"); !strings.HasPrefix(name, "@") && !slices.Contains(found, name) {
				found = append(found, name)
			}
		case fexpr.TokenFunction:
			if args, ok := t.Meta.([]fexpr.Token); ok {
				found = namesIn(args, found)
			}
		}
	}
	return found
}
