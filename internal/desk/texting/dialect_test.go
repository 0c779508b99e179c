package texting_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// documented reads the settings of a gateway out of the document that shops
// follow, so that what stands there is what is tested.
func documented(t *testing.T, name, secret, own, there string) (desktest.Values, *desktest.App) {
	t.Helper()
	doc, err := os.ReadFile("../../../docs/sms.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, ok := strings.Cut(string(doc), "\n## "+name+"\n")
	block := regexp.MustCompile("(?s)```json\n(.*?)```").FindStringSubmatch(part)
	if !ok || block == nil {
		t.Fatalf("docs/sms.md has no settings for %s", name)
	}
	if !strings.Contains(block[1], own) {
		t.Fatalf("the settings of %s don't name %s", name, own)
	}
	var v desktest.Values
	if err := json.Unmarshal([]byte(strings.ReplaceAll(block[1], own, there)), &v); err != nil {
		t.Fatal(err)
	}
	app := desktest.New(t)
	app.Choose(desktest.Values{"sms": v, "locale": "zh-TW", "timezone": "Asia/Taipei"})
	if err := desk.SetSecret(app, desk.SecretSMS, secret); err != nil {
		t.Fatal(err)
	}
	if why := desk.SMSWhy(app); why != "" {
		t.Fatalf("%s is off: %s", name, why)
	}
	return v, app
}

const words = `您好 "A&B" 100% {1+1=2}`

// Mitake takes a form and answers lines in brackets; a report is a GET that
// wants lines of its own.
func TestMitake(t *testing.T) {
	taken := true
	g := newGateway(t, func(w http.ResponseWriter, c call) {
		switch f := c.Form; {
		case c.Method != "POST" || c.Path != "/api/mtk/SmSend" || c.Query.Get("CharsetURL") != "UTF-8":
			http.NotFound(w, nil)
		case f.Get("username") != "shop&co" || f.Get("password") != "p=w:d" || !taken:
			io.WriteString(w, "[1]\r\nstatuscode=e\r\nError=帳號、密碼錯誤 p=w:d\r\n")
		case f.Get("dstaddr") != "0912345678" || f.Get("smbody") != words || len(f.Get("clientid")) > 36:
			io.WriteString(w, "[1]\r\nstatuscode=v\r\n")
		default:
			io.WriteString(w, "[1]\r\nmsgid=#000000013\r\nstatuscode=1\r\nAccountPoint=126\r\n")
		}
	})
	_, app := documented(t, "Mitake 三竹", "shop&co:p=w:d", "https://smsapi.mitake.com.tw", g.URL)
	c := visitor(app)
	d := text(app, c, words)
	drain(t, app)
	is(t, app, d, desk.Sent, desk.DeliverySent, "sent")
	address := g.Calls()[0].Form.Get("response")
	query := "msgid=%23000000013&dstaddr=0912345678&dlvtime=20261116090000&donetime=20261116090005&statuscode=0&statusstr=%s&StatusFlag=4"
	if got := report(t, app, "GET", address, strings.ReplaceAll(query, "%s", "DELIVRD"), ""); got != "magicid=sms_gateway_rpack\nmsgid=#000000013\n" {
		t.Errorf("answered %q", got)
	}
	is(t, app, d, desk.Sent, desk.DeliverySent, "delivered")

	taken = false
	d = text(app, c, words)
	drain(t, app)
	is(t, app, d, desk.Failed, desk.DeliveryFailed, "send_failed")
	if why := app.Find(desk.Outbox, d.Id).GetString("last_error"); !strings.Contains(why, "statuscode=e") || strings.Contains(why, "p=w:d") {
		t.Errorf("error %q", why)
	}
}

// EVERY8D answers a line with commas, which begins with a minus where it refused.
func TestEvery8D(t *testing.T) {
	answer := "99.0,1,1,0,d0ad6380-4842-46a5-a1eb-9888e78fefd8"
	g := newGateway(t, func(w http.ResponseWriter, c call) {
		if f := c.Form; c.Method != "POST" || c.Path != "/API21/HTTP/sendSMS.ashx" || f.Get("UID") != "u" || f.Get("PWD") != "p:w" ||
			f.Get("DEST") != number || f.Get("MSG") != words || !f.Has("SB") {
			http.NotFound(w, nil)
			return
		}
		io.WriteString(w, answer)
	})
	_, app := documented(t, "EVERY8D", "u:p:w", "https://api.e8d.tw", g.URL)
	c := visitor(app)
	d := text(app, c, words)
	drain(t, app)
	is(t, app, d, desk.Sent, desk.DeliverySent, "sent")
	report(t, app, "GET", app.Texting.ReportURL(), "BatchID=d0ad6380-4842-46a5-a1eb-9888e78fefd8&RM=%2B886912345678&RT=20261116090005&STATUS=101&SM=", "")
	is(t, app, d, desk.Failed, desk.DeliveryFailed, "send_failed")
	for _, refused := range []string{"-306,無法取得帳號資訊", "-99.0,0,0,0,", "98.0,0,0,1,e0ad6380-4842-46a5-a1eb-9888e78fefd8"} {
		answer = refused
		d = text(app, c, words)
		drain(t, app)
		is(t, app, d, desk.Failed, desk.DeliveryFailed, "send_failed")
	}
}

// Twilio takes a form with basic authentication and answers JSON.
func TestTwilio(t *testing.T) {
	g := newGateway(t, func(w http.ResponseWriter, c call) {
		if f := c.Form; c.Path != "/2010-04-01/Accounts/AC123/Messages.json" || c.Auth != "Basic QUMxMjM6dG9rZW4=" {
			w.WriteHeader(http.StatusUnauthorized)
			io.WriteString(w, `{"code": 20003, "message": "Authenticate"}`)
		} else if f.Get("To") != number || f.Get("Body") != words || f.Get("MessagingServiceSid") == "" {
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"code": 21211, "message": "The 'To' number is not valid."}`)
		} else {
			w.WriteHeader(http.StatusCreated)
			fmt.Fprintf(w, `{"account_sid": "AC123", "sid": "SM%032d", "status": "accepted", "error_code": null}`, len(f))
		}
	})
	_, app := documented(t, "Twilio", "AC123:token", "https://api.twilio.com", g.URL)
	c := visitor(app)
	d := text(app, c, words)
	drain(t, app)
	is(t, app, d, desk.Sent, desk.DeliverySent, "sent")
	address := g.Calls()[0].Form.Get("StatusCallback")
	for _, status := range []string{"queued", "sent", "delivered", "delivered"} {
		if got := report(t, app, "POST", address, "", fmt.Sprintf("MessageSid=SM%032d&MessageStatus=%s", 4, status)); got != "{}" {
			t.Errorf("answered %q", got)
		}
	}
	is(t, app, d, desk.Sent, desk.DeliverySent, "delivered")
	if n := strings.Count(strings.Join(app.Kinds(c.Id), " "), "delivered"); n != 1 {
		t.Errorf("noted %d times", n)
	}
	if err := desk.SetSecret(app, desk.SecretSMS, "AC123:wrong"); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Texting.Test(t.Context(), number); err == nil || !strings.Contains(err.Error(), "20003") {
		t.Errorf("a wrong token: %v", err)
	}
}
