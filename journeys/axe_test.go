package journeys

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// How screens are looked at: width, light or dark, language.
type look struct {
	width, height int64
	scheme        string
	language      string
}

var looks = []look{
	{1440, 900, "light", "en"},
	{1440, 900, "dark", "ja"},
	{1024, 768, "dark", "zh-TW"},
	{390, 844, "light", "ja"},
	{390, 844, "dark", "zh-TW"},
}

func (l look) String() string { return fmt.Sprintf("%d %s %s", l.width, l.scheme, l.language) }

// Every screen of the Desk passes axe-core's rules for WCAG 2.2 AA without a
// serious finding, and none is wider than its window. POCKETDESK_AXE names
// axe.min.js; without it this is skipped, unless POCKETDESK_BROWSER=required.
func TestScreensAreAccessible(t *testing.T) {
	axe := axeSource(t)
	s := openShop(t)
	places := busyShop(s)
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	for _, l := range looks {
		setLook(t, ctx, l)
		s.call(http.MethodPatch, "/api/collections/agents/records/"+s.agent(), map[string]any{"locale": l.language})
		do(t, ctx, chromedp.Navigate("about:blank"))
		for i, place := range places {
			if i == 0 { // the Desk learns its language when it starts
				do(t, ctx, chromedp.Navigate(s.url+"/_/"+place))
			} else {
				do(t, ctx, chromedp.Evaluate[chromedp.Void](fmt.Sprintf("location.hash = %q", place)))
			}
			settled(t, ctx, place)
			inspect(t, ctx, axe, fmt.Sprintf("%s at %s", place, l), ".pd")
			if strings.HasPrefix(place, "#/desk/c/") {
				for _, p := range panels {
					inspectPanel(t, ctx, axe, p, l)
				}
			}
		}
	}
}

// panels are what opens above a case: by a key, or by a click on something that
// may not be there at every width.
var panels = []struct{ name, key, click string }{
	{name: "keys", key: "?"},
	{name: "command bar", key: "Ctrl-k"},
	{name: "assign", key: "a"},
	{name: "tags", key: "t"},
	{name: "status", key: "s"},
	{name: "remind", key: "h"},
	{name: "macros", key: "m"},
	{name: "templates", click: ".pd-compose .ri-file-text-line"},
	{name: "notices", click: ".pd-bell"},
	{name: "a view", click: ".pd-queue-head .ri-add-line"},
}

const open = `dialog[open], :popover-open`

func inspectPanel(t *testing.T, ctx context.Context, axe string, p struct{ name, key, click string }, l look) {
	t.Helper()
	act := fmt.Sprintf(`[...document.querySelectorAll(%q)].find((e) => e.checkVisibility())?.click()`, p.click)
	if p.key != "" {
		key, ctrl := strings.CutPrefix(p.key, "Ctrl-")
		act = fmt.Sprintf(`document.activeElement?.blur(); document.body.dispatchEvent(new KeyboardEvent("keydown", { key: %q, ctrlKey: %t, bubbles: true, cancelable: true }))`, key, ctrl)
	} else if there, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) => e.checkVisibility())`, p.click))); err != nil || !there {
		return
	}
	do(t, ctx, chromedp.Evaluate[chromedp.Void](act))
	if err := chromedp.Do(ctx, until(`[...document.querySelectorAll("`+open+`")].some((e) => e.innerText.trim() && !e.querySelector(".pd-skeletons"))`)); err != nil {
		shot(t, ctx, "failed-"+t.Name())
		t.Fatalf("%s at %s does not open: %v", p.name, l, err)
	}
	inspect(t, ctx, axe, fmt.Sprintf("%s at %s", p.name, l), open)
	do(t, ctx,
		chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("dialog[open]").forEach((e) => e.close()); document.querySelectorAll(":popover-open").forEach((e) => e.hidePopover())`),
		until(`!document.querySelector("`+open+`")`),
	)
}

func axeSource(t *testing.T) string {
	t.Helper()
	path := os.Getenv("POCKETDESK_AXE")
	if path == "" {
		if os.Getenv("POCKETDESK_BROWSER") == "required" {
			t.Fatal("POCKETDESK_AXE must name axe.min.js, since POCKETDESK_BROWSER=required asks for all checks")
		}
		t.Skip("POCKETDESK_AXE does not name axe.min.js")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// agent is the id of the superuser's own record.
func (s *shop) agent() string {
	s.t.Helper()
	me := s.call(http.MethodPost, "/api/desk/me", map[string]any{})
	id, _ := me["agent"].(map[string]any)["id"].(string)
	return id
}

// busyShop fills a shop with what the screens show, and lists them.
func busyShop(s *shop) []string {
	s.t.Helper()
	for _, m := range []map[string]any{
		{"name": "王小明", "email": "ming@example.org", "category": "product", "locale": "zh-TW", "message": "請問這款茶壺有現貨嗎？想訂兩個送禮，訂單 A-2041。"},
		{"name": "山田 花子", "email": "hanako@example.jp", "category": "order", "locale": "ja", "message": "昨日注文した急須がまだ届きません。配送状況を教えてください。"},
		{"name": "Anna Berg", "email": "anna@example.org", "locale": "en", "message": "Is the blue kettle safe for induction? https://example.org/kettle"},
		{"name": "Anna Berg", "email": "anna@example.org", "locale": "en", "message": "One more question: do you gift-wrap?"},
		{"name": "Seo Team", "email": "seo@bulk.example", "locale": "en", "website": "https://bot.example", "message": "We put your shop on page one of every search engine. Reply for a quote."},
	} {
		s.call(http.MethodPost, "/api/collections/feedback/records", m)
	}
	cases := s.call(http.MethodGet, "/api/desk/cases?queue=open", nil)["items"].([]any)
	var first string
	for _, c := range cases {
		row := c.(map[string]any)
		id := row["id"].(string)
		if row["locale"] == "zh-TW" {
			first = id
			s.call(http.MethodPost, "/api/collections/messages/records", map[string]any{"case": id, "direction": "note", "channel": "email", "body": "庫存 3 個，已保留兩個。"})
			s.call(http.MethodPost, "/api/collections/messages/records", map[string]any{"case": id, "direction": "out", "channel": "email", "body": "您好，有現貨，三天內寄出。"})
		}
	}
	held := s.call(http.MethodGet, "/api/desk/quarantine", nil)["items"].([]any)
	if first == "" || len(held) == 0 {
		s.t.Fatalf("the shop has %d cases and %d held messages", len(cases), len(held))
	}
	places := []string{
		"#/desk?queue=open", "#/desk/c/" + first + "?queue=open", "#/desk?queue=done",
		"#/desk/v/" + held[0].(map[string]any)["id"].(string) + "?queue=quarantine",
		"#/desk?queue=outbox", "#/desk?queue=screening", "#/desk?queue=promises", "#/settings/desk",
	}
	for _, name := range []string{
		"mail", "mailboxes", "incoming", "sms", "checkup", "templates", "categories", "keywords", "screening", "blockrules", "macros", "lookup", "rules", "people",
	} {
		places = append(places, "#/settings/desk/"+name)
	}
	return places
}

func setLook(t *testing.T, ctx context.Context, l look) {
	t.Helper()
	do(t, ctx, chromedp.EmulateViewport(l.width, l.height))
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}
	do(t, ctx, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		return chromedp.Void{}, err
	})
}

// settled waits until a screen shows what it has to show.
func settled(t *testing.T, ctx context.Context, place string) {
	t.Helper()
	ready := `document.querySelector(".pd") && ![...document.querySelectorAll(".pd-skeletons")].some((e) => e.checkVisibility()) && document.querySelector(".pd").innerText.trim() != ""`
	if strings.HasPrefix(place, "#/desk/") {
		ready += ` && document.querySelector(".pd-view-pane").innerText.trim() != ""`
	}
	if err := chromedp.Do(ctx, until(ready)); err != nil {
		shot(t, ctx, "failed-"+t.Name())
		t.Fatalf("%s does not come to rest: %v", place, err)
	}
}

// inspect reports what axe-core calls serious, and what is wider than the window.
func inspect(t *testing.T, ctx context.Context, axe, what, part string) {
	t.Helper()
	ask := fmt.Sprintf(`(async () => {
		const r = await axe.run(document.querySelectorAll(%q), { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
		const found = r.violations.filter((v) => v.impact == "serious" || v.impact == "critical")
			.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + (n.any[0]?.message || n.all[0]?.message || n.none[0]?.message || "")).join(" | "));
		const wide = document.documentElement.scrollWidth - innerWidth;
		if (wide > 1) found.push("wider than the window by " + wide + " px");
		return JSON.stringify(found);
	})()`, part)
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`globalThis.axe ? undefined : (()=>{`+axe+`})()`))
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[string](ask, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	var found []string
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("%s: %s", what, f)
	}
	if len(found) > 0 {
		shot(t, ctx, "axe-"+strings.NewReplacer("/", "-", "#", "", "?", "-").Replace(what))
	}
}
