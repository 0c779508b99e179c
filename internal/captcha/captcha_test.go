package captcha_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/captcha"
	"github.com/pocketdesk/pocketdesk/internal/captcha/captchatest"
)

const secret = "0x4AAA-very-secret"

var visitor = netip.MustParseAddr("203.0.113.7")

func setup(t *testing.T, provider string, change func(*captcha.Config)) (*captchatest.Server, *captcha.Verifier) {
	t.Helper()
	srv := captchatest.NewServer(t, captchatest.Config{Provider: provider, Secret: secret})
	c := captcha.Config{
		Provider: provider, SiteKey: "site-key", Secret: secret, VerifyURL: srv.URL,
		Hosts: []string{"other.example", "shop.example"}, Action: "feedback",
	}
	if change != nil {
		change(&c)
	}
	v, err := captcha.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return srv, v
}

// TestCases: each provider, each case.
func TestCases(t *testing.T) {
	for _, provider := range captcha.Providers() {
		v3, v2 := provider == captcha.RecaptchaV3, provider == captcha.RecaptchaV2
		orValid := func(cond bool, s captcha.State) captcha.State {
			if cond {
				return s
			}
			return captcha.Valid
		}
		for c, want := range map[captchatest.Case]captcha.State{
			captchatest.Valid:     captcha.Valid,
			captchatest.Invalid:   captcha.Invalid,
			captchatest.Duplicate: captcha.Duplicate,
			captchatest.Expired:   captcha.Duplicate,
			captchatest.WrongHost: captcha.WrongHost,
			captchatest.WrongAct:  orValid(!v2 && provider != captcha.HCaptcha, captcha.Invalid),
			captchatest.LowScore:  orValid(v3, captcha.LowScore),
			captchatest.Error500:  captcha.Down,
			captchatest.Limited:   captcha.Down,
			captchatest.Fault:     captcha.Down,
			captchatest.Garbage:   captcha.Down,
			captchatest.Empty:     captcha.Down,
			captchatest.Huge:      captcha.Down,
			captchatest.Redirect:  captcha.Down,
			captchatest.Cut:       captcha.Down,
		} {
			t.Run(provider+"/"+string(c), func(t *testing.T) {
				srv, v := setup(t, provider, nil)
				r := v.Verify(t.Context(), srv.Token(c), visitor)
				if r.State != want {
					t.Errorf("got %+v, want %s", r, want)
				}
				wantScore := map[captcha.State]float64{captcha.Valid: 0.9, captcha.LowScore: 0.1}[want]
				if v3 && r.Score != wantScore || !v3 && r.Score != 0 {
					t.Errorf("score %v", r.Score)
				}
				if (r.State == captcha.Down || r.State == captcha.Invalid) && r.Detail == "" {
					t.Error("no detail")
				}
				if n := len(srv.Requests()); n != 1 {
					t.Errorf("%d requests", n)
				}
			})
		}
	}
}

func TestOnlyOnce(t *testing.T) {
	srv, v := setup(t, captcha.Turnstile, nil)
	token := srv.Token(captchatest.Valid)
	for i, want := range []captcha.State{captcha.Valid, captcha.Duplicate, captcha.Duplicate} {
		if r := v.Verify(t.Context(), token, visitor); r.State != want {
			t.Errorf("time %d: %+v", i+1, r)
		}
	}
}

func TestWhatIsSent(t *testing.T) {
	for _, provider := range captcha.Providers() {
		srv, v := setup(t, provider, nil)
		token := srv.Token(captchatest.Valid)
		v.Verify(t.Context(), token, visitor)
		f := srv.Requests()[0]
		wantKey := map[bool]string{true: "site-key"}[provider == captcha.HCaptcha]
		if f.Get("secret") != secret || f.Get("response") != token || f.Get("remoteip") != "203.0.113.7" || f.Get("sitekey") != wantKey {
			t.Errorf("%s: sent %v", provider, f)
		}
	}
}

func TestRemoteIP(t *testing.T) {
	srv, v := setup(t, captcha.RecaptchaV2, nil)
	for in, want := range map[netip.Addr]string{
		{}: "",
		netip.MustParseAddr("::ffff:203.0.113.7"):   "203.0.113.7",
		netip.MustParseAddr("2001:db8::1%eth0"):     "2001:db8::1",
		netip.MustParseAddr("127.0.0.1"):            "",
		netip.MustParseAddr("10.1.2.3"):             "",
		netip.MustParseAddr("::ffff:192.168.1.1"):   "",
		netip.MustParseAddr("fd00::1"):              "",
		netip.MustParseAddr("fe80::1%eth0"):         "",
		netip.MustParseAddr("0.0.0.0"):              "",
		netip.MustParseAddr("255.255.255.255"):      "",
		netip.MustParseAddr("2400:cb00:2048:1::c6"): "2400:cb00:2048:1::c6",
	} {
		before := len(srv.Requests())
		if r := v.Verify(t.Context(), srv.Token(captchatest.Valid), in); r.State != captcha.Valid {
			t.Errorf("%v: %+v", in, r)
		}
		f := srv.Requests()[before]
		if got := f.Get("remoteip"); got != want || f.Has("remoteip") != (want != "") {
			t.Errorf("%v: sent %q, want %q", in, got, want)
		}
	}
}

// TestNobodyAsked: what cannot be a token costs no call.
func TestNobodyAsked(t *testing.T) {
	srv, v := setup(t, captcha.HCaptcha, nil)
	for token, want := range map[string]captcha.State{
		"": captcha.Missing, " \t\n": captcha.Missing,
		strings.Repeat("x", 4097): captcha.Invalid, strings.Repeat("x", 1<<20): captcha.Invalid,
		"a b": captcha.Invalid, "a\x00b": captcha.Invalid, "驗證": captcha.Invalid, "a\xffb": captcha.Invalid,
	} {
		if r := v.Verify(t.Context(), token, visitor); r.State != want {
			t.Errorf("%.20q: %+v", token, r)
		}
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	if r := v.Verify(t.Context(), strings.Repeat("x", 4096), visitor); r.State != captcha.Invalid || len(srv.Requests()) != 1 {
		t.Errorf("the longest token: %+v", r)
	}
	if r := (*captcha.Verifier)(nil).Verify(t.Context(), "x", visitor); r != (captcha.Result{}) {
		t.Errorf("a nil verifier: %+v", r)
	}
}

func TestOurSecretIsWrong(t *testing.T) {
	for _, provider := range captcha.Providers() {
		srv, v := setup(t, provider, func(c *captcha.Config) { c.Secret = "another" })
		r := v.Verify(t.Context(), srv.Token(captchatest.Valid), visitor)
		if r.State != captcha.Down || r.Detail != "invalid-input-secret" {
			t.Errorf("%s: %+v", provider, r)
		}
	}
}

func TestHosts(t *testing.T) {
	for name, tt := range map[string]struct {
		hosts []string
		want  captcha.State
	}{
		"not checked": {nil, captcha.Valid},
		"capitals":    {[]string{"Shop.Example."}, captcha.Valid},
		"other":       {[]string{"www.shop.example"}, captcha.WrongHost},
		"its parent":  {[]string{"example"}, captcha.WrongHost},
	} {
		srv, v := setup(t, captcha.RecaptchaV2, func(c *captcha.Config) { c.Hosts = tt.hosts })
		if r := v.Verify(t.Context(), srv.Token(captchatest.Valid), visitor); r.State != tt.want {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestTimeout(t *testing.T) {
	srv, v := setup(t, captcha.Turnstile, func(c *captcha.Config) { c.Timeout = 30 * time.Millisecond })
	if r := v.Verify(t.Context(), srv.Token(captchatest.Hang), visitor); r.State != captcha.Down || r.Detail != "timed out" {
		t.Errorf("got %+v", r)
	}
}

func TestNobodyThere(t *testing.T) {
	srv, v := setup(t, captcha.Turnstile, nil)
	srv.Close()
	r := v.Verify(t.Context(), "0.x", visitor)
	if r.State != captcha.Down || r.Detail != "the connection failed" {
		t.Errorf("got %+v", r)
	}
}

// TestBreaker: five failures in a row, a minute of rest, one trial.
func TestBreaker(t *testing.T) {
	now := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	srv, v := setup(t, captcha.Turnstile, func(c *captcha.Config) { c.Now = func() time.Time { return now } })
	verify := func(c captchatest.Case, want captcha.State, requests int) {
		t.Helper()
		r := v.Verify(t.Context(), srv.Token(c), visitor)
		if n := len(srv.Requests()); r.State != want || n != requests {
			t.Fatalf("%s: %+v after %d requests, want %s after %d", c, r, n, want, requests)
		}
	}
	for i := range 4 {
		verify(captchatest.Error500, captcha.Down, i+1)
	}
	verify(captchatest.Invalid, captcha.Invalid, 5) // an answer: the count starts anew
	for i := range 5 {
		verify(captchatest.Error500, captcha.Down, i+6)
	}
	verify(captchatest.Valid, captcha.Down, 10)
	if r := v.Verify(t.Context(), "x", visitor); !strings.HasSuffix(r.Detail, ": status 500") {
		t.Errorf("the reason is not told: %+v", r)
	}
	if r := v.Verify(t.Context(), "", visitor); r.State != captcha.Missing {
		t.Errorf("without a token: %+v", r)
	}
	now = now.Add(time.Minute - 1)
	verify(captchatest.Valid, captcha.Down, 10)
	now = now.Add(1)
	verify(captchatest.Garbage, captcha.Down, 11) // the trial fails
	verify(captchatest.Valid, captcha.Down, 11)
	now = now.Add(time.Minute)
	verify(captchatest.Valid, captcha.Valid, 12)
	verify(captchatest.Valid, captcha.Valid, 13)
}

// TestOneTrial: while the trial is under way nobody else is let through.
func TestOneTrial(t *testing.T) {
	now := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	srv, v := setup(t, captcha.Turnstile, func(c *captcha.Config) {
		c.Now, c.Timeout = func() time.Time { return now }, time.Minute
	})
	for range 5 {
		v.Verify(t.Context(), srv.Token(captchatest.Error500), visitor)
		<-srv.Arrived()
	}
	now = now.Add(time.Minute)
	trial := make(chan captcha.Result)
	go func() { trial <- v.Verify(t.Context(), srv.Token(captchatest.Hang), visitor) }()
	<-srv.Arrived()
	if r := v.Verify(t.Context(), srv.Token(captchatest.Valid), visitor); r.State != captcha.Down {
		t.Errorf("beside the trial: %+v", r)
	}
	srv.Release()
	if r := <-trial; r.State != captcha.Valid {
		t.Errorf("the trial: %+v", r)
	}
	if r := v.Verify(t.Context(), srv.Token(captchatest.Valid), visitor); r.State != captcha.Valid {
		t.Errorf("after the trial: %+v", r)
	}
}

// TestCallerGivesUp: that says nothing of the provider, not even from the trial.
func TestCallerGivesUp(t *testing.T) {
	srv, v := setup(t, captcha.Turnstile, func(c *captcha.Config) { c.Timeout = time.Minute })
	for range 7 {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan captcha.Result)
		go func() { done <- v.Verify(ctx, srv.Token(captchatest.Hang), visitor) }()
		<-srv.Arrived()
		cancel()
		if r := <-done; r.State != captcha.Down || r.Detail != "given up" {
			t.Errorf("got %+v", r)
		}
	}
	if r := v.Verify(t.Context(), srv.Token(captchatest.Valid), visitor); r.State != captcha.Valid {
		t.Errorf("the breaker is open: %+v", r)
	}
}

func TestManyAtOnce(t *testing.T) {
	srv, v := setup(t, captcha.RecaptchaV3, nil)
	cases := []captchatest.Case{captchatest.Valid, captchatest.Error500, captchatest.Invalid, captchatest.LowScore}
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() { v.Verify(t.Context(), srv.Token(cases[i%len(cases)]), visitor) })
	}
	wg.Wait()
}

func TestNew(t *testing.T) {
	good := captcha.Config{Provider: captcha.Turnstile, Secret: secret}
	if _, err := captcha.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*captcha.Config){
		"no provider":      func(c *captcha.Config) { c.Provider = "" },
		"other provider":   func(c *captcha.Config) { c.Provider = "pow" },
		"no secret":        func(c *captcha.Config) { c.Secret = " \n" },
		"relative address": func(c *captcha.Config) { c.VerifyURL = "/siteverify" },
		"other scheme":     func(c *captcha.Config) { c.VerifyURL = "ftp://x/" },
		"user in address":  func(c *captcha.Config) { c.VerifyURL = "https://a:b@x/" },
		"broken address":   func(c *captcha.Config) { c.VerifyURL = "https://x/%zz" + secret },
		"score below":      func(c *captcha.Config) { c.MinScore = -0.1 },
		"score above":      func(c *captcha.Config) { c.MinScore = 1.1 },
		"empty host":       func(c *captcha.Config) { c.Hosts = []string{""} },
		"host with path":   func(c *captcha.Config) { c.Hosts = []string{"https://shop.example/"} },
	} {
		c := good
		change(&c)
		v, err := captcha.New(c)
		if v != nil || err == nil {
			t.Errorf("%s: made", name)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the secret shows in %v", name, err)
		}
	}
	shown, err := json.Marshal(good)
	if all := fmt.Sprintf("%v %+v %#v %s %v", good, good, good, shown, err); strings.Contains(all, secret) {
		t.Errorf("the secret shows in %s", all)
	}
}

func TestOwnClient(t *testing.T) {
	own := &http.Client{}
	srv, v := setup(t, captcha.Turnstile, func(c *captcha.Config) { c.Client = own })
	if r := v.Verify(t.Context(), srv.Token(captchatest.Redirect), visitor); r.Detail != "status 307" || len(srv.Requests()) != 1 {
		t.Errorf("got %+v after %d requests", r, len(srv.Requests()))
	}
	if own.CheckRedirect != nil {
		t.Error("the given client was changed")
	}
}

func TestPages(t *testing.T) {
	for provider, want := range map[string]struct{ field, script, origin string }{
		captcha.RecaptchaV2: {"g-recaptcha-response", "https://www.google.com/recaptcha/api.js", "https://www.google.com/recaptcha/"},
		captcha.RecaptchaV3: {"g-recaptcha-response", "https://www.google.com/recaptcha/api.js", "https://www.google.com/recaptcha/"},
		captcha.HCaptcha:    {"h-captcha-response", "https://js.hcaptcha.com/1/api.js", "https://*.hcaptcha.com"},
		captcha.Turnstile:   {"cf-turnstile-response", "https://challenges.cloudflare.com/turnstile/v0/api.js", "https://challenges.cloudflare.com"},
	} {
		p := captcha.PolicyOf(provider)
		if captcha.TokenField(provider) != want.field || p.ScriptURL != want.script ||
			!slices.Contains(p.Script, want.origin) || !slices.Contains(p.Frame, want.origin) {
			t.Errorf("%s: %q, %+v", provider, captcha.TokenField(provider), p)
		}
		captcha.ScriptOrigins(provider)[0] = "spoiled"
		if captcha.ScriptOrigins(provider)[0] == "spoiled" {
			t.Errorf("%s: the list is shared", provider)
		}
	}
	if captcha.TokenField("pow") != "" || captcha.ScriptOrigins("pow") != nil {
		t.Error("pow is taken for a provider")
	}
}
