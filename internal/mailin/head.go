package mailin

import (
	"bytes"
	"strings"
)

const (
	maxHead   = 512 << 10 // bytes of one header block that are read
	maxFields = 2000      // fields of one header block
	maxValue  = 64 << 10  // bytes of one field
)

// field is one header field, unfolded, its value as the bytes came.
type field struct{ name, raw string }

// splitHead parts a message or a MIME part into its header fields and its body.
// It takes LF and CRLF line ends, skips an mbox "From " line and lines of junk
// between fields, and begins the body at the first line that can be no header
// when the empty line is missing.
func splitHead(b []byte) (fields []field, body []byte) {
	read := 0
	var fold []byte // the continuation lines of the last field
	defer func() { fields = unfold(fields, fold) }()
	for first := true; len(b) > 0; first = false {
		line, rest := cutLine(b)
		switch {
		case len(line) == 0:
			return fields, rest
		case read > maxHead || len(fields) >= maxFields:
			return fields, afterHead(b)
		case line[0] == ' ' || line[0] == '\t':
			if len(bytes.TrimSpace(line)) == 0 && !goesOn(rest) {
				return fields, rest
			}
			if text := bytes.TrimSpace(line); len(text) > 0 && len(fields) > 0 {
				fold = append(append(fold, ' '), text[:min(len(text), max(0, maxValue-len(fold)))]...)
			}
		default:
			name, value, ok := cutField(line)
			switch {
			case ok:
				fields = append(unfold(fields, fold), field{name, value[:min(len(value), maxValue)]})
				fold = fold[:0]
			case first && isMboxLine(line):
			case !goesOn(rest):
				return fields, b
			}
		}
		read += len(b) - len(rest)
		b = rest
	}
	return fields, nil
}

// cutLine gives the first line without its end, and what follows.
func cutLine(b []byte) (line, rest []byte) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return bytes.TrimSuffix(b, []byte("\r")), nil
	}
	return bytes.TrimRight(b[:i], "\r"), b[i+1:]
}

// afterHead skips to the first empty line of a header block too long to read.
func afterHead(b []byte) []byte {
	for len(b) > 0 {
		line, rest := cutLine(b)
		if len(line) == 0 {
			return rest
		}
		b = rest
	}
	return nil
}

// unfold adds continuation lines to the last field (RFC 5322 §2.2.3).
func unfold(fields []field, fold []byte) []field {
	if len(fields) > 0 && len(fold) > 0 {
		last := &fields[len(fields)-1]
		last.raw = strings.TrimLeft(last.raw+string(fold), " ")
	}
	return fields
}

// isMboxLine tells the line that parts mails in an mbox file (RFC 4155).
func isMboxLine(line []byte) bool {
	return bytes.HasPrefix(bytes.TrimPrefix(line, []byte(">")), []byte("From "))
}

// goesOn says whether a header goes on behind a line that is none of it: within
// a few lines, and before an empty one, stands a field that mails have.
func goesOn(b []byte) bool {
	for n := 0; n < 5 && len(b) > 0; n++ {
		line, rest := cutLine(b)
		if len(line) == 0 {
			return false
		}
		if name, _, ok := cutField(line); ok && usualField(name) {
			return true
		}
		b = rest
	}
	return false
}

func usualField(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "from", "to", "cc", "subject", "date", "message-id", "reply-to", "sender", "received", "return-path", "references", "in-reply-to", "mime-version", "delivered-to", "dkim-signature":
		return true
	}
	return strings.HasPrefix(name, "content-") || strings.HasPrefix(name, "x-") || strings.HasPrefix(name, "list-")
}

// headLike says whether b begins with a header field.
func headLike(b []byte) bool {
	line, _ := cutLine(b)
	_, _, ok := cutField(line)
	return ok
}

// cutField splits a line at its colon, if what stands before is a field name.
func cutField(line []byte) (name, value string, ok bool) {
	i := bytes.IndexByte(line, ':')
	if i <= 0 || i > 200 {
		return "", "", false
	}
	n := bytes.TrimRight(line[:i], " \t")
	if len(n) == 0 {
		return "", "", false
	}
	for _, c := range n {
		if c <= ' ' || c >= 0x7f {
			return "", "", false
		}
	}
	return string(n), string(bytes.Trim(line[i+1:], " \t")), true
}
