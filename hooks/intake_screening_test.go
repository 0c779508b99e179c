package hooks

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/captcha/captchatest"
	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/geo/geotest"
	"github.com/pocketdesk/pocketdesk/internal/memberref"
	"github.com/pocketdesk/pocketdesk/internal/mx"
)

const memberSecret = "a secret of shop and desk"

// judged is what became of a submission: the outcome and the names of its signals.
func (s *shop) judged(answer map[string]any) (outcome string, names map[string]bool) {
	s.t.Helper()
	id, _ := answer["id"].(string)
	v := s.Verdict(id)
	var signals []struct{ Name string }
	if err := v.UnmarshalJSONField("signals", &signals); err != nil {
		s.t.Fatal(err)
	}
	names = map[string]bool{}
	for _, one := range signals {
		names[one.Name] = true
	}
	return v.Outcome(), names
}

// withProxy lets the shop believe a header about the visitor's address.
func withProxy() shopOption {
	return withApp(func(app core.App) {
		app.Settings().TrustedProxy.Headers = []string{"X-Real-IP"}
	})
}

// A campaign comes from address after address. Once staff say of one that it is
// junk, the next ones wait, whoever sends them.
func TestCampaignIsHeld(t *testing.T) {
	s := newShop(t)
	owner := s.Superuser()
	s.Settings(map[string]any{"screening": map[string]any{"signals_off": []string{"text"}}}) // whatever the model thinks of it
	campaign := func(i int) map[string]any {
		return map[string]any{
			"email": fmt.Sprintf("someone%d@example.com", i), "locale": "en", "pow": nil,
			"message": "Dear owner of the teapot shop, all your neighbours have moved their lanterns to the harbour already, and number " +
				fmt.Sprint(i) + " is still free for you until the moon is full.",
		}
	}
	var last map[string]any
	for i := range 3 {
		last = s.Submit(campaign(i))
	}
	if _, names := s.judged(last); !names["near_duplicate"] {
		t.Errorf("the third of them: %v", names)
	}
	s.Submit(map[string]any{"email": "ming@example.com"})
	c := s.CaseOf(last["id"].(string))
	if c == nil {
		t.Fatalf("the text alone holds it: %s", s.Verdict(last["id"].(string)).GetString("signals"))
	}
	if status, answer := s.Post("/api/desk/cases/"+c.Id+"/spam", nil, "Authorization", owner); status != http.StatusOK {
		t.Fatalf("spam: %d %v", status, answer)
	}
	if outcome, names := s.judged(s.Submit(campaign(4))); outcome == desk.Accepted || !names["near_duplicate"] {
		t.Errorf("the next one: %s, %v", outcome, names)
	}
	if outcome, _ := s.judged(s.Submit(map[string]any{"email": "hua@example.com"})); outcome != desk.Accepted {
		t.Errorf("a customer: %s", outcome)
	}
}

// A member with everything against him gets through; whoever makes the
// reference up does not.
func TestMembersOverREST(t *testing.T) {
	s := newShop(t, withConfig(Config{MemberSecret: memberSecret}))
	unlucky := func(ref string) map[string]any {
		return map[string]any{
			"member_ref": ref, "form_token": "made-up", "pow": nil, "email": "ming@mailinator.com",
			"message": "你們的表單一直說連線逾時，我已經試了三次。訂單 https://bit.ly/3xYz 的茶壺到底什麼時候會到？",
		}
	}
	ref := memberref.Sign([]byte(memberSecret), "m-1024", s.Clock.Now().Add(time.Hour))
	if outcome, names := s.judged(s.Submit(unlucky(ref))); outcome != desk.Accepted || !names["member"] || !names["token_invalid"] {
		t.Errorf("a member: %s, %v", outcome, names)
	}
	if outcome, names := s.judged(s.Submit(unlucky(ref + "0"))); outcome == desk.Accepted || !names["member_invalid"] {
		t.Errorf("a made-up member: %s, %v", outcome, names)
	}

	s.Settings(map[string]any{"screening": map[string]any{"members_only": true}})
	status, answer := s.Post(submitPath, map[string]any{"email": "ming@example.com", "message": "哈囉"})
	if data, _ := answer["data"].(map[string]any); status != http.StatusBadRequest || data["member_ref"].(map[string]any)["code"] != "members_only" {
		t.Errorf("a guest where members only write: %d %v", status, answer)
	}
	key, _ := s.Agent("integration", "")
	if status, answer := s.Post(submitPath, map[string]any{"email": "ming@example.com", "message": "哈囉"}, "Authorization", key); status != http.StatusOK {
		t.Errorf("an integration: %d %v", status, answer)
	}
	s.Submit(unlucky(ref))
}

// The file of countries lies in the data folder; a rule on one holds what comes from there.
func TestCountryRule(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "countries.mmdb")
	if err := geotest.Write(file, map[netip.Prefix]string{
		netip.MustParsePrefix("203.0.113.0/24"): "TW", netip.MustParsePrefix("198.51.100.0/24"): "DE",
	}); err != nil {
		t.Fatal(err)
	}
	s := newShop(t, withConfig(Config{GeoDB: file}), withProxy())
	admin, _ := s.Agent("admin", "")
	for value, want := range map[string]int{"de": http.StatusOK, "Germany": http.StatusBadRequest} {
		status, answer := s.Post("/api/collections/block_rules/records", map[string]any{"kind": "country", "value": value, "action": "quarantine"}, "Authorization", admin)
		if status != want {
			t.Errorf("a rule for %q: %d %v", value, status, answer)
		}
	}
	for ip, want := range map[string][2]string{
		"203.0.113.9": {"TW", desk.Accepted}, "198.51.100.9": {"DE", desk.Quarantined}, "192.0.2.9": {"", desk.Accepted},
	} {
		token, solved := s.Form()
		_, answer := s.Post(submitPath, map[string]any{
			"email": ip + "@example.com", "message": "請問茶杯還有貨嗎？", "locale": "zh-TW", "form_token": token, "pow": solved,
		}, "X-Real-IP", ip)
		v := s.Verdict(answer["id"].(string))
		if got := [2]string{v.GetString("country"), v.Outcome()}; got != want {
			t.Errorf("%s: %v, want %v: %s", ip, got, want, v.GetString("signals"))
		}
	}
	_, health := s.Get("/api/desk/health", "Authorization", admin)
	if state, _ := health["geo"].(map[string]any); state["state"] != "on" || state["built"] == "" {
		t.Errorf("health: %v", health)
	}
}

// A file that is no such file leaves the countries unknown and the shop open.
func TestBrokenCountries(t *testing.T) {
	file := filepath.Join(t.TempDir(), "geo.mmdb")
	if err := os.WriteFile(file, []byte("no countries here"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newShop(t, withConfig(Config{GeoDB: file}))
	if outcome, _ := s.judged(s.Submit(nil)); outcome != desk.Accepted {
		t.Errorf("outcome %s", outcome)
	}
}

// The provider's answer counts, and its silence stops nobody. JSON, multipart
// and the page without JavaScript bring the token under its own name.
func TestCaptchaOverREST(t *testing.T) {
	srv := captchatest.NewServer(t, captchatest.Config{Provider: "hcaptcha"})
	s := newShop(t, withConfig(Config{Captcha: Captcha{Secret: srv.Secret, VerifyURL: srv.URL}}))
	s.Settings(map[string]any{"captcha": map[string]any{"provider": "hcaptcha", "site_key": "site", "hosts": []string{"shop.example"}}})
	// checked sends until the provider answered: on a busy machine it may take
	// longer than the line waits, which lets the message in unchecked.
	checked := func(send func() map[string]any) (outcome string, names map[string]bool) {
		t.Helper()
		for range 10 {
			if outcome, names = s.judged(send()); !names["captcha_down"] {
				break
			}
		}
		return outcome, names
	}
	submit := func(token string) map[string]any {
		t.Helper()
		return s.Submit(map[string]any{"captcha": token, "pow": nil})
	}
	if outcome, names := s.judged(submit(srv.Token(captchatest.Cut))); !names["captcha_down"] || names["pow_missing"] || outcome != desk.Accepted {
		t.Errorf("down: %s, %v", outcome, names)
	}
	for name, c := range map[string]struct {
		token         func() string // once used it is worth nothing
		want, outcome string
	}{
		"valid":      {func() string { return srv.Token(captchatest.Valid) }, "captcha_valid", desk.Accepted},
		"wrong host": {func() string { return srv.Token(captchatest.WrongHost) }, "captcha_wrong_host", ""},
		"invalid":    {func() string { return "made-up" }, "captcha_invalid", ""},
	} {
		outcome, names := checked(func() map[string]any { return submit(c.token()) })
		if !names[c.want] || names["pow_missing"] || (c.outcome != "" && outcome != c.outcome) {
			t.Errorf("%s: %s, %v", name, outcome, names)
		}
	}
	if _, form := s.Get("/api/desk/forms/contact"); fmt.Sprint(form["captcha"]) != "map[provider:hcaptcha site_key:site]" {
		t.Errorf("what a page is told: %v", form["captcha"])
	}
	fields := func(message string) map[string]any {
		t.Helper()
		token, _ := s.Form()
		return map[string]any{
			"email": "ming@example.com", "message": message, "locale": "zh-TW", "form_token": token,
			"h-captcha-response": srv.Token(captchatest.Valid), "consent": "true",
		}
	}
	if _, names := checked(func() map[string]any {
		return s.Multipart(submitPath, fields("請問茶杯還有貨嗎？"), nil).JSON()
	}); !names["captcha_valid"] {
		t.Errorf("multipart: %v", names)
	}
	if _, names := checked(func() map[string]any {
		if page := s.Multipart("/support/f/contact", fields("請問茶壺還有貨嗎？"), nil); page.Status != http.StatusOK {
			t.Fatalf("the page: %d", page.Status)
		}
		rows := s.Rows(desk.Feedbacks)
		return map[string]any{"id": rows[len(rows)-1].Id}
	}); !names["captcha_valid"] {
		t.Errorf("the page: %v", names)
	}
	owner := s.Superuser()
	_, health := s.Get("/api/desk/health", "Authorization", owner)
	if state, _ := health["captcha"].(map[string]any); state["provider"] != "hcaptcha" || state["state"] != intake.CaptchaOn {
		t.Errorf("health: %v", health["captcha"])
	}
}

// A pitch opens a case that can wait, or waits itself.
func TestPitchOverREST(t *testing.T) {
	s := newShop(t)
	pitch := map[string]any{
		"name": "Lena Hoff", "email": "lena@example.com", "locale": "en", "subject": "Partnership proposal",
		"message": "Dear team, I came across your brand and would love to collaborate with your shop on a joint promotion this winter. May I send a short proposal?",
	}
	low := s.Submit(pitch)
	if c := s.CaseOf(low["id"].(string)); c == nil || c.Priority() == "normal" {
		t.Errorf("by default: %v", c)
	}
	s.Settings(map[string]any{"screening": map[string]any{"pitch": "quarantine"}})
	if outcome, _ := s.judged(s.Submit(pitch)); outcome != desk.Quarantined {
		t.Errorf("quarantine: %s", outcome)
	}
}

// A mail domain that takes no mail is a hint and holds nobody; no answer is no hint.
func TestMailDomains(t *testing.T) {
	s := newShop(t)
	s.plugin.door.MX = mx.New(mx.Config{Resolver: refusing{}, Now: s.Clock.Now})
	if outcome, names := s.judged(s.Submit(map[string]any{"email": "ming@nowhere-at-all.tw"})); outcome != desk.Accepted || names["domain_no_mail"] {
		t.Errorf("no name server: %s, %v", outcome, names)
	}
	s.plugin.door.MX = mx.New(mx.Config{Resolver: empty{}, Wait: 10 * time.Second, Now: s.Clock.Now})
	if outcome, names := s.judged(s.Submit(map[string]any{"email": "ming@nowhere-at-all.tw"})); outcome != desk.Accepted || !names["domain_no_mail"] {
		t.Errorf("no such domain: %s, %v", outcome, names)
	}
	s.Settings(map[string]any{"screening": map[string]any{"mx": false}})
	if _, names := s.judged(s.Submit(map[string]any{"email": "ming@nowhere-at-all.tw"})); names["domain_no_mail"] {
		t.Errorf("not asked for: %v", names)
	}
}

// What can't work is refused with a sentence when it is chosen, not found out
// when a visitor writes.
func TestScreeningSettingsAreChecked(t *testing.T) {
	without := newShop(t)
	with := newShop(t, withConfig(Config{MemberSecret: memberSecret, Captcha: Captcha{Secret: "secret"}}))
	good := map[string]any{"provider": "turnstile", "site_key": "site"}
	for name, c := range map[string]struct {
		shop   *shop
		field  string
		value  any
		refuse string // in the sentence; "" is taken
	}{
		"signals":            {without, "screening", map[string]any{"signals_off": []string{"links", "text"}}, ""},
		"unknown signal":     {without, "screening", map[string]any{"signals_off": []string{"linkz"}}, "linkz"},
		"a rule is no habit": {without, "screening", map[string]any{"signals_off": []string{"contact_blocked"}}, "contact_blocked"},
		"pitch":              {without, "screening", map[string]any{"pitch": "loud"}, "quarantine"},
		"country":            {without, "screening", map[string]any{"home_countries": []string{"Taiwan"}}, "Taiwan"},
		"no such country":    {without, "screening", map[string]any{"home_countries": []string{"TW", "XX"}}, "XX"},
		"countries":          {without, "screening", map[string]any{"home_countries": []string{"TW", "jp"}}, ""},
		"unknown key":        {without, "screening", map[string]any{"pitch": "low", "confirm_mail": true}, `"confirm_mail"`},
		"another case":       {without, "screening", map[string]any{"Pitch": "low"}, `"Pitch"`},
		"every key":          {with, "screening", map[string]any{"signals_off": []string{}, "pitch": "low", "confirm_email": false, "members_only": false, "mx": true, "home_countries": []string{}}, ""},
		"a captcha's key":    {with, "captcha", map[string]any{"provider": "turnstile", "site_key": "x", "secret": "s3cret"}, `"secret"`},
		"a captcha's keys":   {with, "captcha", map[string]any{"provider": "turnstile", "site_key": "x", "min_score": 0.5, "hosts": []string{}}, ""},
		"shape":              {without, "screening", map[string]any{"signals_off": "links"}, "form"},
		"members, no secret": {without, "screening", map[string]any{"members_only": true}, "POCKETDESK_MEMBER_SECRET"},
		"members":            {with, "screening", map[string]any{"members_only": true}, ""},
		"captcha, no secret": {without, "captcha", good, "POCKETDESK_CAPTCHA_SECRET"},
		"captcha":            {with, "captcha", good, ""},
		"no site key":        {with, "captcha", map[string]any{"provider": "turnstile"}, "site key"},
		"unknown provider":   {with, "captcha", map[string]any{"provider": "geetest", "site_key": "x"}, "turnstile"},
		"score":              {with, "captcha", map[string]any{"provider": "recaptcha_v3", "site_key": "x", "min_score": 1.5}, "up to 1"},
		"any score":          {with, "captcha", map[string]any{"provider": "recaptcha_v3", "site_key": "x", "min_score": 0}, "above 0"},
		"the least score":    {with, "captcha", map[string]any{"provider": "recaptcha_v3", "site_key": "x", "min_score": 0.1}, ""},
		"hosts":              {with, "captcha", map[string]any{"provider": "turnstile", "site_key": "x", "hosts": []string{"https://shop.example/"}}, "without https"},
		"pow again":          {without, "captcha", map[string]any{"provider": "pow"}, ""},
	} {
		admin, _ := c.shop.Agent("admin", "")
		status, answer := c.shop.Patch("/api/collections/desk_settings/records/"+desk.SettingsRecord, map[string]any{c.field: c.value}, "Authorization", admin)
		data, _ := answer["data"].(map[string]any)
		fault, _ := data[c.field].(map[string]any)
		sentence, _ := fault["message"].(string)
		if (status == http.StatusOK) != (c.refuse == "") || !strings.Contains(sentence, c.refuse) {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	// what was chosen while the secret was there keeps nobody from saving the rest
	without.plugin.config.Captcha.Secret = "for a moment"
	without.Settings(map[string]any{"captcha": good})
	without.plugin.config.Captcha.Secret = ""
	without.Settings(map[string]any{"service_phone": "02-2712-3456"})
	if outcome, names := without.judged(without.Submit(nil)); outcome != desk.Accepted || !names["pow_valid"] {
		t.Errorf("a captcha without its secret: %s, %v", outcome, names)
	}
}

// refusing is a machine without name servers.
type refusing struct{}

func (refusing) LookupMX(context.Context, string) ([]*net.MX, error) {
	return nil, &net.DNSError{Err: "connection refused", IsTemporary: true}
}

func (refusing) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "connection refused", IsTemporary: true}
}

// empty is a world without any domain.
type empty struct{}

func (empty) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (empty) LookupNetIP(_ context.Context, _, name string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}
