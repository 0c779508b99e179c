package pb_migrations

import (
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/pb_migrations/seed"
)

// unassignedAfter is the working time after which a shop that said nothing hears
// of a case that nobody has.
const unassignedAfter = "4h"

func init() {
	add(func(app core.App) error {
		err := errors.Join(usualPolicies(app), teamAlarms(app))
		if err != nil {
			return err
		}
		names, err := seed.Watch()
		if err != nil {
			return err
		}
		locale, err := shopLocale(app)
		if err != nil {
			return err
		}
		return errors.Join(watchPolicy(app, names.Policy[locale]), watchEscalation(app, names.Escalation[locale]), watchUnassigned(app))
	})
}

func usualPolicies(app core.App) error {
	return change(app, desk.SLAPolicies, func(c *core.Collection) {
		c.Fields.Add(flag("usual", "Answers are due as the settings promise them, sooner for what is urgent, where no time stands here. It comes after all others."))
	})
}

func teamAlarms(app core.App) error {
	return change(app, desk.Teams, func(c *core.Collection) {
		if f, ok := c.Fields.GetByName("alarm_after").(*core.TextField); ok {
			f.Help = "Working time after which the lead hears of a case that nobody has: 2h; never; empty: as the shop's."
		}
	})
}

// watchPolicy adds the service level by which a shop is watched that has none. Of
// what is late already nobody is told one by one.
func watchPolicy(app core.App, name string) error {
	if n, err := app.CountRecords(desk.SLAPolicies); err != nil || n > 0 {
		return err
	}
	return row(app, desk.SLAPolicies, "", map[string]any{"name": name, "enabled": true, "usual": true, "warn_at": desk.WarnAt})
}

// watchEscalation adds what a late answer sets off, where nothing is escalated.
func watchEscalation(app core.App, name string) error {
	if n, err := app.CountRecords(desk.Escalations); err != nil || n > 0 {
		return err
	}
	return row(app, desk.Escalations, "", map[string]any{
		"name": name, "enabled": true, "on": "breach", "steps": []map[string]any{{"to": map[string]any{"lead": true}}}, "categories": []string{},
	})
}

// watchUnassigned lets the lead hear of cases that nobody has, unless somebody
// chose for any team when that is.
func watchUnassigned(app core.App) error {
	n, err := app.CountRecords(desk.Teams, dbx.NewExp("[[alarm_after]] != ''"))
	if err != nil || n > 0 {
		return err
	}
	r, err := app.FindRecordById(desk.SettingsID, desk.SettingsRecord)
	if err != nil {
		return err
	}
	assignment := map[string]any{}
	_ = r.UnmarshalJSONField("assignment", &assignment)
	if after, _ := assignment["alarm_after"].(string); after != "" {
		return nil
	}
	assignment["alarm_after"] = unassignedAfter
	r.Set("assignment", assignment)
	return app.SaveNoValidate(r)
}
