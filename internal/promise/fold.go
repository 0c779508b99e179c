package promise

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// line is one line of a text, folded: full-width letters and digits are narrow,
// Latin letters small and all dashes alike. Every folded byte knows its place in
// the text.
type line struct {
	text  string
	place []int // of each byte of text, and of its end
}

func (l line) at(i int) int { return l.place[i] }

// quoteHead begins the part of a mail that somebody else wrote.
var quoteHead = regexp.MustCompile(`^\s*(?:-{2,}\s*(?:original message|forwarded message|原始郵件|原始邮件|轉寄|转发|元のメッセージ|転送)|on .{6,200} wrote:|.{4,100}(?:寫道|写道|のメール|書きました)[:：]\s*$|(?:from|寄件者|发件人|差出人)\s*[:：].{0,200}@)`)

// lines are the lines of a text that its writer wrote himself, folded, up to
// [MaxText].
func lines(text string) []line {
	var out []line
	for at := 0; at < len(text) && at < MaxText; {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			end = len(text) - at
		}
		stop := min(at+end, MaxText)
		l := fold(text[at:stop], at)
		at += end + 1
		head := strings.TrimLeft(l.text, " \t")
		if strings.HasPrefix(head, ">") || strings.HasPrefix(head, "|") {
			continue
		}
		if quoteHead.MatchString(l.text) {
			break
		}
		if head != "" {
			out = append(out, l)
		}
	}
	return out
}

func fold(s string, from int) line {
	var b strings.Builder
	place := make([]int, 0, len(s)+1)
	for i, r := range s {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError || size < 0 {
			r = ' '
		}
		r = narrow(r)
		before := b.Len()
		b.WriteRune(r)
		for range b.Len() - before {
			place = append(place, from+i)
		}
	}
	return line{b.String(), append(place, from+len(s))}
}

func narrow(r rune) rune {
	switch {
	case r >= '！' && r <= '～' && r != '，' && r != '；' && r != '？' && r != '！' && r != '。':
		r -= '！' - '!'
		if r == '~' {
			return '-'
		}
	case r == '　' || r == '\t' || r == '\u00a0' || r == '\r':
		return ' '
	case r == '‐' || r == '‑' || r == '–' || r == '—' || r == '−' || r == '〜' || r == '~':
		return '-'
	case r == '’':
		return '\''
	}
	if r >= 'A' && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r
}

// wholeWord tells whether a match doesn't begin or end inside a Latin word or a number.
func wholeWord(s string, start, end int) bool {
	inside := func(a, b byte) bool { return word(a) && word(b) }
	if start > 0 && inside(s[start-1], s[start]) {
		return false
	}
	if start > 1 && digit(s[start]) && strings.IndexByte("./-:$#", s[start-1]) >= 0 && (digit(s[start-2]) || s[start-1] == '$' || s[start-1] == '#') {
		return false // a part of a longer number
	}
	return end >= len(s) || !inside(s[end-1], s[end])
}

func word(c byte) bool  { return c >= 'a' && c <= 'z' || digit(c) }
func digit(c byte) bool { return c >= '0' && c <= '9' }
