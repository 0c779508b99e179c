package report_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/mailin/report"
)

// One recipient, a code and what the other server said.
var judged = []struct{ name, code, said, want string }{
	{"unknown user", "5.1.1", "smtp; 550 5.1.1 <mei@example.net>: Recipient address rejected: User unknown in virtual mailbox table", report.Hard},
	{"code alone", "5.1.1", "", report.Hard},
	{"unknown host", "5.1.2", "smtp; 550 Host unknown", report.Hard},
	{"moved", "5.1.6", "smtp; 550 5.1.6 recipient no longer on server", report.Hard},
	{"directory", "5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", report.Hard},
	{"edge directory", "5.4.1", "smtp;550 5.4.1 Recipient address rejected: Access denied. [X.prod.protection.outlook.com]", report.Hard},
	{"no route", "5.4.4", "X-Postfix; Host or domain name not found. Name service error for name=example.net type=A: Host not found", report.Hard},
	{"null MX", "5.0.0", "smtp; 556 5.1.10 mei@example.net: domain does not accept mail (nullMX)", report.Hard},
	{"521 host", "5.3.2", "smtp; 521 5.3.2 This host never takes mail", report.Hard},
	{"words, general code", "5.0.0", "smtp; 550 No such user here", report.Hard},
	{"webmail", "5.5.0", "smtp; 550 5.5.0 Requested action not taken: mailbox unavailable", report.Hard},
	{"Gmail", "5.1.1", "smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser - gsmtp", report.Hard},
	{"Japanese", "5.0.0", "X-Notes; ユーザー Mei (mei@example.net) は Domino ディレクトリには見つかりません。", report.Hard},
	{"folded Chinese", "5.0.0", "smtp; 550 用户\n 不存在", report.Hard},
	{"Traditional Chinese", "5.0.0", "smtp; 550 查無此帳號", report.Hard},
	{"German", "5.0.0", "smtp; 550 Unbekannter Empfänger", report.Hard},
	{"Russian", "5.0.0", "smtp; 550 Такого пользователя нет", report.Hard},
	{"gateway's stage", "5.0.0", "smtp; 5.1.0 - Unknown address error 550-'no such mailbox' (delivery attempts: 0)", report.Hard},

	{"full", "5.2.2", "smtp; 552 5.2.2 mailbox full", report.Soft},
	{"full, wrong code", "5.1.1", "smtp; 550 5.1.1 <mei@example.net> is over quota", report.Soft},
	{"full in a gateway's words", "5.0.0", "smtp; 5.1.0 - Unknown address error 550-'5.2.2 <mei@example.net>... Mailbox full'", report.Soft},
	{"spam", "5.7.1", "smtp; 550 5.7.1 message looks like spam", report.Soft},
	{"blocked sender", "5.1.1", "smtp; 550 5.1.1 Client host [192.0.2.4] blocked using bl.example", report.Soft},
	{"DMARC", "5.7.26", "smtp; 550-5.7.26 Unauthenticated email from shop.example is not accepted", report.Soft},
	{"sender refused", "5.1.0", "smtp; 550 5.1.0 sender rejected", report.Soft},
	{"sender's null MX", "5.7.27", "smtp; 550 5.7.27 Sender address has null MX", report.Soft},
	{"sender's domain", "5.1.8", "smtp; 550 5.1.8 Sender address rejected: Domain not found", report.Soft},
	{"size", "5.3.4", "smtp; 552 5.3.4 Message size exceeds fixed limit", report.Soft},
	{"switched off", "5.2.1", "smtp; 550 5.2.1 This mailbox has been suspended", report.Soft},
	{"preferences", "5.1.1", "smtp; 550 5.1.1 Refused due to recipient preferences", report.Soft},
	{"group rights", "5.7.1", "smtp;550 5.7.1 RESOLVER.RST.AuthRequired; authentication required", report.Soft},
	{"loop", "5.4.6", "smtp; 554 5.4.6 Too many hops", report.Soft},
	{"expired", "5.4.7", "smtp; 554 5.4.7 Delivery time expired", report.Soft},
	{"nothing known", "5.0.0", "smtp; 554 Transaction failed", report.Soft},
	{"carrier's filter", "5.0.0", "smtp; 550 : User unknown", report.Soft},
	{"unknown for now", "4.1.1", "smtp; 450 4.1.1 <mei@example.net>: Recipient address rejected: User unknown", report.Soft},
	{"unknown for now, no field", "", "smtp; 450 user unknown", report.Soft},
	{"mailbox disabled, unknown when", "5.2.1", "smtp; 550 5.2.1 <mei@example.net>... User unknown", report.Soft},
	{"Japanese, full", "5.0.0", "smtp; 552 メールボックスの容量を超えています", report.Soft},
	{"Chinese, refused", "5.0.0", "smtp; 550 邮件被收件人拒收，垃圾邮件", report.Soft},
	{"may not exist", "5.0.0", "smtp; 550 收件人可能不存在", report.Soft},
}

func TestJudge(t *testing.T) {
	for _, tt := range judged {
		b := report.Read(status("could not be delivered", failed(tt.code, tt.said)))
		if b.Kind != tt.want || len(b.Recipients) != 1 || b.Recipients[0].Address != "mei@example.net" || b.Recipients[0].Status != tt.code {
			t.Errorf("%s: %+v; want %s", tt.name, b, tt.want)
		}
	}
}

func TestStage(t *testing.T) {
	for _, tt := range []struct{ words, want string }{
		{"<mei@example.net>: host mx.example.net[192.0.2.1] said: 550 Unknown user (in reply to RCPT TO command)", report.Hard},
		{"<mei@example.net>: host mx.example.net[192.0.2.1] said: 550 Unknown user (in reply to end of DATA command)", report.Soft},
		{"   ----- Transcript of session follows -----\n>>> DATA\n<<< 550 Unknown user mei@example.net\n554 5.0.0 Service unavailable", report.Soft},
		{"   ----- Transcript of session follows -----\n>>> DATA\n<<< 550 Unknown user mei@example.net\n<<< 503 need RCPT command", report.Hard},
	} {
		if b := report.Read(status(tt.words, failed("5.0.0", "smtp; 550 Unknown user mei@example.net"))); b.Kind != tt.want {
			t.Errorf("%q: %s, want %s", tt.words, b.Kind, tt.want)
		}
	}
}

func TestActions(t *testing.T) {
	for action, want := range map[string]string{"delayed": report.Delayed, "Delayed": report.Delayed, "delivered": report.None, "relayed": report.None, "expanded (to list)": report.None, "failed": report.Hard} {
		fields := strings.Replace(failed("5.1.1", "smtp; 550 no such user"), "Action: failed", "Action: "+action, 1)
		if b := report.Read(status("see below", fields)); b.Kind != want {
			t.Errorf("%s: %s, want %s", action, b.Kind, want)
		}
	}
}

func TestStatusShapes(t *testing.T) {
	type who = map[string]string
	for name, tt := range map[string]struct {
		fields string
		want   who
	}{
		"two blocks": {"Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822;b@example.net\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 full\n",
			who{"a@example.net": report.Hard, "b@example.net": report.Soft}},
		"no blank lines": {"Reporting-MTA: dns; a\nFinal-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822; b@example.net\nAction: delayed\nStatus: 4.4.1\n",
			who{"a@example.net": report.Hard, "b@example.net": report.Delayed}},
		"torn apart": {"Final-Recipient: rfc822; a@example.net\n\nAction: failed\n\nStatus: 5.1.1\n", who{"a@example.net": report.Hard}},
		"action first": {"Action: failed\nFinal-Recipient: rfc822; a@example.net\nDiagnostic-Code: smtp; 550 5.1.1 unknown user\nStatus: 5.1.1\n\nAction: failed\nFinal-Recipient: rfc822; b@example.net\nStatus: 5.1.1\n",
			who{"a@example.net": report.Hard, "b@example.net": report.Hard}},
		"X headers, typo, brackets": {"Reporting-MTA: dns; a\nX-Queue-ID: 77\nX-Sender: rfc822; desk@shop.example\n\nX-Note: yes\nFinal-Recipient: RFC822; <a@example.net>\nction: failed\nStatus: 5.1.1 (no such user)\n", who{"a@example.net": report.Hard}},
		"lost indent":               {"Final-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 sorry\nRecipient address does not exist\n", who{"a@example.net": report.Hard}},
		"bare number":               {"Final-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: X-Unix; 67\n", who{"a@example.net": report.Hard}},
		"torn address":              {"Original-Recipient: rfc822; a@example.net\nFinal-Recipient: rfc822; @mx.example.net\nAction: failed\nStatus: 5.1.2\n", who{"a@example.net": report.Hard}},
		"UTF-8":                     {"Final-Recipient: utf-8; 美@example.net\nAction: failed\nStatus: 5.1.1\n", who{"美@example.net": report.Hard}},
	} {
		got := who{}
		for _, r := range report.Read(status("failed", tt.fields)).Recipients {
			got[r.Address] = r.Kind
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestOriginalRecipient(t *testing.T) {
	b := report.Read(status("failed", "Original-Recipient: rfc822; mei@alias.example\nFinal-Recipient: rfc822; m@host.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp;\n  550 5.1.1\n  no such user\n"))
	want := report.Recipient{Address: "m@host.example", Original: "mei@alias.example", Status: "5.1.1", Action: "failed", Diagnostic: "smtp; 550 5.1.1 no such user", Kind: report.Hard}
	if len(b.Recipients) != 1 || b.Recipients[0] != want {
		t.Errorf("%+v", b.Recipients)
	}
}

// The structure is lost: the whole report is one text.
func TestStatusInText(t *testing.T) {
	b := report.Read(daemon("Returned mail", "--x/mx\n\nThe following addresses had permanent fatal errors\n\n--x/mx\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: RFC822; mei@example.net\nAction: failed\nStatus: 5.1.1\n\n--x/mx\n\nReturn-Path: <desk@shop.example>\n"))
	if b.Kind != report.Hard || len(b.Recipients) != 1 || b.Recipients[0].Address != "mei@example.net" {
		t.Errorf("%+v", b)
	}
}

// A report that names nobody is a soft bounce; the original says for whom.
func TestNobodyNamed(t *testing.T) {
	b := report.Read(status("--- Delivery report unavailable ---", "Reporting-MTA: dns; mx\n", "message/rfc822\n\nFrom: desk@shop.example\nTo: <mei@example.net>\nSubject: hello\n\nhello"))
	if b.Kind != report.Soft || len(b.Recipients) != 1 || b.Recipients[0].Address != "mei@example.net" {
		t.Errorf("%+v", b)
	}
}
