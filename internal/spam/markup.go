package spam

import "regexp"

// A contact form takes plain text: whoever sends anchors hopes for a page that shows them.
var (
	htmlAnchor = regexp.MustCompile(`(?i)<a\s[^<>]*href|&lt;a\s+href`)
	bbAnchor   = regexp.MustCompile(`(?i)\[(?:url|link)[=\]]|\[/(?:url|link)\]`)
	htmlTag    = regexp.MustCompile(`(?i)<(?:script|iframe|img|div|p|br|b|h[1-6]|font|table|form|style|strong|span)(?:\s[^<>]*)?/?>`)
	mdLink     = regexp.MustCompile(`\[[^\[\]\n]+\]\(https?://`)
)

// checkMarkup notices links and tags written as code.
func checkMarkup() Check {
	return func(m Message) []Signal {
		body := m.seen().subject + "\n" + m.seen().name + "\n" + m.seen().text
		html, bb := htmlAnchor.MatchString(body), bbAnchor.MatchString(body)
		switch {
		case html && bb:
			return hit("markup", 3, "Links are written as HTML and as BBCode at once.", map[string]any{"kind": "html+bbcode"})
		case html:
			return hit("markup", 2, "A link is written as HTML code.", map[string]any{"kind": "html"})
		case bb:
			return hit("markup", 2, "A link is written as BBCode.", map[string]any{"kind": "bbcode"})
		case htmlTag.MatchString(body):
			return hit("markup", 1, "The text holds HTML tags.", map[string]any{"kind": "tags"})
		case mdLink.MatchString(body):
			return hit("markup", 0, "A link is written as Markdown.", map[string]any{"kind": "markdown"})
		}
		return nil
	}
}
