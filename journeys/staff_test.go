package journeys

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// firstLook is how many bytes of our own JavaScript the queue and the first case
// may take until its messages can be read, as they are before compression, in one
// language; wholeLook is what has been loaded once the screen came to rest, with
// the facts at the side.
const (
	firstLook = 120_000
	wholeLook = 150_000
	most      = 60 // modules until the messages can be read
)

// deskFor opens the Desk for agents and counts what its rules had to stop.
func deskFor(t *testing.T, ctx context.Context, s *shop, hash string) {
	t.Helper()
	do(t, ctx,
		chromedp.Navigate(s.url+"/desk/"+hash),
		chromedp.WaitVisible(".signin-box, .pd-desk"),
		chromedp.Evaluate[chromedp.Void](`globalThis.stopped ??= []; addEventListener("securitypolicyviolation", (e) => stopped.push(e.violatedDirective + " " + e.blockedURI + " " + e.sourceFile + ":" + e.lineNumber))`),
	)
}

// nothingStopped fails where the page tried what its rules forbid.
func nothingStopped(t *testing.T, ctx context.Context, where string) {
	t.Helper()
	if found := value[[]string](t, ctx, `globalThis.stopped || []`); len(found) > 0 {
		t.Errorf("%s: the rules of the page stopped %v", where, found)
	}
}

func typePassword(email, secret string) []chromedp.Action[chromedp.Void] {
	return []chromedp.Action[chromedp.Void]{
		chromedp.WaitVisible("input[name=identity]"),
		chromedp.SetValue("input[name=identity]", email),
		chromedp.SetValue("input[name=password]", secret),
		chromedp.Click(".signin-form button[type=submit]"),
	}
}

// teamShop is a shop with a team, an agent of it and a case of it.
func teamShop(t *testing.T) (s *shop, email, caseID, elsewhere string) {
	t.Helper()
	s = openShop(t)
	team := s.call(http.MethodPost, "/api/collections/teams/records", map[string]any{"name": "客服組"})["id"].(string)
	elsewhere = s.call(http.MethodPost, "/api/collections/teams/records", map[string]any{"name": "業務組"})["id"].(string)
	s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
		"name": "王小明", "email": "ming@example.org", "category": "product", "locale": "zh-TW", "message": "請問這款茶壺有現貨嗎？",
	})
	row := s.call(http.MethodGet, "/api/desk/cases?queue=open", nil)["items"].([]any)[0].(map[string]any)
	caseID = row["id"].(string)
	s.call(http.MethodPatch, "/api/collections/cases/records/"+caseID, map[string]any{"team": team, "version": row["version"]})
	email = "lin@staff.example"
	s.call(http.MethodPost, "/api/collections/agents/records", map[string]any{
		"name": "林佳蓉", "role": "agent", "team": team, "email": email, "password": password, "passwordConfirm": password, "verified": true,
	})
	return s, email, caseID, elsewhere
}

// An agent signs in with a password and a code that comes by mail, works a case,
// and it leaves the screen at once when it goes to another team.
func TestAgentAtTheDesk(t *testing.T) {
	s, email, caseID, elsewhere := teamShop(t)
	s.call(http.MethodPatch, "/api/collections/agents", map[string]any{"otp": map[string]any{"enabled": true, "duration": 180, "length": 8}, "mfa": map[string]any{"enabled": true, "duration": 600}})
	ctx := browser(t, "zh-TW", 1440, 900)
	deskFor(t, ctx, s, "#/desk/c/"+caseID)
	shot(t, ctx, "staff-signin")
	do(t, ctx, typePassword(email, "not this one")...)
	do(t, ctx, until(`document.querySelector(".signin-error")?.innerText.includes("不相符")`))
	do(t, ctx, typePassword(email, password)...)
	do(t, ctx, chromedp.WaitVisible("input[name=code]"))
	code := regexp.MustCompile(`\b\d{8}\b`).FindString(string(s.mailsTo(email, 1)[0].Raw))
	shot(t, ctx, "staff-code")
	wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, code) // as an input method may write it
	do(t, ctx,
		chromedp.SetValue("input[name=code]", wide),
		chromedp.Click(".signin-form button[type=submit]"),
		chromedp.WaitVisible(".pd-compose-text"), // the place that was asked for
		until(`document.querySelector(".pd-case h1").innerText.includes("茶壺")`),
	)
	if value[int](t, ctx, `document.querySelectorAll(".app-nav a").length`) != 1 {
		t.Error("an agent is offered settings")
	}
	// works on it
	do(t, ctx,
		chromedp.SetValue(`.pd-fact[data-fact="priority"] select`, "high"),
		chromedp.Evaluate[chromedp.Void](`document.querySelector('.pd-fact[data-fact="priority"] select').dispatchEvent(new Event("change", { bubbles: true }))`),
	)
	do(t, ctx, until(`document.querySelectorAll(".pd-row[data-id]").length == 1 && document.querySelector('.pd-case-line [data-menu="priority"]').innerText.includes("高")`))
	row := s.call(http.MethodGet, "/api/desk/cases/"+caseID, nil)["case"].(map[string]any)
	shot(t, ctx, "staff-case")
	nothingStopped(t, ctx, "case")
	boss, _ := s.colleagueOf("supervisor")
	boss.call(http.MethodPatch, "/api/collections/cases/records/"+caseID, map[string]any{"team": elsewhere, "version": row["version"]})
	do(t, ctx,
		until(`document.body.innerText.includes("其他小組") && !location.hash.includes("/desk/c/") && !document.querySelector(".pd-present-line")`),
		until(`!document.body.innerText.includes("茶壺") && document.querySelectorAll(".pd-row[data-id]").length == 0`),
	)
	shot(t, ctx, "staff-left")
	do(t, ctx,
		chromedp.Click(".app-header .pd-btn"),
		chromedp.Click(`.pd-pop [role="menuitem"]`),
		chromedp.WaitVisible(".signin-box"),
	)
	if kept := value[int](t, ctx, `[...Object.values(localStorage), ...Object.values(sessionStorage)].filter((v) => v.includes("token")).length`); kept != 0 {
		t.Error("a token stays after signing out")
	}
}

// colleagueOf is somebody with a role who works over the API, past the second step.
func (s *shop) colleagueOf(role string) (*shop, string) {
	s.t.Helper()
	r := s.call(http.MethodPost, "/api/collections/agents/records", map[string]any{
		"name": "Boss", "role": role, "email": role + "@staff.example", "password": password, "passwordConfirm": password, "verified": true,
	})
	auth := s.call(http.MethodPost, "/api/collections/agents/impersonate/"+r["id"].(string), map[string]any{"duration": 600})
	other := *s
	other.token, _ = auth["token"].(string)
	return &other, r["id"].(string)
}

// The Desk for agents keeps its own strict rules on every size, in light and
// dark, and shows an admin his settings.
func TestDeskForAgentsLooks(t *testing.T) {
	byway(t)
	s, email, caseID, _ := teamShop(t)
	id := s.call(http.MethodGet, "/api/collections/agents/records?filter=email%3D%22"+email+"%22", nil)["items"].([]any)[0].(map[string]any)["id"].(string)
	s.call(http.MethodPatch, "/api/collections/agents/records/"+id, map[string]any{"role": "admin"})
	for _, l := range []look{{width: 1440, height: 900, scheme: "dark", language: "ja"}, {width: 390, height: 844, scheme: "light", language: "zh-TW"}} {
		ctx := browser(t, l.language, int(l.width), int(l.height))
		setLook(t, ctx, l)
		deskFor(t, ctx, s, "")
		do(t, ctx, typePassword(email, password)...)
		do(t, ctx, chromedp.WaitVisible(".pd-row[data-id]"))
		nothingStopped(t, ctx, "queue")
		for _, place := range []string{"#/desk?queue=open", "#/desk/c/" + caseID, "#/settings/desk", "#/settings/desk/templates", "#/desk?queue=screening"} {
			do(t, ctx, chromedp.Evaluate[chromedp.Void](fmt.Sprintf("location.hash = %q", place)))
			settled(t, ctx, place)
			what := fmt.Sprintf("staff-%d-%s-%s", l.width, l.scheme, strings.NewReplacer("#/", "", "/", "-", "?", "-", "=", "-", caseID, "").Replace(place))
			shot(t, ctx, what)
			nothingStopped(t, ctx, what)
			if over := value[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); over > 1 {
				t.Errorf("%s is wider than the window by %d px", what, over)
			}
		}
	}
}

// What the queue and a case load stays within its bounds, in every language.
func TestDeskIsLight(t *testing.T) {
	byway(t)
	s, email, _, _ := teamShop(t)
	for _, language := range []string{"en", "zh-TW", "ja"} {
		ctx := browser(t, language, 1440, 900)
		deskFor(t, ctx, s, "")
		do(t, ctx, typePassword(email, password)...)
		do(t, ctx, chromedp.WaitVisible(".pd-row[data-id]"))
		deskFor(t, ctx, s, "") // signed in: what every morning loads
		do(t, ctx,
			chromedp.Evaluate[chromedp.Void](`location.reload()`),
			chromedp.WaitVisible(".pd-row[data-id]"),
			// the moment at which there is something to read
			chromedp.Evaluate[chromedp.Void](`new MutationObserver(() => document.querySelector(".pd-msg .pd-text") && (globalThis.readable ??= performance.now())).observe(document.body, { childList: true, subtree: true })`),
			chromedp.Click(".pd-row[data-id]"),
			chromedp.WaitVisible(".pd-msg"),
			chromedp.WaitVisible(".pd-compose-text"),
			until(`globalThis.readable && !document.querySelector(".pd-skeletons") && performance.now() - Math.max(...performance.getEntriesByType("resource").map((r) => r.responseEnd)) > 700`),
		)
		const ours = `(async () => {
			const first = new Map();
			for (const r of performance.getEntriesByType("resource")) if (/pocketdesk\/.*\.js/.test(r.name) && !(first.get(r.name) <= r.startTime)) first.set(r.name, r.startTime);
			return Promise.all([...first].map(async ([n, at]) => ({ n: n.split("pocketdesk/")[1], early: at <= readable, b: (await (await fetch(n)).arrayBuffer()).byteLength })));
		})()`
		raw, err := chromedp.Run(ctx, chromedp.Evaluate[string](ours+`.then((all) => JSON.stringify(all.sort((a, b) => b.b - a.b)))`, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		var modules []struct {
			N     string
			Early bool
			B     int
		}
		if err := json.Unmarshal([]byte(raw), &modules); err != nil {
			t.Fatal(err)
		}
		early, all, n, list := 0, 0, 0, ""
		for _, m := range modules {
			all += m.B
			if m.Early {
				early += m.B
				n++
			}
			list += fmt.Sprintln(m.B, m.Early, m.N)
		}
		t.Logf("%s: %d bytes in %d modules until the messages can be read; %d in %d once it is at rest", language, early, n, all, len(modules))
		if early > firstLook || early < firstLook/4 || all > wholeLook || n > most {
			t.Errorf("%s: %d are allowed until the messages can be read, and %d at rest:\n%s", language, firstLook, wholeLook, list)
		}
		if language == "en" && os.Getenv("POCKETDESK_WEIGHTS") != "" {
			t.Log("\n" + list)
		}
	}
}
