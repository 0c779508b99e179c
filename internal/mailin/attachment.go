package mailin

import (
	"strings"
)

// attach turns the parts that are no text into files, and drops what nobody
// would open: nameless empty parts, Macintosh headers, the second forms of an
// alternative that are neither text nor HTML.
func (m *Mail) attach(parts []*part) {
	ids := shownIDs(m.HTML)
	for _, p := range parts {
		if p.multipart() {
			continue
		}
		a := Attachment{Name: p.name(), Type: p.kind, ContentID: p.contentID(), Data: p.decoded}
		if noise(p, a) {
			continue
		}
		if a.Name == "" {
			a.Name = m.inventName(p)
		}
		if isMessage(a.Type) && !hasExtension(a.Name) {
			a.Name += ".eml"
		}
		if strings.EqualFold(a.Name, "winmail.dat") {
			a.Type = "application/ms-tnef"
		}
		shown := ids[a.ContentID]
		a.Inline = shown && isMedia(a.Type) || p.disp != "attachment" && (p.disp == "inline" || shown)
		m.Attachments = append(m.Attachments, a)
	}
	m.Attachments = append(m.Attachments, m.pasted...)
}

// noise says whether a part is nothing to keep.
func noise(p *part, a Attachment) bool {
	if a.Name != "" || a.ContentID != "" {
		return p.kind == "application/applefile"
	}
	switch p.kind {
	case "application/applefile", "text/x-amp-html", "text/watch-html", "text/x-watch-html":
		return true
	}
	return len(strings.TrimSpace(string(p.decoded[:min(len(p.decoded), 200)]))) == 0
}

// inventName names a file that came without one by what it is.
func (m *Mail) inventName(p *part) string {
	switch {
	case p.kind == "text/calendar":
		return "invite.ics"
	case strings.HasSuffix(p.kind, "ms-tnef"):
		return "winmail.dat"
	case strings.HasSuffix(p.kind, "pkcs7-mime"):
		return "smime.p7m"
	case strings.HasSuffix(p.kind, "pkcs7-signature"):
		return "smime.p7s"
	case p.kind == "application/pgp-signature":
		return "signature.asc"
	case p.kind == "message/delivery-status", p.kind == "message/global-delivery-status":
		return "delivery-status.txt"
	case p.kind == "message/disposition-notification":
		return "disposition-notification.txt"
	case p.kind == "text/rfc822-headers":
		return "headers.txt"
	case isMessage(p.kind):
		return m.nameOfMessage(p)
	}
	base := "attachment"
	switch {
	case strings.HasPrefix(p.kind, "image/"):
		base = "image"
	case readable(p.kind):
		base = "text"
	}
	return base + extensions[p.kind]
}

// nameOfMessage names a forwarded mail by its subject.
func (m *Mail) nameOfMessage(p *part) string {
	fields, _ := splitHead(p.decoded)
	subject := Header{fields: fields, hint: m.hint}.Get("Subject")
	subject = strings.NewReplacer("/", "-", `\`, "-", ":", " ", "\t", " ").Replace(subject)
	subject = strings.Join(strings.Fields(subject), " ")
	if name := fileName(subject + ".eml"); subject != "" && name != "" {
		return name
	}
	return "message.eml"
}

func isMessage(kind string) bool {
	switch kind {
	case "message/rfc822", "message/global", "message/news", "message/partial":
		return true
	}
	return false
}

func hasExtension(name string) bool {
	i := strings.LastIndexByte(name, '.')
	return i > 0 && len(name)-i <= 6 && !strings.Contains(name[i:], " ")
}
