package captcha

import "slices"

// The providers, as they are named in the settings.
const (
	RecaptchaV2 = "recaptcha_v2"
	RecaptchaV3 = "recaptcha_v3"
	HCaptcha    = "hcaptcha"
	Turnstile   = "turnstile"
)

// provider is what one provider's own documentation says of it:
// https://developers.google.com/recaptcha/docs/verify, https://docs.hcaptcha.com/,
// https://developers.cloudflare.com/turnstile/get-started/server-side-validation/.
type provider struct {
	verifyURL string
	field     string // of the form
	scored    bool   // answers carry a score from 0 (machine) to 1 (human)
	actions   bool   // answers carry the page's action
	siteKey   bool   // wants to be told the site key
	policy    Policy
}

// providers is read only.
var providers = map[string]provider{
	RecaptchaV2: {verifyURL: recaptchaURL, field: "g-recaptcha-response", policy: recaptchaPolicy},
	RecaptchaV3: {verifyURL: recaptchaURL, field: "g-recaptcha-response", policy: recaptchaPolicy, scored: true, actions: true},
	HCaptcha: {
		verifyURL: "https://api.hcaptcha.com/siteverify",
		field:     "h-captcha-response",
		// Scores exist for some customers, but the other way round: 1 is the worst.
		siteKey: true,
		policy: Policy{
			ScriptURL: "https://js.hcaptcha.com/1/api.js",
			Script:    hcaptchaOrigins, Frame: hcaptchaOrigins, Style: hcaptchaOrigins, Connect: hcaptchaOrigins,
		},
	},
	Turnstile: {
		verifyURL: "https://challenges.cloudflare.com/turnstile/v0/siteverify",
		field:     "cf-turnstile-response",
		actions:   true,
		policy: Policy{
			ScriptURL: "https://challenges.cloudflare.com/turnstile/v0/api.js",
			Script:    []string{"https://challenges.cloudflare.com"},
			Frame:     []string{"https://challenges.cloudflare.com"},
		},
	},
}

const recaptchaURL = "https://www.google.com/recaptcha/api/siteverify"

var (
	hcaptchaOrigins = []string{"https://hcaptcha.com", "https://*.hcaptcha.com"}
	recaptchaPolicy = Policy{
		ScriptURL: "https://www.google.com/recaptcha/api.js",
		Script:    []string{"https://www.google.com/recaptcha/", "https://www.gstatic.com/recaptcha/"},
		Frame:     []string{"https://www.google.com/recaptcha/", "https://recaptcha.google.com/recaptcha/"},
		Connect:   []string{"https://www.google.com/recaptcha/"},
	}
)

// Policy is what a page needs for a provider's widget: the address of its script, and the sources
// that the page's Content-Security-Policy must name beside 'self'.
type Policy struct {
	ScriptURL string
	Script    []string // script-src
	Frame     []string // frame-src
	Style     []string // style-src
	Connect   []string // connect-src
}

// PolicyOf returns what the pages need for a provider; the zero Policy for any other word. The
// lists are the caller's.
func PolicyOf(provider string) Policy {
	p := providers[provider].policy
	return Policy{
		ScriptURL: p.ScriptURL,
		Script:    slices.Clone(p.Script), Frame: slices.Clone(p.Frame),
		Style: slices.Clone(p.Style), Connect: slices.Clone(p.Connect),
	}
}

// ScriptOrigins returns the sources for script-src alone; nil for any other word.
func ScriptOrigins(provider string) []string { return PolicyOf(provider).Script }

// TokenField returns the form field into which the provider's widget puts its token; "" for any
// other word.
func TokenField(provider string) string { return providers[provider].field }

// Providers lists the words for Config.Provider, sorted.
func Providers() []string { return []string{HCaptcha, RecaptchaV2, RecaptchaV3, Turnstile} }
