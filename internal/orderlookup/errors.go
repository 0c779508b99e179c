package orderlookup

import (
	"fmt"
	"net/http"
	"time"
)

// Kind is what went wrong.
type Kind string

// Kinds of an [Error].
const (
	Off      Kind = "off"             // no URL or no secret
	Timeout  Kind = "timeout"         // no whole answer in time
	Refused  Kind = "refused"         // no connection: unknown name, closed port, bad certificate
	Status   Kind = "status"          // another status than 200, see Error.Status
	NotJSON  Kind = "not_json"        // no JSON object, or not said to be one
	TooLarge Kind = "too_large"       // more than [MaxBytes]
	Blocked  Kind = "blocked_address" // it lies where nobody may ask
	Open     Kind = "breaker"         // it failed too often; asked again after Error.Until
)

// counts tells whether a fault speaks against asking again soon.
func (k Kind) counts(status int) bool {
	switch k {
	case Timeout, Refused, NotJSON, TooLarge:
		return true
	case Status:
		return status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout
	}
	return false
}

// Error is why there is no answer. It holds neither the URL nor what was asked.
type Error struct {
	Kind   Kind
	Status int       // of the answer, where Kind is Status
	Until  time.Time // where Kind is Open
}

// Error implements error.
func (e *Error) Error() string {
	switch e.Kind {
	case Off:
		return "order lookup is not set up"
	case Timeout:
		return "the shop's system did not answer in time"
	case Refused:
		return "the shop's system can't be reached"
	case Status:
		return fmt.Sprintf("the shop's system answered with status %d", e.Status)
	case NotJSON:
		return "the shop's system answered something else than a JSON object"
	case TooLarge:
		return fmt.Sprintf("the answer of the shop's system is larger than %d KB", MaxBytes>>10)
	case Blocked:
		return "the address lies inside this machine or its network"
	}
	return "the shop's system failed too often; it is asked again after " + e.Until.UTC().Format(time.RFC3339)
}
