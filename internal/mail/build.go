package mail

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// maxReferences keeps a long conversation's header short; the first and the
// latest identifiers are the ones that mail programs thread by.
const maxReferences = 30

// Build makes the bytes of m, with CRLF line ends, ready for Send. A field that
// would break a header is refused with a *FieldError that names it; too many
// bytes of attachments give ErrTooLarge. A zero Date means now. In References
// and InReplyTo an identifier that no header can carry is left out.
func Build(m Message) ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithCharset(gomail.CharsetUTF8))
	setAddresses(msg, m)
	setHeaders(msg, m)
	setBody(msg, m)
	files := &fileSet{left: MaxAttachmentBytes}
	beside, inside := m.splitFiles()
	msg.SetEmbeds(files.add(inside))
	msg.SetAttachments(files.add(beside))

	var out bytes.Buffer
	if _, err := msg.WriteTo(&out); err != nil && files.err == nil {
		return nil, fmt.Errorf("mail: build: %w", err)
	}
	if files.err != nil {
		return nil, files.err
	}
	return bytes.Replace(out.Bytes(), idLine(shortID), idLine(m.MessageID), 1), nil
}

// shortID holds the place of the Message-ID while the library writes the header:
// it would add one of its own otherwise, and fold a long one, which some
// programs then read as empty.
const shortID = "<id>"

func idLine(id string) []byte { return []byte("\r\nMessage-ID: " + id + "\r\n") }

func setAddresses(msg *gomail.Msg, m Message) {
	msg.FromMailAddress(headerAddress(m.From))
	msg.ToMailAddress(headerAddress(m.To))
	if m.ReplyTo.Addr != "" {
		msg.ReplyToMailAddress(headerAddress(m.ReplyTo))
	}
	if len(m.Cc) > 0 {
		cc := make([]*netmail.Address, len(m.Cc))
		for i, a := range m.Cc {
			cc[i] = headerAddress(a)
		}
		msg.CcMailAddress(cc...)
	}
}

// headerAddress is a as the header shows it. A name that already looks like an
// encoded word would be decoded by the reader into something that nobody
// checked, so that its opening is broken up.
func headerAddress(a Address) *netmail.Address {
	local, domain, _ := splitAddress(a.Addr)
	name := strings.ReplaceAll(cleanName(a.Name), "=?", "= ?")
	return &netmail.Address{Name: name, Address: local + "@" + domain}
}

func setHeaders(msg *gomail.Msg, m Message) {
	date := m.Date
	if date.IsZero() {
		date = time.Now()
	}
	msg.SetDateWithValue(date)
	msg.SetGenHeader(gomail.HeaderMessageID, shortID)
	// Preformatted from here, so that nothing is encoded or folded twice.
	msg.SetGenHeaderPreformatted(gomail.HeaderSubject, encodeHeader("Subject", m.Subject))
	refs := validRefs(m.References)
	if refID(m.InReplyTo) {
		msg.SetGenHeaderPreformatted(gomail.HeaderInReplyTo, m.InReplyTo)
		if len(refs) == 0 {
			refs = []string{m.InReplyTo} // RFC 5322, section 3.6.4
		}
	}
	if len(refs) > 0 {
		msg.SetGenHeaderPreformatted(gomail.HeaderReferences, strings.Join(refs, "\r\n "))
	}
	if m.Auto != "" {
		msg.SetGenHeader("Auto-Submitted", m.Auto)
		msg.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "All")
	}
	if m.Lang != "" {
		msg.SetGenHeader("Content-Language", m.Lang)
	}
	if m.Unsubscribe != "" {
		msg.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, "<"+m.Unsubscribe+">")
		msg.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	if m.ReceiptTo.Addr != "" {
		msg.SetGenHeaderPreformatted(gomail.HeaderDispositionNotificationTo, headerAddress(Address{Addr: m.ReceiptTo.Addr}).String())
	}
}

// splitFiles tells the images inside the HTML part from the files beside it.
// Without an HTML part all are files.
func (m *Message) splitFiles() (beside, inside []Attachment) {
	for _, a := range m.Attachments {
		if a.CID != "" && m.HTML != "" {
			inside = append(inside, a)
			continue
		}
		a.CID = ""
		beside = append(beside, a)
	}
	return beside, inside
}

func validRefs(all []string) []string {
	refs := make([]string, 0, len(all))
	for _, ref := range all {
		if refID(ref) {
			refs = append(refs, ref)
		}
	}
	if len(refs) > maxReferences {
		refs = append(refs[:1:1], refs[len(refs)-maxReferences+1:]...)
	}
	return refs
}

func setBody(msg *gomail.Msg, m Message) {
	text := crlf(strings.ToValidUTF8(m.Text, "\uFFFD"))
	msg.SetBodyString(gomail.TypeTextPlain, text, gomail.WithPartEncoding(encodingFor(text)))
	if m.HTML != "" {
		html := crlf(strings.ToValidUTF8(m.HTML, "\uFFFD"))
		msg.AddAlternativeString(gomail.TypeTextHTML, html, gomail.WithPartEncoding(encodingFor(html)))
	}
}

// encodingFor picks the shorter transfer encoding: quoted-printable triples
// every byte that isn't ASCII, base64 adds a third to all.
func encodingFor(text string) gomail.Encoding {
	high := 0
	for i := 0; i < len(text); i++ {
		if text[i] >= 0x80 {
			high++
		}
	}
	if high*6 > len(text) {
		return gomail.EncodingB64
	}
	return gomail.EncodingQP
}

// crlf makes every line end CRLF, the canonical form of text (RFC 2045, section 6.6).
func crlf(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	return strings.ReplaceAll(s, "\n", "\r\n")
}
