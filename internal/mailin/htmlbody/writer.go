package htmlbody

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// line is one line as a reader sees it, with the nodes it is made of.
type line struct {
	text    string // one space between words, none around
	prefix  string // of a list item: indent and mark
	alt     string // what stands for the pictures of a line without text
	nodes   []*html.Node
	gap     bool // an empty line stands before
	rule    bool // a horizontal rule
	picture bool
	from    bool // a client marks: from here on quoted
	at      place
}

func (l *line) blank() bool { return l.text == "" && !l.picture }

// writer makes lines of text as it comes, piece by piece.
type writer struct {
	lines  []line
	cur    line
	buf    strings.Builder
	last   rune
	placed bool // cur.at is that of visible text

	space    int // 1: a space, 2: a line break in the source, before the next word
	brk, gap bool
	tab      bool // a cell begins
	edge     bool // nothing of the cell is written yet: no space above
	from     bool
	prefix   string
}

// breakLine ends the line if anything stands on it.
func (w *writer) breakLine(gap bool) {
	w.gap = w.gap || gap && !w.edge
	w.space = 0
	if len(w.cur.nodes) > 0 && !(w.edge && w.tab) {
		w.brk = true
	}
}

func (w *writer) push() {
	w.cur.text = strings.TrimSpace(w.buf.String())
	if len(w.cur.nodes) > 0 {
		w.lines = append(w.lines, w.cur)
	}
	w.cur, w.brk, w.placed, w.tab, w.space, w.last = line{}, false, false, false, 0, 0
	w.buf.Reset()
}

// attach adds a leaf to the line that is due.
func (w *writer) attach(n *html.Node, at place) {
	if w.brk {
		w.push()
	}
	if len(w.cur.nodes) == 0 {
		w.cur.gap, w.gap = w.gap, false
		w.cur.prefix, w.prefix = w.prefix, ""
		w.cur.from, w.from = w.from, false
		w.cur.at = at
	}
	w.cur.nodes = append(w.cur.nodes, n)
	w.edge = false
}

// text adds a text node.
func (w *writer) text(n *html.Node, at place) {
	if strings.Trim(n.Data, " \t\n\r\f") == "" && !at.pre {
		w.blank(n.Data)
		return
	}
	w.attach(n, at)
	if at.pre {
		w.preformatted(n.Data, at)
		return
	}
	for _, r := range n.Data {
		w.rune(r, at)
	}
}

// words adds text that stands in no node of its own, such as a link's target.
func (w *writer) words(s string, at place) {
	for _, r := range s {
		w.rune(r, at)
	}
}

func (w *writer) preformatted(s string, at place) {
	body := strings.TrimRight(s, "\r\n")
	for _, r := range body {
		if r == ' ' || r == '\t' {
			w.buf.WriteRune(r)
			w.space, w.last = 0, r
			continue
		}
		w.rune(r, at)
	}
	if len(body) < len(s) {
		w.push()
	}
}

func (w *writer) blank(s string) {
	if strings.Contains(s, "\n") {
		w.space = max(w.space, 2)
	} else if s != "" {
		w.space = 1
	}
}

func (w *writer) rune(r rune, at place) {
	switch {
	case r == ' ' || r == '\t' || r == '\r' || r == '\f' || isNarrow(r):
		if w.space == 0 || isNarrow(r) {
			w.space = 1
		}
		return
	case r == '\n':
		if w.space == 0 {
			w.space = 2
		}
		return
	case unseen(r):
		return
	}
	if !w.placed {
		w.cur.at, w.placed = at, true
	}
	if w.tab && w.buf.Len() > 0 {
		w.buf.WriteByte('\t')
	} else if w.space > 0 && w.buf.Len() > 0 && w.last != ' ' && w.last != '\t' && !(w.space == 2 && wide(w.last) && wide(r)) {
		w.buf.WriteByte(' ')
	}
	w.tab, w.space, w.last = false, 0, r
	w.buf.WriteRune(r)
}

// isNarrow: spaces that a browser doesn't fold; in plain text they are spaces.
func isNarrow(r rune) bool { return r == '\u00a0' || r == '\u2007' || r == '\u202f' }

// unseen: what shows nothing. The joiners U+200C and U+200D stay, since emoji and several scripts need them.
func unseen(r rune) bool {
	switch r {
	case '\u00ad', '\u034f', '\u180e', '\u200b', '\u2060', '\ufeff':
		return true
	}
	// marks of direction: they show nothing, and can make a line read as another
	if r == '\u200e' || r == '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
		return true
	}
	return unicode.IsControl(r)
}

// wide: scripts written without spaces, so that a line break in the source is no space (CSS Text 3, 4.1.2).
// Hangul has spaces.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo) ||
		r >= 0x3000 && r <= 0x303f || r >= 0xff01 && r <= 0xff60
}

// cell begins the next cell of a row: on the same line, where the cell before had one line.
func (w *writer) cell(oneLine bool) {
	if oneLine && len(w.cur.nodes) > 0 {
		w.brk, w.gap, w.tab, w.space = false, false, true, 0
		return
	}
	w.breakLine(false)
}
