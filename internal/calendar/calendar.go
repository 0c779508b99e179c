// Package calendar reckons in working time: when a shop is open, and when so
// many open hours or working days have passed.
//
//	c, err := calendar.New(calendar.Config{Location: taipei, Week: calendar.Weekdays(9*60, 18*60)})
//	due := c.After(time.Now(), calendar.Amount{N: 2, Unit: calendar.Days})
//
// A shop is open at a moment if the clock on its wall then shows a minute of one
// of the day's openings. When clocks are put forward, the minutes that are left
// out are nobody's; when they are put back, those that come twice count twice.
package calendar

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"time"
)

// Bounds of a [Config].
const (
	MaxSpans = 8    // openings of one day
	MaxDays  = 5000 // days that differ from the week
)

// Minutes of a day by the clock on the wall.
const wholeDay = 24 * 60

// Span is one opening of a day, in minutes since midnight by the clock on the
// wall: [From, To), 0 to 1440.
type Span struct{ From, To int }

// String is the span as people write it: "09:00-12:30".
func (s Span) String() string { return s.Texts()[0] + "-" + s.Texts()[1] }

// Texts are the span's ends as a [Plan] has them: "09:00", "24:00".
func (s Span) Texts() [2]string {
	clock := func(m int) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }
	return [2]string{clock(s.From), clock(s.To)}
}

// Config describes when a shop is open.
type Config struct {
	Location *time.Location  // nil is UTC
	Week     [7][]Span       // by time.Weekday
	Days     map[Date][]Span // single days instead of the week's; no spans is closed
}

// Calendar knows when a shop is open. It does not change, and may be used by
// several at once.
type Calendar struct {
	location *time.Location
	week     [7][]Span
	days     map[Date][]Span
	years    [keptYears]atomic.Pointer[year]
}

// ErrNeverOpen says that a calendar's week has no opening at all.
var ErrNeverOpen = errors.New("this calendar is never open: give at least one day of the week an opening")

// SpanError says what is wrong with the openings of a day.
type SpanError struct {
	Spans []Span // the one span, or the two that overlap
	Why   string // "order": ends before it begins, or outside the day; "overlap"; "many"
}

func (e *SpanError) Error() string {
	switch e.Why {
	case "overlap":
		return fmt.Sprintf("%v and %v overlap: let one end before the other begins", e.Spans[0], e.Spans[1])
	case "many":
		return fmt.Sprintf("a day has at most %d openings", MaxSpans)
	}
	return fmt.Sprintf("%v is no opening: it has to begin before it ends, within one day; write hours after midnight as one opening until 24:00 and one from 00:00 on the next day", e.Spans[0])
}

// New checks a description and makes the calendar. Openings may stand in any
// order and may touch, but not overlap ([SpanError]).
func New(c Config) (*Calendar, error) {
	made := &Calendar{location: c.Location, days: maps.Clone(c.Days)}
	if made.location == nil {
		made.location = time.UTC
	}
	if len(c.Days) > MaxDays {
		return nil, fmt.Errorf("a calendar has at most %d days that differ from the week", MaxDays)
	}
	open := false
	var err error
	for day, spans := range c.Week {
		if made.week[day], err = Tidy(spans); err != nil {
			return nil, err
		}
		open = open || len(spans) > 0
	}
	for day, spans := range made.days {
		if made.days[day], err = Tidy(spans); err != nil {
			return nil, fmt.Errorf("%s: %w", day, err)
		}
	}
	if !open {
		return nil, ErrNeverOpen
	}
	return made, nil
}

// Tidy is the openings of one day in order, those that touch as one. The error is
// a [*SpanError].
func Tidy(spans []Span) ([]Span, error) {
	if len(spans) > MaxSpans {
		return nil, &SpanError{spans, "many"}
	}
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b Span) int { return a.From - b.From })
	var tidy []Span
	for _, s := range sorted {
		if s.From < 0 || s.To > wholeDay || s.From >= s.To {
			return nil, &SpanError{[]Span{s}, "order"}
		}
		last := len(tidy) - 1
		switch {
		case last >= 0 && s.From < tidy[last].To:
			return nil, &SpanError{[]Span{tidy[last], s}, "overlap"}
		case last >= 0 && s.From == tidy[last].To:
			tidy[last].To = s.To
		default:
			tidy = append(tidy, s)
		}
	}
	return tidy, nil
}

// Weekdays is a week that is open Monday to Friday in one span.
func Weekdays(from, to int) (week [7][]Span) {
	for day := time.Monday; day <= time.Friday; day++ {
		week[day] = []Span{{from, to}}
	}
	return week
}

// Location is where the shop's clock hangs.
func (c *Calendar) Location() *time.Location { return c.location }

// Spans are the openings of a day, in order; none if the shop is closed. They are
// for reading only.
func (c *Calendar) Spans(day Date) []Span {
	if spans, ok := c.days[day]; ok {
		return spans
	}
	return c.week[day.Weekday()]
}
