package journeys

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/oidctest"
)

// agentsOf counts the people that there are.
func (s *shop) agentsOf() int {
	s.t.Helper()
	return int(s.call(http.MethodGet, "/api/collections/agents/records", nil)["totalItems"].(float64))
}

// refusal waits until the page says something in its alert.
func refusal(text string) chromedp.Action[chromedp.Void] {
	return until(`document.querySelector(".signin-error")?.innerText.includes("` + text + `")`)
}

const account = ".signin-accounts .pd-btn"

// Somebody of the staff signs in with an account elsewhere; a stranger does not,
// and whatever goes wrong on the way is said in words, and can be tried again.
func TestSignInWithAnAccount(t *testing.T) {
	byway(t)
	s, email, _, _ := teamShop(t)
	p := oidctest.NewServer(t)
	s.call(http.MethodPatch, "/api/collections/agents", map[string]any{"oauth2": map[string]any{"enabled": true, "providers": []any{p.Provider()}}})
	people := s.agentsOf()
	ctx := browser(t, "en", 1440, 900)
	deskFor(t, ctx, s, "")
	do(t, ctx, chromedp.WaitVisible(account), until(`document.querySelector("`+account+`").innerText.includes("Acme ID")`))
	shot(t, ctx, "account-signin")

	// the window is closed before anybody has said anything
	p.Ask()
	do(t, ctx,
		chromedp.Click(account),
		until(`document.querySelector(".signin-accounts [role=status]")?.innerText.includes("Acme ID")`),
	)
	wait, cancel := context.WithTimeout(ctx, hangsStep)
	defer cancel()
	if err := p.WaitAsked(wait, 1); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`void window.open("", "pocketdesk-signin").close()`), refusal("No answer has come"))

	p.Refuse("access_denied")
	do(t, ctx, chromedp.Click(account), refusal("was given up there"))
	p.Refuse("temporarily_unavailable")
	do(t, ctx, chromedp.Click(account), refusal("could not say who you are"))
	p.Break(oidctest.Person{Sub: "1", Email: email, Verified: true})
	do(t, ctx, chromedp.Click(account), refusal("could not say who you are"))
	shot(t, ctx, "account-error")

	p.SignIn(oidctest.Person{Sub: "2", Email: "stranger@else.example", Verified: true, Name: "Stranger"})
	do(t, ctx, chromedp.Click(account), refusal("Nobody of the staff signs in with this account"))
	if n := s.agentsOf(); n != people {
		t.Errorf("a stranger became one of %d people", n)
	}
	// a browser that blocks windows
	do(t, ctx,
		chromedp.Evaluate[chromedp.Void](`(globalThis.opens = window.open, window.open = () => null, void 0)`),
		chromedp.Click(account), refusal("The browser blocked the window"),
		chromedp.Evaluate[chromedp.Void](`(window.open = globalThis.opens, void 0)`),
	)
	p.SignIn(oidctest.Person{Sub: "1", Email: email, Verified: true})
	do(t, ctx, chromedp.Click(account), chromedp.WaitVisible(".pd-row[data-id]"))
	nothingStopped(t, ctx, "signing in with an account")
	if f := p.Faults(); len(f) > 0 {
		t.Errorf("the provider had to refuse %v", f)
	}
	seen := value[string](t, ctx, `location.href + " " + performance.getEntriesByType("resource").map((r) => r.name).join(" ")`)
	if found := regexp.MustCompile(`[?&#](code|token|state|access_token|id_token)=`).FindString(seen); found != "" {
		t.Errorf("%s stands in an address of ours: %s", found, seen)
	}
}

// linkTo is the link of the n-th mail to somebody.
func (s *shop) linkTo(address string, n int) string {
	s.t.Helper()
	m, err := mail.ParseCaught(s.mailsTo(address, n)[n-1].Raw)
	if err != nil {
		s.t.Fatal(err)
	}
	link := regexp.MustCompile(regexp.QuoteMeta(s.url) + `/desk/#/\S+`).FindString(m.Text)
	if link == "" {
		s.t.Fatalf("no link in %s", m.Text)
	}
	return link
}

// Somebody who forgot the password chooses a new one by a link of a mail, once, and
// then proves himself by a code, too: a wrong one and too many of them are refused.
func TestForgottenPasswordAndCode(t *testing.T) {
	byway(t)
	s, email, _, _ := teamShop(t)
	s.call(http.MethodPatch, "/api/collections/agents", map[string]any{"otp": map[string]any{"enabled": true, "duration": 180, "length": 8}, "mfa": map[string]any{"enabled": true, "duration": 600}})
	ctx := browser(t, "ja", 390, 844)
	deskFor(t, ctx, s, "")
	do(t, ctx,
		chromedp.WaitVisible(".signin-row .pd-link"),
		chromedp.Click(".signin-row .pd-link"),
		chromedp.SetValue("input[name=mail]", email),
		chromedp.Click(".signin-form .pd-btn-primary"),
		until(`document.querySelector(".signin-said")?.innerText.includes("メールをご確認ください")`),
	)
	link := s.linkTo(email, 1)
	choose := func(secret string) {
		t.Helper()
		do(t, ctx,
			chromedp.Navigate(link), // from here it is the same page: only the part behind the # changes
			chromedp.WaitVisible("input[name=password][autocomplete=new-password]"),
			until(`document.querySelector("input[name=username]").value == "`+email+`" && !location.href.includes("password/")`),
			chromedp.SetValue("input[name=password]", secret),
			chromedp.Click(".signin-form .pd-btn-primary"),
		)
	}
	choose("short")
	do(t, ctx, refusal("8文字以上"))
	shot(t, ctx, "choose-password")
	choose("a brand new password")
	do(t, ctx, until(`document.querySelector(".signin-said")?.innerText.includes("パスワードを保存しました") && document.querySelector("input[name=identity]")?.value == "`+email+`"`))
	choose("yet another password")
	do(t, ctx, refusal("使用済み"))
	shot(t, ctx, "dead-link")
	do(t, ctx, chromedp.Click(".signin-form .pd-btn:last-child"))
	do(t, ctx, typePassword(email, "a brand new password")...)
	do(t, ctx, chromedp.WaitVisible("input[name=code]"))
	code := regexp.MustCompile(`\b\d{8}\b`).FindString(string(s.mailsTo(email, 2)[1].Raw))
	wrong := strings.Map(func(r rune) rune { return '0' + (r-'0'+1)%10 }, code)
	try := func(digits string) {
		t.Helper()
		do(t, ctx, chromedp.SetValue("input[name=code]", digits), chromedp.Click(".signin-form button[type=submit]"), until(`!document.querySelector(".signin-form button[type=submit]").disabled`))
	}
	try(wrong)
	do(t, ctx, refusal("認証コードが正しくないか"))
	for range 5 {
		try(wrong)
	}
	do(t, ctx, refusal("試行回数が多すぎます"))
	try(code)
	do(t, ctx, refusal("試行回数が多すぎます"))
	nothingStopped(t, ctx, "choosing a password")
}
