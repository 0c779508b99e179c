package spam

import (
	"net/netip"
	"time"
)

// TokenState is what the form token said. The zero value means that no token
// was asked for.
type TokenState string

// The states of a form token.
const (
	TokenMissing  TokenState = "missing"
	TokenValid    TokenState = "valid"
	TokenExpired  TokenState = "expired"
	TokenReplayed TokenState = "replayed"
	TokenInvalid  TokenState = "invalid"
)

// PowState is what the proof of work said. The zero value means that none was
// asked for.
type PowState string

// The states of a proof of work.
const (
	PowMissing PowState = "missing"
	PowValid   PowState = "valid"
	PowInvalid PowState = "invalid"
)

// CaptchaState is what the shop's captcha provider said. The zero value means
// that none was asked for.
type CaptchaState string

// The states of a captcha.
const (
	CaptchaValid     CaptchaState = "valid"
	CaptchaMissing   CaptchaState = "missing"
	CaptchaInvalid   CaptchaState = "invalid"
	CaptchaDuplicate CaptchaState = "duplicate"
	CaptchaWrongHost CaptchaState = "wrong_host"
	CaptchaLowScore  CaptchaState = "low_score"
	CaptchaDown      CaptchaState = "down" // the provider could not be asked
)

// DomainState is whether the domain of the mail address takes mail. The zero
// value means that it is not known.
type DomainState string

// The states of a mail domain.
const (
	DomainOK     DomainState = "ok"
	DomainNoMail DomainState = "no_mail"
)

// Rate is how much came from one source lately, this message included.
type Rate struct {
	Count int
	// Limit is how many are normal in that time; 0 means not measured.
	Limit int
}

// Message is what is known of a message when it is screened. Everything in it
// may be hostile and of any length; checks look at the first 20,000 characters
// of the text only.
type Message struct {
	Name, Email, Phone, Subject, Text, OrderNo string

	// Locale is the language that the visitor chose and FormLocale that of
	// the page, both as BCP 47 tags ("zh-TW").
	Locale, FormLocale string

	// Category is the key that the visitor chose, or "".
	Category string

	IP netip.Addr
	// Country is where the address is from, as ISO 3166-1 alpha-2 ("TW"); ""
	// is not known.
	Country string
	// The headers of the request by their names (Accept, Origin …).
	UserAgent, AcceptLanguage, Accept, SecFetchSite, Origin string

	// Source is where the message came in: form, widget, api, import …
	Source string
	// Authenticated is true for a signed-in person or an integration with a
	// key: token, proof of work, fill time, User-Agent and the rates of
	// address and site say nothing then.
	Authenticated bool
	// Member is true for a visitor for whom the shop's own site vouches, and
	// MemberInvalid for one whose reference does not verify.
	Member, MemberInvalid bool
	// Network is false when there is no request behind the message (an
	// import, a record saved by the host's own code): all that belongs to a
	// request or a form stays silent then, and only the text is judged.
	Network bool

	// Mail is what is known of a message that came by mail; nil for all others.
	Mail *MailEvidence

	// Honeypot is what the field held that people do not see.
	Honeypot string
	Token    TokenState
	// FillTime is how long the form was open; 0 or less means not measured.
	FillTime time.Duration
	Pow      PowState
	Captcha  CaptchaState
	// Typed is true when the page counted the keys pressed and the pastes made
	// in the message field; Keys and Pastes say nothing without it.
	Typed        bool
	Keys, Pastes int

	// Recent messages from the same address, with the same mail address, and overall.
	IPCount, EmailCount, OverCount Rate
	// And from the same network (/24 or /56) and the same country.
	NetCount, CountryCount Rate
	// SenderTexts is how many different texts the sender sent lately.
	SenderTexts Rate
	// EmailHere and TextsHere are how many of those that EmailCount and
	// SenderTexts count came from the network that this message came from; 0
	// where that is not known.
	EmailHere, TextsHere int
	// MemberCount is how much the member sent lately, under whatever address.
	MemberCount Rate
	// Near is who else sent this text; see Recent.Find.
	Near Near
	// Domain says of the mail address whether its domain takes mail.
	Domain DomainState

	// OwnHosts are the shop's own hosts ("shop.example"): links to them and
	// their subdomains count for nothing.
	OwnHosts []string

	view *view
}

// TextOf is the text of a message as the learned model, SimHash and corrections
// take it: the subject, a line break, the message.
func TextOf(subject, message string) string { return subject + "\n" + message }
