package desk

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/phone"
)

// SMS are the shop's choices for text messages: how its gateway is asked and how
// it answers. What opens the gateway is no setting: see [SecretSMS].
type SMS struct {
	Enabled bool   `json:"enabled"`
	Method  string `json:"method"` // GET or POST; POST
	// URL, the values of Headers and Body are Liquid; see the station texting for
	// their variables. Scheme and host of the URL are written out.
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	// Success and ID are regular expressions over the gateway's answer: the first
	// must match ("" takes every 2xx), the other's first group is its id of the text.
	Success string    `json:"success"`
	ID      string    `json:"id"`
	Report  SMSReport `json:"report"`
	// MaxParts is how many messages a text may take; 3.
	MaxParts int `json:"max_parts"`
	// NumberFormat is how the variable "to" is written: [NumberE164] or
	// [NumberNational]; e164. A foreign number is E.164 in both.
	NumberFormat string `json:"number_format"`
	// Ack acknowledges submissions that leave a mobile number of the shop's
	// country and no mail address.
	Ack bool `json:"ack"`
}

// SMSReport says in which fields of a delivery report id and status stand, and
// which statuses (regular expressions over the whole of it) mean what. Without
// ID no reports are expected.
type SMSReport struct {
	ID        string `json:"id"`
	Status    string `json:"status"`
	Delivered string `json:"delivered"`
	Failed    string `json:"failed"`
	// Answer is what the gateway wants to read, Liquid with the variable id, its
	// own id of the text; "" answers {}.
	Answer string `json:"answer"`
}

// Formats of a number.
const (
	NumberE164     = "e164"     // +886912345678
	NumberNational = "national" // 0912345678
)

// Why no text can leave: words for the Desk.
const (
	SMSOff      = "off"
	SMSNoURL    = "no_url"
	SMSNoSecret = "no_secret"
)

func (s *SMS) fill() {
	orInt(&s.MaxParts, 3)
	if s.NumberFormat == "" {
		s.NumberFormat = NumberE164
	}
}

// Host is the host of the gateway, with its port where one is given; "" where it
// isn't written out.
func (s SMS) Host() string {
	fixed, _, _ := strings.Cut(s.URL, "{")
	u, err := url.Parse(fixed)
	if err != nil || u.Path == "" && u.RawQuery == "" && fixed != s.URL {
		return "" // what follows might belong to the host
	}
	return strings.ToLower(u.Host)
}

var secretVariable = regexp.MustCompile(`\{[{%][^}]*\b(?:secret|user|password)\b`)

// wantsSecret tells whether a request holds the gateway's secret.
func (s SMS) wantsSecret() bool {
	all := s.URL + "\n" + s.Body
	for _, v := range s.Headers {
		all += "\n" + v
	}
	return secretVariable.MatchString(all)
}

// Missing tells what the gateway lacks, whether it is switched on or not:
// [SMSNoURL], [SMSNoSecret] or "".
func (s SMS) Missing(app core.App) string {
	if s.URL == "" {
		return SMSNoURL
	}
	if s.wantsSecret() {
		if secret, err := Secret(app, SecretSMS); err != nil || secret == "" {
			return SMSNoSecret
		}
	}
	return ""
}

// SMSWhy tells why no text can leave, "" where one can. Until then texts are held.
func SMSWhy(app core.App) string {
	s, err := LoadSettings(app)
	if err != nil || !s.SMS.Enabled {
		return SMSOff
	}
	return s.SMS.Missing(app)
}

// SMSOn tells whether a gateway is set up.
func SMSOn(app core.App) bool { return SMSWhy(app) == "" }

// Region is the country (ISO 3166) that the shop is most likely in.
func (s *Settings) Region() string {
	switch s.Location.String() {
	case "Asia/Taipei":
		return "TW"
	case "Asia/Tokyo":
		return "JP"
	case "Asia/Shanghai":
		return "CN"
	}
	return phone.Region(s.Locale)
}
