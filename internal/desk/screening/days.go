package screening

import (
	"sort"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// lastDays are the dates of n days up to now, oldest first.
func lastDays(now time.Time, loc *time.Location, n int) []string {
	y, m, d := now.In(loc).Date()
	out := make([]string, 0, n)
	for i := n - 1; i >= 0; i-- {
		out = append(out, time.Date(y, m, d-i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	}
	return out
}

// next is the date after a day.
func next(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

// bounds are a day's first moment and that of the next one: 24 hours apart but
// for the days on which clocks are set.
func bounds(day string, loc *time.Location) (from, to time.Time) {
	return begin(day, loc), begin(next(day), loc)
}

// begin is the first moment of a day. Where clocks are set at midnight there is
// no 00:00 on one day and there are two on another, so it is searched for.
func begin(day string, loc *time.Location) time.Time {
	noon, err := time.ParseInLocation(time.DateOnly+" 15", day+" 12", loc)
	if err != nil {
		return time.Time{}
	}
	start := noon.Add(-24 * time.Hour)
	seconds := sort.Search(24*60*60, func(i int) bool {
		return desk.DayOf(start.Add(time.Duration(i)*time.Second), loc) >= day
	})
	return start.Add(time.Duration(seconds) * time.Second)
}

// state is what the records say of how far they are counted.
type state struct {
	Since string `db:"since"` // changes after it may be missing
	Low   string `db:"low"`   // the first time zone in which a day was counted, by name
	High  string `db:"high"`  // the last one
}

func stateOf(app core.App) (s state, err error) {
	from := " FROM {{" + desk.Name(app, desk.ScreeningDays) + "}}"
	err = app.DB().NewQuery("SELECT (SELECT COALESCE(MAX([[through]]), '')" + from + ") [[since]], " +
		"(SELECT COALESCE(MIN([[zone]]), '')" + from + ") [[low]], (SELECT COALESCE(MAX([[zone]]), '')" + from + ") [[high]]").One(&s)
	return s, err
}

// note says that all changes up to a time are counted. One record bears it, the
// first day's; the others are left as they are.
func note(app core.App, through time.Time) error {
	days := "{{" + desk.Name(app, desk.ScreeningDays) + "}}"
	first := "(SELECT [[id]] FROM " + days + " ORDER BY [[day]] LIMIT 1)"
	return app.RunInTransaction(func(tx core.App) error {
		for _, sql := range []string{
			"UPDATE " + days + " SET [[through]] = '' WHERE [[through]] > '' AND [[id]] != " + first,
			"UPDATE " + days + " SET [[through]] = {:through} WHERE [[id]] = " + first,
		} {
			if _, err := tx.DB().NewQuery(sql).Bind(dbx.Params{"through": desk.Date(through).String()}).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}

// changed lists the days of which messages were added, decided or removed since
// they were counted: all days where none was counted yet, the shop has moved to
// another time zone, or the machine's clock back.
func changed(app core.App, loc *time.Location) ([]string, error) {
	s, err := stateOf(app)
	if err != nil {
		return nil, err
	}
	if s.Since > desk.Date(desk.Now(app)).String() {
		s.Since = "" // the machine's clock was wrong; what came since would stay unseen
	}
	days := "SELECT [[day]] FROM {{" + desk.Name(app, desk.ScreeningDays) + "}}"
	hours := "SELECT DISTINCT SUBSTR([[created]], 1, 13) FROM {{" + desk.Name(app, desk.Verdicts) + "}}"
	if s.Since != "" && s.Low == loc.String() && s.High == loc.String() {
		days += " WHERE [[stale]] = TRUE"
		hours += " WHERE [[updated]] >= {:since}"
	}
	var out, in []string
	if err := app.DB().NewQuery(days).Column(&out); err != nil {
		return nil, err
	}
	if err := app.DB().NewQuery(hours).Bind(dbx.Params{"since": s.Since}).Column(&in); err != nil {
		return nil, err
	}
	for _, hour := range in {
		at, err := time.Parse("2006-01-02 15", hour)
		if err != nil {
			continue // a date that nobody can read belongs to no day
		}
		// half an hour's difference to UTC puts an hour on two days
		out = append(out, desk.DayOf(at, loc), desk.DayOf(at.Add(time.Hour-time.Second), loc))
	}
	return out, nil
}
