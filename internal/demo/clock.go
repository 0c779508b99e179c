package demo

import (
	"hash/fnv"
	"slices"
	"time"
)

// Opening hours of the shop's staff, Monday to Friday, in Taipei.
const (
	opens  = 10
	closes = 18
)

// taipei is a fixed zone: Taiwan keeps UTC+8 all year, and so needs no zone database.
func taipei() *time.Location { return time.FixedZone("Asia/Taipei", 8*60*60) }

// At returns the moment, in UTC, at which the message came in a demo whose present is now.
//
// A DaysAgo under one is taken as it stands, so that something is always fresh. Older rows keep their time
// of day in Taipei, whatever the hour of now: 1 is the start of today, 1.25 is 18:00 of yesterday. Because
// guests write more on weekdays, a little over half of what falls on a Saturday or Sunday moves to a weekday
// before it. A row is never moved to a later day; one with Again never moves, so it stays after its first, nor does
// one with a follow-up, so that this falls due near now.
func (s Submission) At(now time.Time) time.Time {
	if s.DaysAgo < 1 {
		return now.Add(-days(s.DaysAgo)).UTC()
	}
	here := now.In(taipei())
	midnight := time.Date(here.Year(), here.Month(), here.Day()+1, 0, 0, 0, 0, here.Location())
	t := midnight.Add(-days(s.DaysAgo))
	back := 0
	switch t.Weekday() {
	case time.Saturday:
		back = 1
	case time.Sunday:
		back = 2
	}
	dice := s.dice("weekday")
	if back > 0 && !s.pinned() && dice%100 < 55 {
		t = t.AddDate(0, 0, -back-int(dice/100%5))
	}
	return t.UTC()
}

// pinned tells whether the row keeps its day also at a weekend.
func (s Submission) pinned() bool {
	return s.Again != "" || slices.ContainsFunc(s.Thread, func(t Step) bool { return t.Kind == StepFollowUp })
}

// StepTimes returns a moment in UTC for every step of the thread, in order. Staff work from 10:00 to 18:00 on
// weekdays in Taipei: what would fall outside waits for the next morning. All moments lie after At; where
// there was not time enough, the last ones crowd together just before now.
func (s Submission) StepTimes(now time.Time) []time.Time {
	sent := s.At(now)
	times := make([]time.Time, len(s.Thread))
	prev, prevHours := sent, 0.0
	for i, step := range s.Thread {
		gap := days((step.AfterHours - prevHours) / 24)
		t := prev.Add(gap)
		if i == 0 || gap >= time.Hour {
			t = s.working(sent.Add(days(step.AfterHours / 24)))
		}
		if !t.After(prev) {
			t = prev.Add(time.Minute)
		}
		times[i], prev, prevHours = t, t, step.AfterHours
	}
	for i := range times {
		if latest := now.Add(-time.Duration(len(times)-i) * time.Minute); times[i].After(latest) {
			times[i] = latest.UTC()
		}
	}
	return times
}

// working moves t to the next opening when the shop is closed, by some minutes that differ from row to row.
func (s Submission) working(t time.Time) time.Time {
	here := t.In(taipei())
	morning := time.Date(here.Year(), here.Month(), here.Day(), opens, 0, 0, 0, here.Location())
	weekend := func(d time.Time) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }
	if !weekend(here) && here.Hour() >= opens && here.Hour() < closes {
		return here.UTC()
	}
	if here.Hour() >= closes {
		morning = morning.AddDate(0, 0, 1)
	}
	for weekend(morning) {
		morning = morning.AddDate(0, 0, 1)
	}
	return morning.Add(time.Duration(s.dice("morning")%100) * time.Minute).UTC()
}

// dice returns a number that is always the same for this row and purpose.
func (s Submission) dice(purpose string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s.ID + "/" + purpose))
	return h.Sum32()
}

// days turns days into a duration.
func days(n float64) time.Duration { return time.Duration(n * 24 * float64(time.Hour)) }
