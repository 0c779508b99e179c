package journeys

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// comeIn signs one more superuser in, without typing.
func (s *shop) comeIn(ctx context.Context, email string) {
	s.t.Helper()
	s.call(http.MethodPost, "/api/collections/_superusers/records", map[string]any{"email": email, "password": password, "passwordConfirm": password})
	auth := s.call(http.MethodPost, "/api/collections/_superusers/auth-with-password", map[string]any{"identity": email, "password": password})
	raw, err := json.Marshal(map[string]any{"token": auth["token"], "record": auth["record"]})
	if err != nil {
		s.t.Fatal(err)
	}
	do(s.t, ctx,
		chromedp.Navigate(s.url+"/_/"),
		until(fmt.Sprintf(`(localStorage.setItem("__pb_superusers__/_", %q), true)`, raw)),
	)
}

// asks is a visitor's question that nobody has yet.
func (s *shop) asks(name, message string) {
	s.t.Helper()
	s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
		"name": name, "email": fmt.Sprintf("v%d@example.org", len(message)), "locale": "en", "message": message,
	})
}

func choose(selector, value string) chromedp.Action[chromedp.Void] {
	return until(fmt.Sprintf(`((s) => s && (s.value = %q, s.dispatchEvent(new Event("change", {bubbles: true})), true))(document.querySelector(%q))`, value, selector))
}

// A view is put together from conditions, counted while one writes, refused where it
// reaches too far, shared, and taken away and back.
func TestViewIsBuilt(t *testing.T) {
	byway(t)
	s := openShop(t)
	urgent, _ := s.taken("anna@example.org", "Wedding tomorrow", "The cups must be here tomorrow.")
	s.taken("tom@example.org", "Opening hours", "Are you open on Sunday?")
	s.call(http.MethodPatch, "/api/collections/cases/records/"+urgent, map[string]any{"priority": "urgent"})
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	const text = `document.querySelector(".pd-view-text textarea")`
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/desk?queue=open"),
		until(`document.querySelectorAll(".pd-case-row").length == 2`),
		click(`document.querySelector(".pd-queue-head .ri-add-line").closest("button")`),
		chromedp.WaitVisible(".pd-view-form .pd-rule"),
		until(`document.querySelector(".pd-view-count")?.textContent.startsWith("1 case")`),
		chromedp.SendKeys(`.pd-view-form input[type="text"], .pd-view-form .pd-input`, "On fire"),
		choose(".pd-rule select:nth-of-type(2)", "isnot"),
		until(`document.querySelector(".pd-view-found").textContent.includes("Opening hours")`),
		choose(".pd-rule select:nth-of-type(2)", "is"),
		click(`document.querySelector(".pd-view-text summary")`),
		until(text+`.value == 'priority = "urgent"'`),
		until(`((a) => (a.value = 'track_token != ""', a.dispatchEvent(new InputEvent("input")), true))(`+text+`)`),
		until(`document.querySelector(".pd-view-found").textContent.includes("track_token")`),
	)
	shot(t, ctx, "queue-view-refused")
	if !value[bool](t, ctx, `document.querySelector(".pd-view-form .pd-btn-primary").disabled`) {
		t.Error("a view that can't be used can be saved")
	}
	do(t, ctx,
		until(`((a) => (a.value = 'priority = "urgent" || subject ~ "nothing"', a.dispatchEvent(new InputEvent("input")), true))(`+text+`)`),
		click(`document.querySelector(".pd-view-text .ri-list-settings-line")?.closest("button")`),
		until(`document.querySelectorAll(".pd-rule").length == 2`),
		click(`document.querySelector(".pd-view-form .pd-check input")`),
		until(`!document.querySelector(".pd-view-form .pd-btn-primary").disabled`),
	)
	shot(t, ctx, "queue-view")
	do(t, ctx,
		click(`document.querySelector(".pd-view-form .pd-btn-primary")`),
		until(`!document.querySelector("dialog[open]") && location.hash.includes("view")`),
		until(`document.querySelectorAll(".pd-case-row").length == 1 && document.querySelector(".pd-list-title h2").textContent == "On fire"`),
		until(`document.querySelector(".pd-view-item .pd-count")?.textContent == "1"`),
	)
	shot(t, ctx, "queue-view-open")
	ann, _ := s.colleague("Ann", "agent")
	views := ann.call(http.MethodGet, "/api/desk/queues", nil)["views"].([]any)
	if len(views) != 1 || views[0].(map[string]any)["name"] != "On fire" || views[0].(map[string]any)["own"] == true {
		t.Errorf("a colleague has %v", views)
	}
	do(t, ctx,
		click(`document.querySelector(".pd-view-more")`),
		click(`[...document.querySelectorAll(".pd-item")].at(-1)`),
		until(`!document.querySelector(".pd-view-item") && location.hash.includes("queue=open")`),
		click(`document.querySelector(".pd-undo-box .ri-arrow-go-back-line")?.closest("button")`),
		until(`document.querySelector(".pd-view-item .pd-count")?.textContent == "1"`),
	)
}

// Two people at one case see each other; what one writes in is next for nobody
// else. What a visitor says is unread for each until he has opened it.
func TestTwoAtOneQueue(t *testing.T) {
	byway(t)
	s := openShop(t)
	s.asks("Anna Berg", "The lid of my teapot is cracked. May I send it back?")
	s.asks("Tom", "Are you open on Sunday?")
	first := s.items("/api/desk/cases?queue=open")[0]["id"].(string)
	second := s.items("/api/desk/cases?queue=open")[1]["id"].(string)
	wide, phone := browser(t, "en", 1440, 900), browser(t, "en", 390, 844)
	signIn(t, wide, s)
	do(t, phone, chromedp.EmulateViewport(390, 844))
	s.comeIn(phone, "ben@example.com")
	do(t, phone, chromedp.Navigate(s.url+"/_/#/desk?queue=open"), chromedp.Reload(), until(`document.querySelectorAll(".pd-case-row").length == 2`))
	if n := value[int](t, phone, `document.querySelectorAll(".pd-case-row.is-unread").length`); n != 0 {
		t.Errorf("the first day begins with %d unread cases", n)
	}
	do(t, wide,
		chromedp.Navigate(s.url+"/_/#/desk?queue=open"),
		until(`document.querySelectorAll(".pd-case-row").length == 2`),
		click(`document.querySelector(".pd-btn-next")`),
		until(`location.hash.includes("`+first+`")`),
		chromedp.WaitVisible(".pd-compose-text"),
	)
	do(t, phone,
		until(`!!document.querySelector('.pd-row[data-id="`+first+`"] .pd-faces')`),
		click(`document.querySelector('.pd-row[data-id="`+first+`"]')`),
		until(`document.querySelector(".pd-present")?.textContent.includes("is looking")`),
	)
	do(t, wide, chromedp.SendKeys(".pd-compose-text", "Dear"))
	do(t, phone, until(`document.querySelector(".pd-present")?.textContent.includes("is typing")`))
	shot(t, phone, "queue-typing-390")
	do(t, phone,
		click(`document.querySelector(".pd-btn-back")`),
		until(`!document.querySelector(".has-view")`),
		click(`document.querySelector(".pd-btn-next")`),
		until(`location.hash.includes("`+second+`")`),
		until(`!document.querySelector(".pd-present-line")`),
		click(`document.querySelector(".pd-btn-back")`),
	)
	do(t, wide, until(`!document.querySelector(".pd-present-line")`))

	// new words: bold for both, and read by one
	s.asks("山田花子", "茶碗はまだですか。")
	do(t, phone, until(`document.querySelectorAll(".pd-case-row.is-unread .pd-unread").length == 1`))
	do(t, wide, until(`document.querySelectorAll(".pd-case-row.is-unread .pd-unread").length == 1`))
	shot(t, phone, "queue-unread-390")
	do(t, phone,
		click(`document.querySelector(".pd-search .ri-mail-unread-line").closest("button")`),
		until(`document.querySelectorAll(".pd-case-row").length == 1`),
		click(`document.querySelector(".pd-case-row .pd-row")`),
		chromedp.WaitVisible(".pd-msg.is-in"),
		until(`!document.querySelector(".pd-case-row.is-unread")`),
		click(`document.querySelector(".pd-btn-back")`),
		click(`document.querySelector(".pd-filter-line button")`),
		until(`document.querySelectorAll(".pd-case-row").length == 3 && !document.querySelector(".is-unread")`),
	)
	if n := value[int](t, wide, `document.querySelectorAll(".pd-case-row.is-unread").length`); n != 1 {
		t.Errorf("what one has read is read for the other: %d", n)
	}

	// the queues are a sheet on a phone
	do(t, phone,
		click(`document.querySelector(".pd-queue-switch")`),
		until(`document.querySelector(".pd-queue-groups").getBoundingClientRect().bottom <= innerHeight + 1 && document.activeElement.closest(".pd-queue-groups")`),
	)
	shot(t, phone, "queue-sheet-390")
	if w := value[int](t, phone, `document.documentElement.scrollWidth`); w > 390 {
		t.Errorf("the page is %d px wide", w)
	}
	do(t, phone,
		click(`document.querySelector('.pd-queue-groups a[href*="queue=mine"]')`),
		until(`!document.querySelector(".pd-queues.is-open") && document.querySelector(".pd-queue-switch").textContent.includes("My cases")`),
		click(`document.querySelector(".pd-btn-next")`), // nothing is his: one that nobody has
		until(`location.hash.includes("/c/")`),
	)
}
