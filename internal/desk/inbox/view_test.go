package inbox_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
)

func TestCaseView(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"limits": map[string]any{"ack_day": -1}})
	gold := app.Make(desk.Teams, desktest.Values{"name": "Gold"}).Id
	agent := app.Agent(desk.RoleAgent, "")
	app.Put(app.Case(desktest.Values{"phone": "0912-345-678", "locale": "zh-TW", "subject": "of another team"}).Record, desktest.Values{"team": gold})
	app.Case(desktest.Values{"subject": "earlier"})
	stranger := app.Case(desktest.Values{"phone": "+81 90 1234 5678", "subject": "claims to be Anna"})
	c := app.Case(desktest.Values{"subject": "now", "attachments": []any{app.File("photo.txt", "a photo")}})
	app.Reply(c, agent, desktest.Values{"attachments": []any{app.File("label.txt", "a label")}})
	app.Reply(c, agent, desktest.Values{"direction": desk.Note, "body": "he sounded angry"})

	v, err := inbox.CaseView(app, agent, desk.AsCase(app.Find(desk.Cases, c.Id)), casework.ReplyAddress)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, m := range v.Messages {
		kinds = append(kinds, m.GetString("direction"))
	}
	if !slices.Equal(kinds, []string{"in", "out", "out", "note"}) {
		t.Fatalf("messages %v", kinds)
	}
	if f := v.Messages[0].Files; len(f) != 1 || f[0].Title != "photo.txt" || f[0].Collection != "feedback" || f[0].Record != c.Feedback() {
		t.Errorf("files of the first message: %+v", f)
	}
	if f := v.Messages[2].Files; len(f) != 1 || f[0].Title != "label.txt" || f[0].Collection != "messages" || v.Messages[2].AuthorName != agent.Name() {
		t.Errorf("answer %+v, files %+v", v.Messages[2].AuthorName, f)
	}
	if v.ReplyTo != "anna@example.com" || !v.Tracking || v.Verdict.GetString("outcome") != desk.Accepted || v.Feedback.Id != c.Feedback() {
		t.Errorf("reply to %q, tracking %v", v.ReplyTo, v.Tracking)
	}
	subjects := []string{}
	for _, l := range v.Contact.Cases {
		subjects = append(subjects, l.Subject)
	}
	if !slices.Equal(subjects, []string{"earlier"}) || len(v.Contact.Identities) != 2 {
		t.Errorf("earlier cases %v, %d addresses", subjects, len(v.Contact.Identities))
	}
	events := []string{}
	for _, l := range v.Events {
		events = append(events, l.GetString("kind"))
	}
	if events[0] != "opened" || !slices.Contains(events, "replied") || !slices.Contains(events, "noted") {
		t.Errorf("events %v", events)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{c.TrackToken(), c.GetString("mail_token"), "idem_key", "track_token"} {
		if strings.Contains(string(raw), secret) {
			t.Errorf("%q is in the view", secret)
		}
	}

	other, err := inbox.CaseView(app, agent, stranger, casework.ReplyAddress)
	if err != nil || len(other.PossibleDuplicates) != 1 || other.PossibleDuplicates[0].Contact.Name != "Anna Berg" || other.PossibleDuplicates[0].Why != "email" {
		t.Errorf("duplicates %+v, %v", other.PossibleDuplicates, err)
	}
}

func TestCaseViewOfErased(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	app.Put(c.Record, desktest.Values{"contact": "", "feedback": "", "track_token": "", "mail_token": ""})
	v, err := inbox.CaseView(app, app.Agent(desk.RoleAgent, ""), c, casework.ReplyAddress)
	if err != nil || v.Contact != nil || v.Feedback != nil || v.Tracking || v.ReplyTo != "" {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := json.Marshal(v); err != nil {
		t.Error(err)
	}
}

// A message says which delivery may be tried again, and whether the mail as it
// came is still kept.
func TestCaseViewOfMail(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	failed := app.Reply(c, agent, desktest.Values{"body": "failed"})
	left := app.Reply(c, agent, desktest.Values{"body": "left"})
	for id, status := range map[string]string{failed.Id: desk.Failed, left.Id: desk.Sent} {
		app.Put(app.One(desk.Outbox, desktest.Values{"message": id}), desktest.Values{"status": status})
		app.Put(app.Find(desk.Messages, id), desktest.Values{"delivery": status})
	}
	kept := app.Make(desk.InboundMails, desktest.Values{"message_id": "<a@x.example>", "status": desk.MailDone, "raw": app.File("mail.eml", "From: a@x.example\r\n\r\nhi")})
	gone := app.Make(desk.InboundMails, desktest.Values{"message_id": "<b@x.example>", "status": desk.MailDone})
	for body, mail := range map[string]string{"kept": kept.Id, "gone": gone.Id} {
		app.Make(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.In, "channel": desk.ChannelEmail, "body": body, "inbound": mail})
	}
	v, err := inbox.CaseView(app, agent, desk.AsCase(app.Find(desk.Cases, c.Id)), casework.ReplyAddress)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range v.Messages {
		body := m.GetString("body")
		if has := m.Delivery != ""; has != (body == "failed") {
			t.Errorf("%q: delivery %q", body, m.Delivery)
		}
		if m.HasRaw != (body == "kept") {
			t.Errorf("%q: has its raw mail: %v", body, m.HasRaw)
		}
	}
}

// What a mailbox answers by itself is not what the visitor said last.
func TestSnippetOfAutomaticMail(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(desktest.Values{"message": "Is the blue kettle in stock?"})
	app.Make(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.In, "channel": desk.ChannelEmail, "body": "I am away until Monday.", "auto": "subject out of office"})
	page, err := inbox.Cases(app, agent, inbox.Query{Queue: "all"})
	if err != nil || len(page.Items) != 1 || page.Items[0].Snippet != "Is the blue kettle in stock?" {
		t.Errorf("%+v, %v", page.Items, err)
	}
}
