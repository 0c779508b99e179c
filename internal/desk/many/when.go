package many

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
)

const (
	morning  = 9  // o'clock
	evening  = 18 // for "tonight"
	farthest = 5 * 366 * 24 * time.Hour
)

var errWhen = errors.New(`give a date to come (RFC 3339), or tonight, tomorrow, monday, week, 3_hours, 3_days or 3_working_days`)

// When is the moment that a text means, seen from now in its time zone: RFC
// 3339, or a word that macros use, such as "tomorrow" (at 9:00), "monday" (the
// next one) or "3_working_days" (days on which the shop is open, at its opening).
func When(text string, now time.Time, hours *calendar.Calendar) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.000Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			if !at.After(now) || at.Sub(now) > farthest {
				return time.Time{}, errors.New("the date must lie ahead, by five years at most")
			}
			return at, nil
		}
	}
	switch text {
	case "tonight":
		at := onDay(now, 0, evening)
		if !at.After(now.Add(30 * time.Minute)) {
			return onDay(now, 1, morning), nil // the evening has begun
		}
		return at, nil
	case "tomorrow":
		return onDay(now, 1, morning), nil
	case "monday":
		days := (8 - int(now.Weekday())) % 7
		if days == 0 {
			days = 7
		}
		return onDay(now, days, morning), nil
	case "week":
		return onDay(now, 7, morning), nil
	}
	number, unit, _ := strings.Cut(text, "_")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > 100 {
		return time.Time{}, errWhen
	}
	switch unit {
	case "hours":
		return now.Add(time.Duration(n) * time.Hour), nil
	case "days":
		return onDay(now, n, morning), nil
	case "working_days":
		return workingDay(now, n, hours), nil
	}
	return time.Time{}, errWhen
}

func onDay(now time.Time, days, hour int) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day()+days, hour, 0, 0, 0, now.Location())
}

func workingDay(now time.Time, n int, hours *calendar.Calendar) time.Time {
	opens, _, _ := hours.Hours(hours.Workday(now, n))
	return opens
}
