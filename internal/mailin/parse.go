package mailin

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/mailin/report"
)

// Parse reads a mail. It returns a Mail in every case; with an error it holds
// what could be kept: the headers at least, for a mail too large the headers
// alone. Errors are ErrTooLarge, ErrTooDeep, ErrTooMany, ErrTimeout, ErrEmpty,
// or that of ctx. raw is not changed, and attachments may share its memory.
func Parse(ctx context.Context, raw []byte) (*Mail, error) {
	return parseWithin(ctx, raw, limit)
}

func parseWithin(ctx context.Context, raw []byte, within time.Duration) (*Mail, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return &Mail{Errors: []string{ErrEmpty.Error()}, Bounce: report.Bounce{Kind: report.None}}, ErrEmpty
	}
	tooLarge := len(raw) > MaxSize
	if tooLarge {
		raw = raw[:maxHead]
	}
	return guarded(ctx, within, func(ctx context.Context, m *Mail, keep func()) error {
		src := lineEnds(raw)
		fields, body := splitHead(src)
		m.readHead(fields, src, raw)
		keep()
		if tooLarge {
			return ErrTooLarge
		}
		w := walker{ctx: ctx, hint: m.hint}
		root := w.build(fields, body, "text/plain", 0)
		for _, note := range w.notes {
			m.mended(note)
		}
		m.readParts(root, keep)
		return w.err
	})
}

// readParts fills text, files and what the mail is. The slow work on HTML comes
// last, behind all that is kept if it takes too long.
func (m *Mail) readParts(root *part, keep func()) {
	b := sortParts(root)
	texts := m.compose(b)
	m.attach(b.attachments)
	m.judge(root)
	m.Reply = m.Text
	keep()
	m.fillText(texts)
	m.cut()
}

// lineEnds turns a mail whose lines end in CR alone into one with LF.
func lineEnds(raw []byte) []byte {
	raw = bytes.TrimLeft(raw, "\r\n\x00")
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(raw, '\r') >= 0 && bytes.IndexByte(raw, '\n') < 0 {
		return bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	}
	return raw
}

// readHead fills what stands in the header.
func (m *Mail) readHead(fields []field, src, raw []byte) {
	m.hint = hintOf(fields, src)
	h := Header{fields: fields, hint: m.hint}
	m.Header = h
	m.Subject = strings.TrimSpace(h.Get("Subject"))
	m.From = m.addresses("From")
	m.ReplyTo = m.addresses("Reply-To")
	m.Sender = m.addresses("Sender")
	m.To = m.addresses("To")
	m.Cc = m.addresses("Cc")
	m.Date = parseDate(h.Get("Date"))
	m.MessageID, m.MissingID = ownID(h.Values("Message-ID"), raw)
	m.InReplyTo = messageIDs(h.Values("In-Reply-To"))
	m.References = messageIDs(h.Values("References"))
	m.readEnvelope()
	for _, miss := range []struct {
		is   bool
		note string
	}{
		{len(m.From) == 0, "the mail has no readable sender"},
		{m.MissingID, "the mail has no Message-ID"},
		{m.Date.IsZero(), "the mail has no readable date"},
	} {
		if miss.is {
			m.mended(miss.note)
		}
	}
}

// addresses reads all fields of one name as one list.
func (m *Mail) addresses(name string) []Address {
	var out []Address
	for _, raw := range m.Header.raws(name) {
		out = append(out, parseAddresses(raw, m.hint)...)
		if len(out) > maxAddresses {
			return out[:maxAddresses]
		}
	}
	return out
}

// readEnvelope fills what the delivering servers noted.
func (m *Mail) readEnvelope() {
	if values := m.Header.raws("Return-Path"); len(values) > 0 {
		v := strings.TrimSpace(values[0])
		m.NullPath = strings.HasPrefix(v, "<") && strings.TrimSpace(strings.Trim(v, "<>")) == ""
		if list := parseAddresses(v, m.hint); len(list) > 0 && !m.NullPath {
			m.ReturnPath = list[0].Addr
		}
	}
	seen := map[string]bool{}
	for _, name := range []string{"Delivered-To", "X-Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Rcpt-To", "X-Forwarded-To", "Resent-To", "Resent-Cc", "Apparently-To"} {
		for _, a := range m.addresses(name) {
			if a.Addr != "" && !seen[a.Addr] && len(m.Delivered) < maxAddresses {
				seen[a.Addr] = true
				m.Delivered = append(m.Delivered, a.Addr)
			}
		}
	}
}

// hintOf is the charset a mail speaks: of its own Content-Type, or of the first
// that is named further down.
func hintOf(fields []field, src []byte) string {
	if _, params := parseParams(rawField(fields, "Content-Type"), ""); params["charset"] != "" {
		return params["charset"]
	}
	top := bytes.ToLower(src[:min(len(src), 64<<10)])
	for {
		_, after, ok := bytes.Cut(top, []byte("\ncontent-type:"))
		if !ok {
			return ""
		}
		near := after[:min(len(after), 300)]
		if i := bytes.Index(near, []byte("charset=")); i >= 0 && bytes.IndexByte(near[:i], ':') < 0 {
			name, _, _ := bytes.Cut(bytes.TrimLeft(near[i+8:], "\"' "), []byte("\n"))
			name, _, _ = bytes.Cut(name, []byte(";"))
			return strings.Trim(string(name), "\"' \r\t")
		}
		top = after
	}
}
