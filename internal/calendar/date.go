package calendar

import (
	"fmt"
	"time"
)

// Date is a day of a calendar.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the day that the clock of t shows.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads "2026-02-28", years 1900 to 2200.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return Date{}, fmt.Errorf("%q is no date: write it like 2026-12-31", s)
	}
	return DateOf(t), nil
}

func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Plus is the day so many days later, or earlier.
func (d Date) Plus(days int) Date { return dateOf(d.number() + days) }

// Before tells whether the day is an earlier one.
func (d Date) Before(o Date) bool { return d.number() < o.number() }

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func (d Date) noon(place *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, place)
}

const secondsOfDay = 24 * 60 * 60

// number counts days since 1970-01-01.
func (d Date) number() int { return dayOf(d.utc().Unix()) }

func dateOf(number int) Date { return DateOf(time.Unix(int64(number)*secondsOfDay, 0).UTC()) }

// dayOf is the day number of a moment given in seconds since 1970.
func dayOf(seconds int64) int {
	n := seconds / secondsOfDay
	if seconds%secondsOfDay < 0 {
		n--
	}
	return int(n)
}
