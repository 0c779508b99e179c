package mailin

import (
	"regexp"
	"strings"
)

const maxUU = 30 // uuencoded files taken out of one text

var uuBegin = regexp.MustCompile(`^begin [0-7]{3,4} ([^\r\n]{1,250})$`)

// cutUU takes uuencoded files (POSIX uuencode) out of a text and gives the text
// that is left. A block counts when its lines decode and it has an end.
func cutUU(text string) (files []Attachment, rest string) {
	var out strings.Builder
	for pos := 0; len(files) < maxUU; {
		at := nextBegin(text, pos)
		if at < 0 {
			break
		}
		line, body, _ := strings.Cut(text[at:], "\n")
		pos = at + len(line) + 1
		begin := uuBegin.FindStringSubmatch(strings.TrimRight(line, "\r"))
		if begin == nil || len(body) == 0 {
			continue
		}
		data, n := uuLines(body)
		if n == 0 {
			continue
		}
		name := strings.TrimSpace(begin[1])
		files = append(files, Attachment{Name: fileName(name), Type: typeByName(name), Data: data})
		out.WriteString(text[:at])
		text, pos = strings.TrimLeft(body[n:], "\r\n"), 0
	}
	out.WriteString(text)
	return files, out.String()
}

// nextBegin finds the next line that may begin a block, -1 if there is none.
func nextBegin(text string, pos int) int {
	if pos > len(text) {
		return -1
	}
	if pos == 0 && strings.HasPrefix(text, "begin") {
		return 0
	}
	from := max(0, pos-1)
	i := strings.Index(text[from:], "\nbegin")
	if i < 0 {
		return -1
	}
	return from + i + 1
}

// uuLines decodes up to and with the "end" line; n is 0 where there is no valid
// block.
func uuLines(s string) (data []byte, n int) {
	for pos := 0; pos < len(s); {
		line, _, found := strings.Cut(s[pos:], "\n")
		size := len(line)
		if found {
			size++
		}
		line = strings.TrimRight(line, "\r")
		pos += size
		if line == "end" {
			return data, pos
		}
		if line == "" || line == "`" || line == " " {
			continue
		}
		want := int(line[0]-' ') & 63
		length := (want + 2) / 3 * 4
		if line[0] < ' ' || line[0] > '`' || len(line)-1 > length+2 || want > 45 {
			return nil, 0
		}
		if short := length - (len(line) - 1); short > 0 {
			line += strings.Repeat(" ", short) // spaces at the end get lost
		}
		data = appendUU(data, line[1:1+length], want)
	}
	return nil, 0
}

// appendUU decodes one line of want bytes, whose code is whole groups of four.
func appendUU(data []byte, code string, want int) []byte {
	for ; len(code) >= 4 && want > 0; code = code[4:] {
		var acc uint32
		for i := range 4 {
			acc = acc<<6 | uint32(code[i]-' ')&63
		}
		group := [...]byte{byte(acc >> 16), byte(acc >> 8), byte(acc)}
		n := min(want, 3)
		data = append(data, group[:n]...)
		want -= n
	}
	return data
}
