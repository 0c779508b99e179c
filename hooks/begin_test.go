package hooks

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Somebody calls who never wrote: the case is the agent's, holds what was said, and
// nothing is sent by itself.
func TestCaseBegunForACaller(t *testing.T) {
	s := newShop(t)
	token, agent := s.Agent("agent", "")
	body := map[string]any{"id": "callercase00001", "channel": "phone", "name": "王小明", "phone": "0912345678", "locale": "zh-TW", "words": "茶壺的蓋子裂了，想退貨。", "mine": true}
	status, made := s.Post("/api/desk/cases", body, "Authorization", token)
	if status != http.StatusOK || made["visible"] != true {
		t.Fatalf("%d %v", status, made)
	}
	c := s.Cases()[0]
	if c.Assignee() != agent.Id || c.GetString("waiting_since") == "" || c.GetString("first_response_due") == "" || c.Subject() == "" || c.GetString("track_token") == "" {
		t.Errorf("the case: %v", c.PublicExport())
	}
	words := s.Rows(desk.Messages)
	if len(words) != 1 || words[0].GetString("direction") != desk.In || words[0].GetString("channel") != desk.ChannelPhone || words[0].GetString("author") != agent.Id {
		t.Errorf("the words: %v", words)
	}
	if n := len(s.Rows(desk.Outbox)); n != 0 {
		t.Errorf("%d mails left by themselves", n)
	}
	if status, again := s.Post("/api/desk/cases", body, "Authorization", token); status != http.StatusOK || again["id"] != made["id"] || len(s.Cases()) != 1 {
		t.Errorf("asked twice: %d %v, %d cases", status, again, len(s.Cases()))
	}
	other, _ := s.Agent("agent", "")
	if status, _ := s.Post("/api/desk/cases", body, "Authorization", other); status != http.StatusConflict {
		t.Errorf("somebody else's id: %d", status)
	}
	delete(body, "id")
	if status, _ := s.Post("/api/desk/cases", body, "Authorization", token); status != http.StatusOK || len(s.Cases()) != 2 || s.Cases()[0].Contact() != s.Cases()[1].Contact() {
		t.Error("the same number is not the same person")
	}
	_, found := s.Post("/api/desk/contacts/known", map[string]any{"phone": "0912-345-678", "locale": "zh-TW"}, "Authorization", token)
	if who, _ := found["contact"].(map[string]any); who["name"] != "王小明" || who["cases"] != 2.0 {
		t.Errorf("known: %v", found)
	}
}

// The shop writes first: nothing is owed until the person answers, and the answer
// goes out as any other.
func TestShopWritesFirst(t *testing.T) {
	s := newShop(t)
	s.UseSMTP()
	token, _ := s.Agent("agent", "")
	status, made := s.Post("/api/desk/cases", map[string]any{"first": true, "email": "hanako@example.jp", "name": "山田 花子", "locale": "ja", "subject": "ご注文について", "mine": true}, "Authorization", token)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, made)
	}
	c := s.Cases()[0]
	if c.Status() != desk.Pending || c.GetString("waiting_since") != "" || c.GetString("first_response_due") != "" || len(s.Rows(desk.Messages)) != 0 {
		t.Errorf("the case: %v", c.PublicExport())
	}
	if status, answer := s.Get("/api/desk/cases/"+c.Id, "Authorization", token); status != http.StatusOK || len(answer["messages"].([]any)) != 0 {
		t.Errorf("the view: %d %v", status, answer)
	}
	status, sent := s.Post("/api/collections/messages/records", map[string]any{"case": c.Id, "direction": "out", "channel": "email", "body": "ご注文の品が届きました。", "status": "pending"}, "Authorization", token)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, sent)
	}
	s.Drain()
	if rows := s.Rows(desk.Outbox); len(rows) != 1 || rows[0].GetString("recipient") != "hanako@example.jp" || rows[0].GetString("status") != desk.Sent {
		t.Errorf("the mail: %v", rows)
	}
}

func TestBadBeginnings(t *testing.T) {
	s := newShop(t)
	token, _ := s.Agent("agent", "")
	machine, _ := s.Agent("integration", "")
	good := map[string]any{"channel": "counter", "name": "Anna", "words": "Where is it?"}
	for field, change := range map[string]map[string]any{
		"name": {"name": " "}, "email": {"email": "nobody"}, "phone": {"phone": "12"}, "words": {"words": ""}, "channel": {"channel": "pigeon"},
		"locale": {"locale": "xx"}, "category": {"category": "nothing"}, "priority": {"priority": "huge"}, "subject": {"subject": strings.Repeat("x", 301)}, "id": {"id": "../x"},
	} {
		body := map[string]any{}
		for k, v := range good {
			body[k] = v
		}
		for k, v := range change {
			body[k] = v
		}
		status, answer := s.Post("/api/desk/cases", body, "Authorization", token)
		if data, _ := answer["data"].(map[string]any); status != http.StatusBadRequest || data[field] == nil {
			t.Errorf("%s: %d %v", field, status, answer)
		}
	}
	if status, _ := s.Post("/api/desk/cases", good, "Authorization", machine); status != http.StatusForbidden {
		t.Errorf("an integration: %d", status)
	}
	if status, _ := s.Post("/api/desk/cases", good); status < 400 || len(s.Cases()) != 0 {
		t.Errorf("a guest: %d, %d cases", status, len(s.Cases()))
	}
}
