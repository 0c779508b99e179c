package hooks

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/imapbox/imaptest"
)

// letterFrom is a mail of a visitor as it comes in.
func letterFrom(from, to, subject, words string, more ...string) []byte {
	return []byte("Return-Path: <" + from + ">\r\nFrom: " + from + "\r\nTo: " + to + "\r\nSubject: " + subject +
		"\r\nMessage-ID: <" + core.GenerateDefaultRandomId() + "@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n" +
		strings.Join(more, "") + "\r\n" + strings.ReplaceAll(words, "\n", "\r\n"))
}

// settled waits until a case stands as it should.
func (s *shop) settled(ready func() bool) {
	s.t.Helper()
	for !ready() {
		if _, err := s.plugin.inbound.Drain(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
		select {
		case <-s.t.Context().Done():
			s.t.Fatal("it never came to that")
		default:
		}
	}
}

const hookSecret = "a secret of the webhook"

// bring posts a mail to the webhook and has it read.
func (s *shop) bring(raw []byte, headers ...string) (int, string) {
	s.t.Helper()
	if len(headers) == 0 {
		headers = []string{"Authorization", "Bearer " + hookSecret, "Content-Type", "message/rfc822"}
	}
	a := s.Do(http.MethodPost, "/api/desk/inbound/email", bytes.NewReader(raw), headers...)
	if _, err := s.plugin.inbound.Drain(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	id, _ := a.JSON()["id"].(string)
	return a.Status, id
}

// A visitor answers the acknowledgement in his mail program: the words without the
// quote stand on his case, it is open again, and who works on it still does.
func TestAnswerToTheAcknowledgement(t *testing.T) {
	box := imaptest.Start(t, imaptest.Options{Security: "none"})
	s := newShop(t)
	owner := s.Superuser()
	status, made := s.Post("/api/collections/mailboxes/records", map[string]any{
		"name": "service", "address": "service@shop.example", "host": box.Host, "port": box.Port, "security": "none", "username": box.Username,
		"auth": "password", "after": "seen", "enabled": true,
	}, "Authorization", owner)
	if status != http.StatusOK {
		t.Fatalf("mailbox: %d %v", status, made)
	}
	id, _ := made["id"].(string)
	if status, answer := s.Post("/api/desk/mailboxes/"+id+"/password", map[string]any{"password": box.Password}, "Authorization", owner); status != http.StatusOK || answer["password"] != "kept" {
		t.Fatalf("password: %d %v", status, answer)
	}
	if status, answer := s.Post("/api/desk/mailboxes/"+id+"/check", nil, "Authorization", owner); status != http.StatusOK || answer["ok"] != true {
		t.Fatalf("check: %d %v", status, answer)
	}

	s.Submit(map[string]any{"email": "ming@example.com", "locale": "zh-TW"})
	s.Drain()
	c := s.Cases()[0]
	if status, answer := s.Post("/api/collections/messages/records", map[string]any{"case": c.Id, "direction": "out", "channel": "email", "body": "明天寄出。", "status": "pending"},
		"Authorization", owner); status != http.StatusOK {
		t.Fatalf("answer: %d %v", status, answer)
	}
	assignee := s.Cases()[0].Assignee()
	ack := s.mail(0)
	reply := strings.Trim(header(ack.View, "Reply-To"), "<>")
	if at := strings.LastIndexByte(reply, '<'); at >= 0 {
		reply = reply[at+1:]
	}
	if err := box.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	box.Append(letterFrom("ming@example.com", reply, "Re: "+ack.Subject, "謝謝，昨天收到了。\n\n"+
		"山嵐選物 <service@shop.example> 於 2026年3月2日 週一 上午9:00 寫道：\n\n> 我們收到您的訊息了。\n", "In-Reply-To: "+header(ack.View, "Message-ID")+"\r\n"))
	s.settled(func() bool {
		n, err := s.App.CountRecords(desk.InboundMails)
		return err == nil && n == 1 && s.Rows(desk.InboundMails)[0].GetString("status") == desk.MailDone
	})

	c = s.Cases()[0]
	if len(s.Cases()) != 1 || c.Status() != desk.Open || c.Assignee() != assignee || assignee == "" {
		t.Errorf("%d cases; status %s, assignee %q", len(s.Cases()), c.Status(), c.Assignee())
	}
	var words []string
	for _, r := range s.Rows(desk.Messages) {
		if r.GetString("direction") == desk.In {
			words = append(words, r.GetString("body"))
		}
	}
	if len(words) != 2 || words[1] != "謝謝，昨天收到了。" {
		t.Errorf("the visitor's words: %q", words)
	}
	_, health := s.Get("/api/desk/health", "Authorization", owner)
	if in := health["inbound"].(map[string]any); in["failed"] != float64(0) || in["last_at"] == "" || len(in["mailboxes"].([]any)) != 1 {
		t.Errorf("health %v", in)
	}
}

func TestWebhook(t *testing.T) {
	s := newShop(t)
	raw := letterFrom("anna@example.com", "service@shop.example", "Cups", "Do you have blue cups?")
	if status, _ := s.bring(raw); status != http.StatusNotFound {
		t.Errorf("without a secret set: %d", status)
	}
	if err := desk.SetSecret(s.App, desk.SecretInbound, hookSecret); err != nil {
		t.Fatal(err)
	}
	for name, auth := range map[string]string{"none": "", "wrong": "Bearer something else", "empty": "Bearer ", "scheme": hookSecret} {
		if status, _ := s.bring(raw, "Authorization", auth); status != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, status)
		}
	}
	status, id := s.bring(raw)
	if status != http.StatusAccepted || id == "" {
		t.Fatalf("taken: %d %s", status, id)
	}
	if status, again := s.bring(raw); status != http.StatusOK || again != id {
		t.Errorf("once more: %d %s", status, again)
	}
	if len(s.Cases()) != 1 {
		t.Errorf("%d cases", len(s.Cases()))
	}
	if status, _ := s.bring(nil); status != http.StatusBadRequest {
		t.Errorf("nothing: %d", status)
	}
	if status, _ := s.bring(make([]byte, inbound.MaxSize+2<<20)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: %d", status)
	}
	a := s.Do(http.MethodPost, "/api/desk/inbound/email?mailbox=nowhere", bytes.NewReader(raw), "Authorization", "Bearer "+hookSecret)
	if a.Status != http.StatusBadRequest {
		t.Errorf("unknown mailbox: %d", a.Status)
	}
	wrong := 0
	for range wrongMinute + 5 {
		if status, _ := s.bring(raw, "Authorization", "Bearer guess"); status == http.StatusTooManyRequests {
			wrong++
		}
	}
	if wrong == 0 {
		t.Error("guesses are not limited")
	}
}

// The forms in which mail providers bring a mail.
func TestWebhookForms(t *testing.T) {
	s := newShop(t)
	if err := desk.SetSecret(s.App, desk.SecretInbound, hookSecret); err != nil {
		t.Fatal(err)
	}
	c := s.CaseOf(s.Submit(map[string]any{"email": "anna@example.com"})["id"].(string))
	tagged := "service+c-" + c.GetString("mail_token") + "@shop.example"
	raw := func() string {
		return strings.TrimPrefix(string(letterFrom("anna@example.com", "service@shop.example", "Re: Cups", "More words.")), "Return-Path: <anna@example.com>\r\n")
	}
	multi := func(fields map[string]any, files ...upload) (string, []byte) {
		body, kind := form(fields, files...)
		return kind, body
	}
	for name, build := range map[string]func() (string, []byte){
		"field email with envelope": func() (string, []byte) {
			return multi(map[string]any{"email": raw(), "envelope": `{"from":"anna@example.com","to":["` + tagged + `"]}`})
		},
		"field body-mime": func() (string, []byte) {
			return multi(map[string]any{"body-mime": raw(), "recipient": tagged, "sender": "anna@example.com"})
		},
		"file message": func() (string, []byte) {
			return multi(map[string]any{"envelope[to]": tagged}, upload{Field: "message", Name: "m.eml", Body: []byte(raw())})
		},
		"as curl names it": func() (string, []byte) {
			return "application/x-www-form-urlencoded", []byte(strings.Replace(raw(), "To: service@shop.example", "To: "+tagged, 1))
		},
		"urlencoded": func() (string, []byte) {
			return "application/x-www-form-urlencoded", []byte(url.Values{"body-mime": {raw()}, "recipient": {tagged}}.Encode())
		},
	} {
		kind, body := build()
		status, id := s.bring(body, "Authorization", "Bearer "+hookSecret, "Content-Type", kind)
		m, err := desk.FindInboundMail(s.App, id)
		if status != http.StatusAccepted || err != nil || m.Outcome() != desk.MailJoined || m.Case() != c.Id {
			t.Errorf("%s: %d, %v, %v", name, status, m, err)
		}
	}
	req, _ := http.NewRequest(http.MethodPost, s.URL+"/api/desk/inbound/email", strings.NewReader(raw()))
	req.SetBasicAuth("anybody", hookSecret)
	res, err := s.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	res.Body.Close()
	if res.StatusCode != http.StatusAccepted {
		t.Errorf("the secret in the URL: %d", res.StatusCode)
	}
	// the envelope of a bounce names nobody: such a mail is never answered
	for _, fields := range []map[string]any{
		{"email": raw(), "envelope": `{"from":"","to":["service@shop.example"]}`}, {"body-mime": raw(), "recipient": "service@shop.example", "sender": ""},
	} {
		kind, body := multi(fields)
		_, id := s.bring(body, "Authorization", "Bearer "+hookSecret, "Content-Type", kind)
		if m, err := desk.FindInboundMail(s.App, id); err != nil || m.Outcome() != desk.MailAuto {
			t.Errorf("without a sender: %v, %v", m, err)
		}
	}
	if status, _ := s.bring([]byte(`{"subject":"hello"}`), "Authorization", "Bearer "+hookSecret, "Content-Type", "application/json"); status != http.StatusBadRequest {
		t.Errorf("what a provider read: %d", status)
	}
	if status, _ := s.bring([]byte("x=1"), "Authorization", "Bearer "+hookSecret, "Content-Type", "application/x-www-form-urlencoded"); status != http.StatusBadRequest {
		t.Errorf("a form without a mail: %d", status)
	}
}

// What waits for a case is shown with it, and goes there with one click.
func TestReleaseIntoItsCase(t *testing.T) {
	s := newShop(t)
	owner := s.Superuser()
	if err := desk.SetSecret(s.App, desk.SecretInbound, hookSecret); err != nil {
		t.Fatal(err)
	}
	teamA, teamB := s.Team("A"), s.Team("B")
	inA, _ := s.Agent("agent", teamA)
	inB, _ := s.Agent("agent", teamB)
	c := s.CaseOf(s.Submit(nil)["id"].(string))
	c.Set("team", teamA)
	if err := s.App.Save(c.Record); err != nil {
		t.Fatal(err)
	}
	tagged := "service+c-" + c.GetString("mail_token") + "@shop.example"
	for i, into := range []string{"", "new"} {
		_, id := s.bring(letterFrom(fmt.Sprintf("carl%d@family.example", i), tagged, "Re: parcel", fmt.Sprintf("I write for my wife, number %d of us.", i)))
		m, err := desk.FindInboundMail(s.App, id)
		if err != nil || m.Outcome() != desk.MailQuarantined {
			t.Fatalf("%v, %v", m, err)
		}
		for token, want := range map[string]int{owner: 1, inA: 1, inB: 0} {
			_, list := s.Get("/api/desk/quarantine", "Authorization", token)
			items := list["items"].([]any)
			if len(items) != want {
				t.Fatalf("%d items, want %d", len(items), want)
			}
			if want == 1 {
				item := items[0].(map[string]any)
				if f := item["for_case"].(map[string]any); f["id"] != c.Id || f["number"] != float64(c.Number()) || item["source"] != "email" {
					t.Errorf("item %v", item)
				}
			}
			status, _ := s.Get("/api/collections/verdicts/records/"+s.Verdict(m.Feedback()).Id, "Authorization", token)
			if (status == http.StatusOK) != (want == 1) {
				t.Errorf("the verdict: %d", status)
			}
		}
		if status, _ := s.Post("/api/desk/quarantine/"+m.Feedback()+"/release", map[string]any{"into": into}, "Authorization", inB); status != http.StatusNotFound {
			t.Errorf("another team releases it: %d", status)
		}
		if status, _ := s.Post("/api/desk/quarantine/"+m.Feedback()+"/release", map[string]any{"into": "bin"}, "Authorization", inA); status != http.StatusBadRequest {
			t.Errorf("into the bin: %d", status)
		}
		status, answer := s.Post("/api/desk/quarantine/"+m.Feedback()+"/release", map[string]any{"into": into}, "Authorization", inA)
		if status != http.StatusOK || (answer["case"] == c.Id) != (into == "") {
			t.Errorf("into %q: %d %v", into, status, answer)
		}
	}
	if n := len(s.Cases()); n != 2 {
		t.Errorf("%d cases", n)
	}
}

func TestInboundList(t *testing.T) {
	s := newShop(t)
	owner := s.Superuser()
	team := s.Team("A")
	agent, _ := s.Agent("agent", team)
	other, _ := s.Agent("agent", s.Team("B"))
	status, answer := s.Post("/api/desk/inbound/secret", nil, "Authorization", owner)
	secret, _ := answer["secret"].(string)
	if status != http.StatusOK || len(secret) < 30 {
		t.Fatalf("secret: %d %v", status, answer)
	}
	if status, _ := s.Post("/api/desk/inbound/secret", nil, "Authorization", agent); status != http.StatusForbidden {
		t.Errorf("an agent makes a secret: %d", status)
	}
	raw := letterFrom("anna@example.com", "service@shop.example", "Cups", "Do you have blue cups?")
	_, id := s.bring(raw, "Authorization", "Bearer "+secret)
	_, broken := s.bring(letterFrom("root@localhost", "service@shop.example", "cron", "done"), "Authorization", "Bearer "+secret)
	_, list := s.Get("/api/desk/inbound?status=failed", "Authorization", owner)
	items := list["items"].([]any)
	if len(items) != 1 || items[0].(map[string]any)["id"] != broken || items[0].(map[string]any)["error"] == "" || items[0].(map[string]any)["has_raw"] != true {
		t.Errorf("failed: %v", items)
	}
	if status, _ := s.Post("/api/desk/inbound/"+broken+"/retry", nil, "Authorization", owner); status != http.StatusOK {
		t.Errorf("retry: %d", status)
	}
	if status, _ := s.Post("/api/desk/inbound/"+id+"/retry", nil, "Authorization", owner); status != http.StatusConflict {
		t.Errorf("retry of one that was read: %d", status)
	}
	c := s.Cases()[0]
	c.Set("team", team)
	if err := s.App.Save(c.Record); err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]int{owner: 200, agent: 200, other: 404} {
		a := s.Do(http.MethodGet, "/api/desk/inbound/"+id+"/raw", nil, "Authorization", token)
		if a.Status != want || (want == 200) != bytes.Equal(a.Body, raw) {
			t.Errorf("raw: %d, want %d", a.Status, want)
		}
	}
	if a := s.Do(http.MethodGet, "/api/desk/inbound/"+broken+"/raw", nil, "Authorization", agent); a.Status != http.StatusNotFound {
		t.Errorf("the raw mail of no case: %d", a.Status)
	}
}

func TestMailboxRecords(t *testing.T) {
	s := newShop(t)
	admin, _ := s.Agent("admin", "")
	agent, _ := s.Agent("agent", "")
	good := map[string]any{"name": "a", "host": "imap.example.com", "username": "u"}
	if status, _ := s.Post("/api/collections/mailboxes/records", good, "Authorization", agent); status < 400 {
		t.Errorf("an agent makes a mailbox: %d", status)
	}
	status, made := s.Post("/api/collections/mailboxes/records", good, "Authorization", admin)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, made)
	}
	path := "/api/collections/mailboxes/records/" + made["id"].(string)
	for _, bad := range []map[string]any{
		{"host": "imap.example.com/x"}, {"address": "nobody"}, {"port": 70000}, {"poll_seconds": 3}, {"after": "move"}, {"auth": "xoauth2"}, {"username": ""}, {"last_uid": 7},
	} {
		if status, answer := s.Patch(path, bad, "Authorization", admin); status != http.StatusBadRequest {
			t.Errorf("%v: %d %v", bad, status, answer)
		}
	}
	secret := "pass 密碼 word"
	if status, _ := s.Post("/api/desk/mailboxes/"+made["id"].(string)+"/password", map[string]any{"password": secret}, "Authorization", admin); status != http.StatusOK {
		t.Fatalf("password: %d", status)
	}
	for _, r := range s.Rows(desk.Secrets) {
		if strings.Contains(r.GetString("value"), "pass") {
			t.Error("the password is not encrypted")
		}
	}
	a := s.Do(http.MethodGet, "/api/desk/mailboxes", nil, "Authorization", admin)
	if strings.Contains(string(a.Body), "密碼") || !strings.Contains(string(a.Body), `"password":"kept"`) {
		t.Errorf("list %s", a.Body)
	}
	if status, _ := s.Patch(path, map[string]any{"folder": "Support", "username": "v"}, "Authorization", admin); status != http.StatusOK || len(s.Rows(desk.Secrets)) != 1 {
		t.Errorf("another folder: %d, %d secrets", status, len(s.Rows(desk.Secrets)))
	}
	// a password goes to no other server than the one it was given for
	if status, _ := s.Patch(path, map[string]any{"host": "imap.evil.example"}, "Authorization", admin); status != http.StatusOK || len(s.Rows(desk.Secrets)) != 0 {
		t.Errorf("another server: %d, %d secrets", status, len(s.Rows(desk.Secrets)))
	}
	if status, _ := s.Post("/api/desk/mailboxes/"+made["id"].(string)+"/password", map[string]any{"password": secret}, "Authorization", admin); status != http.StatusOK {
		t.Fatalf("password: %d", status)
	}
	if status, _ := s.Delete(path, "Authorization", admin); status != http.StatusNoContent || len(s.Rows(desk.Secrets)) != 0 {
		t.Errorf("deleted: %d, %d secrets", status, len(s.Rows(desk.Secrets)))
	}
}
