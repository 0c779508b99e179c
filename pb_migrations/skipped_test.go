package pb_migrations

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// newStart is what the app finds out at a start of the host with this prefix.
func newStart(t *testing.T, app core.App, prefix string) error {
	t.Helper()
	desk.SetPrefix(app, prefix)
	err := desk.Inspect(app)
	if err == nil {
		err = Again(app)
	}
	return err
}

func landed(t *testing.T) core.App {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.ResetBootstrapState() })
	if err := newStart(t, app, ""); err != nil {
		t.Fatal(err)
	}
	migrate(t, app, before("1764100010_pocketdesk_screening.go"))
	return app
}

func hostCollection(app core.App, name string) error {
	return app.Save(core.NewBaseCollection(name))
}

// complete checks that nothing of the schema is missing, and nothing is left to make up for.
func complete(t *testing.T, app core.App) {
	t.Helper()
	for _, id := range desk.Collections() {
		if _, err := app.FindCollectionByNameOrId(id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	for id, names := range map[string][]string{
		desk.SettingsID: {"screening"}, desk.Verdicts: {"simhash", "sender"}, desk.Outbox: {"feedback", "mailbox"},
		desk.BlockRules: {"ended"}, desk.SpamModels: {"code"}, desk.Corrections: {"senders"},
	} {
		c, err := app.FindCollectionByNameOrId(id)
		if err != nil {
			continue
		}
		for _, name := range names {
			if c.Fields.GetByName(name) == nil {
				t.Errorf("%s has no field %s", id, name)
			}
		}
	}
	for _, m := range core.AppMigrations.Items() {
		if left, err := skipped(app, m.File); left || err != nil {
			t.Errorf("%s is still to be made up for, %v", m.File, err)
		}
	}
	if !desk.On(app) {
		t.Error("PocketDesk is off")
	}
}

// A landed schema meets collections of the host that bear the new names. The
// operator sets a prefix, and gets all of the new schema at the next start.
func TestSkippedForClash(t *testing.T) {
	for _, taken := range []string{"corrections", "spam_models", "screening_days"} {
		app := landed(t)
		if err := hostCollection(app, taken); err != nil {
			t.Fatal(err)
		}
		for range 2 { // starts without a prefix
			if err := newStart(t, app, ""); err == nil || !strings.Contains(err.Error(), taken) {
				t.Fatalf("%s: %v", taken, err)
			}
			migrate(t, app, before("2"))
		}
		if desk.On(app) {
			t.Errorf("%s: on", taken)
		}
		if err := newStart(t, app, "desk_"); err != nil {
			t.Fatal(err)
		}
		list := core.MigrationsList{} // serve asks for no ReapplyCondition
		all := before("2")
		for _, m := range all.Items() {
			list.Add(&core.Migration{File: m.File, Up: m.Up, Down: m.Down})
		}
		migrate(t, app, list)
		complete(t, app)
		c, err := app.FindCollectionByNameOrId(desk.Corrections)
		if err != nil || c.Name != "desk_corrections" || !strings.Contains(*c.ListRule, "feedback.cases_via_feedback.") {
			t.Errorf("%s: %+v, %v", taken, c, err)
		}
		if err := newStart(t, app, "desk_"); err != nil {
			t.Fatal(err)
		}
		if again, err := core.NewMigrationsRunner(app, before("2")).Up(); err != nil || len(again) > 0 {
			t.Errorf("once more: %v, %v", again, err)
		}
	}
}

// The host's own migration makes such a collection within the same run.
func TestSkippedInRun(t *testing.T) {
	app := landed(t)
	list := before("2")
	list.Add(&core.Migration{File: "1764100015_host.go", Up: func(tx core.App) error { return hostCollection(tx, "corrections") }})
	if err := newStart(t, app, ""); err != nil {
		t.Fatal(err)
	}
	migrate(t, app, list)
	if desk.On(app) {
		t.Error("on, with half a schema")
	}
	if err := newStart(t, app, "desk_"); err != nil {
		t.Fatal(err)
	}
	migrate(t, app, list)
	complete(t, app)
}

// A prefix that is set later leaves the names of collections that stand.
func TestPrefixSetLater(t *testing.T) {
	app := landed(t)
	if err := newStart(t, app, "desk_"); err != nil {
		t.Fatal(err)
	}
	migrate(t, app, before("2"))
	complete(t, app)
	if desk.Name(app, desk.Cases) != "cases" || desk.Name(app, desk.Corrections) != "desk_corrections" {
		t.Errorf("%s, %s", desk.Name(app, desk.Cases), desk.Name(app, desk.Corrections))
	}
}
