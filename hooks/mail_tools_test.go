package hooks

import (
	"context"
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/text/encoding/japanese"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/imapbox/imaptest"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// mailShop is a shop whose mailboxes are fetched. Time passes for their watchers
// only as the test lets it.
type mailShop struct {
	*shop
	*news
	timers *timers
}

func newMailShop(t *testing.T, options ...shopOption) *mailShop {
	t.Helper()
	n := &news{changed: make(chan struct{})}
	s := newShop(t, append(options, withApp(n.hear))...)
	m := &mailShop{shop: s, news: n, timers: &timers{clock: s.Clock, news: n}}
	s.plugin.fetcher.Timer = m.timers.after
	return m
}

// news wakes who waits for something to happen.
type news struct {
	mu      sync.Mutex
	changed chan struct{}
}

// hear takes the settling of a mail in, or out, as news.
func (n *news) hear(app core.App) {
	for _, collection := range []string{desk.InboundMails, desk.Outbox, desk.Messages} {
		app.OnRecordAfterUpdateSuccess(collection).BindFunc(func(e *core.RecordEvent) error {
			n.tell()
			return e.Next()
		})
	}
}

func (n *news) tell() {
	n.mu.Lock()
	defer n.mu.Unlock()
	close(n.changed)
	n.changed = make(chan struct{})
}

func (n *news) next() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.changed
}

// patience is how long a test waits for what must come; it is never waited out.
const patience = 2 * time.Minute

// again is after how long a condition is looked at without news.
const again = 100 * time.Millisecond

// until waits for a condition, which is looked at after each piece of news.
func (s *mailShop) until(what string, ready func() bool) {
	s.t.Helper()
	s.wait(what, ready, func() {})
}

// pass is until, while all that the watchers wait for comes at once: pauses, polls
// and renewed waiting.
func (s *mailShop) pass(what string, ready func() bool) {
	s.t.Helper()
	s.wait(what, ready, s.timers.skip)
}

func (s *mailShop) wait(what string, ready func() bool, meanwhile func()) {
	s.t.Helper()
	late := time.After(patience)
	for {
		next := s.next()
		if ready() {
			return
		}
		meanwhile()
		select {
		case <-next:
		case <-time.After(again): // a watcher that was ended has left a timer behind
		case <-late:
			for _, r := range s.Rows(desk.InboundMails) {
				s.t.Logf("%s %s %s %s %q", r.GetString("message_id"), r.GetString("status"), r.GetString("outcome"), r.GetString("reason"), r.GetString("error"))
			}
			for _, r := range s.Rows(desk.Mailboxes) {
				s.t.Logf("%s %s %d %q", r.GetString("name"), r.GetString("state"), r.GetInt("last_uid"), r.GetString("last_error"))
			}
			s.t.Fatalf("waited in vain for: %s", what)
		}
	}
}

// idle waits until all has been fetched and the watcher waits for more.
func (s *mailShop) idle(box *imaptest.Server) {
	s.t.Helper()
	now, cancel := context.WithCancel(context.Background())
	cancel()
	s.pass("the watcher at rest", func() bool { return box.WaitIdle(now) == nil })
}

// timers measure with the test's clock.
type timers struct {
	clock *clock
	news  *news

	mu      sync.Mutex
	waiting []timer
}

type timer struct {
	at   time.Time
	rest bool // nothing is expected before; else it is the patience with a server
	ring chan time.Time
}

func (w *timers) after(d time.Duration) <-chan time.Time {
	w.mu.Lock()
	t := timer{w.clock.Now().Add(d), d != time.Minute, make(chan time.Time, 1)}
	w.waiting = append(w.waiting, t)
	w.mu.Unlock()
	w.news.tell()
	return t.ring
}

// skip moves the clock to the next moment for which somebody rests.
func (w *timers) skip() {
	w.mu.Lock()
	var first time.Time
	for _, t := range w.waiting {
		if t.rest && (first.IsZero() || t.at.Before(first)) {
			first = t.at
		}
	}
	w.mu.Unlock()
	if !first.IsZero() {
		w.advance(max(first.Sub(w.clock.Now()), 0))
	}
}

// advance lets time pass.
func (w *timers) advance(d time.Duration) {
	w.clock.Advance(d)
	now := w.clock.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = slices.DeleteFunc(w.waiting, func(t timer) bool {
		if t.at.After(now) {
			return false
		}
		t.ring <- now
		return true
	})
}

// bind makes a mailbox on a server, through the API, as an admin does. The first one's
// certificates are trusted.
func (s *mailShop) bind(box *imaptest.Server, fields map[string]any) string {
	s.t.Helper()
	if s.plugin.fetcher.TLS == nil {
		s.plugin.fetcher.TLS = box.Client
	}
	return s.bindAt(map[string]any{"host": box.Host, "port": box.Port, "username": box.Username}, box.Password, fields)
}

func (s *mailShop) bindAt(at map[string]any, password string, fields map[string]any) string {
	s.t.Helper()
	body := map[string]any{"name": "service", "address": "service@shop.example", "security": "tls", "auth": "password", "after": "seen", "enabled": true}
	for _, more := range []map[string]any{at, fields} {
		for name, v := range more {
			body[name] = v
		}
	}
	status, made := s.Post("/api/collections/mailboxes/records", body, "Authorization", s.Superuser())
	if status != http.StatusOK {
		s.t.Fatalf("mailbox: %d %v", status, made)
	}
	id := made["id"].(string)
	if password != "" {
		if status, answer := s.Post("/api/desk/mailboxes/"+id+"/password", map[string]any{"password": password}, "Authorization", s.Superuser()); status != http.StatusOK {
			s.t.Fatalf("password: %d %v", status, answer)
		}
	}
	return id
}

// box is a mailbox as the admins' list shows it.
func (s *mailShop) box(id string) map[string]any {
	s.t.Helper()
	_, list := s.Get("/api/desk/mailboxes", "Authorization", s.Superuser())
	for _, item := range list["items"].([]any) {
		if m := item.(map[string]any); m["id"] == id {
			return m
		}
	}
	s.t.Fatalf("no mailbox %s in %v", id, list)
	return nil
}

// settledMails are how many mails have been dealt with.
func (s *mailShop) settledMails() int {
	n := 0
	for _, r := range s.Rows(desk.InboundMails) {
		if r.GetString("status") != desk.MailReceived {
			n++
		}
	}
	return n
}

// words are what the visitor said on a case, in order.
func (s *mailShop) words(caseID string) (out []string) {
	for _, r := range s.Rows(desk.Messages) {
		if r.GetString("case") == caseID && r.GetString("direction") == desk.In && r.GetString("auto") == "" {
			out = append(out, r.GetString("body"))
		}
	}
	return out
}

// events are the kinds of a case's events.
func (s *mailShop) events(caseID string) (out []string) {
	for _, r := range s.Rows(desk.Events) {
		if r.GetString("case") == caseID {
			out = append(out, r.GetString("kind"))
		}
	}
	return out
}

// sent waits for a number of mails at the SMTP server.
func (s *mailShop) sent(n int) []letter {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	s.Drain()
	all, err := s.SMTP.Wait(ctx, n)
	if err != nil {
		s.t.Fatal(err)
	}
	var out []letter
	for i := range all {
		out = append(out, s.mail(i))
	}
	return out
}

// replyAddress is where an answer to a mail goes.
func replyAddress(t *testing.T, v mail.View) string {
	t.Helper()
	a, err := mail.ParseAddress(header(v, "Reply-To"))
	if err != nil {
		t.Fatalf("Reply-To %q: %v", header(v, "Reply-To"), err)
	}
	return a.Addr
}

// response is a visitor's answer to a mail.
type response struct {
	from, name, to string
	mail           mail.View // that he answers
	words          string
	photo          []byte // nil for none
}

func (a response) head(program string) string {
	return fmt.Sprintf("Return-Path: <%s>\r\nFrom: %s <%[1]s>\r\nTo: %[3]s\r\nSubject: %[4]s\r\nDate: Tue, 03 Mar 2026 10:00:00 +0800\r\nMessage-ID: <%[5]s@%[6]s>\r\nIn-Reply-To: %[7]s\r\nReferences: %[7]s\r\nMIME-Version: 1.0\r\n",
		a.from, mime.BEncoding.Encode("utf-8", a.name), a.to, mime.BEncoding.Encode("utf-8", "Re: "+a.mail.Subject), core.GenerateDefaultRandomId(), program, header(a.mail, "Message-ID"))
}

func inBase64(kind, body string) string {
	var b strings.Builder
	b.WriteString("Content-Type: " + kind + "\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString([]byte(body))), 76) {
		b.Write(line)
		b.WriteString("\r\n")
	}
	return b.String()
}

func parcel(kind, boundary string, parts ...string) string {
	var b strings.Builder
	b.WriteString("Content-Type: multipart/" + kind + "; boundary=\"" + boundary + "\"\r\n\r\n")
	for _, p := range parts {
		b.WriteString("--" + boundary + "\r\n" + p + "\r\n")
	}
	b.WriteString("--" + boundary + "--\r\n")
	return b.String()
}

// gmail writes as Gmail does in Taiwan: text and HTML, the quote below.
func (a response) gmail() string {
	said := "山嵐選物 <service@shop.example> 於 2026年3月2日 週一 上午9:05寫道："
	text := a.words + "\n\n" + said + "\n\n> " + strings.ReplaceAll(strings.TrimSpace(a.mail.Text), "\n", "\n> ") + "\n"
	html := `<div dir="ltr">` + strings.ReplaceAll(a.words, "\n", "<br>") + `</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">` +
		strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(said) + `<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">` + strings.ReplaceAll(a.mail.Text, "\n", "<br>") + `</blockquote></div>`
	body := parcel("alternative", "000000000000a1", inBase64("text/plain; charset=\"UTF-8\"", text), inBase64("text/html; charset=\"UTF-8\"", html))
	if a.photo != nil {
		photo := strings.Replace(inBase64("image/png; name=\"=?UTF-8?B?54Wn54mHLnBuZw==?=\"", string(a.photo)),
			"Content-Transfer", "Content-Disposition: attachment; filename=\"=?UTF-8?B?54Wn54mHLnBuZw==?=\"\r\nContent-Transfer", 1)
		body = parcel("mixed", "000000000000b2", body, photo)
	}
	return a.head("mail.gmail.com") + body
}

// docomo writes as a Docomo phone does: ISO-2022-JP, plain.
func (a response) docomo(t *testing.T) string {
	t.Helper()
	text := a.words + "\n\n---------- 元のメッセージ ----------\n差出人：service@shop.example\n送信日時：2026/03/02 10:05\n宛先：" + a.from + "\n件名：" + a.mail.Subject + "\n\n" + a.mail.Text
	raw, err := japanese.ISO2022JP.NewEncoder().String(strings.ReplaceAll(strings.ReplaceAll(text, "\r", ""), "\n", "\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	return a.head("docomo.ne.jp") + "Content-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" + raw
}
