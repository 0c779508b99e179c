package htmlbody

import (
	"slices"

	"golang.org/x/net/html"

	"github.com/pocketdesk/pocketdesk/internal/mailin/reply"
)

// blockquotes decides the ones that told nothing: with an introduction they are quotes; at the end, below new
// words, too; else they are the author's own.
func (c *cutter) blockquotes(end int) {
	if !slices.Contains(c.class[:end], maybe) {
		return
	}
	last := c.lastFresh(end)
	for i := 0; i < end; i++ {
		if c.class[i] != maybe {
			continue
		}
		cite := c.lines[i].at.cite
		to := c.blockEnd(i, end, cite)
		k := fresh
		if c.introducedAt(i) || i > last && last >= 0 && citeOf(cite) == citeMaybe {
			k = quoted
		}
		for j := i; j < to; j++ {
			if c.class[j] == maybe {
				c.class[j] = k
			}
		}
	}
}

func (c *cutter) blockEnd(i, end int, cite *html.Node) int {
	for i < end && c.lines[i].at.cite == cite {
		i++
	}
	return i
}

// introducedAt tells whether the lines before i are an introduction.
func (c *cutter) introducedAt(i int) bool {
	for i--; i >= 0; i-- {
		switch c.class[i] {
		case empty:
			continue
		case intro:
			return true
		}
		return false
	}
	return false
}

// lastFresh is the last line with new words that are no signature; -1 for none.
func (c *cutter) lastFresh(end int) int {
	sign := signatures(c.lines[:end], func(i int) bool { return c.class[i] == fresh })
	for i := end - 1; i >= 0; i-- {
		if c.class[i] == fresh && !sign[i] {
			return i
		}
	}
	return -1
}

// between keeps the quotes that answers stand between: "yes" alone says nothing. One quote with words before
// or after it is no such mail.
func (c *cutter) between(end int) {
	if !slices.Contains(c.class[:end], quoted) {
		return
	}
	last, runs, in := c.lastFresh(end), 0, false
	for i := 0; i < last; i++ {
		switch c.class[i] {
		case quoted:
			if !in {
				runs++
			}
			in = true
		case fresh:
			in = false
		}
	}
	if runs < 2 {
		return
	}
	c.inline = true
	for i := 0; i < last; i++ {
		if c.class[i] == quoted {
			c.class[i] = context
		}
	}
}

func (c *cutter) anyFresh() bool {
	for i, k := range c.class {
		l := &c.lines[i]
		if k == fresh && !l.blank() && (l.picture || !reply.Device(l.text) && !l.at.sign) {
			return true
		}
	}
	return false
}

// nothingNew: a head without words above it is a mail handed on by a program that marks both alike, so it
// stays. What answers and says nothing is an empty answer.
func (c *cutter) nothingNew(end int) {
	if c.reply || end == len(c.lines) || slices.Contains(c.class, intro) {
		return
	}
	c.restore(end)
}

// keeps tells whether line i stays in the new part.
func (c *cutter) keeps(i int) bool {
	return c.class[i] == fresh || c.class[i] == empty || c.class[i] == context
}
