package desk

import (
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// ScreeningDay is one day of screening in numbers. It outlives the messages:
// the counts are those of the messages that are there and, beside them, of
// those that were removed.
type ScreeningDay struct{ core.BaseRecordProxy }

// AsScreeningDay wraps a record of the screening days.
func AsScreeningDay(r *core.Record) *ScreeningDay {
	d := &ScreeningDay{}
	d.SetProxyRecord(r)
	return d
}

// DayOf is the date, as YYYY-MM-DD, on which a time falls in a place.
func DayOf(t time.Time, loc *time.Location) string { return t.In(loc).Format(time.DateOnly) }

// FindScreeningDay is the record of a day, a new one where there is none.
func FindScreeningDay(app core.App, day string) (*ScreeningDay, error) {
	r := &core.Record{}
	err := app.RecordQuery(ScreeningDays).AndWhere(dbx.HashExp{"day": day}).Limit(1).One(r)
	if errors.Is(err, sql.ErrNoRows) {
		if r, err = New(app, ScreeningDays); err == nil {
			r.Set("day", day)
		}
	}
	if err != nil {
		return nil, err
	}
	return AsScreeningDay(r), nil
}

func (d *ScreeningDay) Day() string  { return d.GetString("day") }
func (d *ScreeningDay) Zone() string { return d.GetString("zone") }

// Tally is all that is known of the day. What can't be read counts as nothing.
func (d *ScreeningDay) Tally() (t Tally) {
	_ = d.UnmarshalJSONField("counts", &t.Counts)
	_ = d.UnmarshalJSONField("signals", &t.Signals)
	_ = d.UnmarshalJSONField("scores", &t.Scores)
	return t
}

// Removed is the part of the day whose messages are gone.
func (d *ScreeningDay) Removed() (t Tally) {
	_ = d.UnmarshalJSONField("removed", &t)
	return t
}

// SetTally gives the day its numbers: those of the messages that are there and
// of those removed.
func (d *ScreeningDay) SetTally(there Tally) {
	all := Tally{Signals: map[string]SignalCounts{}, Scores: Scores{Bins: map[Half]Bin{}}}
	all.Add(d.Removed())
	all.Add(there)
	d.Set("counts", all.Counts)
	d.Set("signals", all.Signals)
	d.Set("scores", all.Scores)
}

// KeepCounts notes in the screening days what messages counted for that are
// about to be removed. Call it in the transaction that removes them, before.
func KeepCounts(tx core.App, feedback ...string) error {
	rows, err := ScreenedOf(tx, feedback)
	if err != nil || len(rows) == 0 {
		return err
	}
	settings, err := LoadSettings(tx)
	if err != nil {
		return err
	}
	days := map[string]*Tally{}
	for _, s := range rows {
		day := DayOf(s.At(), settings.Location)
		if days[day] == nil {
			days[day] = &Tally{}
		}
		days[day].Count(s)
	}
	for day, t := range days {
		d, err := FindScreeningDay(tx, day)
		if err != nil {
			return err
		}
		removed := d.Removed()
		removed.Add(*t)
		d.Set("removed", removed)
		d.Set("stale", true)
		if d.Zone() == "" {
			d.Set("zone", settings.Location.String())
		}
		if err := Save(tx, d.Record); err != nil {
			return err
		}
	}
	return nil
}
