package liquid

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

type tokenKind int

const (
	tokenEnd     tokenKind = iota
	tokenName              // contact.name, and, in
	tokenKeyword           // default: (a name with a colon at once behind it)
	tokenString            // "…" or '…', without the quotes
	tokenInt               // 12, -3
	tokenFloat             // 1.5
	tokenSign              // == != >= <= > < = | , ( ) ..
)

type token struct {
	kind tokenKind
	text string
}

func (t token) String() string {
	if t.kind == tokenEnd {
		return "the end"
	}
	return fmt.Sprintf("%q", t.text)
}

// lex cuts the inside of a tag into tokens. The library's own expressions are closures that cannot be
// looked into, so we read the text a second time. What we accept is a part of what the library accepts,
// with the same meaning; the rest (a["b"], a.size, ;) is refused.
func lex(src string) ([]token, error) {
	var toks []token
	for i := 0; i < len(src); {
		tok, n, err := next(src[i:])
		if err != nil {
			return nil, err
		}
		if n == 0 { // white space
			i++
			continue
		}
		toks = append(toks, tok)
		i += n
	}
	return toks, nil
}

// next reads one token at the start of s, and gives its length in bytes: 0 for a white space.
func next(s string) (token, int, error) {
	switch c := s[0]; {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		return token{}, 0, nil
	case c == '"' || c == '\'':
		end := strings.IndexByte(s[1:], c)
		if end < 0 {
			return token{}, 0, errors.New("a quote is not closed")
		}
		return token{tokenString, s[1 : 1+end]}, end + 2, nil
	case isLetter(c):
		return nextName(s)
	case isDigit(c) || c == '-' && len(s) > 1 && isDigit(s[1]):
		return nextNumber(s)
	}
	for _, sign := range []string{"==", "!=", ">=", "<=", "..", ">", "<", "=", "|", ",", "(", ")"} {
		if strings.HasPrefix(s, sign) {
			return token{tokenSign, sign}, len(sign), nil
		}
	}
	r, _ := utf8.DecodeRuneInString(s)
	if r >= utf8.RuneSelf {
		return token{}, 0, fmt.Errorf(`%q cannot be used here: write names in Latin letters, with half-width signs and straight quotes (")`, r)
	}
	return token{}, 0, fmt.Errorf("%q cannot be used here", r)
}

func nextName(s string) (token, int, error) {
	n := word(s)
	for n+1 < len(s) && s[n] == '.' && isLetter(s[n+1]) {
		n += 1 + word(s[n+1:])
	}
	name := s[:n]
	if n < len(s) {
		switch c := s[n]; {
		case c == ':' && !strings.Contains(name, "."):
			return token{tokenKeyword, name}, n + 1, nil
		case c == '-' || c == '?' || c == '[' || c == ':' || c >= utf8.RuneSelf:
			r, _ := utf8.DecodeRuneInString(s[n:])
			return token{}, 0, fmt.Errorf("%q cannot follow %q", r, name)
		}
	}
	return token{tokenName, name}, n, nil
}

// nextNumber reads up to nine digits, so that no number overflows, and a fraction.
func nextNumber(s string) (token, int, error) {
	n := 1
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	kind := tokenInt
	if n+1 < len(s) && s[n] == '.' && isDigit(s[n+1]) {
		kind = tokenFloat
		for n++; n < len(s) && isDigit(s[n]); {
			n++
		}
	}
	if n > 10 {
		return token{}, 0, errors.New("a number is too long")
	}
	if n < len(s) && isLetter(s[n]) {
		return token{}, 0, fmt.Errorf("%q cannot follow %q", s[n], s[:n])
	}
	return token{kind, s[:n]}, n, nil
}

// word is the length of the letters, digits and underscores at the start of s.
func word(s string) int {
	n := 0
	for n < len(s) && (isLetter(s[n]) || isDigit(s[n])) {
		n++
	}
	return n
}

func isLetter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
