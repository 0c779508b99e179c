package page

import (
	"strings"
	"time"
)

// FormView is the form page.
type FormView struct {
	Locale   string // one of [Locales]; anything else becomes en
	Action   string // URL the plain form posts to, as multipart/form-data
	Base     string // prefix of the assets, "" or "/support"
	FormSlug string // sent as the field form
	// FormToken is sent as form_token; TokenTTL says how long it lives (default 30 minutes), so that the
	// page can renew it in time.
	FormToken string
	TokenTTL  time.Duration
	Pow       Pow
	ShopName  string
	Texts     FormTexts
	// Categories may be empty: then the page does not ask.
	Categories []Option
	Values     FormValues
	// Errors maps a field to an error key ([ErrorKeys]), for example "email" to "email_invalid". The empty
	// field, or one that the page does not have, is an error of the whole form.
	Errors     map[string]string
	MaxMessage int // characters of the message, default 5000
	// LocaleLinks is the language switch; nil makes ?lang= links for all [Locales], an empty slice none.
	LocaleLinks    []LocaleLink
	SubmitURL      string // where the script posts, /api/collections/feedback/records
	FormsURL       string // where the script gets a fresh token, /api/desk/forms/{slug}
	IdempotencyKey string // sent as the field idempotency_key, by the script also as Idempotency-Key
	// Success holds Title, Body and FormURL (default Action) of what the script shows after sending. It writes
	// the time of the answer in the visitor's own time zone.
	Success SuccessView
	// Confirm brings along the page for visitors who must confirm their address; the script shows it where the
	// answer says so.
	Confirm bool
	// Captcha is a provider's; the zero one is none, and the page then loads nothing of it.
	Captcha Captcha
}

func (v FormView) maxMessage() int {
	if v.MaxMessage <= 0 {
		return 5000
	}
	return v.MaxMessage
}

// Pow is the proof of work that the script is asked for. Bits zero asks for none.
type Pow struct {
	Salt      string
	Bits      int
	Signature string
}

// Captcha is the captcha of a provider on the form page. The lists are the sources that the page's
// Content-Security-Policy names for it beside its own.
type Captcha struct {
	ScriptURL string // the provider's script
	Field     string // into which it puts its token: g-recaptcha-response, h-captcha-response, cf-turnstile-response
	SiteKey   string
	Score     bool // nothing is shown; a token is asked for when the form is sent (reCAPTCHA v3)

	Script, Frame, Style, Connect []string
}

// Class marks the element that the provider's script makes its box of.
func (c Captcha) Class() string { return strings.TrimSuffix(c.Field, "-response") }

// API is the name of the script's global object.
func (c Captcha) API() string {
	return strings.ReplaceAll(strings.TrimPrefix(c.Class(), "cf-"), "-", "")
}

// FormTexts are the shop's own words in the page's locale. Blank ones fall back to the built-in text, and a
// blank PrivacyNote or PrivacyURL is left out. All are plain text; line breaks are kept.
type FormTexts struct {
	Title, Intro, Consent, PrivacyNote string
	PrivacyURL                         string // http, https, mailto or a path
}

// Option is one choice: Key is sent, Label is shown.
type Option struct{ Key, Label string }

// FormValues is what the visitor had typed. Files cannot be kept: a browser does not allow it.
type FormValues struct {
	Name, Email, Phone, Category, OrderNo string
	Subject                               string // not asked; kept in a hidden field if set
	Message                               string
	MemberRef                             string // by which the shop's site vouches; kept in a hidden field if set
	Consent                               bool
}

// LocaleLink is one language of the language switch. Label is the language's name in itself.
type LocaleLink struct {
	Locale, Label, URL string
	Current            bool
}

// SuccessView is the page after a submission. Blank Title and Body fall back to the built-in text.
type SuccessView struct {
	Locale, Base, ShopName, Title, Body, Receipt string
	AnswerBy                                     time.Time      // zero: no promise is shown
	Location                                     *time.Location // in which AnswerBy is shown; nil is UTC
	FormURL                                      string         // back to an empty form; blank: no link
	// Confirm says that the message waits until the visitor presses the button in a mail; then Title, Body and
	// AnswerBy are left out.
	Confirm bool
}

// States of the confirmation page.
const (
	ConfirmAsk   = "ask"   // a button that confirms
	ConfirmDone  = "done"  // it was pressed now
	ConfirmAgain = "again" // it was pressed before, or is no longer needed
	ConfirmGone  = "gone"  // the link is unknown or too old
)

// ConfirmView is the page behind the link by which a visitor confirms his address.
type ConfirmView struct {
	Locale, Base, ShopName string
	State                  string // one of the states above; anything else is gone
	Receipt                string // blank: not shown
	AnswerBy               time.Time
	Location               *time.Location // nil is UTC
	FormURL                string         // to the form, shown where the link is gone
}

// ErrorView is a page that says what went wrong. Kind is not_found, gone, joined, form_disabled, too_many or server.
type ErrorView struct {
	Locale, Base, ShopName, Kind string
	RetryAfter                   time.Duration // zero: not said
	FormURL                      string        // back to the form; blank: no link
	Email                        string        // where else to write; blank: not said
	Secret                       bool          // the page's own address gives access to something
}
