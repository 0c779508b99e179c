package hooks

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	shopdemo "github.com/pocketdesk/pocketdesk/internal/desk/demo"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/pow"
)

// demoLine is the straight line as the demo walks it: the verbs that the hooks
// call, without a request around them.
type demoLine struct {
	*plugin
	puzzles pow.Issuer
}

var _ shopdemo.Line = (*demoLine)(nil)

// newDemoLine hands out easier puzzles, since one machine solves those of all visitors.
func newDemoLine(p *plugin) *demoLine {
	return &demoLine{p, pow.Issuer{Key: p.door.Pow.Key, Now: p.door.Pow.Now, Bits: 4}}
}

func (l *demoLine) Fetch(ctx context.Context, bot bool) (shopdemo.Form, error) {
	f, err := desk.FindForm(l.app, desk.DefaultForm)
	if err != nil {
		return shopdemo.Form{}, err
	}
	form := shopdemo.Form{Token: l.door.Tokens.Issue(f.ID)}
	if bot {
		puzzle := l.door.Pow.Issue()
		form.Pow = map[string]any{"salt": puzzle.Salt, "signature": puzzle.Signature, "n": 0}
		return form, nil
	}
	solved, err := pow.Solve(ctx, l.puzzles.Issue())
	form.Pow = map[string]any{"salt": solved.Salt, "signature": solved.Signature, "n": solved.N}
	return form, err
}

func (l *demoLine) Receive(v shopdemo.Visit) (shopdemo.Arrival, error) {
	r, err := l.door.Receive(l.app, intake.Submission{Feedback: v.Feedback, Request: &intake.Request{
		IP: v.IP, UserAgent: v.UserAgent, AcceptLanguage: v.AcceptLanguage,
		Honeypot: v.Honeypot, FormToken: v.Form.Token, Pow: v.Form.Pow,
	}})
	if err != nil {
		return shopdemo.Arrival{}, err
	}
	a := shopdemo.Arrival{Outcome: r.Outcome}
	if r.Case != nil {
		a.Case = r.Case.Id
	}
	return a, nil
}

func (l *demoLine) Write(w shopdemo.Words) error {
	c, err := desk.FindCase(l.app, w.Case)
	if err != nil {
		return err
	}
	said, err := l.work.Preview(l.app, casework.Draft{Case: c, Agent: w.Agent, Body: w.Body})
	if err != nil {
		return err
	}
	m, err := desk.NewMessage(l.app, c.Id)
	if err != nil {
		return err
	}
	m.Set("direction", desk.Out)
	m.Set("body", said.Body)
	m.Set("template", w.Template)
	if w.Note {
		m.Set("direction", desk.Note)
	}
	written, err := l.work.Write(l.app, casework.Entry{Case: c, Agent: w.Agent, Message: m})
	if err != nil {
		return err
	}
	return l.commit.Do(written.Save)
}

func (l *demoLine) Change(c shopdemo.Change) error {
	return l.commit.Do(func(tx core.App) error {
		after, err := desk.FindCase(tx, c.Case)
		if err != nil {
			return err
		}
		before := desk.AsCase(after.Original())
		for name, v := range c.Fields {
			after.Set(name, v)
		}
		events, err := l.work.Change(tx, before, after, c.Agent, before.GetInt("version"))
		if err != nil {
			return err
		}
		if err := desk.Save(tx, after.Record); err != nil {
			return err
		}
		return desk.Record(tx, events...)
	})
}

func (l *demoLine) Deliver(ctx context.Context) error {
	_, err := l.outbox.Drain(ctx)
	return err
}
