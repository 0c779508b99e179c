package hooks

import (
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/logger"

	"github.com/pocketdesk/pocketdesk/internal/captcha"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// The form page names its captcha's provider in its policy, and no other page does.
func TestFormPageOfEachProvider(t *testing.T) {
	s := newShop(t, withConfig(Config{Captcha: Captcha{Secret: "secret of the provider"}}))
	header := func(path string) string {
		return s.Do(http.MethodGet, path, nil).Header.Get("Content-Security-Policy")
	}
	usual := header("/support/")
	for provider, script := range map[string]string{
		captcha.RecaptchaV2: "https://www.google.com/recaptcha/api.js?hl=ja", captcha.RecaptchaV3: "https://www.google.com/recaptcha/api.js?hl=ja&amp;render=site-key",
		captcha.HCaptcha: "https://js.hcaptcha.com/1/api.js?hl=ja", captcha.Turnstile: "https://challenges.cloudflare.com/turnstile/v0/api.js",
	} {
		s.Settings(map[string]any{"captcha": map[string]any{"provider": provider, "site_key": "site-key"}})
		page := s.Do(http.MethodGet, "/support/?lang=ja", nil)
		text := string(page.Body)
		if page.Status != http.StatusOK || !strings.Contains(text, `src="`+script+`"`) || !strings.Contains(text, `data-sitekey="site-key"`) ||
			strings.Contains(text, "secret of the provider") {
			t.Errorf("%s: %d %s", provider, page.Status, text)
		}
		policy := page.Header.Get("Content-Security-Policy")
		for _, source := range captcha.PolicyOf(provider).Script {
			if !strings.Contains(policy, source) || strings.Contains(usual, source) {
				t.Errorf("%s: policy %s", provider, policy)
			}
		}
		if strings.Contains(policy, "unsafe") || header("/support/t/nothing") != usual || header("/support/c/nothing") != usual || header("/support/f/nothing") != usual {
			t.Errorf("%s: another page's policy is widened, or the form's too far: %s", provider, policy)
		}
	}
	s.Settings(map[string]any{"captcha": map[string]any{"provider": "pow"}})
	if text := s.page("/support/"); strings.Contains(text, "captcha") || header("/support/") != usual {
		t.Error("something of a captcha is left")
	}

	without := newShop(t)
	r, err := without.App.FindRecordById(desk.SettingsID, desk.SettingsRecord)
	if err != nil {
		t.Fatal(err)
	}
	r.Set("captcha", map[string]any{"provider": "turnstile", "site_key": "site-key"})
	if err := without.App.SaveNoValidate(r); err != nil {
		t.Fatal(err)
	}
	desk.Forget(without.App, desk.SettingsID)
	if text := without.page("/support/"); strings.Contains(text, "turnstile") {
		t.Error("a captcha is shown that nobody could check")
	}
}

// noMember looks for a reference in the log of requests, where a look at the form is told of without it.
func (s *shop) noMember(t *testing.T, ref string) {
	t.Helper()
	for _, path := range []string{"/support/f/contact", "/support/", "/support/f/nothing"} {
		a := s.Do(http.MethodGet, path+"?lang=ja&member_ref="+url.QueryEscape(ref), nil, "Referer", s.URL+path+"?member_ref="+url.QueryEscape(ref))
		if a.Status == http.StatusOK && a.Header.Get("Referrer-Policy") != "strict-origin" {
			t.Errorf("%s: the browser may tell the address: %v", path, a.Header)
		}
	}
	var logs []*core.Log
	seen := ""
	for deadline := time.Now().Add(10 * time.Second); strings.Count(seen, "lang=ja") < 3*2 && time.Now().Before(deadline); runtime.Gosched() {
		if err := s.App.Logger().Handler().(*logger.BatchHandler).WriteAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		logs = nil
		if err := s.App.LogQuery().All(&logs); err != nil {
			t.Fatal(err)
		}
		seen = ""
		for _, l := range logs {
			seen += l.Message + l.Data.String() + "\n"
		}
	}
	if !strings.Contains(seen, "/support/f/contact?lang=ja") || strings.Contains(seen, ref) || strings.Contains(seen, "member_ref") {
		t.Errorf("the log of requests:\n%s", seen)
	}
}

// A member's reference stays with the form; a guest where members only write is told so in his language.
func TestMembersOnThePage(t *testing.T) {
	logs := withApp(func(app core.App) { app.Settings().Logs.MaxDays = 1 })
	s := newShop(t, withConfig(Config{MemberSecret: memberSecret}), logs)
	s.Settings(map[string]any{"screening": map[string]any{"members_only": true}})
	const ref = `m-1.1."><script>`
	text := s.page("/support/f/contact?member_ref=" + url.QueryEscape(ref))
	if !strings.Contains(text, `name="member_ref" value="m-1.1.&#34;&gt;&lt;script&gt;"`) || strings.Contains(text, ref) {
		t.Error("the reference is lost, or not escaped")
	}
	s.noMember(t, "m-1.1")
	for _, bad := range []string{strings.Repeat("x", 501), "%ff%fe"} {
		if strings.Contains(s.page("/support/?member_ref="+bad), "member_ref") {
			t.Errorf("taken: %.20s", bad)
		}
	}
	for locale, want := range map[string]string{"zh-TW": "只接受會員", "zh-CN": "仅接受会员", "ja": "会員の方専用", "en": "Only members"} {
		token, _ := s.Form()
		page := s.Multipart("/support/f/contact", map[string]any{"form_token": token, "name": "Ann", "email": "ann@example.com", "message": "Where is my parcel?",
			"consent": "true", "locale": locale, "member_ref": "m-1.1.0"}, nil)
		if body := string(page.Body); page.Status != http.StatusUnprocessableEntity || !strings.Contains(body, want) || !strings.Contains(body, `value="m-1.1.0"`) {
			t.Errorf("%s: %d %s", locale, page.Status, body)
		}
	}
}
