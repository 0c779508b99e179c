package desk

import (
	"slices"
	"strings"

	"github.com/pocketdesk/pocketdesk/internal/phone"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// What becomes of a sales or cooperation pitch that bears no sign of a machine.
const (
	PitchNormal     = "normal"     // a case like any other
	PitchLow        = "low"        // a case of low priority, the default
	PitchQuarantine = "quarantine" // it waits for a person to look at it
)

// Pitches lists the choices for pitches.
func Pitches() []string { return []string{PitchNormal, PitchLow, PitchQuarantine} }

// Screening are the shop's choices for screening beside the thresholds.
type Screening struct {
	SignalsOff    []string `json:"signals_off"`    // names of signals that don't count
	Pitch         string   `json:"pitch"`          // one of [Pitches]; low
	ConfirmEmail  bool     `json:"confirm_email"`  // a guest's message waits until he confirms his address
	MembersOnly   bool     `json:"members_only"`   // guests need a member_ref that the shop's site signed
	MX            *bool    `json:"mx"`             // ask whether the mail domain takes mail; nil is true
	HomeCountries []string `json:"home_countries"` // ISO 3166 codes from which any number is normal; the shop's own

	// Off is SignalsOff as a set.
	Off map[string]bool `json:"-"`
}

// AsksMX tells whether mail domains are looked up.
func (s Screening) AsksMX() bool { return s.MX == nil || *s.MX }

// AtHome tells whether a country is one from which the shop expects many messages.
func (s Screening) AtHome(country string) bool { return slices.Contains(s.HomeCountries, country) }

// CaptchaPow is the proof of work that ships; it asks nobody else.
const CaptchaPow = "pow"

// Captcha is the choice between the proof of work and a provider's captcha. The
// provider's secret comes from the environment alone.
type Captcha struct {
	Provider string   `json:"provider"`  // pow, or one of the captcha package's providers
	SiteKey  string   `json:"site_key"`  // public: it stands in the page
	MinScore float64  `json:"min_score"` // of providers that score, above 0 up to 1; 0.5
	Hosts    []string `json:"hosts"`     // on which the captcha may have been solved; none: any
}

// On tells whether a provider was chosen.
func (c Captcha) On() bool { return c.Provider != "" && c.Provider != CaptchaPow }

func (s *Settings) fillScreening() {
	s.Thresholds = Thresholds(spam.Thresholds(s.Thresholds).OrDefault())
	c := &s.Screening
	if !slices.Contains(Pitches(), c.Pitch) {
		c.Pitch = PitchLow
	}
	c.Off = spam.Switched(c.SignalsOff)
	for i, code := range c.HomeCountries {
		c.HomeCountries[i] = strings.ToUpper(code)
	}
	if len(c.HomeCountries) == 0 {
		c.HomeCountries = []string{phone.Region(s.Locale)}
	}
	if s.Captcha.Provider == "" {
		s.Captcha.Provider = CaptchaPow
	}
	if s.Captcha.MinScore == 0 {
		s.Captcha.MinScore = 0.5
	}
}
