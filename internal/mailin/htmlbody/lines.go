package htmlbody

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// place is where a leaf stands.
type place struct {
	cite    *html.Node // outermost blockquote that may be a quote
	quote   *html.Node // outermost element marked as quoted
	box     *html.Node // outermost element with a line above
	until   *html.Node // the first quote of a markBox: what stands before it introduces it
	depth   int        // blockquotes around it that may be quotes
	intro   bool
	sign    bool
	forward bool
	bold    bool
	pre     bool
	tiny    bool
}

// walker reads a tree into lines.
type walker struct {
	writer
	targets bool                // write where links lead
	lists   []int               // of each open list: the number of its next item, 0 for dots
	cellAt  int                 // lines when the cell began
	quotes  map[*html.Node]bool // blockquotes met
}

// maxLines bounds what is read of a body, in lines.
const maxLines = 5000

// readLines gives the visible lines of a tree.
func readLines(root *html.Node, targets bool) []line {
	w := &walker{targets: targets, quotes: map[*html.Node]bool{}}
	w.children(root, place{})
	w.push()
	return w.lines
}

func (w *walker) children(n *html.Node, at place) {
	for c := n.FirstChild; c != nil && len(w.lines) < maxLines; c = c.NextSibling {
		w.visit(c, at)
	}
}

func (w *walker) visit(n *html.Node, at place) {
	if at.until != nil {
		at.intro = !w.quotes[at.until]
	}
	if n.Type == html.TextNode {
		if !at.tiny {
			w.text(n, at)
		}
		return
	}
	if hidden(n) {
		return
	}
	if n.Data == "blockquote" {
		w.quotes[n] = true
	}
	m := markOf(n)
	at = at.in(n, m)
	switch n.Data {
	case "br":
		w.attach(n, at)
		w.push()
		return
	case "hr":
		w.from = w.from || m == markFrom
		w.breakLine(true)
		w.attach(n, at)
		w.cur.rule = true
		w.breakLine(true)
		return
	case "img":
		w.picture(n, at)
		return
	}
	if m == unmarked && !blocks.has(n.Data) {
		w.inline(n, at)
		return
	}
	w.block(n, m, at)
}

func (w *walker) inline(n *html.Node, at place) {
	w.children(n, at)
	if w.targets && n.Data == "a" && !at.tiny {
		if to := target(n); to != "" {
			w.space = 1
			w.words("("+to+")", at)
		}
	}
}

// block reads an element that begins and ends a line. What a client has marked is a block in any case.
func (w *walker) block(n *html.Node, m mark, at place) {
	gap := spaced.has(n.Data) && !tight(n)
	switch n.Data {
	case "td", "th":
		w.cell(len(w.lines) == w.cellAt && precededByCell(n))
		w.cellAt = len(w.lines)
		if w.brk {
			w.cellAt++
		}
		w.edge = true
		w.children(n, at)
		w.edge = false
		w.breakLine(false)
		w.gap = false
		return
	case "ul", "ol", "menu", "dir":
		gap = len(w.lists) == 0
		w.lists = append(w.lists, firstNumber(n))
		defer func() { w.lists = w.lists[:len(w.lists)-1] }()
	}
	w.breakLine(gap)
	if m == markFrom {
		w.from = true
	}
	if n.Data == "li" {
		w.prefix = w.item()
	}
	w.children(n, at)
	w.breakLine(gap)
}

func precededByCell(n *html.Node) bool {
	for p := n.PrevSibling; p != nil; p = p.PrevSibling {
		if cells.has(p.Data) {
			return true
		}
	}
	return false
}

func firstNumber(list *html.Node) int {
	if list.Data != "ol" {
		return 0
	}
	start := 1
	if s := attr(list, "start"); len(s) < 6 {
		_, _ = fmt.Sscanf(s, "%d", &start) // without a number it stays 1
	}
	return max(start, 1)
}

func (w *walker) item() string {
	if len(w.lists) == 0 {
		return "- "
	}
	last := len(w.lists) - 1
	indent := strings.Repeat("  ", min(last, 10))
	if w.lists[last] == 0 {
		return indent + "- "
	}
	w.lists[last]++
	return fmt.Sprintf("%s%d. ", indent, w.lists[last]-1)
}

// picture reads an image: an emoji that a client sends as one is text.
func (w *walker) picture(n *html.Node, at place) {
	if trackingPixel(n) || at.tiny && attr(n, "src") == "" {
		return
	}
	w.attach(n, at)
	alt := strings.TrimSpace(attr(n, "alt"))
	if emoji := attr(n, "data-emoji"); emoji != "" {
		alt = emoji
	}
	if symbols(alt) {
		w.words(alt, at)
		return
	}
	w.cur.picture = true
	if alt != "" && len(alt) < 300 && len(w.cur.alt) < 1000 {
		w.cur.alt = strings.TrimSpace(w.cur.alt + " [" + strings.Join(strings.Fields(alt), " ") + "]")
	}
}

// symbols tells whether s is a few emoji or smileys and no words.
func symbols(s string) bool {
	if s == "" || len(s) > 40 {
		return false
	}
	for _, r := range s {
		if r >= 0x2190 && r < 0x2e80 || r >= 0x1f000 || r == 0x200d || r == 0xfe0f {
			return true
		}
	}
	return false
}

func trackingPixel(n *html.Node) bool {
	w, h := strings.TrimSuffix(attr(n, "width"), "px"), strings.TrimSuffix(attr(n, "height"), "px")
	s := styles(n)
	if w == "" {
		w = strings.TrimSuffix(s["width"], "px")
	}
	if h == "" {
		h = strings.TrimSuffix(s["height"], "px")
	}
	return (w == "0" || w == "1" || w == "2") && (h == "0" || h == "1" || h == "2")
}

// in gives the place within an element.
func (at place) in(n *html.Node, m mark) place {
	if yes, ok := tiny(n); ok {
		at.tiny = yes
	}
	at.pre = at.pre || keepsSpace(n)
	at.bold = at.bold || bold(n)
	if at.box == nil && topLine(n) {
		at.box = n
	}
	if n.Data == "blockquote" {
		at.intro, at.until = false, nil
		if at.depth < 10 && citeOf(n) != citeNever {
			at.depth++
			if at.cite == nil {
				at.cite = n
			}
		}
	}
	switch m {
	case markQuote:
		if at.quote == nil {
			at.quote = n
		}
	case markBox:
		if first := boxQuote(n); first != nil {
			at.until = first
		} else if at.quote == nil {
			at.quote = n
		}
	case markIntro:
		at.intro = true
	case markSign:
		at.sign = true
	case markForward:
		at.forward = true
	}
	return at
}

// target is where a link leads, when its words don't say so.
func target(n *html.Node) string {
	href := strings.TrimSpace(attr(n, "href"))
	if !safeLink.MatchString(href) || len(href) > 2000 {
		return ""
	}
	shown := bareURL(strings.Join(strings.Fields(textOf(n, 0)), ""))
	if shown == bareURL(href) || shown == "" {
		return ""
	}
	if rest, ok := strings.CutPrefix(href, "mailto:"); ok {
		href, _, _ = strings.Cut(rest, "?")
		if strings.EqualFold(href, shown) {
			return ""
		}
	}
	return strings.TrimPrefix(href, "tel:")
}

func bareURL(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, p := range []string{"https://", "http://", "mailto:", "tel:", "www."} {
		s = strings.TrimPrefix(s, p)
	}
	return strings.TrimSuffix(s, "/")
}

// textOf joins the text nodes of a small tree.
func textOf(n *html.Node, depth int) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if depth > 20 {
		return ""
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil && b.Len() < 4000; c = c.NextSibling {
		b.WriteString(textOf(c, depth+1))
	}
	return b.String()
}
