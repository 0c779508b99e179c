package demo

import (
	"testing"
	"time"
)

// presents are moments at which the demo might be loaded: every weekday, at five hours of the day.
func presents() []time.Time {
	var list []time.Time
	for day := range 7 {
		for _, minute := range []int{1, 7 * 60, 11 * 60, 15*60 + 30, 23*60 + 59} {
			list = append(list, time.Date(2026, 11, 16+day, 0, minute, 0, 0, taipei()))
		}
	}
	return list
}

func TestAt(t *testing.T) {
	now := time.Date(2026, 11, 18, 9, 0, 0, 0, taipei()) // a Wednesday
	for _, c := range []struct {
		days float64
		want string
	}{
		{0.25, "2026-11-18 03:00"},
		{1.25, "2026-11-17 18:00"},
		{2.5, "2026-11-16 12:00"},
		{7.375, "2026-11-11 15:00"},
	} {
		if got := (Submission{ID: "x", DaysAgo: c.days}).At(now).In(taipei()).Format("2006-01-02 15:04"); got != c.want {
			t.Errorf("%g days ago: %s, want %s", c.days, got, c.want)
		}
	}
}

func TestAtWhateverThePresent(t *testing.T) {
	subs := load(t)
	for _, now := range presents() {
		at := map[string]time.Time{}
		weekend, day := 0, 0
		for _, s := range subs {
			sent := s.At(now)
			at[s.ID] = sent
			if sent.After(now) || now.Sub(sent) > 67*24*time.Hour {
				t.Fatalf("%s came at %s, present %s", s.ID, sent, now)
			}
			if s.Again != "" && !sent.After(at[s.Again]) {
				t.Errorf("%s at %s, before its first %s", s.ID, sent, at[s.Again])
			}
			here := sent.In(taipei())
			if d := here.Weekday(); d == time.Saturday || d == time.Sunday {
				weekend++
			}
			if h := here.Hour(); h >= 9 && h < 19 {
				day++
			}
		}
		if n := len(subs); weekend*100 > n*26 || weekend == 0 {
			t.Errorf("present %s: %d of %d rows at weekends, want fewer than evenly spread", now, weekend, n)
		}
		if n := len(subs); day*100 < n*50 {
			t.Errorf("present %s: %d of %d rows by day, want more than half", now, day, n)
		}
	}
}

func TestStepTimes(t *testing.T) {
	subs := load(t)
	for _, now := range presents() {
		steps, outside := 0, 0
		for _, s := range subs {
			prev := s.At(now)
			for i, at := range s.StepTimes(now) {
				if !at.After(prev) || !at.Before(now) {
					t.Errorf("present %s, %s: step %d at %s after %s", now, s.ID, i, at, prev)
				}
				prev = at
				here := at.In(taipei())
				steps++
				if d := here.Weekday(); d == time.Saturday || d == time.Sunday || here.Hour() < 9 || here.Hour() > 19 {
					outside++
				}
			}
		}
		if outside*100 > steps*5 {
			t.Errorf("present %s: %d of %d steps outside working hours", now, outside, steps)
		}
	}
}

func TestFollowUpsFallDue(t *testing.T) {
	for _, now := range presents() {
		due := 0
		for _, s := range load(t) {
			times := s.StepTimes(now)
			for i, step := range s.Thread {
				if step.Kind == StepFollowUp && times[i].AddDate(0, 0, step.Days).Sub(now).Abs() < 60*time.Hour {
					due++
				}
			}
		}
		if due < 8 {
			t.Errorf("present %s: %d follow-ups due about now", now, due)
		}
	}
}
