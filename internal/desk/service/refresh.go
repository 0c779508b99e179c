package service

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// place is the row of desk_places that says by which policies and calendars all
// open cases were reckoned last, and how many there were.
const place = "dues"

// group is how many cases are reckoned in one transaction.
const group = 50

// Refresh finds the dues of all open cases anew where policies, calendars, teams'
// hours or the settings that they follow from are not those of the last time. It
// may end at any point, and goes on the next time: nothing is noted as done that
// isn't. While one is under way another is left out; what changes meanwhile is
// found before it ends.
func (s *Station) Refresh(ctx context.Context) error {
	if !s.refreshing.TryLock() {
		return nil
	}
	defer s.refreshing.Unlock()
	return errors.Join(s.ofContacts(ctx), s.ofBasis(ctx))
}

// ofBasis reckons all open cases where what their dues follow from has changed.
func (s *Station) ofBasis(ctx context.Context) error {
	for {
		now, err := s.basis()
		if err != nil {
			return err
		}
		last, err := s.lastBasis()
		if err != nil {
			return err
		}
		if now == last {
			return s.tellLate()
		}
		for _, id := range []string{desk.SLAPolicies, desk.Teams} { // another process may have changed them
			desk.Forget(s.app, id)
		}
		desk.ForgetCalendars(s.app)
		n := 0
		if last != "" || s.anyPolicy() { // a new shop's cases are as they should be
			if n, err = s.all(ctx); err != nil {
				return err
			}
		}
		if err := s.Commit.Do(func(tx core.App) error { return keepPlace(tx, place, now, n) }); err != nil {
			return err
		}
	}
}

// basis is a digest of all that dues follow from besides the case.
func (s *Station) basis() (string, error) {
	sum := sha256.New()
	for _, q := range []struct {
		collection string
		columns    []string
	}{
		{desk.SLAPolicies, []string{"id", "updated"}},
		{desk.Calendars, []string{"id", "updated"}},
		{desk.Teams, []string{"id", "calendar"}},
		{desk.SettingsID, []string{"timezone", "answer_hours", "calendar"}},
	} {
		rows := []dbx.NullStringMap{}
		err := s.app.DB().Select(q.columns...).From(desk.Name(s.app, q.collection)).OrderBy("id").All(&rows)
		if err != nil {
			return "", fmt.Errorf("what dues follow from: %w", err)
		}
		for _, row := range rows {
			for _, name := range q.columns {
				fmt.Fprintf(sum, "%q ", row[name].String)
			}
		}
		fmt.Fprintln(sum)
	}
	open, err := s.openTime()
	if err != nil {
		return "", err
	}
	fmt.Fprintln(sum, open)
	return hex.EncodeToString(sum.Sum(nil))[:15], nil
}

// openTime is how long each calendar is open this year and the next: public
// holidays come with the program, and a newer one may know others.
func (s *Station) openTime() ([]time.Duration, error) {
	var ids []string
	err := s.app.DB().Select("id").From(desk.Name(s.app, desk.Calendars)).OrderBy("id").Column(&ids)
	if err != nil {
		return nil, fmt.Errorf("calendars: %w", err)
	}
	year := desk.Now(s.app).Year()
	var out []time.Duration
	for _, id := range append(ids, "") {
		hours, err := desk.CalendarOf(s.app, id)
		if err != nil {
			return nil, err
		}
		out = append(out, hours.Between(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(year+2, 1, 1, 0, 0, 0, 0, time.UTC)))
	}
	return out, nil
}

func (s *Station) anyPolicy() bool {
	list, err := desk.Policies(s.app)
	return err != nil || len(list) > 0
}

func (s *Station) lastBasis() (string, error) {
	r, err := s.app.FindRecordById(desk.Places, place)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("when dues were reckoned last: %w", err)
	}
	return r.GetString("event"), nil
}

// keepPlace writes a row of desk_places.
func keepPlace(tx core.App, id, event string, n int) error {
	r, err := tx.FindRecordById(desk.Places, id)
	if errors.Is(err, sql.ErrNoRows) {
		if r, err = desk.New(tx, desk.Places); err == nil {
			r.Id = id
		}
	}
	if err != nil {
		return err
	}
	r.Set("event", event)
	r.Set("row", n)
	return desk.Save(tx, r)
}

// all reckons every open case, and returns how many there are.
func (s *Station) all(ctx context.Context) (int, error) {
	var ids []string
	if err := s.openQuery().Column(&ids); err != nil {
		return 0, fmt.Errorf("open cases: %w", err)
	}
	s.note(func(st *State) { *st = State{Running: true, Total: len(ids), Ended: st.Ended} })
	err := s.these(ctx, ids)
	s.note(func(st *State) {
		st.Running = false
		if err == nil {
			st.Ended = desk.Date(desk.Now(s.app)).String()
		}
	})
	return len(ids), err
}

func (s *Station) openQuery() *dbx.SelectQuery {
	return s.app.DB().Select("id").From(desk.Name(s.app, desk.Cases)).Where(dbx.NewExp("[[status]] IN ('new', 'open', 'pending', 'on_hold')"))
}

// these reckons cases in groups. One that can't be reckoned holds up no other.
func (s *Station) these(ctx context.Context, ids []string) (failed error) {
	for part := range slices.Chunk(ids, group) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		changed, err := s.some(part, nil)
		if err != nil {
			for _, id := range part {
				n, oneErr := s.some([]string{id}, nil)
				changed += n
				if oneErr != nil {
					failed = errors.Join(failed, fmt.Errorf("case %s: %w", id, oneErr))
				}
			}
		}
		s.note(func(st *State) { st.Done, st.Changed = st.Done+len(part), st.Changed+changed })
	}
	if failed != nil { // told, and not tried for ever
		s.app.Logger().Error("dues of some cases", "error", failed)
	}
	return nil
}

// some reckons cases in one transaction; also, where there is one, is written with it.
func (s *Station) some(ids []string, also func(tx core.App) error) (changed int, err error) {
	err = s.Commit.Do(func(tx core.App) error {
		changed = 0
		late := 0
		for _, id := range ids {
			did, n, err := reckon(tx, id)
			if err != nil {
				return err
			}
			if did {
				changed++
			}
			late += n
		}
		if err := addLate(tx, late); err != nil || also == nil {
			return err
		}
		return also(tx)
	})
	return changed, err
}

// reckon finds out anew what one case owes; late is how much of it became late by
// that. Its version stays: nobody who works on it is to be told that it changed.
func reckon(tx core.App, id string) (changed bool, late int, err error) {
	c, err := desk.FindCase(tx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, 0, nil
	}
	if err != nil || c.Done() {
		return false, 0, err
	}
	before, marks := clock(c), c.Marks()
	events, err := desk.Recompute(tx, c)
	if err != nil || before == clock(c) {
		return false, 0, err
	}
	return true, quietly(marks, c.Marks()), errors.Join(desk.Save(tx, c.Record), desk.Record(tx, events...))
}

// clock is all that is kept of what a case owes, to be compared.
func clock(c *desk.Case) string {
	values := make([]string, 0, len(desk.ClockFields()))
	for _, field := range desk.ClockFields() {
		values = append(values, c.GetString(field))
	}
	all, _ := json.Marshal(values)
	return string(all)
}
