package intake

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// screened is what screening found out about a submission.
type screened struct {
	spam.Verdict
	hash    uint64 // of the text
	hashed  bool   // false for texts too short to compare
	sender  sender
	country string // ISO 3166 code; "" unknown

	rules       ruling
	unconfirmed bool // it waits for the visitor to confirm his address
}

// textScore is what the text alone says, in points.
func (v screened) textScore() float64 {
	for _, s := range v.Signals {
		if s.Name == "text" {
			return s.Weight
		}
	}
	return 0
}

// screen gathers what is known of a submission and lets the checks judge it.
func (in *Intake) screen(app core.App, s Submission, settings *desk.Settings) (screened, error) {
	rules, err := rules(app)
	if err != nil {
		return screened{}, err
	}
	checks := in.checks
	blocked, err := blockedContact(app, s.Feedback)
	if err != nil {
		return screened{}, err
	}
	if blocked {
		checks = append(slices.Clip(checks), contactBlocked)
	}
	if form, err := desk.FindForm(app, s.Feedback.Form()); err == nil {
		s.sites = form.AllowedOrigins
	}
	found := screened{sender: in.senderOf(s)}
	m := in.message(app, s, &found)
	if s.Request != nil {
		in.addRequest(app, &m, s, settings)
	}
	found.country = m.Country
	if s.Letter != nil {
		in.addLetter(&m, s, &found, settings)
	}
	if s.guest() {
		in.rates.countText(&m, s.Request, &found, settings.Limits)
	}
	hits := rules.Match(m, desk.Now(app))
	for _, h := range hits {
		in.Hits.Add(desk.BlockRules, h.Rule.ID)
	}
	found.rules = ruled(hits)
	if s.Request != nil {
		in.addAnswers(app, &m, s, settings)
	}
	found.Verdict = spam.Screen(spam.Input{
		Message: m, Checks: checks, Hits: hits, Off: settings.Screening.Off, Pitch: settings.Screening.Pitch,
		Thresholds: spam.Thresholds{Quarantine: settings.Thresholds.Quarantine, Block: settings.Thresholds.Block},
	})
	in.holdUnconfirmed(app, s, &found, settings)
	holdLetter(s.Letter, &found)
	return found, nil
}

// message is what the submission itself says, and whether its text came before.
func (in *Intake) message(app core.App, s Submission, found *screened) spam.Message {
	f := s.Feedback
	m := spam.Message{
		Name: f.Name(), Email: f.Email(), Phone: f.Phone(), Subject: f.Subject(), Text: f.Message(),
		OrderNo: f.OrderNo(), Locale: f.Locale(), Source: f.Source(), Category: f.Category(),
		OwnHosts: ownHosts(app.Settings().Meta.AppURL, s.sites),
		Member:   s.member.state == validMember, MemberInvalid: s.member.state == wrongMember,
	}
	found.hash, found.hashed = spam.SimHash(spam.TextOf(m.Subject, m.Text))
	if found.hashed {
		m.Near = in.Recent.Find(found.hash, found.sender.number())
	}
	return m
}

// failsOpen lets a message pass where a check that learns breaks: nobody may be
// kept from writing by a model.
func failsOpen(app core.App, check spam.Check) spam.Check {
	return func(m spam.Message) (found []spam.Signal) {
		defer func() {
			if p := recover(); p != nil {
				app.Logger().Error("the text model failed", "panic", fmt.Sprint(p))
				found = nil
			}
		}()
		return check(m)
	}
}

// ownHosts are those of PocketDesk itself and of the sites that the form names.
func ownHosts(app string, sites []string) (hosts []string) {
	for _, address := range append([]string{app}, sites...) {
		if u, err := url.Parse(address); err == nil && u.Hostname() != "" {
			hosts = append(hosts, strings.ToLower(u.Hostname()))
		}
	}
	return hosts
}

func waitingFiles() dbx.Expression {
	return dbx.NewExp("[[outcome]] = 'quarantined' AND [[file_bytes]] > 0")
}
