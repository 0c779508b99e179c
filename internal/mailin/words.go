package mailin

import (
	"strings"

	"github.com/pocketdesk/pocketdesk/internal/mailin/charset"
)

// word is one encoded word (RFC 2047) after its transfer encoding is undone.
type word struct {
	charset string
	bytes   []byte
	source  string
}

// decodeWords reads a header value with its encoded words. Neighbours of one
// charset are joined as bytes before they are decoded, since senders split in the
// middle of a character; spaces inside a word and a missing end are forgiven; a
// word that makes no text stays as it was written.
func decodeWords(raw, hint string) string {
	s := toUTF8(raw, hint)
	var (
		out  strings.Builder
		run  []word
		from int
	)
	flush := func() {
		out.WriteString(joinWords(run))
		run = run[:0]
	}
	for i := 0; i < len(s); {
		j := strings.Index(s[i:], "=?")
		if j < 0 {
			break
		}
		start := i + j
		w, n := readWord(s[start:])
		if n == 0 {
			i = start + 2
			continue
		}
		if between := s[from:start]; len(run) == 0 || strings.Trim(between, " \t\r\n") != "" {
			flush()
			out.WriteString(between)
		}
		run = append(run, w)
		i = start + n
		from = i
	}
	flush()
	out.WriteString(s[from:])
	return printable(out.String())
}

// readWord reads the encoded word at the beginning of s and gives its length, 0
// if there is none.
func readWord(s string) (word, int) {
	c := strings.IndexByte(s[2:], '?')
	if c <= 0 || c > 60 || len(s) < c+6 || s[c+4] != '?' {
		return word{}, 0
	}
	name, _, _ := strings.Cut(s[2:2+c], "*") // RFC 2231 §5: charset*language
	if strings.ContainsAny(name, " \t\"<>()@,") {
		return word{}, 0
	}
	text := s[c+5:]
	end, skip := strings.Index(text, "?="), 2
	if end < 0 {
		end, skip = unended(text), 0
	}
	w := word{charset: name, source: s[:c+5+end+skip]}
	switch s[c+3] {
	case 'B', 'b':
		w.bytes, _ = base64Loose([]byte(text[:end]))
	case 'Q', 'q':
		w.bytes = qWord(text[:end])
	default:
		return word{}, 0
	}
	if len(w.bytes) == 0 && end > 0 {
		return word{}, 0
	}
	return w, len(w.source)
}

// unended finds where a word without "?=" stops: at the next space or word.
func unended(text string) int {
	end := len(text)
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		end = i
	}
	if i := strings.Index(text[:end], "=?"); i >= 0 {
		end = i
	}
	return len(strings.TrimRight(text[:end], "?"))
}

// qWord undoes the "Q" encoding (RFC 2047 §4.2).
func qWord(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '_':
			out = append(out, ' ')
		case s[i] == '=' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			out = append(out, s[i])
		}
	}
	return out
}

// joinWords decodes neighbouring words.
func joinWords(run []word) string {
	var out strings.Builder
	for i := 0; i < len(run); {
		j := i + 1
		joined := append([]byte(nil), run[i].bytes...)
		for j < len(run) && strings.EqualFold(run[j].charset, run[i].charset) {
			joined = append(joined, run[j].bytes...)
			j++
		}
		text, _ := charset.Decode(joined, run[i].charset)
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != 0 }) {
			text = ""
			for _, w := range run[i:j] {
				out.WriteString(w.source)
			}
		}
		out.WriteString(text)
		i = j
	}
	return out.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	}
	return c - 'A' + 10
}
