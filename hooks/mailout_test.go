package hooks

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// answerOf posts an answer by mail and returns the message.
func (s *shop) answerOf(c *desk.Case, token string, fields map[string]any) (int, map[string]any) {
	s.t.Helper()
	body := map[string]any{"case": c.Id, "direction": "out", "channel": "email", "body": "It leaves **today**."}
	for name, value := range fields {
		body[name] = value
	}
	return s.Post("/api/collections/messages/records", body, "Authorization", token)
}

func TestUndoAnswer(t *testing.T) {
	s := newShop(t)
	s.Settings(map[string]any{"ack_enabled": false})
	s.Submit(nil)
	c := s.Cases()[0]
	author, _ := s.Agent(desk.RoleAgent, "")
	other, _ := s.Agent(desk.RoleAgent, "")
	stranger, _ := s.Agent(desk.RoleAgent, s.Team("another"))
	status, m := s.answerOf(c, author, map[string]any{"undo_seconds": 10, "status": "pending", "cc": []string{"store@example.org"}, "bcc": []any{map[string]string{"name": "Boss", "addr": "boss@example.org"}}})
	if status != http.StatusOK || m["undo_until"] != desk.Date(s.Clock.Now().Add(10*time.Second)).String() {
		t.Fatalf("%d %v", status, m)
	}
	s.Drain()
	if n := len(s.SMTP.Mails()); n != 0 {
		t.Fatalf("%d mails left within the ten seconds", n)
	}
	undo := "/api/desk/messages/" + m["id"].(string) + "/undo"
	integration, _ := s.Agent(desk.RoleIntegration, "")
	for name, token := range map[string]string{"a colleague": other, "another team": stranger, "a program": integration} {
		if status, _ := s.Post(undo, nil, "Authorization", token); status != http.StatusForbidden {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, _ := s.Post(undo, nil); status != http.StatusUnauthorized && status != http.StatusForbidden {
		t.Errorf("a guest: %d", status)
	}
	status, back := s.Post(undo, nil, "Authorization", author)
	if status != http.StatusOK || back["body"] != "It leaves **today**." || len(back["cc"].([]any)) != 1 || len(back["bcc"].([]any)) != 1 {
		t.Fatalf("%d %v", status, back)
	}
	if after := s.Cases()[0]; after.Status() != desk.Unread || after.Assignee() != "" || after.GetDateTime("waiting_since").IsZero() {
		t.Errorf("the case is %s, assigned to %q", after.Status(), after.Assignee())
	}
	if status, _ := s.Post(undo, nil, "Authorization", author); status != http.StatusNotFound {
		t.Errorf("again: %d", status)
	}
	s.Clock.Advance(time.Minute)
	s.Drain()
	if n := len(s.SMTP.Mails()); n != 0 {
		t.Errorf("%d mails left", n)
	}

	// what left stays
	_, m = s.answerOf(c, author, map[string]any{"undo_seconds": "10"})
	s.Clock.Advance(10 * time.Second)
	s.Drain()
	if status, _ := s.Post("/api/desk/messages/"+m["id"].(string)+"/undo", nil, "Authorization", author); status != http.StatusConflict {
		t.Errorf("after it left: %d", status)
	}
	if n := len(s.SMTP.Mails()); n != 1 {
		t.Errorf("%d mails left", n)
	}
}

func TestAnswerFieldsRefused(t *testing.T) {
	s := newShop(t)
	s.Submit(nil)
	c := s.Cases()[0]
	owner := s.Superuser()
	for field, value := range map[string]any{
		"undo_seconds": 61, "cc": []string{"nobody"}, "bcc": []string{"service+c-x@shop.example"},
		"from_addr": "a@example.org", "from_name": "A", "auto": "yes", "quoted": "x", "read_at": "2026-11-16 00:00:00.000Z", "undo_until": "2026-11-16 00:00:00.000Z",
	} {
		if field == "bcc" {
			if settings, err := desk.LoadSettings(s.App); err == nil && settings.ReplyFrom != "" {
				local, domain, _ := strings.Cut(settings.ReplyFrom, "@")
				value = []string{local + "+c-x@" + domain}
			} else {
				local, domain, _ := strings.Cut(s.App.Settings().Meta.SenderAddress, "@")
				value = []string{local + "+c-x@" + domain}
			}
		}
		status, got := s.answerOf(c, owner, map[string]any{field: value})
		data, _ := got["data"].(map[string]any)
		if status != http.StatusBadRequest || data[field] == nil {
			t.Errorf("%s: %d %v", field, status, got)
		}
	}
	for _, value := range []any{-1, 1.5, "x", true, []int{1}} {
		if status, _ := s.answerOf(c, owner, map[string]any{"undo_seconds": value}); status != http.StatusBadRequest {
			t.Errorf("undo_seconds %v: %d", value, status)
		}
	}
}

// One button makes the key and says what the DNS needs; mail is signed from then on.
func TestMakeDKIMOutbox(t *testing.T) {
	s := newShop(t)
	owner := s.Superuser()
	agent, _ := s.Agent(desk.RoleSupervisor, "")
	ask := map[string]any{"domain": "Shop.Example", "selector": "Desk1"}
	if status, _ := s.Post("/api/desk/dkim", ask, "Authorization", agent); status != http.StatusForbidden {
		t.Errorf("a supervisor: %d", status)
	}
	if status, _ := s.Get("/api/desk/dkim", "Authorization", agent); status != http.StatusForbidden {
		t.Errorf("a supervisor reads: %d", status)
	}
	for field, bad := range map[string]map[string]any{"domain": {"domain": "localhost", "selector": "a"}, "selector": {"domain": "shop.example", "selector": "a b"}} {
		if status, got := s.Post("/api/desk/dkim", bad, "Authorization", owner); status != http.StatusBadRequest || got["data"].(map[string]any)[field] == nil {
			t.Errorf("%s: %d %v", field, status, got)
		}
	}
	s.Settings(map[string]any{"mail": map[string]any{"authserv_id": "mx.shop.example"}})
	status, made := s.Post("/api/desk/dkim", ask, "Authorization", owner)
	if status != http.StatusOK || made["name"] != "desk1._domainkey.shop.example" || !strings.HasPrefix(made["record"].(string), "v=DKIM1; k=rsa; p=") {
		t.Fatalf("%d %v", status, made)
	}
	if status, _ := s.Post("/api/desk/dkim", ask, "Authorization", owner); status != http.StatusBadRequest {
		t.Errorf("the same selector again: %d", status)
	}
	if _, shown := s.Get("/api/desk/dkim", "Authorization", owner); shown["record"] != made["record"] || shown["problem"] != "" {
		t.Errorf("shown %v", shown)
	}
	if settings, err := desk.LoadSettings(s.App); err != nil || settings.Mail.AuthservID != "mx.shop.example" {
		t.Errorf("the other choices are gone: %+v, %v", settings, err)
	}
	s.Submit(nil)
	s.Drain()
	if raw := s.SMTP.Mails()[0].Raw; !bytes.HasPrefix(raw, []byte("DKIM-Signature: ")) || !bytes.Contains(raw, []byte("d=shop.example")) {
		t.Errorf("not signed:\n%.300s", raw)
	}
	for _, r := range s.Rows(desk.Secrets) {
		if strings.Contains(r.GetString("value"), "BEGIN") {
			t.Error("the key lies open")
		}
	}
	desk.GiveSecrets(s.App, func(name string) string { return map[string]string{desk.SecretDKIM: "x"}[name] })
	if status, _ := s.Post("/api/desk/dkim", map[string]any{"domain": "shop.example", "selector": "desk2"}, "Authorization", owner); status != http.StatusConflict {
		t.Errorf("with a key in the environment: %d", status)
	}
}

// A form with files gives the same as JSON: lists by repeated fields, or as text.
func TestAnswerByForm(t *testing.T) {
	s := newShop(t)
	s.Settings(map[string]any{"ack_enabled": false})
	s.Submit(nil)
	owner := s.Superuser()
	r := s.Multipart("/api/collections/messages/records", map[string]any{
		"case": s.Cases()[0].Id, "direction": "out", "channel": "email", "body": "See ![it](cid:照片.png)", "undo_seconds": "5",
		"cc": []string{"a@example.org", "b@example.org"}, "bcc": []map[string]string{{"name": "C", "addr": "c@example.org"}}, "receipt_asked": "true",
	}, []upload{{Name: "照片.png", Body: png()}}, "Authorization", owner)
	if m := r.JSON(); r.Status != http.StatusOK || len(m["cc"].([]any)) != 2 || len(m["bcc"].([]any)) != 1 || m["undo_until"] == "" {
		t.Fatalf("%d %v", r.Status, r.JSON())
	}
	s.Clock.Advance(5 * time.Second)
	s.Drain()
	m := s.SMTP.Mails()[0]
	if len(m.To) != 4 || !bytes.Contains(m.Raw, []byte("Disposition-Notification-To: ")) || !bytes.Contains(m.Raw, []byte("multipart/related")) || !bytes.Contains(m.Raw, []byte("Content-Disposition: inline")) {
		t.Errorf("to %v:\n%s", m.To, m.Raw)
	}
}
