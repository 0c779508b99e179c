package intake

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/formtoken"
	"github.com/pocketdesk/pocketdesk/internal/limit"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/phone"
	"github.com/pocketdesk/pocketdesk/internal/pow"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// screen gathers what is known of a submission and lets the checks judge it.
func (in *Intake) screen(app core.App, s Submission, settings *desk.Settings) (spam.Verdict, error) {
	rules, err := rules(app)
	if err != nil {
		return spam.Verdict{}, err
	}
	f := s.Feedback
	m := spam.Message{
		Name: f.Name(), Email: f.Email(), Phone: f.Phone(), Subject: f.Subject(), Text: f.Message(),
		OrderNo: f.OrderNo(), Locale: f.Locale(), Source: f.Source(), OwnHosts: ownHosts(app),
	}
	if s.Request != nil {
		in.addNetwork(app, &m, s, settings.Limits)
	}
	hits := rules.Match(m, desk.Now(app))
	for _, h := range hits {
		in.Hits.Add(desk.BlockRules, h.Rule.ID)
	}
	checks := in.checks
	blocked, err := blockedContact(app, f)
	if err != nil {
		return spam.Verdict{}, err
	}
	if blocked {
		checks = append(slices.Clip(checks), contactBlocked)
	}
	return spam.Screen(spam.Input{
		Message: m, Checks: checks, Hits: hits,
		Thresholds: spam.Thresholds{Quarantine: settings.Thresholds.Quarantine, Block: settings.Thresholds.Block},
	}), nil
}

// contactBlocked holds what comes under an address of a person from whom staff
// want nothing more.
func contactBlocked(spam.Message) []spam.Signal {
	return []spam.Signal{{Name: "contact_blocked", Weight: 10, Sentence: "Staff have blocked the person with this address."}}
}

func blockedContact(app core.App, f *desk.Feedback) (bool, error) {
	blocked, err := desk.Cached(app, desk.Contacts, "blocked", blockedAddresses)
	if err != nil || len(blocked) == 0 {
		return false, err
	}
	if key, err := mail.NormalizeAddress(f.Email()); err == nil && blocked[key] {
		return true, nil
	}
	key, ok := phone.E164(f.Phone(), phone.Region(f.Locale()), "TW", "JP", "CN")
	return ok && blocked[key], nil
}

// blockedAddresses are those of the contacts that staff have blocked; they are
// few, and kept until staff block or unblock somebody.
func blockedAddresses(app core.App) (map[string]bool, error) {
	var values []string
	err := app.DB().Select("i.value").From(desk.Name(app, desk.Contacts)+" c").
		InnerJoin(desk.Name(app, desk.Identities)+" i", dbx.NewExp("[[i.contact]] = [[c.id]]")).
		Where(dbx.NewExp("[[c.blocked]] = TRUE")).Column(&values)
	set := make(map[string]bool, len(values))
	for _, v := range values {
		set[v] = true
	}
	return set, err
}

func (in *Intake) addNetwork(app core.App, m *spam.Message, s Submission, l desk.Limits) {
	r := s.Request
	m.Network, m.Authenticated = true, r.Authenticated
	m.IP, m.UserAgent, m.AcceptLanguage, m.Honeypot = r.IP, r.UserAgent, r.AcceptLanguage, r.Honeypot
	m.Token, m.FillTime = in.token(app, r.FormToken, s.Feedback.Form())
	m.Pow = in.solved(r.Pow)
	if r.Authenticated {
		return
	}
	if telling(r) {
		m.IPCount = spam.Rate{Count: in.byIP.Count(limit.IPKey(r.IP)), Limit: l.IPHour / 6}
	}
	if key, err := mail.NormalizeAddress(m.Email); err == nil && l.EmailHour > 0 {
		m.EmailCount = spam.Rate{Count: in.byMail.Add(key), Limit: max(1, l.EmailHour/4)}
	}
	if l.OverallHour > 0 {
		m.OverCount = spam.Rate{Count: in.overall.Add("all"), Limit: l.OverallHour}
	}
}

// wall turns away an address that sends far more than a person does.
func (in *Intake) wall(r *Request, settings *desk.Settings) error {
	if r == nil || r.Authenticated || !telling(r) {
		return nil
	}
	n := in.byIP.Add(limit.IPKey(r.IP))
	if l := settings.Limits.IPHour; l > 0 && n > l {
		return ErrTooMany
	}
	return nil
}

// telling says whether the address tells one visitor from another. A request
// from this machine or a private network comes through a proxy that PocketBase
// was not told of; all visitors would share one limit.
func telling(r *Request) bool {
	return r.IP.IsValid() && !r.IP.IsLoopback() && !r.IP.IsPrivate() && !r.IP.IsLinkLocalUnicast()
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

func ownHosts(app core.App) []string {
	u, err := url.Parse(app.Settings().Meta.AppURL)
	if err != nil || u.Hostname() == "" {
		return nil
	}
	return []string{strings.ToLower(u.Hostname())}
}

// rules are the shop's block rules, compiled and kept until one changes. A rule
// that can't be compiled is left out and told in the log: it must not stop the line.
func rules(app core.App) (*spam.Ruleset, error) {
	return desk.Cached(app, desk.BlockRules, "compiled", func(app core.App) (*spam.Ruleset, error) {
		rows, err := app.FindAllRecords(desk.BlockRules)
		if err != nil {
			return nil, err
		}
		list := make([]spam.Rule, 0, len(rows))
		for _, r := range rows {
			list = append(list, AsRule(r))
		}
		set, faults := spam.CompileRules(list)
		for _, fault := range faults {
			app.Logger().Warn("block rule left out", "error", fault)
		}
		return set, nil
	})
}

// AsRule reads a record of the block rules.
func AsRule(r *core.Record) spam.Rule {
	return spam.Rule{
		ID: r.Id, Kind: r.GetString("kind"), Value: r.GetString("value"), Action: r.GetString("action"),
		Expires: r.GetDateTime("expires").Time(),
	}
}

func waitingFiles() dbx.Expression {
	return dbx.NewExp("[[outcome]] = 'quarantined' AND [[file_bytes]] > 0")
}
