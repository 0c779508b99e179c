package mail_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

func newCatcher(t *testing.T) (*mail.Catcher, mail.Server) {
	t.Helper()
	c, err := mail.NewCatcher()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	host, port := c.Addr()
	return c, mail.Server{Host: host, Port: port, Timeout: anyLimit}
}

func TestCatcher(t *testing.T) {
	c, server := newCatcher(t)
	at := time.Date(2026, 11, 2, 1, 30, 0, 0, time.UTC)
	c.Now = func() time.Time { return at }
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			m := sample()
			m.Subject = fmt.Sprintf("第%d封", i)
			raw, err := mail.Build(m)
			if err != nil {
				t.Error(err)
			}
			if _, err := mail.Send(t.Context(), server, mail.Envelope{To: []string{"a@example.org"}, Raw: raw}); err != nil {
				t.Error(err)
			}
		})
	}
	got, err := c.Wait(t.Context(), 5)
	wg.Wait()
	if err != nil || len(got) != 5 {
		t.Fatalf("%d mails, %v", len(got), err)
	}
	for _, m := range got {
		view, err := mail.ParseCaught(m.Raw)
		if err != nil || m.From != "" || m.To[0] != "a@example.org" || !m.At.Equal(at) || !strings.HasSuffix(view.Subject, "封") {
			t.Errorf("caught %+v %+v %v", m, view, err)
		}
	}
}

func TestCatcherWaitEnds(t *testing.T) {
	c, _ := newCatcher(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Wait(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	done := make(chan error)
	go func() {
		_, err := c.Wait(t.Context(), 1)
		done <- err
	}()
	c.Close()
	if err := <-done; !errors.Is(err, mail.ErrCatcherClosed) {
		t.Errorf("closed: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
	if got, err := c.Wait(t.Context(), 0); err != nil || len(got) != 0 {
		t.Errorf("after closing: %v, %v", got, err)
	}
}

func TestParseCaught(t *testing.T) {
	m := sample()
	m.Subject, m.Text = "您的訂單", "您好\n"
	m.Text, m.HTML = mail.Render(mail.Source{Text: m.Text, Lang: "zh-TW"})
	m.Attachments = []mail.Attachment{{Name: "明細.pdf", Type: "application/pdf", Open: fileOf("%PDF")}}
	raw, err := mail.Build(m)
	if err != nil {
		t.Fatal(err)
	}
	v, err := mail.ParseCaught(raw)
	if err != nil {
		t.Fatal(err)
	}
	if v.Subject != m.Subject || !strings.Contains(v.From, m.From.Name) || !strings.Contains(v.To, "pat@example.org") {
		t.Errorf("header %q %q %q", v.Subject, v.From, v.To)
	}
	if strings.TrimSpace(v.Text) != "您好" || !strings.Contains(v.HTML, "<p>您好</p>") {
		t.Errorf("bodies %q %q", v.Text, v.HTML)
	}
	if len(v.Files) != 1 || v.Files[0] != (mail.File{Name: "明細.pdf", Type: "application/pdf", Size: 4}) {
		t.Errorf("files %+v", v.Files)
	}
	fields := map[string]string{}
	for _, f := range v.Headers {
		fields[f.Name] = f.Value
	}
	if fields["Subject"] != m.Subject || fields["Message-ID"] != m.MessageID {
		t.Errorf("fields %v", fields)
	}
}

func TestParseCaughtGuards(t *testing.T) {
	nested := "Subject: x\r\n"
	for i := range 24 {
		nested += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	continued := strings.ReplaceAll(nested, "boundary=", "boundary*0=")
	for name, raw := range map[string]string{"nested": nested, "continued": continued, "spaced": strings.ReplaceAll(nested, "boundary=", "boundary\r\n ="), "upper case": strings.ToUpper(nested), "large": strings.Repeat("x", 37<<20)} {
		if _, err := mail.ParseCaught([]byte(raw)); !errors.Is(err, mail.ErrUnshowable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
