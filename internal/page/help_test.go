package page

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"github.com/pocketdesk/pocketdesk/pb_public"
)

// layers is the embedded tree with single files replaced.
type layers fstest.MapFS

func (l layers) Open(name string) (fs.File, error) {
	if _, ok := l[name]; ok {
		return fstest.MapFS(l).Open(name)
	}
	return pb_public.Files().Open(name)
}

func parse(t testing.TB, text string) *html.Node {
	t.Helper()
	page, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// walk visits the elements of a page, not what stands in a template element.
func walk(n *html.Node, visit func(*html.Node)) {
	if n.Type == html.ElementNode {
		visit(n)
		if n.Data == "template" {
			return
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, visit)
	}
}

func first(n *html.Node, name string) *html.Node {
	var found *html.Node
	walk(n, func(n *html.Node) {
		if found == nil && n.Data == name {
			found = n
		}
	})
	return found
}

func attr(n *html.Node, key string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}
