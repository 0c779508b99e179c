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
// settings, block rules that expired long ago, and files that no record names. The log says how much it
// was, by counts and ids; the numbers of what is removed stay in the screening
// days.
func Sweep(app core.App) error {
	s, err := desk.LoadSettings(app)
	if err != nil {
		return err
	}
	now := desk.Now(app)
	if s.Retention.NetworkDays < 0 || s.Retention.QuarantineDays < 0 || s.Mail.KeepRawDays < 0 {
		return errors.New("the retention settings hold a negative number of days; nothing was removed")
	}
	addresses, err := sweepNetwork(app, now.AddDate(0, 0, -s.Retention.NetworkDays))
	if addresses > 0 {
		app.Logger().Info("retention: network data removed", "verdicts", addresses)
	}
	if err != nil {
		return fmt.Errorf("network data: %w", err)
	}
	for _, outcome := range []string{desk.Quarantined, desk.Blocked} {
		if err := sweepJunk(app, outcome, now.AddDate(0, 0, -s.Retention.QuarantineDays)); err != nil {
			return fmt.Errorf("%s messages: %w", outcome, err)
		}
	}
	if s.Mail.KeepRawDays > 0 {
		if err := sweepMails(app, now.AddDate(0, 0, -s.Mail.KeepRawDays)); err != nil {
			return fmt.Errorf("mails: %w", err)
		}
	}
	if err := sweepRules(app, now); err != nil {
		return fmt.Errorf("block rules: %w", err)
	}
	if err := sweepStrays(app, time.Now().Add(-strayAge)); err != nil {
		return fmt.Errorf("stray files: %w", err)
	}
	return nil
}

// sweepJunk deletes submissions of an outcome with their files. What was learned
// from them stays, without words.
func sweepJunk(app core.App, outcome string, before time.Time) error {
	for {
		var ids, dirs []string
		// found inside the transaction, since staff may release one at this moment
		err := app.RunInTransaction(func(tx core.App) error {
			ids, dirs = nil, nil
			err := tx.DB().NewQuery(junkSQL(tx)).
				Bind(dbx.Params{"outcome": outcome, "before": desk.Date(before).String(), "part": part}).Column(&ids)
			if err != nil || len(ids) == 0 {
				return err
			}
			if err := desk.KeepCounts(tx, ids...); err != nil {
				return err
			}
			if dirs, err = mailsOf(tx, ids); err != nil {
				return err
			}
			for _, id := range ids {
				f, err := desk.FindFeedback(tx, id)
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
		if err != nil || len(ids) == 0 {
			return err
		}
		app.Logger().Info("retention: messages removed", "outcome", outcome, "messages", len(ids), "with_files", len(dirs), "feedback", ids)
		if err := desk.RemoveFiles(app, dirs); err != nil {
			return err
		}
	}
}

// junkSQL asks by the index of outcomes, oldest first. What staff decided on
// lives on from then: a case from last year that somebody marks as spam by
// mistake must not lose its message the same night.
func junkSQL(app core.App) string {
	return "SELECT [[feedback]] FROM {{" + desk.Name(app, desk.Verdicts) + "}} WHERE [[outcome]] = {:outcome} AND [[created]] < {:before} " +
		"AND [[decided_at]] < {:before} ORDER BY [[created]] LIMIT {:part}"
}
