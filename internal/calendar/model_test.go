package calendar

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// model is the slow truth: a shop's minutes, one by one, each open or not by what
// the clock on the wall shows in it.
type model struct {
	config  Config
	from    time.Time
	minutes []bool
}

func newModel(c Config, from time.Time, days int) *model {
	m := &model{c, from.Truncate(time.Minute), make([]bool, days*24*60)}
	for i := range m.minutes {
		at := m.at(i)
		clock := at.Hour()*60 + at.Minute()
		for _, s := range m.spans(at) {
			m.minutes[i] = m.minutes[i] || s.From <= clock && clock < s.To
		}
	}
	return m
}

func (m *model) at(i int) time.Time {
	return m.from.Add(time.Duration(i) * time.Minute).In(m.config.Location)
}

func (m *model) spans(at time.Time) []Span {
	if spans, ok := m.config.Days[DateOf(at)]; ok {
		return spans
	}
	return m.config.Week[at.Weekday()]
}

func (m *model) index(at time.Time) int { return int(at.Sub(m.from) / time.Minute) }

// next is the first open minute, -1 behind the model's end.
func (m *model) next(i int) int {
	for ; i < len(m.minutes); i++ {
		if m.minutes[i] {
			return i
		}
	}
	return -1
}

// add is the minute behind the n-th open one.
func (m *model) add(i, n int) int {
	for ; i < len(m.minutes); i++ {
		if m.minutes[i] {
			n--
		}
		if n == 0 {
			return i + 1
		}
	}
	return -1
}

// subtract is the latest minute since which n were open.
func (m *model) subtract(i, n int) int {
	for i--; i >= 0; i-- {
		if m.minutes[i] {
			n--
		}
		if n == 0 {
			return i
		}
	}
	return -1
}

func (m *model) between(a, b int) (n int) {
	for ; a < b; a++ {
		if m.minutes[a] {
			n++
		}
	}
	return n
}

// days walks from day to day.
func (m *model) days(i, n int) int {
	if i = m.next(i); i < 0 {
		return -1
	}
	at := m.at(i)
	for later := 1; later < 1000; later++ {
		y, mo, d := at.Date()
		if day := time.Date(y, mo, d+later, 12, 0, 0, 0, time.UTC); len(m.spans(day)) > 0 && DateOf(day) == DateOf(time.Date(y, mo, d+later, 12, 0, 0, 0, m.config.Location)) {
			if n--; n == 0 {
				then := time.Date(y, mo, d+later, at.Hour(), at.Minute(), 0, 0, m.config.Location)
				if j := m.index(then); j >= 0 {
					return m.next(j)
				}
			}
		}
	}
	return -1
}

// places have clocks that change at 01:00, 02:00, 03:00 and midnight, by an hour and
// by half an hour, in both halves of the world, and one left out a whole day.
var places = []struct {
	zone string
	from string // a day before a change of the clock
}{
	{"Asia/Taipei", "2026-12-20"}, {"Asia/Tokyo", "2028-02-20"},
	{"Europe/Berlin", "2026-03-20"}, {"Europe/Berlin", "2026-10-15"},
	{"America/New_York", "2026-03-01"}, {"America/New_York", "2026-10-25"},
	{"Australia/Lord_Howe", "2026-03-28"}, {"Australia/Lord_Howe", "2026-09-28"},
	{"America/Havana", "2026-10-25"}, {"America/Santiago", "2026-08-30"}, {"Africa/Cairo", "2026-04-18"},
	{"Africa/Casablanca", "2026-02-08"}, {"Pacific/Apia", "2011-12-22"}, {"Asia/Kathmandu", "2027-12-20"}, {"UTC", "2028-02-25"},
}

// anySpans are openings that do not overlap; they may touch, and reach from midnight
// to midnight.
func anySpans(r *rand.Rand) (spans []Span) {
	step := []int{1, 15, 30, 60}[r.IntN(4)]
	for at := 0; at < wholeDay && len(spans) < MaxSpans; {
		from := at + r.IntN(12*60/step)*step
		to := from + (1+r.IntN(9*60/step))*step
		if r.IntN(8) == 0 {
			from = at
		}
		if to > wholeDay || r.IntN(12) == 0 {
			to = wholeDay
		}
		if from >= to {
			break
		}
		spans, at = append(spans, Span{from, to}), to
	}
	return spans
}

func anyConfig(t *testing.T, r *rand.Rand, zone, from string) (Config, time.Time) {
	t.Helper()
	place, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	first, err := time.ParseInLocation(time.DateOnly, from, place)
	if err != nil {
		t.Fatal(err)
	}
	c := Config{Location: place, Days: map[Date][]Span{}}
	for day := range c.Week {
		if r.IntN(3) > 0 {
			c.Week[day] = anySpans(r)
		}
	}
	if r.IntN(4) == 0 {
		c.Week = [7][]Span{} // one open day
	}
	if !slices.ContainsFunc(c.Week[:], func(s []Span) bool { return len(s) > 0 }) || r.IntN(8) == 0 {
		c.Week[r.IntN(7)] = []Span{{r.IntN(600), 601 + r.IntN(800)}}
	}
	for range r.IntN(30) {
		day := DateOf(first).Plus(r.IntN(90))
		if c.Days[day] = nil; r.IntN(2) == 0 {
			c.Days[day] = anySpans(r)
		}
	}
	return c, first
}
