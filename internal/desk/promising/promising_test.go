package promising_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/promising"
)

// vow makes a promise that is due in a time from now.
func vow(t *testing.T, app *desktest.App, c *desk.Case, by *desk.Agent, in time.Duration) *desk.Promise {
	t.Helper()
	p, err := app.Promises.Vow(c.Id, desk.Vow{Agent: by.Id, Text: "by Friday", Due: app.Clock.Now().Add(in)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func tick(t *testing.T, app *desktest.App) int {
	t.Helper()
	n, err := app.Promises.Tick()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func state(app *desktest.App, p *desk.Promise) string {
	return app.Find(desk.Promises, p.Id).GetString("state")
}

func theCase(app *desktest.App, c *desk.Case) *desk.Case {
	return desk.AsCase(app.Find(desk.Cases, c.Id))
}

func TestKept(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	p := vow(t, app, c, agent, 5*time.Hour)
	if got := theCase(app, c); !got.GetDateTime("promised_at").Time().Equal(p.Due()) || !got.GetDateTime("due_at").Time().Equal(p.Due()) {
		t.Fatalf("promised %v, due %v", got.GetDateTime("promised_at"), got.GetDateTime("due_at"))
	}
	app.Clock.Advance(time.Hour)
	if _, err := app.Write(theCase(app, c), agent, desktest.Values{"direction": "note", "body": "he waits"}); err != nil {
		t.Fatal(err)
	}
	if state(app, p) != desk.PromiseOpen {
		t.Error("a note keeps no promise")
	}
	m := app.Reply(theCase(app, c), agent, nil)
	after := theCase(app, c)
	if r := app.Find(desk.Promises, p.Id); r.GetString("state") != desk.PromiseKept || r.GetString("answer") != m.Id || r.GetString("settled_at") == "" {
		t.Errorf("after the answer: %v", r.PublicExport())
	}
	if !after.GetDateTime("promised_at").IsZero() {
		t.Error("the case still promises")
	}
	kinds := app.Kinds(c.Id)
	if !slices.Contains(kinds, desk.EventPromised) || !slices.Contains(kinds, desk.EventPromiseKept) {
		t.Errorf("events %v", kinds)
	}
	app.Clock.Advance(24 * time.Hour)
	if n := tick(t, app); n != 0 {
		t.Errorf("%d promises are due after all was kept", n)
	}
}

func TestWarnedOnceAndBroken(t *testing.T) {
	app := desktest.New(t)
	maker, holder := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	app.Put(c.Record, desktest.Values{"assignee": holder.Id})
	app.Reply(theCase(app, c), maker, desktest.Values{"status": desk.Pending})
	p := vow(t, app, c, maker, 20*time.Hour) // warned two hours before
	app.Clock.Advance(17 * time.Hour)
	if n := tick(t, app); n != 0 || theCase(app, c).Status() != desk.Pending {
		t.Fatalf("warned too early: %d", n)
	}
	app.Clock.Advance(90 * time.Minute)
	for range 2 {
		tick(t, app)
	}
	told := app.All(desk.Notices, desktest.Values{"kind": desk.NoticePromiseDue})
	if len(told) != 1 || told[0].GetString("agent") != holder.Id || theCase(app, c).Status() != desk.Open {
		t.Fatalf("%d warnings, case %s", len(told), theCase(app, c).Status())
	}
	app.Clock.Advance(2 * time.Hour)
	for range 2 {
		tick(t, app)
	}
	broken := app.One(desk.Notices, desktest.Values{"kind": desk.NoticePromiseBroken})
	after := theCase(app, c)
	if state(app, p) != desk.PromiseBroken || broken.GetString("agent") != holder.Id {
		t.Errorf("state %s, told %s", state(app, p), broken.GetString("agent"))
	}
	if !after.GetDateTime("promised_at").Time().Equal(p.Due()) {
		t.Error("the visitor still waits, but the case is not late any more")
	}
	m := app.Reply(after, holder, nil)
	if r := app.Find(desk.Promises, p.Id); r.GetString("state") != desk.PromiseBroken || r.GetString("answer") != m.Id {
		t.Errorf("a late answer: %v", r.PublicExport())
	}
	if !theCase(app, c).GetDateTime("promised_at").IsZero() {
		t.Error("answered, and still late")
	}
}

func TestAnsweredTooLateBeforeTheTick(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	p := vow(t, app, c, agent, time.Hour)
	app.Clock.Advance(61 * time.Minute)
	app.Reply(theCase(app, c), agent, nil)
	if state(app, p) != desk.PromiseBroken || !theCase(app, c).GetDateTime("promised_at").IsZero() {
		t.Errorf("%s", state(app, p))
	}
}

func TestReplacedAndWithdrawn(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	first := vow(t, app, c, agent, time.Hour)
	second := vow(t, app, c, agent, 3*time.Hour)
	if state(app, first) != desk.PromiseWithdrawn || state(app, second) != desk.PromiseOpen {
		t.Errorf("first %s, second %s", state(app, first), state(app, second))
	}
	if err := app.Promises.Retract(first.Id, agent); !errors.Is(err, promising.ErrSettled) {
		t.Errorf("withdrawn twice: %v", err)
	}
	if err := app.Promises.Retract(second.Id, agent); err != nil {
		t.Fatal(err)
	}
	if state(app, second) != desk.PromiseWithdrawn || !theCase(app, c).GetDateTime("promised_at").IsZero() {
		t.Error("the withdrawn one stands")
	}
}

func TestRefused(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	for name, due := range map[string]time.Time{
		"none": {}, "past": app.Clock.Now(), "far": app.Clock.Now().Add(promising.Farthest + time.Hour),
	} {
		if _, err := app.Promises.Vow(c.Id, desk.Vow{Agent: agent.Id, Due: due}); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"status": desk.Resolved})
	if _, err := app.Promises.Vow(c.Id, desk.Vow{Agent: agent.Id, Due: app.Clock.Now().Add(time.Hour)}); err == nil {
		t.Error("a promise on a case that is done")
	}
	if n := len(app.All(desk.Promises, nil)); n != 0 {
		t.Errorf("%d promises were left behind", n)
	}
}

func TestDoneCaseBreaksNothing(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	p := vow(t, app, c, agent, time.Hour)
	app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"status": desk.Resolved})
	app.Clock.Advance(2 * time.Hour)
	tick(t, app)
	if state(app, p) != desk.PromiseWithdrawn || len(app.All(desk.Notices, nil)) != 0 {
		t.Errorf("%s, %d notices", state(app, p), len(app.All(desk.Notices, nil)))
	}
}

// change is what a PATCH of a case does.
func change(t *testing.T, app *desktest.App, c *desk.Case, agent *desk.Agent, v desktest.Values) error {
	t.Helper()
	return app.Commit.Do(func(tx core.App) error {
		before, err := desk.FindCase(tx, c.Id)
		if err != nil {
			return err
		}
		after := desk.AsCase(before.Fresh())
		for name, value := range v {
			after.Set(name, value)
		}
		events, err := app.Work.Change(tx, before, after, agent, 0)
		if err != nil {
			return err
		}
		if err := desk.Save(tx, after.Record); err != nil {
			return err
		}
		return desk.Record(tx, events...)
	})
}

func TestPatchAndRecordAgree(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	due := desk.Date(app.Clock.Now().Add(5 * time.Hour))
	if err := change(t, app, c, agent, desktest.Values{"promised_at": due}); err != nil {
		t.Fatal(err)
	}
	p := app.One(desk.Promises, desktest.Values{"state": desk.PromiseOpen})
	if !p.GetDateTime("due_at").Equal(due) || p.GetString("agent") != agent.Id || !theCase(app, c).GetDateTime("promised_at").Equal(due) {
		t.Errorf("promise %v", p.PublicExport())
	}
	if err := change(t, app, c, agent, desktest.Values{"promised_at": desk.Date(app.Clock.Now().Add(-time.Hour))}); err == nil || !strings.Contains(err.Error(), "promised_at") {
		t.Errorf("a past date: %v", err)
	}
	if err := change(t, app, c, agent, desktest.Values{"promised_at": ""}); err != nil {
		t.Fatal(err)
	}
	if n := len(app.All(desk.Promises, desktest.Values{"state": desk.PromiseOpen})); n != 0 || !theCase(app, c).GetDateTime("promised_at").IsZero() {
		t.Errorf("%d are open after it was taken out", n)
	}
}

func TestPromiseInAnAnswer(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	old := vow(t, app, c, agent, time.Hour)
	m := answer(t, app, c, agent, casework.Entry{Vow: &desk.Vow{Text: "by Friday", Due: app.Clock.Now().Add(48 * time.Hour)}, Undo: time.Minute})
	p := app.One(desk.Promises, desktest.Values{"state": desk.PromiseOpen})
	if state(app, old) != desk.PromiseKept || p.GetString("message") != m.Id || p.GetString("text") != "by Friday" {
		t.Fatalf("old %s, new %v", state(app, old), p.PublicExport())
	}
	// taken back: what it promised was never said, what it kept is open again
	err := app.Commit.Do(func(tx core.App) error { _, err := app.Work.Undo(tx, m.Id, agent); return err })
	if err != nil {
		t.Fatal(err)
	}
	left := app.One(desk.Promises, nil)
	if left.Id != old.Id || left.GetString("state") != desk.PromiseOpen || !theCase(app, c).GetDateTime("promised_at").Time().Equal(old.Due()) {
		t.Errorf("after undo: %v, case %v", left.PublicExport(), theCase(app, c).GetDateTime("promised_at"))
	}
}

// answer saves an entry with an answer by mail.
func answer(t *testing.T, app *desktest.App, c *desk.Case, agent *desk.Agent, e casework.Entry) *desk.Message {
	t.Helper()
	m, err := desk.NewMessage(app, c.Id)
	if err != nil {
		t.Fatal(err)
	}
	m.Set("direction", desk.Out)
	m.Set("body", "We will know more by Friday.")
	m.Id = core.GenerateDefaultRandomId()
	e.Case, e.Agent, e.Message = theCase(app, c), agent, m
	w, err := app.Work.Write(app, e)
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Commit.Do(w.Save); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAsleepForDaysAndCrash(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	var all []*desk.Promise
	for i := range 5 {
		c := app.Case(desktest.Values{"email": string(rune('a'+i)) + "@example.com"})
		app.Put(c.Record, desktest.Values{"assignee": agent.Id})
		all = append(all, vow(t, app, c, agent, time.Duration(i+1)*time.Hour))
	}
	app.Clock.Advance(72 * time.Hour)
	again := app.AfterCrash()
	for range 2 {
		if _, err := again.Promises.Tick(); err != nil {
			t.Fatal(err)
		}
	}
	told := again.All(desk.Notices, desktest.Values{"kind": desk.NoticePromiseBroken})
	if len(told) != 5 || len(again.All(desk.Notices, desktest.Values{"kind": desk.NoticePromiseDue})) != 0 {
		t.Fatalf("%d were told broken", len(told))
	}
	for i, n := range told { // in the order of their times
		if n.GetString("case") != all[i].Case() {
			t.Errorf("notice %d is of another case", i)
		}
	}
}

func TestRace(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	app.Put(c.Record, desktest.Values{"assignee": agent.Id})
	p := vow(t, app, c, agent, time.Hour)
	app.Clock.Advance(2 * time.Hour)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := app.Promises.Tick(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(app.All(desk.Notices, desktest.Values{"kind": desk.NoticePromiseBroken})); n != 1 || state(app, p) != desk.PromiseBroken {
		t.Errorf("told %d times", n)
	}
}

func TestReportAndList(t *testing.T) {
	app := desktest.New(t)
	team := app.Make(desk.Teams, desktest.Values{"name": "North"})
	one, other, boss := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleSupervisor, "")
	kept := app.Case(desktest.Values{"email": "a@example.com"})
	vow(t, app, kept, one, time.Hour)
	app.Reply(theCase(app, kept), one, nil)
	broken := app.Case(desktest.Values{"email": "b@example.com"})
	vow(t, app, broken, one, time.Hour)
	open := app.Case(desktest.Values{"email": "c@example.com"})
	vow(t, app, open, other, 50*time.Hour)
	app.Clock.Advance(2 * time.Hour)
	tick(t, app)

	r, err := promising.ReportFor(app, boss, 30)
	if err != nil || r.Kept != 1 || r.Broken != 1 || r.Open != 1 || r.Late != 1 || r.Rate == nil || *r.Rate != 0.5 || len(r.ByAgent) != 2 {
		t.Errorf("the supervisor's: %+v %v", r, err)
	}
	if r, err = promising.ReportFor(app, other, 30); err != nil || r.Kept != 0 || r.Open != 1 || r.Rate != nil {
		t.Errorf("the other's own: %+v %v", r, err)
	}
	page, err := promising.List(app, boss, promising.Query{State: desk.PromiseBroken})
	if err != nil || len(page.Items) != 1 || page.Items[0].Case != broken.Id || page.Items[0].Name == "" {
		t.Errorf("%+v %v", page, err)
	}
	page, err = promising.List(app, one, promising.Query{State: desk.PromiseOpen, Agent: other.Id})
	if err != nil || len(page.Items) != 0 {
		t.Errorf("somebody else's were shown: %+v %v", page, err)
	}
	app.Put(app.Find(desk.Cases, broken.Id), desktest.Values{"team": team.Id})
	if page, err = promising.List(app, one, promising.Query{State: desk.PromiseBroken}); err != nil || len(page.Items) != 0 {
		t.Errorf("a case of another team was shown: %+v %v", page, err)
	}
	if _, err := promising.List(app, boss, promising.Query{State: "all"}); !errors.Is(err, promising.ErrQuery) {
		t.Errorf("no such list: %v", err)
	}
	if _, err := promising.List(app, boss, promising.Query{State: "open", Cursor: "%%"}); !errors.Is(err, promising.ErrQuery) {
		t.Errorf("no such page: %v", err)
	}
}
