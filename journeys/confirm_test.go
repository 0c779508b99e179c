package journeys

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// Where guests confirm their address first, a visitor is sent to his mailbox,
// opens the link, and presses the one button there. Only then a case is open.
func TestVisitorConfirmsHisMail(t *testing.T) {
	byway(t)
	s := openShop(t)
	s.call(http.MethodPatch, "/api/collections/desk_settings/records/desk_settings00", map[string]any{"screening": map[string]any{"confirm_email": true}})
	ctx := browser(t, "ja", 390, 900)
	do(t, ctx,
		chromedp.Navigate(s.url+"/"),
		chromedp.SendKeys("#name", "佐藤 花子"),
		chromedp.SendKeys("#email", "hanako@example.org"),
		chromedp.SendKeys("#message", "先週注文した急須がまだ届きません。発送の予定を教えてください。"),
		chromedp.Click("#consent"),
		chromedp.Click("#feedback button[type=submit]"),
		chromedp.WaitVisible(".done"),
	)
	asked := get(t, ctx, chromedp.Text("main"))
	shot(t, ctx, "confirm-asked")
	receipt := receiptForm.FindString(asked)
	if !strings.Contains(asked, "メールをご確認ください") || receipt == "" {
		t.Errorf("after sending: %s", asked)
	}
	cases := func() int { return len(s.call(http.MethodGet, "/api/desk/cases?queue=open", nil)["items"].([]any)) }

	view, err := mail.ParseCaught(s.mailsTo("hanako@example.org", 1)[0].Raw)
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(regexp.QuoteMeta(s.url) + `/c/\S+`).FindString(view.Text)
	if link == "" || strings.Contains(view.Text, "急須") {
		t.Fatalf("the mail: %s", view.Text)
	}
	do(t, ctx, chromedp.Navigate(link), chromedp.WaitVisible("main button"))
	shot(t, ctx, "confirm-button")
	if n := cases(); n != 0 {
		t.Errorf("%d cases before the button was pressed", n)
	}
	do(t, ctx, chromedp.Click("main button"), chromedp.WaitVisible(".receipt"))
	done := get(t, ctx, chromedp.Text("main"))
	shot(t, ctx, "confirm-done")
	if n := cases(); n != 1 || !strings.Contains(done, receipt) || !strings.Contains(done, "ご確認ありがとうございました") {
		t.Errorf("%d cases, the page says: %s", n, done)
	}
	ack, err := mail.ParseCaught(s.mailsTo("hanako@example.org", 2)[1].Raw)
	if err != nil || !strings.Contains(ack.Text, receipt) || !strings.Contains(ack.Text, "/t/") {
		t.Errorf("the acknowledgement: %v\n%s", err, ack.Text)
	}
}
