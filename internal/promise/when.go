package promise

import (
	"strings"
	"time"
)

// closes is when a working day ends that nobody told of, in minutes since midnight.
const closes = 18 * 60

// when reckons dates from the moment of writing.
type when struct {
	now      time.Time
	working  func(time.Time) bool
	closes   func(time.Time) int
	dayFirst bool // 5/11 is the fifth of November
}

func newWhen(o Options) when {
	zone := o.Zone
	if zone == nil {
		zone = time.UTC
	}
	w := when{now: o.Now.In(zone), working: o.Working, closes: o.Closes}
	if w.working == nil {
		w.working = func(d time.Time) bool { return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday }
	}
	if w.closes == nil {
		w.closes = func(time.Time) int { return closes }
	}
	locale := strings.ToLower(o.Locale)
	w.dayFirst = strings.HasPrefix(locale, "en-") && locale != "en-us" && locale != "en-ph"
	return w
}

// at is a time of the day that lies some days from today.
func (w when) at(days, hour, minute int) time.Time {
	return time.Date(w.now.Year(), w.now.Month(), w.now.Day()+days, hour, minute, 0, 0, w.now.Location())
}

// end is the end of the working day some days from today. Who says "today" in
// the evening means until midnight.
func (w when) end(days int) time.Time {
	t := w.at(days, 0, min(w.closes(w.at(days, 12, 0)), 24*60-1))
	if days == 0 && !t.After(w.now) {
		return w.at(0, 23, 59)
	}
	return t
}

// workdays is how many days from today the nth working day to come is.
func (w when) workdays(n int) int {
	days := 0
	for n > 0 && days < 1000 {
		days++
		if w.working(w.at(days, 12, 0)) {
			n--
		}
	}
	return days
}

// weekday is the day of the week from 0 for Monday to 6 for Sunday.
func (w when) weekday() int { return (int(w.now.Weekday()) + 6) % 7 }

// weekDays is how many days from today a day of the week is: weeks from this
// one, or the next such day for -1, which may be today.
func (w when) weekDays(day, weeks int) int {
	days := day - w.weekday()
	if weeks >= 0 {
		return days + 7*weeks
	}
	if days < 0 || days == 0 && !w.at(0, 0, w.closes(w.at(0, 12, 0))).After(w.now) {
		days += 7
	}
	return days
}

// date is how many days from today a date is. Without a year it is the one that
// comes; one that has just been is none. month 0 is the next month that has this
// day to come.
func (w when) date(year, month, day int) (days int, ok bool) {
	y, mo := year, time.Month(month)
	if year < 0 {
		y = w.now.Year()
	} else if year < 100 {
		y += 2000
	}
	if month == 0 {
		mo = w.now.Month()
		if day < w.now.Day() {
			mo++
		}
		if mo > 12 {
			mo, y = 1, y+1
		}
	}
	t := time.Date(y, mo, day, 12, 0, 0, 0, w.now.Location())
	if t.Day() != day || t.Month() != mo {
		return 0, false // there is no such day
	}
	days = w.daysTo(t)
	if year < 0 && days < -183 {
		t = time.Date(y+1, mo, day, 12, 0, 0, 0, w.now.Location())
		days = w.daysTo(t)
		ok = t.Day() == day
		return days, ok
	}
	return days, true
}

func (w when) daysTo(t time.Time) int {
	utc := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(utc(t).Sub(utc(w.now)).Hours() / 24)
}

// monthEnd is how many days from today the last day of a month is.
func (w when) monthEnd(months int) int {
	return w.daysTo(time.Date(w.now.Year(), w.now.Month()+1+time.Month(months), 0, 12, 0, 0, 0, w.now.Location()))
}

// moment is the time that a match states for a day, else the day's end. suffix
// before ("明天下午前", before the afternoon) makes a part of the day end earlier.
func (w when) moment(m match, days int) (time.Time, bool) {
	hour, minute, part := m.num("hour"), max(m.num("min"), 0), m.get("part")
	if hour >= 0 {
		return w.clock(m, days, hour, minute)
	}
	earlier := m.has("before")
	switch part {
	case "上午", "早上", "午前中", "午前", "中午", "正午", "noon", "midday", "morning", "in the morning":
		return w.at(days, 12, 0), true
	case "下午", "午後", "午后":
		if earlier {
			return w.at(days, 12, 0), true
		}
	case "晚上", "晚間", "晚间", "夜", "evening", "in the evening", "night":
		if !earlier {
			return w.at(days, 21, 0), true
		}
	}
	return w.end(days), true
}

func (w when) clock(m match, days, hour, minute int) (time.Time, bool) {
	if half := m.get("half"); half == "半" {
		minute = 30
	} else if strings.HasPrefix(half, "p") && hour < 12 {
		hour += 12
	} else if strings.HasPrefix(half, "a") && hour == 12 {
		hour = 0
	}
	switch m.get("part") {
	case "下午", "午後", "午后", "晚上", "晚間", "晚间", "傍晚", "夕方", "夜":
		if hour < 12 {
			hour += 12
		}
	}
	return w.at(days, hour, minute), hour <= 24 && minute < 60
}
