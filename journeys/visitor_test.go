package journeys

import (
	"context"
	"image"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

var receiptForm = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`)

// A visitor writes in Traditional Chinese, adds a photo and sends. He reads his
// receipt, gets his acknowledgement by mail, and opens the page behind its link.
func TestVisitorSendsWithFile(t *testing.T) {
	s := openShop(t)
	ctx := browser(t, "zh-TW", 1280, 1400)
	photo := picture(t)
	do(t, ctx,
		chromedp.Navigate(s.url+"/"),
		chromedp.SendKeys("#name", "王小明"),
		chromedp.SendKeys("#email", "ming@example.org"),
		chromedp.SetValue("#category", "return"),
		chromedp.SendKeys("#order_no", "YM2611-0042"),
		chromedp.SendKeys("#message", "昨天收到的茶杯杯口有缺角，想請問怎麼換貨？附上照片。"),
		chromedp.SetUploadFiles("#attachments", []string{photo}),
		chromedp.Click("#consent"),
	)
	title := get(t, ctx, chromedp.Text("h1"))
	shot(t, ctx, "form")
	do(t, ctx,
		chromedp.Click("#feedback button[type=submit]"),
		chromedp.WaitVisible(".done"),
	)
	done := get(t, ctx, chromedp.Text("main"))
	draft := get(t, ctx, chromedp.Evaluate[string](`JSON.stringify(localStorage)`))
	shot(t, ctx, "success")
	if title != "聯絡我們" {
		t.Errorf("the page is titled %q", title)
	}
	receipt := receiptForm.FindString(done)
	if receipt == "" {
		t.Fatalf("no receipt on the page: %s", done)
	}
	if strings.Contains(draft, "缺角") {
		t.Error("the draft stayed on the device after sending")
	}

	ack := s.mailsTo("ming@example.org", 1)[0]
	if ack.From != "" || ack.To[0] != "ming@example.org" {
		t.Errorf("acknowledgement from %q to %v", ack.From, ack.To)
	}
	view, err := mail.ParseCaught(ack.Raw)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(view.Text, receipt) || strings.Contains(view.Text, "缺角") {
		t.Errorf("acknowledgement: %s", view.Text)
	}
	link := regexp.MustCompile(regexp.QuoteMeta(s.url) + `/t/\S+`).FindString(view.Text)
	do(t, ctx, chromedp.Navigate(link))
	page := get(t, ctx, chromedp.Text("main"))
	shot(t, ctx, "track")
	for _, want := range []string{receipt, "缺角", "杯口照片.png"} {
		if !strings.Contains(page, want) {
			t.Errorf("the tracking page lacks %q: %s", want, page)
		}
	}

	cases := s.call(http.MethodGet, "/api/desk/cases?queue=open", nil)["items"].([]any)
	if len(cases) != 1 || cases[0].(map[string]any)["category"] != "return" {
		t.Errorf("cases: %v", cases)
	}
}

// The same without JavaScript: a mistake is told beside the field and what was
// typed stays; then it is sent and accepted.
func TestVisitorWithoutJavaScript(t *testing.T) {
	s := openShop(t)
	ctx := browser(t, "ja", 390, 1600)
	do(t, ctx,
		withoutScript,
		chromedp.Navigate(s.url+"/"),
		chromedp.SendKeys("#name", "佐藤 花子"),
		chromedp.SendKeys("#phone", "12"),
		chromedp.SendKeys("#message", "急須の在庫はありますか。贈り物なので包装もお願いしたいです。"),
		chromedp.Click("#consent"),
		chromedp.Click("#feedback button[type=submit]"),
		chromedp.WaitVisible(".problem, [aria-invalid=true]"),
	)
	shot(t, ctx, "form-error-phone")
	wrong, kept := get(t, ctx, chromedp.Text("main")), get(t, ctx, chromedp.Value("#message"))
	do(t, ctx,
		chromedp.SetValue("#phone", "090-1234-5678"),
		chromedp.Click("#feedback button[type=submit]"),
		chromedp.WaitVisible(".receipt"),
	)
	done := get(t, ctx, chromedp.Text("main"))
	shot(t, ctx, "success-phone")
	if !strings.Contains(wrong, "電話番号") || !strings.Contains(kept, "急須の在庫") {
		t.Errorf("after the mistake: %q, typed text %q", wrong, kept)
	}
	if !receiptForm.MatchString(done) {
		t.Errorf("no receipt: %s", done)
	}
	rows := s.call(http.MethodGet, "/api/collections/verdicts/records", nil)["items"].([]any)
	if len(rows) != 1 || rows[0].(map[string]any)["outcome"] != "accepted" {
		t.Errorf("verdicts: %v", rows)
	}
}

func picture(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "杯口照片.png")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, image.NewRGBA(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	return name
}

// withoutScript switches JavaScript off in this browser.
func withoutScript(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return chromedp.Void{}, err
}
