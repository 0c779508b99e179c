package hooks

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Who may do what.
func TestTextAccess(t *testing.T) {
	s, g, c := newTextShop(t)
	owner := s.Superuser()
	admin, _ := s.Agent(desk.RoleAdmin, "")
	agent, _ := s.Agent(desk.RoleAgent, "")
	program, _ := s.Agent(desk.RoleIntegration, "")
	other, _ := s.Agent(desk.RoleAgent, s.Team("another"))
	if _, err := s.App.DB().NewQuery("UPDATE cases SET team = {:team}").Bind(map[string]any{"team": s.Team("ours")}).Execute(); err != nil {
		t.Fatal(err)
	}
	for name, one := range map[string]struct {
		token              string
		text, test, see    int
		forms, secretShown bool
	}{
		"admin":   {admin, 200, 200, 200, true, true},
		"owner":   {owner, 200, 200, 200, true, true},
		"program": {program, 200, 403, 200, true, false},
		"other":   {other, 400, 403, 200, false, false},
		"guest":   {"", 400, 401, 401, false, false},
	} {
		if status, got := s.textOf(c, one.token, nil); status != one.text {
			t.Errorf("%s writes: %d %v", name, status, got)
		}
		before := len(g.Forms())
		for _, path := range []string{"test", "secret"} {
			body := map[string]any{"to": "0912345678", "secret": "shop:pass word"}
			if status, got := s.Post("/api/desk/sms/"+path, body, "Authorization", one.token); status != one.test {
				t.Errorf("%s, %s: %d %v", name, path, status, got)
			}
		}
		if sent := len(g.Forms()) - before; (sent == 1) != (one.test == 200) {
			t.Errorf("%s: %d texts", name, sent)
		}
		status, shown := s.Get("/api/desk/sms", "Authorization", one.token)
		if status != one.see || (shown["report_url"] != nil) != one.secretShown || (shown["secret"] == "kept") != one.secretShown {
			t.Errorf("%s sees %d %v", name, status, shown)
		}
	}
	_ = agent
	if status, _ := s.Patch("/api/collections/desk_settings/records/"+desk.SettingsRecord, map[string]any{"sms": map[string]any{}}, "Authorization", agent); status == http.StatusOK {
		t.Error("an agent changes the gateway")
	}
	r := s.Do("GET", "/api/collections/outbox/records", nil, "Authorization", admin)
	for _, what := range []string{"pass word", "pass%20word", s.plugin.texting.ReportURL()} {
		if strings.Contains(string(r.Body), what) {
			t.Errorf("%q stands in the outbox", what)
		}
	}
}

// Settings are checked when they are saved, whoever saves them.
func TestTextSettings(t *testing.T) {
	s, g, _ := newTextShop(t)
	owner := s.Superuser()
	path := "/api/collections/desk_settings/records/" + desk.SettingsRecord
	save := func(change map[string]any) (int, string) {
		choices := g.choices()
		for k, v := range change {
			choices[k] = v
		}
		status, got := s.Patch(path, map[string]any{"sms": choices}, "Authorization", owner)
		data, _ := got["data"].(map[string]any)
		field, _ := data["sms"].(map[string]any)
		message, _ := field["message"].(string)
		return status, message
	}
	for _, one := range []struct {
		change map[string]any
		begins string
	}{
		{map[string]any{"body": "to={{ to | url_encode }}&text={{ tex | url_encode }}"}, `Body: line 1: unknown variable "tex"`},
		{map[string]any{"body": "to={{ to | url_encode }}&text={{ text }}"}, "Body: {{ text }} needs a filter"},
		{map[string]any{"url": "http://127.0.0.1/"}, "Url: "},
		{map[string]any{"max_parts": 11}, "Max_parts: "},
		{map[string]any{"id": "x"}, "Id: "},
		{map[string]any{"max_parts": "three"}, "This has not the expected form"},
	} {
		if status, message := save(one.change); status != http.StatusBadRequest || !strings.HasPrefix(strings.ToLower(message), strings.ToLower(one.begins)) {
			t.Errorf("%v: %d %q", one.change, status, message)
		}
	}

	// a kept secret stays with its host
	shown := func() any { _, v := s.Get("/api/desk/sms", "Authorization", owner); return v["secret"] }
	if status, message := save(map[string]any{"url": g.URL + "/other"}); status != http.StatusOK || shown() != "kept" {
		t.Errorf("another path: %d %s, %v", status, message, shown())
	}
	if status, message := save(map[string]any{"url": "https://evil.example/"}); status != http.StatusOK || shown() != "none" {
		t.Errorf("another host: %d %s, %v", status, message, shown())
	}
	_, state := s.Get("/api/desk/sms", "Authorization", owner)
	if state["on"] != false || state["why"] != "no_secret" || state["max_parts"] != 3.0 {
		t.Errorf("%v", state)
	}
	if _, got := s.Post("/api/desk/sms/test", map[string]any{"to": "0912345678"}, "Authorization", owner); got["ok"] != false || got["error"] == "" {
		t.Errorf("tried without a secret: %v", got)
	}
	if status, _ := s.Post("/api/desk/sms/test", map[string]any{"to": "12"}, "Authorization", owner); status != http.StatusBadRequest {
		t.Errorf("no number: %d", status)
	}
	if status, _ := s.Post("/api/desk/sms/secret", map[string]any{"secret": "a\nb"}, "Authorization", owner); status != http.StatusBadRequest {
		t.Errorf("two lines: %d", status)
	}
}

// Calls, of both sides, as the Desk posts them.
func TestCallsByREST(t *testing.T) {
	s, _, c := newTextShop(t)
	token, agent := s.Agent(desk.RoleAgent, "")
	call := func(fields map[string]any) (int, map[string]any) {
		body := map[string]any{"case": c.Id, "direction": "out", "channel": "phone"}
		for k, v := range fields {
			body[k] = v
		}
		return s.Post("/api/collections/messages/records", body, "Authorization", token)
	}
	again := func() *desk.Case { return s.Cases()[0] }
	status, m := call(map[string]any{"call": map[string]any{"outcome": "no_answer"}})
	if status != http.StatusOK || m["author"] != agent.Id || !again().GetDateTime("first_responded_at").IsZero() {
		t.Errorf("in vain: %d %v", status, m)
	}
	if status, _ := call(map[string]any{"call": map[string]any{"outcome": "answered", "seconds": 61}, "status": "resolved"}); status != http.StatusOK ||
		again().GetDateTime("first_responded_at").IsZero() || again().Status() != desk.Resolved {
		t.Errorf("answered: %d, %s", status, again().Status())
	}
	s.Clock.Advance(time.Hour)
	if status, m := call(map[string]any{"direction": "in", "call": map[string]any{"outcome": "voicemail"}, "body": "He asks again."}); status != http.StatusOK ||
		m["direction"] != "in" || again().Status() != desk.Open || again().GetDateTime("waiting_since").IsZero() {
		t.Errorf("he called: %d %v, %s", status, m, again().Status())
	}
	for field, bad := range map[string]map[string]any{
		"call":      {"call": map[string]any{"outcome": "reached"}},
		"body":      {},
		"direction": {"direction": "in", "channel": "email", "body": "x"},
	} {
		status, got := call(bad)
		if data, _ := got["data"].(map[string]any); status != http.StatusBadRequest || data[field] == nil {
			t.Errorf("%v: %d %v", bad, status, got)
		}
	}
	form := s.Multipart("/api/collections/messages/records", map[string]any{
		"case": c.Id, "direction": "out", "channel": "phone", "call": `{"outcome": "wrong_number"}`,
	}, nil, "Authorization", token)
	if form.Status != http.StatusOK {
		t.Fatalf("by a form: %d %s", form.Status, form.Body)
	}
	for _, r := range s.Rows(desk.Identities) {
		if r.GetString("kind") == desk.KindPhone && r.GetString("state") != desk.StateUndeliverable {
			t.Errorf("the number is %s", r.GetString("state"))
		}
	}
}
