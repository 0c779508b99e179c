package mailin

import "strings"

// splitList cuts an address list at the separators that stand outside quotes,
// comments and brackets, and resolves groups into their members.
func splitList(s string) []element {
	var (
		out []element
		sc  = listScanner{s: s, lastSemicolon: strings.LastIndexByte(s, ';')}
	)
	for sc.pos < len(sc.s) && len(out) < maxAddresses {
		out = append(out, sc.next())
	}
	return out
}

// listScanner walks over a list, one element a call.
type listScanner struct {
	s      string
	pos    int
	phrase strings.Builder
	bare   strings.Builder
	e      element

	lastSemicolon      int
	at                 bool // the element has an "@" so far
	noComment, noQuote bool // what opens here is known not to close
}

func (l *listScanner) next() element {
	l.phrase.Reset()
	l.bare.Reset()
	l.e, l.at = element{}, false
	for l.pos < len(l.s) {
		c := l.s[l.pos]
		switch {
		case c == ',' || c == ';':
			l.pos++
			return l.done()
		case c == '"' && l.noQuote:
			l.pos++
		case c == '"' && l.quote():
		case c == '(' && l.comment():
		case c == '<':
			l.angle()
		case c == ':' && l.group():
			l.phrase.Reset()
			l.bare.Reset()
			l.e.quoted = false
			l.at = false
			l.pos++
		case strings.HasPrefix(l.s[l.pos:], "=?") && l.word():
		default:
			l.phrase.WriteByte(c)
			l.bare.WriteByte(c)
			l.at = l.at || c == '@'
			l.pos++
		}
	}
	return l.done()
}

func (l *listScanner) done() element {
	l.e.phrase, l.e.bare = l.phrase.String(), l.bare.String()
	return l.e
}

// word takes an encoded word whole, since broken ones hold commas and brackets.
func (l *listScanner) word() bool {
	w, n := readWord(l.s[l.pos:])
	if n == 0 {
		return false
	}
	l.phrase.WriteString(w.source)
	l.bare.WriteString(w.source)
	l.pos += n
	return true
}

// quote takes a quoted string; one that has no end is no quote.
func (l *listScanner) quote() bool {
	var text strings.Builder
	for i := l.pos + 1; i < len(l.s); i++ {
		switch c := l.s[i]; {
		case c == '\\' && i+1 < len(l.s):
			i++
			text.WriteByte(l.s[i])
		case c == '"':
			l.phrase.WriteString(text.String())
			l.bare.WriteString(l.s[l.pos : i+1])
			l.e.quoted = true
			l.pos = i + 1
			return true
		default:
			text.WriteByte(c)
		}
	}
	l.noQuote = true
	l.pos++ // drop the lone quote, read on behind it
	return true
}

// comment takes a comment with those nested in it.
func (l *listScanner) comment() bool {
	if l.noComment {
		return false
	}
	depth := 0
	for i := l.pos; i < len(l.s); i++ {
		switch l.s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				l.e.comment = join(l.e.comment, strings.ReplaceAll(l.s[l.pos+1:i], `\`, ""), " ")
				l.pos = i + 1
				return true
			}
		}
	}
	l.noComment = true
	return false
}

// angle takes what stands in brackets. Where there are several, the first that
// holds an "@" counts, and the others belong to the name.
func (l *listScanner) angle() {
	inside, n := l.s[l.pos+1:], 0
	if i := strings.IndexByte(inside, '>'); i >= 0 {
		inside, n = inside[:i], i+2
	} else {
		if i := strings.IndexAny(inside, ",; "); i >= 0 {
			inside = inside[:i]
		}
		n = len(inside) + 1
	}
	l.pos += n
	inside = strings.TrimLeft(inside, "< ")
	inside = dropComments(inside)
	switch {
	case l.e.angle == "":
		l.e.angle = inside
	case strings.Contains(inside, "@") && !strings.Contains(l.e.angle, "@"):
		l.phrase.WriteString("<" + l.e.angle + ">")
		l.e.angle = inside
	}
}

// dropComments removes comments inside an address or a date, which RFC 5322
// still allows.
func dropComments(s string) string {
	if strings.IndexByte(s, '(') < 0 {
		return s
	}
	var out strings.Builder
	for {
		before, after, ok := strings.Cut(s, "(")
		if !ok {
			break
		}
		_, rest, ok := strings.Cut(after, ")")
		if !ok {
			break
		}
		out.WriteString(before)
		s = rest
	}
	out.WriteString(s)
	return out.String()
}

// group says whether the colon at the present place ends a group's name: the
// group has its semicolon, or nothing but spaces follows.
func (l *listScanner) group() bool {
	if l.bare.Len() < 20 && strings.EqualFold(strings.TrimSpace(l.bare.String()), "mailto") {
		return true
	}
	return !l.at && (l.lastSemicolon > l.pos || strings.TrimSpace(l.s[l.pos+1:]) == "")
}
