package casework_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// write saves an entry as the API does.
func write(t *testing.T, app *desktest.App, e casework.Entry, v desktest.Values) (*desk.Message, error) {
	t.Helper()
	m, err := desk.NewMessage(app, e.Case.Id)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]any{"direction": desk.Out, "channel": desk.ChannelEmail, "body": "Hello"} {
		m.Set(name, value)
	}
	for name, value := range v {
		m.Set(name, value)
	}
	e.Message = m
	out, err := app.Work.Write(app, e)
	if err != nil {
		return nil, err
	}
	return m, app.Commit.Do(out.Save)
}

func TestAnsweredMeanwhile(t *testing.T) {
	app := desktest.New(t)
	app.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
	me, colleague := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	first := app.One(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.In}).Id
	last := func() string {
		rows := app.All(desk.Messages, desktest.Values{"case": c.Id})
		return rows[len(rows)-1].Id
	}
	try := func(name, seen string, v desktest.Values, want string) {
		t.Helper()
		_, err := write(t, app, casework.Entry{Case: c, Agent: me, Seen: seen}, v)
		var by *casework.Answered
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case want != "" && !errors.As(err, &by):
			t.Errorf("%s: %v, want it refused", name, err)
		case want != "" && (by.Body != want || by.Author != colleague.Name() || by.ID == "" || by.Created == ""):
			t.Errorf("%s: %+v", name, by)
		}
	}
	try("automatic mail is no colleague's", first, nil, "")
	try("nor is one's own", first, nil, "")
	seen := last()
	if _, err := write(t, app, casework.Entry{Case: c, Agent: colleague}, desktest.Values{"direction": desk.Note, "body": "careful"}); err != nil {
		t.Fatal(err)
	}
	try("a note is no answer", seen, nil, "")
	seen = last()
	theirs, err := write(t, app, casework.Entry{Case: c, Agent: colleague, Undo: time.Minute}, desktest.Values{"body": "It leaves today."})
	if err != nil {
		t.Fatal(err)
	}
	try("a colleague's answer", seen, nil, "It leaves today.")
	try("who saw nothing", casework.SawNothing, nil, "It leaves today.")
	try("no check", "", nil, "")
	try("a note goes through", seen, desktest.Values{"direction": desk.Note}, "")
	try("a call has happened", seen, desktest.Values{"channel": desk.ChannelPhone, "call": map[string]any{"outcome": "answered"}}, "")
	try("seen", theirs.Id, nil, "")
	try("a message of another case", app.One(desk.Messages, desktest.Values{"case": app.Case(desktest.Values{"email": "b@example.com"}).Id, "direction": desk.In}).Id, nil, "It leaves today.")

	// what was taken back is no answer, though the screen had it
	if _, err := undo(app, theirs.Id, colleague); err != nil {
		t.Fatal(err)
	}
	try("taken back", theirs.Id, nil, "")

	// a merged case brings messages along that were saved earlier
	app.Clock.Advance(time.Hour)
	moved, err := write(t, app, casework.Entry{Case: app.Case(desktest.Values{"email": "c@example.com"}), Agent: colleague}, desktest.Values{"body": "From the other case."})
	if err != nil {
		t.Fatal(err)
	}
	late := last()
	app.Put(app.Find(desk.Messages, moved.Id), desktest.Values{"case": c.Id})
	try("moved here", late, nil, "From the other case.")
}

// Two agents who saw the same message and press Send together: one answer leaves.
func TestAnsweredRace(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	seen := app.One(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.In}).Id
	results := make(chan error, 6)
	for range cap(results) {
		e := casework.Entry{Case: c, Agent: app.Agent(desk.RoleAgent, ""), Seen: seen}
		m, err := desk.NewMessage(app, c.Id)
		if err != nil {
			t.Fatal(err)
		}
		m.Set("direction", desk.Out)
		m.Set("body", "Mine.")
		e.Message = m
		out, err := app.Work.Write(app, e)
		if err != nil {
			t.Fatal(err)
		}
		go func() { results <- app.Commit.Do(out.Save) }()
	}
	sent := 0
	for range cap(results) {
		err := <-results
		var by *casework.Answered
		if err == nil {
			sent++
		} else if !errors.As(err, &by) {
			t.Error(err)
		}
	}
	if n := len(app.All(desk.Messages, desktest.Values{"case": c.Id, "body": "Mine."})); sent != 1 || n != 1 {
		t.Errorf("%d of them heard that it was sent, %d answers stand in the case", sent, n)
	}
}

func TestChangedSince(t *testing.T) {
	app := desktest.New(t)
	app.Make(desk.Categories, desktest.Values{"id": "gifts", "labels": map[string]string{"en": "Gifts"}, "enabled": true})
	c := app.Case(desktest.Values{"category": "product"})
	ann, bob := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleSupervisor, "")
	seen := c.GetInt("version")
	if got, err := casework.ChangedSince(app, c.Id, seen); err != nil || len(got) != 0 {
		t.Fatalf("nothing happened: %v %v", got, err)
	}
	change(t, app, c.Id, ann, desktest.Values{"category": "gifts", "tags": []string{"gold"}})
	change(t, app, c.Id, ann, desktest.Values{"priority": "urgent"})
	middle := app.Find(desk.Cases, c.Id).GetInt("version")
	app.Clock.Advance(time.Minute)
	change(t, app, c.Id, bob, desktest.Values{"category": "return", "priority": "normal"})
	app.Reply(desk.AsCase(app.Find(desk.Cases, c.Id)), bob, nil)

	byField := func(version int) map[string]casework.FieldChange {
		t.Helper()
		list, err := casework.ChangedSince(app, c.Id, version)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]casework.FieldChange{}
		for _, one := range list {
			out[one.Field] = one
		}
		return out
	}
	got := byField(seen)
	if len(got) != 4 || got["priority"].Field != "" {
		t.Errorf("a field with its old value again, or a missing one: %v", got)
	}
	if x := got["category"]; x.Before != "product" || x.After != "return" || x.Actor != bob.Name() || x.At == "" {
		t.Errorf("category %+v", x)
	}
	if x := got["status"]; x.Before != desk.Unread || x.After != desk.Open || x.Actor != bob.Name() {
		t.Errorf("an answer moves the status: %+v", x)
	}
	if got["assignee"].After != bob.Id || got["tags"].Actor != ann.Name() {
		t.Errorf("%+v", got)
	}
	if got := byField(middle); got["category"].Before != "gifts" || got["priority"].Before != "urgent" || len(got) != 4 {
		t.Errorf("since a later version: %+v", got)
	}
	if now := app.Find(desk.Cases, c.Id).GetInt("version"); len(byField(now)) != 0 || len(byField(now+5)) != 0 || len(byField(-3)) == 0 {
		t.Error("bounds of the version")
	}
}
