package inbound_test

import (
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

func TestReadReceipt(t *testing.T) {
	app := desktest.New(t)
	c, id := sent(t, app)
	receipt := func(disposition string) []byte {
		return desktest.Letter("--b\nContent-Type: text/plain\n\nYour mail was displayed.\n--b\nContent-Type: message/disposition-notification\n\n"+
			"Final-Recipient: rfc822;anna@example.com\nOriginal-Message-ID: "+id+"\nDisposition: manual-action/MDN-sent-manually; "+disposition+"\n\n--b--\n",
			head{"Content-Type": "multipart/report; report-type=disposition-notification; boundary=b", "To": desktest.AnswerTo(c)})
	}
	is(t, app.Take(receipt("deleted")), desk.MailDone, desk.MailReceipt, "receipt")
	m := app.Find(desk.Messages, app.Delivery(c.Id, "ack").Message())
	if !m.GetDateTime("read_at").IsZero() {
		t.Error("thrown away counts as read")
	}
	is(t, app.Take(receipt("displayed")), desk.MailDone, desk.MailReceipt, "receipt")
	m = app.Find(desk.Messages, m.Id)
	if m.GetDateTime("read_at").IsZero() || app.Event(c.Id, "read")["message"] != m.Id || len(incoming(app, c)) != 0 {
		t.Errorf("message %v", m)
	}
}

// bounce is a report that a mail to Anna did not arrive.
func bounce(to, original, status, action string) []byte {
	return desktest.Letter("--b\nContent-Type: text/plain\n\nYour message could not be delivered.\n\n<anna@example.com>: host mx.example.com said: "+
		"550 "+status+" User unknown\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.shop.example\n\n"+
		"Final-Recipient: rfc822; anna@example.com\nAction: "+action+"\nStatus: "+status+"\nDiagnostic-Code: smtp; 550 "+status+" User unknown\n\n"+
		"--b\nContent-Type: text/rfc822-headers\n\nFrom: desk@shop.example\nTo: anna@example.com\nMessage-ID: "+original+"\nSubject: We have your message\n\n--b--\n",
		head{"From": "Mail Delivery System <MAILER-DAEMON@mx.shop.example>", "Return-Path": "<>", "To": to, "Subject": "Undelivered Mail Returned to Sender",
			"Content-Type": "multipart/report; report-type=delivery-status; boundary=b", "Auto-Submitted": "auto-replied"})
}

func TestBounces(t *testing.T) {
	for name, how := range map[string]func(app *desktest.App, c *desk.Case, id string) (to, original string){
		"by the return path": func(app *desktest.App, c *desk.Case, _ string) (string, string) {
			signer := mail.Signer{Key: desk.Key(app, "message-id")}
			return signer.ReturnPath("desk@shop.example", app.Delivery(c.Id, "ack").Id), "<lost@shop.example>"
		},
		"by the embedded Message-ID": func(_ *desktest.App, _ *desk.Case, id string) (string, string) { return "desk@shop.example", id },
		"by the token": func(_ *desktest.App, c *desk.Case, _ string) (string, string) {
			return desktest.AnswerTo(c), "<lost@shop.example>"
		},
	} {
		app := desktest.New(t)
		c, id := sent(t, app)
		to, original := how(app, c, id)
		m := app.Take(bounce(to, original, "5.1.1", "failed"))
		is(t, m, desk.MailDone, desk.MailBounce, "bounce")
		ack := app.Delivery(c.Id, "ack").Message()
		if m.Case() != c.Id || m.GetString("message") != ack || app.Find(desk.Messages, ack).GetString("delivery") != "bounced" {
			t.Errorf("%s: record %v, message %v", name, m, app.Find(desk.Messages, ack))
		}
		if len(app.All(desk.Cases, nil)) != 1 || len(app.All(desk.Outbox, nil)) != 1 {
			t.Errorf("%s: a report was answered or became a case", name)
		}
	}
	app := desktest.New(t)
	c, id := sent(t, app)
	is(t, app.Take(bounce("desk@shop.example", id, "4.4.1", "delayed")), desk.MailDone, desk.MailBounce, "delay")
	if app.Find(desk.Messages, app.Delivery(c.Id, "ack").Message()).GetString("delivery") != desk.DeliverySent {
		t.Error("a delay is no bounce")
	}
	if app.Event(c.Id, "mail_delayed")["message"] == nil {
		t.Error("the delay is not told of")
	}
	strange := strings.Replace(id, c.GetString("mail_token"), mail.NewToken(), 1)
	is(t, app.Take(bounce("desk@shop.example", strange, "5.1.1", "failed")), desk.MailDone, desk.MailBounce, "bounce_of_nothing")
	if len(app.All(desk.Feedbacks, nil)) != 1 {
		t.Error("a bounce became a submission")
	}
}
