package hooks

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/orderlookup"
)

const lookupSecret = "a secret that both sides know"

// newLookupShop is a shop whose own system stands on this machine and answers whoever
// signs as it should.
func newLookupShop(t *testing.T, options ...shopOption) (*shop, *atomic.Int32) {
	t.Helper()
	asked := new(atomic.Int32)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		at, _ := strconv.ParseInt(r.Header.Get(orderlookup.TimestampHeader), 10, 64)
		if r.Header.Get(orderlookup.SignatureHeader) != orderlookup.Sign(lookupSecret, at, r.Method, r.RequestURI) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"orders":[{"number":"`+r.URL.Query().Get("order")+`","status":"shipped","email":"ming@example.com"}]}`)
	}))
	t.Cleanup(srv.Close)
	s := newShop(t, append([]shopOption{withConfig(Config{LookupPrivate: true})}, options...)...)
	s.Settings(map[string]any{"lookup": map[string]any{"enabled": true, "url": srv.URL + "/orders.php", "timeout_seconds": 10}})
	if status, got := s.Post("/api/desk/lookup/secret", map[string]any{"secret": lookupSecret}, "Authorization", s.Superuser()); status != http.StatusOK {
		t.Fatalf("secret: %d %v", status, got)
	}
	return s, asked
}

func TestOrdersOfContact(t *testing.T) {
	s, asked := newLookupShop(t)
	team := s.Team("A")
	mine, _ := s.Agent(desk.RoleAgent, team)
	other, _ := s.Agent(desk.RoleAgent, s.Team("B"))
	supervisor, _ := s.Agent(desk.RoleSupervisor, "")
	integration, _ := s.Agent(desk.RoleIntegration, "")
	s.Submit(map[string]any{"order_no": "TW1001"})
	c := s.Cases()[0]
	path := "/api/desk/contacts/" + c.Contact() + "/orders?case=" + c.Id
	status, v := s.Get(path, "Authorization", mine)
	data, _ := v["data"].(map[string]any)
	orders, _ := data["orders"].([]any)
	if status != http.StatusOK || v["configured"] != true || v["state"] != "ok" || len(orders) != 1 || v["cached"] != false {
		t.Fatalf("%d %v", status, v)
	}
	one := orders[0].(map[string]any)
	if owner, _ := one["owner"].(map[string]any); one["number"] != "TW1001" || owner["state"] != "claimed" {
		t.Errorf("order: %v", one)
	}
	if _, again := s.Get(path, "Authorization", supervisor); again["cached"] != true || asked.Load() != 1 {
		t.Errorf("asked %d times; %v", asked.Load(), again)
	}
	if _, again := s.Get(path+"&fresh=1", "Authorization", supervisor); again["cached"] != false || asked.Load() != 2 {
		t.Errorf("asked %d times; %v", asked.Load(), again)
	}
	if status, _ := s.Get(path+"&order="+strings.Repeat("1", 101), "Authorization", mine); status != http.StatusBadRequest {
		t.Errorf("a number of 101 characters: %d", status)
	}
	for who, token := range map[string]string{"integration": integration, "nobody": ""} {
		if status, _ := s.Get(path, "Authorization", token); status != http.StatusForbidden && status != http.StatusUnauthorized {
			t.Errorf("%s: %d", who, status)
		}
	}
	// once the case is another team's, the contact is nobody whom this agent knows
	c.Set("team", team)
	if err := s.App.Save(c.Record); err != nil {
		t.Fatal(err)
	}
	_, unknown := s.Get("/api/desk/contacts/nosuchcontact00/orders", "Authorization", other)
	for _, call := range []func() (int, map[string]any){
		func() (int, map[string]any) { return s.Get(path, "Authorization", other) },
		func() (int, map[string]any) {
			return s.Post("/api/desk/contacts/"+c.Contact()+"/member", map[string]any{"member": true}, "Authorization", other)
		},
	} {
		if status, got := call(); status != http.StatusNotFound || got["message"] != unknown["message"] {
			t.Errorf("of another team: %d %v, of nobody: %v", status, got, unknown)
		}
	}
	if status, got := s.Post("/api/desk/cases/"+c.Id+"/invite", map[string]any{"preview": true}, "Authorization", other); status != http.StatusNotFound {
		t.Errorf("invite in another team's case: %d %v", status, got)
	}
	if status, _ := s.Get(path, "Authorization", mine); status != http.StatusOK {
		t.Errorf("of the own team: %d", status)
	}
}

func TestLookupsAreBounded(t *testing.T) {
	s, _ := newLookupShop(t)
	token, _ := s.Agent(desk.RoleAgent, "")
	second, _ := s.Agent(desk.RoleAgent, "")
	s.Submit(nil)
	path := "/api/desk/contacts/" + s.Cases()[0].Contact() + "/orders?order=1"
	for n := range lookupMinute {
		if status, got := s.Get(path, "Authorization", token); status != http.StatusOK {
			t.Fatalf("%d: %d %v", n, status, got)
		}
	}
	if status, _ := s.Get(path, "Authorization", token); status != http.StatusTooManyRequests {
		t.Errorf("one more: %d", status)
	}
	if status, _ := s.Get(path, "Authorization", second); status != http.StatusOK {
		t.Errorf("a colleague: %d", status)
	}
	s.Clock.Advance(2 * time.Minute)
	if status, _ := s.Get(path, "Authorization", token); status != http.StatusOK {
		t.Errorf("later: %d", status)
	}
}

func TestLookupSecretAndTest(t *testing.T) {
	s, asked := newLookupShop(t)
	owner := s.Superuser()
	if rows := s.Rows(desk.Secrets); len(rows) != 1 || strings.Contains(rows[0].GetString("value"), lookupSecret) {
		t.Errorf("the secret is kept in the open, or not at all: %d", len(rows))
	}
	s.Settings(map[string]any{"lookup": map[string]any{"enabled": false, "url": lookupURL(s)}})
	status, v := s.Post("/api/desk/lookup/test", map[string]any{"order": "TW7"}, "Authorization", owner)
	if status != http.StatusOK || v["state"] != "ok" || asked.Load() != 1 {
		t.Errorf("a trial while it is off: %d %v", status, v)
	}
	if status, _ := s.Post("/api/desk/lookup/test", map[string]any{}, "Authorization", owner); status != http.StatusBadRequest {
		t.Errorf("a trial of nothing: %d", status)
	}
	for _, secret := range []string{"short", "a secret\nof two lines", strings.Repeat("x", 501)} {
		if status, _ := s.Post("/api/desk/lookup/secret", map[string]any{"secret": secret}, "Authorization", owner); status != http.StatusBadRequest {
			t.Errorf("%.20q: %d", secret, status)
		}
	}
	if status, _ := s.Post("/api/desk/lookup/secret", map[string]any{"secret": "quite another secret"}, "Authorization", owner); status != http.StatusOK {
		t.Fatal(status)
	}
	if _, v := s.Post("/api/desk/lookup/test", map[string]any{"order": "TW7"}, "Authorization", owner); v["state"] != "failed" || v["error"] != "status" || v["status"] != 401.0 {
		t.Errorf("with the wrong secret: %v", v)
	}
	if _, v := s.Get("/api/desk/lookup", "Authorization", owner); v["secret"] != "kept" || v["why"] != "off" {
		t.Errorf("state: %v", v)
	}
	s.Post("/api/desk/lookup/secret", map[string]any{"secret": ""}, "Authorization", owner)
	if _, v := s.Get("/api/desk/lookup", "Authorization", owner); v["secret"] != "none" {
		t.Errorf("state: %v", v)
	}
	if _, v := s.Post("/api/desk/lookup/test", map[string]any{"order": "TW7"}, "Authorization", owner); v["state"] != "off" || v["why"] != "no_secret" {
		t.Errorf("without one: %v", v)
	}
}

func lookupURL(s *shop) string {
	settings, err := desk.LoadSettings(s.App)
	if err != nil {
		s.t.Fatal(err)
	}
	return settings.Lookup.URL
}

func TestLookupSecretFromEnv(t *testing.T) {
	s := newShop(t, withConfig(Config{Secrets: func(name string) string { return map[string]string{"lookup": "a secret of the host"}[name] }}))
	if _, v := s.Get("/api/desk/lookup", "Authorization", s.Superuser()); v["secret"] != "env" || v["private"] != false {
		t.Errorf("%v", v)
	}
	if status, _ := s.Post("/api/desk/lookup/secret", map[string]any{"secret": lookupSecret}, "Authorization", s.Superuser()); status != http.StatusConflict {
		t.Errorf("%d", status)
	}
}

func TestLookupSettings(t *testing.T) {
	public, private := newShop(t), newShop(t, withConfig(Config{LookupPrivate: true}))
	for _, c := range []struct {
		field string
		value map[string]any
		code  string // where only public addresses may be asked; "" passes
		also  bool   // refused where private ones may be, too
	}{
		{"lookup", map[string]any{"enabled": true, "url": "https://shop.example/orders?a=b", "pattern": `TW\d+`, "cache_minutes": 1, "timeout_seconds": 10}, "", false},
		{"lookup", map[string]any{"url": ""}, "", false},
		{"lookup", map[string]any{"url": "http://shop.example/"}, "url_plain", false},
		{"lookup", map[string]any{"url": "https://127.0.0.1/"}, "url_private", false},
		{"lookup", map[string]any{"url": "https://169.254.169.254/latest"}, "url_private", false},
		{"lookup", map[string]any{"url": "https://user:pw@shop.example/"}, "url_invalid", true},
		{"lookup", map[string]any{"url": "ftp://shop.example/"}, "url_invalid", true},
		{"lookup", map[string]any{"url": "https://shop.example/#x"}, "url_invalid", true},
		{"lookup", map[string]any{"url": "https://shop.example/" + strings.Repeat("x", 1_000)}, "url_invalid", true},
		{"lookup", map[string]any{"enabled": true}, "url_missing", true},
		{"lookup", map[string]any{"timeout_seconds": 11}, "out_of_range", true},
		{"lookup", map[string]any{"cache_minutes": -1}, "out_of_range", true},
		{"lookup", map[string]any{"pattern": "("}, "pattern_invalid", true},
		{"lookup", map[string]any{"pattern": strings.Repeat("x", 201)}, "pattern_invalid", true},
		{"lookup", map[string]any{"url": 7}, "shape", true},
		{"membership", map[string]any{"signup_url": "https://shop.example/join", "coupon": "歡迎100"}, "", false},
		{"membership", map[string]any{"signup_url": "javascript:alert(1)"}, "url_invalid", true},
		{"membership", map[string]any{"coupon": strings.Repeat("x", 101)}, "coupon_invalid", true},
	} {
		for _, s := range []*shop{public, private} {
			want := c.code
			if s == private && !c.also {
				want = ""
			}
			_, got := s.Patch("/api/collections/desk_settings/records/"+desk.SettingsRecord, map[string]any{c.field: c.value}, "Authorization", s.Superuser())
			data, _ := got["data"].(map[string]any)
			field, _ := data[c.field].(map[string]any)
			if code, _ := field["code"].(string); code != want {
				t.Errorf("%v: %q, want %q: %v", c.value, code, want, got)
			}
		}
	}
}

// From a guest to a member, over HTTP.
func TestMemberRoutes(t *testing.T) {
	s := newShop(t)
	s.Settings(map[string]any{"membership": map[string]any{"signup_url": "https://shop.example/join", "coupon": "HELLO100"}})
	token, agent := s.Agent(desk.RoleAgent, "")
	colleague, _ := s.Agent(desk.RoleAgent, "")
	supervisor, _ := s.Agent(desk.RoleSupervisor, "")
	integration, _ := s.Agent(desk.RoleIntegration, "")
	s.Submit(nil)
	c := s.Cases()[0]
	path := "/api/desk/cases/" + c.Id + "/invite"
	status, offer := s.Post(path, map[string]any{"preview": true}, "Authorization", token)
	if body, _ := offer["body"].(string); status != http.StatusOK || offer["stop"] != "" || offer["consent"] != false || !strings.Contains(body, "HELLO100") {
		t.Fatalf("%d %v", status, offer)
	}
	status, refused := s.Post(path, map[string]any{}, "Authorization", token)
	s.refused(t, "without a consent", status, refused, "asked", "consent")
	status, sent := s.Post(path, map[string]any{"asked": true, "coupon": ""}, "Authorization", token)
	if status != http.StatusOK || sent["invitation"] == "" {
		t.Fatalf("%d %v", status, sent)
	}
	if m := s.message(sent["message"]); strings.Contains(m.Body(), "HELLO100") || !strings.Contains(m.Body(), "https://shop.example/join?ref=") {
		t.Errorf("mail: %s", m.Body())
	}
	for who, want := range map[string]float64{token: 1, colleague: 0, supervisor: 1} {
		if _, report := s.Get("/api/desk/invitations/report?days=7", "Authorization", who); report["sent"] != want || report["days"] != 7.0 {
			t.Errorf("report: %v, want %v", report, want)
		}
	}
	ref := s.plugin.members.Ref(sent["invitation"].(string))
	if status, _ := s.Post("/api/desk/invitations/converted", map[string]any{"ref": ref + "0", "number": "M-1"}, "Authorization", integration); status != http.StatusNotFound {
		t.Errorf("a ref that is none: %d", status)
	}
	if status, got := s.Post("/api/desk/invitations/converted", map[string]any{"ref": ref, "number": "M-1"}, "Authorization", integration); status != http.StatusOK {
		t.Errorf("%d %v", status, got)
	}
	if _, report := s.Get("/api/desk/invitations/report", "Authorization", token); report["converted"] != 1.0 || report["rate"] != 1.0 {
		t.Errorf("report: %v", report)
	}
	if _, offer := s.Post(path, map[string]any{"preview": true}, "Authorization", token); offer["stop"] != "member" {
		t.Errorf("a member is invited: %v", offer)
	}
	member := "/api/desk/contacts/" + c.Contact() + "/member"
	status, refused = s.Post(member, map[string]any{}, "Authorization", token)
	s.refused(t, "neither", status, refused, "member", "validation_required")
	for _, on := range []bool{false, true} {
		if status, got := s.Post(member, map[string]any{"member": on, "number": "M-2", "case": c.Id}, "Authorization", token); status != http.StatusOK {
			t.Fatalf("%d %v", status, got)
		}
		r, err := s.App.FindRecordById(desk.Contacts, c.Contact())
		if err != nil || r.GetDateTime("member_since").IsZero() == on {
			t.Errorf("member %v: %v %v", on, r.Get("member_since"), err)
		}
	}
	kinds := strings.Join(s.kinds(c.Id), " ")
	for _, kind := range []string{"invited", "converted", "member_unmarked", "member_marked"} {
		if !strings.Contains(kinds, kind) {
			t.Errorf("no line %s in %s", kind, kinds)
		}
	}
	if status, _ := s.Post("/api/collections/invitations/records", map[string]any{"contact": c.Contact(), "agent": agent.Id}, "Authorization", s.Superuser()); status != http.StatusForbidden {
		t.Errorf("an invitation over REST: %d", status)
	}
}
