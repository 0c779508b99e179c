package outbox_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// answered is an app without acknowledgements, with one case and its answer.
func answered(t *testing.T, script mailtest.Script, v desktest.Values) (*desktest.App, *mailtest.Server, *desk.Case, *desk.Delivery) {
	t.Helper()
	app, srv := newApp(t, script)
	app.Choose(desktest.Values{"ack_enabled": false})
	c := app.Case(nil)
	app.Reply(c, app.Agent(desk.RoleAgent, ""), v)
	return app, srv, c, app.Delivery(c.Id, "reply")
}

func TestReturnPath(t *testing.T) {
	app, srv, c, d := answered(t, mailtest.Script{}, nil)
	drain(t, app)
	l := only(t, srv)
	signer := mail.Signer{Key: desk.Key(app, "message-id")}
	if id, ok := signer.ParseReturnPath("desk@shop.example", l.envelope.From); !ok || id != d.Id {
		t.Errorf("sent from %q, which names %q", l.envelope.From, id)
	}
	if want := mail.PlusAddress("desk@shop.example", c.GetString("mail_token")); !strings.Contains(l.header("Reply-To"), want) {
		t.Errorf("Reply-To %q", l.header("Reply-To"))
	}
	app.Choose(desktest.Values{"mail": map[string]any{"plus": false}})
	app.Reply(c, app.Agent(desk.RoleAgent, ""), nil)
	drain(t, app)
	if l := arrived(t, srv)[1]; l.envelope.From != "desk@shop.example" || strings.Contains(l.header("Reply-To"), "+") {
		t.Errorf("switched off, it is sent from %q, and answers go to %q", l.envelope.From, l.header("Reply-To"))
	}
}

// TestLinkBelowAnAnswer: every answer leads to the visitor's page, once, unless
// others read it too or staff took the link away. The stored words stay as written.
func TestLinkBelowAnAnswer(t *testing.T) {
	for _, tt := range []struct {
		name   string
		values desktest.Values
		revoke bool
		links  int
	}{
		{"plain", desktest.Values{"body": "It ships today."}, false, 1},
		{"its writer put it elsewhere", desktest.Values{"body": "See " + desk.TrackingLink + " please."}, false, 1},
		{"with a copy", desktest.Values{"body": "It ships today.", "cc": []string{"store@example.org"}}, false, 0},
		{"revoked", desktest.Values{"body": "It ships today."}, true, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app, srv, c, d := answered(t, mailtest.Script{}, tt.values)
			if tt.revoke {
				app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"track_token": ""})
			}
			drain(t, app)
			text := only(t, srv).Text
			if n := strings.Count(text, "https://shop.example/support/t/"); n != tt.links {
				t.Errorf("%d links in %q", n, text)
			}
			if body := app.Find(desk.Messages, d.Message()).GetString("body"); body != tt.values["body"] {
				t.Errorf("stored as %q", body)
			}
		})
	}
}

func TestCopies(t *testing.T) {
	app, srv, c, d := answered(t, mailtest.Script{}, desktest.Values{
		"cc":  []any{map[string]string{"name": "倉庫", "addr": "store@example.org"}, "Anna <ANNA@example.com>", "x@例え.jp"},
		"bcc": []string{"boss@example.org", "store@example.org"}, "receipt_asked": true,
	})
	drain(t, app)
	l := only(t, srv)
	if want := []string{"anna@example.com", "store@example.org", "x@xn--r8jz45g.jp", "boss@example.org"}; !slices.Equal(l.envelope.To, want) {
		t.Errorf("went to %v, want %v", l.envelope.To, want)
	}
	if cc := l.header("Cc"); !strings.Contains(cc, "倉庫") || !strings.Contains(cc, "x@xn--r8jz45g.jp") || strings.Contains(cc, "anna") {
		t.Errorf("Cc %q", cc)
	}
	if bytes.Contains(l.envelope.Raw, []byte("boss")) || l.header("Bcc") != "" {
		t.Error("the mail tells of a blind copy")
	}
	if want := mail.PlusAddress("desk@shop.example", c.GetString("mail_token")); !strings.Contains(l.header("Disposition-Notification-To"), want) {
		t.Errorf("Disposition-Notification-To %q", l.header("Disposition-Notification-To"))
	}
	is(t, app, d, desk.Sent, desk.DeliverySent, "sent")
}

func TestCopyRefused(t *testing.T) {
	script := mailtest.Script{Fault: mailtest.Fault{Rcpt: mailtest.Reply{Code: 550, Enhanced: [3]int{5, 1, 1}, Text: "no such user"}, RcptOnly: "gone@example.org"}}
	app, srv, c, d := answered(t, script, desktest.Values{"cc": []string{"gone@example.org", "store@example.org"}})
	drain(t, app)
	if to := only(t, srv).envelope.To; !slices.Equal(to, []string{"anna@example.com", "store@example.org"}) {
		t.Errorf("went to %v", to)
	}
	is(t, app, d, desk.Sent, desk.DeliverySent, "sent")
	if note := app.Find(desk.Messages, d.Message()).GetString("delivery_note"); !strings.Contains(note, "gone@example.org") || !strings.Contains(note, "no such user") || !strings.Contains(note, "queued") {
		t.Errorf("note %q", note)
	}
	if missed, _ := app.Event(c.Id, "sent")["missed"].([]any); len(missed) != 1 {
		t.Errorf("event %v", app.Event(c.Id, "sent"))
	}
}

// The main recipient is refused: nobody gets the mail.
func TestRecipientRefusedWithCopies(t *testing.T) {
	script := mailtest.Script{Fault: mailtest.Fault{Rcpt: mailtest.Reply{Code: 550, Enhanced: [3]int{5, 7, 1}, Text: "policy"}, RcptOnly: "anna@example.com"}}
	app, srv, _, d := answered(t, script, desktest.Values{"cc": []string{"store@example.org"}})
	drain(t, app)
	is(t, app, d, desk.Failed, desk.DeliveryFailed, "send_failed")
	if len(srv.Mails()) != 0 {
		t.Error("a copy left")
	}
}

const png = "\x89PNG\r\n\x1a\n0000IHDR"

func TestInlineImages(t *testing.T) {
	app, srv, _, d := answered(t, mailtest.Script{}, desktest.Values{
		"body":        "**看這裡**：![標籤](cid:label.png)\n![fake](cid:fake.png)\n[說明](https://shop.example/help)",
		"attachments": []any{file(t, "label.png", png), file(t, "fake.png", "no picture at all"), file(t, "list.csv", "a,b")},
	})
	drain(t, app)
	is(t, app, d, desk.Sent, desk.DeliverySent, "sent")
	e, err := enmime.ReadEnvelope(bytes.NewReader(only(t, srv).envelope.Raw))
	if err != nil || len(e.Inlines) != 1 || len(e.Attachments) != 2 {
		t.Fatalf("%d inside, %d beside, %v", len(e.Inlines), len(e.Attachments), err)
	}
	if in := e.Inlines[0]; in.ContentType != "image/png" || in.FileName != "label.png" || !strings.Contains(e.HTML, `src="cid:`+in.ContentID+`"`) {
		t.Errorf("inside: %s %s %s in %s", in.ContentType, in.FileName, in.ContentID, e.HTML)
	}
	if !strings.Contains(e.HTML, "<strong>看這裡</strong>") || !strings.Contains(e.Text, "說明 (https://shop.example/help)") || strings.Contains(e.Text, "cid:") {
		t.Errorf("text %q, html %q", e.Text, e.HTML)
	}
}

// An answer hangs on the visitor's latest mail, with the whole thread behind it.
func TestThreadAnswersTheVisitor(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{})
	c := app.Case(nil)
	drain(t, app)
	ack := only(t, srv).header("Message-ID")
	heard := func(id string) {
		app.Clock.Advance(1000)
		app.Make(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.In, "channel": "email", "body": "x", "message_id": id})
	}
	heard("<one@example.com>")
	heard("<two@example.com>")
	heard("<0123456789abcdef0123456789abcdef@missing>")
	app.Make(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.Out, "channel": "email", "body": "x", "message_id": "<ours@shop.example>"})
	app.Reply(c, app.Agent(desk.RoleAgent, ""), nil)
	drain(t, app)
	l := arrived(t, srv)[1]
	if got := l.header("In-Reply-To"); got != "<two@example.com>" {
		t.Errorf("In-Reply-To %s", got)
	}
	if got, want := l.header("References"), ack+" <one@example.com> <ours@shop.example> <two@example.com>"; strings.Join(strings.Fields(got), " ") != want {
		t.Errorf("References %s, want %s", got, want)
	}
}
