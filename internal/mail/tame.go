package mail

import (
	"regexp"
	"strings"
)

// guard stands before what must not be read as Markdown; it is never shown.
const guard = "\uE000"

var (
	// A line that Markdown would read as a list or a heading, and a person
	// wouldn't: a lone number or dash, a date, "# 12", a footnote's star.
	plainLine = regexp.MustCompile(`^ *(?:#{1,6}(?:[ \t]+\d|[ \t]*$)|[+*](?:[ \t]|$)|-[ \t]*$|\d{1,9}[.)][ \t]*$|\d{4,9}[.)]|(?:-|\d{1,3}[.)])[ \t]+(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$))`)
	listLine  = regexp.MustCompile(`^ *(?:-|\d{1,3}[.)])[ \t]`)
	quoteLine = regexp.MustCompile(`^ *>`)
	// As many quotes and lists in one another as are followed. What stands behind
	// them is text: each level costs the parser, and the reader's program, more.
	deepest = regexp.MustCompile(`^(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])){12}`)
)

// tame prepares a text for the Markdown parser. Markdown takes a line right
// below a list or a quote into it; whoever writes a mail means a new paragraph.
func tame(source string) string {
	lines := strings.Split(strings.ReplaceAll(source, guard, ""), "\n")
	out := make([]string, 0, len(lines))
	inside := "" // list or quote
	for _, line := range lines {
		if inside != "list" { // the parser has no rule for text that begins far to the right
			line = strings.TrimLeft(line, " \t")
		}
		kind := ""
		switch {
		case plainLine.MatchString(line):
			indent := len(line) - len(strings.TrimLeft(line, " "))
			line = line[:indent] + guard + line[indent:]
		case listLine.MatchString(line):
			kind = "list"
		case quoteLine.MatchString(line):
			kind = "quote"
		}
		if end := deepest.FindStringIndex(line); end != nil {
			line = line[:end[1]] + guard + line[end[1]:]
		}
		blank := strings.TrimSpace(line) == ""
		indented := strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t")
		switch {
		case blank:
			inside = ""
		case inside == "list" && kind == "" && indented:
			kind = inside // belongs to the item above
		case inside != "" && kind != inside:
			out = append(out, "")
		}
		if !blank {
			inside = kind
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}
