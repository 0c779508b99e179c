package reply

import (
	"strings"
	"unicode"
)

// kind is what a line is, looked at with its neighbours.
type kind uint8

const (
	plain  kind = iota // a person's words, as far as one can tell
	blank              // nothing but white space
	quote              // marked: "> …", or "| …" and "Bob> …" below a header
	header             // part of an attribution: "On … wrote:"
	block              // part of a header block or "--- Original Message ---"
	code               // inside a fence of ``` or ~~~
)

// part is where a line ends up.
type part uint8

const (
	partText part = iota
	partQuoted
	partSignature
)

// line is one line of a mail.
type line struct {
	raw  string // as it came, without white space at its end
	text string // for looking at: odd spaces and unseen characters smoothed, trimmed
	kind kind
	part part
	dash bool // exactly "-- " as RFC 3676 wants a signature to begin
	far  bool // too far down to try patterns on
	span int  // on the first line of a header or block: how many lines it has
}

// Patterns are tried on lines of at most longest bytes that begin in the first
// mostBytes and mostLines of a mail. A longer line is no quote header and no
// signature; below so much only quote marks are looked at, and behind maxLines
// what follows counts as one line, which bounds time and memory for a mail of any
// size.
const (
	longest   = 1000
	mostBytes = 50 << 10
	mostLines = 3000
	maxLines  = 50_000
)

func split(text string) []line {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	rows := strings.SplitN(text, "\n", maxLines)
	ls := make([]line, len(rows))
	at := 0
	for i, row := range rows {
		l := &ls[i]
		l.far = at >= mostBytes || i >= mostLines
		at += len(row) + 1
		l.raw = strings.TrimRightFunc(row, unicode.IsSpace)
		if l.text = strings.TrimSpace(l.raw); !l.far {
			l.text = smooth(l.raw)
		}
		l.dash = row == "-- "
		if l.text == "" {
			l.kind = blank
			if strings.TrimSpace(l.raw) != "" {
				l.kind = plain // unseen characters only: kept, never matched
			}
		}
	}
	return ls
}

// smooth makes lines comparable: clients put no-break spaces before colons,
// direction marks around addresses and zero-width spaces into dates.
func smooth(s string) string {
	s = strings.ReplaceAll(s, "&nbsp;", " ")
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r) || r == 0xFE0F:
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// markCode finds fenced code. A fence that is never closed is no fence.
func markCode(ls []line) {
	open, mark := -1, ""
	for i := range ls {
		f := fence(ls[i].text)
		switch {
		case f == "":
		case open < 0:
			open, mark = i, f
		case f == mark && ls[i].text == f:
			for j := open; j <= i; j++ {
				if ls[j].kind != blank {
					ls[j].kind = code
				}
			}
			open = -1
		}
	}
}

// fence tells the mark that a line of a code block begins with, if any. A line
// of tildes alone is more often an ornament, so it opens nothing.
func fence(s string) string {
	if strings.HasPrefix(s, "```") && !strings.Contains(s[3:], "`") {
		return "```"
	}
	return ""
}

// next is the index of the first line from i on that is not blank, or len(ls).
func next(ls []line, i int) int {
	for i < len(ls) && ls[i].kind == blank {
		i++
	}
	return i
}

// ruled tells whether a line is an ornament, as between mail and quote.
func (l *line) ruled() bool { return !l.far && len(l.text) <= longest && ruleRE.MatchString(l.text) }

// words tells whether a line holds what a person may have written.
func (l *line) words() bool { return l.kind == plain || l.kind == code }
