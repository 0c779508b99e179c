// Package calendar reckons by when a shop answers.
//
//	by := calendar.AnswerBy(time.Now(), 48*time.Hour, taipei)
package calendar

import "time"

// AnswerBy is the moment after work of this length has passed, where Saturdays
// and Sundays of the place do not count. The result is in that place's time.
func AnswerBy(from time.Time, work time.Duration, place *time.Location) time.Time {
	at := from.In(place)
	for work > 0 {
		midnight := time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, place)
		if d := at.Weekday(); d == time.Saturday || d == time.Sunday {
			at = midnight
			continue
		}
		left := midnight.Sub(at)
		if work < left {
			return at.Add(work)
		}
		work -= left
		at = midnight
	}
	for at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		at = time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, place)
	}
	return at
}
