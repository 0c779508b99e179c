package journeys

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

var hiddenField = regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)">`)

// visitorWrites sends words by the visitor's page, as its form does.
func visitorWrites(t *testing.T, link, text string) {
	t.Helper()
	answer, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	fields := url.Values{"message": {text}}
	_, reply, _ := strings.Cut(string(page), `id="reply"`)
	reply, _, _ = strings.Cut(reply, "</form>")
	for _, m := range hiddenField.FindAllStringSubmatch(reply, -1) {
		fields.Set(m[1], m[2])
	}
	sent, err := http.PostForm(link, fields)
	if err != nil {
		t.Fatal(err)
	}
	sent.Body.Close()
	if sent.StatusCode >= 400 {
		t.Fatalf("the visitor's words: %d", sent.StatusCode)
	}
}

// The visitor writes while an agent does: the answer waits, and shows his words.
func TestVisitorWritesMeanwhile(t *testing.T) {
	byway(t)
	s := openShop(t)
	id, link := visitorsCase(t, s, map[string]any{"name": "Mei Lin", "email": "mei@example.org", "locale": "en", "subject": "Lid", "message": "The lid is cracked."}, "Which address shall we use?")
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)
	do(t, ctx,
		chromedp.SendKeys(".pd-compose-text", "It leaves today for the old address."),
		until(`(() => { Object.defineProperty(document, "hidden", { configurable: true, get: () => true }); return true; })()`), // the screen hears nothing
	)
	visitorWrites(t, link, "Stop, I have moved!")
	do(t, ctx,
		click(`document.querySelector(".pd-compose button[type=submit]")`),
		words(".pd-answered", "Mei Lin wrote in the meantime"),
		words(".pd-answered", "Stop, I have moved!"),
		until(`(() => { delete document.hidden; return true; })()`),
	)
	shot(t, ctx, "case-visitor-meanwhile")
	c := s.call(http.MethodGet, "/api/collections/cases/records/"+id, nil)
	if c["waiting_since"] == "" || c["status"] != "open" {
		t.Errorf("%v, waiting since %v", c["status"], c["waiting_since"])
	}
	do(t, ctx,
		click(`document.querySelector(".pd-answered .pd-btn")`),
		until(`!document.querySelector(".pd-answered") && `+text+`.value == "It leaves today for the old address."`),
		words(".pd-messages", "Stop, I have moved!"),
		until(`(() => { `+text+`.focus(); `+text+`.select(); return true; })()`),
		chromedp.KeyEvent("We hold it back. Where to?"),
		until(text+`.value == "We hold it back. Where to?"`),
		click(`document.querySelector(".pd-compose button[type=submit]")`),
		until(text+`.value == ""`),
	)
	if c := s.call(http.MethodGet, "/api/collections/cases/records/"+id, nil); c["waiting_since"] != "" {
		t.Errorf("waiting since %v", c["waiting_since"])
	}
}

// On a phone: bold by a button, a look at the mail, and the answer as it looked.
func TestFormattingOnAPhone(t *testing.T) {
	byway(t)
	s := openShop(t)
	id, _ := s.taken("sato@example.org", "急須", "急須がまだ届きません。")
	ctx := browser(t, "ja", 390, 844)
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)
	do(t, ctx,
		chromedp.SendKeys(".pd-compose-text", "本日発送しました。\n---\n# 1 点目"),
		chromedp.WaitVisible(".pd-format"),
		until(`(() => { const a = `+text+`; a.focus(); a.setSelectionRange(0, 4); return true; })()`),
		click(`document.querySelector(".pd-format .ri-bold").closest("button")`),
		until(text+`.value.startsWith("**本日発送**しました")`),
		click(`document.querySelector(".pd-format [aria-pressed]")`),
		until(`document.querySelector(".pd-format-look strong")?.textContent == "本日発送" && !document.querySelector(".pd-format-look hr") && document.querySelector(".pd-format-look").textContent.includes("---")`),
		until(`document.documentElement.scrollWidth <= innerWidth && document.querySelector(".pd-compose button[type=submit]").getBoundingClientRect().bottom <= innerHeight`),
	)
	shot(t, ctx, "compose-format-390")
	if small := value[int](t, ctx, `[...document.querySelectorAll(".pd-format button")].filter((b) => b.getBoundingClientRect().width < 24 || b.getBoundingClientRect().height < 24 || !(b.ariaLabel || b.textContent.trim())).length`); small != 0 {
		t.Errorf("%d buttons are too small, or have no name", small)
	}
	do(t, ctx,
		click(`document.querySelector(".pd-compose button[type=submit]")`),
		until(text+`.value == ""`),
		until(`document.querySelector(".pd-msg.is-out .pd-looks strong")?.textContent == "本日発送"`),
	)
	answer, err := mail.ParseCaught(s.mailsTo("sato@example.org", 2)[1].Raw)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(answer.HTML, "<strong>本日発送</strong>しました") || strings.Contains(answer.HTML, "<hr>") || !strings.Contains(answer.Text, "**本日発送**") {
		t.Errorf("the mail: %s", answer.HTML)
	}
}

// A slash opens the templates wherever a word begins; Escape leaves it as typed.
func TestSlashAmongWords(t *testing.T) {
	byway(t)
	s := openShop(t)
	id, _ := s.taken("mei@example.org", "Lid", "The lid is cracked.")
	s.call(http.MethodPost, "/api/collections/templates/records", map[string]any{"key": "shipping", "locale": "en", "kind": "snippet", "shortcut": "ship", "body": "It takes three days.", "enabled": true})
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)
	do(t, ctx,
		chromedp.SendKeys(".pd-compose-text", "Hello.  Bye."),
		until(`(() => { const a = `+text+`; a.setSelectionRange(7, 7); return document.activeElement == a && !!document.querySelector(".pd-format"); })()`),
		chromedp.KeyEvent("/"), chromedp.WaitVisible(".pd-suggest"),
		chromedp.KeyEvent("\u001b"),
		until(`!document.querySelector(".pd-suggest") && `+text+`.value == "Hello. / Bye." && document.activeElement == `+text),
		chromedp.KeyEvent("\b"),
		chromedp.KeyEvent("/"), chromedp.WaitVisible(".pd-suggest-item"),
		chromedp.KeyEvent("ship"),
		until(`document.querySelector(".pd-suggest-item.is-active kbd")?.textContent == "ship"`),
		chromedp.KeyEvent("\t"),
		until(text+`.value == "Hello. It takes three days. Bye." && !document.querySelector(".pd-suggest")`),
		// what reads on as a sentence is no question
		chromedp.KeyEvent(" 1 / 2"),
		until(text+`.value.includes(" 1 / 2") && !document.querySelector(".pd-suggest")`),
	)
}
