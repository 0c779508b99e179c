package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/liquid"
)

func alwaysFails(core.App) error { return errors.New("broken") }

// change saves what an agent changed, as the API does.
func change(t *testing.T, app *desktest.App, id string, agent *desk.Agent, v desktest.Values) *desk.Case {
	t.Helper()
	if err := tryChange(app, id, agent, v); err != nil {
		t.Fatal(err)
	}
	return desk.AsCase(app.Find(desk.Cases, id))
}

func tryChange(app *desktest.App, id string, agent *desk.Agent, v desktest.Values) error {
	before, after := desk.AsCase(app.Find(desk.Cases, id)), desk.AsCase(app.Find(desk.Cases, id))
	for name, value := range v {
		after.Set(name, value)
	}
	events, err := app.Work.Change(app, before, after, agent, 0)
	if err != nil {
		return err
	}
	return errors.Join(desk.Save(app, after.Record), desk.Record(app, events...))
}

func TestChange(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(desktest.Values{"category": "product"})

	after := change(t, app, c.Id, agent, desktest.Values{"category": "return", "assignee": agent.Id, "tags": []string{"gold"}})
	if r := after.Reasons()["category"]; r.By != "staff" || r.Why != agent.Name() {
		t.Errorf("staff overrule the visitor: %+v", r)
	}
	for _, kind := range []string{"category", "assignee", "tags"} {
		if after := app.Event(c.Id, kind); after[kind] == nil {
			t.Errorf("event %s: %v", kind, after)
		}
	}
	if after.GetInt("version") != 2 {
		t.Errorf("version %d", after.GetInt("version"))
	}
	if n := len(app.Kinds(c.Id)); change(t, app, c.Id, agent, nil).GetInt("version") != 2 || len(app.Kinds(c.Id)) != n {
		t.Error("a change of nothing leaves traces")
	}

	_, err := app.Work.Change(app, after, after, app.Agent(desk.RoleAgent, ""), 1)
	if !errors.Is(err, casework.ErrCollision) {
		t.Errorf("an old version: %v", err)
	}
	if _, err := app.Work.Change(app, after, after, agent, 2); err != nil {
		t.Errorf("the present version: %v", err)
	}

	app.Clock.Advance(time.Hour)
	after = change(t, app, c.Id, agent, desktest.Values{"status": desk.Resolved})
	if !after.GetDateTime("resolved_at").Time().Equal(app.Clock.Now()) || !after.GetDateTime("due_at").IsZero() {
		t.Errorf("resolved %v, due %v", after.GetDateTime("resolved_at"), after.GetDateTime("due_at"))
	}
	app.Clock.Advance(time.Hour)
	closed := change(t, app, c.Id, agent, desktest.Values{"status": desk.Closed})
	if !closed.GetDateTime("resolved_at").Time().Equal(after.GetDateTime("resolved_at").Time()) || closed.GetInt("reopened") != 0 {
		t.Error("closing a resolved case solves it a second time")
	}
	after = change(t, app, c.Id, agent, desktest.Values{"status": desk.Open})
	if after.GetInt("reopened") != 1 || !after.GetDateTime("resolved_at").IsZero() || after.GetDateTime("due_at").IsZero() {
		t.Errorf("reopened %d, resolved %v, due %v", after.GetInt("reopened"), after.GetDateTime("resolved_at"), after.GetDateTime("due_at"))
	}
	if got := app.Event(c.Id, "status"); got["status"] != desk.Open {
		t.Errorf("event %v", got)
	}
}

func TestChangeOfPriorityMovesDues(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	s, err := desk.LoadSettings(app)
	if err != nil {
		t.Fatal(err)
	}
	opened := app.Clock.Now()
	app.Clock.Advance(3 * time.Hour)
	for _, priority := range []string{"urgent", "low", "high", "normal"} {
		after := change(t, app, c.Id, agent, desktest.Values{"priority": priority})
		want := s.FirstDue(opened, priority)
		if by := s.AnswerBy(opened); want.After(by) { // never later than the visitor was promised
			want = by
		}
		if got := after.GetDateTime("first_response_due").Time(); !got.Equal(want) {
			t.Errorf("%s: due %v, want %v", priority, got, want)
		}
		if after.Reasons()["priority"].By != "staff" {
			t.Errorf("%s: reason %v", priority, after.Reasons())
		}
	}
	app.Reply(c, agent, nil)
	before := app.Find(desk.Cases, c.Id).GetDateTime("first_response_due")
	if after := change(t, app, c.Id, agent, desktest.Values{"priority": "urgent"}); !after.GetDateTime("first_response_due").Equal(before) {
		t.Error("an answered case's first due moved")
	}
}

func TestChangeOfFollowUp(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	at := app.Clock.Now().Add(time.Hour)
	after := change(t, app, c.Id, agent, desktest.Values{"follow_up_at": desk.Date(at), "follow_up_note": "ask the carrier"})
	if !after.GetDateTime("due_at").Time().Equal(at) {
		t.Errorf("due %v", after.GetDateTime("due_at"))
	}
	rows := app.All(desk.Events, desktest.Values{"case": c.Id, "kind": "follow_up"})
	if len(rows) != 1 || app.Event(c.Id, "follow_up")["follow_up_note"] != "ask the carrier" {
		t.Errorf("%d events, %v", len(rows), app.Event(c.Id, "follow_up"))
	}
	change(t, app, c.Id, agent, desktest.Values{"follow_up_note": "ask again"})
	if len(app.All(desk.Events, desktest.Values{"case": c.Id, "kind": "follow_up"})) != 2 {
		t.Error("a changed note leaves no trace")
	}
}

// A reminder lies ahead: one of years ago would make the case late at once.
func TestFollowUpLiesAhead(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	for _, at := range []time.Time{app.Clock.Now().AddDate(-1, 0, 0), app.Clock.Now().AddDate(9, 0, 0)} {
		if err := tryChange(app, c.Id, agent, desktest.Values{"follow_up_at": desk.Date(at)}); err == nil || !strings.Contains(err.Error(), "time to come") {
			t.Errorf("%s: %v", at, err)
		}
	}
	change(t, app, c.Id, agent, desktest.Values{"follow_up_at": desk.Date(app.Clock.Now().Add(-time.Hour))})
	change(t, app, c.Id, agent, desktest.Values{"follow_up_at": ""})
}

// Whoever has a case can see it: nobody else is given it, and who does not see its
// new team leaves it to that.
func TestKeeperSeesTheCase(t *testing.T) {
	app := desktest.New(t)
	gold := app.Make(desk.Teams, desktest.Values{"name": "Gold"}).Id
	iron := app.Make(desk.Teams, desktest.Values{"name": "Iron"}).Id
	ann, bob, sue := app.Agent(desk.RoleAgent, gold), app.Agent(desk.RoleAgent, iron), app.Agent(desk.RoleSupervisor, "")
	machine := app.Agent(desk.RoleIntegration, "")
	c := app.Case(nil)
	app.Put(c.Record, desktest.Values{"team": gold})
	for _, who := range []*desk.Agent{bob, machine} {
		if err := tryChange(app, c.Id, sue, desktest.Values{"assignee": who.Id}); err == nil || !strings.Contains(err.Error(), "can't see") {
			t.Errorf("given to %s: %v", who.Name(), err)
		}
	}
	change(t, app, c.Id, sue, desktest.Values{"assignee": ann.Id})
	if after := change(t, app, c.Id, ann, desktest.Values{"team": iron}); after.Assignee() != "" || app.Event(c.Id, "assignee")["assignee"] != "" {
		t.Errorf("moved away, it is still %q's", after.Assignee())
	}
	if after := change(t, app, c.Id, sue, desktest.Values{"team": gold, "assignee": ann.Id}); after.Assignee() != ann.Id {
		t.Error("team and person in one go are refused")
	}
	change(t, app, c.Id, sue, desktest.Values{"assignee": sue.Id})
	if after := change(t, app, c.Id, sue, desktest.Values{"team": iron}); after.Assignee() != sue.Id {
		t.Error("who sees all loses it")
	}
}

func TestSystemChanges(t *testing.T) {
	app := desktest.New(t)
	before, after := app.Case(nil).Record, (*core.Record)(nil)
	after = app.Find(desk.Cases, before.Id)
	for _, name := range casework.StaffFields() {
		after.Set(name, nil)
	}
	if got := casework.SystemChanges(before, after); len(got) != 0 {
		t.Errorf("fields of staff are refused: %v", got)
	}
	for _, name := range []string{"number", "contact", "feedback", "track_token", "mail_token", "resolved_at", "reopened", "due_at", "reasons", "version", "created"} {
		after := app.Find(desk.Cases, before.Id)
		switch name {
		case "resolved_at", "due_at", "created":
			after.SetRaw(name, desk.Date(app.Clock.Now().Add(time.Minute)))
		case "reasons":
			after.Set(name, map[string]any{"x": 1})
		default:
			after.Set(name, 77)
		}
		if got := casework.SystemChanges(before, after); !slices.Equal(got, []string{name}) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestPreview(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(desktest.Values{"phone": "", "name": ""})
	p, err := app.Work.Preview(app, casework.Draft{Case: c, Agent: agent,
		Subject: "{{ case.subject }}", Body: "{{ contact.name }} {{ contact.phone }} {{ shop.phone }} {{ case.reference }} {{ shop.phone | default: 'none' }}"})
	if err != nil {
		t.Fatal(err)
	}
	if p.Subject != c.Subject() || p.Locale != "en" || !slices.Equal(p.Empty, []string{"contact.name", "contact.phone", "shop.phone"}) {
		t.Errorf("got %+v", p)
	}
	var unknown *liquid.UnknownVariableError
	_, err = app.Work.Preview(app, casework.Draft{Case: c, Agent: agent, Body: "{{ contact.nmae }}"})
	if !errors.As(err, &unknown) || unknown.Name != "contact.nmae" {
		t.Errorf("an unknown variable: %v", err)
	}
	if _, err := app.Work.Preview(app, casework.Draft{Case: c, Agent: agent, Template: "nobody"}); !errors.Is(err, desk.ErrNoTemplate) {
		t.Errorf("an unknown template: %v", err)
	}
	p, err = app.Work.Preview(app, casework.Draft{Case: c, Agent: agent, Template: "order", Locale: "ja"})
	if err != nil || p.Locale != "ja" || !strings.Contains(p.Body, "お問い合わせ") || strings.Contains(p.Body, c.TrackToken()) {
		t.Errorf("%+v, %v", p, err)
	}
	if faulty(app.Work.CheckTemplate("{{ nope }}", "fine")) != "subject" || faulty(app.Work.CheckTemplate("fine", "{{ nope }}")) != "body" {
		t.Error("a wrong template passes")
	}
	for _, locale := range desk.Locales() {
		if v, err := app.Work.Example(app, agent, locale); err != nil || v.Contact.Name == "" || v.Case.Category == "" {
			t.Errorf("%s: %+v, %v", locale, v, err)
		}
	}
}
