package problems

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// batch is how many cases are looked for at once, and perCommit how many letters
// share one commit: nobody else writes while it is open.
const (
	batch     = 50
	perCommit = 10
)

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
// don't all know yet. Each letter and what is noted of it share one commit, with
// nine others at most, which are rendered before it:
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

// tellAll goes through those who reported a problem, some at a time: their letters
// are rendered first, and then saved in one short commit.
func (s *Station) tellAll(ctx context.Context, problem string) error {
	for ctx.Err() == nil {
		p, err := find(s.app, problem)
		if err != nil || !underWay(p) {
			return nil // gone, or opened again
		}
		round := sentOf(p.GetString("telling"))
		rows, err := s.reporters(s.app, problem, round.After, perCommit)
		if err != nil {
			return err
		}
		drafts, err := s.prepare(p, round, rows)
		if err != nil {
			return fmt.Errorf("problem %s: %w", problem, err)
		}
		done, last := false, round.After
		if len(rows) > 0 {
			last = mark(rows[len(rows)-1])
		}
		err = s.c.Commit.Do(func(tx core.App) (err error) {
			done, err = s.tellSome(tx, problem, round.After, drafts)
			return err
		})
		if err != nil {
			return fmt.Errorf("problem %s: %w", problem, err)
		}
		if len(rows) > 0 {
			s.c.Kick()
		}
		if done && len(rows) < perCommit {
			err := s.c.Commit.Do(func(tx core.App) error { return finish(tx, problem, last) })
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// underWay tells whether those who reported a problem are being written to.
func underWay(p *core.Record) bool {
	return p.GetString("state") == Fixed && p.GetDateTime("told_at").IsZero()
}

// finish notes that all were written to, unless the round began again since the
// case at its mark.
func finish(tx core.App, problem, last string) error {
	p, err := find(tx, problem)
	if err != nil || !underWay(p) || sentOf(p.GetString("telling")).After != last {
		return nil
	}
	p.Set("told_at", desk.Date(desk.Now(tx)))
	return desk.Save(tx, p)
}

// reporters are cases of a problem, latest first, after the mark of one.
func (s *Station) reporters(app core.App, problem, after string, most int64) ([]*desk.Case, error) {
	q := app.RecordQuery(desk.Cases).AndWhere(linked(problem)).OrderBy("created DESC", "id DESC").Limit(most)
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
func (s *Station) reach(app core.App, about topic, c *desk.Case) (to, why string, err error) {
	if c.MergedInto() != "" {
		return "", "merged", nil
	}
	if about.known(c) {
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
	had, err := told(app, about, c.Contact(), to)
	if err != nil {
		return "", "", err
	}
	if had {
		return "", "same", nil
	}
	return to, "", nil
}

// topic is what people are told of: that a problem is fixed, or that it was fixed
// at one time.
type topic struct {
	problem string
	at      string // of the fix; "" is whenever it was
}

// known tells whether the visitor of a case was told on it.
func (t topic) known(c *desk.Case) bool {
	return c.GetString("problem_told") == t.problem && (t.at == "" || c.GetString("problem_told_at") == t.at)
}

// told tells whether a person, or another one who reads the same mailbox, had a
// letter about it.
func told(app core.App, about topic, contact, mailbox string) (bool, error) {
	var n int
	err := app.DB().NewQuery(about.query(app)).
		Bind(dbx.Params{"contact": contact, "mailbox": mailbox, "problem": about.problem, "at": about.at}).Row(&n)
	if err != nil {
		return false, fmt.Errorf("who was told: %w", err)
	}
	return n > 0, nil
}

// query looks among the person's cases (hence the +): of all that were told there
// may be thousands.
func (t topic) query(app core.App) string {
	cases, identities := desk.Name(app, desk.Cases), desk.Name(app, desk.Identities)
	at := ""
	if t.at != "" {
		at = " AND [[problem_told_at]] = {:at}"
	}
	return "SELECT EXISTS (SELECT 1 FROM {{" + cases + "}} WHERE [[contact]] = {:contact} AND [[contact]] != '' AND +[[problem_told]] = {:problem}" + at + ")" +
		" OR EXISTS (SELECT 1 FROM {{" + identities + "}} [[i]] CROSS JOIN {{" + cases + "}} [[c]] ON [[c.contact]] = [[i.contact]]" +
		" WHERE [[i.mailbox]] = {:mailbox} AND [[i.mailbox]] != '' AND +[[c.problem_told]] = {:problem}" + at + ")"
}
