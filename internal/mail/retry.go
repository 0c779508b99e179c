package mail

import "time"

// Retry says how long to wait after attempt number attempt (the first is 1)
// failed for a reason that may pass: 1, 5, 15 and 60 minutes, then hourly. ok is
// false when the next attempt would lie more than 48 hours after the first one;
// RFC 5321, section 4.5.4.1, asks for patience of that order.
func Retry(attempt int) (delay time.Duration, ok bool) {
	const (
		patience = 48 * time.Hour
		steady   = time.Hour
	)
	first := [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, steady}
	if attempt < 1 {
		attempt = 1
	}
	if attempt <= len(first) {
		return first[attempt-1], true
	}
	var spent time.Duration
	for _, d := range first {
		spent += d
	}
	hours := attempt - len(first)
	if hours > int((patience-spent)/steady) {
		return 0, false
	}
	return steady, true
}
