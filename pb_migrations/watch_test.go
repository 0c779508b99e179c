package pb_migrations

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // PocketBase's own schema

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// A shop that is upgraded is watched as a new one is, but for what it chose itself.
func TestWatchOnExistingData(t *testing.T) {
	const file = "1764500040_pocketdesk_watch.go"
	for name, tt := range map[string]struct {
		own   bool
		alarm string
		want  string
	}{"chose nothing": {false, "", unassignedAfter}, "chose all": {true, "", ""}, "a time": {false, "1d", "1d"}} {
		t.Run(name, func(t *testing.T) {
			app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
			desk.SetPrefix(app, "")
			if err := app.Bootstrap(); err != nil {
				t.Fatal(err)
			}
			defer app.ResetBootstrapState()
			migrate(t, app, before(file))
			if tt.own {
				for collection, values := range map[string]map[string]any{
					desk.SLAPolicies: {"name": "Ours", "first_response": "1h"}, desk.Escalations: {"name": "Ours"}, desk.Teams: {"name": "Ours", "alarm_after": "2h"},
				} {
					if err := row(app, collection, "", values); err != nil {
						t.Fatal(err)
					}
				}
			}
			r, err := app.FindRecordById(desk.SettingsID, desk.SettingsRecord)
			if err != nil {
				t.Fatal(err)
			}
			r.Set("assignment", map[string]any{"mode": "least_busy", "alarm_after": tt.alarm})
			if err := app.SaveNoValidate(r); err != nil {
				t.Fatal(err)
			}
			list := core.MigrationsList{}
			list.Copy(core.SystemMigrations)
			list.Copy(core.AppMigrations)
			migrate(t, app, list)
			levels, err := app.FindAllRecords(desk.SLAPolicies)
			if err != nil || len(levels) != 1 || levels[0].GetBool("usual") == tt.own {
				t.Errorf("%d service levels, %v", len(levels), err)
			}
			if n, err := app.CountRecords(desk.Escalations); err != nil || n != 1 {
				t.Errorf("%d escalations, %v", n, err)
			}
			if r, err = app.FindRecordById(desk.SettingsID, desk.SettingsRecord); err != nil {
				t.Fatal(err)
			}
			a := desk.Assignment{}
			if err := r.UnmarshalJSONField("assignment", &a); err != nil || a.AlarmAfter != tt.want || a.Mode != desk.LeastBusy {
				t.Errorf("assignment %+v, %v", a, err)
			}
		})
	}
}
