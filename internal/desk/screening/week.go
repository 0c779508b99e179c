package screening

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// MaxDays is how many days a report covers at most.
const MaxDays = 90

// Day is one day of a report.
type Day struct {
	Day string `json:"day"` // YYYY-MM-DD in the shop's time zone
	desk.Counts
}

// Signal is how often a signal was seen in all of a report's days, and what
// became of those messages.
type Signal struct {
	Name      string `json:"name"`
	Count     int    `json:"count"`
	Held      int    `json:"held"`
	Blocked   int    `json:"blocked"`
	Released  int    `json:"released"`
	Confirmed int    `json:"confirmed"`
}

// Report is what the page on screening shows.
type Report struct {
	Days       []Day           `json:"days"`     // oldest first, each of them, today last
	Signals    []Signal        `json:"signals"`  // the most frequent first
	Waiting    int             `json:"waiting"`  // in quarantine now, of all days
	Counting   bool            `json:"counting"` // the days are being counted: numbers are missing
	Zone       string          `json:"zone"`
	Thresholds desk.Thresholds `json:"thresholds"`
	// Model is what the caller knows of the text model; the report knows nothing of it.
	Model any `json:"model"`
}

// Week is the report of the last days, today included: 1 to [MaxDays]. It shows
// what is counted; see [Refresh].
func Week(app core.App, days int) (*Report, error) {
	if days < 1 || days > MaxDays {
		return nil, ErrDays
	}
	settings, err := desk.LoadSettings(app)
	if err != nil {
		return nil, err
	}
	asked := lastDays(desk.Now(app), settings.Location, days)
	records, err := load(app, asked)
	if err != nil {
		return nil, err
	}
	r := &Report{Days: make([]Day, len(asked)), Signals: []Signal{}, Zone: settings.Location.String(), Thresholds: settings.Thresholds}
	var sum desk.Tally
	for i, day := range asked {
		r.Days[i].Day = day
		if d := records[day]; d != nil {
			t := d.Tally()
			r.Days[i].Counts = t.Counts
			sum.Add(t)
		}
	}
	for name, s := range sum.Signals {
		r.Signals = append(r.Signals, Signal{Name: name, Count: s.N, Held: s.Held, Blocked: s.Blocked, Released: s.Released, Confirmed: s.Confirmed})
	}
	slices.SortFunc(r.Signals, func(a, b Signal) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
	r.Waiting, err = waiting(app)
	return r, err
}

// load finds the records of days that follow one another.
func load(app core.App, days []string) (map[string]*desk.ScreeningDay, error) {
	var rows []*core.Record
	err := app.RecordQuery(desk.ScreeningDays).AndWhere(dbx.Between("day", days[0], days[len(days)-1])).All(&rows)
	out := make(map[string]*desk.ScreeningDay, len(rows))
	for _, r := range rows {
		d := desk.AsScreeningDay(r)
		out[d.Day()] = d
	}
	return out, err
}

// waiting counts what waits for a decision. The index that holds nothing else is
// named, its condition as it stands there: by its statistics SQLite would read
// the rows of everything that was ever held.
func waiting(app core.App) (n int, err error) {
	from := "{{" + desk.Name(app, desk.Verdicts) + "}}"
	where := " WHERE [[outcome]] = 'quarantined' AND [[decided_at]] = ''"
	err = app.DB().NewQuery("SELECT COUNT(*) FROM " + from + " INDEXED BY [[idx_" + desk.Verdicts + "_waiting]]" + where).Row(&n)
	if err != nil && strings.Contains(err.Error(), "no such index") { // an operator removed it: slower, but it works
		err = app.DB().NewQuery("SELECT COUNT(*) FROM " + from + where).Row(&n)
	}
	return n, err
}
