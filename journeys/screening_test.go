package journeys

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The page about screening counts what came, tries other limits without a
// change, and lists what was learned; a lesson is taken back.
func TestScreeningPage(t *testing.T) {
	byway(t)
	s := openShop(t)
	s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
		"name": "Mei Lin", "email": "mei@example.org", "locale": "en", "message": "Do you have a tea caddy made of tin?",
	})
	s.hold("anna@example.net", "Do you ship the blue kettle to Norway?")
	s.hold("pest@example.net", "Plaques of brass for your lobby, cheap and quick.")
	s.hold("ben@example.net", "May I visit your shop on a Sunday?")
	for _, v := range s.items("/api/desk/quarantine") {
		decision := ""
		switch text := message(v); {
		case strings.Contains(text, "kettle"):
			decision = "release"
		case strings.Contains(text, "Plaques"):
			decision = "confirm"
		default:
			continue
		}
		s.call(http.MethodPost, "/api/desk/feedback/"+v["feedback"].(map[string]any)["id"].(string)+"/"+decision, nil)
	}

	ctx := browser(t, "en", 1440, 1400)
	signIn(t, ctx, s)
	do(t, ctx, chromedp.Navigate(s.url+"/_/#/desk?queue=screening"))
	for name, n := range map[string]int{"accepted": 1, "held": 3, "blocked": 0, "released": 1, "waiting": 1} {
		do(t, ctx, until(fmt.Sprintf(`document.querySelector(".pd-tile.is-%s strong")?.textContent == "%d"`, name, n)))
	}
	signs := get(t, ctx, chromedp.Text(".pd-screening-counts"))
	if !strings.Contains(signs, "Hidden field filled in") {
		t.Errorf("the trap is not among the signs: %s", signs)
	}

	// looser limits would have let all three in, the junk too
	do(t, ctx,
		until(`document.querySelector(".pd-replay-result")?.textContent.includes("today’s limits")`),
		chromedp.Focus(`.pd-replay-limits input`),
		until(`document.activeElement.matches(".pd-replay-limits input") && (document.activeElement.select(), true)`),
		chromedp.KeyEvent("19"),
		until(`document.querySelector(".pd-replay-result")?.textContent.includes("3 held messages would have been let in")`),
		chromedp.WaitVisible(".pd-examples li"),
	)
	shot(t, ctx, "screening")
	result := get(t, ctx, chromedp.Text(".pd-replay-result"))
	for _, want := range []string{"1 came from a person", "1 was spam", "3 examples"} {
		if !strings.Contains(result, want) {
			t.Errorf("the replay does not say %q: %s", want, result)
		}
	}
	settings := s.call(http.MethodGet, "/api/collections/desk_settings/records/desk_settings00", nil)
	if limits, _ := settings["thresholds"].(map[string]any); limits["quarantine"] == 19.0 {
		t.Errorf("trying saved the limits: %v", limits)
	}

	do(t, ctx,
		until(`document.querySelectorAll(".pd-lesson").length == 2`),
		click(`[...document.querySelectorAll(".pd-lesson")].find((l) => l.textContent.includes("Plaques"))?.querySelector("button")`),
	)
	agree(t, ctx)
	do(t, ctx, until(`document.querySelectorAll(".pd-lesson").length == 1`))
	shot(t, ctx, "screening-lessons")
	left := s.items("/api/desk/lessons")
	if len(left) != 1 || left[0]["spam"] != false {
		t.Errorf("lessons: %v", left)
	}
}
