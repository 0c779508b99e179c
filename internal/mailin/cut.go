package mailin

import (
	"strings"
	"unicode"

	"github.com/pocketdesk/pocketdesk/internal/mailin/htmlbody"
	"github.com/pocketdesk/pocketdesk/internal/mailin/reply"
)

// cut fills Reply, Quoted and ReplyHTML. Of a mail with text and HTML the text
// is cut, since people see in it what they typed; the HTML, whose quotes are
// marked by the programs themselves, says where the text cut did not find the
// end, and stands in for a text part that is none.
//
// A mail that is handed on is what the person sends: it stays whole where the
// subject says so, and from the line on that programs put above it.
func (m *Mail) cut() {
	html := m.hasHTML && strings.TrimSpace(m.HTML) != ""
	if handsOn(m.Subject) {
		m.Reply = strings.TrimSpace(m.Text)
		if html {
			m.ReplyHTML = htmlbody.Clean(m.HTML)
		}
		return
	}
	if !html {
		m.Reply, m.Quoted = cutText(m.Text)
		return
	}
	fresh, quoted := htmlbody.Split(m.HTML)
	m.ReplyHTML = htmlbody.Clean(fresh)
	m.dropQuoted()
	if !m.hasText {
		m.Reply, m.Quoted = htmlbody.Reply(m.HTML)
		return
	}
	words := htmlbody.Text(fresh)
	if poorer(m.Text, words) {
		m.Reply, m.Quoted = htmlbody.Reply(m.HTML)
		return
	}
	m.Reply, m.Quoted = cutText(m.Text)
	if strings.TrimSpace(quoted) == "" || strings.TrimSpace(words) == "" {
		return
	}
	if at := endOf(m.Reply, words); at >= 0 {
		tail := m.Reply[at:]
		m.Reply = strings.TrimRight(m.Reply[:at], " \t\n")
		m.Quoted = join(strings.Trim(tail, "\n"), m.Quoted, "\n\n")
	} else if m.Quoted == "" && endOf(words, m.Reply) < 0 {
		m.Reply, m.Quoted = htmlbody.Reply(m.HTML)
	}
}

func cutText(text string) (fresh, rest string) {
	r := reply.CutForward(unsigned(text))
	return r.Text, join(r.Quoted, r.Signature, "\n\n")
}

// forwardMarks begin the subject of a mail that is handed on, lower case.
var forwardMarks = []string{"fw:", "fwd:", "wg:", "tr:", "rv:", "enc:", "i:", "vl:", "vb:", "pd:", "doorst:", "轉寄:", "轉發:", "转发:", "转寄:", "転送:", "전달:"}

// handsOn tells whether a subject says that its mail is handed on. "Re: Fwd: x"
// answers one.
func handsOn(subject string) bool {
	s := strings.ToLower(strings.ReplaceAll(subject, "：", ":"))
	s = strings.TrimLeft(strings.ReplaceAll(s, " :", ":"), " [(【")
	for _, mark := range forwardMarks {
		if strings.HasPrefix(s, mark) {
			return true
		}
	}
	return false
}

// poorer says whether a text part is a stand-in ("this mail is HTML") for the
// words of the HTML part.
func poorer(text, words string) bool {
	have, want := letters(text), letters(words)
	return want > 40 && have*3 < want
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			n++
		}
	}
	return n
}

// endOf finds where, in text, the words end that text begins with, letters and
// digits alone compared, and gives the end of that line. It is -1 where text
// does not begin so, or has no more letters than words.
func endOf(text, words string) int {
	rest := []rune(words)
	next := func() (rune, bool) {
		for len(rest) > 0 {
			r := rest[0]
			rest = rest[1:]
			if unicode.IsLetter(r) || unicode.IsNumber(r) {
				return r, true
			}
		}
		return 0, false
	}
	want, more := next()
	end := -1
	for i, r := range text {
		if end >= 0 && i >= end {
			if unicode.IsLetter(r) || unicode.IsNumber(r) {
				return end
			}
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			continue
		}
		if end >= 0 || !more || r != want {
			return -1 // the words end within a line, or differ
		}
		if want, more = next(); !more {
			if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
				end = i + n
			} else {
				return -1
			}
		}
	}
	return -1
}

// unsigned takes the readable text out of a clear-signed OpenPGP message
// (RFC 9580 §7); other text comes back as it is.
func unsigned(text string) string {
	const begin, middle, end = "-----BEGIN PGP SIGNED MESSAGE-----\n", "\n-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"
	i := strings.Index(text, begin)
	if i < 0 || strings.TrimSpace(text[:i]) != "" {
		return text
	}
	body := text[i+len(begin):]
	if _, after, ok := strings.Cut(body, "\n\n"); ok { // behind the "Hash:" lines
		body = after
	}
	signed, tail, ok := strings.Cut(body, middle)
	if !ok {
		return text
	}
	if _, after, found := strings.Cut(tail, end); found {
		signed += after
	}
	lines := strings.Split(signed, "\n")
	for n, line := range lines {
		lines[n] = strings.TrimPrefix(line, "- ")
	}
	return strings.Join(lines, "\n")
}
