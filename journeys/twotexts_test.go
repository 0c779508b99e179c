package journeys

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// What is written to a customer and what is written for colleagues never mix; keys go on
// working after a mail was sent, and after it was taken back.
func TestTwoTexts(t *testing.T) {
	byway(t)
	s := openShop(t)
	id, _ := s.taken("mei@example.org", "Lid", "The lid is cracked.")
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)
	text := `document.querySelector(".pd-compose-text")`
	do(t, ctx,
		chromedp.SendKeys(".pd-compose-text", "Dear customer"),
		click(`document.querySelector(".pd-compose-tabs .ri-sticky-note-line").closest("button")`),
		until(text+`.value == ""`),
		chromedp.SendKeys(".pd-compose-text", "inner words"),
		chromedp.Reload(), chromedp.WaitVisible(".pd-msg.is-in"),
		until(text+`.value == "inner words"`),
		until(`(() => { const a = `+text+`; a.focus(); a.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", ctrlKey: true, bubbles: true, cancelable: true})); return true; })()`),
		until(`document.activeElement.matches(".pd-messages") && `+text+`.value == ""`),
		click(`document.querySelector(".pd-compose-tabs .ri-reply-line").closest("button")`),
		until(text+`.value == "Dear customer"`),
		until(`(() => { document.querySelector(".pd-compose .ri-attachment-2").closest("button").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", ctrlKey: true, bubbles: true, cancelable: true})); return true; })()`),
		until(`document.activeElement.matches(".pd-messages") && !!document.querySelector(".pd-undo-box")`),
		chromedp.KeyEvent("z"),
		until(`document.activeElement == `+text+` && `+text+`.value == "Dear customer" && `+text+`.selectionStart == 13`),
	)
}
