// Package privacy removes what need not be kept: network data after its time,
// junk after its time, and a person on request.
//
//	err := privacy.Sweep(app)
//	report, err := privacy.Erase(app, "visitor@example.com")
package privacy

import (
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// part is how many records one transaction touches, so that visitors don't wait.
const part = 200

// Sweep removes network data and junk whose time is over, by the shop's
// settings, and logs how much it was.
func Sweep(app core.App) error {
	s, err := desk.LoadSettings(app)
	if err != nil {
		return err
	}
	now := desk.Now(app)
	if s.Retention.NetworkDays < 0 || s.Retention.QuarantineDays < 0 {
		return errors.New("the retention settings hold a negative number of days; nothing was removed")
	}
	addresses, err := sweepNetwork(app, now.AddDate(0, 0, -s.Retention.NetworkDays))
	if err != nil {
		return fmt.Errorf("network data: %w", err)
	}
	junk, err := sweepJunk(app, now.AddDate(0, 0, -s.Retention.QuarantineDays))
	if err != nil {
		return fmt.Errorf("quarantine: %w", err)
	}
	if addresses+junk > 0 {
		app.Logger().Info("retention", "network_data_removed", addresses, "held_messages_removed", junk)
	}
	return nil
}

// sweepNetwork goes past the records' hooks: nobody is to be told of it.
func sweepNetwork(app core.App, before time.Time) (int, error) {
	total := 0
	table := desk.Name(app, desk.Verdicts)
	for {
		res, err := app.NonconcurrentDB().NewQuery("UPDATE {{" + table + "}} SET [[ip]] = '', [[user_agent]] = '' WHERE [[id]] IN (" +
			"SELECT [[id]] FROM {{" + table + "}} WHERE ([[ip]] != '' OR [[user_agent]] != '') AND [[created]] < {:before} LIMIT {:part})").
			Bind(dbx.Params{"before": desk.Date(before).String(), "part": part}).Execute()
		if err != nil {
			return total, err
		}
		n, err := res.RowsAffected()
		total += int(n)
		if err != nil || n < part {
			return total, err
		}
	}
}

// sweepJunk deletes submissions that never became a case, with their files.
func sweepJunk(app core.App, before time.Time) (int, error) {
	total := 0
	for {
		var rows []*core.Record
		err := app.RecordQuery(desk.Verdicts).
			AndWhere(dbx.In("outcome", desk.Quarantined, desk.Blocked)).
			AndWhere(dbx.NewExp("[[created]] < {:before}", dbx.Params{"before": desk.Date(before).String()})).
			OrderBy("created").Limit(part).All(&rows)
		if err != nil || len(rows) == 0 {
			return total, err
		}
		var dirs []string
		err = app.RunInTransaction(func(tx core.App) error {
			for _, r := range rows {
				f, err := desk.FindFeedback(tx, r.GetString("feedback"))
				if err != nil {
					return err
				}
				if len(f.Files()) > 0 {
					dirs = append(dirs, f.BaseFilesPath())
				}
				if err := tx.Delete(f.Record); err != nil { // its verdict goes along
					return err
				}
			}
			return nil
		})
		if err == nil {
			err = desk.RemoveFiles(app, dirs)
		}
		if err != nil {
			return total, err
		}
		total += len(rows)
	}
}
