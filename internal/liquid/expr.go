package liquid

import (
	"errors"
	"fmt"
	"strconv"
)

// expression is what Check has to know of the inside of a tag.
type expression struct {
	names     []string // variables read, in order
	steps     int      // values and filters to go through
	defaulted bool     // ends in, or passes through, the filter "default"
	calls     []call   // filters, in order
	rounds    int      // of a loop: how often at most
	target    string   // the variable that assign, capture or for sets
}

// call is one use of a filter; args holds the commas too.
type call struct {
	name string
	args []token
}

// reader reads one expression; see lex for why there is one.
type reader struct {
	toks  []token
	depth int
	expression
}

// read runs parse over the whole of src.
func read(src string, parse func(*reader) error) (expression, error) {
	toks, err := lex(src)
	if err != nil {
		return expression{}, err
	}
	r := &reader{toks: toks}
	if err := parse(r); err != nil {
		return expression{}, err
	}
	if len(r.toks) > 0 {
		return expression{}, fmt.Errorf("unexpected %s", r.toks[0])
	}
	return r.expression, nil
}

// parseObject reads {{ value | filter: argument }}.
func parseObject(src string) (expression, error) { return read(src, (*reader).filtered) }

// parseCondition reads what follows if, elsif and unless.
func parseCondition(src string) (expression, error) { return read(src, (*reader).condition) }

// parseValue reads what follows case.
func parseValue(src string) (expression, error) { return read(src, (*reader).operand) }

// parseWhen reads one value or several with commas between.
func parseWhen(src string) (expression, error) { return read(src, (*reader).operands) }

// parseAssign reads name = value | filter.
func parseAssign(src string) (expression, error) {
	return read(src, func(r *reader) error {
		if err := r.newName(); err != nil {
			return err
		}
		if !r.sign("=") {
			return fmt.Errorf("expected = after %q, not %s", r.target, r.peek())
		}
		return r.filtered()
	})
}

// parseCapture reads a name.
func parseCapture(src string) (expression, error) { return read(src, (*reader).newName) }

// parseFor reads name in (1..5), or name in value | filter.
func parseFor(src string) (expression, error) {
	return read(src, func(r *reader) error {
		if err := r.newName(); err != nil {
			return err
		}
		if !r.word("in") {
			return fmt.Errorf("expected in after %q, not %s", r.target, r.peek())
		}
		if r.sign("(") {
			return r.span()
		}
		r.rounds = maxLoop
		return r.filtered()
	})
}

// span reads 1..5) with two numbers, so that the length of the loop is known before it runs.
func (r *reader) span() error {
	first, err := r.integer()
	if err != nil {
		return err
	}
	if !r.sign("..") {
		return fmt.Errorf("expected .. not %s", r.peek())
	}
	last, err := r.integer()
	if err != nil {
		return err
	}
	if !r.sign(")") {
		return fmt.Errorf("expected ) not %s", r.peek())
	}
	r.rounds = max(0, last-first+1)
	if r.rounds > maxLoop {
		return fmt.Errorf("a loop may have at most %d rounds", maxLoop)
	}
	return nil
}

func (r *reader) integer() (int, error) {
	t := r.take()
	if t.kind != tokenInt {
		return 0, fmt.Errorf("expected a whole number, not %s", t)
	}
	return strconv.Atoi(t.text)
}

func (r *reader) condition() error {
	if r.depth++; r.depth > maxDepth {
		return errors.New("too many brackets inside each other")
	}
	defer func() { r.depth-- }()
	for {
		if err := r.relation(); err != nil {
			return err
		}
		if !r.word("and") && !r.word("or") {
			return nil
		}
	}
}

func (r *reader) relation() error {
	if r.sign("(") {
		if err := r.condition(); err != nil {
			return err
		}
		if !r.sign(")") {
			return fmt.Errorf("expected ) not %s", r.peek())
		}
		return nil
	}
	if err := r.operand(); err != nil {
		return err
	}
	for _, op := range []string{"==", "!=", ">=", "<=", ">", "<"} {
		if r.sign(op) {
			return r.operand()
		}
	}
	if r.word("contains") {
		return r.operand()
	}
	return r.filters()
}

func (r *reader) filtered() error {
	if err := r.operand(); err != nil {
		return err
	}
	return r.filters()
}

func (r *reader) filters() error {
	for n := 1; r.sign("|"); n++ {
		if n > maxFilters {
			return fmt.Errorf("more than %d filters on one value", maxFilters)
		}
		t := r.take()
		var args []token
		switch t.kind {
		case tokenName:
		case tokenKeyword:
			args = r.toks
			if err := r.operands(); err != nil {
				return err
			}
			args = args[:len(args)-len(r.toks)]
		default:
			return fmt.Errorf("expected a filter's name after |, not %s", t)
		}
		r.calls = append(r.calls, call{t.text, args})
		r.steps++
		r.defaulted = r.defaulted || t.text == "default"
	}
	return nil
}

func (r *reader) operands() error {
	for {
		if err := r.operand(); err != nil {
			return err
		}
		if !r.sign(",") {
			return nil
		}
	}
}

// operand reads a literal or a variable. The words true, false, blank and empty are literals.
func (r *reader) operand() error {
	r.steps++
	t := r.take()
	switch t.kind {
	case tokenString, tokenInt, tokenFloat:
		return nil
	case tokenName:
		switch t.text {
		case "true", "false", "blank", "empty":
			return nil
		case "nil", "null":
			return errors.New("there is no nil here: compare with blank")
		case "and", "or", "in", "contains":
			return fmt.Errorf("expected a value, not %s", t)
		}
		r.names = append(r.names, t.text)
		return nil
	default:
		return fmt.Errorf("expected a value, not %s", t)
	}
}

// newName reads the name of a variable that the template makes.
func (r *reader) newName() error {
	t := r.take()
	if t.kind != tokenName || word(t.text) != len(t.text) {
		return fmt.Errorf("expected a plain name, not %s", t)
	}
	r.target = t.text
	return nil
}

func (r *reader) peek() token {
	if len(r.toks) == 0 {
		return token{}
	}
	return r.toks[0]
}

func (r *reader) take() token {
	t := r.peek()
	r.toks = r.toks[min(1, len(r.toks)):]
	return t
}

func (r *reader) sign(s string) bool { return r.accept(token{tokenSign, s}) }
func (r *reader) word(s string) bool { return r.accept(token{tokenName, s}) }

func (r *reader) accept(t token) bool {
	if r.peek() != t {
		return false
	}
	r.take()
	return true
}
