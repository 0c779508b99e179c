package htmlbody

import (
	"strings"

	"golang.org/x/net/html"

	"github.com/pocketdesk/pocketdesk/internal/mailin/reply"
)

// class is what a line is in the end.
type class int

const (
	fresh    class = iota
	empty          // nothing, or a rule
	intro          // "On … wrote:"
	quoted         // somebody else's words
	maybe          // a blockquote that tells nothing
	context        // quoted, and kept: the answers stand between
	askAbove       // "reply above this line"
)

// cutter sorts the lines of a mail.
type cutter struct {
	lines   []line
	class   []class
	forward bool // the mail hands another one on: from there all stays
	reply   bool // what was cut is known to be an answer's quote, not a forwarded mail
	inline  bool // answers between quotes
}

// sortLines tells for each line whether it is new.
func sortLines(lines []line) *cutter {
	c := &cutter{lines: lines, class: make([]class, len(lines))}
	c.byPlace()
	end := c.tail()
	c.introductions(end)
	c.blockquotes(end)
	c.between(end)
	if !c.anyFresh() {
		c.nothingNew(end)
	}
	return c
}

// byPlace gives each line the class that its place tells.
func (c *cutter) byPlace() {
	cites := map[*html.Node]class{}
	for i := range c.lines {
		l := &c.lines[i]
		switch {
		case l.at.quote != nil:
			c.class[i] = quoted
		case l.at.cite != nil:
			k, ok := cites[l.at.cite]
			if !ok {
				k = citeClass(c.lines, i)
				cites[l.at.cite] = k
			}
			c.class[i] = k
		case strings.HasPrefix(l.text, ">") && !strings.HasPrefix(l.text, ">>>>"):
			c.class[i] = quoted
		case l.blank():
			c.class[i] = empty
		case l.at.intro:
			c.class[i] = intro
		}
	}
}

// citeClass judges a blockquote by its tag and its first line.
func citeClass(lines []line, i int) class {
	cite := lines[i].at.cite
	if citeOf(cite) == citeSure {
		return quoted
	}
	for i < len(lines)-1 && lines[i].text == "" && lines[i+1].at.cite == cite {
		i++
	}
	for j := i; j < len(lines) && j < i+4 && lines[j].at.cite == cite; j++ {
		if s := introStart(lines, j, isIntro); s >= i {
			return quoted
		}
	}
	if isHead(lines, i) || isOriginal(lines[i].text) {
		return quoted
	}
	return maybe
}

// maxMark bounds a line that parts old from new, in bytes.
const maxMark = 300

func isOriginal(text string) bool { return len(text) <= maxMark && original.MatchString(text) }

// tail finds the line from which all is quoted, or forwarded: c.forward tells. It gives the number of lines
// where there is no such line.
func (c *cutter) tail() int {
	for i := range c.lines {
		l := &c.lines[i]
		if c.handsOn(i) {
			c.restore(i)
			return i
		}
		if c.class[i] == quoted || c.class[i] == maybe {
			if l.from {
				return c.cutFrom(i, i)
			}
			continue
		}
		if l.from {
			return c.cutFrom(i, i)
		}
		if l.blank() {
			continue
		}
		if len(l.text) <= maxMark && (reply.Above(l.text) || strings.HasPrefix(l.text, "##") && hashes.MatchString(l.text)) {
			c.class[i] = askAbove
			if c.freshBefore(i) {
				c.reply = true
				return c.cutFrom(i, i)
			}
			continue
		}
		if isOriginal(l.text) || isHead(c.lines, i) || isBox(c.lines, i) {
			return c.cutFrom(i, i)
		}
		if s := introStart(c.lines, i, isIntro); s >= 0 && !c.quoteFollows(i) && c.class[i] != intro {
			c.reply = true
			return c.cutFrom(s, i)
		}
	}
	return len(c.lines)
}

// restore marks all lines from start on as the person's own: they hand it on.
func (c *cutter) restore(start int) {
	c.forward = true
	for i := start; i < len(c.lines); i++ {
		c.class[i] = fresh
		if c.lines[i].blank() {
			c.class[i] = empty
		}
	}
}

// handsOn tells whether a forwarded mail begins at line i.
func (c *cutter) handsOn(i int) bool {
	l := &c.lines[i]
	if l.at.forward {
		return true
	}
	if l.text == "" || len(l.text) > maxMark || !forwarded.MatchString(l.text) {
		return false
	}
	if c.class[i] != quoted && c.class[i] != maybe {
		return true
	}
	// In a quote only as its very first words, and without an introduction: else it is the answer to a
	// mail that was forwarded.
	for k := i - 1; k >= 0; k-- {
		if c.lines[k].blank() {
			continue
		}
		return c.class[k] == fresh && introStart(c.lines, k, isWeakIntro) < 0
	}
	return true
}

// cutFrom marks all lines from start on as quoted, with the rules, drawn or typed, and empty lines before. Line
// known is the one that told so.
func (c *cutter) cutFrom(start, known int) int {
	for start > 0 && (c.class[start-1] == empty || c.class[start-1] == fresh && ruler.MatchString(c.lines[start-1].text)) {
		start--
	}
	for i := start; i < len(c.lines); i++ {
		if i >= known && c.lines[i].at.intro {
			c.reply = true
		}
		c.class[i] = quoted
	}
	return start
}

func (c *cutter) freshBefore(i int) bool {
	for k := 0; k < i; k++ {
		if c.class[k] == fresh && !reply.Device(c.lines[k].text) {
			return true
		}
	}
	return false
}

// quoteFollows tells whether the next line with words after i is quoted.
func (c *cutter) quoteFollows(i int) bool {
	for i++; i < len(c.lines); i++ {
		switch c.class[i] {
		case quoted, maybe:
			return true
		case empty:
			continue
		}
		return false
	}
	return false
}

// introductions marks what stands before each quote and introduces it.
func (c *cutter) introductions(end int) {
	for i := 0; i < end; i++ {
		if c.class[i] != fresh || !c.quoteFollows(i) {
			continue
		}
		if s := introStart(c.lines, i, isIntro); s >= 0 {
			c.mark(s, i)
		} else if s := introStart(c.lines, i, isWeakIntro); s >= 0 && len(c.lines[i].text) < 300 {
			c.mark(s, i)
		}
	}
}

func (c *cutter) mark(from, to int) {
	for i := from; i <= to; i++ {
		if c.class[i] == fresh {
			c.class[i] = intro
		}
	}
}
