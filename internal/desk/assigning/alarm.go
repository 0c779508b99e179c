package assigning

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// alarmBatch is how many cases one notice speaks of at most.
const alarmBatch = 100

// watch is what one team's chiefs want to hear of.
type watch struct {
	Team     string `db:"id"`
	After    string `db:"alarm_after"`
	Calendar string `db:"calendar"`
}

// alarm tells the chiefs of each team of the cases that nobody has although
// their visitors have waited for so long, each case once.
func (s *Station) alarm() (n int, err error) {
	list, err := s.watches()
	if err != nil {
		return 0, err
	}
	for _, w := range list {
		did, oneErr := s.alarmTeam(w)
		n, err = n+did, errors.Join(err, oneErr)
	}
	return n, err
}

// watches are the teams, and the cases without one, of which somebody wants to
// hear; a team that says nothing has the shop's time.
func (s *Station) watches() ([]watch, error) {
	var list []watch
	err := s.app.DB().Select("id", "alarm_after", "calendar").From(desk.Name(s.app, desk.Teams)).OrderBy("created", "id").All(&list)
	if err != nil {
		return nil, fmt.Errorf("teams: %w", err)
	}
	shop, err := desk.LoadSettings(s.app)
	if err != nil {
		return nil, err
	}
	list = append(list, watch{})
	for i := range list {
		if list[i].After == "" {
			list[i].After = shop.Assignment.AlarmAfter
		}
	}
	return slices.DeleteFunc(list, func(w watch) bool { return w.After == "" || w.After == desk.NoAlarm }), nil
}

func (s *Station) alarmTeam(w watch) (n int, err error) {
	amount, err := calendar.ParseAmount(w.After)
	if err != nil {
		return 0, nil // a slip that was not caught when it was saved is no alarm
	}
	cal, err := desk.CalendarOf(s.app, w.Calendar)
	if err != nil {
		return 0, fmt.Errorf("alarm of team %q: %w", w.Team, err)
	}
	since := cal.Before(desk.Now(s.app), amount)
	for {
		did := 0
		err := s.commit.Do(func(tx core.App) (err error) {
			did, err = alarmSome(tx, w, since)
			return err
		})
		n += did
		if err != nil || did < alarmBatch {
			return n, err
		}
	}
}

// alarmSome tells of some cases in one notice.
func alarmSome(tx core.App, w watch, since time.Time) (int, error) {
	var rows []*core.Record
	until := desk.Date(since).String()
	err := tx.RecordQuery(desk.Cases).
		AndWhere(dbx.NewExp("[[assignee]] = '' AND [[alarmed_at]] = '' AND [[resolved_at]] = ''")). // as in the partial index
		AndWhere(dbx.NewExp("[[created]] <= {:until} AND [[team]] = {:team}", dbx.Params{"until": until, "team": w.Team})).
		AndWhere(dbx.NewExp("(+[[status]] = 'new' OR +[[status]] = 'open') AND [[waiting_since]] != '' AND [[waiting_since]] <= {:until}")).
		OrderBy("created", "id").Limit(alarmBatch).All(&rows)
	if err != nil {
		return 0, fmt.Errorf("cases that nobody has: %w", err)
	}
	if len(rows) == 0 {
		return 0, nil
	}
	now := desk.Date(desk.Now(tx))
	for _, r := range rows {
		r.Set("alarmed_at", now)
		if err := desk.Save(tx, r); err != nil {
			return 0, err
		}
		if err := desk.Record(tx, desk.Event{Case: r.Id, Kind: EventUnassigned, After: map[string]any{"after": w.After, "team": w.Team}}); err != nil {
			return 0, err
		}
	}
	return len(rows), tellOf(tx, w, rows)
}

// tellOf tells the chiefs how many of a team's cases nobody has by now. Who has
// not looked at the notice before it has one of all: a night without anybody, or a
// thousand old cases, are no storm.
func tellOf(tx core.App, w watch, rows []*core.Record) error {
	chiefs, err := desk.Chiefs(tx, w.Team)
	if err != nil {
		return err
	}
	count, err := alarmed(tx, w.Team)
	if err != nil {
		return err
	}
	for _, id := range chiefs {
		n := desk.Notice{Agent: id, Kind: desk.NoticeUnassigned, Same: "unassigned_alarm:" + w.Team,
			Data: map[string]any{"count": max(count, len(rows)), "team": w.Team, "after": w.After}}
		if count <= 1 {
			n.Case = rows[0].Id
		}
		if err := desk.Notify(tx, n); err != nil {
			return err
		}
	}
	return nil
}

// alarmed counts the cases of a team that were told of and that nobody has yet,
// up to 1,000.
func alarmed(app core.App, team string) (n int, err error) {
	err = app.DB().NewQuery("SELECT COUNT(*) FROM (SELECT 1 FROM {{" + desk.Name(app, desk.Cases) + "}} INDEXED BY [[idx_" + desk.Cases + "_open_by]]" +
		" WHERE ([[status]] = 'new' OR [[status]] = 'open') AND [[assignee]] = '' AND [[alarmed_at]] != '' AND [[team]] = {:team} LIMIT {:most})").
		Bind(dbx.Params{"team": team, "most": unassignedMost}).Row(&n)
	if err != nil {
		return 0, fmt.Errorf("cases that nobody has: %w", err)
	}
	return n, nil
}
