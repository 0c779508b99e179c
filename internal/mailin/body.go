package mailin

import "strings"

// bodies are the parts of a mail by their use, as RFC 8621 §4.1.4 sorts them.
type bodies struct {
	text, html  []*part
	attachments []*part
}

// sortParts finds the parts that make up the text, those of the HTML, and the
// files.
func sortParts(root *part) bodies {
	var b bodies
	b.add([]*part{root}, "mixed", false, true, true)
	return b
}

// add sorts the parts of one multipart. text and html say which of the two
// lists an inline part goes to: below multipart/alternative a part of one kind
// is no part of the other.
func (b *bodies) add(parts []*part, parent string, alternative, text, html bool) {
	texts, htmls := len(b.text), len(b.html)
	for i, p := range parts {
		if p.multipart() {
			sub := strings.TrimPrefix(p.kind, "multipart/")
			b.add(visible(p), sub, alternative || sub == "alternative", text, html)
			continue
		}
		media := isMedia(p.kind)
		inline := p.disp != "attachment" && (readable(p.kind) || media) &&
			(i == 0 || parent != "related" && (media || p.name() == ""))
		if !inline {
			b.attachments = append(b.attachments, p)
			continue
		}
		if parent == "alternative" {
			switch p.kind {
			case "text/plain":
				b.text = append(b.text, p)
			case "text/html":
				b.html = append(b.html, p)
			default:
				b.attachments = append(b.attachments, p)
			}
			continue
		}
		if media {
			b.attachments = append(b.attachments, p)
			continue
		}
		if alternative && p.kind == "text/plain" {
			html = false
		} else if alternative {
			text = false
		}
		if text {
			b.text = append(b.text, p)
		}
		if html {
			b.html = append(b.html, p)
		}
	}
	if parent == "alternative" {
		if len(b.text) == texts && len(b.html) > htmls {
			b.text = append(b.text, b.html[htmls:]...)
		}
		if len(b.html) == htmls && len(b.text) > texts {
			b.html = append(b.html, b.text[texts:]...)
		}
	}
}

// visible are the parts of p a reader sees: of AppleDouble (RFC 1740) the file
// without the Macintosh header, of an encrypted mail not the version line.
func visible(p *part) []*part {
	switch p.kind {
	case "multipart/appledouble":
		var out []*part
		for _, c := range p.children {
			if c.kind != "application/applefile" {
				out = append(out, c)
			}
		}
		return out
	case "multipart/encrypted":
		var out []*part
		for _, c := range p.children {
			if c.kind != "application/pgp-encrypted" || c.name() != "" {
				out = append(out, c)
			}
		}
		return out
	}
	return p.children
}

func readable(kind string) bool { return kind == "text/plain" || kind == "text/html" }

func isMedia(kind string) bool {
	return strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "audio/") || strings.HasPrefix(kind, "video/")
}
