package hooks

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/webhooks"
	"github.com/pocketdesk/pocketdesk/internal/webhook"
)

const webhookPath = "/api/collections/webhooks/records"

// told is what a receiver was sent.
type told struct {
	header http.Header
	body   string
	Type   string         `json:"type"`
	Data   map[string]any `json:"data"`
}

// newReceiver is a server that keeps what it is sent.
func newReceiver(t *testing.T) (*httptest.Server, chan told) {
	t.Helper()
	all := make(chan told, 1000)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		one := told{header: r.Header.Clone(), body: string(raw)}
		_ = json.Unmarshal(raw, &one)
		all <- one
	}))
	t.Cleanup(srv.Close)
	return srv, all
}

// next waits for the next of one type.
func next(t *testing.T, all chan told, typ string) told {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		select {
		case one := <-all:
			if one.Type == typ {
				return one
			}
		case <-late:
			t.Fatalf("no %s came", typ)
		}
	}
}

// From the first click to what the shop's own system is sent; a secret is shown
// once, and nowhere else.
func TestWebhookStory(t *testing.T) {
	s := newShop(t, withConfig(Config{WebhookPrivate: true}))
	srv, all := newReceiver(t)
	admin, _ := s.Agent(desk.RoleAdmin, "")
	auth := []string{"Authorization", admin}
	status, hook := s.Post(webhookPath, map[string]any{"name": "ERP", "url": srv.URL + "/in", "enabled": true, "events": []string{"case.opened", "case.resolved"}}, auth...)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, hook)
	}
	id := hook["id"].(string)
	base := "/api/desk/webhooks/" + id
	_, made := s.Post(base+"/secret", map[string]any{"now": true}, auth...)
	secret, _ := made["secret"].(string)
	if !strings.HasPrefix(secret, "whsec_") || made["old_until"] != "" {
		t.Fatalf("%v", made)
	}
	if status, pong := s.Post(base+"/ping", nil, auth...); status != http.StatusOK || pong["ok"] != true || pong["code"] != 200.0 {
		t.Fatalf("%d %v", status, pong)
	}
	ping := next(t, all, "webhook.ping")
	if err := webhook.Verify(ping.header, []byte(ping.body), s.Clock.Now(), secret); err != nil {
		t.Fatal(err)
	}
	s.Submit(nil)
	opened := next(t, all, "case.opened")
	if err := webhook.Verify(opened.header, []byte(opened.body), s.Clock.Now(), secret); err != nil {
		t.Error(err)
	}
	c := s.Cases()[0]
	its, _ := opened.Data["case"].(map[string]any)
	if its["id"] != c.Id || !strings.HasSuffix(its["url"].(string), "/desk/#/desk/c/"+c.Id) {
		t.Errorf("%s", opened.body)
	}
	_, again := s.Post(base+"/secret", nil, auth...)
	if again["secret"] == secret || again["old_until"] == "" {
		t.Errorf("%v", again)
	}
	for _, path := range []string{webhookPath, webhookPath + "/" + id, "/api/desk/webhooks", base + "/deliveries", "/api/collections/webhook_deliveries/records", "/api/collections/desk_secrets/records"} {
		a := s.Do(http.MethodGet, path, nil, auth...)
		if strings.Contains(string(a.Body), "whsec_") || strings.Contains(string(a.Body), secret[10:]) {
			t.Errorf("%s tells the secret: %s", path, a.Body)
		}
	}
	_, list := s.Get("/api/desk/webhooks", auth...)
	one := list["items"].([]any)[0].(map[string]any)
	if one["secret"] != "kept" || one["old_until"] == "" || one["given_up"] != 0.0 {
		t.Errorf("%v", one)
	}
	_, page := s.Get(base+"/deliveries", auth...)
	rows, _ := page["items"].([]any)
	if len(rows) != 2 || rows[0].(map[string]any)["number"] != float64(c.Number()) {
		t.Fatalf("%v", page)
	}
	d := rows[0].(map[string]any)["id"].(string)
	s.Clock.Advance(time.Minute)
	if status, got := s.Post(base+"/replay", map[string]any{"delivery": d}, auth...); status != http.StatusOK || got["count"] != 1.0 {
		t.Errorf("%d %v", status, got)
	}
	if twice := next(t, all, "case.opened"); twice.header.Get("webhook-id") != opened.header.Get("webhook-id") || twice.body != opened.body {
		t.Error("what is sent again is another message")
	}
	from, to := s.Clock.Now().Add(-time.Hour).Format(time.RFC3339), s.Clock.Now().Add(time.Hour).Format(time.RFC3339)
	if status, got := s.Post(base+"/replay", map[string]any{"from": from, "to": to, "what": "missed"}, auth...); status != http.StatusOK || got["next"] != "" {
		t.Errorf("%d %v", status, got)
	}
	for _, bad := range []map[string]any{{}, {"from": to, "to": from, "what": "all"}, {"from": from, "to": to, "what": "some"}, {"from": "x"}} {
		if status, got := s.Post(base+"/replay", bad, auth...); status != http.StatusBadRequest {
			t.Errorf("%v: %d %v", bad, status, got)
		}
	}
	if a := s.Do(http.MethodDelete, webhookPath+"/"+id, nil, auth...); a.Status != http.StatusNoContent {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if left := s.Rows(desk.Secrets); len(left) != 0 {
		t.Errorf("a secret is left: %v", left)
	}
}

// What can't be right is refused with a sentence that says how to mend it.
func TestWebhookRefused(t *testing.T) {
	s := newShop(t)
	admin, _ := s.Agent(desk.RoleAdmin, "")
	settings := s.App.Settings()
	settings.Meta.AppURL = "https://desk.shop.example/"
	if err := s.App.Save(settings); err != nil {
		t.Fatal(err)
	}
	good := func(change map[string]any) map[string]any {
		v := map[string]any{"name": "ERP", "url": "https://erp.shop.example/hook", "enabled": true}
		for name, value := range change {
			v[name] = value
		}
		return v
	}
	for _, c := range []struct {
		change map[string]any
		field  string
		code   string
	}{
		{map[string]any{"url": "http://erp.shop.example/hook"}, "url", "url_plain"},
		{map[string]any{"url": "https://169.254.169.254/latest"}, "url", "url_private"},
		{map[string]any{"url": "https://127.0.0.1/"}, "url", "url_private"},
		{map[string]any{"url": "https://localhost:8090/"}, "url", "url_private"},
		{map[string]any{"url": "https://[::1]/"}, "url", "url_private"},
		{map[string]any{"url": "https://db.internal/"}, "url", "url_private"},
		{map[string]any{"url": "https://redis/"}, "url", "url_private"},
		{map[string]any{"url": "https://user:pw@erp.shop.example/"}, "url", "url_invalid"},
		{map[string]any{"url": "ftp://erp.shop.example/"}, "url", "url_invalid"},
		{map[string]any{"url": "javascript:alert(1)"}, "url", "url_invalid"},
		{map[string]any{"url": "https://desk.shop.example/api/desk/webhooks"}, "url", "url_own"},
		{map[string]any{"url": "https://DESK.shop.example:443/support/f/contact"}, "url", "url_own"},
		{map[string]any{"events": []string{"case.nonsense"}}, "events", "events_invalid"},
		{map[string]any{"events": []string{"case.opened", "case.opened"}}, "events", "events_invalid"},
		{map[string]any{"events": []string{"webhook.ping"}}, "events", "events_invalid"},
		{map[string]any{"events": "case.opened"}, "events", "events_invalid"},
		{map[string]any{"name": " "}, "name", "validation_required"},
		{map[string]any{"failed": "x"}, "failed", "not_writable"},
	} {
		status, got := s.Post(webhookPath, good(c.change), "Authorization", admin)
		data, _ := got["data"].(map[string]any)
		fault, _ := data[c.field].(map[string]any)
		if status != http.StatusBadRequest || fault["code"] != c.code {
			t.Errorf("%v: %d %v", c.change, status, got)
		}
	}
	if status, got := s.Post(webhookPath, good(map[string]any{"url": "https://desk.shop.example/erp/hook"}), "Authorization", admin); status != http.StatusOK {
		t.Errorf("the shop's own system beside the desk: %d %v", status, got)
	}
	for i := range webhooks.MaxHooks - 1 {
		s.Add(desk.Webhooks, map[string]any{"name": fmt.Sprint(i), "url": "https://erp.shop.example/"})
	}
	if status, got := s.Post(webhookPath, good(nil), "Authorization", admin); status != http.StatusBadRequest {
		t.Errorf("the 51st: %d %v", status, got)
	}
}

// A webhook that leads to the desk itself, by whatever way, is switched off by its
// own answer.
func TestWebhookToItself(t *testing.T) {
	s := newShop(t, withConfig(Config{WebhookPrivate: true}))
	admin, _ := s.Agent(desk.RoleAdmin, "")
	if status, got := s.Post(webhookPath, map[string]any{"name": "Loop", "url": s.URL + "/support/f/contact", "enabled": true}, "Authorization", admin); status != http.StatusBadRequest {
		t.Fatalf("%d %v", status, got)
	}
	// a name that nobody knows to be ours
	other := strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	status, hook := s.Post(webhookPath, map[string]any{"name": "Loop", "url": other + "/support/f/contact", "enabled": true}, "Authorization", admin)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, hook)
	}
	off := make(chan struct{}, 10)
	s.App.OnRecordAfterUpdateSuccess(desk.Webhooks).BindFunc(func(e *core.RecordEvent) error {
		if !e.Record.GetBool("enabled") {
			off <- struct{}{}
		}
		return e.Next()
	})
	s.Submit(nil)
	select {
	case <-off:
	case <-time.After(20 * time.Second):
		t.Fatal("it goes on")
	}
	after, err := s.App.FindRecordById(desk.Webhooks, hook["id"].(string))
	if err != nil || after.GetString("disabled_why") != webhooks.WhyGone || len(s.Cases()) != 1 {
		t.Errorf("%v %v", after, err)
	}
}

func TestWebhookRoles(t *testing.T) {
	s := newShop(t)
	hook := s.Add(desk.Webhooks, map[string]any{"name": "ERP", "url": "https://erp.shop.example/"})
	for _, role := range []string{desk.RoleAgent, desk.RoleSupervisor, desk.RoleIntegration} {
		token, _ := s.Agent(role, "")
		for _, path := range []string{"/api/desk/webhooks", "/api/desk/webhooks/events", "/api/desk/webhooks/" + hook.Id + "/deliveries", webhookPath + "/" + hook.Id} {
			if status, _ := s.Get(path, "Authorization", token); status != http.StatusForbidden && status != http.StatusNotFound {
				t.Errorf("%s as %s: %d", path, role, status)
			}
		}
		for _, verb := range []string{"secret", "ping", "replay"} {
			if status, _ := s.Post("/api/desk/webhooks/"+hook.Id+"/"+verb, nil, "Authorization", token); status != http.StatusForbidden {
				t.Errorf("%s as %s: %d", verb, role, status)
			}
		}
	}
	admin, _ := s.Agent(desk.RoleAdmin, "")
	_, got := s.Get("/api/desk/webhooks/events", "Authorization", admin)
	if types, _ := got["types"].([]any); len(types) != len(webhooks.Catalogue()) {
		t.Errorf("%d types", len(types))
	}
	for _, path := range []string{"nosuchwebhook00/secret", "nosuchwebhook00/ping", "nosuchwebhook00/replay"} {
		if status, _ := s.Post("/api/desk/webhooks/"+path, map[string]any{"delivery": "x"}, "Authorization", admin); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}
