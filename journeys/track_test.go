package journeys

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// visitorsCase is a message that was sent through the form's REST door, its
// answer by staff, and the link that the visitor got by mail.
func visitorsCase(t *testing.T, s *shop, fields map[string]any, answer string) (id, link string) {
	t.Helper()
	fields["consent"] = true
	s.call(http.MethodPost, "/api/collections/feedback/records", fields)
	id = s.call(http.MethodGet, "/api/desk/cases?queue=open", nil)["items"].([]any)[0].(map[string]any)["id"].(string)
	to := fields["email"].(string)
	s.mailsTo(to, 1)
	s.call(http.MethodPost, "/api/collections/messages/records", map[string]any{"case": id, "direction": "out", "channel": "email", "body": answer, "status": "pending"})
	view, err := mail.ParseCaught(s.mailsTo(to, 2)[0].Raw)
	if err != nil {
		t.Fatal(err)
	}
	if link = regexp.MustCompile(regexp.QuoteMeta(s.url) + `/t/[a-z0-9]+`).FindString(view.Text); link == "" {
		t.Fatalf("the mail bears no link: %s", view.Text)
	}
	return id, link
}

// A visitor reads his case on a phone, without a script running: answers with a
// photo, says that it is solved, and confirms his address.
func TestVisitorOnHisTrackingPage(t *testing.T) {
	for locale, words := range map[string]struct{ subject, message, answer, reply, sent, solved, confirmed string }{
		"zh-TW": {"茶壺還沒收到", "您好，我上星期訂的紫砂壺還沒有收到，想請問大概什麼時候會寄出？\n\n訂單編號是 TW-20817。",
			"王小姐您好：\n\n您的包裹昨天已經寄出，可以在這裡查詢：https://shop.example/parcel/20817\n預計後天送達。\n\n若還沒收到，請回覆並附上收件地址的照片，謝謝您。",
			"收到了，可是壺蓋有一道裂痕，請看照片。", "訊息已送出", "已解決", "信箱已經確認"},
		"ja": {"急須がまだ届きません", "先週注文した急須がまだ届いておりません。発送の予定を教えていただけますでしょうか。\n\n注文番号はJP-1138です。",
			"佐藤様\n\nお問い合わせありがとうございます。昨日発送いたしました。お荷物の状況は https://shop.example/parcel/1138 からご確認いただけます。\n\n破損などがございましたら、お写真を添えてご返信ください。",
			"届きましたが、蓋にひびが入っていました。写真をお送りします。", "送信が完了し", "解決済み", "メールアドレスを確認いたしました"},
	} {
		t.Run(locale, func(t *testing.T) {
			s := openShop(t)
			s.call(http.MethodPatch, "/api/collections/desk_settings/records/desk_settings00", map[string]any{
				"shop_name": map[string]string{"": "山茶選物"}, "timezone": "Asia/Taipei", "service_email": "help@shop.example"})
			id, link := visitorsCase(t, s, map[string]any{"name": "王小明", "email": "visitor@example.org", "locale": locale,
				"subject": words.subject, "message": words.message}, words.answer)
			ctx := browser(t, locale, 390, 900)
			do(t, ctx, withoutScript, chromedp.Navigate(link), chromedp.WaitVisible(".talk"))
			shot(t, ctx, "track-"+locale)
			if text := get(t, ctx, chromedp.Text("main")); !strings.Contains(text, words.subject) || !strings.Contains(text, "山茶選物") || !strings.Contains(text, "GMT+8") {
				t.Errorf("the page: %s", text)
			}
			do(t, ctx, chromedp.SetValue("#message", words.reply), chromedp.SetUploadFiles("#attachments", []string{picture(t)}),
				chromedp.Click("#reply [type=submit]"), chromedp.WaitVisible("#notice"))
			shot(t, ctx, "track-sent-"+locale)
			if text := get(t, ctx, chromedp.Text("main")); !strings.Contains(text, words.sent) || !strings.Contains(text, words.reply) || !strings.Contains(text, "杯口照片.png") {
				t.Errorf("after sending: %s", text)
			}
			view := s.call(http.MethodGet, "/api/desk/cases/"+id, nil)
			if status := view["case"].(map[string]any)["status"]; status != "open" {
				t.Errorf("the case is %s", status)
			}
			do(t, ctx, chromedp.Click(`form:has([value=confirm]) button`), // the notice of the last step stands until the next page comes
				chromedp.WaitNotPresent(`form:has([value=confirm])`), chromedp.WaitVisible("#notice"))
			if text := get(t, ctx, chromedp.Text("#notice")); !strings.Contains(text, words.confirmed) {
				t.Errorf("confirmed: %s", text)
			}
			do(t, ctx, chromedp.Click(`form:has([value=solve]) button`), chromedp.WaitVisible(".state-resolved"))
			shot(t, ctx, "track-solved-"+locale)
			if text := get(t, ctx, chromedp.Text(".state")); !strings.Contains(text, words.solved) {
				t.Errorf("solved: %s", text)
			}
			s.call(http.MethodPost, "/api/desk/cases/"+id+"/link", map[string]any{"do": "revoke"})
			do(t, ctx, chromedp.Navigate(link), chromedp.WaitVisible(".done"))
			shot(t, ctx, "track-gone-"+locale)
			if text := get(t, ctx, chromedp.Text("main")); !strings.Contains(text, "help@shop.example") {
				t.Errorf("revoked: %s", text)
			}
		})
	}
}
