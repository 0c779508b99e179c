package escalating

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// mailToken is the secret in the address to which those outside answer. All mails
// of an escalation share it: who wrote is told by his address.
func (r *Run) mailToken() string {
	if r.GetString("mail_token") == "" {
		r.Set("mail_token", mail.NewToken())
	}
	return r.GetString("mail_token")
}

// wrote tells whether a step that was taken wrote to a mailbox.
func (r *Run) wrote(addr string) bool {
	who := mail.Mailbox(addr)
	return addr != "" && slices.ContainsFunc(r.Took, func(t Taken) bool {
		return t.At != "" && t.To.Email != "" && mail.Mailbox(t.To.Email) == who
	})
}

// Asked is what somebody outside was asked for help with.
type Asked struct {
	Run   string // "" where the token is none of ours
	Case  string
	Known bool // the address is one that was written to
}

// Asked finds the escalation of a token in the address of a mail, or in the id of
// the mail that it answers.
func (s *Station) Asked(app core.App, token, addr string) (Asked, error) {
	var rows []*core.Record
	err := app.RecordQuery(desk.CaseEscalations).AndWhere(dbx.HashExp{"mail_token": token}).
		AndWhere(dbx.NewExp("[[mail_token]] != ''")). // as in the partial index
		Limit(1).All(&rows)
	if err != nil || len(rows) == 0 || token == "" {
		return Asked{}, err
	}
	run := asRun(rows[0])
	return Asked{run.Id, run.GetString("case"), run.wrote(addr)}, nil
}

// Answered puts the mail of somebody outside on the case as a note, and tells who
// escalated it and who works on it; where that is nobody, those who answer for the
// team. It takes nothing on: what he writes may as well be that he can't. m is
// unsaved and bears body, files and from_addr. The error is [sql.ErrNoRows] where
// the escalation is gone.
func (s *Station) Answered(tx core.App, id string, m *desk.Message) error {
	run, err := findRun(tx, id)
	if err != nil {
		return err
	}
	c, err := desk.StandingCase(tx, run.GetString("case"))
	if err != nil {
		return err
	}
	from := desk.Clip(m.GetString("from_addr"), maxName)
	m.Set("case", c.Id)
	m.Set("direction", desk.Note)
	m.Set("author", "")
	m.Set("contact", "")
	m.Set("delivery", desk.DeliveryNone)
	if err := desk.Save(tx, m.Record); err != nil {
		return fmt.Errorf("the answer as a note: %w", err)
	}
	c.Touch()
	if err := desk.Save(tx, c.Record); err != nil {
		return err
	}
	err = desk.Record(tx, desk.Event{Case: c.Id, Kind: desk.EventOutsideNote,
		After: map[string]any{"run": run.Id, "escalation": run.GetString("name"), "message": m.Id, "from": from}})
	if err != nil {
		return err
	}
	people, err := concerned(tx, c, run)
	if err != nil {
		return err
	}
	for _, agent := range people {
		err := desk.Notify(tx, desk.Notice{Agent: agent, Kind: desk.NoticeOutsideNote, Case: c.Id, Message: m.Id, Same: "outside_note:" + run.Id,
			Data: map[string]any{"name": run.GetString("name"), "by": from}})
		if err != nil {
			return err
		}
	}
	return nil
}

// concerned are who escalated a case and who works on it; else who answers for it.
func concerned(tx core.App, c *desk.Case, run *Run) ([]string, error) {
	var out []string
	for _, id := range []string{run.GetString("agent"), c.Assignee()} {
		if id == "" || slices.Contains(out, id) {
			continue
		}
		serves, err := desk.Serves(tx, id, c.Team())
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		if serves {
			out = append(out, id)
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	return desk.Chiefs(tx, c.Team())
}
