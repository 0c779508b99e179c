package htmlbody

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// Bounds on what is read. A mail of a person stays far below them.
const (
	maxInput = 1 << 20 // bytes
	maxNodes = 50_000
	maxDepth = 200 // deeper elements lose their tags, not their text
)

// dataURL is a file written into the markup. It is never shown, and must not use up the room for words.
var dataURL = regexp.MustCompile(`(data:[a-zA-Z/+.-]{1,60};base64,)[A-Za-z0-9+/=%\s]+`)

// parse reads a body into a tree. It is not the HTML parser of a browser: that one repeats unclosed
// <font> and <b> in each paragraph, so that a small body can grow to millions of nodes, and x/net/html
// refuses more than 512 levels. Here each token makes one node at most, so time and memory stay in line
// with the input. Unknown attributes are forgotten; dropped elements are not in the tree.
func parse(src string) *html.Node {
	if len(src) > maxInput {
		src = dataURL.ReplaceAllString(src, "$1")
		src = src[:min(len(src), maxInput)]
	}
	src = strings.ToValidUTF8(src, "\uFFFD")
	root := &html.Node{Type: html.ElementNode, Data: "body"}
	b := &builder{open: []opened{{Node: root}}, count: map[string]int{}, skipped: map[string]int{}}
	z := html.NewTokenizer(strings.NewReader(src))
	for b.nodes < maxNodes {
		switch z.Next() {
		case html.ErrorToken:
			return root // the end, since reading from a string can't fail
		case html.TextToken:
			b.text(string(z.Text()))
		case html.StartTagToken:
			b.start(z.Token(), false)
		case html.SelfClosingTagToken:
			b.start(z.Token(), true)
		case html.EndTagToken:
			name, _ := z.TagName()
			b.end(string(name))
		}
	}
	return root
}

// opened is an element that is not closed yet.
type opened struct {
	*html.Node
	role role
	pre  bool // line breaks in its text count
}

type builder struct {
	open    []opened
	count   map[string]int // open elements by name
	skipped map[string]int // open elements beyond maxDepth
	nodes   int
}

func (b *builder) top() *opened { return &b.open[len(b.open)-1] }

// pop closes the open elements from i on.
func (b *builder) pop(i int) {
	for _, o := range b.open[i:] {
		b.count[o.Data]--
	}
	b.open = b.open[:i]
}

func (b *builder) add(n *html.Node) {
	b.nodes++
	b.top().AppendChild(n)
}

func (b *builder) text(s string) {
	if s == "" {
		return
	}
	if !b.top().pre {
		b.add(&html.Node{Type: html.TextNode, Data: s})
		return
	}
	// A line of preformatted text is a node, so that it can be cut by itself.
	for _, part := range strings.SplitAfter(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		if part != "" && b.nodes < maxNodes {
			b.add(&html.Node{Type: html.TextNode, Data: part})
		}
	}
}

func (b *builder) start(t html.Token, selfClosed bool) {
	name := t.Data
	if ignored.has(name) {
		return
	}
	if name == "image" {
		name = "img"
	}
	if closesP.has(name) {
		b.close(isP, isCellWall)
	}
	if ends, walls := implied(name); ends != 0 {
		b.close(ends, walls)
	}
	foreign := selfClosed && (strings.Contains(name, ":") || name == "svg" || name == "math")
	if voids.has(name) || foreign {
		if !dropped.has(name) && !foreign {
			b.add(element(name, t.Attr))
		}
		return
	}
	if len(b.open) > maxDepth {
		b.skipped[name]++
		return
	}
	n := element(name, t.Attr)
	if dropped.has(name) {
		b.nodes++
		n.Parent = nil // outside the tree: nobody will see what it holds
	} else {
		b.add(n)
	}
	b.open = append(b.open, opened{n, roles[name], b.top().pre || keepsSpace(n)})
	b.count[name]++
}

func element(name string, attrs []html.Attribute) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: name}
	for _, a := range attrs {
		if known.has(a.Key) && a.Namespace == "" && !hasAttr(n, a.Key) {
			n.Attr = append(n.Attr, a)
		}
	}
	return n
}

// close ends the nearest open element of ends, unless one of walls is met first.
func (b *builder) close(ends, walls role) {
	for i := len(b.open) - 1; i > 0; i-- {
		switch at := b.open[i].role; {
		case at&ends != 0:
			b.pop(i)
			return
		case at&walls != 0:
			return
		}
	}
}

// end reads an end tag. The end of an inline element doesn't reach beyond the block it stands in, the end of
// a block not beyond its cell: what is closed too often can't break out.
func (b *builder) end(name string) {
	if name == "br" {
		b.add(element("br", nil))
		return
	}
	if b.skipped[name] > 0 {
		b.skipped[name]--
		return
	}
	if b.count[name] == 0 {
		return
	}
	walls := wallsOf(name)
	for i := len(b.open) - 1; i > 0; i-- {
		if b.open[i].Data == name {
			b.pop(i)
			return
		}
		if b.open[i].role&walls != 0 {
			return
		}
	}
}

func wallsOf(name string) role {
	r := roles[name]
	switch {
	case r&isTable != 0:
		return 0
	case r&isTablePart != 0:
		return isTable
	case r&isBlock != 0, dropped.has(name):
		return isCellWall
	}
	return isBlock
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
