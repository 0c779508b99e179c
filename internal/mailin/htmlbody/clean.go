package htmlbody

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// MaxClean bounds what Clean gives, in bytes.
const MaxClean = 200_000

var (
	safeLink  = regexp.MustCompile(`^(?i:https?://[^\s/]|mailto:[^\s]|tel:[^\s])`)
	remote    = regexp.MustCompile(`^https?://[^\s"'<>\\]+$`)
	contentID = regexp.MustCompile(`^cid:[^\s"'<>\\]{1,300}$`)
	number    = regexp.MustCompile(`^[0-9]{1,4}$`)
	language  = regexp.MustCompile(`^[A-Za-z0-9-]{1,35}$`)
	direction = regexp.MustCompile(`^(?:ltr|rtl|auto)$`)
	styleList = regexp.MustCompile(`^[a-z-]+: [a-z0-9#(), ]+(?:; [a-z-]+: [a-z0-9#(), ]+)*$`)
)

// linkRel keeps the page that shows a mail from being told to, or steered by, the page that opens.
const linkRel = "noopener noreferrer nofollow"

// shown are the elements of a cleaned mail. Others go, and what they hold stays.
var shown = setOf(`a b blockquote br caption center code dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre s
	small span strike strong sub sup table tbody td tfoot th thead tr tt u ul`)

// rename gives a present-day element for one of old mail programs.
func rename(name string) string {
	switch name {
	case "font":
		return "span"
	case "center":
		return "div"
	case "tt":
		return "code"
	case "strike":
		return "s"
	}
	return name
}

// Clean gives what of a body is safe to put into a page: no script, style sheet, form, frame, drawing or
// comment; no class, id or event; of styles only colours and the like. It loads nothing: a picture from
// elsewhere has its address in data-remote-src instead of src, for the reader to ask for; src is a cid: of the
// mail itself; data: pictures give way to their alternative text. Links lead to http, https, mailto and tel
// only, with rel="noopener noreferrer nofollow" and target="_blank". What a mail program hides is left out.
// The result is well-formed, at most MaxClean bytes, and Clean of it is the same again.
func Clean(body string) string {
	root := parse(body)
	for budget := MaxClean * 9 / 10; ; budget /= 2 {
		c := &cleaner{budget: budget}
		c.children(root, false)
		out := strings.TrimSpace(policy.Sanitize(c.b.String()))
		if len(out) <= MaxClean {
			return out
		}
	}
}

// policy is only read: bluemonday's policies may be used by many at once.
var policy = newPolicy()

// newPolicy says once more, by other means, what may stay: should the cleaner let something through, it ends here.
func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	names := []string{"span", "div", "code"}
	for name := range shown {
		if rename(name) == name {
			names = append(names, name)
		}
	}
	p.AllowElements(names...)
	p.AllowNoAttrs().OnElements(names...)
	p.AllowURLSchemes("http", "https", "mailto", "tel", "cid")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.AllowAttrs("href").Matching(safeLink).OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile("^" + linkRel + "$")).OnElements("a")
	p.AllowAttrs("target").Matching(regexp.MustCompile("^_blank$")).OnElements("a")
	p.AllowAttrs("src").Matching(contentID).OnElements("img")
	p.AllowAttrs("data-remote-src").Matching(remote).OnElements("img")
	p.AllowAttrs("alt", "title").OnElements("img")
	p.AllowAttrs("width", "height").Matching(number).OnElements("img", "td", "th", "table")
	p.AllowAttrs("colspan", "rowspan").Matching(number).OnElements("td", "th")
	p.AllowAttrs("start").Matching(number).OnElements("ol")
	p.AllowAttrs("dir").Matching(direction).Globally()
	p.AllowAttrs("lang").Matching(language).Globally()
	p.AllowAttrs("style").Matching(styleList).Globally()
	return p
}

type cleaner struct {
	b      strings.Builder
	budget int // bytes left for content; end tags come on top
}

func (c *cleaner) children(n *html.Node, tiny bool) {
	for k := n.FirstChild; k != nil && c.budget > 0; k = k.NextSibling {
		c.node(k, tiny)
	}
}

func (c *cleaner) node(n *html.Node, faint bool) {
	if n.Type == html.TextNode {
		if !faint {
			c.text(n.Data)
		}
		return
	}
	if hidden(n) {
		return
	}
	if yes, ok := tiny(n); ok {
		faint = yes
	}
	name, attrs, ok := n.Data, []html.Attribute(nil), shown.has(n.Data)
	if ok {
		name, attrs, ok = c.element(n)
	}
	if !ok {
		c.children(n, faint)
		return
	}
	var tag strings.Builder
	openTag(&tag, name, attrs)
	if c.budget -= tag.Len() + len(name) + 3; c.budget < 0 {
		return
	}
	c.b.WriteString(tag.String())
	if voids.has(name) {
		return
	}
	c.children(n, faint)
	closeTag(&c.b, name)
}

func (c *cleaner) text(s string) {
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if r == '\r' {
			return '\n'
		}
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	s = html.EscapeString(s)
	if len(s) > c.budget {
		s = shorten(s, max(c.budget, 0))
		c.budget = 0
	}
	c.budget -= len(s)
	c.b.WriteString(s)
}

// shorten cuts escaped text to n bytes, not within a letter or an entity.
func shorten(s string, n int) string {
	s = strings.ToValidUTF8(s[:n], "")
	if at := strings.LastIndexByte(s, '&'); at >= 0 && !strings.Contains(s[at:], ";") {
		s = s[:at]
	}
	return s
}

// element gives the tag that an element is shown by; ok is false for one that is not shown.
func (c *cleaner) element(n *html.Node) (name string, attrs []html.Attribute, ok bool) {
	put := func(key, value string, allowed *regexp.Regexp) {
		if value != "" && allowed.MatchString(value) {
			attrs = append(attrs, html.Attribute{Key: key, Val: value})
		}
	}
	name = rename(n.Data)
	switch name {
	case "a":
		href := cleanURL(attr(n, "href"))
		if !safeLink.MatchString(href) {
			return "", nil, false
		}
		attrs = append(attrs, html.Attribute{Key: "href", Val: href}, html.Attribute{Key: "rel", Val: linkRel},
			html.Attribute{Key: "target", Val: "_blank"})
	case "img":
		if attrs, ok = c.picture(n); !ok {
			return "", nil, false
		}
	case "td", "th":
		put("colspan", attr(n, "colspan"), number)
		put("rowspan", attr(n, "rowspan"), number)
	case "ol":
		put("start", attr(n, "start"), number)
	}
	if name == "img" || cells.has(name) || name == "table" {
		put("width", attr(n, "width"), number)
		put("height", attr(n, "height"), number)
	}
	put("dir", strings.ToLower(attr(n, "dir")), direction)
	put("lang", attr(n, "lang"), language)
	put("style", harmlessStyle(n), styleList)
	return name, attrs, true
}

// picture gives the attributes of an image. One that may not stay leaves its words.
func (c *cleaner) picture(n *html.Node) (attrs []html.Attribute, ok bool) {
	if trackingPixel(n) {
		return nil, false
	}
	alt := strings.Join(strings.Fields(attr(n, "alt")), " ")
	src, far := strings.TrimSpace(attr(n, "src")), attr(n, "data-remote-src")
	if strings.HasPrefix(src, "//") {
		src = "https:" + src
	}
	src = cleanURL(src)
	switch {
	case contentID.MatchString(src):
		attrs = append(attrs, html.Attribute{Key: "src", Val: src})
	case remote.MatchString(src):
		attrs = append(attrs, html.Attribute{Key: "data-remote-src", Val: src})
	case remote.MatchString(cleanURL(far)):
		attrs = append(attrs, html.Attribute{Key: "data-remote-src", Val: cleanURL(far)})
	default:
		if len(alt) < 300 {
			c.text(alt)
		}
		return nil, false
	}
	if alt != "" && len(alt) < 300 {
		attrs = append(attrs, html.Attribute{Key: "alt", Val: alt})
	}
	return attrs, true
}

// cleanURL gives an address in the form that net/url writes; "" where it can't be read.
func cleanURL(raw string) string {
	raw = strings.TrimSpace(raw)
	if len(raw) > 4000 || strings.ContainsAny(raw, "\\\n\t") {
		return ""
	}
	u, err := url.Parse(strings.ReplaceAll(raw, " ", "%20"))
	if err != nil {
		return ""
	}
	u.Scheme = strings.ToLower(u.Scheme)
	return u.String()
}
