package calendar

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"
)

// Bounds of an imported calendar.
const (
	MaxICal     = 1 << 20 // bytes
	maxEvent    = 366     // days of one event
	maxSkipped  = 100     // that are told of
	maxWork     = 100_000 // days of all events
	yearsBehind = 1
	yearsAhead  = 5
)

// ErrICalTooLarge refuses a file that can't be a list of holidays.
var ErrICalTooLarge = errors.New("a holiday file has at most 1 MB: export the holidays alone, of a few years")

// ErrNoICal refuses what is no calendar.
var ErrNoICal = errors.New("this is no iCalendar file: choose one that ends in .ics and begins with BEGIN:VCALENDAR")

// ICalDay is one whole day of an imported calendar.
type ICalDay struct {
	Date string `json:"date"`
	Name string `json:"name"`
}

// ICalSkipped is what was not taken, and why: "time" (it has a time of day),
// "rule" (it repeats otherwise than every year), "date" (none, or none that can be
// read), "long" (more than 366 days), "cancelled", "years" (over, or far away),
// "many" (there are 2,000 days already), "workday" (a day on which people make up for
// another one: it is open, not closed).
type ICalSkipped struct {
	Line int    `json:"line"` // of the file, from 1
	Name string `json:"name"`
	Why  string `json:"why"`
}

// ReadICal reads the whole days of an iCalendar file (RFC 5545): those of events
// with a date and no time, over several days where it says so (DTEND is not part
// of it), and every year with a simple RRULE:FREQ=YEARLY. Days from the year
// before now until five years ahead are taken.
func ReadICal(text string, now time.Time) (days []ICalDay, skipped []ICalSkipped, err error) {
	if len(text) > MaxICal {
		return nil, nil, ErrICalTooLarge
	}
	r := icalReader{first: now.Year() - yearsBehind, last: now.Year() + yearsAhead, days: map[Date]string{}}
	if !r.read(text) {
		return nil, nil, ErrNoICal
	}
	for d, name := range r.days {
		days = append(days, ICalDay{d.String(), name})
	}
	slices.SortFunc(days, func(a, b ICalDay) int { return cmp.Compare(a.Date, b.Date) })
	return days, r.skipped, nil
}

type icalReader struct {
	first, last int
	days        map[Date]string
	work        int // days that were put in, over and over
	skipped     []ICalSkipped
	event       *icalEvent
	inside      []string // components that are open, within the event
}

// read goes through the lines, unfolded (RFC 5545, section 3.1).
func (r *icalReader) read(text string) bool {
	text = strings.TrimPrefix(strings.ToValidUTF8(text, "�"), "\ufeff")
	calendar := false
	line, at, number := "", 0, 0
	for raw := range strings.SplitSeq(text, "\n") {
		number++
		raw = strings.TrimSuffix(raw, "\r")
		if len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\t') {
			if len(line)+len(raw) < 10_000 { // nothing that counts is that long
				line += raw[1:]
			}
			continue
		}
		calendar = r.take(line, at) || calendar
		line, at = raw, number
	}
	return r.take(line, at) || calendar
}

// take takes one line in, and tells whether it begins a calendar.
func (r *icalReader) take(line string, at int) bool {
	name, p := property(line)
	switch {
	case name == "BEGIN" && strings.EqualFold(p.value, "VCALENDAR"):
		return true
	case name == "BEGIN" && r.event == nil && strings.EqualFold(p.value, "VEVENT"):
		r.event, r.inside = &icalEvent{line: at}, nil
	case r.event == nil:
	case name == "BEGIN":
		if len(r.inside) < 10 {
			r.inside = append(r.inside, strings.ToUpper(p.value))
		}
	case name == "END" && len(r.inside) > 0:
		r.inside = r.inside[:len(r.inside)-1]
	case name == "END":
		r.add(r.event)
		r.event = nil
	case len(r.inside) == 0:
		r.event.set(name, p)
	}
	return false
}

func (r *icalReader) skip(e *icalEvent, why string) {
	if len(r.skipped) < maxSkipped {
		r.skipped = append(r.skipped, ICalSkipped{e.line, e.name, why})
	}
}

func (r *icalReader) add(e *icalEvent) {
	start, ok := icalDate(e.start)
	switch {
	case e.cancelled:
		r.skip(e, "cancelled")
		return
	case strings.Contains(e.start.value, "T"):
		r.skip(e, "time")
		return
	case !ok:
		r.skip(e, "date")
		return
	case e.works():
		r.skip(e, "workday")
		return
	}
	n, ok := e.days(start)
	if !ok {
		r.skip(e, "date")
		return
	}
	if n > maxEvent {
		r.skip(e, "long")
		return
	}
	years, ok := r.years(e, start)
	if !ok {
		r.skip(e, "rule")
		return
	}
	taken := false
	for _, year := range years {
		first := Date{year, start.Month, start.Day}
		if DateOf(first.utc()) != first || e.excepts(first) { // 29 February
			continue
		}
		for i := range n {
			d := first.Plus(i)
			if d.Year < r.first || d.Year > r.last {
				continue
			}
			if taken = true; !r.put(d, e.name) {
				r.skip(e, "many")
				return
			}
		}
	}
	if !taken {
		r.skip(e, "years")
	}
}

// put notes one day; two names of a day stand beside each other.
func (r *icalReader) put(d Date, name string) bool {
	before, ok := r.days[d]
	if r.work++; r.work > maxWork || !ok && len(r.days) == MaxPlanDays {
		return false
	}
	if ok && before != "" && before != name && name != "" && !strings.Contains(before, name) {
		name = icalText(before + " / " + name)
	} else if before != "" {
		name = before
	}
	r.days[d] = name
	return true
}
