package intake_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
)

func TestRules(t *testing.T) {
	app := desktest.New(t)
	for _, r := range []desktest.Values{
		{"kind": "keyword", "value": "held-word", "action": "quarantine"},
		{"kind": "domain", "value": "junk.example", "action": "block"},
		{"kind": "email", "value": "friend@junk.example", "action": "allow"},
		{"kind": "keyword", "value": "old-word", "action": "block", "expires": desk.Date(app.Clock.Now().Add(time.Hour))},
		{"kind": "regex", "value": "(", "action": "block"}, // must not stop the line
	} {
		app.Make(desk.BlockRules, r)
	}
	hits := func(value string) int {
		if err := app.Hits.Flush(app); err != nil {
			t.Fatal(err)
		}
		return app.One(desk.BlockRules, desktest.Values{"value": value}).GetInt("hits")
	}
	for _, c := range []struct{ email, message, outcome string }{
		{"a@example.com", "hello there", desk.Accepted},
		{"a@example.com", "a held-word here", desk.Quarantined},
		{"a@example.com", "a Ｈeld-WORD here", desk.Quarantined},
		{"a@mail.junk.example", "hello there", desk.Blocked},
		{"friend@junk.example", "a held-word here", desk.Accepted},
		{"b@example.com", "an old-word here", desk.Blocked},
	} {
		if r := app.Submit(desktest.Values{"email": c.email, "message": c.message}); r.Outcome != c.outcome || (r.Case != nil) != (c.outcome == desk.Accepted) {
			t.Errorf("%+v: %s", c, r.Outcome)
		}
	}
	app.Clock.Advance(2 * time.Hour)
	if r := app.Submit(desktest.Values{"message": "an old-word here"}); r.Outcome != desk.Accepted {
		t.Errorf("an expired rule: %s", r.Outcome)
	}
	for value, want := range map[string]int{"held-word": 3, "junk.example": 2, "friend@junk.example": 1, "old-word": 1} {
		if n := hits(value); n != want {
			t.Errorf("%s: %d hits, want %d", value, n, want)
		}
	}
	// the same answer for every outcome
	for _, email := range []string{"a@example.com", "b@junk.example"} {
		if r := app.Submit(desktest.Values{"email": email}); r.Feedback.Receipt() == "" || r.AnswerBy.IsZero() {
			t.Errorf("%s: %+v", email, r)
		}
	}
}

func TestBlockedKeepsTextOnly(t *testing.T) {
	app := desktest.New(t)
	app.Make(desk.BlockRules, desktest.Values{"kind": "domain", "value": "junk.example", "action": "block"})
	r := app.Submit(desktest.Values{"email": "a@junk.example", "attachments": []any{app.File("a.txt", "one")}})
	f := app.Find(desk.Feedbacks, r.Feedback.Id)
	if r.Outcome != desk.Blocked || len(f.GetStringSlice("attachments")) != 0 || app.StoredFiles() != 0 || f.GetString("message") == "" {
		t.Errorf("%s, %v, %d files", r.Outcome, f.GetStringSlice("attachments"), app.StoredFiles())
	}
	if len(app.All(desk.Outbox, nil))+len(app.All(desk.Cases, nil)) != 0 {
		t.Error("a blocked message opened something")
	}
	// and is released all the same when staff want it, once
	agent := app.Agent(desk.RoleAgent, "")
	if _, err := app.Door.Release(app, f.Id, agent); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Door.Release(app, f.Id, agent); !errors.Is(err, intake.ErrDecided) {
		t.Errorf("a second release: %v", err)
	}
}

func TestReleaseAtOnce(t *testing.T) {
	app := desktest.New(t)
	r := app.Hold(desktest.Values{"attachments": []any{app.File("a.txt", "one")}})
	if len(app.All(desk.Outbox, nil)) != 0 || len(app.Opened()) != 0 {
		t.Fatal("a held message was acknowledged")
	}
	agent := app.Agent(desk.RoleAgent, "")
	const n = 5
	var wg sync.WaitGroup
	errs := make([]error, 2*n)
	for i := range n {
		wg.Add(2)
		go func() { defer wg.Done(); _, errs[i] = app.Door.Release(app, r.Feedback.Id, agent) }()
		go func() { defer wg.Done(); errs[n+i] = app.Door.Confirm(app, r.Feedback.Id, agent) }()
	}
	wg.Wait()
	released, confirmed := 0, 0
	for i, err := range errs {
		switch {
		case err == nil && i < n:
			released++
		case err == nil:
			confirmed++
		case !errors.Is(err, intake.ErrDecided):
			t.Error(err)
		}
	}
	// who confirms first may be overruled by a release, never the other way round
	if released != 1 || confirmed > 1 {
		t.Errorf("%d released, %d confirmed", released, confirmed)
	}
	c := app.One(desk.Cases, nil)
	app.Delivery(c.Id, "ack")
	if len(app.Opened()) != 1 {
		t.Errorf("opened %v", app.Opened())
	}
	v := app.One(desk.Verdicts, nil)
	if v.GetString("outcome") != desk.Accepted || v.GetString("decided_by") != agent.Id || v.GetInt("file_bytes") != 0 {
		t.Errorf("verdict %v", v)
	}
	if kinds := app.Kinds(c.Id); !slices.Equal(kinds, []string{"opened", "ack_held", "released"}) {
		t.Errorf("events %v", kinds)
	}
}

func TestConfirmDropsFiles(t *testing.T) {
	app := desktest.New(t)
	r := app.Hold(desktest.Values{"attachments": []any{app.File("a.txt", "one")}})
	if app.StoredFiles() != 1 {
		t.Fatal("the file of a held message is not kept")
	}
	agent := app.Agent(desk.RoleAgent, "")
	if err := app.Door.Confirm(app, r.Feedback.Id, agent); err != nil {
		t.Fatal(err)
	}
	f := app.Find(desk.Feedbacks, r.Feedback.Id)
	if app.StoredFiles() != 0 || len(f.GetStringSlice("attachments")) != 0 || !strings.Contains(f.GetString("message"), "teapot") {
		t.Errorf("%d files, %v", app.StoredFiles(), f)
	}
	if err := app.Door.Confirm(app, r.Feedback.Id, agent); !errors.Is(err, intake.ErrDecided) {
		t.Errorf("a second time: %v", err)
	}
	accepted := app.Submit(nil)
	if err := app.Door.Confirm(app, accepted.Feedback.Id, agent); !errors.Is(err, intake.ErrDecided) {
		t.Errorf("an accepted one: %v", err)
	}
}

func TestQuarantineQuota(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"limits": map[string]any{"quarantine_mb": 1}})
	hold := func() *intake.Receipt {
		return app.Hold(desktest.Values{"attachments": []any{app.File("a.txt", strings.Repeat("x", 600<<10))}})
	}
	first := hold()
	full := hold()
	if app.StoredFiles() != 1 || !signals(app, full)["files_dropped"] || len(full.Feedback.Files()) != 0 {
		t.Errorf("%d files, %v", app.StoredFiles(), signals(app, full))
	}
	agent := app.Agent(desk.RoleAgent, "")
	if _, err := app.Door.Release(app, first.Feedback.Id, agent); err != nil {
		t.Fatal(err)
	}
	if next := hold(); signals(app, next)["files_dropped"] || app.StoredFiles() != 2 {
		t.Error("released files still take up the room")
	}
	if r := app.Submit(desktest.Values{"attachments": []any{app.File("a.txt", strings.Repeat("x", 2<<20))}}); r.Case == nil || len(r.Feedback.Files()) != 1 {
		t.Error("the quota holds for an accepted message")
	}
}

// A host saves several things in a transaction of its own: the case is told of
// when that is committed, and never when it is rolled back.
func TestReceiveInsideTransaction(t *testing.T) {
	app := desktest.New(t)
	broken := errors.New("broken")
	for _, fail := range []error{broken, nil} {
		before := len(app.Opened())
		err := app.RunInTransaction(func(tx core.App) error {
			if _, err := app.Door.Receive(tx, intake.Submission{Feedback: app.Feedback(desktest.Values{"attachments": []any{app.File("a.txt", "one")}})}); err != nil {
				return err
			}
			if len(app.Opened()) != before {
				t.Error("told of before the commit")
			}
			return fail
		})
		if !errors.Is(err, fail) {
			t.Fatal(err)
		}
		if told := len(app.Opened()) - before; (told == 1) != (fail == nil) {
			t.Errorf("told %d times, %v", told, fail)
		}
	}
	if app.StoredFiles() != 1 {
		t.Errorf("%d files for one submission", app.StoredFiles())
	}
}

// A failure on the way to the commit leaves no file and no row.
func TestFailureLeavesNothing(t *testing.T) {
	app := desktest.New(t)
	app.OnRecordCreateExecute(desk.Messages).BindFunc(func(*core.RecordEvent) error { return errors.New("disk full") })
	_, err := app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(desktest.Values{"attachments": []any{app.File("a.txt", "one")}})})
	if err == nil {
		t.Fatal("no error")
	}
	if rows := len(app.All(desk.Feedbacks, nil)) + len(app.All(desk.Verdicts, nil)) + len(app.All(desk.Contacts, nil)); rows != 0 || app.StoredFiles() != 0 || len(app.Opened()) != 0 {
		t.Errorf("%d rows, %d files, opened %v", rows, app.StoredFiles(), app.Opened())
	}
}

// A neighbour in the same transaction fails; the submission keeps its files and
// opens its case once.
func TestNeighbourFails(t *testing.T) {
	app := desktest.New(t)
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				_ = app.Commit.Do(func(core.App) error { return errors.New("broken") })
			}
		}
	}()
	const n = 20
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r, err := app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(desktest.Values{
				"email": desk.NewReceipt() + "@example.com", "attachments": []any{app.File("a.txt", "one")},
			})})
			if err != nil || r.Case == nil {
				t.Errorf("%+v, %v", r, err)
			}
		}()
	}
	wg.Wait()
	close(stop)
	<-done
	if cases := len(app.All(desk.Cases, nil)); cases != n || app.StoredFiles() != n || len(app.Opened()) != n {
		t.Errorf("%d cases, %d files, %d told of", cases, app.StoredFiles(), len(app.Opened()))
	}
	for _, r := range app.All(desk.Feedbacks, nil) {
		if len(r.GetStringSlice("attachments")) != 1 {
			t.Error("a submission lost its file")
		}
	}
}

// A pitch that staff let in waits behind the others, as one that came through.
func TestReleasedPitchIsLow(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	for _, c := range []struct {
		setting  string
		pitch    bool
		priority string
	}{{desk.PitchLow, true, "low"}, {desk.PitchLow, false, "normal"}, {desk.PitchNormal, true, "normal"}, {desk.PitchQuarantine, true, "normal"}} {
		app.Choose(desktest.Values{"screening": map[string]any{"pitch": c.setting}})
		held := app.Hold(nil)
		app.Put(app.One(desk.Verdicts, desktest.Values{"feedback": held.Feedback.Id}), desktest.Values{"pitch": c.pitch})
		opened, err := app.Door.Release(app, held.Feedback.Id, agent)
		if err != nil || opened.Priority() != c.priority {
			t.Errorf("%+v: %v, %v", c, opened, err)
		}
	}
}
