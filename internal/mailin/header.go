package mailin

import (
	"strings"
	"unicode/utf8"

	"github.com/pocketdesk/pocketdesk/internal/mailin/charset"
)

// Header is the header of a mail, in the order it came. Names are compared
// without regard to case. The zero value is an empty header.
type Header struct {
	fields []field
	hint   string // charset of raw 8-bit values
}

// Get returns the first value of a field, unfolded and decoded, "" if missing.
func (h Header) Get(name string) string {
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			return decodeWords(f.raw, h.hint)
		}
	}
	return ""
}

// Values returns all values of a field in order, unfolded and decoded.
func (h Header) Values(name string) []string {
	var out []string
	for _, raw := range h.raws(name) {
		out = append(out, decodeWords(raw, h.hint))
	}
	return out
}

// raws returns all values in UTF-8 on one line, encoded words left in place.
func (h Header) raws(name string) []string {
	var out []string
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			out = append(out, printable(toUTF8(f.raw, h.hint)))
		}
	}
	return out
}

// toUTF8 reads raw 8-bit or ISO-2022 bytes of a header, which RFC 6532 allows in
// UTF-8 alone and senders write in anything.
func toUTF8(raw, hint string) string {
	plain := true
	for i := 0; i < len(raw); i++ {
		if c := raw[i]; c >= utf8.RuneSelf || c == 0x1b {
			plain = false
			break
		}
	}
	if plain {
		return raw
	}
	text, _ := charset.Decode([]byte(raw), hint)
	return text
}

// printable drops what has no place in one line of text.
func printable(s string) string {
	s = strings.ReplaceAll(s, "\r\n", " ")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return r
		case r == '\n' || r == '\r':
			return ' '
		case r < ' ' || r == 0x7f:
			return -1
		}
		return r
	}, s)
}
