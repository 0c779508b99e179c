package imapbox

import (
	"bufio"
	"bytes"
	"net/mail"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/imapbox/imaptest"
)

// TestPostfixToDovecot sends mails the whole way: SMTP, Postfix, Dovecot, IMAP. The last
// one goes to nobody and comes back to the address that its envelope named.
func TestPostfixToDovecot(t *testing.T) {
	d := imaptest.StartDovecot(t)
	p := imaptest.StartPostfix(t, d)
	cfg := dovecotConfig(d)
	cfg.After = Seen
	w := watch(t, cfg, newShelf())
	send := func(from, to, raw string) {
		t.Helper()
		if err := p.Send(from, []string{to}, raw); err != nil {
			t.Fatal(err)
		}
	}
	send("visitor@visitor.test", "desk@shop.test", string(note(1)))
	w.holds(t, 1)
	send("visitor@visitor.test", "desk+c-TOKEN@shop.test", string(note(2)))
	w.holds(t, 2)
	send("desk+b-DELIVERY-MAC@shop.test", "nobody-here@shop.test", string(note(3)))
	w.holds(t, 3)
	w.stop()

	second, bounce := headerOf(t, w.mails[1].Raw), headerOf(t, w.mails[2].Raw)
	if to := second.Get("Delivered-To"); to != "desk+c-TOKEN@shop.test" {
		t.Errorf("the plus-address came as Delivered-To %q", to)
	}
	if to := bounce.Get("Delivered-To"); to != "desk+b-DELIVERY-MAC@shop.test" || bounce.Get("Return-Path") != "<>" {
		t.Errorf("the bounce came to %q from %q", to, bounce.Get("Return-Path"))
	}
	for _, part := range []string{"multipart/report", "nobody-here@shop.test", "Status: 5.1.1", "<3@visitor.test>"} {
		if !strings.Contains(string(w.mails[2].Raw), part) {
			t.Errorf("the bounce lacks %q:\n%s", part, w.mails[2].Raw)
		}
	}
	if err := p.Send("desk@shop.test", []string{"someone@elsewhere.test"}, string(note(4))); err != nil {
		t.Fatal(err)
	}
	w = watch(t, cfg, w.shelf)
	w.holds(t, 4)
	if !strings.Contains(string(w.mails[3].Raw), "there is no other domain") {
		t.Errorf("a mail to another domain came back as:\n%s", w.mails[3].Raw)
	}
	if t.Failed() {
		t.Log(p.Log())
	}
}

func headerOf(t *testing.T, raw []byte) mail.Header {
	t.Helper()
	m, err := mail.ReadMessage(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header
}
