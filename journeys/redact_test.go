package journeys

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A card number in a visitor's words, and a note in the wrong case, are taken out of
// the record: the number by selecting it on the page, the note as a whole.
func TestTakenOutOfTheRecord(t *testing.T) {
	byway(t)
	s := openShop(t)
	id, _ := s.taken("mei@example.org", "Paid twice", "My card 4111 1111 1111 1111 was charged twice.")
	s.call(http.MethodPost, "/api/collections/messages/records", map[string]any{"case": id, "direction": "note", "body": "Lives alone, dog barks"})
	ctx := browser(t, "en", 390, 844)
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)
	opens := func(of string) {
		t.Helper()
		do(t, ctx,
			click(`document.querySelector("`+of+` .pd-btn-msgmore")`),
			click(`document.querySelector(".pd-menu .ri-eraser-line")?.closest("button")`),
			chromedp.WaitVisible(".pd-redact .pd-btn-danger"),
		)
	}
	const field, remove = `document.querySelector(".pd-redact textarea")`, `document.querySelector(".pd-redact .pd-dialog-foot .pd-btn-danger:not(:disabled)")`
	do(t, ctx, until(`(() => {
		const walk = document.createTreeWalker(document.querySelector(".pd-msg.is-in .pd-text"), NodeFilter.SHOW_TEXT);
		for (let n; n = walk.nextNode();) {
			const at = n.data.indexOf("4111");
			if (at >= 0) return getSelection().setBaseAndExtent(n, at, n, at + 19), true;
		}
	})()`))
	opens(".pd-msg.is-in")
	if v := get(t, ctx, chromedp.Evaluate[string](field+`.value`)); v != "4111 1111 1111 1111" {
		t.Errorf("the dialog begins with %q", v)
	}
	do(t, ctx,
		until(`(() => { const f = `+field+`; f.value = "9999"; f.dispatchEvent(new InputEvent("input", {bubbles: true})); return true; })()`),
		until(`!!document.querySelector(".pd-redact .pd-dialog-foot .pd-btn-danger:disabled")`), // these words don't stand there
		until(`(() => { const p = document.querySelector(".pd-redact-text p:last-child").firstChild, at = p.data.indexOf("4111"); getSelection().setBaseAndExtent(p, at, p, at + 19); return `+field+`.value.startsWith("4111"); })()`),
	)
	shot(t, ctx, "redact-phone")
	do(t, ctx,
		click(remove),
		until(`!document.querySelector(".pd-redact") && document.querySelector(".pd-msg.is-in .pd-text").textContent.includes("My card █████ was")`),
	)
	opens(".pd-msg.is-note")
	do(t, ctx,
		click(`document.querySelector(".pd-redact .pd-segment:last-child")`),
		click(remove),
		until(`!document.querySelector(".pd-redact") && document.querySelector(".pd-msg.is-note .pd-text").textContent == "█████"`),
	)
	for _, m := range s.call(http.MethodGet, "/api/desk/cases/"+id, nil)["messages"].([]any) {
		if body := m.(map[string]any)["body"].(string); strings.Contains(body, "4111") || strings.Contains(body, "dog") {
			t.Errorf("the record keeps %q", body)
		}
	}
}

// Who takes a case himself is not told to have given it to himself; what was taken
// out is told without its words.
func TestHistoryInPlainWords(t *testing.T) {
	byway(t)
	s := openShop(t)
	id, _ := s.taken("mei@example.org", "Lid", "The lid is cracked.")
	messages := s.call(http.MethodGet, "/api/desk/cases/"+id, nil)["messages"].([]any)
	s.call(http.MethodPost, "/api/desk/messages/"+messages[0].(map[string]any)["id"].(string)+"/redact", map[string]any{"text": "cracked"})
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)
	do(t, ctx,
		words(".pd-change", "took the case"),
		happened("took the case"),
		happened("removed words of a message for good"),
	)
	shot(t, ctx, "history")
}
