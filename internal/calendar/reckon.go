package calendar

import "time"

// horizon is how many years are reckoned ahead or back. What lies beyond ends there.
const horizon = 100

// After is when so much working time has passed since from, in the shop's time.
// Days end in a time in which the shop is open; minutes and hours may end with
// its closing.
func (c *Calendar) After(from time.Time, a Amount) time.Time {
	switch a.Unit {
	case Minutes:
		return c.Add(from, time.Duration(a.N)*time.Minute)
	case Hours:
		return c.Add(from, time.Duration(a.N)*time.Hour)
	}
	return c.addDays(from, a.N)
}

// Before is from when on so much working time has passed at a moment: the latest
// start, to the nanosecond, of which [Calendar.After] is not later.
func (c *Calendar) Before(at time.Time, a Amount) time.Time {
	switch {
	case a.N > 0 && a.Unit == Minutes:
		return c.subtract(at, time.Duration(a.N)*time.Minute)
	case a.N > 0 && a.Unit == Hours:
		return c.subtract(at, time.Duration(a.N)*time.Hour)
	}
	return c.subtractDays(at, a.N)
}

// Add is the earliest moment by which so much open time has passed since from. For
// nothing, or less, it is [Calendar.Next].
func (c *Calendar) Add(from time.Time, d time.Duration) time.Time {
	if d <= 0 {
		return c.Next(from)
	}
	at := momentOf(from)
	n := at.year()
	y := c.year(n)
	open := y.passed(at) + int64(d)
	for open > y.open*second {
		open -= y.open * second
		if y.number-n == horizon {
			return from.AddDate(horizon, 0, 0).In(c.location)
		}
		y = c.year(y.number + 1)
	}
	return y.at(open).in(c.location)
}

// subtract is the latest moment since which so much time was open up to at.
func (c *Calendar) subtract(to time.Time, d time.Duration) time.Time {
	at := momentOf(to)
	n := at.year()
	y := c.year(n)
	open := y.passed(at) - int64(d)
	for open < 0 {
		if n-y.number == horizon {
			return to.AddDate(-horizon, 0, 0).In(c.location)
		}
		y = c.year(y.number - 1)
		open += y.open * second
	}
	return y.latest(open).in(c.location)
}

// Between is how much open time lies between two moments; 0 where b is not later.
// More than 200 years count as the first 200.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	if !a.Before(b) {
		return 0
	}
	from, to := momentOf(a), momentOf(b)
	first, last := from.year(), to.year()
	if last-first > 2*horizon {
		last = first + 2*horizon
		to = moment{Date{last, 1, 1}.utc().Unix(), 0}
	}
	sum := -c.year(first).passed(from)
	for n := first; n < last; n++ {
		sum += c.year(n).open * second
	}
	return time.Duration(sum + c.year(last).passed(to))
}

// Open tells whether the shop is open at a moment.
func (c *Calendar) Open(at time.Time) bool {
	m := momentOf(at)
	y := c.year(m.year())
	i := y.after(m.seconds)
	return i < len(y.openings) && y.openings[i].from <= m.seconds
}

// Next is the moment itself while the shop is open, else the next opening, in
// the shop's time.
func (c *Calendar) Next(at time.Time) time.Time {
	m := momentOf(at)
	for n := m.year(); ; n++ {
		y := c.year(n)
		if i := y.after(m.seconds); i < len(y.openings) {
			if from := y.openings[i].from; from > m.seconds {
				m = moment{from, 0}
			}
			return m.in(c.location)
		}
		if n-m.year() == horizon {
			return at.AddDate(horizon, 0, 0).In(c.location)
		}
	}
}
