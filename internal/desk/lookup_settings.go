package desk

import (
	"regexp"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// Lookup says where orders are looked up: at an address of the shop's own, which
// is asked with signed requests. What they are signed with is no setting: see
// [SecretLookup].
type Lookup struct {
	Enabled        bool   `json:"enabled"`
	URL            string `json:"url"`
	CacheMinutes   int    `json:"cache_minutes"`   // for how long an answer is kept; 5
	TimeoutSeconds int    `json:"timeout_seconds"` // for how long one is waited for; 3
	// SendContact sends the visitor's mail address and phone number along where no
	// order or member number is known. Off: these numbers are all that is sent.
	SendContact bool `json:"send_contact"`
	// Pattern is a regular expression (RE2) for the shop's order numbers in
	// messages; "" looks for the usual ones.
	Pattern string `json:"pattern"`
}

// Membership is what an invitation to become a member offers.
type Membership struct {
	SignupURL string `json:"signup_url"` // of the shop; "" invites nobody
	Coupon    string `json:"coupon"`     // offered unless another is typed; may be ""
}

func (l *Lookup) fill() {
	l.URL = strings.TrimSpace(l.URL)
	orInt(&l.CacheMinutes, 5)
	orInt(&l.TimeoutSeconds, 3)
}

// Form is Pattern compiled; nil where there is none.
func (l Lookup) Form() *regexp.Regexp {
	if l.Pattern == "" {
		return nil
	}
	form, err := regexp.Compile(l.Pattern)
	if err != nil {
		return nil
	}
	return form
}

// Why no orders are looked up: words for the Desk.
const (
	LookupOff      = "off"
	LookupNoURL    = "no_url"
	LookupNoSecret = "no_secret"
)

// Missing tells what the lookup lacks, whether it is switched on or not:
// [LookupNoURL], [LookupNoSecret] or "".
func (l Lookup) Missing(app core.App) string {
	if l.URL == "" {
		return LookupNoURL
	}
	if secret, err := Secret(app, SecretLookup); err != nil || secret == "" {
		return LookupNoSecret
	}
	return ""
}
