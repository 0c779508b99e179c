package liquid

import (
	"io"

	"github.com/osteele/liquid/expressions"
	"github.com/osteele/liquid/render"
	lvalues "github.com/osteele/liquid/values"
)

type renderFunc = func(io.Writer, render.Context) error

// addTags defines every tag there is. Check has seen the template before any of them runs.
func addTags(cfg *render.Config, b *budget) {
	cfg.AddTag("assign", compileAssign)
	cfg.AddBlock("capture").Compiler(compileCapture(b))
	cfg.AddBlock("case").Clause("when").Clause("else").Compiler(compileCase)
	cfg.AddBlock("comment") // the parser itself treats comment and raw, once they are defined
	cfg.AddBlock("for").Clause("else").Compiler(compileFor)
	cfg.AddBlock("if").Clause("elsif").Clause("else").Compiler(compileIf(true))
	cfg.AddBlock("raw")
	cfg.AddBlock("unless").Clause("elsif").Clause("else").Compiler(compileIf(false))
}

func compileAssign(args string) (renderFunc, error) {
	stmt, err := expressions.ParseStatement(expressions.AssignStatementSelector, args)
	if err != nil {
		return nil, err
	}
	return func(_ io.Writer, ctx render.Context) error {
		v, err := ctx.Evaluate(stmt.Assignment.ValueFn)
		if err != nil {
			return err
		}
		ctx.Set(stmt.Assignment.Variable, bind(v))
		return nil
	}, nil
}

// compileCapture renders its body into a variable, which is bounded as a filter's result is.
func compileCapture(b *budget) render.BlockCompiler {
	return func(node render.BlockNode) (renderFunc, error) {
		x, err := parseCapture(node.Args)
		if err != nil {
			return nil, err
		}
		return func(_ io.Writer, ctx render.Context) error {
			w := &cappedBuffer{max: maxText, full: ErrTooMuchWork}
			if err := ctx.RenderChildren(w); err != nil {
				return err
			}
			ctx.Set(x.target, newText(w.String()))
			return b.spend(w.Len())
		}, nil
	}
}

// compileIf compiles if, whose first condition has to be true, and unless, whose first has to be false.
func compileIf(want bool) render.BlockCompiler {
	type branch struct {
		test expressions.Expression // nil: else
		want bool
		body *render.BlockNode
	}
	return func(node render.BlockNode) (renderFunc, error) {
		test, err := expressions.Parse(node.Args)
		if err != nil {
			return nil, err
		}
		branches := []branch{{test, want, &node}}
		for _, c := range node.Clauses {
			var test expressions.Expression
			if c.Name == "elsif" {
				if test, err = expressions.Parse(c.Args); err != nil {
					return nil, err
				}
			}
			branches = append(branches, branch{test, true, c})
		}
		return func(w io.Writer, ctx render.Context) error {
			for _, b := range branches {
				if b.test != nil {
					v, err := ctx.Evaluate(b.test)
					if err != nil {
						return err
					}
					if truthy(v) != b.want {
						continue
					}
				}
				return ctx.RenderBlock(w, b.body)
			}
			return nil
		}, nil
	}
}

func compileCase(node render.BlockNode) (renderFunc, error) {
	subject, err := expressions.Parse(node.Args)
	if err != nil {
		return nil, err
	}
	whens := make([][]expressions.Expression, len(node.Clauses)) // nil: else
	for i, c := range node.Clauses {
		if c.Name != "when" {
			continue
		}
		stmt, err := expressions.ParseStatement(expressions.WhenStatementSelector, c.Args)
		if err != nil {
			return nil, err
		}
		whens[i] = stmt.When.Exprs
	}
	return func(w io.Writer, ctx render.Context) error {
		have, err := ctx.Evaluate(subject)
		if err != nil {
			return err
		}
		for i, c := range node.Clauses {
			match := whens[i] == nil
			for _, x := range whens[i] {
				v, err := ctx.Evaluate(x)
				if err != nil {
					return err
				}
				match = match || lvalues.ValueOf(bind(have)).Equal(lvalues.ValueOf(bind(v)))
			}
			if match {
				return ctx.RenderBlock(w, c)
			}
		}
		return nil
	}, nil
}

// compileFor loops over a range, or a list that the filter split made. The loop's variables end with it.
func compileFor(node render.BlockNode) (renderFunc, error) {
	stmt, err := expressions.ParseStatement(expressions.LoopStatementSelector, node.Args)
	if err != nil {
		return nil, err
	}
	name := stmt.Loop.Variable
	return func(w io.Writer, ctx render.Context) error {
		v, err := ctx.Evaluate(stmt.Loop.Expr)
		if err != nil {
			return err
		}
		items, err := list(v)
		if err != nil {
			return err
		}
		if len(items) == 0 {
			for _, c := range node.Clauses {
				return ctx.RenderBlock(w, c)
			}
			return nil
		}
		outer, outerLoop := ctx.Get(name), ctx.Get("forloop")
		defer func() { ctx.Set(name, outer); ctx.Set("forloop", outerLoop) }()
		for i, item := range items {
			ctx.Set(name, bind(item))
			ctx.Set("forloop", map[string]any{
				"index": i + 1, "index0": i, "length": len(items),
				"first": i == 0, "last": i == len(items)-1,
			})
			if err := ctx.RenderChildren(w); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// list makes the rounds of a loop from any value: a single value is one round, an empty one none.
func list(v any) ([]any, error) {
	var items []any
	switch v := v.(type) {
	case lvalues.Range: // its ends have been checked
		if v.Len() > 0 {
			items = v.AsArray()
		}
	case []any:
		items = v
	default:
		if truthy(v) {
			items = []any{v}
		}
	}
	if len(items) > maxLoop {
		return nil, ErrTooMuchWork
	}
	return items, nil
}

// isLoopVariable tells whether name is known inside a loop.
func isLoopVariable(name string) bool {
	switch name {
	case "forloop.index", "forloop.index0", "forloop.length", "forloop.first", "forloop.last":
		return true
	}
	return false
}
