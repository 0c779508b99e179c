package outbox_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// notice queues the mail that asks to confirm a submission that is held.
func notice(t *testing.T, app *desktest.App, v desktest.Values) *desk.Delivery {
	t.Helper()
	held := app.Hold(v)
	if err := app.Commit.Do(func(tx core.App) error { return app.Work.AskToConfirm(tx, held.Feedback) }); err != nil {
		t.Fatal(err)
	}
	return desk.AsDelivery(app.One(desk.Outbox, desktest.Values{"feedback": held.Feedback.Id}))
}

// stands checks a notice's status and the last event of its submission.
func stands(t *testing.T, app *desktest.App, d *desk.Delivery, status, event string) {
	t.Helper()
	r := app.Find(desk.Outbox, d.Id)
	events := app.All(desk.Events, desktest.Values{"feedback": d.Feedback()})
	if last := events[len(events)-1].GetString("kind"); r.GetString("status") != status || last != event {
		t.Errorf("notice %s, last event %s; want %s, %s (%s)", r.GetString("status"), last, status, event, r.GetString("last_error"))
	}
}

var confirmLink = regexp.MustCompile(`https://shop\.example/support/c/(\S+)`)

func TestNotice(t *testing.T) {
	for locale, word := range map[string]string{"zh-TW": "電子信箱", "zh-CN": "邮箱", "ja": "メールアドレス", "en": "email"} {
		t.Run(locale, func(t *testing.T) {
			app, srv := newApp(t, mailtest.Script{})
			d := notice(t, app, desktest.Values{"locale": locale, "name": "Cheap pills at pills.example", "email": " Anna@Example.com ",
				"subject": "◊subject◊", "message": "◊words◊"})
			if p, _ := d.Payload(); d.Message() != "" || !strings.Contains(p.Draft, desk.ConfirmationLink) || p.Text != "" {
				t.Fatalf("queued with %+v", p)
			}
			if n := drain(t, app); n != 1 {
				t.Fatalf("%d tries", n)
			}
			l := only(t, srv)
			if l.envelope.From != "" || len(l.envelope.To) != 1 || l.envelope.To[0] != "anna@example.com" {
				t.Errorf("envelope %q to %v", l.envelope.From, l.envelope.To)
			}
			for name, want := range map[string]string{"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All", "In-Reply-To": "", "Content-Language": locale} {
				if got := l.header(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if strings.Contains(l.header("Reply-To"), "+") || l.header("Message-ID") == "" {
				t.Errorf("Reply-To %q, Message-ID %q", l.header("Reply-To"), l.header("Message-ID"))
			}
			if all := l.Text + l.HTML + l.Subject + l.header("To"); strings.Contains(all, "◊") || strings.Contains(all, "pills") || strings.Contains(all, "⟦") {
				t.Errorf("the visitor's words, or a mark, are in the mail:\n%s", all)
			}
			link := confirmLink.FindStringSubmatch(l.Text)
			if link == nil || !strings.Contains(l.HTML, link[0]) || !strings.Contains(strings.ToLower(l.Subject), word) {
				t.Fatalf("%s\n%s", l.Subject, l.Text)
			}
			if id, ok := desk.ReadConfirmation(app, link[1]); !ok || id != d.Feedback() {
				t.Errorf("the link leads to %q", id)
			}
			stands(t, app, d, desk.Sent, "sent")
			if drain(t, app) != 0 {
				t.Error("sent again")
			}
		})
	}
}

// A shop may write the template anew, and forget the link.
func TestNoticeAlwaysBearsItsLink(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{})
	app.Put(app.One(desk.Templates, desktest.Values{"key": "confirm", "locale": "en"}), desktest.Values{"body": "Please confirm."})
	notice(t, app, nil)
	drain(t, app)
	if l := only(t, srv); !confirmLink.MatchString(l.Text) {
		t.Errorf("no link:\n%s", l.Text)
	}
}

func TestNoticeHeldWithoutServer(t *testing.T) {
	app, srv := desktest.New(t), mailtest.NewServer(t, mailtest.Script{})
	d := notice(t, app, nil)
	stands(t, app, d, desk.Held, "confirm_asked")
	app.Clock.Advance(10 * 24 * time.Hour)
	app.UseSMTP(srv)
	if err := app.Outbox.Release(); err != nil {
		t.Fatal(err)
	}
	drain(t, app)
	stands(t, app, d, desk.Sent, "sent")
	// the link's life begins when it leaves
	if _, ok := desk.ReadConfirmation(app, confirmLink.FindStringSubmatch(only(t, srv).Text)[1]); !ok {
		t.Error("the link was dead on arrival")
	}
}

func TestNoticeRetries(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{Fault: mailtest.Fault{Rcpt: mailtest.Reply{Code: 450, Text: "greylisted"}}})
	d := notice(t, app, nil)
	drain(t, app)
	stands(t, app, d, desk.Queued, "confirm_asked")
	srv.Always(mailtest.Fault{})
	app.Clock.Advance(time.Hour)
	drain(t, app)
	stands(t, app, d, desk.Sent, "sent")
}

// A mail that was refused is in the list of trouble, for all staff while the
// message waits, and goes out again on their word with a link of its own.
func TestNoticeRefused(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{Fault: mailtest.Fault{Rcpt: mailtest.Reply{Code: 550, Text: "no such user"}}})
	agent := app.Agent(desk.RoleAgent, app.Make(desk.Teams, desktest.Values{"name": "Returns"}).Id)
	d := notice(t, app, nil)
	drain(t, app)
	stands(t, app, d, desk.Failed, "send_failed")
	list, err := inbox.Trouble(app, agent, "", 0)
	if err != nil || len(list.Items) != 1 || list.Items[0].Feedback != d.Feedback() || list.Items[0].Subject == "" {
		t.Fatalf("%+v, %v", list, err)
	}
	srv.Always(mailtest.Fault{})
	app.Clock.Advance(8 * 24 * time.Hour)
	if err := app.Outbox.Retry(d.Id, agent); err != nil {
		t.Fatal(err)
	}
	stands(t, app, d, desk.Queued, "resent")
	drain(t, app)
	stands(t, app, d, desk.Sent, "sent")
	if _, ok := desk.ReadConfirmation(app, confirmLink.FindStringSubmatch(only(t, srv).Text)[1]); !ok {
		t.Error("the link of the first try was sent again")
	}
}

// A try that broke after the text is made once more and then left to staff.
func TestNoticeInDoubt(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{Fault: mailtest.Fault{Drop: mailtest.DropLost}})
	d := notice(t, app, nil)
	drain(t, app)
	drain(t, app)
	stands(t, app, d, desk.Unknown, "send_unknown")
	if n := drain(t, app); n != 0 || len(srv.Mails()) != 0 {
		t.Errorf("%d more tries, %d mails", n, len(srv.Mails()))
	}
}

// What was decided meanwhile needs no confirmation, and what was erased no mail.
func TestNoticeNobodyNeeds(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{})
	agent := app.Agent(desk.RoleAgent, "")
	app.Choose(desktest.Values{"ack_enabled": false})
	released, junk, erased := notice(t, app, nil), notice(t, app, desktest.Values{"email": "ben@example.com"}), notice(t, app, desktest.Values{"email": "cid@example.com"})
	if _, err := app.Door.Release(app, released.Feedback(), agent); err != nil {
		t.Fatal(err)
	}
	if err := app.Door.Confirm(app, junk.Feedback(), agent); err != nil {
		t.Fatal(err)
	}
	if err := app.Delete(app.Find(desk.Feedbacks, erased.Feedback())); err != nil {
		t.Fatal(err)
	}
	if drain(t, app); len(srv.Mails()) != 0 {
		t.Errorf("%d mails were sent", len(srv.Mails()))
	}
	stands(t, app, released, desk.Cancelled, "released")
	stands(t, app, junk, desk.Cancelled, "confirmed_spam")
	if rows := app.All(desk.Outbox, desktest.Values{"id": erased.Id}); len(rows) != 0 {
		t.Error("the mail to an erased address is still there")
	}
}
