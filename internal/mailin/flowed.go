package mailin

import "strings"

// unflow joins the lines of format=flowed text (RFC 3676): a line that ends in
// a space goes on in the next one of the same quote depth. delsp says that the
// space is not part of the text, as in Chinese and Japanese. The signature line
// "-- " ends a paragraph, and stuffed spaces are removed.
func unflow(s string, delsp bool) string {
	var (
		out   strings.Builder
		depth int
		open  bool // the last line flows on
	)
	out.Grow(len(s))
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		d := 0
		for d < len(line) && line[d] == '>' {
			d++
		}
		text := strings.TrimPrefix(line[d:], " ")
		signature := text == "-- "
		switch {
		case open && d == depth && !signature:
		default:
			if i > 0 {
				out.WriteByte('\n')
			}
			if d > 0 {
				out.WriteString(strings.Repeat(">", d) + " ")
			}
		}
		depth = d
		open = strings.HasSuffix(text, " ") && !signature && i+1 < len(lines)
		if open && delsp {
			text = text[:len(text)-1]
		}
		out.WriteString(text)
	}
	return out.String()
}
