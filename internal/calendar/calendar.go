// Package calendar reckons in working time: when a shop is open, and when so
// many open hours or working days have passed.
//
//	c, err := calendar.New(calendar.Config{Location: taipei, Week: calendar.Weekdays(9*60, 18*60)})
//	due := c.After(time.Now(), calendar.Amount{N: 2, Unit: calendar.Days})
package calendar

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Span is one opening of a day, in minutes since midnight by the clock on the
// wall: [From, To), 0 to 1440.
type Span struct{ From, To int }

// Date is a day of a calendar.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Config describes when a shop is open.
type Config struct {
	Location *time.Location
	Week     [7][]Span       // by time.Weekday
	Days     map[Date][]Span // single days instead of the week's; no spans is closed
}

// Calendar knows when a shop is open. It does not change, and may be used by
// several at once.
type Calendar struct{ config Config }

// ErrNeverOpen says that a calendar has no opening at all.
var ErrNeverOpen = errors.New("this calendar is never open")

// New checks a description and makes the calendar.
func New(c Config) (*Calendar, error) {
	if c.Location == nil {
		c.Location = time.UTC
	}
	open := false
	for _, day := range c.Week {
		open = open || len(day) > 0
	}
	if !open {
		return nil, ErrNeverOpen
	}
	return &Calendar{c}, nil
}

// Weekdays is a week that is open Monday to Friday in one span.
func Weekdays(from, to int) (week [7][]Span) {
	for day := time.Monday; day <= time.Friday; day++ {
		week[day] = []Span{{from, to}}
	}
	return week
}

// Location is where the shop's clock hangs.
func (c *Calendar) Location() *time.Location { return c.config.Location }

// Unit is what an [Amount] counts.
type Unit byte

// Units of working time. A working day is the same time of day on the next day
// that is open.
const (
	Minutes Unit = 'm'
	Hours   Unit = 'h'
	Days    Unit = 'd'
)

// Amount is so much working time.
type Amount struct {
	N    int
	Unit Unit
}

// ParseAmount reads "90m", "4h" or "2d": 1 to 9999 of a unit.
func ParseAmount(s string) (Amount, error) {
	bad := fmt.Errorf("%q is no working time: write 30m, 4h or 2d", s)
	if len(s) < 2 || len(s) > 5 {
		return Amount{}, bad
	}
	n, err := strconv.Atoi(s[:len(s)-1])
	a := Amount{n, Unit(s[len(s)-1])}
	if err != nil || n < 1 || s[0] == '+' || a.Unit != Minutes && a.Unit != Hours && a.Unit != Days {
		return Amount{}, bad
	}
	return a, nil
}

func (a Amount) String() string { return strconv.Itoa(a.N) + string(rune(a.Unit)) }

// After is when so much working time has passed since from. It never falls into
// a time in which the shop is closed.
func (c *Calendar) After(from time.Time, a Amount) time.Time {
	switch a.Unit {
	case Minutes:
		return c.Add(from, time.Duration(a.N)*time.Minute)
	case Hours:
		return c.Add(from, time.Duration(a.N)*time.Hour)
	}
	at := c.Next(from)
	for range a.N {
		y, m, d := at.Date()
		for {
			d++
			at = time.Date(y, m, d, at.Hour(), at.Minute(), at.Second(), 0, at.Location())
			if len(c.spans(at)) > 0 {
				break
			}
		}
	}
	return c.Next(at)
}

// Before is from when on so much working time has passed at a moment: the latest
// start of which [Calendar.After] is not later.
func (c *Calendar) Before(at time.Time, a Amount) time.Time {
	lo, hi := at.AddDate(0, -1, -3*a.N), at
	for hi.Sub(lo) > time.Second {
		mid := lo.Add(hi.Sub(lo) / 2)
		if c.After(mid, a).After(at) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return lo
}

// Add is when so much open time has passed since from.
func (c *Calendar) Add(from time.Time, d time.Duration) time.Time {
	at := c.Next(from)
	for d > 0 {
		end := c.closing(at)
		if left := end.Sub(at); d <= left {
			return at.Add(d)
		} else {
			d -= left
		}
		at = c.Next(end)
	}
	return at
}

// Between is how much open time lies between two moments; 0 where b is not later.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	var sum time.Duration
	for at := c.Next(a); at.Before(b); at = c.Next(c.closing(at)) {
		end := c.closing(at)
		if end.After(b) {
			end = b
		}
		sum += end.Sub(at)
	}
	return sum
}

// Open tells whether the shop is open at a moment.
func (c *Calendar) Open(at time.Time) bool { return c.Next(at).Equal(at) }

// Next is the moment itself while the shop is open, else the next opening, in
// the shop's time.
func (c *Calendar) Next(at time.Time) time.Time {
	at = at.In(c.config.Location)
	y, m, d := at.Date()
	for n := range 400 {
		for _, s := range c.spans(time.Date(y, m, d+n, 12, 0, 0, 0, at.Location())) {
			from, to := time.Date(y, m, d+n, 0, s.From, 0, 0, at.Location()), time.Date(y, m, d+n, 0, s.To, 0, 0, at.Location())
			if at.Before(from) {
				return from
			}
			if at.Before(to) {
				return at
			}
		}
	}
	return at
}

func (c *Calendar) spans(at time.Time) []Span {
	y, m, d := at.Date()
	if day, ok := c.config.Days[Date{y, m, d}]; ok {
		return day
	}
	return c.config.Week[at.Weekday()]
}

func (c *Calendar) closing(at time.Time) time.Time {
	y, m, d := at.Date()
	for _, s := range c.spans(at) {
		if to := time.Date(y, m, d, 0, s.To, 0, 0, at.Location()); at.Before(to) {
			return to
		}
	}
	return at.Add(time.Minute)
}
