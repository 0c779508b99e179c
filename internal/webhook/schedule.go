package webhook

import "time"

// steps are the waits before each try after the first, as the specification
// gives them for an example: 75 hours from the first to the last.
var steps = [...]time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
	10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// Tries is how often a message is sent before it is given up.
const Tries = len(steps) + 1

// Delay is how long to wait after so many tries; false when there is to be no
// other one. jitter, from 0 to 1, spreads the tries over a tenth of the wait, so
// that a receiver that came back isn't asked by all at once.
func Delay(tries int, jitter float64) (time.Duration, bool) {
	if tries < 1 || tries > len(steps) {
		return 0, false
	}
	d := steps[tries-1]
	return d + time.Duration(min(max(jitter, 0), 1)*float64(d)/10), true
}
