package mailin

import (
	"bytes"
	"strings"
)

// undo reverses a Content-Transfer-Encoding (RFC 2045 §6). Names that are not
// known mean that the bytes are taken as they are. ok is false where the bytes
// are plainly not in the encoding that was named.
func undo(body []byte, encoding string) (out []byte, ok bool) {
	switch name := strings.ToLower(strings.Trim(encoding, " \t\"';")); {
	case name == "base64" || name == "b":
		out, ok = base64Loose(body)
		if !ok && len(bytes.TrimSpace(body)) > 0 {
			return body, false
		}
		return out, true
	case name == "quoted-printable" || name == "q" || name == "quoted printable":
		return quotedPrintable(body), true
	case strings.HasSuffix(name, "uuencode") || strings.HasSuffix(name, "uue"):
		if files, _ := cutUU(string(body)); len(files) > 0 {
			return files[0].Data, true
		}
		return body, false
	}
	return body, true
}

// base64Loose decodes Base64 as mail has it: without padding, with padding in
// the middle where pieces were joined, with stray spaces. Lines of other text,
// such as the footer of a mailing list, are left out. ok is false when the
// bytes are no Base64 at all.
func base64Loose(b []byte) (out []byte, ok bool) {
	out = make([]byte, 0, len(b)/4*3+3)
	var acc uint32
	n, bad, good := 0, 0, 0
	for len(b) > 0 {
		line, rest := cutLine(b)
		b = rest
		if strange(line) {
			if good == 0 {
				bad += len(line)
			}
			continue
		}
		padded := false
		for _, c := range line {
			v := base64Value[c]
			if padded && (c == ' ' || c == '\t') {
				break // words behind the end of the code
			}
			padded = c == '='
			switch {
			case v < 64:
				acc = acc<<6 | uint32(v)
				good++
				if n++; n == 4 {
					out = append(out, byte(acc>>16), byte(acc>>8), byte(acc))
					acc, n = 0, 0
				}
			case c == '=':
				out = flush64(out, acc, n)
				acc, n = 0, 0
			}
		}
	}
	return flush64(out, acc, n), good > bad
}

// flush64 writes the last two or three characters of a group.
func flush64(out []byte, acc uint32, n int) []byte {
	switch n {
	case 2:
		return append(out, byte(acc>>4))
	case 3:
		return append(out, byte(acc>>10), byte(acc>>2))
	}
	return out
}

// strange says whether a line is not Base64: more than a few characters are of
// no use to it.
func strange(line []byte) bool {
	odd := 0
	for _, c := range line {
		if base64Value[c] == 255 && c != '=' && c != '\t' && c != ' ' {
			odd++
		}
	}
	inner := bytes.Count(bytes.TrimSpace(line), []byte(" "))
	return odd*8 > len(line) || odd+inner > 3 && (odd+inner)*16 > len(line)
}

// base64Value holds the value of every Base64 character and 255 for all others.
var base64Value = func() (t [256]byte) {
	for i := range t {
		t[i] = 255
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = byte(i)
	}
	return t
}()

// quotedPrintable decodes RFC 2045 §6.7; an "=" that begins no code stays.
func quotedPrintable(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		end := bytes.IndexByte(b, '\n')
		line, rest, newline := b, []byte(nil), false
		if end >= 0 {
			line, rest, newline = b[:end], b[end+1:], true
		}
		cr := newline && bytes.HasSuffix(line, []byte("\r"))
		line = bytes.TrimRight(line, " \t\r")
		soft := bytes.HasSuffix(line, []byte("=")) && (newline || len(rest) == 0)
		if soft {
			line = line[:len(line)-1]
		}
		for i := 0; i < len(line); i++ {
			if line[i] == '=' && i+2 < len(line) && isHex(line[i+1]) && isHex(line[i+2]) {
				out = append(out, unhex(line[i+1])<<4|unhex(line[i+2]))
				i += 2
				continue
			}
			out = append(out, line[i])
		}
		if newline && !soft {
			if cr {
				out = append(out, '\r')
			}
			out = append(out, '\n')
		}
		b = rest
	}
	return out
}
