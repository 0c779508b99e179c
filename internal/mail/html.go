package mail

import (
	"html"
	"net/url"
	"regexp"
	"strings"
)

// Only ASCII counts as part of a link: Chinese and Japanese text often follows
// an address without a space.
var linkPattern = regexp.MustCompile(`(?i)\bhttps?://[a-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+`)

// TextToHTML is plain text as a small HTML document that needs nothing from
// elsewhere: escaped, a paragraph for every block between empty lines, <br> for
// single line breaks, http and https addresses as links that show where they
// lead. lang is a BCP 47 tag; a malformed one is left out.
func TextToHTML(text, lang string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	attr := ""
	if validLang(lang) {
		attr = ` lang="` + lang + `"`
	}
	var out strings.Builder
	out.WriteString("<!DOCTYPE html>\n<html" + attr + ">\n<head><meta charset=\"utf-8\">" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"></head>\n" +
		"<body style=\"font-family:sans-serif;font-size:16px;line-height:1.6;color:#222;background:#fff\">\n")
	open := false
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, " \t")
		switch {
		case line == "" && open:
			out.WriteString("</p>\n")
			open = false
		case line == "":
		case open:
			out.WriteString("<br>\n" + linkLine(line))
		default:
			out.WriteString("<p>" + linkLine(line))
			open = true
		}
	}
	if open {
		out.WriteString("</p>\n")
	}
	out.WriteString("</body>\n</html>\n")
	return out.String()
}

// linkLine escapes one line and links what is a web address in it.
func linkLine(line string) string {
	var out strings.Builder
	at := 0
	for _, span := range linkPattern.FindAllStringIndex(line, -1) {
		link := trimLink(line[span[0]:span[1]])
		u, err := url.Parse(link)
		if err != nil || u.Host == "" || u.User != nil {
			continue
		}
		escaped := html.EscapeString(link)
		out.WriteString(html.EscapeString(line[at:span[0]]))
		out.WriteString(`<a href="` + escaped + `">` + escaped + `</a>`)
		at = span[0] + len(link)
	}
	out.WriteString(html.EscapeString(line[at:]))
	return out.String()
}

// trimLink leaves the punctuation of the sentence outside, and a closing
// bracket that was opened before the link.
func trimLink(link string) string {
	for {
		last := link[len(link)-1]
		switch {
		case strings.IndexByte(".,;:!?'", last) >= 0,
			last == ')' && strings.Count(link, "(") < strings.Count(link, ")"),
			last == ']' && strings.Count(link, "[") < strings.Count(link, "]"):
			link = link[:len(link)-1]
		default:
			return link
		}
	}
}
