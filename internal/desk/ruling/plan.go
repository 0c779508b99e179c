package ruling

import (
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Why there is nothing to do.
const (
	SkipSame      = "same"      // it is so already
	SkipOutranked = "outranked" // staff, the visitor or another rule said otherwise
	SkipTaken     = "taken"     // somebody has it and is at work on it: the deed's Was
	SkipNobody    = "nobody"    // there is nobody to tell, or to give it to
	SkipTooMany   = "too_many"  // tags
	SkipNoSuch    = "cant_see"  // the colleague may not see cases of this team
	SkipOff       = "off"       // this part of the desk isn't there
	SkipDone      = "done"      // a case that is resolved is not put off
)

// Deed is what one action does on a case, or did.
type Deed struct {
	Do    string `json:"do"`
	Value any    `json:"value,omitempty"` // what it becomes, or is sent
	Was   any    `json:"was,omitempty"`
	// Skip says why nothing is done: one of the words above, or of an answer
	// no_address, automatic, undeliverable, capped, spam.
	Skip string `json:"skip,omitempty"`
	// Failed says why it can't be done: a code and what is concerned.
	Failed  string `json:"failed,omitempty"`
	Message string `json:"message,omitempty"` // id of what was sent or noted
	Locale  string `json:"locale,omitempty"`  // of an answer: the language of its text
}

// Does tells whether something is done.
func (d Deed) Does() bool { return d.Skip == "" && d.Failed == "" }

// planned is what a rule does on one case: the case as it will be, and each action.
type planned struct {
	after   *desk.Case
	deeds   []Deed // one for each step
	told    [][]string
	letters []Letter
	how     planning // as it was found
}

// does tells whether anything is done, or can't be.
func (p *planned) does() bool {
	return slices.ContainsFunc(p.deeds, func(d Deed) bool { return d.Does() || d.Failed != "" })
}

// deedsDone are the deeds worth keeping; stop is none.
func (p *planned) deedsDone() []Deed {
	out := []Deed{}
	for _, d := range p.deeds {
		if d.Skip != SkipSame {
			out = append(out, d)
		}
	}
	return out
}

// deeds are those of a plan that people see.
func (e *Engine) deeds(look sight, r *Rule, c *desk.Case, letter letters) ([]Deed, error) {
	p, err := e.plan(look, r, c, letter)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(p.deeds, func(d Deed) bool { return d.Do == "stop" }), nil
}

// letters render answers.
type letters func(app core.App, c *desk.Case, template string) (Letter, error)

// plan finds out what a rule does. With letters, answers are rendered too, which
// is for outside the transaction. The team comes first, wherever it stands: who
// may have the case, and be told of it, is a matter of the team where it ends up.
func (e *Engine) plan(look sight, r *Rule, c *desk.Case, letter letters) (*planned, error) {
	return e.planWith(look, r, c, planning{letter: letter})
}

func (e *Engine) planSome(look sight, r *Rule, c *desk.Case, o planning) (*planned, error) {
	p := &planned{
		after: desk.AsCase(c.Clone()), deeds: make([]Deed, len(r.steps)),
		told: make([][]string, len(r.steps)), letters: make([]Letter, len(r.steps)), how: o,
	}
	look.rule = r
	for _, team := range []bool{true, false} {
		for i, s := range r.steps {
			if (s.do == "team") != team {
				continue
			}
			if i < o.from || o.leaves(i) {
				p.deeds[i] = s.left(SkipUnsent)
				if i < o.from {
					p.deeds[i].Skip = SkipSame // done before
				}
				continue
			}
			if err := e.planOne(look, p, i, s, o); err != nil {
				return nil, fmt.Errorf("%s: %w", s.do, err)
			}
		}
	}
	return p, nil
}

func (e *Engine) planOne(look sight, p *planned, i int, s step, o planning) error {
	d := &p.deeds[i]
	d.Do = s.do
	t, err := look.missing(s)
	if err != nil {
		return err
	}
	if t != nil {
		d.Value, d.Failed = s.value, t.Error()
		return nil
	}
	return e.planStep(look, p, i, s, o)
}

func (e *Engine) planStep(look sight, p *planned, i int, s step, o planning) (err error) {
	c, d := p.after, &p.deeds[i]
	switch s.do {
	case "category", "priority":
		setRanked(c, s.do, s.value, d)
	case "team":
		err = look.planTeam(c, s, d)
	case "status":
		set(c, s.do, s.value, d)
	case "assign":
		err = e.planAssign(look, c, s, d)
	case "add_tags", "remove_tags":
		setTags(c, s, d)
	case "remind", "snooze":
		err = planLater(look, c, s, d)
	case "notify":
		d.Value = s.value
		if p.told[i], err = audience(look, c, s.value); len(p.told[i]) == 0 {
			d.Skip = SkipNobody
		}
	case "answer":
		d.Value, d.Locale = s.value, look.locale(s.value, c)
		switch {
		case o.letter != nil:
			p.letters[i], err = o.letter(look.app, c, s.value)
		case o.given[i] == nil: // its template wasn't there when answers were rendered
			err = errChanged
		default:
			p.letters[i] = o.given[i]
		}
		if err == nil {
			d.refuse(p.letters[i])
		}
	case "webhook":
		d.Value = s.value
		d.off(e.Webhook == nil)
	case "escalate":
		d.Value = s.value
		d.off(e.Escalate == nil)
	case "note":
		d.Value = s.text
	case "stop":
		d.Skip = SkipSame
	}
	return err
}

func (d *Deed) refuse(l Letter) {
	skip, failed := l.Refused()
	if d.Skip = skip; failed != nil {
		d.Failed = (&trouble{CodeTemplate, desk.OneLine(failed.Error())}).Error()
	}
}

func (d *Deed) off(off bool) {
	if off {
		d.Skip = SkipOff
	}
}

// planLater has a case come back after some working time; snooze takes it out of
// the queue until then. What a person is to be reminded of stays.
func planLater(look sight, c *desk.Case, s step, d *Deed) error {
	if c.Done() {
		d.Value, d.Skip = s.value, SkipDone
		return nil
	}
	if s.whom != "" {
		serves, err := look.serves(s.whom, c.Team())
		if err != nil || !serves {
			d.Value, d.Skip = s.value, SkipNoSuch
			return err
		}
	}
	if was := c.GetString("follow_up_at"); was != "" && c.GetString("reminded_at") == "" {
		who, err := look.said(c.Id)
		if err != nil || who.FollowUp.Actor != "" {
			d.Value, d.Was, d.Skip = s.value, was, SkipOutranked
			return err
		}
	}
	at, err := look.after(s.after)
	if err != nil {
		return err
	}
	d.Value, d.Was = desk.Date(at).String(), c.GetString("follow_up_at")
	if s.do == "snooze" {
		c.Set("status", desk.OnHold)
	}
	c.Set("follow_up_at", desk.Date(at))
	c.Set("follow_up_note", s.text)
	c.Set("follow_up_for", s.whom)
	return nil
}

// tellMost bounds how many people one action tells.
const tellMost = 50

// audience is who is told: lead, the whole team, whoever has the case, else the
// chiefs, or one person. For one who is away stands whoever takes his place, else
// the chiefs; one person who may not see the case is told nothing.
func audience(look sight, c *desk.Case, to string) ([]string, error) {
	switch to {
	case "lead":
		return look.chiefs(c.Team())
	case "assignee":
		return look.listeners(c.Team(), c.Assignee())
	case "team":
		if c.Team() == "" {
			return look.chiefs("")
		}
		return look.members(c.Team())
	}
	if serves, err := look.serves(to, c.Team()); err != nil || !serves {
		return nil, err
	}
	return look.listeners(c.Team(), to)
}
