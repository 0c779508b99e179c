package calendar

import (
	"slices"
	"sort"
	"time"
)

// addDays is the same time of day so many open days later.
func (c *Calendar) addDays(from time.Time, n int) time.Time {
	at := c.Next(from)
	if n <= 0 {
		return at
	}
	day, ok := c.openDay(DateOf(at).number(), n)
	if !ok {
		return from.AddDate(horizon, 0, 0).In(c.location)
	}
	return c.Next(c.on(day, at))
}

// subtractDays is the latest moment of which addDays is not later than at.
func (c *Calendar) subtractDays(at time.Time, n int) time.Time {
	last, ok := c.lastOpen(at)
	if n <= 0 || !ok {
		return last
	}
	today := DateOf(last).number()
	day, ok := c.openDay(today, -n)
	if !ok {
		return at.AddDate(-horizon, 0, 0).In(c.location)
	}
	// nearly always it is the same time of that day
	if guess := c.on(day, last); c.Open(guess) && c.even(day) && c.even(today) {
		return guess
	}
	before, ok := c.openDay(today, -n-1)
	if !ok {
		return at.AddDate(-horizon, 0, 0).In(c.location)
	}
	behind, _ := c.openDay(today, -n+1)
	lo, hi := c.on(before, time.Time{}), c.on(behind+1, time.Time{})
	for c.addDays(lo, n).After(last) { // a day that the clock on the wall left out
		lo = lo.AddDate(0, 0, -1)
	}
	for hi.Sub(lo) > 1 {
		if mid := lo.Add(hi.Sub(lo) / 2); c.addDays(mid, n).After(last) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return lo
}

// lastOpen is the latest moment, not later than at, in which the shop is open.
func (c *Calendar) lastOpen(at time.Time) (time.Time, bool) {
	m := momentOf(at)
	for n := m.year(); ; n-- {
		y := c.year(n)
		i := y.after(m.seconds)
		if i < len(y.openings) && y.openings[i].from <= m.seconds {
			return m.in(c.location), true
		}
		if i > 0 {
			return moment{y.openings[i-1].to - 1, second - 1}.in(c.location), true
		}
		if m.year()-n == horizon {
			return at.AddDate(-horizon, 0, 0).In(c.location), false
		}
	}
}

// Workday is the n-th open day after that of a moment, by the shop's clock; n is 1
// or more.
func (c *Calendar) Workday(from time.Time, n int) Date {
	day, ok := c.openDay(DateOf(from.In(c.location)).number(), n)
	if !ok {
		return DateOf(from.AddDate(horizon, 0, 0))
	}
	return dateOf(day)
}

// Hours are the first opening and the last closing of a day, as moments; ok is
// false where the shop is closed.
func (c *Calendar) Hours(d Date) (opens, closes time.Time, ok bool) {
	spans := c.Spans(d)
	if len(spans) == 0 {
		return opens, closes, false
	}
	at := func(minute int) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, minute, 0, 0, c.location) }
	return at(spans[0].From), at(spans[len(spans)-1].To), true
}

// openDay is the number of the n-th open day after a day, or before it where n is
// less than 0. The day itself doesn't count, and for n = 0 it is the answer.
func (c *Calendar) openDay(day, n int) (int, bool) {
	if n == 0 {
		return day, true
	}
	first := dateOf(day).Year
	y := c.year(first)
	i := sort.SearchInts(y.days, day)
	if n > 0 && i < len(y.days) && y.days[i] == day {
		i++
	}
	if n > 0 {
		n--
	}
	for i += n; i >= len(y.days); y = c.year(y.number + 1) {
		if i -= len(y.days); y.number-first == horizon {
			return 0, false
		}
	}
	for i < 0 {
		if first-y.number == horizon {
			return 0, false
		}
		y = c.year(y.number - 1)
		i += len(y.days)
	}
	return y.days[i], true
}

// even tells whether the clock runs evenly on a day, for all we know.
func (c *Calendar) even(day int) bool {
	d := dateOf(day)
	newYear := d.Month == time.January && d.Day == 1 || d.Month == time.December && d.Day == 31
	return !newYear && !slices.Contains(c.year(d.Year).uneven, day)
}

// on is a day at the time of day that a clock shows.
func (c *Calendar) on(day int, clock time.Time) time.Time {
	d := dateOf(day)
	return time.Date(d.Year, d.Month, d.Day, clock.Hour(), clock.Minute(), clock.Second(), clock.Nanosecond(), c.location)
}
