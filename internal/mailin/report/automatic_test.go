package report_test

import (
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/mailin/report"
)

func own(addr string) bool { return strings.HasSuffix(addr, "@shop.example") }

func TestAutomaticHeaders(t *testing.T) {
	for _, header := range []string{
		"Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated (failure)", "Auto-Submitted: auto-notified; owner-email=x", "X-Autoreply: yes", "X-Autorespond: hello", "X-AutoReply-From: a@b.example", "X-Mail-Autoreply: 1",
		"X-FC-MachineGenerated: true", "X-POST-MessageClass: 9; Autoresponder", "Delivered-To: Autoresponder", "Precedence: bulk", "Precedence: List", "Precedence: junk", "Precedence: auto_reply", "List-Id: <club.example.net>",
		"List-Unsubscribe: <mailto:x@example.net>", "X-Auto-Response-Suppress: All", "X-Auto-Response-Suppress: DR, OOF, AutoReply", "X-Loop: desk@shop.example", "X-Apple-Action: VACATION", "Mailing-List: contact x@example.net",
		"Content-Type: multipart/report; report-type=disposition-notification", "Content-Type: multipart/report; report-type=delivery-status", "Sender: no-reply@example.net",
	} {
		if ok, why := report.Automatic(person("Hello", "hello", header), own); !ok || why == "" {
			t.Errorf("%s: taken for a person", header)
		}
	}
	for _, header := range []string{
		"Auto-Submitted: no", "Auto-Submitted: No (typed)", "Precedence: normal", "Precedence: first-class", "X-Auto-Response-Suppress: DR, OOF, RN, NRN", "X-Auto-Response-Suppress: None", "X-FC-MachineGenerated: false", "X-Autoreply: no",
		"Delivered-To: desk@shop.example", "X-MS-Has-Attach: yes", "X-Originating-IP: [192.0.2.1]", "Feedback-ID: x:AmazonSES", "Content-Type: text/calendar; method=REPLY", "Sender: secretary@example.net", "Reply-To: noreply-club@example.net",
	} {
		if ok, why := report.Automatic(person("Hello", "hello", header), own); ok {
			t.Errorf("%s: automatic, %s", header, why)
		}
	}
}

func TestAutomaticSenders(t *testing.T) {
	for from, want := range map[string]bool{
		"MAILER-DAEMON@example.net": true, "Postmaster <postmaster@example.net>": true, "noreply@example.net": true, "No Reply <no-reply@example.net>": true, "do_not_reply@example.net": true, "donotreply+7@example.net": true,
		"orders-noreply@example.net": true, "no-reply-orders@example.net": true, "no.reply@example.net": true, "Desk <desk@shop.example>": true, "<>": true,
		"janoreply@example.net": false, "noreplyman@example.net": false, "mei@noreply.example": false, "Noreply Band <fan@example.net>": false, "post@example.net": false, "daemon.lee@example.net": false, "": false,
	} {
		s := source("Return-Path: <x@example.net>\nFrom: "+from+"\nSubject: Hello", "text/plain\n\nhello")
		if from == "<>" {
			s = source("Return-Path: <>\nFrom: mei@example.net\nSubject: Hello", "text/plain\n\nhello")
		}
		if ok, why := report.Automatic(s, own); ok != want {
			t.Errorf("%s: %v (%s)", from, ok, why)
		}
	}
	if ok, _ := report.Automatic(source("From: a@example.net\nMessage-ID: <c.7@shop.example>"), own); !ok {
		t.Error("our own Message-ID")
	}
	if ok, why := report.Automatic(report.Source{}, nil); ok {
		t.Error("an empty mail:", why)
	}
}

func TestAwaySubjects(t *testing.T) {
	for _, subject := range []string{
		"Automatic reply: Your order", "Out of Office: Your order", "Out of office", "Auto Reply: hi", "自動回覆：訂單 1001", "自动回复: 订单", "自動回覆", "自動返信: ご注文", "【自動返信】お問い合わせありがとうございます", "不在通知", "자동 회신: 주문", "부재중",
		"Automatische Antwort: Bestellung", "Abwesenheitsnotiz", "Réponse automatique : commande", "Absence du bureau", "Respuesta automática: pedido", "Risposta automatica: ordine", "Automatisch antwoord: bestelling", "Resposta automática: pedido",
		"Automatyczna odpowiedź: zamówienie", "Autosvar: ordre", "Automatiskt svar: order", "Automaattinen vastaus: tilaus", "Automatická odpověď: objednávka", "Автоматический ответ: заказ", "Автоответ: заказ",
		"  AUTOMATIC REPLY:  shouting", "[Auto-Reply] thanks", "Réponse automatique",
	} {
		if ok, _ := report.Automatic(person(subject, "I am away."), nil); !ok {
			t.Errorf("%q: taken for a person", subject)
		}
	}
	for _, subject := range []string{
		"Re: Automatic reply: Your order", "Fwd: Out of Office: Your order", "RE: 自動回覆：訂單", "I got an automatic reply: why?", "自動返信メールが届きません", "自動返信が来ない", "自动回复的问题", "自動回覆沒有收到", "Automatic reply not working",
		"Out of office hours delivery?", "Auto: Frage zum Lack", "Autosvaret virker ikke", "Absence: two of five parts", "Vacation rental question", "外出中に届いた荷物", "不在通知が入っていました", "Automatic doors", "[Order 7] Automatic reply", "", "回覆：自動回覆",
		"Auto reply me please", "부재중 배송 문의",
	} {
		if ok, why := report.Automatic(person(subject, "Why?"), nil); ok {
			t.Errorf("%q: automatic, %s", subject, why)
		}
	}
}

// People write about bounces, forward them and answer to them.
func TestPeople(t *testing.T) {
	bounce := "This is the mail system at host mx.example.\n\n<mei@example.net>: host mx said: 550 5.1.1 User unknown\n\nFinal-Recipient: rfc822; mei@example.net\nAction: failed\nStatus: 5.1.1\n"
	for name, s := range map[string]report.Source{
		"forwarded in the text": person("Fwd: Undelivered Mail Returned to Sender", "What does this mean?\n\n---------- Forwarded message ---------\nFrom: MAILER-DAEMON@mx.example\n\n"+bounce),
		"pasted alone":          person("Undelivered Mail Returned to Sender", bounce, "X-Mailer: Mail 1"),
		"pasted, answered":      person("Re: failure notice", "Hi. This is the qmail-send program at mx.\n\n<mei@example.net>:\nno mailbox (#5.1.1)"),
		"attached": source("From: Mei <mei@example.net>\nReturn-Path: <mei@example.net>\nSubject: Undeliverable: what is this?\nContent-Type: multipart/mixed; boundary=x",
			"text/plain\n\nSee the file.", "message/delivery-status\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1", "message/rfc822\n\nFrom: x@y.example\n\nhello"),
		"about a parcel":    person("Delivery failed", "My parcel could not be delivered to the following address. 550 NT$ paid. 收件人不存在? 退信"),
		"pasted by webmail": person("help", "This is the mail system at host mx.example.\n\n<mei@example.net>: 550 5.1.1 User unknown"),
		"a mail administrator": source("From: Mail Administrator <admin@example.net>\nReturn-Path: <admin@example.net>\nSubject: Order could not be delivered",
			"text/plain\n\nMy order could not be delivered: the address does not exist, they say. 550 5.1.1"),
		"a system administrator": source("From: システム管理者 <it@example.net>\nSubject: Undeliverable invoices", "text/plain\n\nYour invoices cannot be delivered, 550 5.7.1. Please mend SPF."),
		"an office of a shop":    source("From: mailadmin@example.net\nSubject: delivery", "text/plain\n\nWe could not find the parcel; the invoice was returned."),
		"in Japanese":            person("メールが届きません", "自動返信メールが届きません。宛先が見つかりませんと表示されます。"),
		"an abuse report":        person("complaint about message", "I complain about your message."),
		"calendar answer":        source("From: Mei <mei@example.net>\nSubject: Accepted: visit", "text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR"),
		"JSON from a person":     person("hook", `{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"a@b.example"}]}}`),
		"nothing but a mouse":    person("", ""),
	} {
		if b := report.Read(s); b.Kind != report.None || len(b.Recipients) != 0 {
			t.Errorf("%s: %+v", name, b)
		}
		if ok, why := report.Automatic(s, nil); ok {
			t.Errorf("%s: automatic, %s", name, why)
		}
		if report.Feedback(s) {
			t.Errorf("%s: feedback", name)
		}
	}
}

// Automatic, but no bounce.
func TestNoBounce(t *testing.T) {
	for name, s := range map[string]report.Source{
		"out of office, null sender": source("Return-Path: <>\nFrom: mei@example.net\nAuto-Submitted: auto-replied\nSubject: Automatic reply: order", "text/plain\n\nI am away; mail to me will not be delivered to ken@example.net. 550"),
		"parcel service":             source("Return-Path: <x@parcel.example>\nFrom: noreply@parcel.example\nSubject: Delivery failed", "text/plain\n\nYour parcel could not be delivered to your address. Ask help@parcel.example."),
		"read receipt":               source("From: mei@example.net\nContent-Type: multipart/report; report-type=disposition-notification\nSubject: Read: order", "text/plain\n\nread", "message/disposition-notification\n\nFinal-Recipient: rfc822; mei@example.net\nDisposition: manual-action/MDN-sent-manually; displayed"),
		"receipt without its type":   source("From: mei@example.net\nContent-Type: multipart/report\nSubject: Read: order", "message/disposition-notification\n\nFinal-Recipient: rfc822; mei@example.net"),
		"success":                    source("From: postmaster@example.net\nContent-Type: multipart/report; report-type=delivery-status\nSubject: Delivered: order", "text/plain\n\nYour message has been delivered.", "message/delivery-status\n\nFinal-Recipient: rfc822; mei@example.net\nAction: delivered\nStatus: 2.0.0"),
		"success in words":           source("From: postmaster@example.net\nReturn-Path: <>\nSubject: Delivery Status Notification (Success)", "text/plain\n\nYour message was successfully delivered to\n\nmei@example.net\n"),
		"newsletter":                 source("From: news@example.net\nList-Id: <news.example.net>\nSubject: Undeliverable offers", "text/plain\n\nOffers could not be delivered to more people."),
		"abuse report":               source("From: no-reply@isp.example\nContent-Type: multipart/report; report-type=feedback-report\nSubject: complaint", "text/plain\n\nundeliverable", "message/feedback-report\n\nFeedback-Type: abuse", "message/rfc822\n\nFrom: x@y.example\n\n"),
	} {
		if b := report.Read(s); b.Kind != report.None {
			t.Errorf("%s: %+v", name, b)
		}
		if ok, _ := report.Automatic(s, nil); !ok {
			t.Errorf("%s: not automatic", name)
		}
	}
}

func TestFeedback(t *testing.T) {
	for name, s := range map[string]report.Source{
		"ARF":           source("From: fbl@isp.example\nContent-Type: multipart/report; report-type=\"feedback-report\"\nSubject: x", "text/plain\n\nx", "message/feedback-report\n\nFeedback-Type: abuse"),
		"part alone":    source("From: fbl@isp.example\nContent-Type: multipart/mixed\nSubject: x", "message/feedback-report\n\nFeedback-Type: abuse"),
		"SES complaint": source("From: no-reply@sns.amazonaws.com\nSubject: AWS Notification Message", "text/plain\n\n{\"notificationType\":\"Complaint\"}"),
		"old loop":      source("From: staff@isp.example\nSubject: complaint about message from 192.0.2.1", "message/rfc822\n\nFrom: desk@shop.example"),
	} {
		if ok, _ := report.Automatic(s, nil); !report.Feedback(s) || !ok || report.Read(s).Kind != report.None {
			t.Errorf("%s: not seen", name)
		}
	}
}
