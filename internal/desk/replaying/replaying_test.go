package replaying_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/replaying"
)

func TestMain(m *testing.M) { os.Exit(desktest.Main(m)) }

// rule gives each case that it finds the priority "high".
type rule struct {
	event string
	where string
	wait  time.Duration
	print string
	would func(c *desk.Case) // told before each case
	rows  error

	silent bool         // sends nothing
	told   atomic.Int32 // of how many cases before it was asked about them

	mu  sync.Mutex
	did []string
}

func (r *rule) Print() string { return r.print }
func (r *rule) Event() string { return r.event }
func (r *rule) Actions() []replaying.Action {
	return []replaying.Action{{Do: "priority", Value: json.RawMessage(`"high"`)}, {Do: "note", Value: json.RawMessage(`{"body":"x"}`)}}
}

func (r *rule) Rows(app core.App) (*dbx.SelectQuery, error) {
	cases := "{{" + desk.Name(app, desk.Cases) + "}} c"
	var q *dbx.SelectQuery
	switch r.event {
	case "visitor_wrote":
		q = app.DB().Select("c.id AS case", "m.id AS row").From("{{"+desk.Name(app, desk.Messages)+"}} m").InnerJoin(cases, dbx.NewExp("[[c.id]] = [[m.case]]"))
	case "staff_changed":
		q = app.DB().Select("c.id AS case", "e.id AS row").From("{{"+desk.Name(app, desk.Events)+"}} e").
			InnerJoin(cases, dbx.NewExp("[[c.id]] = [[e.case]]")).Where(dbx.NewExp("[[e.actor]] != ''"))
	default:
		q = app.DB().Select("c.id AS case", "c.id AS row").From(cases)
	}
	if r.where != "" {
		q.AndWhere(dbx.NewExp(r.where))
	}
	return q, r.rows
}

func (r *rule) Kinds() []string { return []string{"status", "replied"} }

func (r *rule) Waits(app core.App) ([]string, time.Time, error) {
	return []string{desk.Pending}, desk.Now(app).Add(-r.wait), nil
}

func (r *rule) Column() string { return "status_since" }

func (r *rule) Prepare(_ core.App, cases []*desk.Case, rows []replaying.Row) error {
	for i, c := range cases {
		if rows[i].Case != c.Id || rows[i].Row == "" {
			return errors.New("each case goes with what happened on it")
		}
	}
	r.told.Add(int32(len(cases)))
	return nil
}

func (r *rule) Would(_ core.App, c *desk.Case, row replaying.Row) ([]replaying.Deed, error) {
	if r.would != nil {
		r.would(c)
	}
	one := replaying.Deed{Does: c.Priority() != "high", Locale: c.Locale()}
	if !one.Does {
		one.Skip = "same"
	}
	if c.Assignee() != "" {
		one = replaying.Deed{Skip: "taken", Was: c.Assignee()}
	}
	return []replaying.Deed{one, {Failed: "no_template: x"}}, nil
}

func (r *rule) Letter(_ core.App, c *desk.Case) (*replaying.Letter, error) {
	if r.silent {
		return nil, nil
	}
	return &replaying.Letter{Template: "x", Subject: "about " + c.Id}, nil
}

func (r *rule) Do(row replaying.Row) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if slices.Contains(r.did, row.Case) {
		return false, nil
	}
	r.did = append(r.did, row.Case)
	return true, nil
}

// finished waits for a trial to come to its end.
func finished(t *testing.T, s *replaying.Station, owner, id string) replaying.Progress {
	t.Helper()
	<-s.Ended(id)
	at, err := s.Look(owner, id)
	if err != nil || !at.Finished {
		t.Fatalf("%+v, %v", at, err)
	}
	return at
}

func try(t *testing.T, s *replaying.Station, r replaying.Rule, days int) (string, replaying.Progress) {
	t.Helper()
	id, err := s.Start("anna", r, days)
	if err != nil {
		t.Fatal(err)
	}
	return id, finished(t, s, "anna", id)
}

func listed(at replaying.Progress) []string {
	var out []string
	for _, f := range at.List {
		out = append(out, f.Case)
	}
	return out
}

// Of the cases of the last days those are listed on which something would change:
// the open ones first, the latest before the earlier. Junk, what was imported and
// what lies further back is left out.
func TestOpened(t *testing.T) {
	app := desktest.New(t)
	open := func(v desktest.Values) *desk.Case {
		app.Clock.Advance(25 * time.Hour)
		return app.Case(v)
	}
	open(nil) // too early
	app.Clock.Advance(30 * 24 * time.Hour)
	first, done, high := open(nil), open(nil), open(nil)
	imported, junk, last := open(nil), open(nil), open(nil)
	app.Put(done.Record, desktest.Values{"status": desk.Resolved})
	app.Put(high.Record, desktest.Values{"priority": "high"})
	app.Put(app.Find(desk.Feedbacks, imported.Feedback()), desktest.Values{"source": "import"})
	app.Put(junk.Record, desktest.Values{"tags": []string{desk.SpamTag}})
	if err := desk.Record(app, desk.Event{Case: junk.Id, Kind: desk.EventMarkedSpam}); err != nil {
		t.Fatal(err)
	}
	app.Clock.Advance(time.Minute)

	_, at := try(t, replaying.New(app), &rule{event: "case_opened"}, 30)
	if want := []string{last.Id, first.Id, done.Id}; !slices.Equal(listed(at), want) {
		t.Errorf("listed %v, want %v", listed(at), want)
	}
	if at.Total != 6 || at.Done != 6 || at.Matched != 4 || at.Changed != 3 || at.Open != 2 || at.Cut || at.Error != "" {
		t.Errorf("%+v", at)
	}
	if c := at.Changes; c[0].Count != 3 || c[0].Failed != 0 || c[1].Count != 0 || c[1].Failed != 4 || c[1].Why != "no_template: x" {
		t.Errorf("changes %+v", c)
	}
	if f := at.List[0]; f.Number != last.Number() || f.Subject != last.Subject() || !f.Open || len(f.Would) != 1 || f.Would[0].Do != "priority" {
		t.Errorf("found %+v", f)
	}
}

// A case to which the visitor wrote twice is one case, found by its latest words.
func TestWords(t *testing.T) {
	app := desktest.New(t)
	c, silent := app.Case(nil), app.Case(nil)
	hear := func(body string) {
		t.Helper()
		app.Clock.Advance(time.Hour)
		m, err := desk.NewMessage(app, c.Id)
		if err != nil {
			t.Fatal(err)
		}
		m.Set("channel", desk.ChannelPage)
		m.Set("body", body)
		if err := app.Commit.Do(func(tx core.App) error { return app.Work.Hear(tx, casework.Heard{Case: c, Message: m}) }); err != nil {
			t.Fatal(err)
		}
	}
	hear("one")
	hear("two")
	if err := desk.Record(app, desk.Event{Case: silent.Id, Kind: "visitor_wrote", After: map[string]any{"message": "x", "quiet": true}}); err != nil {
		t.Fatal(err)
	}
	app.Clock.Advance(time.Hour)
	s := replaying.New(app)
	_, at := try(t, s, &rule{event: "visitor_wrote"}, 7)
	if !slices.Equal(listed(at), []string{c.Id}) || at.Total != 2 || at.Done != 2 || at.Matched != 1 {
		t.Errorf("%+v", at)
	}
	if _, at := try(t, s, &rule{event: "visitor_wrote", where: "[[m.body]] = 'three'"}, 7); at.Matched != 0 || at.Done != 2 {
		t.Errorf("no such words: %+v", at)
	}
}

// What staff did counts, what the system did doesn't.
func TestChangedByStaff(t *testing.T) {
	app := desktest.New(t)
	anna := app.Agent(desk.RoleAgent, "")
	mine, systems := app.Case(nil), app.Case(nil)
	err := desk.Record(app,
		desk.Event{Case: mine.Id, Actor: anna.Id, Kind: "status", After: map[string]any{"status": "open"}},
		desk.Event{Case: mine.Id, Actor: anna.Id, Kind: "read"},
		desk.Event{Case: systems.Id, Kind: "status", After: map[string]any{"status": "open"}})
	if err != nil {
		t.Fatal(err)
	}
	app.Clock.Advance(time.Hour)
	_, at := try(t, replaying.New(app), &rule{event: "staff_changed"}, 7)
	if !slices.Equal(listed(at), []string{mine.Id}) || at.Total != 1 || at.Done != 1 {
		t.Errorf("%+v", at)
	}
}

// Only what waited long enough by now is found.
func TestWaiting(t *testing.T) {
	app := desktest.New(t)
	long, short, other := app.Case(nil), app.Case(nil), app.Case(nil)
	pending := func(c *desk.Case) {
		t.Helper()
		c.Set("status", desk.Pending)
		if err := desk.Save(app, c.Record); err != nil {
			t.Fatal(err)
		}
	}
	pending(long)
	app.Clock.Advance(48 * time.Hour)
	pending(short)
	app.Clock.Advance(time.Hour)
	_, at := try(t, replaying.New(app), &rule{event: "time_passed", wait: 48 * time.Hour}, 90)
	if !slices.Equal(listed(at), []string{long.Id}) || at.Total != 1 {
		t.Errorf("%+v; short %s, other %s", at, short.Id, other.Id)
	}
}

// One at a time for each admin; somebody else sees nothing of it.
func TestOneEach(t *testing.T) {
	app := desktest.New(t)
	app.Case(nil)
	app.Clock.Advance(time.Minute)
	s := replaying.New(app)
	held := make(chan struct{})
	reached := make(chan string, 10)
	waits := func(name string) *rule {
		return &rule{event: "case_opened", would: func(*desk.Case) { reached <- name; <-held }}
	}
	var ids []string
	for _, owner := range []string{"a", "b", "c"} {
		id, err := s.Start(owner, waits(owner), 7)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
		<-reached
	}
	if _, err := s.Start("d", waits("d"), 7); !errors.Is(err, replaying.ErrBusy) {
		t.Errorf("a fourth at once: %v", err)
	}
	if at, err := s.Look("a", ids[0]); err != nil || at.Finished || at.Total != 1 || at.Done != 0 || len(at.List) != 0 {
		t.Errorf("under way: %+v %v", at, err)
	}
	if _, err := s.Look("b", ids[0]); !errors.Is(err, replaying.ErrNone) {
		t.Errorf("somebody else's: %v", err)
	}
	if err := s.End("b", ids[0]); !errors.Is(err, replaying.ErrNone) {
		t.Errorf("ends somebody else's: %v", err)
	}
	if _, err := s.Apply(context.Background(), "a", ids[0], waits("a")); !errors.Is(err, replaying.ErrRunning) {
		t.Errorf("applied while under way: %v", err)
	}
	again, err := s.Start("a", waits("again"), 7)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Look("a", ids[0]); !errors.Is(err, replaying.ErrNone) {
		t.Errorf("the earlier one: %v", err)
	}
	over := s.Ended(ids[1])
	if err := s.End("b", ids[1]); err != nil {
		t.Error(err)
	}
	close(held)
	<-over
	finished(t, s, "a", again)
	for range 2 { // the memory of a trial ends as well
		app.Clock.Advance(20 * time.Minute)
		if _, err := s.Look("a", again); err != nil {
			t.Errorf("looked at every 20 minutes: %v", err)
		}
	}
	app.Clock.Advance(31 * time.Minute)
	if _, err := s.Start("d", waits("d"), 7); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Look("a", again); !errors.Is(err, replaying.ErrNone) {
		t.Errorf("forgotten: %v", err)
	}
	s.Stop()
}
