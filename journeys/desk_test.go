package journeys

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// A superuser signs in to the dashboard, finds the case in the Desk and answers
// with a template; the answer leaves by mail, threaded to the acknowledgement.
func TestSuperuserAnswersWithTemplate(t *testing.T) {
	s := openShop(t)
	s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
		"name": "王小明", "email": "ming@example.org", "category": "product", "locale": "zh-TW",
		"message": "請問這款茶壺有現貨嗎？想訂兩個送禮。",
	})
	ack, err := mail.ParseCaught(s.mailsTo("ming@example.org", 1)[0].Raw)
	if err != nil {
		t.Fatal(err)
	}
	ctx := browser(t, "zh-TW", 1440, 900)
	signIn(t, ctx, s)
	do(t, ctx,
		chromedp.WaitVisible(`a[href="#/desk"]`),
		chromedp.Click(`a[href="#/desk"]`),
		chromedp.WaitVisible(".pd-row[data-id]"),
		chromedp.Click(".pd-row[data-id]"),
		chromedp.WaitVisible(".pd-compose-text"),
		chromedp.WaitVisible(".pd-msg"),
	)
	shot(t, ctx, "desk")
	do(t, ctx,
		chromedp.Click(".pd-compose-foot .pd-btn-quiet .ri-file-text-line"),
		chromedp.WaitVisible(".pd-picker input[type=search]"),
		chromedp.SendKeys(".pd-picker input[type=search]", "product"),
		chromedp.WaitVisible(".pd-picker-made"),
	)
	shot(t, ctx, "desk-template")
	do(t, ctx,
		chromedp.SendKeys(".pd-picker input[type=search]", "\r"),
		until(`document.querySelector(".pd-compose-text").value.length > 20`),
	)
	// the blank that the template leaves is selected: typing fills it in
	do(t, ctx,
		until(`document.getSelection().toString().startsWith("［") || document.querySelector(".pd-compose-text").selectionEnd > document.querySelector(".pd-compose-text").selectionStart`),
		chromedp.KeyEvent("有現貨，三天內到貨。"),
	)
	typed := get(t, ctx, chromedp.Value(".pd-compose-text"))
	if strings.Contains(typed, "［") || !strings.Contains(typed, "三天內到貨") {
		t.Errorf("the blank was not filled in: %s", typed)
	}
	do(t, ctx,
		chromedp.Click(".pd-compose button[type=submit]"),
		until(`document.querySelector(".pd-compose-text").value == ""`),
	)
	if !strings.Contains(typed, "王小明") {
		t.Errorf("the template was not rendered for this case: %s", typed)
	}
	answer, err := mail.ParseCaught(s.mailsTo("ming@example.org", 2)[1].Raw)
	if err != nil {
		t.Fatal(err)
	}
	if header(answer, "In-Reply-To") == "" || header(answer, "In-Reply-To") != header(ack, "Message-ID") {
		t.Errorf("In-Reply-To %q, the acknowledgement is %q", header(answer, "In-Reply-To"), header(ack, "Message-ID"))
	}
	do(t, ctx, until(`document.querySelectorAll(".pd-msg").length >= 3 || document.querySelectorAll(".pd-msg.is-out").length >= 1`))
	conversation := get(t, ctx, chromedp.Text(".pd-case"))
	shot(t, ctx, "desk-answered")
	if !strings.Contains(conversation, "茶壺") {
		t.Errorf("conversation: %s", conversation)
	}
}

// A bot's message waits in quarantine with its reasons and no mail leaves.
// Released, it is a case, and the held acknowledgement goes out.
func TestQuarantineReleased(t *testing.T) {
	byway(t)
	s := openShop(t)
	guest := *s
	guest.token = ""
	answer := guest.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
		"name": "Anna Berg", "email": "anna@example.org", "locale": "en", "website": "https://bot.example",
		"message": "Hello, do you ship the blue kettle to Norway?",
	})
	if answer["receipt"] == "" {
		t.Fatal("a held message gets no receipt")
	}
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/desk?queue=quarantine"),
		chromedp.WaitVisible(".pd-row"),
		chromedp.Click(".pd-row"),
		chromedp.WaitVisible(".pd-held .pd-btn-primary"),
	)
	shot(t, ctx, "quarantine")
	why := get(t, ctx, chromedp.Text(".pd-held"))
	if !strings.Contains(why, "people do not see") && !strings.Contains(strings.ToLower(why), "hidden") {
		t.Errorf("the reasons don't name the trap: %s", why)
	}
	if n := len(s.mailsTo("anna@example.org", 0)); n != 0 {
		t.Fatalf("%d mails left for a held message", n)
	}
	do(t, ctx, chromedp.Click(".pd-held .pd-btn-primary"))
	s.mailsTo("anna@example.org", 1)
	cases := s.call(http.MethodGet, "/api/desk/cases?queue=open", nil)["items"].([]any)
	if len(cases) != 1 {
		t.Errorf("cases after the release: %v", cases)
	}
}

func signIn(t *testing.T, ctx context.Context, s *shop) {
	t.Helper()
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/"),
		chromedp.WaitVisible(`input[type="email"], input[name="identity"]`),
		chromedp.SendKeys(`input[type="email"], input[name="identity"]`, superuser),
		chromedp.SendKeys(`input[type="password"]`, password),
		chromedp.SendKeys(`input[type="password"]`, "\r"),
		chromedp.WaitVisible(`a[href="#/desk"]`),
	)
}

func header(v mail.View, name string) string {
	for _, h := range v.Headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}
