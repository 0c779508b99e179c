package desk_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// together gives all work to the committer while its first job holds the
// writer, so that the rest shares one group. It returns each one's error.
func together(t *testing.T, c *desk.Committer, work ...func(core.App) error) []error {
	t.Helper()
	entered, let := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- c.Do(func(core.App) error {
			close(entered)
			<-let
			return nil
		})
	}()
	<-entered
	errs := make([]error, len(work))
	var wg sync.WaitGroup
	for i, w := range work {
		queued := c.Waiting()
		wg.Add(1)
		go func() {
			defer wg.Done()
			errs[i] = c.Do(w)
		}()
		for c.Waiting() == queued { // the order of the group is the order of work
			runtime.Gosched()
		}
	}
	close(let)
	wg.Wait()
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	return errs
}

// tag saves a team, the plainest record there is.
func tag(name string) func(core.App) error {
	return func(tx core.App) error {
		r, err := desk.New(tx, desk.Teams)
		if err != nil {
			return err
		}
		r.Set("name", name)
		return desk.Save(tx, r)
	}
}

func teams(app *desktest.App) []string {
	names := []string{}
	for _, r := range app.All(desk.Teams, desktest.Values{}) {
		names = append(names, r.GetString("name"))
	}
	slices.Sort(names)
	return names
}

func TestCommitterGroups(t *testing.T) {
	app := desktest.New(t)
	var seen []core.App
	note := func(work func(core.App) error) func(core.App) error {
		return func(tx core.App) error {
			seen = append(seen, tx)
			return work(tx)
		}
	}
	for _, err := range together(t, app.Commit, note(tag("a")), note(tag("b")), note(tag("c"))) {
		if err != nil {
			t.Error(err)
		}
	}
	if len(seen) != 3 || seen[0] != seen[1] || seen[1] != seen[2] {
		t.Errorf("%d runs, want three in one transaction", len(seen))
	}
	if got := teams(app); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("stored %v", got)
	}
}

func TestCommitterFailureTakesNobodyAlong(t *testing.T) {
	app := desktest.New(t)
	broken := errors.New("broken")
	fails := map[string]func(core.App) error{
		"error":         func(core.App) error { return broken },
		"panic":         func(core.App) error { panic("broken") },
		"panic error":   func(core.App) error { panic(broken) },
		"unique":        tag("b0"),
		"after a write": func(tx core.App) error { return errors.Join(tag("never")(tx), broken) },
	}
	n := 0
	for name, fail := range fails {
		t.Run(name, func(t *testing.T) {
			n++
			b := fmt.Sprintf("b%d", n)
			if name == "unique" {
				b = "b0"
			}
			errs := together(t, app.Commit, tag(fmt.Sprintf("a%d", n)), tag(b), fail, tag(fmt.Sprintf("c%d", n)))
			for i, err := range errs {
				if (err != nil) != (i == 2) {
					t.Errorf("job %d: %v", i, err)
				}
			}
			if name[:5] == "panic" && !errors.Is(errs[2], desk.ErrPanic) {
				t.Errorf("a panic gives %v", errs[2])
			}
			if name == "panic error" && !errors.Is(errs[2], broken) {
				t.Errorf("the panic's own error is lost: %v", errs[2])
			}
		})
	}
	if got := teams(app); len(got) != 3*len(fails) || slices.Contains(got, "never") {
		t.Errorf("stored %v", got)
	}
	if err := app.Commit.Do(tag("later")); err != nil {
		t.Errorf("the committer is stuck: %v", err)
	}
}

// A record that was made before the transaction is new again after its group
// was rolled back, and one that stood before is written again.
func TestCommitterRecordsAfterRollback(t *testing.T) {
	app := desktest.New(t)
	old := app.Make(desk.Teams, desktest.Values{"name": "old"})
	made, err := desk.New(app, desk.Teams)
	if err != nil {
		t.Fatal(err)
	}
	made.Set("name", "made")
	errs := together(t, app.Commit,
		func(tx core.App) error { return desk.Save(tx, made) },
		func(tx core.App) error { old.Set("name", "changed"); return desk.Save(tx, old) },
		func(core.App) error { return errors.New("broken") },
	)
	if errs[0] != nil || errs[1] != nil || errs[2] == nil {
		t.Fatalf("got %v", errs)
	}
	if got := teams(app); !slices.Equal(got, []string{"changed", "made"}) {
		t.Errorf("stored %v", got)
	}
}

// What a host's own hook says after the commit can't undo it: told as a
// failure, the work would be done a second time.
func TestCommitterHookFailsAfterCommit(t *testing.T) {
	for name, fail := range map[string]func() error{
		"error": func() error { return errors.New("the host's hook is broken") },
		"panic": func() error { panic("the host's hook is broken") },
	} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			app.OnRecordAfterCreateSuccess(desk.Teams).BindFunc(func(e *core.RecordEvent) error {
				return errors.Join(e.Next(), fail())
			})
			runs := 0
			count := func(tx core.App) error {
				runs++
				_, err := tx.DB().NewQuery("UPDATE {{desk_settings}} SET [[answer_hours]] = [[answer_hours]] + 1").Execute()
				return err
			}
			if err := errors.Join(together(t, app.Commit, tag("a"), count, tag("b"))...); err != nil {
				t.Errorf("committed work is told as failed: %v", err)
			}
			if hours := app.Find(desk.SettingsID, desk.SettingsRecord).GetInt("answer_hours"); hours != 49 || runs != 1 {
				t.Errorf("the work was done %d times", hours-48)
			}
			if err := app.Commit.Do(tag("alone")); err != nil {
				t.Errorf("committed work alone is told as failed: %v", err)
			}
			if got := teams(app); !slices.Equal(got, []string{"a", "alone", "b"}) {
				t.Errorf("stored %v", got)
			}
		})
	}
}

func TestCommitterManyWriters(t *testing.T) {
	app := desktest.New(t)
	const n = 200
	var wg sync.WaitGroup
	errs := make(chan error, n)
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			errs <- app.Commit.Do(tag(fmt.Sprint(i)))
		}()
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	var stored int
	if err := app.DB().Select("COUNT(*)").From(desk.Name(app, desk.Teams)).Row(&stored); err != nil || stored != n {
		t.Errorf("%d of %d stored, %v", stored, n, err)
	}
}
