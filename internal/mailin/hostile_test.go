package mailin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// parse reads a mail in a test, where every error is unexpected.
func parse(t testing.TB, raw string) *Mail {
	t.Helper()
	m, err := parseWithin(context.Background(), []byte(raw), time.Minute)
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return m
}

// nested builds levels of multiparts inside each other, none of which ends.
func nested(levels int) []byte {
	var b bytes.Buffer
	b.WriteString("From: a@example.com\r\nSubject: deep\r\n")
	for i := range levels {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=\"b%d\"\r\n\r\n--b%d\r\n", i, i)
	}
	b.WriteString("Content-Type: text/plain\r\n\r\nthe bottom\r\n")
	return b.Bytes()
}

func TestNestedWithoutEnd(t *testing.T) {
	m, err := Parse(context.Background(), nested(24))
	if err != nil {
		t.Fatalf("24 levels: %v", err)
	}
	if got := strings.TrimSpace(m.Text); got != "the bottom" {
		t.Errorf("text: %q", got)
	}
	m, err = Parse(context.Background(), nested(200))
	if !errors.Is(err, ErrTooDeep) {
		t.Errorf("200 levels: %v", err)
	}
	if m.Subject != "deep" {
		t.Errorf("subject is lost: %q", m.Subject)
	}
}

func TestLimits(t *testing.T) {
	many := "Subject: many\nContent-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\n\nhello\n", 2000) + "--x--\n"
	m, err := Parse(context.Background(), []byte(many))
	if !errors.Is(err, ErrTooMany) || m.Subject != "many" || !strings.HasPrefix(m.Text, "hello") {
		t.Errorf("many parts: %v, %q", err, m.Subject)
	}
	large := append([]byte("Subject: large\nFrom: a@example.com\n\n"), make([]byte, MaxSize)...)
	m, err = Parse(context.Background(), large)
	if !errors.Is(err, ErrTooLarge) || m.Subject != "large" || m.From[0].Addr != "a@example.com" {
		t.Errorf("too large: %v, %+v", err, m)
	}
	for _, raw := range []string{"", "\r\n\r\n", "  \n"} {
		if m, err := Parse(context.Background(), []byte(raw)); !errors.Is(err, ErrEmpty) || m == nil {
			t.Errorf("%q: %v", raw, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if m, err := Parse(ctx, []byte("Subject: x\n\ny")); err == nil || m == nil {
		t.Errorf("cancelled: %v, %v", m, err)
	}
}

// TestHostile reads mails made to break a parser; each must come back whole.
func TestHostile(t *testing.T) {
	for name, raw := range map[string]string{
		"endless header":         "Subject: " + strings.Repeat("a", 4<<20),
		"endless folding":        "Subject: a\n" + strings.Repeat(" b\n", 500_000) + "\nbody",
		"a million fields":       strings.Repeat("X: y\n", 1_000_000) + "\nbody",
		"encoded words":          "Subject: " + strings.Repeat("=?utf-8?q?", 50_000) + "\n\nbody",
		"word ends":              "Subject: " + strings.Repeat("=?utf-8?q?a?= ", 50_000) + "\n\nbody",
		"open brackets":          "From: " + strings.Repeat("<", 200_000) + "\n\nbody",
		"open comments":          "From: " + strings.Repeat("(", 100_000) + "\n\nbody",
		"open quotes":            "From: " + strings.Repeat("\"a", 100_000) + "\n\nbody",
		"colons":                 "To: " + strings.Repeat("a:", 100_000) + "\n\nbody",
		"parameters":             "Content-Type: text/plain" + strings.Repeat("; a=\"", 100_000) + "\n\nbody",
		"continuations":          "Content-Type: text/plain; name*99999999999=a; name*-1=b; name*5*=c\n\nbody",
		"boundary everywhere":    "Content-Type: multipart/mixed; boundary=-\n\n" + strings.Repeat("---\n", 200_000),
		"boundary of dashes":     "Content-Type: multipart/mixed; boundary=\"" + strings.Repeat("-", 60) + "\"\n\n" + strings.Repeat("-", 1<<20),
		"dashes in one line":     "Content-Type: multipart/mixed; boundary=\"-\"\n\n" + strings.Repeat("-", 1<<20),
		"NULs":                   "Subject: a\x00b\n\nbo\x00dy",
		"only NULs":              "x" + strings.Repeat("\x00", 10_000),
		"begin without end":      "Subject: x\n\n" + strings.Repeat("begin 644 a\nM\n", 5_000),
		"base64 of nothing":      "Content-Transfer-Encoding: base64\n\n" + strings.Repeat("=", 1<<20),
		"references":             "References: " + strings.Repeat("<", 300_000) + strings.Repeat("<a@b>", 50_000) + "\n\nbody",
		"date":                   "Date: " + strings.Repeat("(", 100_000) + "\n\nbody",
		"html tags":              "Content-Type: text/html\n\n" + strings.Repeat("<div>", 100_000),
		"html quotes":            "Content-Type: text/html\n\n" + strings.Repeat("<blockquote type=cite>a", 20_000),
		"quote marks":            "Subject: x\n\n" + strings.Repeat(">", 1<<20),
		"header quotes":          "Subject: x\n\n" + strings.Repeat("On a wrote:\n> ", 50_000),
		"shifts":                 "Subject: " + strings.Repeat("\x1b$B", 50_000) + "\n\n" + strings.Repeat("\x1b$B\x1b(B", 50_000),
		"authentication results": "Authentication-Results: " + strings.Repeat("(", 50_000) + strings.Repeat("a=b;", 50_000) + "\n\nbody",
	} {
		t.Run(name, func(t *testing.T) {
			m, err := parseWithin(context.Background(), []byte(raw), time.Minute)
			if err != nil && !errors.Is(err, ErrTooMany) {
				t.Error(err)
			}
			checkText(t, name, m)
			m.Auth("mx.example.com")
		})
	}
}

// checkText holds what every mail promises whatever came in.
func checkText(t testing.TB, name string, m *Mail) {
	t.Helper()
	if m == nil {
		t.Fatalf("%s: no mail", name)
	}
	texts := []string{m.Subject, m.Text, m.HTML, m.Reply, m.Quoted, m.ReplyHTML, m.MessageID}
	for _, list := range [][]Address{m.From, m.To, m.Cc, m.ReplyTo} {
		for _, a := range list {
			texts = append(texts, a.Name, a.Addr)
		}
	}
	for _, a := range m.Attachments {
		texts = append(texts, a.Name, a.Type)
		if strings.ContainsAny(a.Name, "/\\\n\x00") {
			t.Errorf("%s: unsafe file name %q", name, a.Name)
		}
	}
	for _, s := range texts {
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") || strings.Contains(s, "\r") {
			t.Errorf("%s: bad text %.80q", name, s)
		}
	}
	if strings.Contains(m.Subject, "\n") {
		t.Errorf("%s: subject of two lines", name)
	}
}

func TestMended(t *testing.T) {
	for _, c := range []struct{ name, raw, subject, text string }{
		{"CR alone", "From: a@example.com\rSubject: old Mac\r\rone\rtwo", "old Mac", "one\ntwo"},
		{"mbox line", "From a@example.com Mon Jan  1 00:00:00 2024\nSubject: x\n\nbody", "x", "body"},
		{"blank lines first", "\r\n\r\nSubject: x\r\n\r\nbody", "x", "body"},
		{"byte order mark", "\xef\xbb\xbfSubject: x\n\nbody", "x", "body"},
		{"no empty line", "Subject: x\nHello there,\nsecond line", "x", "Hello there,\nsecond line"},
		{"junk between fields", "Subject: x\nwhat is this\nFrom: a@example.com\n\nbody", "x", "body"},
		{"space before colon", "Subject : x\n\nbody", "x", "body"},
		{"control characters", "Subject: a\x00b\n\nc\x00\x1b\x07d", "ab", "cd"},
		{"no boundary given", "Subject: x\nContent-Type: multipart/mixed\n\n--abcdef\nContent-Type: text/plain\n\nbody\n--abcdef--\n", "x", "body"},
		{"another boundary", "Subject: x\nContent-Type: multipart/mixed; boundary=zzz\n\n--abcdef\nContent-Type: text/plain\n\nbody\n--abcdef--\n", "x", "body"},
		{"no boundary there", "Subject: x\nContent-Type: multipart/mixed; boundary=zzz\n\nbody", "x", "body"},
		{"no end", "Subject: x\nContent-Type: multipart/mixed; boundary=z\n\n--z\n\nbody", "x", "body"},
		{"end without line end", "Subject: x\nContent-Type: multipart/mixed; boundary=z\n\n--z\n\nbody--z--", "x", "body"},
		{"similar boundaries", "Subject: x\nContent-Type: multipart/mixed; boundary=z\n\n--z\nContent-Type: multipart/alternative; boundary=z1\n\n--z1\n\nbody\n--z1--\n--z--\n", "x", "body"},
		{"base64 unpadded", "Subject: x\nContent-Transfer-Encoding: base64\n\nYm9keQ", "x", "body"},
		{"base64 with a list's footer", "Subject: x\nContent-Transfer-Encoding: base64\n\nYm9keQ==\n_____________\nlist mailing list, to leave it write to us\n", "x", "body"},
		{"base64 that is none", "Subject: x\nContent-Transfer-Encoding: base64\n\nThis is plain text, whatever it says above.", "x", "This is plain text, whatever it says above."},
		{"broken quoted-printable", "Subject: x\nContent-Transfer-Encoding: quoted-printable\n\n100=% b=6fdy=\n!", "x", "100=% body!"},
		{"unknown encoding", "Subject: x\nContent-Transfer-Encoding: 8bits\n\nbody", "x", "body"},
		{"unknown charset", "Subject: x\nContent-Type: text/plain; charset=klingon\n\nbody", "x", "body"},
		{"type of one word", "Subject: x\nContent-Type: text\n\nbody", "x", "body"},
	} {
		m := parse(t, c.raw)
		if m.Subject != c.subject || strings.TrimSpace(m.Text) != c.text {
			t.Errorf("%s: subject %q, text %q", c.name, m.Subject, m.Text)
		}
	}
}

// TestMemory reads the largest mails that are taken. Their parts share the bytes
// of the mail where they can, and text is cut, so that what is in use at the end
// stays within a few times the mail.
func TestMemory(t *testing.T) {
	line := strings.Repeat("TWFu", 19) + "\r\n"
	fill := strings.Repeat(line, (MaxSize-4096)/len(line))
	for name, raw := range map[string]string{
		"one file": "Subject: x\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n" + fill,
		"html":     "Subject: x\nContent-Type: text/html\n\n" + strings.Repeat("<p>a <b>b</b></p>\n", (MaxSize-4096)/20),
	} {
		m, err := parseWithin(context.Background(), []byte(raw), time.Minute)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(m.Text) > maxText || len(m.HTML) > maxText {
			t.Errorf("%s: %d bytes of text, %d of html", name, len(m.Text), len(m.HTML))
		}
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		if stats.HeapAlloc > 200<<20 {
			t.Errorf("%s: %d MB in use", name, stats.HeapAlloc>>20)
		}
		t.Logf("%s: %d MB in use, %d MB from the system", name, stats.HeapAlloc>>20, stats.Sys>>20)
		runtime.KeepAlive(m)
	}
}
