// Package desktest makes apps for the tests of the stations: the real schema on
// a data folder of its own, the stations as the plugin builds them, and a clock
// that only the test moves.
//
//	func TestMain(m *testing.M) { os.Exit(desktest.Main(m)) }
//
//	app := desktest.New(t)
//	c := app.Case(desktest.Values{"email": "anna@example.com"})
//
// Nothing runs in the background: a test calls Drain, Classify and so on itself.
package desktest

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // PocketBase's own schema

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/desk/outbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/promising"
	"github.com/pocketdesk/pocketdesk/internal/desk/reminding"
	"github.com/pocketdesk/pocketdesk/internal/desk/searching"
	"github.com/pocketdesk/pocketdesk/internal/desk/texting"
	_ "github.com/pocketdesk/pocketdesk/pb_migrations" // the schema
)

// template is the migrated data folder that every app of the test binary is copied from.
var template string

// Main makes the template, runs the tests and removes it again; it returns the
// exit code.
func Main(m *testing.M) int {
	dir, err := os.MkdirTemp("", "pocketdesk_template_*")
	if err == nil {
		defer os.RemoveAll(dir)
		err = makeTemplate(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "desktest:", err)
		return 1
	}
	template = dir
	return m.Run()
}

func makeTemplate(dir string) error {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	desk.SetPrefix(app, "")
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := desk.Inspect(app); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	app.Settings().Logs.MaxDays = 0
	app.Settings().Meta.AppURL = "https://shop.example"
	app.Settings().Meta.SenderAddress = "desk@shop.example"
	app.Settings().Meta.SenderName = "Shop"
	if err := app.Save(app.Settings()); err != nil {
		return err
	}
	return app.ResetBootstrapState()
}

// App is an app with its stations.
type App struct {
	*core.BaseApp
	Clock  *Clock
	Commit *desk.Committer
	Hits   *desk.Hits
	Work   *casework.Work
	Door   *intake.Intake
	Outbox *outbox.Worker
	Mail   *inbound.Station // mail in

	Promises  *promising.Book
	Reminders *reminding.Station

	Texting *texting.Gateway // reaches gateways on this machine
	Search  *searching.Index

	t      testing.TB
	mu     sync.Mutex
	opened []string
}

// New makes an app that the end of the test closes. The visitors' pages live
// under /support.
func New(t testing.TB) *App {
	t.Helper()
	if template == "" {
		t.Fatal("desktest.New needs desktest.Main in TestMain")
	}
	return NewIn(t, t.TempDir())
}

// NewIn is [New] on a folder that stays: an empty one is filled, and what a
// benchmark made there before is found again.
func NewIn(t testing.TB, dir string) *App {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "data.db")); os.IsNotExist(err) {
		if err := os.CopyFS(dir, os.DirFS(template)); err != nil {
			t.Fatal(err)
		}
	}
	return start(t, dir, newClock())
}

// AfterCrash is what another process would find, had this one ended now: all
// that was committed. Clock and settings of PocketBase go along.
func (a *App) AfterCrash() *App {
	a.t.Helper()
	dir := a.t.TempDir()
	if _, err := a.NonconcurrentDB().NewQuery("VACUUM INTO {:file}").Bind(dbx.Params{"file": filepath.Join(dir, "data.db")}).Execute(); err != nil {
		a.t.Fatal(err)
	}
	again := start(a.t, dir, a.Clock)
	*again.Settings() = *a.Settings()
	return again
}

func start(t testing.TB, dir string, clock *Clock) *App {
	t.Helper()
	base := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	desk.SetPrefix(base, "")
	a := &App{BaseApp: base, Clock: clock, t: t}
	desk.SetClock(base, a.Clock.Now)
	for _, step := range []func() error{
		base.Bootstrap,
		func() error { return desk.Inspect(base) },
		func() error { return desk.LoadSecret(base, "a secret for tests only") },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := base.ResetBootstrapState(); err != nil {
			t.Error(err)
		}
	})
	a.Commit = desk.NewCommitter(a)
	a.Hits = desk.NewHits()
	a.Work = casework.New(a.Hits)
	a.Promises = promising.New(a, promising.Config{Commit: a.Commit})
	a.Work.Promises = a.Promises
	a.Reminders = reminding.New(a, a.Commit)
	a.Outbox = outbox.New(a, a.Commit, "/support")
	a.Outbox.Bounced = func(tx core.App, b outbox.Bounce) error {
		return a.Work.Bounced(tx, casework.Bounced{Delivery: b.Delivery, Message: b.Message, Hard: true, Why: b.Why})
	}
	a.Work.TrackingURL = a.Outbox.TrackingURL
	a.Texting = a.newTexting()
	a.Search = a.newSearch()
	a.Door = a.NewDoor()
	a.Mail = a.NewMail(nil)
	a.Door.Letter = a.Mail.Letter
	a.Door.Join = func(app core.App, j intake.Joining) error { return a.Mail.Join(app, inbound.Joining(j)) }
	return a
}

// NewDoor is one more door on the same data, as after a restart.
func (a *App) NewDoor() *intake.Intake {
	door := intake.New(a, intake.Config{
		Commit: a.Commit, Hits: a.Hits,
		Prepare: func(app core.App, f *desk.Feedback) (intake.Opening, error) { return a.Work.Prepare(app, f) },
		Opened: func(c *desk.Case) {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.opened = append(a.opened, c.Id)
		},
	})
	door.AnswerBy = a.Work.AnswerBy
	return door
}

// Opened lists the cases that the door told of, in order.
func (a *App) Opened() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.opened...)
}

// StoredFiles counts the files in the app's storage, without the side files
// that the storage keeps of their types.
func (a *App) StoredFiles() int {
	a.t.Helper()
	n := 0
	err := filepath.WalkDir(filepath.Join(a.DataDir(), core.LocalStorageDirName), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) != ".attrs" {
			n++
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		a.t.Fatal(err)
	}
	return n
}
