package many_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/many"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// shop is an app with the station as the plugin builds it.
type shop struct {
	*desktest.App
	t      testing.TB
	many   *many.Station
	kicked int
}

func newShop(t testing.TB) *shop {
	t.Helper()
	s := &shop{App: desktest.New(t), t: t}
	s.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
	s.Choose(desktest.Values{"ack_enabled": false})
	s.many = many.New(s.Commit, s.verbs())
	return s
}

func (s *shop) verbs() many.Verbs {
	return many.Verbs{
		Change: s.Work.Change, CheckText: s.Work.CheckTemplate, Address: casework.ReplyAddress,
		Render: func(app core.App, d many.Draft) (many.Letter, error) {
			p, err := s.Work.Preview(app, casework.Draft{Case: d.Case, Agent: d.Agent, Template: d.Template, Locale: d.Locale, Subject: d.Subject, Body: d.Body})
			return many.Letter{Subject: p.Subject, Body: p.Body, Locale: p.Locale, Empty: p.Empty}, err
		},
		Write: func(app core.App, e many.Entry) (func(core.App) error, error) {
			w, err := s.Work.Write(app, casework.Entry{Case: e.Case, Agent: e.Agent, Message: e.Message, Status: e.Status, Undo: e.Undo, Sure: e.Sure, AsTyped: true})
			if err != nil {
				return nil, err
			}
			return w.Save, nil
		},
		Unsend: func(tx core.App, message string, agent *desk.Agent) error {
			_, err := s.Work.Undo(tx, message, agent)
			return err
		},
		Spam: s.Door.MarkSpam, NotSpam: s.Door.UnmarkSpam,
		Explain: func(err error) *many.Refusal {
			if errors.Is(err, casework.ErrLeft) {
				return &many.Refusal{Code: "left", Message: "This mail has left already."}
			}
			return nil
		},
		Kick: func() { s.kicked++ },
	}
}

// cases opens some, each by somebody else.
func (s *shop) cases(n int) (ids []string) {
	s.t.Helper()
	for i := range n {
		c := s.Case(desktest.Values{"name": "Guest " + string(rune('A'+i%26)), "email": fmt.Sprintf("guest%d@example.org", i)})
		ids = append(ids, c.Id)
	}
	return ids
}

func (s *shop) try(r many.Request, actions string) (*many.Result, error) {
	r.Actions = json.RawMessage(actions)
	return s.many.Run(s, r)
}

func (s *shop) run(agent *desk.Agent, ids []string, actions string) *many.Result {
	s.t.Helper()
	out, err := s.try(many.Request{Agent: agent, IDs: ids}, actions)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// all runs actions that nothing keeps from being done.
func (s *shop) all(agent *desk.Agent, ids []string, actions string) *many.Result {
	s.t.Helper()
	out := s.run(agent, ids, actions)
	if len(out.Failed) > 0 {
		s.t.Fatalf("%s failed: %+v", actions, out.Failed[0].Refusal)
	}
	return out
}

func (s *shop) undo(agent *desk.Agent, done []many.Done) *many.Back {
	s.t.Helper()
	out, err := s.many.Undo(s, agent, done)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

func (s *shop) one(id string) *desk.Case { s.t.Helper(); return desk.AsCase(s.Find(desk.Cases, id)) }

// codes are why each case failed, by id.
func codes(list []many.Failed) map[string]string {
	out := map[string]string{}
	for _, f := range list {
		out[f.ID] = f.Code
	}
	return out
}
