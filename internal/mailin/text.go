package mailin

import (
	"html"
	"regexp"
	"strings"

	"github.com/pocketdesk/pocketdesk/internal/mailin/charset"
	"github.com/pocketdesk/pocketdesk/internal/mailin/htmlbody"
)

const maxText = 2 << 20 // bytes of text and of HTML that are kept; the raw mail has the rest

// bodyText is a decoded part of the text.
type bodyText struct {
	text string
	html bool
}

// compose decodes the parts that are read, fills HTML, takes pasted pictures out
// of it and uuencoded files out of plain text, and fills Text with the plain
// parts. It gives all parts of the text for fillText.
func (m *Mail) compose(b bodies) []bodyText {
	for _, p := range b.html {
		if p.kind == "text/html" {
			m.hasHTML = true
			p.decoded = m.cutPasted(p.decoded)
		}
	}
	var texts []bodyText
	for _, p := range b.text {
		t := bodyText{text: m.textOf(p), html: p.kind == "text/html"}
		if !t.html {
			var files []Attachment
			files, t.text = cutUU(t.text)
			m.Attachments = append(m.Attachments, files...)
			m.hasText = m.hasText || strings.TrimSpace(t.text) != ""
		}
		texts = append(texts, t)
	}
	var page []string
	for _, p := range b.html {
		switch {
		case p.kind == "text/html":
			page = append(page, m.textOf(p))
		case m.hasHTML:
			page = append(page, "<div style=\"white-space:pre-wrap\">"+html.EscapeString(m.textOf(p))+"</div>")
		}
	}
	m.HTML = m.cap(strings.Join(page, "\n"))
	var plain []string
	for _, t := range texts {
		if !t.html {
			plain = append(plain, t.text)
		}
	}
	m.Text = m.cap(joinTexts(plain))
	return texts
}

// fillText makes Text whole where parts of it, or all, are HTML.
func (m *Mail) fillText(texts []bodyText) {
	if !m.hasText && strings.TrimSpace(m.HTML) != "" {
		m.Text = m.cap(htmlbody.Text(m.HTML))
		return
	}
	all, rich := make([]string, 0, len(texts)), false
	for _, t := range texts {
		if t.html {
			rich = true
			t.text = htmlbody.Text(m.cap(t.text))
		}
		all = append(all, t.text)
	}
	if rich {
		m.Text = m.cap(joinTexts(all))
	}
}

// textOf decodes a text part.
func (m *Mail) textOf(p *part) string {
	label := p.charset()
	if label == "" && p.kind == "text/html" {
		label = metaCharset(p.decoded)
	}
	raw := p.decoded
	if len(raw) > maxText*4 {
		raw = raw[:maxText*4]
	}
	if label == "" {
		label = m.hint
	}
	s, note := charset.Decode(raw, label)
	m.mended(note)
	s = plainLines(s)
	if p.kind != "text/html" && strings.EqualFold(p.params["format"], "flowed") {
		s = unflow(s, strings.EqualFold(p.params["delsp"], "yes"))
	}
	return m.cap(s)
}

func (m *Mail) cap(s string) string {
	if len(s) <= maxText {
		return s
	}
	m.mended("the text was cut at 2 MB")
	return strings.ToValidUTF8(s[:maxText], "")
}

func (m *Mail) mended(note string) {
	if note == "" {
		return
	}
	for _, have := range m.Errors {
		if have == note {
			return
		}
	}
	m.Errors = append(m.Errors, note)
}

// joinTexts sets the text parts of a mail below each other, an empty line
// between them.
func joinTexts(list []string) string {
	var out strings.Builder
	for _, s := range list {
		if strings.TrimSpace(s) == "" && len(list) > 1 {
			continue
		}
		if out.Len() > 0 {
			have := out.String()
			switch {
			case strings.HasSuffix(have, "\n\n"):
			case strings.HasSuffix(have, "\n"):
				out.WriteByte('\n')
			default:
				out.WriteString("\n\n")
			}
		}
		out.WriteString(s)
	}
	return out.String()
}

// plainLines brings line ends to LF, form feeds too, and drops the other control
// characters: NUL, which no database takes, and those that move a terminal.
func plainLines(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\f' || r == '\v':
			return '\n'
		case r < ' ' && r != '\n' && r != '\t' || r == 0x7f:
			return -1
		}
		return r
	}, s)
}

var metaLabel = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?\s*([a-z0-9_:\-]{2,40})`)

// metaCharset reads the charset an HTML page names itself.
func metaCharset(b []byte) string {
	if len(b) > 4096 {
		b = b[:4096]
	}
	if found := metaLabel.FindSubmatch(b); found != nil {
		return string(found[1])
	}
	return ""
}
