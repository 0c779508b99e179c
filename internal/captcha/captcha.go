// Package captcha asks a captcha's provider whether the token that came with a form is good: Google
// reCAPTCHA v2 and v3, hCaptcha, Cloudflare Turnstile. All four speak the same "siteverify".
//
//	v, err := captcha.New(captcha.Config{
//		Provider: captcha.Turnstile,
//		Secret:   os.Getenv("POCKETDESK_CAPTCHA_SECRET"),
//		Hosts:    []string{"shop.example"},
//	})
//	…
//	r := v.Verify(ctx, form.Get(captcha.TokenField(captcha.Turnstile)), addr)
//	if r.State == captcha.Down {
//		log.Println(r.Detail) // the visitor is not to blame
//	}
//
// A token is good for one Verify: the provider calls it a duplicate the second time.
package captcha

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/idna"
)

// State is what became of a token.
type State string

// The states. The zero State means that nothing was asked for.
const (
	Valid     State = "valid"      // solved, here and now
	Missing   State = "missing"    // the form brought no token
	Invalid   State = "invalid"    // not a token of this site, or for another action
	Duplicate State = "duplicate"  // spent: used before or too old; two providers do not tell which
	WrongHost State = "wrong_host" // solved on a page of another site
	LowScore  State = "low_score"  // reCAPTCHA v3 thinks that it was a machine
	Down      State = "down"       // no answer to go by: the provider or our own keys are at fault
)

const (
	maxToken = 4 << 10  // bytes
	maxBody  = 64 << 10 // bytes of an answer
)

// Config says whom to ask. Provider and Secret are required.
type Config struct {
	// Provider is one of Providers.
	Provider string
	// SiteKey is the public half of the keys. hCaptcha is told it, so that it refuses tokens of
	// other sites; the others know it by the secret.
	SiteKey string
	// Secret is the other half. It is part of no error and no Detail.
	Secret string `json:"-"`
	// VerifyURL is asked instead of the provider's own address, as for a relay or a test. http or
	// https.
	VerifyURL string
	// Hosts are the names of the sites on which the token may have been solved, without port.
	// Names in other scripts may be written as such. Empty: not checked.
	Hosts []string
	// MinScore is the least score of reCAPTCHA v3 that counts as human, 0 to 1. Default 0.5.
	MinScore float64
	// Action is the action that the page named, for reCAPTCHA v3 and Turnstile. Empty: not checked.
	Action string
	// Client carries the calls. Default: a client of its own. A given one is copied; in both cases
	// redirects are not followed.
	Client *http.Client
	// Timeout bounds one call. Default 3 s.
	Timeout time.Duration
	// Now is the clock of the breaker. Default time.Now.
	Now func() time.Time
}

// String shows the configuration without the secret.
func (c Config) String() string {
	return fmt.Sprintf("captcha.Config{Provider: %q, SiteKey: %q, VerifyURL: %q, secret set: %t}",
		c.Provider, c.SiteKey, c.VerifyURL, c.Secret != "")
}

// GoString is String, so that %#v does not show the secret either.
func (c Config) GoString() string { return c.String() }

// Result is the answer about one token.
type Result struct {
	State State
	// Score is that of reCAPTCHA v3, 0 (machine) to 1 (human), in the states Valid and LowScore.
	Score float64
	// Detail says more for staff in a few words or in the provider's error codes, at most 300
	// bytes of plain ASCII; "" if the state says all.
	Detail string
}

// Verifier asks one provider. It is safe for concurrent use. A nil *Verifier asks nobody.
type Verifier struct {
	provider provider
	cfg      Config
	client   *http.Client
	hosts    map[string]bool
	breaker  breaker
}

// New checks the configuration; it opens no connection. The error says which field cannot work.
func New(c Config) (*Verifier, error) {
	p, ok := providers[c.Provider]
	if !ok {
		return nil, fmt.Errorf("captcha: provider %q is not one of %v", c.Provider, Providers())
	}
	if c.Secret = strings.TrimSpace(c.Secret); c.Secret == "" {
		return nil, errors.New("captcha: no secret")
	}
	if c.VerifyURL == "" {
		c.VerifyURL = p.verifyURL
	}
	if u, err := url.Parse(c.VerifyURL); err != nil || u.Host == "" || u.User != nil ||
		u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("captcha: the verify URL must be http:// or https://, a host, and no user")
	}
	if math.IsNaN(c.MinScore) || c.MinScore < 0 || c.MinScore > 1 {
		return nil, fmt.Errorf("captcha: min score %v is not within 0 and 1", c.MinScore)
	}
	if c.MinScore == 0 {
		c.MinScore = 0.5
	}
	if c.Timeout <= 0 {
		c.Timeout = 3 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	v := &Verifier{provider: p, cfg: c, client: newClient(c.Client), hosts: map[string]bool{}}
	for _, h := range c.Hosts {
		name, err := idna.Lookup.ToASCII(strings.TrimSuffix(strings.TrimSpace(h), "."))
		if err != nil || name == "" {
			return nil, fmt.Errorf("captcha: %q is not the name of a host", h)
		}
		v.hosts[strings.ToLower(name)] = true
	}
	return v, nil
}

// Verify asks about the token of one form. The visitor's address goes along if it is a public one.
// Without a token, and with one that cannot be any provider's, nobody is asked. After five calls in
// a row without a usable answer the state is Down at once for a minute, then one call tries anew.
func (v *Verifier) Verify(ctx context.Context, token string, ip netip.Addr) Result {
	if v == nil {
		return Result{}
	}
	switch token = strings.TrimSpace(token); {
	case token == "":
		return Result{State: Missing}
	case len(token) > maxToken:
		return Result{State: Invalid, Detail: "the token is too long"}
	case !plain(token):
		return Result{State: Invalid, Detail: "the token has characters that no token has"}
	}
	t, why := v.breaker.enter(v.cfg.Now())
	if why != "" {
		return Result{State: Down, Detail: why}
	}
	r := v.ask(ctx, token, ip)
	switch {
	case r.State != Down:
		v.breaker.leave(t, answered, v.cfg.Now(), "")
	case ctx.Err() != nil:
		// The caller gave up, which says nothing of the provider.
		v.breaker.leave(t, unknown, v.cfg.Now(), "")
	default:
		v.breaker.leave(t, failed, v.cfg.Now(), r.Detail)
	}
	return r
}

// plain reports whether a text is of printable ASCII without spaces.
func plain(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}
