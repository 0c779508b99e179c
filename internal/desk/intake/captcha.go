package intake

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/captcha"
	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// CaptchaKeys are what a captcha's provider needs of the machine's environment.
type CaptchaKeys struct {
	Secret    string // without it captchas are off
	VerifyURL string // default: the provider's
}

// captchaGate holds the verifier of the provider that the settings name, made
// anew when they change.
type captchaGate struct {
	keys CaptchaKeys

	mu       sync.Mutex
	choice   desk.Captcha
	verifier *captcha.Verifier // nil: none can be made of the choice

	down atomic.Bool // the last token could not be checked
}

// AsksCaptcha tells whether guests must solve a provider's captcha: one is
// chosen, and the environment holds its secret.
func (in *Intake) AsksCaptcha(app core.App, s *desk.Settings) bool {
	return in.captcha.of(app, s.Captcha) != nil
}

// How captchas stand, for monitoring.
const (
	CaptchaOff      = "off" // the proof of work is asked for
	CaptchaOn       = "on"
	CaptchaNoSecret = "no_secret" // a provider is chosen, and its secret is missing
	CaptchaFaulty   = "faulty"    // no use can be made of the choice; the log says why
	CaptchaDown     = "down"      // the provider could not be asked about the last token
)

// CaptchaState tells how captchas stand.
func (in *Intake) CaptchaState(app core.App, s *desk.Settings) string {
	switch {
	case !s.Captcha.On():
		return CaptchaOff
	case in.captcha.keys.Secret == "":
		return CaptchaNoSecret
	case !in.AsksCaptcha(app, s):
		return CaptchaFaulty
	case in.captcha.down.Load():
		return CaptchaDown
	}
	return CaptchaOn
}

// of is the verifier for a choice; nil without one.
func (g *captchaGate) of(app core.App, c desk.Captcha) *captcha.Verifier {
	if !c.On() || g.keys.Secret == "" {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if same(g.choice, c) {
		return g.verifier
	}
	config := captcha.Config{
		Provider: c.Provider, SiteKey: c.SiteKey, MinScore: c.MinScore, Hosts: c.Hosts,
		Secret: g.keys.Secret, VerifyURL: g.keys.VerifyURL,
	}
	if c.Provider == captcha.RecaptchaV3 { // a score of another page of the site says nothing of this one
		config.Action = "feedback" // as the page's script asks for it
	}
	v, err := captcha.New(config)
	if err != nil {
		app.Logger().Warn("captchas are off", "error", err)
		v = nil
	}
	g.choice, g.verifier = c, v
	return v
}

func same(a, b desk.Captcha) bool {
	return a.Provider == b.Provider && a.SiteKey == b.SiteKey && a.MinScore == b.MinScore && slices.Equal(a.Hosts, b.Hosts)
}

// proof is what a guest's browser did to be let in: the captcha where one is
// asked for, else the proof of work. Whoever sends the proof of work with a
// captcha that failed has a wrong one counted; nobody is asked for both.
func (in *Intake) proof(app core.App, r *Request, s *desk.Settings) (spam.CaptchaState, spam.PowState) {
	v := in.captcha.of(app, s.Captcha)
	if v == nil || r.Authenticated {
		return "", in.solved(r.Pow)
	}
	state := in.captcha.ask(app, v, r)
	if state == spam.CaptchaValid {
		return state, ""
	}
	work := in.solved(r.Pow)
	if work == spam.PowMissing {
		work = ""
	}
	return state, work
}

// ask has a token checked. In a transaction, as of a batch of requests, nobody
// can be waited for, and no form sends one: the token counts as missing, which
// says nothing of the provider.
func (g *captchaGate) ask(app core.App, v *captcha.Verifier, r *Request) spam.CaptchaState {
	if app.IsTransactional() {
		return spam.CaptchaMissing
	}
	result := v.Verify(context.Background(), r.Captcha, r.IP) // which bounds its own time
	if result.State == captcha.Down {
		app.Logger().Warn("a captcha could not be checked", "detail", result.Detail)
	}
	if result.State != captcha.Missing {
		g.down.Store(result.State == captcha.Down)
	}
	return spam.CaptchaState(result.State)
}
