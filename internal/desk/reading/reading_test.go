package reading_test

import (
	"os"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/reading"
)

func TestMain(m *testing.M) { os.Exit(desktest.Main(m)) }

func station(app *desktest.App) *reading.Station { return reading.New(app, app.Commit) }

// must fails the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// reload is the agent as saved.
func reload(app *desktest.App, a *desk.Agent) string {
	return app.Find(desk.Agents, a.Id).GetString("read_before")
}

func TestBeginIsNotedOnce(t *testing.T) {
	app := desktest.New(t)
	ann, s := app.Agent(desk.RoleAgent, ""), station(app)
	must(t, s.Begin(ann))
	first := reload(app, ann)
	app.Clock.Advance(time.Hour)
	must(t, s.Begin(ann)) // as it was when the request came
	if again := reload(app, ann); first == "" || again != first {
		t.Errorf("began at %q, then at %q", first, again)
	}
}

func TestReadAndUnread(t *testing.T) {
	app := desktest.New(t)
	ann, ben, s := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleAgent, ""), station(app)
	c := app.Case(nil)
	seen := func(a *desk.Agent) []string {
		var out []string
		for _, r := range app.All(desk.Reads, desktest.Values{"agent": a.Id, "case": c.Id}) {
			out = append(out, r.GetString("seen_at"))
		}
		return out
	}
	must(t, s.Read(ann, c.Id))
	app.Clock.Advance(time.Minute)
	must(t, s.Read(ann, c.Id))
	if got := seen(ann); len(got) != 1 || got[0] != desk.Date(app.Clock.Now()).String() {
		t.Errorf("Ann has %v", got)
	}
	must(t, s.Unread(ann, c.Id))
	must(t, s.Unread(ben, c.Id)) // never opened
	if a, b := seen(ann), seen(ben); len(a) != 1 || a[0] != "" || len(b) != 1 || b[0] != "" {
		t.Errorf("marked: %v and %v", a, b)
	}
	must(t, s.ReadSome(ann, []string{c.Id}))
	if got := seen(ann); len(got) != 1 || got[0] == "" {
		t.Errorf("after reading some: %v", got)
	}
}

// A note that names somebody is seen with its case, and only by him.
func TestReadingSeesMentions(t *testing.T) {
	app := desktest.New(t)
	ann, ben, s := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleAgent, ""), station(app)
	c, other := app.Case(nil), app.Case(desktest.Values{"email": "other@example.com"})
	must(t, desk.Notify(app,
		desk.Notice{Agent: ann.Id, Kind: desk.NoticeMention, Case: c.Id}, desk.Notice{Agent: ann.Id, Kind: desk.NoticeAssigned, Case: c.Id},
		desk.Notice{Agent: ann.Id, Kind: desk.NoticeMention, Case: other.Id}, desk.Notice{Agent: ben.Id, Kind: desk.NoticeMention, Case: c.Id}))
	unseen := func() int { return len(app.All(desk.Notices, desktest.Values{"seen_at": ""})) }
	must(t, s.Read(ann, c.Id))
	if n := unseen(); n != 3 {
		t.Errorf("%d notices are unseen, want 3", n)
	}
	must(t, s.ReadAll(ann))
	if n := unseen(); n != 2 {
		t.Errorf("%d notices are unseen after reading all, want 2", n)
	}
	if n := len(app.All(desk.Reads, desktest.Values{"agent": ann.Id})); n != 0 || reload(app, ann) == "" {
		t.Errorf("%d single reads are kept", n)
	}
}

// Reads of what was done long ago go; marks and what is open stay.
func TestSweep(t *testing.T) {
	app := desktest.New(t)
	ann, s := app.Agent(desk.RoleAgent, ""), station(app)
	done, marked, still := app.Case(nil), app.Case(desktest.Values{"email": "b@example.com"}), app.Case(desktest.Values{"email": "c@example.com"})
	app.Put(done.Record, desktest.Values{"status": desk.Resolved})
	app.Put(marked.Record, desktest.Values{"status": desk.Closed})
	must(t, s.Read(ann, done.Id))
	must(t, s.Unread(ann, marked.Id))
	must(t, s.Read(ann, still.Id))
	app.Clock.Advance(59 * 24 * time.Hour)
	must(t, s.Sweep())
	if n := len(app.All(desk.Reads, nil)); n != 3 {
		t.Fatalf("%d reads after 59 days", n)
	}
	app.Clock.Advance(48 * time.Hour)
	must(t, s.Sweep())
	left := app.All(desk.Reads, nil)
	if len(left) != 2 || left[0].GetString("case") == done.Id || left[1].GetString("case") == done.Id {
		t.Errorf("%d reads are left", len(left))
	}
}
