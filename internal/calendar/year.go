package calendar

import (
	"sort"
	"time"
)

// keptYears bounds the tables that a calendar holds in memory.
const keptYears = 64

// opening is a time without a break in which the shop is open, in seconds since
// 1970: [from, to). before is how much of its year was open up to it.
type opening struct{ from, to, before int64 }

// year holds the openings of a year of UTC, and the open days of that year by the
// clock on the wall.
type year struct {
	number   int
	openings []opening
	open     int64 // seconds in all
	days     []int // day numbers with an opening, ascending
	uneven   []int // day numbers on which the clock changes
}

// year is the table of a year, made on first use. Two at once may both make it.
func (c *Calendar) year(n int) *year {
	place := &c.years[n&(keptYears-1)]
	if y := place.Load(); y != nil && y.number == n {
		return y
	}
	y := c.makeYear(n)
	place.Store(y)
	return y
}

func (c *Calendar) makeYear(n int) *year {
	y := &year{number: n, openings: make([]opening, 0, 600), days: make([]int, 0, 366)}
	from, to := Date{n, 1, 1}.utc().Unix(), Date{n + 1, 1, 1}.utc().Unix()
	for at := from; at < to; {
		moment := time.Unix(at, 0).In(c.location)
		_, offset := moment.Zone()
		until := to
		if _, end := moment.ZoneBounds(); !end.IsZero() && end.Unix() < to {
			// on the last day of some leap years to come, the bound that Go gives lies in the past
			until = max(end.Unix(), at+60*60)
		}
		until = min(until, to)
		c.addOpenings(y, at, until, int64(offset))
		if at = until; at < to {
			_, after := time.Unix(at, 0).In(c.location).Zone()
			y.uneven = append(y.uneven, dayOf(at+int64(offset)), dayOf(at+int64(after)))
		}
	}
	for day, last := dayOf(from), dayOf(to); day < last; day++ {
		if d := dateOf(day); len(c.Spans(d)) > 0 && DateOf(d.noon(c.location)) == d { // Samoa left out a day
			y.days = append(y.days, day)
		}
	}
	return y
}

// addOpenings adds those of a time in which the clock on the wall runs evenly.
func (c *Calendar) addOpenings(y *year, from, to, offset int64) {
	for day, last := dayOf(from+offset), dayOf(to-1+offset); day <= last; day++ {
		midnight := int64(day)*secondsOfDay - offset
		for _, s := range c.Spans(dateOf(day)) {
			o := opening{max(from, midnight+int64(s.From)*60), min(to, midnight+int64(s.To)*60), y.open}
			if o.from >= o.to {
				continue
			}
			y.open += o.to - o.from
			if last := len(y.openings) - 1; last >= 0 && y.openings[last].to == o.from {
				y.openings[last].to = o.to
				continue
			}
			y.openings = append(y.openings, o)
		}
	}
}

// after is the index of the first opening that ends after a moment.
func (y *year) after(at int64) int {
	return sort.Search(len(y.openings), func(i int) bool { return y.openings[i].to > at })
}

// passed is how much of the year's open time lies before a moment, in nanoseconds.
func (y *year) passed(at moment) int64 {
	i := y.after(at.seconds)
	if i == len(y.openings) {
		return y.open * second
	}
	o := y.openings[i]
	if at.seconds < o.from {
		return o.before * second
	}
	return (o.before+at.seconds-o.from)*second + at.nano
}

// at is the earliest moment of the year by which so much of it, more than 0, was open.
func (y *year) at(open int64) moment {
	i := sort.Search(len(y.openings), func(i int) bool { return y.openings[i].before*second >= open }) - 1
	o := y.openings[i]
	open -= o.before * second
	return moment{o.from + open/second, open % second}
}

// latest is the latest moment of the year before which no more than so much of it,
// less than all, was open.
func (y *year) latest(open int64) moment {
	i := sort.Search(len(y.openings), func(i int) bool { return y.openings[i].before*second > open }) - 1
	o := y.openings[i]
	open -= o.before * second
	return moment{o.from + open/second, open % second}
}

const second = int64(time.Second)

// moment is a time in seconds since 1970 and nanoseconds, 0 to 999999999.
type moment struct{ seconds, nano int64 }

func momentOf(t time.Time) moment { return moment{t.Unix(), int64(t.Nanosecond())} }

func (m moment) year() int { return time.Unix(m.seconds, 0).UTC().Year() }

func (m moment) in(place *time.Location) time.Time { return time.Unix(m.seconds, m.nano).In(place) }
