package charset

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decodeWide reads UTF-16 and UTF-32, and lets go of the label where the bytes
// are plainly something else: HTML copied from a file keeps its old label.
func decodeWide(b []byte, l label) (string, string) {
	zeros := 0
	for _, c := range b {
		if c == 0 {
			zeros++
		}
	}
	if zeros == 0 && utf8.Valid(b) && (isASCII(b) || len(b)%2 == 1) {
		return string(b), "the text is UTF-8, not " + l.name
	}
	big := strings.HasSuffix(l.name, "be") || (!strings.HasSuffix(l.name, "le") && bigEndian(b))
	if l.kind == utf32Kind {
		return utf32Text(b, big), ""
	}
	return utf16Text(b, big), ""
}

// bigEndian guesses the byte order by where the zero bytes of ASCII characters
// stand; without any it is big endian, as RFC 2781 says.
func bigEndian(b []byte) bool {
	even, odd := 0, 0
	for i, c := range b {
		if c == 0 || c == 0x30 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	return even >= odd
}

func utf16Text(b []byte, big bool) string {
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		if big {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		} else {
			units = append(units, uint16(b[i+1])<<8|uint16(b[i]))
		}
	}
	out := strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff")
	if len(b)%2 == 1 {
		out += "\uFFFD"
	}
	return out
}

func utf32Text(b []byte, big bool) string {
	var out strings.Builder
	for i := 0; i+3 < len(b); i += 4 {
		r := rune(b[i])<<24 | rune(b[i+1])<<16 | rune(b[i+2])<<8 | rune(b[i+3])
		if !big {
			r = rune(b[i+3])<<24 | rune(b[i+2])<<16 | rune(b[i+1])<<8 | rune(b[i])
		}
		if r == 0xfeff && i == 0 {
			continue
		}
		if !utf8.ValidRune(r) {
			r = utf8.RuneError
		}
		out.WriteRune(r)
	}
	if len(b)%4 != 0 {
		out.WriteRune(utf8.RuneError)
	}
	return out.String()
}

// decodeUTF7 reads UTF-7 (RFC 2152). A stretch that is no Base64 of UTF-16 stays
// as it was written.
func decodeUTF7(b []byte) string {
	var out strings.Builder
	s := string(b)
	for {
		i := strings.IndexByte(s, '+')
		if i < 0 {
			break
		}
		out.WriteString(s[:i])
		s = s[i+1:]
		n := 0
		for n < len(s) && isBase64(s[n]) {
			n++
		}
		out.WriteString(shifted(s[:n], n < len(s) && s[n] == '-'))
		s = s[n:]
		s = strings.TrimPrefix(s, "-")
	}
	out.WriteString(s)
	return strings.ToValidUTF8(out.String(), "\uFFFD")
}

// shifted decodes one stretch between "+" and its end; closed says that a "-"
// ended it.
func shifted(code string, closed bool) string {
	if code == "" {
		return "+"
	}
	raw, err := base64.RawStdEncoding.DecodeString(code[:len(code)-len(code)%4+usable(len(code)%4)])
	if err != nil || len(raw) < 2 {
		if closed {
			return "+" + code + "-"
		}
		return "+" + code
	}
	return utf16Text(raw[:len(raw)&^1], true)
}

// usable is how many of the last characters, fewer than four, make whole bytes.
func usable(n int) int {
	if n == 1 {
		return 0
	}
	return n
}

func isBase64(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/'
}
