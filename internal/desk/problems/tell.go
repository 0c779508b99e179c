package problems

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// batch is how many cases are looked for at once.
const batch = 50

// maxSkipped bounds what is kept of a round.
const maxSkipped = 200

// linked is true of a problem's cases; in words that the partial index knows.
func linked(problem string) dbx.Expression {
	return dbx.NewExp("[[problem]] = {:problem} AND [[problem]] != ''", dbx.Params{"problem": problem})
}

// Linked counts the cases that report a problem.
func Linked(app core.App, problem string) (int64, error) {
	n, err := app.CountRecords(desk.Cases, linked(problem))
	if err != nil {
		return 0, fmt.Errorf("cases of a problem: %w", err)
	}
	return n, nil
}

// Tell writes the letters of all problems that were fixed and whose reporters
// don't all know yet. Each letter and what is noted of it share one commit:
// neither a crash nor two rounds at once writes to anybody twice. A round that is
// under way is waited for.
func (s *Station) Tell(ctx context.Context) error {
	s.telling.Lock()
	defer s.telling.Unlock()
	return s.tell(ctx)
}

func (s *Station) tell(ctx context.Context) error {
	var ids []string
	err := s.app.DB().Select("id").From(desk.Name(s.app, desk.Problems)).
		Where(dbx.HashExp{"state": Fixed, "told_at": ""}).OrderBy("fixed_at", "id").Limit(100).Column(&ids)
	if err != nil {
		return fmt.Errorf("problems to tell of: %w", err)
	}
	for _, id := range ids {
		err = errors.Join(err, s.tellAll(ctx, id))
	}
	return err
}

func (s *Station) tellAll(ctx context.Context, problem string) error {
	for ctx.Err() == nil {
		p, err := find(s.app, problem)
		if err != nil || !underWay(p) {
			return nil // gone, or opened again
		}
		round := sentOf(p.GetString("telling"))
		rows, err := s.reporters(s.app, problem, round.After)
		if err != nil {
			return err
		}
		for _, c := range rows {
			if ctx.Err() != nil {
				return nil
			}
			if err := s.c.Commit.Do(func(tx core.App) error { return s.tellOne(tx, problem, c.Id) }); err != nil {
				return fmt.Errorf("problem %s: %w", problem, err)
			}
		}
		if len(rows) > 0 {
			s.c.Kick()
		}
		if len(rows) < batch {
			return s.c.Commit.Do(func(tx core.App) error { return finish(tx, problem) })
		}
	}
	return nil
}

// underWay tells whether those who reported a problem are being written to.
func underWay(p *core.Record) bool {
	return p.GetString("state") == Fixed && p.GetDateTime("told_at").IsZero()
}

func finish(tx core.App, problem string) error {
	p, err := find(tx, problem)
	if err != nil || !underWay(p) {
		return nil
	}
	p.Set("told_at", desk.Date(desk.Now(tx)))
	return desk.Save(tx, p)
}

// reporters are cases of a problem, latest first, after the mark of one.
func (s *Station) reporters(app core.App, problem, after string) ([]*desk.Case, error) {
	q := app.RecordQuery(desk.Cases).AndWhere(linked(problem)).OrderBy("created DESC", "id DESC").Limit(batch)
	if created, id, ok := strings.Cut(after, "|"); ok {
		q.AndWhere(dbx.NewExp("([[created]], [[id]]) < ({:created}, {:id})", dbx.Params{"created": created, "id": id}))
	}
	var rows []*core.Record
	if err := q.All(&rows); err != nil {
		return nil, fmt.Errorf("who reported it: %w", err)
	}
	out := make([]*desk.Case, len(rows))
	for i, r := range rows {
		out[i] = desk.AsCase(r)
	}
	return out, nil
}

func mark(c *desk.Case) string { return c.GetString("created") + "|" + c.Id }

// reach tells to which mailbox a letter about a case would go, or why none goes.
func (s *Station) reach(app core.App, problem string, c *desk.Case) (to, why string, err error) {
	if c.MergedInto() != "" {
		return "", "merged", nil
	}
	if c.GetString("problem_told") == problem {
		return "", "same", nil
	}
	if spam, err := c.IsSpam(app); err != nil || spam {
		return "", "spam", err
	}
	if r, err := app.FindRecordById(desk.Contacts, c.Contact()); err == nil && r.GetBool("blocked") {
		return "", "blocked", nil
	}
	to, err = s.c.Address(app, c)
	if err != nil {
		return "", "", err
	}
	if to == "" {
		return "", "no_address", nil
	}
	to = mail.Mailbox(to)
	had, err := told(app, problem, c.Contact(), to)
	if err != nil {
		return "", "", err
	}
	if had {
		return "", "same", nil
	}
	return to, "", nil
}

// told tells whether a person, or another one who reads the same mailbox, had a
// letter about a problem: in this round or one before it.
func told(app core.App, problem, contact, mailbox string) (bool, error) {
	cases, identities := desk.Name(app, desk.Cases), desk.Name(app, desk.Identities)
	var n int
	err := app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM {{" + cases + "}} WHERE [[contact]] = {:contact} AND [[contact]] != '' AND [[problem_told]] = {:problem})" +
		" OR EXISTS (SELECT 1 FROM {{" + identities + "}} [[i]] CROSS JOIN {{" + cases + "}} [[c]] ON [[c.contact]] = [[i.contact]]" +
		" WHERE [[i.mailbox]] = {:mailbox} AND [[i.mailbox]] != '' AND [[c.problem_told]] = {:problem})").
		Bind(dbx.Params{"contact": contact, "mailbox": mailbox, "problem": problem}).Row(&n)
	if err != nil {
		return false, fmt.Errorf("who was told: %w", err)
	}
	return n > 0, nil
}

// tellOne writes to whoever a case is of, or notes why not.
func (s *Station) tellOne(tx core.App, problem, id string) error {
	p, err := find(tx, problem)
	if err != nil {
		return nil
	}
	if !underWay(p) {
		return nil // somebody opened it again meanwhile
	}
	round := sentOf(p.GetString("telling"))
	gift := rewardOf(p)
	c, err := desk.FindCase(tx, id)
	if err != nil {
		return nil // gone meanwhile
	}
	if c.GetString("problem") != problem {
		return nil // taken away meanwhile
	}
	round.After = mark(c)
	why, err := s.write(tx, p, c, &round, &gift)
	if err != nil {
		return err
	}
	if why != "" {
		round.skip(c, why)
	}
	p.Set("telling", round)
	if len(gift.Codes) > 0 {
		p.Set("reward", gift)
	}
	return desk.Save(tx, p)
}

func (l *letters) skip(c *desk.Case, why string) {
	if len(l.Skipped) < maxSkipped {
		l.Skipped = append(l.Skipped, Skipped{c.Id, c.Number(), why})
	}
}

// write adds the letter to the case; why says why there is none.
func (s *Station) write(tx core.App, p *core.Record, c *desk.Case, round *letters, gift *reward) (why string, err error) {
	if _, why, err := s.reach(tx, p.Id, c); err != nil || why != "" {
		return why, err
	}
	agent, err := desk.FindAgent(tx, round.Agent)
	if err != nil {
		return "no_author", nil
	}
	code, left := gift.next(keyOf(c))
	if !left {
		return "no_code", nil
	}
	l, err := s.letter(c, Fixing{Agent: agent, Subject: round.Subject, Body: round.Body}, code)
	if err == nil {
		err = s.send(tx, p, c, agent, l, round)
	}
	var refused validation.Errors
	if errors.As(err, &refused) {
		delete(gift.Given, keyOf(c))
		return desk.Clip(refused.Error(), 200), nil
	}
	if err != nil {
		return "", err
	}
	round.Sent++
	return "", nil
}

func (s *Station) send(tx core.App, p *core.Record, c *desk.Case, agent *desk.Agent, l Letter, round *letters) error {
	m, err := desk.NewMessage(tx, c.Id)
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
	save, err := s.c.Write(tx, Entry{Case: c, Agent: agent, Message: m, Status: status})
	if err != nil {
		return err
	}
	if err := save(tx); err != nil {
		return err
	}
	if c, err = desk.FindCase(tx, c.Id); err != nil {
		return err
	}
	c.Set("problem_told", p.Id)
	c.Touch()
	if err := desk.Save(tx, c.Record); err != nil {
		return err
	}
	return desk.Record(tx, desk.Event{Case: c.Id, Actor: agent.Id, Kind: EventTold,
		After: map[string]any{"problem": p.Id, "title": p.GetString("title"), "message": m.Id}})
}
