package outbox_test

import (
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

func TestAcknowledgement(t *testing.T) {
	for _, locale := range desk.Locales() {
		t.Run(locale, func(t *testing.T) {
			app, srv := newApp(t, mailtest.Script{})
			c := app.Case(desktest.Values{"locale": locale, "email": " Anna@Example.com ", "subject": "◊subject◊", "message": "I ordered a teapot last week and it did not arrive. ◊words◊ https://evil.example/x"})
			if n := drain(t, app); n != 1 {
				t.Fatalf("%d tries, want exactly one acknowledgement", n)
			}
			l := only(t, srv)
			if l.envelope.From != "" || len(l.envelope.To) != 1 || l.envelope.To[0] != "anna@example.com" {
				t.Errorf("envelope %q to %v", l.envelope.From, l.envelope.To)
			}
			for name, want := range map[string]string{
				"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All", "In-Reply-To": "", "References": "",
				"Content-Language": locale,
			} {
				if got := l.header(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			token := c.GetString("mail_token")
			signer := mail.Signer{Key: desk.Key(app, "message-id")}
			if got, ok := signer.ParseMessageID(l.header("Message-ID")); !ok || got != token {
				t.Errorf("Message-ID %q is not signed for the case", l.header("Message-ID"))
			}
			reply, err := mail.ParseAddress(l.header("Reply-To"))
			if got, ok := mail.ParsePlusAddress("desk@shop.example", reply.Addr); err != nil || !ok || got != token {
				t.Errorf("Reply-To %q bears no token of the case", l.header("Reply-To"))
			}
			link := "https://shop.example/support/t/" + c.TrackToken()
			raw := string(l.envelope.Raw) + l.Text + l.HTML + l.Subject
			if !strings.Contains(l.Text, link) || !strings.Contains(l.HTML, link) || strings.Contains(raw, "⟦") {
				t.Errorf("the link is not in the mail:\n%s", l.Text)
			}
			if strings.Contains(l.Text+l.HTML+l.Subject, "◊") || strings.Contains(raw, "evil") {
				t.Error("the visitor's words are in the mail")
			}
			m := desk.AsMessage(app.Find(desk.Messages, app.Delivery(c.Id, "ack").Message()))
			if strings.Contains(m.Body(), c.TrackToken()) || !strings.Contains(m.Body(), desk.TrackingLink) {
				t.Errorf("the stored message bears the link itself:\n%s", m.Body())
			}
			if m.MessageID() != l.header("Message-ID") {
				t.Errorf("stored Message-ID %q", m.MessageID())
			}
			is(t, app, app.Delivery(c.Id, "ack"), desk.Sent, desk.DeliverySent, "sent")
			if drain(t, app) != 0 {
				t.Error("sent again")
			}
		})
	}
}

func TestHeldWithoutServer(t *testing.T) {
	app, srv := desktest.New(t), mailtest.NewServer(t, mailtest.Script{})
	c := app.Case(nil)
	agent := app.Agent(desk.RoleAdmin, "")
	app.Reply(c, agent, desktest.Values{"body": "It leaves today."})
	ack, reply := app.Delivery(c.Id, "ack"), app.Delivery(c.Id, "reply")
	drain(t, app)
	is(t, app, ack, desk.Held, desk.DeliveryHeld, "status")
	is(t, app, reply, desk.Held, desk.DeliveryHeld, "status")
	if err := app.Outbox.Release(); err != nil {
		t.Fatal(err)
	}
	is(t, app, ack, desk.Held, desk.DeliveryHeld, "status")

	// both go out in one round, and the answer hangs on the acknowledgement
	app.UseSMTP(srv)
	if err := app.Outbox.Release(); err != nil {
		t.Fatal(err)
	}
	is(t, app, ack, desk.Queued, desk.DeliveryQueued, "status")
	if n := drain(t, app); n != 2 {
		t.Fatalf("%d tries", n)
	}
	byAuto := map[string]letter{}
	for _, l := range arrived(t, srv) {
		byAuto[l.header("Auto-Submitted")] = l
	}
	first, answer := byAuto["auto-replied"], byAuto[""]
	if id := first.header("Message-ID"); id == "" || answer.header("In-Reply-To") != id || answer.header("References") != id {
		t.Errorf("In-Reply-To %q, References %q, want %q", answer.header("In-Reply-To"), answer.header("References"), id)
	}
	if !strings.HasPrefix(answer.Subject, "Re: "+first.Subject) {
		t.Errorf("subjects %q and %q make no thread", first.Subject, answer.Subject)
	}
	if answer.envelope.From == "" || !strings.Contains(answer.header("From"), agent.Name()) {
		t.Errorf("an answer comes from <%s>, %s", answer.envelope.From, answer.header("From"))
	}
}

// What was queued when the settings lose their server is held, and what waits
// for a later try too.
func TestHeldWhenServerIsTakenAway(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{})
	c := app.Case(nil)
	srv.Next(1, mailtest.Fault{Rcpt: mailtest.Reply{Code: 450}})
	drain(t, app)
	app.NoSMTP()
	drain(t, app)
	is(t, app, app.Delivery(c.Id, "ack"), desk.Held, desk.DeliveryHeld, "acknowledged")
	app.UseSMTP(srv)
	if err := app.Outbox.Release(); err != nil {
		t.Fatal(err)
	}
	drain(t, app)
	is(t, app, app.Delivery(c.Id, "ack"), desk.Sent, desk.DeliverySent, "sent")
}

func TestReferencesGrow(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{})
	c := app.Case(nil)
	agent := app.Agent(desk.RoleAgent, "")
	drain(t, app)
	const answers = 25
	for range answers {
		app.Reply(c, agent, nil)
		drain(t, app)
	}
	all := arrived(t, srv)
	last, known := all[len(all)-1], ids(all)
	refs := strings.Fields(last.header("References"))
	if len(all) != answers+1 || last.header("In-Reply-To") != known[answers-1] {
		t.Fatalf("%d mails, In-Reply-To %q", len(all), last.header("In-Reply-To"))
	}
	if len(refs) > 20 || refs[0] != known[0] || refs[len(refs)-1] != known[answers-1] {
		t.Errorf("%d references, from %s to %s", len(refs), refs[0], refs[len(refs)-1])
	}
}

func TestAttachments(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{})
	app.Choose(desktest.Values{"ack_enabled": false})
	c := app.Case(nil)
	app.Reply(c, app.Agent(desk.RoleAgent, ""), desktest.Values{"attachments": []any{
		app.File("label.txt", "a label"), app.File("退貨單.csv", "a,b\n"),
	}})
	drain(t, app)
	l := only(t, srv)
	if len(l.Files) != 2 || l.Files[0].Size != len("a label") || !strings.HasPrefix(l.Files[0].Name, "label") || !strings.HasSuffix(l.Files[1].Name, ".csv") {
		t.Errorf("files %+v", l.Files)
	}
	if l.Files[0].Name != "label.txt" {
		t.Errorf("the file's name bears what storage added: %q", l.Files[0].Name)
	}
}

// A file that is gone from storage fails the mail at once, where staff see it.
func TestAttachmentGone(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{})
	app.Choose(desktest.Values{"ack_enabled": false})
	c := app.Case(nil)
	m := app.Reply(c, app.Agent(desk.RoleAgent, ""), desktest.Values{"attachments": []any{app.File("label.txt", "a label")}})
	fsys, err := app.NewFilesystem()
	if err != nil {
		t.Fatal(err)
	}
	defer fsys.Close()
	if err := fsys.Delete(m.BaseFilesPath() + "/" + m.Files()[0]); err != nil {
		t.Fatal(err)
	}
	drain(t, app)
	is(t, app, app.Delivery(c.Id, "reply"), desk.Failed, desk.DeliveryFailed, "send_failed")
	if srv.Begun() != 0 {
		t.Error("the mail was begun")
	}
}
