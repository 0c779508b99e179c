package journeys

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// late is a template in three languages that needs the visitor's name.
func (s *shop) late() {
	for locale, body := range map[string]string{
		"en": "Dear {{ contact.name }}, the ferry is late.", "zh-TW": "{{ contact.name }} 您好，船班延誤了。", "ja": "{{ contact.name }} 様、船便が遅れております。",
	} {
		s.call(http.MethodPost, "/api/collections/templates/records", map[string]any{
			"key": "ferry", "locale": locale, "kind": "reply", "shortcut": "ferry", "subject": "Ferry", "body": body, "enabled": true,
		})
	}
}

// ferry are n people who wait for the same ferry; the fourth has left a phone number only.
func (s *shop) ferry(n int) {
	for _, v := range []map[string]any{
		{"name": "Anna Berg", "email": "anna@example.org", "locale": "en", "message": "Where is my teapot?"},
		{"name": "王小明", "email": "ming@example.org", "locale": "zh-TW", "message": "請問茶壺到哪裡了？"},
		{"name": "山田花子", "email": "hana@example.org", "locale": "ja", "message": "急須はまだでしょうか。"},
		{"name": "陳阿姨", "phone": "0912-345-678", "locale": "zh-TW", "message": "我的茶杯還沒到。"},
	}[:n] {
		s.call(http.MethodPost, "/api/collections/feedback/records", v)
	}
}

// answers are the texts that staff wrote on open cases.
func (s *shop) answers() (list []string) {
	s.t.Helper()
	for _, c := range s.items("/api/desk/cases?queue=all") {
		for _, m := range s.messages(c["id"].(string)) {
			if m["direction"] == "out" && m["author"] != "" {
				list = append(list, m["body"].(string))
			}
		}
	}
	slices.Sort(list)
	return list
}

func key(keys string) chromedp.Action[chromedp.Void] { return chromedp.KeyEvent(keys) }

func withCtrl(keys string) chromedp.Action[chromedp.Void] {
	return chromedp.KeyEvent(keys, chromedp.KeyModifiers(chromedp.ModifierCtrl))
}

func ticked(n int) chromedp.Action[chromedp.Void] {
	return until(fmt.Sprintf(`document.querySelectorAll(".pd-row-mark input:checked").length == %d`, n))
}

// turnTo leafs through the letters until one says something.
func turnTo(words string) chromedp.Action[chromedp.Void] {
	return until(fmt.Sprintf(`document.querySelector(".pd-letter-shown")?.textContent.includes(%q) || (document.querySelector(".pd-letters-head .ri-arrow-right-s-line")?.closest("button").click(), false)`, words))
}

// Four people wait for one ferry. They are answered together, each by name and in
// the own language; whoever left no address is listed, and one key takes all of
// it back before it leaves.
func TestManyAreAnswered(t *testing.T) {
	byway(t)
	s := openShop(t)
	s.late()
	s.ferry(4)
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/desk?queue=open"),
		until(`document.querySelectorAll(".pd-row[data-id]").length == 4`),
		key("j"), key("x"), ticked(1),
		withCtrl("a"), ticked(4),
		chromedp.WaitVisible(".pd-many-acts"),
		key("r"),
		chromedp.WaitVisible(".pd-answer input[type=search]"),
		until(`document.querySelector(".pd-answer .pd-picker-item")`),
		key("ferry"),
		until(`document.querySelectorAll(".pd-answer .pd-picker-item").length == 1`),
		key("\r"),
		words(".pd-letters-failed", "no mail address"),
		turnTo("Dear Anna Berg, the ferry is late."),
		turnTo("王小明 您好，船班延誤了。"),
	)
	shot(t, ctx, "many-answer")
	if n := len(s.answers()); n != 0 {
		t.Fatalf("a preview wrote %d answers", n)
	}
	do(t, ctx,
		words(".pd-dialog-foot button", "Send 3 answers"),
		click(`document.querySelector(".pd-dialog-foot .pd-btn-primary:enabled")`),
		said("3 cases"),
		words(".pd-many-failed", "no mail address"),
	)
	shot(t, ctx, "many-answered")
	want := []string{"Dear Anna Berg, the ferry is late.", "山田花子 様、船便が遅れております。", "王小明 您好，船班延誤了。"}
	if got := s.answers(); !slices.Equal(got, want) {
		t.Errorf("answers: %q", got)
	}
	do(t, ctx, key("z"), said("Taken back on 3 cases"))
	if got := s.answers(); len(got) != 0 {
		t.Errorf("left after the undo: %q", got)
	}
	do(t, ctx, click(`[...document.querySelectorAll(".pd-many-failed button")].find((b) => b.textContent == "Select these")`), ticked(1))
}

// A day without the mouse: a macro says what it does before it runs, the command
// bar understands three languages, and while an input method composes no key
// does anything.
func TestKeyboardAlone(t *testing.T) {
	s := openShop(t)
	s.late()
	s.ferry(3)
	s.call(http.MethodPost, "/api/collections/macros/records", map[string]any{"name": "Ferry is late", "actions": []any{
		map[string]any{"do": "assign", "value": "me"}, map[string]any{"do": "add_tags", "value": []string{"ferry"}},
		map[string]any{"do": "answer", "value": map[string]any{"template": "ferry", "status": "pending"}},
	}})
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	row := s.items("/api/desk/cases?queue=open")[0]
	first, name := row["id"].(string), row["contact"].(map[string]any)["name"].(string)
	fact := func(field string) string {
		return fmt.Sprint(s.call(http.MethodGet, "/api/desk/cases/"+first, nil)["case"].(map[string]any)[field])
	}
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/desk?queue=open"),
		until(`document.querySelectorAll(".pd-row[data-id]").length == 3`),
		key("j"), key("\r"), chromedp.WaitVisible(".pd-compose-text"),
		key("m"),
		chromedp.WaitVisible(".pd-macro-acts"),
		words(".pd-macro-acts li", "Add tags #ferry"),
		words(".pd-letter-shown", name),
		words(".pd-dialog-foot button", "Run on 1 case"),
	)
	shot(t, ctx, "macro")
	do(t, ctx, key("\r"), said("Ferry is late"))
	if fact("status") != "pending" || fact("tags") != "[ferry]" || len(s.answers()) != 1 {
		t.Errorf("after the macro: %s, %s, %q", fact("status"), fact("tags"), s.answers())
	}
	do(t, ctx, key("z"), said("Taken back"))
	if fact("status") != "new" || fact("tags") != "[]" || len(s.answers()) != 0 {
		t.Errorf("taken back: %s, %s, %q", fact("status"), fact("tags"), s.answers())
	}

	// in the English Desk, the Chinese word for "priority"
	do(t, ctx,
		withCtrl("k"), chromedp.WaitVisible(".pd-command-input"),
		chromedp.SendKeys(".pd-command-input", "優先"),
		words(".pd-command .is-at", "Priority"),
		key("\r"), words(".pd-command-crumbs", "Priority"),
	)
	shot(t, ctx, "command")
	do(t, ctx,
		holdReloads, // the second change doesn't wait until the case was read again
		key("\b"), until(`document.querySelector(".pd-command-crumbs").textContent == ""`),
		chromedp.SendKeys(".pd-command-input", "優先"), words(".pd-command .is-at", "Priority"), key("\r"), words(".pd-command .is-at", "Urgent"), key("\r"), said("Priority: Urgent"),
		key("s"), chromedp.WaitVisible(".pd-pick input"), key("hold"), words(".pd-pick .is-at", "On hold"), key("\r"), said("On hold"),
		chromedp.Evaluate[chromedp.Void](`letGo()`),
	)
	if fact("priority") != "urgent" || fact("status") != "on_hold" {
		t.Errorf("by keys: %s, %s", fact("priority"), fact("status"))
	}

	composing := func(key string) string {
		return fmt.Sprintf(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: %q, isComposing: true, keyCode: 229, bubbles: true, cancelable: true}))`, key)
	}
	do(t, ctx, until("["+strings.Join([]string{composing("e"), composing("#"), composing("s"), composing("g"), composing("Process")}, ",")+"].every((x) => x)"))
	if fact("status") != "on_hold" || get(t, ctx, chromedp.Evaluate[string](`String(document.querySelectorAll(".pd-pop, .pd-goto, dialog").length)`)) != "0" {
		t.Errorf("composing: %s", fact("status"))
	}

	do(t, ctx,
		key("g"), words(".pd-goto", "Unassigned"), key("u"), until(`location.hash.includes("queue=unassigned")`),
		key("?"), chromedp.WaitVisible(".pd-keymap"), words(".pd-keymap dd", "Next: the most urgent case"),
	)
	shot(t, ctx, "keys")
	do(t, ctx,
		chromedp.Click(".pd-keymap .pd-check input"), key("\u001b"), until(`!document.querySelector("dialog")`),
		key("g"), key("m"), withCtrl("k"), chromedp.WaitVisible(".pd-command-input"),
		until(`location.hash.includes("queue=unassigned")`),
	)
}

// holdReloads keeps back what the page asks of single cases, until letGo is called.
var holdReloads = chromedp.Evaluate[chromedp.Void](`(() => {
	const real = fetch, held = [];
	globalThis.letGo = () => { globalThis.fetch = real; held.forEach((go) => go()); };
	globalThis.fetch = (u, o) => /\/desk\/cases\/\w{15}(\?|$)/.test(u.url || u) ? new Promise((go) => held.push(go)).then(() => real(u, o)) : real(u, o);
})()`)

// On a phone cases are ticked one by one; the bar lies at the bottom and nothing
// reaches over the edge.
func TestManyOnAPhone(t *testing.T) {
	byway(t)
	s := openShop(t)
	s.ferry(4)
	ctx := browser(t, "en", 390, 844)
	signIn(t, ctx, s)
	do(t, ctx,
		chromedp.EmulateViewport(390, 844),
		chromedp.Navigate(s.url+"/_/#/desk?queue=open"),
		until(`document.querySelectorAll(".pd-row[data-id]").length == 4`),
		click(`document.querySelector(".pd-many-start button")`),
		click(`document.querySelectorAll(".pd-row[data-id]")[0]`), ticked(1),
		click(`document.querySelectorAll(".pd-row[data-id]")[2]`), ticked(2),
		chromedp.WaitVisible(".pd-many-acts"),
		until(`Math.abs(document.querySelector(".pd-many").getBoundingClientRect().bottom - innerHeight) < 2`),
		until(`document.documentElement.scrollWidth <= innerWidth`),
	)
	shot(t, ctx, "many-phone")
	do(t, ctx,
		click(`[...document.querySelectorAll(".pd-many-acts button")].find((b) => b.textContent.startsWith("Resolve"))`),
		said("2 cases"),
		until(`document.querySelectorAll(".pd-row[data-id]").length == 2`),
	)
	if n := len(s.items("/api/desk/cases?queue=done")); n != 2 {
		t.Errorf("%d cases are done", n)
	}
}
