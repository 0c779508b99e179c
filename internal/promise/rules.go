package promise

import (
	"regexp"
	"time"
)

// verdict is what a rule makes of a match.
type verdict int

const (
	none  verdict = iota // it was not meant
	taken                // it is a date, but no promise's: nothing else is looked for in it
	dated                // it is a date
)

// rule finds dates of one form. A weak one needs a verb beside it that says that
// something will be done, unless its group "by" matched.
type rule struct {
	re     *regexp.Regexp
	strong bool
	due    func(m match, w when) (time.Time, verdict)
}

var rules = append(cjkRules(), englishRules()...)

// on is the moment that a match states for a day.
func on(m match, w when, days int, ok bool) (time.Time, verdict) {
	if !ok {
		return time.Time{}, taken
	}
	t, ok := w.moment(m, days)
	if !ok {
		return t, taken
	}
	return t, dated
}

// in is the end of a length of time.
func in(w when, n int, unit string) (time.Time, verdict) {
	if n <= 0 {
		return time.Time{}, taken
	}
	switch unit {
	case "minute":
		return w.now.Add(time.Duration(n) * time.Minute), dated
	case "hour":
		return w.now.Add(time.Duration(n) * time.Hour), dated
	case "working":
		if n > 100 {
			return time.Time{}, taken
		}
		return w.end(w.workdays(n)), dated
	case "week":
		return w.end(7 * n), dated
	case "month":
		return w.end(w.daysTo(w.now.AddDate(0, n, 0))), dated
	}
	return w.end(n), dated
}
