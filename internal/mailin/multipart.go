package mailin

import (
	"bytes"
	"strings"
)

// splitParts cuts the body of a multipart at its delimiter lines (RFC 2046
// §5.1.1). A boundary that is missing, or that occurs nowhere, is guessed from
// the first line that looks like one. preamble is what stands before the parts.
func splitParts(body []byte, boundary string) (pieces [][]byte, preamble []byte, closed bool) {
	boundary = strings.TrimRight(boundary, " \t")
	pieces, preamble, closed = cutAt(body, boundary)
	if len(pieces) == 0 {
		if guess := guessBoundary(body); guess != "" && guess != boundary {
			return cutAt(body, guess)
		}
	}
	return pieces, preamble, closed
}

func cutAt(body []byte, boundary string) (pieces [][]byte, preamble []byte, closed bool) {
	preamble = body
	if boundary == "" {
		return nil, preamble, false
	}
	mark := []byte("--" + boundary)
	start, open := 0, false
	for pos := 0; pos < len(body); {
		at := lineWith(body, mark, pos)
		if at < 0 {
			break
		}
		line, rest := cutLine(body[at:])
		pos = len(body) - len(rest)
		tail := bytes.TrimRight(line[len(mark):], " \t")
		if len(tail) > 0 && string(tail) != "--" {
			continue
		}
		if open {
			pieces = append(pieces, withoutEnd(body[start:at]))
		} else if len(pieces) == 0 {
			preamble = body[:at]
		}
		open = len(tail) == 0
		closed = !open
		start = pos
		if len(pieces) > MaxParts {
			return pieces, preamble, true
		}
	}
	if open && start < len(body) {
		last := body[start:]
		if end := bytes.TrimRight(last, " \t\r\n"); bytes.HasSuffix(end, append(mark, "--"...)) {
			last, closed = end[:len(end)-len(mark)-2], true // a delimiter without its line end before it
		}
		pieces = append(pieces, last)
	}
	return pieces, preamble, closed
}

// lineWith finds the next line, at or behind pos, that begins with mark; pos is
// the beginning of a line.
func lineWith(body, mark []byte, pos int) int {
	if bytes.HasPrefix(body[pos:], mark) {
		return pos
	}
	i := bytes.Index(body[pos:], append([]byte("\n"), mark...))
	if i < 0 {
		return -1
	}
	return pos + i + 1
}

// withoutEnd removes the line end that belongs to the delimiter.
func withoutEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}

// guessBoundary takes the first line "--something" that a header or an empty
// line follows.
func guessBoundary(body []byte) string {
	for lines := 0; len(body) > 0 && lines < 200; lines++ {
		line, rest := cutLine(body)
		mark := bytes.TrimRight(line, " \t")
		if len(mark) > 4 && len(mark) < 200 && bytes.HasPrefix(mark, []byte("--")) && headLike(rest) {
			if name, _, _ := cutField(rest[:max(0, bytes.IndexByte(rest, '\n'))]); strings.HasPrefix(strings.ToLower(name), "content-") {
				return string(mark[2:])
			}
		}
		body = rest
	}
	return ""
}
