package llm

import (
	"slices"
	"strings"
	"unicode"
)

// The words that Mask puts in place of private data.
const (
	maskedMail   = "[email]"
	maskedPhone  = "[phone]"
	maskedCard   = "[card]"
	maskedNumber = "[number]"
)

const maskRounds = 8

// Mask takes out of a text what the model need not know: mail addresses, phone numbers, card
// numbers, order numbers and other ids or runs of six and more digits, and what follows the "?" or
// "#" of a link. They become [email], [phone], [card] and [number]. Full-width characters and
// foreign digits are read like the plain ones. Prices, dates, times, sizes and small numbers stay.
//
//	Mask("訂單 TW2026110123，請回電 0912-345-678") // 訂單 [number]，請回電 [phone]
//
// Names and postal addresses are not found; where in doubt a number is taken out. Invisible
// characters are dropped, control characters other than tab and line feed become spaces. The time
// is linear in the length, and masking twice is masking once.
func Mask(text string) string {
	t := []rune(visible(text))
	// What is taken out can join what stood apart, such as a link and the number behind it, so we
	// look until nothing is found. The second round as a rule finds nothing.
	for range maskRounds {
		before := t
		t = replace(t, linkMarks(t))
		t = replace(t, mailMarks(fold(t)))
		t = replace(t, numberMarks(fold(t)))
		if slices.Equal(t, before) {
			break
		}
	}
	return string(t)
}

// mark is a stretch of runes and what to put in its place.
type mark struct {
	from, to int
	with     string
}

// replace puts the marks, which are in order and do not overlap, into the text.
func replace(t []rune, marks []mark) []rune {
	if len(marks) == 0 {
		return t
	}
	out := make([]rune, 0, len(t))
	at := 0
	for _, m := range marks {
		out = append(out, t[at:m.from]...)
		out = append(out, []rune(m.with)...)
		at = m.to
	}
	return append(out, t[at:]...)
}

// visible drops what a reader cannot see, so that nothing hides inside a number.
func visible(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r == '\r':
			return '\n'
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
}

// fold gives, rune for rune, the plain form in which patterns are looked for.
func fold(t []rune) []rune {
	f := make([]rune, len(t))
	for i, r := range t {
		f[i] = foldRune(r)
	}
	return f
}

func foldRune(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case r < 0x80:
		return r
	case r >= 0xFF01 && r <= 0xFF5E: // full-width forms of ASCII
		return r - 0xFEE0
	case r >= 0x2010 && r <= 0x2015, r == 0x2212, r == 0xFE58, r == 0xFE63, r == 'ー', r == 'ｰ':
		return '-'
	case r == '〜':
		return '~'
	case r == 0xFE6B:
		return '@'
	case r == '￥':
		return '¥'
	case r == '￡':
		return '£'
	case unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Nd, r):
		return foldDigit(r)
	}
	return r
}

// foldDigit: Unicode keeps the decimal digits of a script in a row from zero to nine, so that every
// range of the table Nd starts at a zero and is a multiple of ten long (Unicode Standard, 4.6).
func foldDigit(r rune) rune {
	for _, g := range unicode.Nd.R16 {
		if r >= rune(g.Lo) && r <= rune(g.Hi) {
			return '0' + (r-rune(g.Lo))%10
		}
	}
	for _, g := range unicode.Nd.R32 {
		if r >= rune(g.Lo) && r <= rune(g.Hi) {
			return '0' + (r-rune(g.Lo))%10
		}
	}
	return r
}

func isDigit(r rune) bool  { return r >= '0' && r <= '9' }
func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func isAlnum(r rune) bool  { return isDigit(r) || isLetter(r) }

// isDense reports scripts that put no spaces between words, where an address may touch a sentence.
func isDense(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo, unicode.Thai)
}
