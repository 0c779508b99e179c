package problems

import (
	"errors"
	"slices"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// draft is what is ready for one case before the commit: a letter with a code, or
// why there is none. It holds while the case and the codes stay as they were.
type draft struct {
	id, mark string
	version  int

	why     string // why the visitor gets none
	code    string
	message *desk.Message
	agent   *desk.Agent
	save    func(tx core.App) error
}

// prepare renders the letters of cases, outside of any transaction.
func (s *Station) prepare(p *core.Record, round letters, rows []*desk.Case) ([]draft, error) {
	gift, had := rewardOf(p), map[string]bool{}
	agent, err := desk.FindAgent(s.app, round.Agent)
	if err != nil {
		agent = nil
	}
	var out []draft
	for _, c := range rows {
		d := draft{id: c.Id, mark: mark(c), version: c.GetInt("version"), agent: agent}
		to, why, err := s.reach(s.app, round.topic(p.Id), c)
		if err != nil {
			return nil, err
		}
		switch {
		case why == "" && had[to]:
			why = "same"
		case why == "" && agent == nil:
			why = "no_author"
		}
		before := gift.standing(keyOf(c))
		if why == "" {
			var left bool
			if d.code, left, err = s.codeFor(s.app, p.Id, round, &gift, c, to); err != nil {
				return nil, err
			}
			if !left {
				why = "no_code"
			}
		}
		if d.why = why; why == "" {
			had[to] = true
			if err := s.write(&d, c, round); err != nil {
				return nil, err
			}
			if d.why != "" {
				gift.back(keyOf(c), before)
			}
		}
		out = append(out, d)
	}
	return out, nil
}

// write renders a letter and checks that it can be saved; a refusal is why there is none.
func (s *Station) write(d *draft, c *desk.Case, round letters) error {
	l, err := s.letter(c, Fixing{Agent: d.agent, Subject: round.Subject, Body: round.Body}, d.code)
	if err == nil {
		err = s.compose(d, c, l, round)
	}
	var refused validation.Errors
	if errors.As(err, &refused) {
		d.why = desk.Clip(refused.Error(), 200)
		return nil
	}
	return err
}

func (s *Station) compose(d *draft, c *desk.Case, l Letter, round letters) error {
	m, err := desk.NewMessage(s.app, c.Id)
	if err != nil {
		return err
	}
	m.Id = core.GenerateDefaultRandomId()
	m.Set("direction", desk.Out)
	m.Set("channel", desk.ChannelEmail)
	m.Set("subject", l.Subject)
	m.Set("body", l.Body)
	if round.Body == "" {
		m.Set("template", Template)
	}
	status := ""
	if round.Resolve && !c.Done() {
		status = desk.Resolved
	}
	d.message = m
	d.save, err = s.c.Write(s.app, Entry{Case: c, Agent: d.agent, Message: m, Status: status})
	return err
}

// codeFor is the code in a person's letter. Who was told of the problem before has
// had his: he gets none, or another one where that was chosen. left is false where
// none is left for him.
func (s *Station) codeFor(app core.App, problem string, round letters, gift *reward, c *desk.Case, mailbox string) (code string, left bool, err error) {
	if !round.Again {
		code, left = gift.next(keyOf(c))
		return code, left, nil
	}
	before, err := told(app, topic{problem: problem}, c.Contact(), mailbox)
	if err != nil {
		return "", false, err
	}
	switch {
	case !before:
		code, left = gift.next(keyOf(c))
	case round.Codes:
		code, left = gift.renew(keyOf(c))
	default:
		left = true
	}
	return code, left, nil
}

// tellSome saves letters that are ready, of the cases after a mark. done is false
// where one was found to be of yesterday: it and those behind it are to be prepared
// anew, as are all where the round began again meanwhile.
func (s *Station) tellSome(tx core.App, problem, after string, drafts []draft) (done bool, err error) {
	p, err := find(tx, problem)
	if err != nil || !underWay(p) {
		return true, nil // somebody opened it again meanwhile
	}
	round, gift := sentOf(p.GetString("telling")), rewardOf(p)
	if round.After != after {
		return false, nil
	}
	done = true
	for _, d := range drafts {
		fits, err := s.tellOne(tx, p, d, &round, &gift)
		if err != nil {
			return false, err
		}
		if !fits {
			done = false
			break
		}
		round.After = d.mark
	}
	p.Set("telling", round)
	if len(gift.Codes) > 0 {
		p.Set("reward", gift)
	}
	return done, desk.Save(tx, p)
}

// tellOne saves one letter, or notes why there is none; it doesn't fit where
// something changed since it was prepared.
func (s *Station) tellOne(tx core.App, p *core.Record, d draft, round *letters, gift *reward) (fits bool, err error) {
	c, err := desk.FindCase(tx, d.id)
	if err != nil || c.GetString("problem") != p.Id {
		return true, nil // gone, or taken away meanwhile
	}
	if c.GetInt("version") != d.version {
		return false, nil
	}
	to, why, err := s.reach(tx, round.topic(p.Id), c)
	if err != nil {
		return false, err
	}
	if why == "" && d.why != "" && d.why != "same" {
		why = d.why
	}
	if why != "" {
		if !(topic{p.Id, round.At}).known(c) { // by a letter of this round
			round.skip(c, why)
		}
		return true, nil
	}
	if d.why != "" {
		return false, nil
	}
	before := gift.standing(keyOf(c))
	code, left, err := s.codeFor(tx, p.Id, *round, gift, c, to)
	if err != nil {
		return false, err
	}
	if !left || code != d.code {
		gift.back(keyOf(c), before)
		return false, nil
	}
	d.message.MarkAsNew() // the transaction may be run a second time
	err = d.save(tx)
	var refused validation.Errors
	if errors.As(err, &refused) {
		gift.back(keyOf(c), before)
		round.skip(c, desk.Clip(refused.Error(), 200))
		return true, nil
	}
	if err != nil {
		return false, err
	}
	round.Sent++
	return true, noted(tx, p, d, round.At)
}

func (l *letters) skip(c *desk.Case, why string) {
	if len(l.Skipped) < maxSkipped && !slices.ContainsFunc(l.Skipped, func(s Skipped) bool { return s.Case == c.Id }) {
		l.Skipped = append(l.Skipped, Skipped{c.Id, c.Number(), why})
	}
}

// noted notes on a case that its visitor was told, and of which fix.
func noted(tx core.App, p *core.Record, d draft, at string) error {
	c, err := desk.FindCase(tx, d.id)
	if err != nil {
		return err
	}
	c.Set("problem_told", p.Id)
	c.Set("problem_told_at", at)
	c.Touch()
	if err := desk.Save(tx, c.Record); err != nil {
		return err
	}
	return desk.Record(tx, desk.Event{Case: c.Id, Actor: d.agent.Id, Kind: EventTold,
		After: map[string]any{"problem": p.Id, "title": p.GetString("title"), "message": d.message.Id}})
}
