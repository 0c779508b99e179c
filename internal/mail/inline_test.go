package mail_test

import (
	"bytes"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

const png = "\x89PNG\r\n\x1a\n0000"

func TestInlineType(t *testing.T) {
	for head, want := range map[string]string{
		png: "image/png", "\xff\xd8\xff\xe0": "image/jpeg", "GIF89a": "image/gif", "RIFF1234WEBPVP8 ": "image/webp",
		"<svg xmlns='http://www.w3.org/2000/svg'/>": "", "BM123456": "", "<html>": "", "": "", "%PDF-1.7": "",
	} {
		if kind, ok := mail.InlineType([]byte(head)); kind != want || ok != (want != "") {
			t.Errorf("%q: %q %v", head, kind, ok)
		}
	}
}

// An image inside the text is a part of the HTML, a file stands beside both.
func TestBuildInline(t *testing.T) {
	m := sample()
	m.Text, m.HTML = mail.Render(mail.Source{Text: "see ![label](cid:標籤.png)", Images: map[string]string{"標籤.png": "i1.abc@example.com"}})
	m.Attachments = []mail.Attachment{
		{Name: "標籤.png", Type: "image/png", CID: "i1.abc@example.com", Open: fileOf(png)},
		{Name: "b.pdf", Type: "application/pdf", Open: fileOf("%PDF")},
	}
	raw, parsed := build(t, m)
	kind, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/mixed" {
		t.Fatalf("%s, %v", kind, err)
	}
	part, err := multipart.NewReader(parsed.Body, params["boundary"]).NextPart()
	if err != nil || !strings.HasPrefix(part.Header.Get("Content-Type"), "multipart/related") {
		t.Errorf("first part %v, %v", part.Header, err)
	}
	e, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil || len(e.Inlines) != 1 || len(e.Attachments) != 1 {
		t.Fatalf("%d inside, %d beside, %v", len(e.Inlines), len(e.Attachments), err)
	}
	in := e.Inlines[0]
	if in.ContentID != "i1.abc@example.com" || in.FileName != "標籤.png" || in.ContentType != "image/png" || string(in.Content) != png {
		t.Errorf("inside: %s %s %s", in.ContentID, in.FileName, in.ContentType)
	}
	if !strings.Contains(e.HTML, `src="cid:i1.abc@example.com"`) || strings.TrimSpace(e.Text) != "see label" {
		t.Errorf("text %q, html %q", e.Text, e.HTML)
	}

	// without an HTML part it is a file like others
	m.HTML = ""
	raw, _ = build(t, m)
	if e, err := enmime.ReadEnvelope(bytes.NewReader(raw)); err != nil || len(e.Attachments) != 2 || len(e.Inlines) != 0 {
		t.Errorf("%d inside, %d beside, %v", len(e.Inlines), len(e.Attachments), err)
	}
}

func TestBuildExtraHeaders(t *testing.T) {
	m := sample()
	m.Unsubscribe = "https://shop.example/s/abc?x=1"
	m.ReceiptTo = mail.Address{Name: "ignored", Addr: "desk+c-x@example.com"}
	_, got := build(t, m)
	for name, want := range map[string]string{
		"List-Unsubscribe": "<https://shop.example/s/abc?x=1>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Disposition-Notification-To": "<desk+c-x@example.com>",
	} {
		if v := got.Header.Get(name); v != want {
			t.Errorf("%s: %q, want %q", name, v, want)
		}
	}
	var plain *netmail.Message
	_, plain = build(t, sample())
	for _, name := range []string{"List-Unsubscribe", "List-Unsubscribe-Post", "Disposition-Notification-To"} {
		if v := plain.Header.Get(name); v != "" {
			t.Errorf("%s: %q", name, v)
		}
	}
}

func TestImageNames(t *testing.T) {
	got := mail.ImageNames("![a](cid:a.png) ![b](<cid:b c.png>) ![a](cid:a.png) [x](cid:no.png) ![r](https://a.example/r.png) ![p](cid:%E7%85%A7.png)")
	if want := "a.png|b c.png|照.png"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %s", got, want)
	}
}
