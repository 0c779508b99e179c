package mail_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

func fileOf(content string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }
}

func sample() mail.Message {
	return mail.Message{
		From:      mail.Address{Name: "小山商店 Koyama", Addr: "desk@example.com"},
		To:        mail.Address{Name: `O'Brien, "Pat"`, Addr: "pat@example.org"},
		Subject:   "hello",
		Text:      "one\ntwo\n",
		MessageID: "<desk-ack-1.abc@example.com>",
		Date:      time.Date(2026, 11, 2, 9, 30, 0, 0, time.FixedZone("", 8*3600)),
	}
}

// checkLines holds what every mail must be: ASCII, CRLF alone, no line over 998.
func checkLines(t *testing.T, raw []byte) {
	t.Helper()
	for _, line := range bytes.Split(raw, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n") {
			t.Errorf("bad line %.100q of %d bytes", line, len(line))
		}
		for _, c := range line {
			if c >= 0x80 {
				t.Fatalf("a byte outside ASCII in %.100q", line)
			}
		}
	}
}

func build(t *testing.T, m mail.Message) ([]byte, *netmail.Message) {
	t.Helper()
	raw, err := mail.Build(m)
	if err != nil {
		t.Fatal(err)
	}
	checkLines(t, raw)
	parsed, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return raw, parsed
}

func TestBuildHeaders(t *testing.T) {
	m := sample()
	m.MessageID = "<desk-reply-" + strings.Repeat("a", 200) + "@" + strings.Repeat("b", 50) + ".example.com>"
	m.ReplyTo = mail.Address{Addr: "desk+c-token@example.com"}
	m.Cc = []mail.Address{{Name: "山田", Addr: "y@例え.jp"}, {Addr: "foo..bar@docomo.ne.jp"}}
	m.InReplyTo = "<CAF=abc+def@mail.gmail.com>"
	m.References = []string{"<first@example.com>", "not an id", m.InReplyTo}
	m.Auto, m.Lang = mail.AutoReplied, "zh-TW"
	raw, got := build(t, m)
	if !bytes.Contains(raw, []byte("\r\nMessage-ID: "+m.MessageID+"\r\n")) {
		t.Error("the Message-ID isn't on one line")
	}
	for name, values := range got.Header {
		if len(values) != 1 {
			t.Errorf("%s stands there %d times: %q", name, len(values), values)
		}
	}
	want := map[string]string{
		"In-Reply-To": m.InReplyTo, "References": "<first@example.com> " + m.InReplyTo,
		"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All", "Precedence": "",
		"Content-Language": "zh-TW", "Date": "Mon, 02 Nov 2026 09:30:00 +0800", "Subject": "hello",
		"Reply-To": "<desk+c-token@example.com>", "User-Agent": "", "X-Mailer": "", "Mime-Version": "1.0",
	}
	for name, value := range want {
		if v := got.Header.Get(name); v != value {
			t.Errorf("%s: %q, want %q", name, v, value)
		}
	}
	from, err := got.Header.AddressList("From")
	if err != nil || from[0].Name != m.From.Name {
		t.Errorf("From %v %v", from, err)
	}
	to, err := got.Header.AddressList("To")
	if err != nil || to[0].Name != m.To.Name || to[0].Address != m.To.Addr {
		t.Errorf("To %v %v", to, err)
	}
	cc, err := got.Header.AddressList("Cc")
	if err != nil || len(cc) != 2 || cc[0].Address != "y@xn--r8jz45g.jp" || cc[1].Address != "foo..bar@docomo.ne.jp" {
		t.Errorf("Cc %v %v", cc, err)
	}
}

func TestBuildByPerson(t *testing.T) {
	m := sample()
	m.InReplyTo = "<a@example.org>"
	_, got := build(t, m)
	for _, name := range []string{"Auto-Submitted", "X-Auto-Response-Suppress", "Precedence"} {
		if v := got.Header.Get(name); v != "" {
			t.Errorf("%s: %q", name, v)
		}
	}
	if v := got.Header.Get("References"); v != m.InReplyTo {
		t.Errorf("References %q", v)
	}
}

func TestBuildSubjects(t *testing.T) {
	for _, subject := range []string{
		"", "plain", "Re: 關於您的訂單", strings.Repeat("您的訂單已經出貨，請留意收件時間。", 12),
		strings.Repeat("a", 1200), strings.Repeat("many words ", 40) + "end", "two  spaces   inside",
		"=?utf-8?q?sneaky?=", "emoji 🎉👨‍👩‍👧 family", "İstanbul café ガギグゲゴ", "日本語 and English 混在 " + strings.Repeat("x", 80),
	} {
		m := sample()
		m.Subject = subject
		raw, got := build(t, m)
		decoded, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
		if err != nil || decoded != subject {
			t.Errorf("subject %q came back as %q, %v", subject, decoded, err)
		}
		header, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
		for _, line := range bytes.Split(header, []byte("\r\n")) {
			if len(line) > 85 || len(bytes.TrimSpace(line)) == 0 {
				t.Errorf("header line of %d bytes: %q", len(line), line)
			}
		}
	}
}

func TestBuildReferencesAreCapped(t *testing.T) {
	m := sample()
	for i := range 500 {
		m.References = append(m.References, "<"+strings.Repeat("r", i%50+1)+"@example.com>")
	}
	m.References[0], m.References[499] = "<first@example.com>", "<last@example.com>"
	_, got := build(t, m)
	refs := strings.Fields(got.Header.Get("References"))
	if len(refs) != 30 || refs[0] != "<first@example.com>" || refs[29] != "<last@example.com>" {
		t.Errorf("%d references: %v", len(refs), refs)
	}
}

func TestBuildRefusesInjection(t *testing.T) {
	set := map[string]func(*mail.Message, string){
		"From.Name":           func(m *mail.Message, s string) { m.From.Name = s },
		"From.Addr":           func(m *mail.Message, s string) { m.From.Addr += s },
		"To.Name":             func(m *mail.Message, s string) { m.To.Name = s },
		"To.Addr":             func(m *mail.Message, s string) { m.To.Addr += s },
		"ReplyTo.Name":        func(m *mail.Message, s string) { m.ReplyTo = mail.Address{Name: s, Addr: "a@example.com"} },
		"ReplyTo.Addr":        func(m *mail.Message, s string) { m.ReplyTo.Addr = "a@example.com" + s },
		"Cc[1].Name":          func(m *mail.Message, s string) { m.Cc = []mail.Address{m.To, {Name: s, Addr: "a@example.com"}} },
		"Cc[0].Addr":          func(m *mail.Message, s string) { m.Cc = []mail.Address{{Addr: "a@example.com" + s}} },
		"Subject":             func(m *mail.Message, s string) { m.Subject = s },
		"MessageID":           func(m *mail.Message, s string) { m.MessageID += s },
		"InReplyTo":           func(m *mail.Message, s string) { m.InReplyTo = "<a@b>" + s },
		"References[0]":       func(m *mail.Message, s string) { m.References = []string{"<a@b>" + s} },
		"Auto":                func(m *mail.Message, s string) { m.Auto = mail.AutoReplied + s },
		"Lang":                func(m *mail.Message, s string) { m.Lang = "en" + s },
		"Attachments[0].Name": func(m *mail.Message, s string) { m.Attachments = []mail.Attachment{{Name: s, Open: fileOf("")}} },
		"Attachments[0].Type": func(m *mail.Message, s string) { m.Attachments = []mail.Attachment{{Type: s, Open: fileOf("")}} },
		"Attachments[0].CID": func(m *mail.Message, s string) {
			m.Attachments = []mail.Attachment{{CID: "a@b" + s, Open: fileOf("")}}
		},
		"Unsubscribe":    func(m *mail.Message, s string) { m.Unsubscribe = "https://shop.example/u" + s },
		"ReceiptTo.Addr": func(m *mail.Message, s string) { m.ReceiptTo.Addr = "a@example.com" + s },
	}
	for field, apply := range set {
		for _, s := range []string{"\r\nBcc: x@example.com", "\nBcc: x@example.com", "\rx", "\u2028x", "\x00x"} {
			m := sample()
			apply(&m, s)
			_, err := mail.Build(m)
			var bad *mail.FieldError
			if !errors.As(err, &bad) || bad.Field != field || !strings.Contains(err.Error(), field) {
				t.Errorf("%s with %q: %v", field, s, err)
			}
		}
	}
}

func TestBuildRefusesValues(t *testing.T) {
	set := map[string]func(*mail.Message){
		"From.Addr":           func(m *mail.Message) { m.From.Addr = "" },
		"To.Addr":             func(m *mail.Message) { m.To.Addr = "a@example.com, b@example.com" },
		"ReplyTo.Addr":        func(m *mail.Message) { m.ReplyTo.Name = "x" },
		"Cc[0].Addr":          func(m *mail.Message) { m.Cc = make([]mail.Address, 1) },
		"MessageID":           func(m *mail.Message) { m.MessageID = "" },
		"Auto":                func(m *mail.Message) { m.Auto = "yes" },
		"Lang":                func(m *mail.Message) { m.Lang = "zh TW" },
		"Attachments[0].Open": func(m *mail.Message) { m.Attachments = make([]mail.Attachment, 1) },
		"Attachments[0].CID":  func(m *mail.Message) { m.Attachments = []mail.Attachment{{CID: "no id", Open: fileOf("")}} },
		"Unsubscribe":         func(m *mail.Message) { m.Unsubscribe = "http://shop.example/u" },
		"ReceiptTo.Addr":      func(m *mail.Message) { m.ReceiptTo.Name = "x" },
	}
	for field, apply := range set {
		m := sample()
		apply(&m)
		_, err := mail.Build(m)
		var bad *mail.FieldError
		if !errors.As(err, &bad) || bad.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestBuildNameIsNoEncodedWord(t *testing.T) {
	m := sample()
	m.To.Name = "=?utf-8?q?_evil=0A?="
	raw, _ := build(t, m)
	if bytes.Contains(raw, []byte("=?utf-8?q?_evil")) {
		t.Errorf("the name went out as it came:\n%s", raw)
	}
}

func TestBuildBodies(t *testing.T) {
	texts := []string{"", "plain\nlines\r\nmixed\rends", "您好：\n\n我們會儘快回覆。", ".\nFrom the start\n..", strings.Repeat("長", 5000), "bad \xff byte"}
	for _, text := range texts {
		m := sample()
		m.Text = text
		raw, _ := build(t, m)
		view, err := mail.ParseCaught(raw)
		want := strings.ToValidUTF8(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\uFFFD")
		if got := strings.ReplaceAll(view.Text, "\r\n", "\n"); err != nil || got != want || view.HTML != "" {
			t.Errorf("text %.40q came back as %.40q, %v", want, got, err)
		}
		_, m.HTML = mail.Render(mail.Source{Text: text, Lang: "zh-TW"})
		raw, parsed := build(t, m)
		if kind := parsed.Header.Get("Content-Type"); !strings.HasPrefix(kind, "multipart/alternative;") {
			t.Errorf("Content-Type %q", kind)
		}
		view, err = mail.ParseCaught(raw)
		if got := strings.ReplaceAll(view.HTML, "\r\n", "\n"); err != nil || got != m.HTML {
			t.Errorf("html %.40q came back as %.40q, %v", m.HTML, got, err)
		}
	}
}

func TestBuildEncodings(t *testing.T) {
	for text, want := range map[string]string{"Your order is on its way.": "Your order is on its way.", "您的訂單已出貨": "5oKo55qE6KiC5Zau5bey5Ye66LKo"} {
		m := sample()
		m.Text = text
		if raw, _ := build(t, m); !bytes.Contains(raw, []byte("\r\n"+want)) {
			t.Errorf("%q isn't sent as %q:\n%s", text, want, raw)
		}
	}
}

func TestBuildAttachments(t *testing.T) {
	long := strings.Repeat("長い名前", 40) + ".pdf"
	tests := []struct{ name, kind, wantName, wantKind string }{
		{"a.pdf", "application/pdf", "a.pdf", "application/pdf"},
		{"訂單 明細（最終）.xlsx", "application/vnd.ms-excel", "訂單 明細（最終）.xlsx", "application/vnd.ms-excel"},
		{`C:\Users\x\"quote";.txt`, "text/plain; charset=big5", "_quote_;.txt", "text/plain"},
		{"../../etc/passwd", "no type", "passwd", "application/octet-stream"},
		{"", "message/rfc822", "file", "application/octet-stream"},
		{"rtl\u202Efdp.exe", "", "rtlfdp.exe", "application/octet-stream"},
		{long, "image/png", string([]rune(long)[:96]) + ".pdf", "image/png"},
		{"🎉.png", "multipart/mixed; boundary=x", "🎉.png", "application/octet-stream"},
	}
	m := sample()
	m.HTML = "<p>x</p>"
	content := "line\n\x00\xffbinary\r\n.\r\n"
	for _, tt := range tests {
		m.Attachments = append(m.Attachments, mail.Attachment{Name: tt.name, Type: tt.kind, Open: fileOf(content)})
	}
	raw, parsed := build(t, m)
	_, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	// The standard library's reader, to see the names by RFC 2231 alone.
	parts := multipart.NewReader(parsed.Body, params["boundary"])
	if _, err := parts.NextPart(); err != nil {
		t.Fatal(err)
	}
	for i, tt := range tests {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		if err != nil || kind != "attachment" || params["filename"] != tt.wantName {
			t.Errorf("file %d: %s %q, want %q (%v)", i, kind, params["filename"], tt.wantName, err)
		}
		if kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type")); err != nil || kind != tt.wantKind {
			t.Errorf("file %d: type %q, want %q (%v)", i, kind, tt.wantKind, err)
		}
	}
	view, err := mail.ParseCaught(raw)
	if err != nil || len(view.Files) != len(tests) {
		t.Fatalf("%d files, %v", len(view.Files), err)
	}
	for i, file := range view.Files {
		if file.Name != tests[i].wantName || file.Type != tests[i].wantKind {
			t.Errorf("file %d shown as %+v", i, file)
		}
		if file.Type != "text/plain" && file.Size != len(content) {
			t.Errorf("file %d has %d bytes, want %d", i, file.Size, len(content))
		}
	}
}

// endless gives bytes without end, as a file that grows while it is read.
type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

func TestBuildAttachmentFaults(t *testing.T) {
	broken := errors.New("disk on fire")
	tests := []struct {
		name string
		open func() (io.ReadCloser, error)
		want error
	}{
		{"can't open", func() (io.ReadCloser, error) { return nil, broken }, broken},
		{"breaks while read", func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader("some"), errReader{broken})), nil
		}, broken},
		{"too large", func() (io.ReadCloser, error) { return io.NopCloser(endless{}), nil }, mail.ErrTooLarge},
	}
	for _, tt := range tests {
		m := sample()
		m.Attachments = []mail.Attachment{{Name: "ok", Open: fileOf("ok")}, {Name: "bad", Open: tt.open}, {Name: "after", Open: fileOf("ok")}}
		raw, err := mail.Build(m)
		if !errors.Is(err, tt.want) || raw != nil {
			t.Errorf("%s: %d bytes, %v", tt.name, len(raw), err)
		}
	}
}

func TestBuildAttachmentsTogether(t *testing.T) {
	half := strings.Repeat("x", mail.MaxAttachmentBytes/2)
	m := sample()
	m.Attachments = []mail.Attachment{{Name: "a", Open: fileOf(half)}, {Name: "b", Open: fileOf(half)}}
	if _, err := mail.Build(m); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	m.Attachments[1].Open = fileOf(half + "x")
	if _, err := mail.Build(m); !errors.Is(err, mail.ErrTooLarge) {
		t.Errorf("over the limit: %v", err)
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }
