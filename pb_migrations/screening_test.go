package pb_migrations

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // PocketBase's own schema

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// before is the schema's history up to a file of ours.
func before(file string) core.MigrationsList {
	list := core.MigrationsList{}
	list.Copy(core.SystemMigrations)
	for _, m := range core.AppMigrations.Items() {
		if !strings.Contains(m.File, "_pocketdesk_") || m.File < file {
			list.Add(m)
		}
	}
	return list
}

func migrate(t *testing.T, app core.App, list core.MigrationsList) {
	t.Helper()
	if _, err := core.NewMigrationsRunner(app, list).Up(); err != nil {
		t.Fatal(err)
	}
}

// A shop that has messages gets the new fields, and keeps what it has; a host's
// prefix changes nothing of it.
func TestScreeningFieldsOnExistingData(t *testing.T) {
	const file = "1764100010_pocketdesk_screening.go"
	for _, prefix := range []string{"", "desk_"} {
		app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
		desk.SetPrefix(app, prefix)
		if err := app.Bootstrap(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = app.ResetBootstrapState() })
		if err := desk.Inspect(app); err != nil {
			t.Fatal(err)
		}
		migrate(t, app, before(file))
		feedback := core.GenerateDefaultRandomId()
		for _, err := range []error{
			row(app, desk.Feedbacks, feedback, map[string]any{"message": "hello", "email": "a@example.com"}),
			row(app, desk.Verdicts, "", map[string]any{"feedback": feedback, "outcome": "accepted", "score": 1.5}),
			row(app, desk.BlockRules, "", map[string]any{"kind": "ip", "value": "192.0.2.0/24", "action": "block"}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}

		if err := desk.Inspect(app); err != nil { // as the next start does
			t.Fatal(err)
		}
		migrate(t, app, before("2")) // all

		v, err := desk.FindVerdictOf(app, feedback)
		if err != nil {
			t.Fatal(err)
		}
		if v.GetFloat("score") != 1.5 || v.GetString("simhash") != "" || v.GetBool("pitch") {
			t.Errorf("%q: the verdict is %v", prefix, v.FieldsData())
		}
		v.Set("simhash", strings.Repeat("f", 16))
		v.Set("sender", strings.Repeat("a", 64))
		v.Set("text_score", -1.25)
		v.Set("pitch", true)
		if err := app.Save(v.Record); err != nil {
			t.Error(err)
		}
		rule, err := app.FindFirstRecordByData(desk.BlockRules, "value", "192.0.2.0/24")
		if err != nil || rule.GetString("kind") != "ip" {
			t.Errorf("%q: the rule is %v, %v", prefix, rule, err)
		}
		if err := row(app, desk.BlockRules, "", map[string]any{"kind": "country", "value": "DE", "action": "quarantine"}); err != nil {
			t.Error(err)
		}
		s, err := desk.LoadSettings(app)
		if err != nil {
			t.Fatal(err)
		}
		if s.Screening.Pitch != desk.PitchLow || !s.Screening.AsksMX() || s.Captcha.On() {
			t.Errorf("%q: the settings are %+v, %+v", prefix, s.Screening, s.Captcha)
		}
		c, err := app.FindCollectionByNameOrId(desk.Verdicts)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"near", "score", "updated"} {
			if !slices.ContainsFunc(c.Indexes, func(s string) bool { return strings.Contains(s, "idx_pd_verdicts_"+name) }) {
				t.Errorf("%q: no index %s among %v", prefix, name, c.Indexes)
			}
		}
	}
}
