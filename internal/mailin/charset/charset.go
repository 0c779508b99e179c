// Package charset turns the bytes of a mail into UTF-8, whatever their label
// says of them.
//
//	text, note := charset.Decode(body, "big5")
//
// Labels in mail are often wrong: a web form that sends UTF-8 as iso-8859-1, a
// phone that puts ① into ISO-2022-JP, a shop system that sends Big5 without a
// word about it. Decode therefore looks at the bytes first, reads every label as
// the superset that senders mean by it, and guesses where there is no label.
package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
)

// Decode returns b as valid UTF-8. declared is the charset parameter as it came,
// "" where there was none. It never fails: what cannot be read becomes U+FFFD.
// note says in plain words what was other than declared, "" where nothing was.
//
// The order of trust: a byte order mark, valid UTF-8, the declared charset, the
// likeliest charset of the bytes. GB2312 is read as GB18030, KS_C_5601 as CP949,
// ISO-2022-JP with the rows of NEC and IBM and half-width kana, Big5 with the
// characters of ETEN and HKSCS, iso-8859-1 as windows-1252.
func Decode(b []byte, declared string) (text, note string) {
	if len(b) == 0 {
		return "", ""
	}
	if text, ok := withMark(b); ok {
		return text, ""
	}
	l := find(declared)
	switch l.kind {
	case utf16Kind, utf32Kind:
		return decodeWide(b, l)
	case utf7Kind:
		return decodeUTF7(b), ""
	}
	if isASCII(b) {
		return decodeSevenBit(b, l)
	}
	if utf8.Valid(b) && !betterAs(b, l) {
		if l.kind == labelled {
			return string(b), "the text is UTF-8, not " + l.name
		}
		return string(b), ""
	}
	switch l.kind {
	case utf8Kind:
		return decodeBrokenUTF8(b)
	case iso2022Kind:
		return decodeISO2022(b, iso2022Start(l.name)), ""
	case labelled:
		return decodeLabelled(b, l)
	}
	name, text := guess(b)
	return text, "unlabelled text was read as " + name
}

// withMark decodes text that begins with a byte order mark.
func withMark(b []byte) (string, bool) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		if utf8.Valid(b) {
			return string(b[3:]), true
		}
	case bytes.HasPrefix(b, []byte("\xff\xfe")) && len(b) > 2:
		return utf16Text(b[2:], false), true
	case bytes.HasPrefix(b, []byte("\xfe\xff")) && len(b) > 2:
		return utf16Text(b[2:], true), true
	}
	return "", false
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// decodeSevenBit reads text without a high byte: plain ASCII but for the
// charsets that shift with escapes, which are told by their escapes alone, since
// their labels get lost as often as any.
func decodeSevenBit(b []byte, l label) (string, string) {
	switch {
	case l.kind == iso2022Kind:
		return decodeISO2022(b, iso2022Start(l.name)), ""
	case l.kind == hzKind:
		return decodeHZ(b), ""
	case hasShift(b):
		text := decodeISO2022(b, iso2022Start(""))
		if strings.ContainsRune(text, utf8.RuneError) {
			return string(b), ""
		}
		return text, "the text is ISO-2022, and its label did not say so"
	}
	return string(b), ""
}

// betterAs says whether b, which is valid UTF-8, is nevertheless meant in its
// declared charset: two bytes of GBK or Big5 can look like one Latin or Greek
// letter in UTF-8, and a short subject may consist of such pairs alone.
func betterAs(b []byte, l label) bool {
	if l.kind != labelled || !l.wide || len(b) > 64 {
		return false
	}
	for _, r := range string(b) {
		if r >= 0x800 {
			return false
		}
	}
	text := decodeWith(l.enc, b)
	return !strings.ContainsRune(text, utf8.RuneError) && share(text, l.name) > 0.6
}

// decodeBrokenUTF8 mends text that is UTF-8 but for some bytes, and guesses
// where it is not UTF-8 at all.
func decodeBrokenUTF8(b []byte) (string, string) {
	good, bad := 0, 0
	for rest := b; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 {
			bad++
		} else if n > 1 {
			good++
		}
		rest = rest[n:]
	}
	if good < bad {
		// Big5 and GBK are valid UTF-8 here and there by chance, Latin text hardly.
		if name, text := guess(b); isWideName(name) || good*4 < bad {
			return text, "the text is " + name + ", not UTF-8"
		}
	}
	return strings.ToValidUTF8(string(b), "\uFFFD"), "broken UTF-8 was mended"
}

// decodeLabelled trusts the label unless the bytes contradict it.
func decodeLabelled(b []byte, l label) (string, string) {
	text := decodeWith(l.enc, b)
	lost := strings.Count(text, "\uFFFD")
	if l.wide {
		if lost*10 <= highBytes(b) || lost == 1 {
			return text, ""
		}
	} else if !l.latin() || !looksWide(b) {
		return text, ""
	}
	name, other := guess(b)
	if name == l.name || (l.wide && strings.Count(other, "\uFFFD") >= lost) || (!l.wide && !isWideName(name)) {
		return text, ""
	}
	return other, "the text is " + name + ", not " + l.name
}

func highBytes(b []byte) int {
	n := 0
	for _, c := range b {
		if c >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

// decodeWith runs a decoder of x/text, which writes U+FFFD for what it cannot
// read and has no other error to give.
func decodeWith(e encoding.Encoding, b []byte) string {
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(out)
}
