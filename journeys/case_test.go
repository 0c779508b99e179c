package journeys

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// colleague is an agent who works over the API, with a token of his own.
func (s *shop) colleague(name, role string) (*shop, string) {
	s.t.Helper()
	email := fmt.Sprintf("%s%d@staff.example", role, len(name))
	r := s.call(http.MethodPost, "/api/collections/agents/records", map[string]any{
		"name": name, "role": role, "email": email, "password": password, "passwordConfirm": password, "verified": true,
	})
	guest := *s
	guest.token = ""
	auth := guest.call(http.MethodPost, "/api/collections/agents/auth-with-password", map[string]any{"identity": email, "password": password})
	guest.token, _ = auth["token"].(string)
	return &guest, r["id"].(string)
}

// value is a piece of the page as JSON.
func value[T any](t *testing.T, ctx context.Context, expression string) (v T) {
	t.Helper()
	raw := get(t, ctx, chromedp.Evaluate[string]("JSON.stringify("+expression+")"))
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatalf("%s: %q: %v", expression, raw, err)
	}
	return v
}

const text = `document.querySelector(".pd-compose-text")`

// An agent answers with a template by its shortcut, calls a colleague in a note,
// asks what is missing, and is warned before private data goes to an address that
// nobody has proven. Leaving the case and coming back loses nothing.
func TestAnswerByHand(t *testing.T) {
	byway(t)
	s := openShop(t)
	s.colleague("佐藤 美咲", "agent")
	id, _ := s.taken("mei@example.org", "Lid of the teapot", "The lid is cracked. May I send it back?")
	other, _ := s.taken("tom@example.org", "Opening hours", "Are you open on Sunday?")
	s.call(http.MethodPatch, "/api/collections/cases/records/"+id, map[string]any{"category": "product"})
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)

	// a slash in the middle of a text is a slash
	do(t, ctx,
		chromedp.SendKeys(".pd-compose-text", "and/"),
		until(text+`.value == "and/"`),
	)
	if n := value[int](t, ctx, `document.querySelectorAll(".pd-suggest").length`); n != 0 {
		t.Error("a slash within a word opens the templates")
	}
	do(t, ctx,
		until(`(() => { const a = `+text+`; a.value = ""; a.dispatchEvent(new InputEvent("input")); return true; })()`),
		chromedp.SendKeys(".pd-compose-text", "/prod"),
		until(`document.querySelector(".pd-suggest-item.is-active")?.textContent.includes("prod")`),
		until(`document.querySelector(".pd-suggest-aside .pd-text")?.textContent.includes("Mei Lin")`),
	)
	shot(t, ctx, "case-slash")
	do(t, ctx,
		chromedp.SendKeys(".pd-compose-text", "\r"),
		until(text+`.value.includes("Mei Lin") && !`+text+`.value.includes("/prod") && !document.querySelector(".pd-suggest")`),
	)

	// private data, in a text that staff typed
	do(t, ctx,
		until(`(() => { const a = `+text+`; a.value = "Your order YM2610-0291 goes to 12 Harbour Road. See the attached label."; a.dispatchEvent(new InputEvent("input")); a.focus(); return true; })()`),
		until(`document.querySelectorAll(".pd-concern.is-private .pd-found").length == 2`),
		chromedp.Click(".pd-compose button[type=submit]"),
		chromedp.WaitVisible(".pd-concern-ask"),
		words(".pd-concern.is-attachment", "attach"),
	)
	shot(t, ctx, "case-private")
	do(t, ctx,
		click(`document.querySelector(".pd-concern.is-private .pd-btn")`),
		until(text+`.value.startsWith("Your order … goes to … See")`),
	)

	// another case and back, and the page anew: the draft is there
	openCase(t, ctx, s, other)
	do(t, ctx, until(text+`.value == ""`), until(`!!document.querySelector('.pd-row[data-id="`+id+`"] .ri-draft-line')`))
	openCase(t, ctx, s, id)
	do(t, ctx, until(text+`.value.startsWith("Your order …")`), chromedp.Reload(), chromedp.WaitVisible(".pd-msg.is-in"), until(text+`.value.startsWith("Your order …")`))

	// a note that calls a colleague
	do(t, ctx,
		until(`(() => { const a = `+text+`; a.value = ""; a.dispatchEvent(new InputEvent("input")); return true; })()`),
		click(`document.querySelector(".pd-compose-tabs .ri-sticky-note-line").closest("button")`),
		chromedp.SendKeys(".pd-compose-text", "Please look @佐"),
		until(`document.querySelector(".pd-suggest-item.is-active")?.textContent.includes("佐藤 美咲")`),
		chromedp.SendKeys(".pd-compose-text", "\t"),
		until(text+`.value == "Please look @佐藤 美咲 "`),
		click(`document.querySelector(".pd-compose button[type=submit]")`),
		words(".pd-mention", "@佐藤 美咲"),
	)
	if n := len(s.items("/api/collections/notices/records?filter=" + url.QueryEscape(`kind = "mention"`))); n != 1 {
		t.Errorf("%d notices", n)
	}

	// what is still to be known, in one press
	do(t, ctx,
		click(`document.querySelector(".pd-compose-tabs .ri-reply-line").closest("button")`),
		click(`document.querySelector(".pd-checklist summary")`),
		click(`document.querySelector(".pd-checklist input")`), // not the first one
		click(`document.querySelector(".pd-checklist .pd-btn")`),
		until(text+`.value.includes("could you please let us know") || `+text+`.value.includes("Could you please let us know")`),
	)
	asked := value[string](t, ctx, text+".value")
	left := value[string](t, ctx, `document.querySelector(".pd-checklist li span").textContent`)
	if strings.Contains(asked, left) {
		t.Errorf("a question that was not ticked is asked: %s", asked)
	}
	shot(t, ctx, "case-checklist")
}

// Two people on one case: the second of two answers is shown the first, and a
// change that collides is shown before it is made again.
func TestTwoOnOneCase(t *testing.T) {
	byway(t)
	s := openShop(t)
	ann, _ := s.colleague("Ann", "supervisor")
	id, _ := s.taken("mei@example.org", "Lid of the teapot", "The lid is cracked. May I send it back?")
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)
	record := "/api/collections/cases/records/" + id
	// the screen hears nothing of what others do
	deaf := func(step ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		do(t, ctx, until(`(() => { Object.defineProperty(document, "hidden", { configurable: true, get: () => true }); return true; })()`))
		do(t, ctx, step...)
		do(t, ctx, until(`(() => { delete document.hidden; return true; })()`))
	}
	do(t, ctx, chromedp.SendKeys(".pd-compose-text", "Yes, please send it back to us."))
	version := ann.call(http.MethodGet, "/api/desk/cases/"+id, nil)["case"].(map[string]any)["version"]
	deaf(until(`true`))
	ann.call(http.MethodPatch, record, map[string]any{"priority": "urgent", "version": version})
	deaf(
		click(`document.querySelector('.pd-case-line [data-menu="priority"]')`),
		chromedp.WaitVisible(".pd-menu"),
		click(`[...document.querySelectorAll(".pd-menu .pd-item")].find((b) => b.textContent.includes("Low"))`),
		chromedp.WaitVisible(".pd-conflict"),
		words(".pd-conflict", "Ann: Priority: Normal → Urgent"),
	)
	shot(t, ctx, "case-conflict")
	do(t, ctx,
		click(`document.querySelector(".pd-conflict .pd-btn-primary")`),
		until(`!document.querySelector(".pd-conflict")`),
	)
	if got := s.call(http.MethodGet, record, nil)["priority"]; got != "low" {
		t.Errorf("priority %v", got)
	}

	deaf(until(`true`))
	ann.call(http.MethodPost, "/api/collections/messages/records", map[string]any{"case": id, "direction": "out", "channel": "email", "body": "We send you a new lid today."})
	deaf(
		click(`document.querySelector(".pd-compose button[type=submit]")`),
		words(".pd-answered", "Ann answered in the meantime"),
		words(".pd-answered", "We send you a new lid today."),
	)
	shot(t, ctx, "case-answered")
	do(t, ctx,
		click(`document.querySelector(".pd-answered .pd-btn")`),
		until(`!document.querySelector(".pd-answered") && `+text+`.value == "Yes, please send it back to us."`),
		words(".pd-msg.is-out .pd-text", "We send you a new lid today."),
		click(`document.querySelector(".pd-compose button[type=submit]")`), // now it is seen
		until(text+`.value == ""`),
	)
}

// What staff write goes to strangers now and then: what counts as private.
func TestPrivateDataIsFound(t *testing.T) {
	byway(t)
	s := openShop(t)
	ctx := browser(t, "en", 800, 600)
	signIn(t, ctx, s)
	do(t, ctx,
		until(`(import("/_/extensions/pocketdesk/desk/private.js").then((m) => window.pdFind = m.findPrivate), true)`),
		until(`!!window.pdFind`),
	)
	for text, want := range map[string]string{
		"您的訂單編號 YM2610-0291 已寄出":                                   "order:YM2610-0291",
		"订单号：20261122-7788，快递单号 SF1234567890123":                   "order:20261122-7788 order:SF1234567890123",
		"ご注文番号は A-1029384 です。":                                     "order:A-1029384",
		"お問い合わせ伝票番号：1234-5678-9012":                                "order:1234-5678-9012",
		"Your order #10293 and tracking number 1Z999AA10123456784": "order:10293 order:1Z999AA10123456784",
		"order it today, we have 12 in stock":                      "",
		"請撥 0912-345-678 或 02-2712-3456":                           "phone:0912-345-678 phone:02-2712-3456",
		"０９１２３４５６７８":                                               "phone:０９１２３４５６７８",
		"电话 138 1234 5678":                                         "phone:138 1234 5678",
		"お電話は 090-1234-5678、03-1234-5678 まで":                       "phone:090-1234-5678 phone:03-1234-5678",
		"Call +81 90 1234 5678 or (555) 123-4567":                  "phone:+81 90 1234 5678 phone:(555) 123-4567",
		"2026-11-22 10:30，共 1,290 元":                               "",
		"送到台北市信義區松仁路 100 號 5 樓":                                    "address:台北市信義區松仁路 100 號 5 樓",
		"寄往上海市浦东新区世纪大道88号1201室":                                    "address:上海市浦东新区世纪大道88号1201室",
		"〒150-0001 東京都渋谷区神宮前1丁目2-3":                                "address:〒150-0001 address:東京都渋谷区神宮前1丁目2-3",
		"We send it to 221B Baker Street tomorrow":                 "address:221B Baker Street",
		"我們在門市等您，路上小心，第 3 號櫃台":                                     "",
		"卡號 4111 1111 1111 1111":                                   "card:4111 1111 1111 1111",
		"1234 5678 9012 3456":                                      "",
		"退款到帳號 012-345678901234":                                   "bank:012-345678901234",
		"IBAN DE89 3704 0044 0532 0130 00":                         "bank:DE89 3704 0044 0532 0130 00",
		"会員番号：M-0042817":                                           "member:M-0042817",
		"您的會員編號是 8827341":                                          "member:8827341",
		"Your member number is 8827341":                            "member:8827341",
		"身分證 A123456789":                                           "identity:A123456789",
		"A123456780":                                               "",
		"write to tom@example.net":                                 "mail:tom@example.net",
		"謝謝您的耐心等候，我們會在 3 天內回覆。":                                    "",
	} {
		raw, _ := json.Marshal(text)
		got := value[string](t, ctx, fmt.Sprintf(`pdFind(%s).map((f) => f.kind + ":" + f.text).join(" ")`, raw))
		if got != want {
			t.Errorf("%s\n gives %q\n want  %q", text, got, want)
		}
	}
	// what the visitor said himself is no secret to him, in whatever form; nor is what a template says
	for expression, want := range map[string]int{
		`pdFind("0912-345-678", { known: ["my number is +886912345678"] }).length`:                        0,
		`pdFind("order YM2610-0291", { known: ["about ym2610 0291"] }).length`:                            0,
		`pdFind("order YM2610-0291", { known: ["about ym2610 0292"] }).length`:                            1,
		`pdFind("account 012-345678901234", { spare: ["Pay to account 012-345678901234."] }).length`:      0,
		`pdFind("x".repeat(50000) + " 0912-345-678").length`:                                              0, // only so far
		`pdFind("ab ".repeat(3) + "0912-345-678").map((f) => f.start + "-" + f.end)[0] == "9-21" ? 1 : 0`: 1,
	} {
		if got := value[int](t, ctx, expression); got != want {
			t.Errorf("%s gives %d", expression, got)
		}
	}
	// nothing in a hostile text keeps it busy
	slow := value[float64](t, ctx, `(() => { const at = performance.now(); for (const c of ["1", "1 ", "中", "市", "a@", "A1", "(", "0-", "路1"]) pdFind(c.repeat(10000)); return performance.now() - at; })()`)
	t.Logf("hostile texts: %.0f ms", slow)
	if slow > 5000 {
		t.Errorf("hostile texts took %.0f ms", slow)
	}
}
