package htmlbody

import (
	"strings"

	"golang.org/x/net/html"
)

// render writes the part of a tree that holds the wanted leaves.
func render(root *html.Node, wanted map[*html.Node]bool) string {
	if len(wanted) == 0 {
		return ""
	}
	r := &renderer{wanted: wanted, holds: map[*html.Node]bool{}}
	r.find(root)
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		r.node(c)
	}
	return strings.TrimSpace(r.b.String())
}

type renderer struct {
	b      strings.Builder
	wanted map[*html.Node]bool
	holds  map[*html.Node]bool // elements with a wanted leaf
}

func (r *renderer) find(n *html.Node) bool {
	found := r.wanted[n]
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if r.find(c) {
			found = true
		}
	}
	if found {
		r.holds[n] = true
	}
	return found
}

func (r *renderer) node(n *html.Node) {
	if n.Type == html.TextNode {
		if r.wanted[n] || strings.TrimSpace(n.Data) == "" {
			r.b.WriteString(html.EscapeString(n.Data))
		}
		return
	}
	cell := cells.has(n.Data) && r.holds[n.Parent] // an empty cell holds its column
	if !r.holds[n] && !cell {
		return
	}
	openTag(&r.b, n.Data, n.Attr)
	if voids.has(n.Data) {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.node(c)
	}
	closeTag(&r.b, n.Data)
}

func openTag(b *strings.Builder, name string, attrs []html.Attribute) {
	b.WriteByte('<')
	b.WriteString(name)
	for _, a := range attrs {
		b.WriteByte(' ')
		b.WriteString(a.Key)
		b.WriteString(`="`)
		b.WriteString(html.EscapeString(a.Val))
		b.WriteByte('"')
	}
	if voids.has(name) {
		b.WriteByte('/')
	}
	b.WriteByte('>')
}

func closeTag(b *strings.Builder, name string) {
	b.WriteString("</")
	b.WriteString(name)
	b.WriteByte('>')
}
