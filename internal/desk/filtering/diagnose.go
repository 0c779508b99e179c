package filtering

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// What is wrong with a filter that can't be read: [Error.How].
const (
	howQuote    = "quote"    // a quote that isn't closed
	howOpen     = "open"     // a bracket that isn't closed
	howClose    = "close"    // a closing bracket without an opening one
	howSign     = "sign"     // no sign between field and value, or an unknown one
	howValue    = "value"    // no value after a sign
	howUnquoted = "unquoted" // a text that isn't in quotes
	howJoin     = "join"     // two comparisons without && or || between them
	howEnd      = "end"      // nothing after && or ||
)

const example = `Write a field, a sign and a value, texts in quotes, such as priority = "high" && locale = "ja".`

// hows says how to mend each; %q is the part that is wrong.
func hows() map[string]string {
	return map[string]string{
		howQuote:    "the quote before %s is not closed; put one at the end of the text",
		howOpen:     "the bracket %s is not closed; add one that closes it",
		howClose:    "no bracket was opened for %s; take it out or open one before",
		howSign:     "a sign is missing or unknown at %s; there are = != ~ !~ < <= > >=",
		howValue:    "after %s a value is missing",
		howUnquoted: "put the text %s in quotes",
		howJoin:     "between two comparisons stands && (and) or || (or), at %s",
		howEnd:      "nothing follows %s",
	}
}

// unreadable says where a filter can't be read, and how to mend that. why is what
// the reader of filters says of it.
func unreadable(filter string, why error) *Error {
	s := &scan{text: []rune(filter)}
	s.filter()
	if s.how == "" {
		return &Error{Code: "syntax", text: "The filter can't be read. " + example + " (" + desk.Clip(why.Error(), 200) + ")."}
	}
	part := desk.Clip(s.part, 40)
	return &Error{Code: "syntax", Part: part, How: s.how, At: s.at + 1,
		text: fmt.Sprintf("The filter can't be read at character %d: "+hows()[s.how]+". "+example, s.at+1, fmt.Sprintf("%q", part))}
}

// scan reads a filter as far as it can be read.
type scan struct {
	text []rune
	pos  int

	how, part string // the first thing that is wrong
	at        int
}

type kind int

const (
	end kind = iota
	operand
	text
	sign
	join
	open
	shut
	other
)

// token is one word of a filter.
type token struct {
	kind kind
	text string
	at   int
}

func (s *scan) wrong(how string, t token) {
	if s.how == "" {
		s.how, s.part, s.at = how, t.text, t.at
	}
}

// filter reads comparisons and what joins them.
func (s *scan) filter() {
	var opened []token
	t := s.next()
	for s.how == "" {
		for ; t.kind == open; t = s.next() {
			opened = append(opened, t)
		}
		last := s.comparison(t)
		for t = s.next(); t.kind == shut && s.how == ""; t = s.next() {
			if len(opened) == 0 {
				s.wrong(howClose, t)
				return
			}
			opened = opened[:len(opened)-1]
		}
		switch {
		case s.how != "":
			return
		case t.kind == end:
			if len(opened) > 0 {
				s.wrong(howOpen, opened[len(opened)-1])
			}
			return
		case t.kind == sign:
			s.wrong(howSign, t)
		case t.kind == operand && last.kind == operand && !strings.ContainsAny(t.text[:1], `@"'`) && !joins(t.text) && s.peek().kind != sign:
			s.wrong(howUnquoted, token{text: last.text + " " + t.text, at: last.at})
		case t.kind != join:
			s.wrong(howJoin, t)
		}
		joined := t
		if t = s.next(); t.kind == end {
			s.wrong(howEnd, joined)
		}
	}
}

func joins(word string) bool {
	word = strings.ToLower(word)
	return word == "and" || word == "or"
}

// comparison reads operand, sign, operand, and gives the last one.
func (s *scan) comparison(left token) token {
	if left.kind != operand && left.kind != text {
		if left.kind == end {
			left.text = string(s.text)
		}
		s.wrong(map[bool]string{true: howSign, false: howJoin}[left.kind == sign || left.kind == other || left.kind == end], left)
		return left
	}
	t := s.next()
	if t.kind != sign {
		if t.kind == end || t.kind == join || t.kind == shut {
			t = left
		}
		s.wrong(howSign, t)
		return t
	}
	right := s.next()
	switch right.kind {
	case operand, text:
	case sign:
		s.wrong(howSign, token{text: t.text + right.text, at: t.at})
	case other:
		s.wrong(howUnquoted, right)
	default:
		s.wrong(howValue, t)
	}
	return right
}

// peek is the word after this one.
func (s *scan) peek() token {
	was := *s
	t := s.next()
	*s = was
	return t
}

func isWord(c rune) bool {
	return c < unicode.MaxASCII && (unicode.IsLetter(c) || unicode.IsDigit(c)) || strings.ContainsRune("@#_.:-", c)
}

// next is the next word.
func (s *scan) next() token {
	for s.pos < len(s.text) && unicode.IsSpace(s.text[s.pos]) {
		s.pos++
	}
	start := s.pos
	if start == len(s.text) {
		return token{end, "", start}
	}
	c := s.text[start]
	took := func(k kind) token { return token{k, string(s.text[start:s.pos]), start} }
	while := func(holds func(rune) bool) {
		for s.pos < len(s.text) && holds(s.text[s.pos]) {
			s.pos++
		}
	}
	switch {
	case c == '"' || c == '\'':
		return s.quoted(c)
	case c == '(' || c == ')':
		s.pos++
		return took(map[rune]kind{'(': open, ')': shut}[c])
	case c == '&' || c == '|':
		while(func(r rune) bool { return r == c })
		if t := took(join); t.text == "&&" || t.text == "||" {
			return t
		}
		return took(other)
	case strings.ContainsRune("=!~<>?", c):
		while(func(r rune) bool { return strings.ContainsRune("=!~<>?", r) })
		t := took(sign)
		if !strings.Contains(" = != ~ !~ < <= > >= ", " "+strings.TrimPrefix(t.text, "?")+" ") {
			s.wrong(howSign, t)
		}
		return t
	case isWord(c):
		while(isWord)
		s.call()
		return took(operand)
	}
	while(func(r rune) bool {
		return !unicode.IsSpace(r) && !strings.ContainsRune(`()"'&|=!~<>?`, r) && !isWord(r)
	})
	if s.pos == start {
		s.pos++
	}
	return took(other)
}

// call takes the arguments of a function along.
func (s *scan) call() {
	if s.pos == len(s.text) || s.text[s.pos] != '(' {
		return
	}
	from, depth := s.pos, 0
	for ; s.pos < len(s.text); s.pos++ {
		switch s.text[s.pos] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				s.pos++
				return
			}
		}
	}
	s.wrong(howOpen, token{text: "(", at: from})
}

func (s *scan) quoted(quote rune) token {
	start := s.pos
	for s.pos++; s.pos < len(s.text); s.pos++ {
		switch s.text[s.pos] {
		case '\\':
			s.pos++
		case quote:
			s.pos++
			return token{text, string(s.text[start:s.pos]), start}
		}
	}
	s.pos = len(s.text)
	t := token{text, string(s.text[start:]), start}
	s.wrong(howQuote, t)
	return t
}
