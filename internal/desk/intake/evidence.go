package intake

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/formtoken"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/pow"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// addRequest adds what the request says by itself.
func (in *Intake) addRequest(app core.App, m *spam.Message, s Submission, settings *desk.Settings) {
	r := s.Request
	m.Network, m.Authenticated = true, r.Authenticated
	m.IP, m.UserAgent, m.AcceptLanguage, m.Honeypot = r.IP, r.UserAgent, r.AcceptLanguage, r.Honeypot
	m.Accept, m.SecFetchSite, m.Origin = r.Accept, r.SecFetchSite, r.Origin
	if slices.Contains(s.sites, r.Origin) {
		m.SecFetchSite = "same-site" // the form names it as one of the shop's own
	}
	m.Keys, m.Pastes, m.Typed = input(r.Input)
	m.Token, m.FillTime = in.token(app, r.FormToken, s.Feedback.Form())
	m.Country = in.Geo.Country(r.IP)
	if !r.Authenticated {
		in.rates.count(m, r, settings)
		in.rates.countMember(m, s.member, settings.Limits)
	}
}

// addAnswers adds what others say: the captcha's provider and the name servers
// of the mail domain. They are asked about plain junk too: an answer that came
// sooner would tell its sender. Both answer within bounded time, and no answer
// counts against nobody. While the caller holds the one writer, as a batch of
// requests does, nobody is waited for.
func (in *Intake) addAnswers(app core.App, m *spam.Message, s Submission, settings *desk.Settings) {
	m.Captcha, m.Pow = in.proof(app, s.Request, settings)
	if s.guest() && !app.IsTransactional() {
		m.Domain = in.domain(m.Email, settings.Screening)
	}
}

// domain tells whether the mail domain takes mail at all.
func (in *Intake) domain(address string, choice desk.Screening) spam.DomainState {
	if in.MX == nil || !choice.AsksMX() || choice.Off["domain_no_mail"] {
		return ""
	}
	key, err := mail.NormalizeAddress(address)
	if err != nil {
		return ""
	}
	return spam.DomainState(in.MX.Check(key[strings.LastIndexByte(key, '@')+1:]))
}

// input reads how much was typed and pasted. known is false where the page said
// nothing that can be read.
func input(s string) (keys, pastes int, known bool) {
	k, p, _ := strings.Cut(s, ",")
	keys, keysErr := strconv.Atoi(k)
	pastes, pastesErr := strconv.Atoi(p)
	if keysErr != nil || pastesErr != nil || keys < 0 || pastes < 0 {
		return 0, 0, false
	}
	return keys, pastes, true
}

func (in *Intake) token(app core.App, token, form string) (spam.TokenState, time.Duration) {
	claims, err := in.Tokens.Check(token, form)
	switch {
	case errors.Is(err, formtoken.ErrMissing):
		return spam.TokenMissing, 0
	case errors.Is(err, formtoken.ErrExpired):
		return spam.TokenExpired, 0
	case err != nil:
		return spam.TokenInvalid, 0
	}
	if !in.used.Take(claims.Nonce, claims.Issued.Add(25*time.Hour)) {
		return spam.TokenReplayed, 0
	}
	return spam.TokenValid, desk.Now(app).Sub(claims.Issued)
}

func (in *Intake) solved(v any) spam.PowState {
	solution, err := pow.ParseSolution(v)
	if err == nil {
		err = in.Pow.Verify(solution)
	}
	switch {
	case err == nil:
		return spam.PowValid
	case errors.Is(err, pow.ErrMissing):
		return spam.PowMissing
	case errors.Is(err, pow.ErrExpired), errors.Is(err, pow.ErrReplayed):
		return spam.PowMissing // an old page is no sign of a bot
	}
	return spam.PowInvalid
}
