package htmlbody

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// maxStyle bounds a style attribute, in bytes; longer ones are not read.
const maxStyle = 2000

// styles reads a style attribute into its declarations: lower case, no !important, the last one wins.
// Values with brackets are left out but for rgb(), since url(), expression() and var() do more than style.
func styles(n *html.Node) map[string]string {
	raw := attr(n, "style")
	if raw == "" || len(raw) > maxStyle {
		return nil
	}
	all := map[string]string{}
	for _, d := range strings.Split(strings.ToLower(raw), ";") {
		name, value, ok := strings.Cut(d, ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
		all[strings.TrimSpace(name)] = strings.Join(strings.Fields(value), " ")
	}
	return all
}

var zero = regexp.MustCompile(`^0+(?:\.0+)?(?:px|pt|em|rem|%)?$`)

// hidden tells whether a mail program would not show the element: preheaders, spacers, tracking marks.
func hidden(n *html.Node) bool {
	if dropped.has(n.Data) || hasAttr(n, "hidden") {
		return true
	}
	s := styles(n)
	if s == nil {
		return false
	}
	if s["display"] == "none" || s["visibility"] == "hidden" || zero.MatchString(s["opacity"]) {
		return true
	}
	return zero.MatchString(s["max-height"]) && (s["overflow"] == "hidden" || zero.MatchString(s["font-size"]))
}

// tiny tells whether the element makes text invisible (yes) or visible again (no); ok is false where it
// says nothing about the size.
func tiny(n *html.Node) (yes, ok bool) {
	size := styles(n)["font-size"]
	if size == "" {
		return false, false
	}
	return zero.MatchString(size), true
}

// keepsSpace tells whether line breaks in the text are line breaks on the screen.
func keepsSpace(n *html.Node) bool {
	if n.Data == "pre" || n.Data == "listing" {
		return true
	}
	if !strings.Contains(attr(n, "style"), "pre") {
		return false
	}
	return strings.HasPrefix(styles(n)["white-space"], "pre")
}

// tight tells whether a paragraph has no margin, as those of Word.
func tight(n *html.Node) bool {
	if n.Data != "p" {
		return false
	}
	if strings.Contains(attr(n, "class"), "MsoNormal") || strings.Contains(attr(n, "class"), "MsoPlainText") {
		return true
	}
	s := styles(n)
	top, _, _ := strings.Cut(s["margin"], " ")
	return zero.MatchString(top) || zero.MatchString(s["margin-top"]) && zero.MatchString(s["margin-bottom"])
}

// bold tells whether the element makes text bold.
func bold(n *html.Node) bool {
	switch n.Data {
	case "b", "strong", "th":
		return true
	}
	switch styles(n)["font-weight"] {
	case "bold", "bolder", "600", "700", "800", "900":
		return true
	}
	return false
}

// topLine tells whether the element is drawn with a line above and no frame: Outlook's mark before the head
// of the mail that is answered.
func topLine(n *html.Node) bool {
	if n.Data != "div" || !strings.Contains(attr(n, "style"), "order") {
		return false
	}
	s := styles(n)
	top := strings.Contains(s["border-top"], "solid") || s["border-top-style"] == "solid" ||
		strings.HasPrefix(s["border-style"], "solid none")
	return top && !strings.Contains(s["border-bottom"], "solid") && !strings.Contains(s["border-left"], "solid")
}

// harmless are the declarations that a cleaned mail may keep, each with the values it may have.
var harmless = []struct {
	name  string
	value *regexp.Regexp
}{
	{"background-color", colour},
	{"color", colour},
	{"font-style", regexp.MustCompile(`^(?:italic|normal)$`)},
	{"font-weight", regexp.MustCompile(`^(?:bold|bolder|normal|[1-9]00)$`)},
	{"text-align", regexp.MustCompile(`^(?:left|right|center|justify|start|end)$`)},
	{"text-decoration", regexp.MustCompile(`^(?:underline|line-through|none)$`)},
	{"white-space", regexp.MustCompile(`^pre-wrap$`)},
}

var colour = regexp.MustCompile(`^(?:#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]{3,24}|rgb\( ?[0-9]{1,3} ?, ?[0-9]{1,3} ?, ?[0-9]{1,3} ?\))$`)

// harmlessStyle gives what may stay of an element's style, in a fixed order; "" where nothing may.
func harmlessStyle(n *html.Node) string {
	s := styles(n)
	if s == nil {
		s = map[string]string{}
	}
	if c := strings.ToLower(strings.TrimSpace(attr(n, "color"))); c != "" && s["color"] == "" && n.Data == "font" {
		s["color"] = c
	}
	if s["background"] != "" && s["background-color"] == "" {
		s["background-color"] = s["background"]
	}
	if strings.HasPrefix(s["white-space"], "pre") {
		s["white-space"] = "pre-wrap"
	}
	if a := strings.ToLower(attr(n, "align")); a != "" && s["text-align"] == "" && n.Data != "img" && n.Data != "table" {
		s["text-align"] = a
	}
	if n.Data == "center" {
		s["text-align"] = "center"
	}
	var kept []string
	for _, h := range harmless {
		if v := s[h.name]; v != "" && h.value.MatchString(v) {
			kept = append(kept, h.name+": "+v)
		}
	}
	return strings.Join(kept, "; ")
}
