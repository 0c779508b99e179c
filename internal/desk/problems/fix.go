package problems

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Template is the key of the mail to those who reported a problem.
const Template = "problem_fixed"

// Lengths in characters.
const (
	maxSubject = 300
	maxBody    = 20_000
)

// Fixing says that a problem is mended and what those who reported it are
// written. Without a body the template problem_fixed is.
type Fixing struct {
	Problem string
	Agent   *desk.Agent
	Subject string // Liquid
	Body    string // Liquid, in one language for all; "" takes the template in each one's
	Resolve bool   // cases that are not done are resolved by it

	// Again writes to those too who were told of the problem before, once it was
	// opened again. They get no code but where Codes says so.
	Again, Codes bool
}

// letters is what is kept of a round of letters while it goes on, so that a
// restart goes on with it.
type letters struct {
	Agent   string `json:"agent"`
	Subject string `json:"subject,omitempty"`
	Body    string `json:"body,omitempty"`
	Resolve bool   `json:"resolve,omitempty"`
	Again   bool   `json:"again,omitempty"`
	Codes   bool   `json:"codes,omitempty"`
	At      string `json:"at,omitempty"` // when it was fixed, as on the cases

	After   string    `json:"after,omitempty"` // the case that was dealt with last: created and id
	Sent    int       `json:"sent"`
	Skipped []Skipped `json:"skipped,omitempty"` // at most 200
}

// Skipped is a case whose visitor gets no letter, and why: no_address, blocked,
// spam, same (the person has one already), no_code, merged, no_author (whoever
// wrote it is gone), or the sentence of a refusal.
type Skipped struct {
	Case   string `json:"case"`
	Number int    `json:"number"`
	Why    string `json:"why"`
}

// topic is of what somebody knows already who gets no letter.
func (l letters) topic(problem string) topic {
	if l.Again {
		return topic{problem, l.At}
	}
	return topic{problem: problem}
}

// sentOf reads what is kept of a round.
func sentOf(raw string) letters {
	var l letters
	_ = json.Unmarshal([]byte(raw), &l) // none has been begun
	return l
}

// Preview is what a round of letters would do.
type Preview struct {
	People  int       `json:"people"`  // who get a letter
	Before  int       `json:"before"`  // how many of them were told of it before
	Skipped []Skipped `json:"skipped"` // at most 200
	Letters []Letter  `json:"letters"` // an example in each language
	Codes   int       `json:"codes"`   // how many codes are left; -1: one for all, or none
}

// Preview tells who would get a letter, and what it says, and sends nothing.
func (s *Station) Preview(f Fixing) (*Preview, error) {
	p, err := find(s.app, f.Problem)
	if err != nil {
		return nil, err
	}
	if err := s.check(p, f); err != nil {
		return nil, err
	}
	if err := s.mayTell(f); err != nil {
		return nil, err
	}
	r := &rehearsal{s: s, f: f, round: beginning(s.app, p, f), gift: rewardOf(p), had: map[string]bool{}, shown: map[string]bool{}}
	r.out = &Preview{Skipped: []Skipped{}, Letters: []Letter{}, Codes: r.gift.left()}
	for after := ""; ; {
		rows, err := s.reporters(s.app, f.Problem, after, batch)
		if err != nil {
			return nil, err
		}
		for _, c := range rows {
			after = mark(c)
			if err := r.add(c); err != nil {
				return nil, err
			}
		}
		if len(rows) < batch {
			r.out.Skipped = append(r.out.Skipped, r.round.Skipped...)
			return r.out, nil
		}
	}
}

// rehearsal goes through those who would be written to, and writes nothing.
type rehearsal struct {
	s     *Station
	f     Fixing
	out   *Preview
	round letters
	gift  reward
	had   map[string]bool // mailboxes that would have a letter by now
	shown map[string]bool // languages
}

func (r *rehearsal) add(c *desk.Case) error {
	to, why, err := r.s.reach(r.s.app, r.round.topic(r.f.Problem), c)
	if err != nil {
		return err
	}
	if why == "" && r.had[to] {
		why = "same"
	}
	code, left := "", true
	if why == "" {
		if code, left, err = r.s.codeFor(r.s.app, r.f.Problem, r.round, &r.gift, c, to); err != nil {
			return err
		}
	}
	if !left {
		why = "no_code"
	}
	if why != "" {
		r.round.skip(c, why)
		return nil
	}
	r.had[to] = true
	r.out.People++
	if r.round.Again {
		before, err := told(r.s.app, topic{problem: r.f.Problem}, c.Contact(), to)
		if err != nil {
			return err
		}
		if before {
			r.out.Before++
		}
	}
	if r.shown[c.Locale()] || len(r.out.Letters) >= len(desk.Locales()) {
		return nil
	}
	l, err := r.s.letter(c, r.f, code)
	if err == nil {
		r.shown[c.Locale()] = true
		r.out.Letters = append(r.out.Letters, l)
	}
	return err
}

func (s *Station) letter(c *desk.Case, f Fixing, code string) (Letter, error) {
	d := Draft{Case: c, Agent: f.Agent, Subject: f.Subject, Body: f.Body, Reward: code}
	if f.Body == "" {
		d.Template = Template
	}
	l, err := s.c.Render(s.app, d)
	if errors.Is(err, desk.ErrNoTemplate) {
		return l, fault("body", "no_template", "The template problem_fixed is switched off or gone: write the words here.")
	}
	if err != nil {
		return l, fault("body", "unknown_variable", err.Error())
	}
	return l, nil
}

// mayTell holds back who doesn't see all of those that would be written to.
func (s *Station) mayTell(f Fixing) error {
	if f.Agent.SeesAll() {
		return nil
	}
	n, err := s.app.CountRecords(desk.Cases, linked(f.Problem), dbx.NotIn("team", "", f.Agent.Team()))
	if err == nil && n > 0 {
		err = fault("problem", "other_teams", "Cases of other teams report this too: ask a supervisor to write to all.")
	}
	return err
}

func (s *Station) check(p *core.Record, f Fixing) error {
	switch {
	case f.Again && p.GetString("state") == Fixed:
		return fault("again", "not_opened", "All were told of this. Open the problem again first, if it came back.")
	case len([]rune(f.Subject)) > maxSubject:
		return fault("subject", "too_long", fmt.Sprintf("A subject has %d characters at most.", maxSubject))
	case len([]rune(f.Body)) > maxBody:
		return fault("body", "too_long", fmt.Sprintf("A letter has %d characters at most.", maxBody))
	case f.Body != "" && strings.TrimSpace(f.Subject) == "":
		return fault("subject", "validation_required", "Words of one's own need a subject too.")
	}
	return nil
}

// beginning is a round of letters before the first: of a fix that is now, and
// later than the one before it.
func beginning(app core.App, p *core.Record, f Fixing) letters {
	at := desk.Now(app).UTC()
	if last, err := types.ParseDateTime(sentOf(p.GetString("telling")).At); err == nil && !last.IsZero() && !at.After(last.Time()) {
		at = last.Time().Add(time.Millisecond)
	}
	return letters{Agent: f.Agent.Id, Subject: desk.OneLine(f.Subject), Body: f.Body, Resolve: f.Resolve, Again: f.Again, Codes: f.Codes, At: desk.Date(at).String()}
}

// Fix notes that a problem is mended, and has all who reported it written to, in
// the background. Fixed again, it writes to those who were linked since, or with
// Again to all.
func (s *Station) Fix(f Fixing) error {
	if err := s.tryOut(f); err != nil {
		return err
	}
	err := s.c.Commit.Do(func(tx core.App) error {
		p, err := find(tx, f.Problem)
		if err != nil {
			return err
		}
		if err := s.check(p, f); err != nil {
			return err
		}
		if underWay(p) {
			return fault("problem", "under_way", "The letters about this problem are on their way already.")
		}
		if p.GetDateTime("fixed_at").IsZero() {
			p.Set("fixed_at", desk.Date(desk.Now(tx)))
		}
		p.Set("state", Fixed)
		p.Set("fixed_by", f.Agent.Id)
		p.Set("told_at", "")
		p.Set("telling", beginning(tx, p, f))
		return desk.Save(tx, p)
	})
	return err
}

// tryOut finds what is wrong before anybody gets a letter: it renders one in each
// language of those who reported it.
func (s *Station) tryOut(f Fixing) error {
	p, err := find(s.app, f.Problem)
	if err != nil {
		return err
	}
	if err := s.check(p, f); err != nil {
		return err
	}
	if err := s.mayTell(f); err != nil {
		return err
	}
	var ids []string
	err = s.app.DB().Select("MIN([[id]])").From(desk.Name(s.app, desk.Cases)).Where(linked(f.Problem)).GroupBy("locale").Limit(20).Column(&ids)
	if err != nil {
		return fmt.Errorf("who reported it: %w", err)
	}
	if len(ids) == 0 {
		return fault("problem", "nobody", "No case is linked to this problem.")
	}
	gift := rewardOf(p)
	for _, id := range ids {
		c, err := desk.FindCase(s.app, id)
		if err != nil {
			continue // gone meanwhile
		}
		code, _ := gift.next(keyOf(c))
		if _, err := s.letter(c, f, code); err != nil {
			return err
		}
	}
	return nil
}
