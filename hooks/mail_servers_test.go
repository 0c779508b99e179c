package hooks

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/imapbox"
	"github.com/pocketdesk/pocketdesk/internal/imapbox/imaptest"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// program is a visitor's mail program: it waits at the real Dovecot for mail.
type program struct {
	*news
	mu    sync.Mutex
	pos   imapbox.Position
	mails []mail.View
	raw   []string
}

func (p *program) Position(context.Context) (imapbox.Position, error) { return p.pos, nil }

func (p *program) Take(_ context.Context, m imapbox.Mail) error {
	v, err := mail.ParseCaught(m.Raw)
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.mails, p.raw = append(p.mails, v), append(p.raw, string(m.Raw))
	p.mu.Unlock()
	p.tell()
	return nil
}

func (p *program) TooLarge(context.Context, imapbox.Mail) error { return nil }

func (p *program) Save(_ context.Context, pos imapbox.Position) error {
	p.pos = pos
	return nil
}

func (p *program) Status(imapbox.State, error) {}

// count is how many mails have come.
func (p *program) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.mails)
}

// mailServers are a real Postfix and a real Dovecot, and a shop between them.
type mailServers struct {
	*mailShop
	dovecot *imaptest.Dovecot
	postfix *imaptest.Postfix
}

func newMailServers(t *testing.T, users ...string) *mailServers {
	t.Helper()
	d := imaptest.StartDovecot(t)
	p := imaptest.StartPostfix(t, d, append(users, "desk")...)
	s := &mailServers{newMailShop(t, withoutSMTP()), d, p}
	host, port, err := net.SplitHostPort(p.Addr)
	if err != nil {
		t.Fatal(err)
	}
	s.plugin.outbox.Stop()
	settings := s.App.Settings()
	settings.Meta.AppURL, settings.Meta.SenderName, settings.Meta.SenderAddress = "https://shop.example", "山嵐選物", "desk@shop.test"
	settings.SMTP.Enabled, settings.SMTP.Host = true, host
	settings.SMTP.Port, _ = strconv.Atoi(port)
	if err := s.App.Save(settings); err != nil {
		t.Fatal(err)
	}
	s.plugin.outbox.Start()
	s.plugin.fetcher.TLS = d.Client
	s.plugin.fetcher.Timer = nil // real servers have real clocks
	s.bindAt(map[string]any{"host": d.Host, "port": d.Port, "username": "desk@shop.test"}, d.Password, map[string]any{"address": "desk@shop.test"})
	return s
}

// visitor opens the mail program of a user.
func (s *mailServers) visitor(user string) *program {
	s.t.Helper()
	p := &program{news: s.news}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = imapbox.Watch(ctx, imapbox.Config{Host: s.dovecot.Host, Port: s.dovecot.Port, TLSConfig: s.dovecot.Client, Username: user,
			Auth: imapbox.Password(s.dovecot.Password), FromStart: true}, p) // the context's error
	}()
	s.t.Cleanup(func() { cancel(); <-ended })
	return p
}

func (s *mailServers) post(from, to, raw string) {
	s.t.Helper()
	if err := s.postfix.Send(from, []string{to}, raw); err != nil {
		s.t.Fatal(err)
	}
}

// TestRealMailServers is a shop's mail from end to end: form, acknowledgement,
// answer, answer again, a bounce and an absent reader, over Postfix and Dovecot.
func TestRealMailServers(t *testing.T) {
	s := newMailServers(t, "ming", "ta..ro.")
	owner := s.Superuser()
	for _, v := range []struct {
		name, addr, locale string
		words              string
		write              func(response) string
	}{
		{"王小明", "ming@shop.test", "zh-TW", "謝謝，昨天收到了。\n照片如附件。", response.gmail},
		// phones in Japan have such addresses
		{"佐藤太郎", "ta..ro.@shop.test", "ja", "①番の急須が届きました。\nありがとうございます。", func(a response) string { return a.docomo(t) }},
	} {
		program := s.visitor(v.addr)
		c := s.CaseOf(s.Submit(map[string]any{"name": v.name, "email": v.addr, "locale": v.locale})["id"].(string))
		s.until("the acknowledgement of "+v.addr, func() bool { return program.count() == 1 })
		ack := program.mails[0]
		if !strings.Contains(program.raw[0], "Return-Path: <>") || header(ack, "Auto-Submitted") != "auto-replied" || !strings.Contains(ack.Text, v.name) {
			t.Errorf("the acknowledgement arrived as:\n%s", program.raw[0])
		}

		// an answer by staff, and the visitor's to that
		if status, got := s.answerOf(c, owner, map[string]any{"status": "pending"}); status != http.StatusOK {
			t.Fatalf("%d %v", status, got)
		}
		s.until("the answer", func() bool { return program.count() == 2 })
		if !strings.Contains(program.raw[1], "Return-Path: <desk+b-") {
			t.Errorf("the answer has no return path of its own:\n%.400s", program.raw[1])
		}
		a := response{from: v.addr, name: v.name, to: replyAddress(t, program.mails[1]), mail: program.mails[1], words: v.words}
		if v.locale == "zh-TW" {
			a.photo = png()
		}
		s.post(a.from, a.to, v.write(a))
		s.until("his words", func() bool { return len(s.words(c.Id)) == 2 })
		if got := s.words(c.Id)[1]; got != v.words {
			t.Errorf("his words are %q", got)
		}
		c, _ = desk.FindCase(s.App, c.Id)
		if c.Status() != desk.Open || c.GetDateTime("waiting_since").IsZero() {
			t.Errorf("the case is %s", c.Status())
		}
		said := s.Rows(desk.Messages)
		last := said[len(said)-1]
		if files := last.GetStringSlice("attachments"); (a.photo == nil) != (len(files) == 0) {
			t.Errorf("his files are %v", files)
		}
		if !strings.Contains(last.GetString("quoted"), "It leaves") {
			t.Errorf("the quote is kept as %q", last.GetString("quoted"))
		}
		// more of him, which Postfix got twice
		raw := v.write(a)
		s.post(a.from, a.to, raw)
		s.post(a.from, a.to, raw)
		s.until("more words", func() bool { return len(s.words(c.Id)) == 3 })
	}

	// he is away: noted, answered by nobody
	c := s.Cases()[0]
	c.Set("status", desk.Pending)
	if err := s.App.Save(c.Record); err != nil {
		t.Fatal(err)
	}
	mails := len(s.Rows(desk.Outbox))
	away := "From: ming@shop.test\r\nTo: desk+c-" + c.GetString("mail_token") + "@shop.test\r\nSubject: =?UTF-8?B?" + "6Ieq5YuV5Zue6KaG77ya5LyR5YGH5Lit" +
		"?=\r\nMessage-ID: <away@shop.test>\r\nAuto-Submitted: auto-replied\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n我休假到三月十日。\r\n"
	s.post("", "desk+c-"+c.GetString("mail_token")+"@shop.test", away)
	s.until("the absence", func() bool { return slices.Contains(s.events(c.Id), "auto_received") })
	if c, _ = desk.FindCase(s.App, c.Id); c.Status() != desk.Pending || len(s.Rows(desk.Outbox)) != mails {
		t.Errorf("an absence made the case %s and %d mails", c.Status(), len(s.Rows(desk.Outbox))-mails)
	}

	// nobody lives there
	s.Settings(map[string]any{"ack_enabled": false})
	lost := s.CaseOf(s.Submit(map[string]any{"email": "nobody-here@shop.test"})["id"].(string))
	status, sent := s.answerOf(lost, owner, map[string]any{"status": "pending"})
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, sent)
	}
	s.until("the bounce", func() bool { return slices.Contains(s.events(lost.Id), "bounced") })
	m, err := desk.FindMessage(s.App, sent["id"].(string))
	if err != nil || m.Delivery() != desk.DeliveryBounced {
		t.Errorf("the message is %v, %v", m.Delivery(), err)
	}
	id, err := s.App.FindFirstRecordByData(desk.Identities, "value", "nobody-here@shop.test")
	if err != nil || id.GetString("state") != desk.StateUndeliverable {
		t.Errorf("the address is %v, %v", id, err)
	}
	if lost, _ = desk.FindCase(s.App, lost.Id); lost.GetDateTime("follow_up_at").IsZero() || lost.GetString("follow_up_note") == "" {
		t.Error("there is no task")
	}
	for _, c := range s.Cases()[:2] {
		if n := len(s.words(c.Id)); n != 3 {
			t.Errorf("%d entries of one visitor", n)
		}
	}
	bounce := s.Rows(desk.InboundMails)
	if r := bounce[len(bounce)-1]; r.GetString("outcome") != desk.MailBounce || r.GetString("case") != lost.Id || len(s.Cases()) != 3 {
		t.Errorf("the bounce is %v; %d cases", r.PublicExport(), len(s.Cases()))
	}
}
