package report

import (
	"html"
	"strings"
)

// section is the report's own words, line by line, without the original mail.
type section struct{ lines []string }

func (t section) String() string { return strings.Join(t.lines, "\n") }

// upTo gives the first n octets.
func (t section) upTo(n int) string { return cut(t.String(), n) }

// hasStatus tells that fields of a delivery status stand in the text: a report
// whose MIME structure was lost, or a server that writes them as text.
func (t section) hasStatus() bool {
	for _, l := range t.lines {
		name, _, ok := strings.Cut(strings.ToLower(strings.TrimSpace(l)), ":")
		if ok && name == "final-recipient" {
			return true
		}
	}
	return false
}

// section gathers the text parts before the original and drops the original
// where it follows in the same part.
func (s Source) section() section {
	text := s.text()
	lines := make([]string, 0, 64)
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		if endsReport(line) && len(lines) > 0 {
			break
		}
		lines = append(lines, line)
	}
	return section{lines}
}

// text joins the mail's text parts up to the original, at most maxText octets;
// HTML only where there is no plain text.
func (s Source) text() string {
	var texts, pages strings.Builder
	for _, p := range s.Parts {
		kind := p.kind()
		if kind == "message/rfc822" || kind == "text/rfc822-headers" {
			break
		}
		out := &texts
		switch {
		case kind == "text/html":
			out = &pages
		case kind == "text/plain", strings.HasPrefix(kind, "multipart/"):
		default:
			continue
		}
		if room := maxText - out.Len(); room > 0 {
			out.WriteString(cut(string(p.Body[:min(len(p.Body), room)]), room))
			out.WriteByte('\n')
		}
	}
	if strings.TrimSpace(texts.String()) == "" {
		return untag(pages.String())
	}
	return texts.String()
}

// copies are phrases that stand, alone or between dashes, above the copy of the
// original.
var copies = []string{
	"below this line is a copy", "enclosed is a copy of", "original message follows", "message headers follow", "original message headers",
	"this is a copy of the message", "unsent message follows", "unsent message below", "header of the original message", "included is a copy of",
	"undelivered message follows", "undelivered message headers", "original message -----", "--- original message", "returned message -----",
	"returned message ---", "message header follows", "below is a copy of the original", "a copy of the original message",
	"headers of the original message",
	"original message header", "ursprüngliche nachrichtenkopfzeilen", "ursprünglicher nachrichtenkopf", "en-têtes de message d'origine",
	"encabezados de mensajes originales", "元のメッセージ ヘッダー", "元のメッセージヘッダー", "原始邮件头", "原始邮件标题", "原始郵件標題", "原始邮件信息",
	"this is a copy of your message", "the text of the message", "mail header follows", "your original message", "original mail as follows",
}

// endsReport tells the line where the original mail begins.
func endsReport(line string) bool {
	if len(line) > 300 {
		return false
	}
	if strings.HasPrefix(line, "Received:") || strings.HasPrefix(line, "Return-Path:") || strings.HasPrefix(line, "Return-path:") ||
		strings.HasPrefix(line, "DKIM-Signature:") {
		return true
	}
	low := strings.ToLower(line)
	for _, c := range copies {
		if strings.Contains(low, c) {
			return true
		}
	}
	return false
}

// untag makes lines of a page: what stands between tags, a line for each block,
// nothing of style or script. It is for reading reports, not for showing pages.
func untag(page string) string {
	var b strings.Builder
	for page != "" {
		i := strings.IndexByte(page, '<')
		if i < 0 {
			b.WriteString(page)
			break
		}
		b.WriteString(page[:i])
		page = page[i+1:]
		j := strings.IndexByte(page, '>')
		if j < 0 {
			break
		}
		tag := strings.ToLower(cut(page[:min(j, 20)], 20))
		page = page[j+1:]
		for _, skip := range []string{"style", "script"} {
			if strings.HasPrefix(tag, skip) {
				_, page, _ = cutFold(page, "</"+skip)
			}
		}
		if strings.Contains(tag, "@") {
			b.WriteString(" " + tag + " ")
		} else if inline := strings.Trim(tag, "/ "); inline != "b" && inline != "i" && inline != "strong" && !strings.HasPrefix(inline, "span") && !strings.HasPrefix(inline, "font") && !strings.HasPrefix(inline, "a ") && inline != "a" {
			b.WriteByte('\n')
		}
	}
	return html.UnescapeString(b.String())
}

// cutFold is strings.Cut for an ASCII separator in any case.
func cutFold(s, sep string) (before, after string, found bool) {
	for i := 0; i+len(sep) <= len(s); i++ {
		if s[i] == sep[0] && strings.EqualFold(s[i:i+len(sep)], sep) {
			return s[:i], s[i+len(sep):], true
		}
	}
	return s, "", false
}
