package mail

import (
	"bytes"
	"html"
	"strings"

	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	htmlrenderer "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Source is a text from which both parts of a mail are made. It is Markdown, less
// all that would change what somebody typed without a thought of Markdown:
//
//	**bold**, _italic_, [label](https://…), ![what it shows](cid:label.png)
//	# heading, - list, 1. list, > quote, ---
//
// Single stars, backticks, indentation, HTML and entities stand as they are, as do
// underscores but for a pair around words; a line break is a line break, and web
// addresses become links.
type Source struct {
	Text   string
	Typed  bool              // by hand, without a thought of headings and rules: these stand as they are
	Lang   string            // BCP 47; a malformed one is left out
	Images map[string]string // Content-ID, without brackets, by the name after cid:
}

// Render makes the plain and the HTML part of a mail. The plain part is the text
// as typed, with "label (address)" for a link and what it shows for an image. The
// HTML part is a small document that loads nothing from elsewhere.
func Render(s Source) (plain, page string) {
	return Plain(s.Text), shell(s.Lang, Fragment(s))
}

// Plain is the text of a [Source] for those who read no HTML.
func Plain(source string) string {
	source = linkPattern.ReplaceAllStringFunc(unixLines(source), func(whole string) string {
		l, ok := readLink(whole)
		switch {
		case !ok:
			return whole
		case l.image && l.scheme == "cid":
			return l.label
		case l.label == "" || l.label == l.target:
			return l.target
		}
		return l.label + " (" + strings.TrimPrefix(strings.TrimPrefix(l.target, "mailto:"), "tel:") + ")"
	})
	return strings.NewReplacer(`\*`, "*", `\[`, "[").Replace(source)
}

// Fragment is the HTML of a [Source] without the document around it.
func Fragment(s Source) string {
	source := []byte(tame(unixLines(s.Text)))
	doc := newParser(s).Parse(text.NewReader(source))
	var out bytes.Buffer
	if err := newRenderer().Render(&out, source, doc); err != nil { // a buffer takes everything
		return "<p>" + html.EscapeString(s.Text) + "</p>\n"
	}
	return out.String()
}

func newParser(s Source) parser.Parser {
	blocks := []util.PrioritizedValue{
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(paragraph{parser.NewParagraphParser()}, 1000),
	}
	if !s.Typed {
		blocks = append(blocks, util.Prioritized(parser.NewThematicBreakParser(), 200), util.Prioritized(parser.NewATXHeadingParser(), 600))
	}
	return parser.NewParser(
		parser.WithBlockParsers(blocks...),
		parser.WithInlineParsers(
			util.Prioritized(linkParser{s.Images}, 200),
			util.Prioritized(italicParser{}, 400),
			util.Prioritized(boldParser{}, 500),
		),
		parser.WithASTTransformers(util.Prioritized(finisher{}, 100)),
	)
}

// paragraph takes lines however far to the right they begin: Markdown's rule for
// those, which makes them code, isn't followed here.
type paragraph struct{ parser.BlockParser }

// CanAcceptIndentedLine implements parser.BlockParser.
func (paragraph) CanAcceptIndentedLine() bool { return true }

func newRenderer() renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(util.Prioritized(
		htmlrenderer.NewRenderer(htmlrenderer.WithHardWraps(), htmlrenderer.WithWriter(literal{})), 1000)))
}

// literal writes text as it stands: nothing but an escaped star or bracket has a
// meaning in it.
type literal struct{}

var _ htmlrenderer.Writer = literal{}

// Write implements html.Writer.
func (l literal) Write(w util.BufWriter, source []byte) {
	l.RawWrite(w, []byte(strings.NewReplacer(`\*`, "*", `\[`, "[", guard, "").Replace(string(source))))
}

// RawWrite implements html.Writer.
func (literal) RawWrite(w util.BufWriter, source []byte) {
	_, _ = w.WriteString(html.EscapeString(string(source))) // a failed write shows when the buffer is flushed
}

// SecureWrite implements html.Writer.
func (l literal) SecureWrite(w util.BufWriter, source []byte) { l.RawWrite(w, source) }

// shell is the document around the text. It names fonts by language, since the
// same Han character looks different in Taiwan, China and Japan.
func shell(lang, body string) string {
	attr := ""
	if validLang(lang) {
		attr = ` lang="` + lang + `"`
	}
	return "<!DOCTYPE html>\n<html" + attr + ">\n<head><meta charset=\"utf-8\">" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"></head>\n" +
		"<body style=\"font-family:" + fonts(lang) + ";font-size:16px;line-height:1.6;color:#222;background:#fff\">\n" +
		body + "</body>\n</html>\n"
}

func fonts(lang string) string {
	const latin = "-apple-system,'Segoe UI',Roboto,"
	switch {
	case strings.EqualFold(lang, "zh-TW") || strings.EqualFold(lang, "zh-Hant"):
		return latin + "'PingFang TC','Microsoft JhengHei','Noto Sans TC',sans-serif"
	case strings.EqualFold(lang, "zh-CN") || strings.EqualFold(lang, "zh-Hans"):
		return latin + "'PingFang SC','Microsoft YaHei','Noto Sans SC',sans-serif"
	case strings.EqualFold(lang, "ja"):
		return latin + "'Hiragino Sans','Yu Gothic',Meiryo,'Noto Sans JP',sans-serif"
	}
	return latin + "sans-serif"
}

func unixLines(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
