package page

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// boxed is a captcha with a widget, whose script comes from this address.
func boxed(script string) Captcha {
	return Captcha{
		ScriptURL: script, Field: "cf-turnstile-response", SiteKey: `site"key`,
		Script: []string{"https://one.example"}, Frame: []string{"https://two.example"}, Style: []string{"https://three.example"}, Connect: []string{"https://four.example"},
	}
}

func TestCaptchaOnThePage(t *testing.T) {
	r := newRenderer(t)
	show := func(c Captcha) *httptest.ResponseRecorder {
		v := formView("ja")
		v.Captcha = c
		w := httptest.NewRecorder()
		if err := r.Form(w, v); err != nil {
			t.Fatal(err)
		}
		return w
	}
	w := show(boxed("https://one.example/api.js"))
	text := w.Body.String()
	for _, want := range []string{`<script src="https://one.example/api.js" defer></script>`, `/assets/captcha.js?v=`, `/assets/captcha.css?v=`,
		`<div id="captcha" class="cf-turnstile" data-api="turnstile" data-sitekey="site&#34;key" data-language="ja"></div>`} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	// the module must have run before the provider's script does
	if strings.Index(text, "captcha.js") > strings.Index(text, "api.js") || strings.Index(text, "form.js") > strings.Index(text, "api.js") {
		t.Error("the provider's script comes first")
	}
	for _, fault := range faults(parse(t, text)) {
		t.Error(fault)
	}
	got := w.Header().Get("Content-Security-Policy")
	want := "default-src 'none'; script-src 'self' https://one.example; style-src 'self' https://three.example; img-src 'self' data:; " +
		"connect-src 'self' https://four.example; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; frame-src https://two.example"
	if got != want {
		t.Errorf("policy\n%s, want\n%s", got, want)
	}
	if w.Header().Get("Referrer-Policy") != "strict-origin-when-cross-origin" {
		t.Errorf("referrer %q", w.Header().Get("Referrer-Policy"))
	}

	scored := boxed("https://one.example/api.js?render=x&hl=ja")
	scored.Field, scored.Score = "g-recaptcha-response", true
	text = show(scored).Body.String()
	if !strings.Contains(text, `<input type="hidden" id="captcha" name="g-recaptcha-response" data-api="grecaptcha" data-sitekey="site&#34;key">`) ||
		strings.Contains(text, `class="g-recaptcha"`) || !strings.Contains(text, `src="https://one.example/api.js?render=x&amp;hl=ja"`) {
		t.Error(text)
	}
	plain := show(Captcha{})
	if strings.Contains(plain.Body.String(), "captcha") || plain.Header().Get("Content-Security-Policy") != policy || plain.Header().Get("Referrer-Policy") != "same-origin" {
		t.Errorf("without a captcha: %v", plain.Header())
	}
	for field, want := range map[string][2]string{"g-recaptcha-response": {"g-recaptcha", "grecaptcha"}, "h-captcha-response": {"h-captcha", "hcaptcha"},
		"cf-turnstile-response": {"cf-turnstile", "turnstile"}} {
		if c := (Captcha{Field: field}); c.Class() != want[0] || c.API() != want[1] {
			t.Errorf("%s: %s, %s", field, c.Class(), c.API())
		}
	}
}

// stub is a provider's script: it fills the box, hands out numbered tokens, and counts resets.
const stub = `
let n = 0;
const box = document.getElementById("captcha"), field = document.createElement("input");
const next = () => (field.value = "token" + ++n);
window.stubSees = [box.dataset.theme, box.dataset.size].join();
field.name = "%s"; field.hidden = true;
if (box.type !== "hidden") { box.textContent = "I am human "; box.append(field); next(); }
window.%s = {
	reset: next,
	ready: (f) => f(),
	execute: (key, { action }) => Promise.resolve([key, action, ++n].join("/")),
};`

// provider serves a stub from another origin than the shop's.
func provider(t *testing.T, script string) string {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, script)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestCaptchaTokenIsSent(t *testing.T) {
	b := newBrowser(t)
	origin := provider(t, fmt.Sprintf(stub, "cf-turnstile-response", "turnstile"))
	s := newShop(t, func(v *FormView) {
		v.Captcha = Captcha{ScriptURL: origin + "/api.js", Field: "cf-turnstile-response", SiteKey: "k", Script: []string{origin}}
	})
	s.answers(400, `{"data":{"email":{"code":"email_invalid"}}}`)
	dark := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, dark); err != nil {
		t.Fatal(err)
	}
	small := emulation.SetDeviceMetricsOverrideParams{Width: 320, Height: 600, DeviceScaleFactor: 1}
	if _, err := chromedp.Call(b.ctx, emulation.SetDeviceMetricsOverride, small); err != nil {
		t.Fatal(err)
	}
	b.open(s.URL)
	b.until(`window.turnstile`)
	if got := b.get(`stubSees`); got != "dark,compact" {
		t.Errorf("the box is made for %q", got)
	}
	b.fill()
	b.submit()
	b.until(`document.activeElement.id === "errors"`)
	if body, _ := s.last(); body.Get("cf-turnstile-response") != "token1" || body.Get("pow") == "" {
		t.Errorf("sent %v", body)
	}
	s.answers(200, sent)
	b.submit()
	b.until(`document.querySelector("output")`)
	if body, _ := s.last(); body.Get("cf-turnstile-response") != "token2" {
		t.Errorf("after an error the spent token was sent again: %v", body)
	}
}

func TestCaptchaScoreIsAskedForWhenSending(t *testing.T) {
	b := newBrowser(t)
	origin := provider(t, fmt.Sprintf(stub, "x", "grecaptcha"))
	s := newShop(t, func(v *FormView) {
		v.Captcha = Captcha{ScriptURL: origin + "/api.js?render=k", Field: "g-recaptcha-response", SiteKey: "k", Score: true, Script: []string{origin}}
	})
	s.answers(503, `{}`)
	b.open(s.URL)
	b.until(`window.grecaptcha`)
	b.submit() // a blank form is not sent, so no token is asked for
	b.until(`document.activeElement.id === "errors"`)
	b.fill()
	b.submit()
	b.until(`document.getElementById("errors").innerText.includes("busy")`)
	if body, _ := s.last(); body.Get("g-recaptcha-response") != "k/feedback/1" {
		t.Errorf("sent %v", body)
	}
	s.answers(200, sent)
	b.submit()
	b.until(`document.querySelector("output")`)
	if body, _ := s.last(); body.Get("g-recaptcha-response") != "k/feedback/2" {
		t.Errorf("sent %v", body)
	}
}

// A network that walls the provider off must not cost a visitor his message.
func TestCaptchaThatIsBlocked(t *testing.T) {
	b := newBrowser(t)
	for name, score := range map[string]bool{"g-recaptcha-response": true, "h-captcha-response": false} {
		for _, allowed := range [][]string{nil, {"http://127.0.0.1:1"}} { // by our own policy, by the network
			s := newShop(t, func(v *FormView) {
				v.Captcha = Captcha{ScriptURL: "http://127.0.0.1:1/api.js", Field: name, SiteKey: "k", Score: score, Script: allowed}
			})
			s.answers(200, sent)
			b.open(s.URL)
			b.fill()
			b.submit()
			b.until(`document.querySelector("output")`)
			if body, n := s.last(); n != 1 || body.Get(name) != "" || body.Get("pow") == "" || body.Get("message") == "" {
				t.Errorf("%s: %d posts, %v", name, n, body)
			}
		}
	}
}

func TestScriptShowsWhatTheAnswerAsks(t *testing.T) {
	b, s := newBrowser(t), newShop(t, func(v *FormView) { v.Confirm = true })
	for answer, want := range map[string]string{
		`{"receipt":"R","answer_by":"","confirm_email":true}`:               "Please check your mail",
		`{"receipt":"R","answer_by":"2025-11-24T10:00:00Z"}`:                "We have your message",
		`{"receipt":"R","answer_by":"2025-11-24T10:00:00Z","confirm":true}`: "We have your message",
	} {
		s.answers(200, answer)
		b.open(s.URL)
		b.fill()
		b.submit()
		b.until(`document.querySelector("output")?.textContent === "R"`)
		if got := b.get(`document.querySelector("h1").textContent`); got != want {
			t.Errorf("%s: %q", answer, got)
		}
		if asked := strings.Contains(answer, "confirm_email"); b.get(`document.querySelectorAll("main time").length`) != map[bool]string{true: "0", false: "1"}[asked] {
			t.Errorf("%s: a time is shown, or none", answer)
		}
	}
}

// The page says how a message came into its field, unless it stood there before.
func TestScriptCountsKeysAndPastes(t *testing.T) {
	b, s := newBrowser(t), newShop(t, func(*FormView) {})
	s.answers(503, `{}`)
	sends := func(want string) {
		t.Helper()
		_, before := s.last()
		b.submit()
		b.until(`document.getElementById("errors").innerText.includes("busy")`)
		if body, n := s.last(); n != before+1 || body.Get("input") != want || body.Has("input") != (want != "") {
			t.Errorf("%d posts, input %q, want %q", n-before, body["input"], want)
		}
	}
	b.open(s.URL)
	b.fill() // "One\nTwo" in the message
	sends("7,0")
	b.get(`message.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste", bubbles: true }))`)
	b.get(`message.dispatchEvent(new InputEvent("input", { inputType: "insertCompositionText", bubbles: true }))`)
	sends("8,1")
	b.open(s.URL) // the draft comes back
	b.until(`message.value`)
	b.do(chromedp.SendKeys("#message", "!"), chromedp.Click("#consent"))
	sends("")
}
