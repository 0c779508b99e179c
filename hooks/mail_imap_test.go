package hooks

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/imapbox"
	"github.com/pocketdesk/pocketdesk/internal/imapbox/imaptest"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// Two mailboxes, bound to a form and to a team: what comes there belongs there,
// and an answer finds its case whatever mailbox it comes by.
func TestMailboxesOfFormAndTeam(t *testing.T) {
	sales, repair := imaptest.Start(t, imaptest.Options{}), imaptest.Start(t, imaptest.Options{Security: "none", Without: []string{"IDLE", "MOVE"}})
	s := newMailShop(t)
	team := s.Team("Repair")
	form := s.Add(desk.Forms, map[string]any{"slug": "sales", "enabled": true, "texts": map[string]any{"en": map[string]any{"title": "Sales"}}})
	s.bind(sales, map[string]any{"name": "sales", "address": "sales@shop.example", "form": form.Id})
	s.bind(repair, map[string]any{"name": "repair", "address": "repair@shop.example", "team": team, "security": "none", "after": "move", "move_to": "Done", "poll_seconds": 10})
	s.idle(sales)
	sales.Append(letterFrom("anna@example.com", "sales@shop.example", "Cups", "Do you have blue cups in stock?"))
	repair.Append(letterFrom("bob@example.net", "repair@shop.example", "Kettle", "My kettle does not boil any more, what can I do?"))
	s.pass("two cases", func() bool { return s.settledMails() == 2 })
	of := map[string]*desk.Case{}
	for _, c := range s.Cases() {
		f, err := desk.FindFeedback(s.App, c.Feedback())
		if err != nil {
			t.Fatal(err)
		}
		of[f.Email()] = c
		if f.Email() == "anna@example.com" && f.Form() != form.Id {
			t.Errorf("hers came by the form %q", f.Form())
		}
	}
	if len(of) != 2 || of["bob@example.net"].Team() != team || of["anna@example.com"].Team() != "" {
		t.Fatalf("cases %v", of)
	}
	s.pass("the move", func() bool { n, _, _, _ := repair.Status("INBOX"); return n == 0 })
	if n, _, _, _ := repair.Status("Done"); n == 0 {
		t.Error("it was moved nowhere")
	}

	// each got one acknowledgement; Bob answers his to the wrong mailbox
	bob := of["bob@example.net"].Id
	for _, ack := range s.sent(2) {
		if header(ack.View, "Auto-Submitted") != "auto-replied" {
			t.Errorf("acknowledgement: %v", ack.Headers)
		}
		if strings.Contains(header(ack.View, "To"), "bob@example.net") {
			a := response{from: "bob@example.net", name: "Bob", to: replyAddress(t, ack.View), mail: ack.View, words: "Never mind, it was the socket."}
			sales.Append([]byte(a.gmail()))
		}
	}
	s.pass("his answer", func() bool { return len(s.words(bob)) == 2 })
	if got := s.words(bob)[1]; got != "Never mind, it was the socket." || len(s.Cases()) != 2 {
		t.Errorf("%q; %d cases", got, len(s.Cases()))
	}
}

// A token that can't be renewed shows on the mailbox, without a secret; once it
// can, what waits is fetched. One that the mail server refuses is thrown away.
func TestMailboxToken(t *testing.T) {
	box := imaptest.Start(t, imaptest.Options{Token: "a good token"})
	var broken atomic.Bool
	broken.Store(true)
	tokens := []string{"an old token", "a good token"}
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if broken.Load() || r.FormValue("refresh_token") != "the refresh token" {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error":"invalid_grant","error_description":"the refresh token was revoked"}`)
			return
		}
		fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer","expires_in":3600}`, tokens[0])
		tokens = tokens[len(tokens)-1:]
	}))
	defer provider.Close()
	s := newMailShop(t)
	s.plugin.fetcher.Auth = func(b *desk.Mailbox) (func(context.Context) (imapbox.Credentials, error), func()) {
		o := &imapbox.OAuth{Provider: b.GetString("provider"), ClientID: b.GetString("client_id"), RefreshToken: "the refresh token", TokenURL: provider.URL, Now: s.Clock.Now}
		return o.Auth, o.Forget
	}
	s.plugin.fetcher.TLS = box.Client
	id := s.bindAt(map[string]any{"host": box.Host, "port": box.Port, "username": box.Username}, "", map[string]any{"auth": "xoauth2", "provider": "google", "client_id": "id"})
	box.Append(letterFrom("anna@example.com", "service@shop.example", "Cups", "Do you have blue cups in stock?"))
	s.pass("the failure", func() bool { return s.box(id)["state"] == desk.MailboxFailing })
	if said := fmt.Sprint(s.box(id)); !strings.Contains(said, "invalid_grant") || strings.Contains(said, "refresh token") {
		t.Errorf("it says %s", said)
	}
	_, health := s.Get("/api/desk/health", "Authorization", s.Superuser())
	if got := fmt.Sprint(health["inbound"]); !strings.Contains(got, desk.MailboxFailing) {
		t.Errorf("health: %s", got)
	}
	broken.Store(false)
	s.pass("the mail", func() bool { return s.settledMails() == 1 })
	s.pass("the good news", func() bool { return s.box(id)["state"] == desk.MailboxOK && s.box(id)["last_error"] == "" })
}

// The password goes in and never comes out.
func TestMailboxPasswordGoesIn(t *testing.T) {
	box := imaptest.Start(t, imaptest.Options{})
	s := newMailShop(t)
	s.plugin.fetcher.TLS = box.Client
	wrong := "correct horse 密碼"
	id := s.bindAt(map[string]any{"host": box.Host, "port": box.Port, "username": box.Username}, wrong, nil)
	s.pass("the failure", func() bool { return s.box(id)["state"] == desk.MailboxFailing })
	owner := s.Superuser()
	for _, path := range []string{"/api/desk/mailboxes", "/api/collections/mailboxes/records", "/api/desk/health", "/api/collections/desk_secrets/records", "/api/desk/inbound"} {
		if a := s.Do(http.MethodGet, path, nil, "Authorization", owner); strings.Contains(string(a.Body), "horse") || strings.Contains(string(a.Body), "密碼") {
			t.Errorf("%s shows it:\n%s", path, a.Body)
		}
	}
	if a := s.Do(http.MethodPost, "/api/desk/mailboxes/"+id+"/check", nil, "Authorization", owner); a.JSON()["kind"] != "login" || strings.Contains(string(a.Body), "horse") {
		t.Errorf("check: %s", a.Body)
	}
	box.Append(letterFrom("anna@example.com", "service@shop.example", "Cups", "Do you have blue cups in stock?"))
	if status, _ := s.Post("/api/desk/mailboxes/"+id+"/password", map[string]any{"password": box.Password}, "Authorization", owner); status != http.StatusOK {
		t.Fatal(status)
	}
	s.pass("the mail", func() bool { return s.settledMails() == 1 && s.box(id)["state"] == desk.MailboxOK })
}

// The connection breaks at any byte of a mail, or falls silent there; the server
// numbers its mails anew: each is there once, in order.
func TestMailSurvivesTheConnection(t *testing.T) {
	box := imaptest.Start(t, imaptest.Options{})
	s := newMailShop(t)
	s.bind(box, nil)
	c := s.CaseOf(s.Submit(map[string]any{"email": "ming@example.com"})["id"].(string))
	to := "service+c-" + c.GetString("mail_token") + "@shop.example"
	want := s.words(c.Id)
	var sent [][]byte
	for i, at := range []int64{60, 700, 4_000, 20_000, 70_000, 140_000} {
		s.idle(box)
		cuts, connections := box.Count("cut"), box.Count("connect")
		if i%2 == 0 {
			box.CutAfter(at)
		} else {
			box.HangAfter(at)
		}
		raw := []byte(response{from: "ming@example.com", name: "王小明", to: to, words: fmt.Sprintf("第 %d 句", i), photo: append(png(), make([]byte, 100_000)...)}.gmail())
		sent = append(sent, raw)
		want = append(want, fmt.Sprintf("第 %d 句", i))
		box.Append(raw)
		s.pass("the fault", func() bool { return box.Count("cut") > cuts })
		s.wait("the next connection", func() bool { return box.Count("connect") > connections }, func() { s.timers.advance(6 * time.Minute) })
		s.pass("the words", func() bool { return len(s.words(c.Id)) == len(want) })
	}
	box.Renew("INBOX")
	for _, raw := range sent {
		box.Append(raw)
	}
	box.Append([]byte(response{from: "ming@example.com", name: "王小明", to: to, words: "最後一句"}.gmail()))
	want = append(want, "最後一句")
	s.pass("the last words", func() bool { return slices.Contains(s.words(c.Id), "最後一句") })
	if got := s.words(c.Id); !slices.Equal(got, want) {
		t.Errorf("words %q, want %q", got, want)
	}
	if n := len(s.Rows(desk.InboundMails)); n != len(sent)+1 {
		t.Errorf("%d mails", n)
	}
}

// The mail server with the mailbox is away for a week.
func TestWeekWithoutMailbox(t *testing.T) {
	box := imaptest.Start(t, imaptest.Options{})
	s := newMailShop(t)
	id := s.bind(box, nil)
	c := s.CaseOf(s.Submit(map[string]any{"email": "ming@example.com"})["id"].(string))
	to := "service+c-" + c.GetString("mail_token") + "@shop.example"
	want := s.words(c.Id)
	s.idle(box)
	box.Down()
	began := s.Clock.Now()
	for i := range 70 {
		words := fmt.Sprintf("第 %d 天又寫了一次。", i)
		want = append(want, words)
		box.Append([]byte(response{from: "ming@example.com", name: "王小明", to: to, words: words}.gmail()))
		if i%10 == 0 {
			box.Append(letterFrom(fmt.Sprintf("v%d@example%d.net", i, i), "service@shop.example", "Tea", fmt.Sprintf("Is the tea number %d of this year on sale?", i)))
		}
	}
	s.pass("the failure", func() bool { return s.box(id)["state"] == desk.MailboxFailing })
	if s.box(id)["last_error"] == "" {
		t.Error("it does not say why")
	}
	s.timers.advance(7 * 24 * time.Hour)
	s.pass("another try", func() bool { return s.Clock.Now().Sub(began) > 7*24*time.Hour+time.Minute })
	box.Up()
	s.pass("all of it", func() bool { return s.settledMails() == len(want)-1+7 })
	if got := s.words(c.Id); !slices.Equal(got, want) {
		t.Errorf("words %q, want %q", got, want)
	}
	if n := len(s.Cases()); n != 8 {
		t.Errorf("%d cases", n)
	}
	s.pass("the good news", func() bool { return s.box(id)["state"] == desk.MailboxOK })
}

// The server for mail out is away: for a day and all leaves by itself, for a week
// and each mail waits for one click; each arrives once.
func TestWeekWithoutServer(t *testing.T) {
	for name, fault := range map[string]mailtest.Fault{
		"refuses for now":       {Mail: mailtest.Reply{Code: 451, Enhanced: [3]int{4, 3, 2}, Text: "shutting down"}},
		"breaks the connection": {Drop: mailtest.DropMail},
	} {
		t.Run(name, func(t *testing.T) {
			s := newMailShop(t)
			owner := s.Superuser()
			s.SMTP.Always(fault)
			for i := range 5 {
				c := s.CaseOf(s.Submit(map[string]any{"email": fmt.Sprintf("v%d@example%d.com", i, i)})["id"].(string))
				if status, m := s.answerOf(c, owner, nil); status != http.StatusOK {
					t.Fatal(status, m)
				}
			}
			passing := func(d, step time.Duration) {
				for end := s.Clock.Now().Add(d); s.Clock.Now().Before(end); {
					s.timers.advance(step)
					s.Drain()
				}
			}
			passing(24*time.Hour, 20*time.Minute)
			if _, counts := s.Get("/api/desk/health", "Authorization", owner); !strings.Contains(fmt.Sprint(counts["outbox"]), "queued:10") {
				t.Errorf("health: %v", counts["outbox"])
			}
			s.SMTP.Always(mailtest.Fault{})
			passing(time.Hour, 20*time.Minute)
			s.once(10)

			s.SMTP.Always(fault)
			for i := range 5 {
				if status, m := s.answerOf(s.Cases()[i], owner, map[string]any{"body": "Once more."}); status != http.StatusOK {
					t.Fatal(status, m)
				}
			}
			passing(7*24*time.Hour, 50*time.Minute)
			begun := s.SMTP.Begun()
			s.SMTP.Always(mailtest.Fault{})
			passing(2*time.Hour, time.Hour)
			if s.SMTP.Begun() != begun {
				t.Error("a mail of last week left by itself")
			}
			for _, r := range s.Rows(desk.Outbox) {
				if r.GetString("status") != desk.Failed {
					continue
				}
				if status, _ := s.Post("/api/desk/outbox/"+r.Id+"/retry", nil, "Authorization", owner); status != http.StatusOK {
					t.Errorf("retry: %d", status)
				}
			}
			s.Drain()
			s.once(15)
		})
	}
}

// once looks that the server took so many mails, none of them twice.
func (s *mailShop) once(n int) {
	s.t.Helper()
	ids := map[string]bool{}
	for i := range s.SMTP.Mails() {
		ids[header(s.mail(i).View, "Message-ID")] = true
	}
	if len(ids) != n || len(s.SMTP.Mails()) != n {
		s.t.Errorf("%d mails arrived, %d of them different; want %d", len(s.SMTP.Mails()), len(ids), n)
	}
}
