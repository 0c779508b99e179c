package privacy_test

import (
	"fmt"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
)

// What colleagues were told of a person goes with him, also where it stands on
// the case of somebody else; what they were told of others stays.
func TestEraseWhatStaffWereTold(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	quist := app.Case(desktest.Values{"name": "Quist", "email": "quist@private.example"})
	other := app.Case(desktest.Values{"email": "anna@example.com"})
	make := func(collection string, v desktest.Values) string { return app.Make(collection, v).Id }
	his := make(desk.Messages, desktest.Values{"case": other.Id, "contact": quist.Contact(), "direction": desk.Note, "channel": desk.ChannelEmail, "body": "quist again"})
	hers := make(desk.Messages, desktest.Values{"case": other.Id, "contact": other.Contact(), "direction": desk.Note, "channel": desk.ChannelEmail, "body": "anna again"})
	gone, kept := map[string]string{}, map[string]string{}
	for message, into := range map[string]map[string]string{his: gone, hers: kept} {
		into[make(desk.Notices, desktest.Values{"agent": agent.Id, "kind": desk.NoticeMention, "case": other.Id, "message": message, "data": map[string]any{"text": "some words"}})] = desk.Notices
	}
	promise := make(desk.Promises, desktest.Values{"case": other.Id, "message": his, "agent": agent.Id, "text": "quist gets it on Friday", "due_at": desk.Date(app.Clock.Now()), "state": desk.PromiseOpen})
	for i, c := range []*desk.Case{quist, other} {
		d, err := desk.NewDigest(app, fmt.Sprintf("daily:%s:2026-11-2%d", agent.Id, i), "agent@shop.example",
			desk.Payload{Kind: desk.KindDaily, Draft: fmt.Sprintf("- today  #%d  %s\n", c.Number(), c.Subject())})
		if err != nil {
			t.Fatal(err)
		}
		if err := desk.Save(app, d.Record); err != nil {
			t.Fatal(err)
		}
		[]map[string]string{gone, kept}[i][d.Id] = desk.Outbox
	}
	for filter, into := range map[string]map[string]string{`contact.note ~ "Quist@private.example"`: gone, `contact.note ~ "anna@example.com"`: kept} {
		into[make(desk.Views, desktest.Values{"name": "a view", "owner": agent.Id, "scope": "open", "filter": filter})] = desk.Views
	}

	if _, err := privacy.Erase(app, "quist@private.example"); err != nil {
		t.Fatal(err)
	}
	for id, collection := range gone {
		if _, err := app.FindRecordById(collection, id); err == nil {
			t.Errorf("%s is left", desk.BaseName(collection))
		}
	}
	for id, collection := range kept {
		if _, err := app.FindRecordById(collection, id); err != nil {
			t.Errorf("%s about somebody else is gone", desk.BaseName(collection))
		}
	}
	if text := app.Find(desk.Promises, promise).GetString("text"); text != "" {
		t.Errorf("the words of a promise are left: %q", text)
	}
	if rows := mentions(t, app, "quist"); len(rows) != 0 {
		t.Errorf("stands in %v", rows)
	}
}
