package reply

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// citedRE is the mark of programs that quote with the writer's name: "Bob> ".
var citedRE = regexp.MustCompile(`^([A-Z][A-Za-z]{0,11}>)(?:[> ]|$)`)

// quoteMark is the mark that a line may be quoted with, "" for none.
func quoteMark(s string) string {
	switch {
	case strings.HasPrefix(s, ">"):
		return ">"
	case strings.HasPrefix(s, "＞"):
		return "＞"
	case strings.HasPrefix(s, "|"):
		return "|"
	}
	if len(s) <= longest {
		if m := citedRE.FindStringSubmatch(s); m != nil {
			return m[1]
		}
	}
	return ""
}

// markQuotes finds quoted lines. Marks other than > are trusted only below an
// attribution or in company: a table begins with | too.
func markQuotes(ls []line) {
	above := -1 // last line that is not blank
	odd := ""   // a mark of the writer's own making, found below the last attribution
	for i := range ls {
		l := &ls[i]
		if l.kind == blank {
			continue
		}
		if above >= 0 && ls[above].kind == header {
			odd = oddMark(ls, i)
		}
		if l.kind == plain {
			switch m := quoteMark(l.text); {
			case odd != "" && strings.HasPrefix(l.text, odd):
				l.kind = quote
			case m == "":
			case m == ">" && indent(l.raw) < 4,
				above >= 0 && (ls[above].kind == header || ls[above].kind == block),
				above >= 0 && ls[above].kind == quote && quoteMark(ls[above].text) == m,
				m != "|" && m != ">" && i+1 < len(ls) && quoteMark(ls[i+1].text) == m:
				l.kind = quote
			}
		}
		if l.kind == plain && above == i-1 && above >= 0 && ls[above].kind == quote && wrapped(ls, i) {
			l.kind = quote
		}
		above = i
	}
}

// oddMark is the run of signs that line i and the next begin with, when it is
// no mark that a list or a bracket begins with.
func oddMark(ls []line, i int) string {
	text := ls[i].text
	end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == ' ' })
	if end < 0 {
		end = len(text)
	}
	m := text[:end]
	if m == "" || len(m) > 4 || i+1 >= len(ls) || !strings.HasPrefix(ls[i+1].text, m) || strings.HasPrefix(m, ">") {
		return ""
	}
	switch m {
	case "-", "*", "+", "•", "・", "–", "—", "(", "[", "\"", "'", "“", "「", "『", "<", "@", "$", "¥", "（", "【", "--", "**", "__", "`":
		return ""
	}
	return m
}

func indent(raw string) int { return len(raw) - len(strings.TrimLeft(raw, " ")) }

// wrapped tells whether a line without mark, amid a quote, is the rest of the
// long quoted line above it: some gateways break lines after quoting.
func wrapped(ls []line, i int) bool {
	r, _ := utf8.DecodeRuneInString(ls[i].text)
	return unicode.IsLower(r) && utf8.RuneCountInString(ls[i-1].text) >= 60 &&
		i+1 < len(ls) && strings.HasPrefix(ls[i+1].text, ">")
}

// quotesMail tells whether the quoted lines begin with the header of a mail,
// as Apple Mail quotes it along.
func quotesMail(ls []line) bool {
	inner := unquoted(ls)
	for i := range inner {
		if !looked(&inner[i]) {
			continue
		}
		if separator(inner, i) > 0 || headerBlock(inner, i) > 0 {
			return true
		}
		if s, ok := opening(inner[i].text); ok && attribution(inner, i, s) > 0 {
			return true
		}
	}
	return false
}

// quotesForward tells whether the quoted lines begin with the line that stands
// above a mail that is passed on, which Apple Mail quotes too.
func quotesForward(ls []line) bool {
	inner := unquoted(ls)
	return len(inner) > 0 && looked(&inner[0]) && forwards(inner, 0)
}

// unquoted gives the first quoted lines without their marks.
func unquoted(ls []line) []line {
	inner := make([]line, 0, 12)
	for i := 0; i < len(ls) && len(inner) < 12; i++ {
		text := strings.TrimSpace(strings.TrimLeft(ls[i].text, "> ＞"))
		l := line{raw: text, text: text, far: ls[i].far}
		if text == "" {
			l.kind = blank
		}
		inner = append(inner, l)
	}
	return inner
}
