package mail

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// linkForm is a link or an image. The target may stand in angle brackets, for a
// file's name with spaces, or hold one pair of parentheses.
const linkForm = `!?\[([^\[\]\n]*)\]\((<[^<>\n]+>|[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)?)\)`

var (
	linkPattern = regexp.MustCompile(linkForm)
	linkHere    = regexp.MustCompile(`^` + linkForm)
)

type link struct {
	label, target, scheme string
	image                 bool
}

// readLink reads what has the form of a link. ok is false where it is none to follow:
// text in brackets is often just that.
func readLink(whole string) (l link, ok bool) {
	m := linkPattern.FindStringSubmatch(whole)
	if m == nil {
		return l, false
	}
	l = link{label: strings.TrimSpace(m[1]), target: strings.Trim(m[2], "<>"), image: whole[0] == '!'}
	u, err := url.Parse(l.target)
	if err != nil && strings.HasPrefix(l.target, "cid:") {
		u, err = &url.URL{Scheme: "cid"}, nil // a file's name may hold anything
	}
	if err != nil || u.User != nil {
		return l, false
	}
	l.scheme = strings.ToLower(u.Scheme)
	switch l.scheme {
	case "http", "https":
		return l, u.Host != ""
	case "mailto", "tel":
		return l, !l.image
	case "cid":
		return l, l.image
	}
	return l, false
}

// file is the name after cid:.
func (l link) file() string {
	name := l.target[len("cid:"):]
	if plain, err := url.PathUnescape(name); err == nil {
		return plain
	}
	return name
}

// linkParser makes links and images of what has the form of one.
type linkParser struct{ images map[string]string }

var _ parser.InlineParser = linkParser{}

// Trigger implements parser.InlineParser.
func (linkParser) Trigger() []byte { return []byte{'[', '!'} }

// Parse implements parser.InlineParser.
func (p linkParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	whole := linkHere.Find(line)
	l, ok := readLink(string(whole))
	if !ok {
		return nil
	}
	block.Advance(len(whole))
	if l.scheme == "cid" {
		id := p.images[l.file()]
		if id == "" {
			return words(l.label)
		}
		image := ast.NewImage(ast.NewLink())
		image.Destination = []byte("cid:" + id)
		image.SetAttributeString("style", []byte("max-width:100%"))
		image.AppendChild(image, words(l.label))
		return image
	}
	if l.label == "" { // an image from elsewhere is a link too: nothing is loaded unasked
		l.label = l.target
	}
	return linkTo(l.target, l.label)
}

func linkTo(target, label string) ast.Node {
	n := ast.NewLink()
	n.Destination = []byte(target)
	n.AppendChild(n, words(label))
	return n
}

// words is text of its own, beside the source.
func words(s string) ast.Node {
	n := ast.NewString([]byte(s))
	n.SetRaw(true)
	return n
}

// ImageNames lists the files that a [Source] shows as images, each once, in order:
// the names after cid:.
func ImageNames(source string) []string {
	var names []string
	for _, whole := range linkPattern.FindAllString(source, -1) {
		if l, ok := readLink(whole); ok && l.scheme == "cid" && !slices.Contains(names, l.file()) {
			names = append(names, l.file())
		}
	}
	return names
}
