package calendar

import "time"

// The hours of a day in which an answer is promised.
const (
	opens  = 9
	closes = 18
)

// AnswerBy is the moment by which an answer is promised to what came at a time:
// work is counted in days of 24 hours from the first open hour on, Saturdays and
// Sundays don't count, and the promise never falls into the night. The result is
// in that place's time.
func AnswerBy(from time.Time, work time.Duration, place *time.Location) time.Time {
	at := nextOpen(from.In(place))
	for ; work >= 24*time.Hour; work -= 24 * time.Hour {
		at = day(at, 1, at.Hour(), at.Minute())
		for weekend(at) {
			at = day(at, 1, at.Hour(), at.Minute())
		}
	}
	return nextOpen(at.Add(work))
}

// nextOpen is at itself in open hours, else the next opening.
func nextOpen(at time.Time) time.Time {
	if at.Hour() >= closes && !(at.Hour() == closes && at.Minute() == 0 && at.Second() == 0) {
		at = day(at, 1, opens, 0)
	} else if at.Hour() < opens {
		at = day(at, 0, opens, 0)
	}
	for weekend(at) {
		at = day(at, 1, opens, 0)
	}
	return at
}

func day(at time.Time, later, hour, minute int) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day()+later, hour, minute, 0, 0, at.Location())
}

func weekend(at time.Time) bool { return at.Weekday() == time.Saturday || at.Weekday() == time.Sunday }
