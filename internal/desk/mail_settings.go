package desk

import (
	"slices"
	"strings"
)

// Mail are the shop's choices for mail, both ways. Passwords and keys are no
// settings: see [Secret].
type Mail struct {
	// AuthservID names the server whose Authentication-Results are believed
	// (RFC 8601, section 5), such as mx.shop.example. "" believes none.
	AuthservID string `json:"authserv_id"`
	// OwnDomains are those under which programs of the shop write Message-IDs:
	// such a mail is automatic, whoever sent it.
	OwnDomains []string `json:"own_domains"`
	DKIM       DKIM     `json:"dkim"`
	// Plus lets mail bear plus-addresses (RFC 5233): one of the case for answers,
	// one of the mail for bounces. nil is true. Off, for a server that delivers
	// none, both come to the address for answers, and find their case by the
	// Message-IDs that they repeat.
	Plus *bool `json:"plus"`
	// KeepRawDays is after how many days mails as they came are removed; 90.
	// What was read from them stays on the cases.
	KeepRawDays int `json:"keep_raw_days"`
}

// DKIM says how outgoing mail is signed (RFC 6376). Without a selector, or
// without a key kept under the secret "dkim", nothing is signed.
type DKIM struct {
	Domain   string `json:"domain"`
	Selector string `json:"selector"`
}

// AnswerBox is the mailbox that answers to a mail from this address go to.
func (s *Settings) AnswerBox(from string) string {
	if s.ReplyFrom == "" && s.ServiceEmail != "" {
		return s.ServiceEmail
	}
	return from
}

// PlusAddresses tells whether mail bears addresses with a tag.
func (m Mail) PlusAddresses() bool { return m.Plus == nil || *m.Plus }

func (m *Mail) fill() {
	orInt(&m.KeepRawDays, 90)
	for i, d := range m.OwnDomains {
		m.OwnDomains[i] = strings.ToLower(strings.Trim(strings.TrimSpace(d), "."))
	}
	m.OwnDomains = slices.DeleteFunc(m.OwnDomains, func(d string) bool { return d == "" })
	m.AuthservID = strings.TrimSpace(m.AuthservID)
}

// OwnDomain tells whether a domain is one of OwnDomains or below one.
func (m Mail) OwnDomain(domain string) bool {
	domain = strings.ToLower(strings.Trim(domain, "."))
	return slices.ContainsFunc(m.OwnDomains, func(own string) bool {
		return domain == own || strings.HasSuffix(domain, "."+own)
	})
}
