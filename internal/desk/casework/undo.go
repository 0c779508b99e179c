package casework

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// EventUnsent is a mail that its author took back before it left. Its after
// fields are {subject, restored}: the case's fields that are as before again.
const EventUnsent = "unsent"

// Errors of [Work.Undo]. What isn't there any more is sql.ErrNoRows.
var (
	ErrLeft     = errors.New("this mail has left already")
	ErrNotYours = errors.New("only its author takes a mail back")
)

// Unsent is what was taken back, to be written anew.
type Unsent struct {
	Channel     string           `json:"channel"`
	Subject     string           `json:"subject"`
	Body        string           `json:"body"`
	Cc          []desk.Addressee `json:"cc"`
	Bcc         []desk.Addressee `json:"bcc"`
	Template    string           `json:"template"`
	Attachments []string         `json:"attachments"` // names; the files are removed
	Receipt     bool             `json:"receipt_asked"`
}

// Undo takes an answer back inside the caller's transaction, as long as the
// outbox hasn't begun to send it. The message is removed, and the case is as it
// was before in all that nobody has changed since.
func (w *Work) Undo(tx core.App, message string, agent *desk.Agent) (*Unsent, error) {
	m, err := desk.FindMessage(tx, message)
	if err != nil {
		return nil, err
	}
	if m.Author() != agent.Id && !agent.Admin() {
		return nil, ErrNotYours
	}
	d, undo, err := undoable(tx, m)
	if err != nil {
		return nil, err
	}
	c, err := desk.FindCase(tx, m.Case())
	if err != nil {
		return nil, err
	}
	out := &Unsent{
		Channel: m.Channel(), Subject: m.Subject(), Body: m.Body(), Cc: m.Cc(), Bcc: m.Bcc(), Template: m.Template(),
		Attachments: []string{}, Receipt: m.GetBool("receipt_asked"),
	}
	for _, name := range m.Files() {
		out.Attachments = append(out.Attachments, desk.OriginalName(m.Record, name))
	}
	restored, err := restore(tx, c, m, undo)
	if err != nil {
		return nil, err
	}
	if w.Promises != nil {
		if err := w.Promises.Unsent(tx, c, m); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(tx.Delete(d.Record), tx.Delete(m.Record), uncountTemplate(tx, undo.Template)); err != nil {
		return nil, err
	}
	c.Touch()
	if err := desk.Save(tx, c.Record); err != nil {
		return nil, err
	}
	return out, desk.Record(tx, desk.Event{Case: c.Id, Actor: agent.Id, Kind: EventUnsent,
		After: map[string]any{"subject": out.Subject, "restored": restored}})
}

// undoable finds the delivery of a message that may be taken back.
func undoable(tx core.App, m *desk.Message) (*desk.Delivery, *desk.Undo, error) {
	rows, err := tx.FindAllRecords(desk.Outbox, dbx.HashExp{"message": m.Id})
	if err != nil {
		return nil, nil, err
	}
	if len(rows) != 1 {
		return nil, nil, ErrLeft
	}
	d := desk.AsDelivery(rows[0])
	p, err := d.Payload()
	if err != nil || p.Undo == nil || d.Attempts() > 0 || d.Status() != desk.Queued && d.Status() != desk.Held {
		return nil, nil, ErrLeft
	}
	return d, p.Undo, nil
}

func stateOf(c *desk.Case) desk.CaseState {
	return desk.CaseState{
		Status: c.Status(), Assignee: c.Assignee(), RespondedAt: c.GetString("first_responded_at"),
		Waiting: c.GetString("waiting_since"), ResolvedAt: c.GetString("resolved_at"), Reopened: c.GetInt("reopened"),
		FollowUp: desk.FollowUp{
			At: c.GetString("follow_up_at"), Note: c.GetString("follow_up_note"), For: c.GetString("follow_up_for"), Reminded: c.GetString("reminded_at"),
		},
		Since: c.GetString("status_since"), Paused: c.GetString("paused_at"), Clock: c.GetString("clock"),
	}
}

// restore puts back what the answer changed and what still stands as it left it.
// Where somebody else answered meanwhile, the visitor no longer waits.
func restore(tx core.App, c *desk.Case, m *desk.Message, u *desk.Undo) ([]string, error) {
	answered, err := answeredSince(tx, m)
	if err != nil {
		return nil, err
	}
	now, names := stateOf(c), []string{}
	back := func(same bool, field string, value any, changed bool) {
		if same && changed {
			c.Set(field, value)
			names = append(names, field)
		}
	}
	b, a := u.Before, u.After
	if now.Status == a.Status {
		back(true, "status", b.Status, a.Status != b.Status)
		if a.Status != b.Status { // as if its time had never rested
			c.Set("status_since", b.Since)
			c.Set("paused_at", b.Paused)
			c.Set("clock", b.Clock)
		}
		back(true, "resolved_at", b.ResolvedAt, a.ResolvedAt != b.ResolvedAt)
		back(true, "reopened", b.Reopened, a.Reopened != b.Reopened)
	}
	if now.FollowUp == a.FollowUp && a.FollowUp != b.FollowUp {
		f := b.FollowUp
		back(true, "follow_up_at", f.At, true)
		c.Set("follow_up_note", f.Note)
		c.Set("follow_up_for", f.For)
		c.Set("reminded_at", f.Reminded)
	}
	back(now.Assignee == a.Assignee, "assignee", b.Assignee, a.Assignee != b.Assignee)
	back(!answered && now.RespondedAt == a.RespondedAt, "first_responded_at", b.RespondedAt, a.RespondedAt != b.RespondedAt)
	back(!answered && now.Waiting == a.Waiting, "waiting_since", b.Waiting, a.Waiting != b.Waiting)
	return names, nil
}

// answeredSince tells whether staff answered after a message, by whatever way. A
// call in vain is no answer, as in [Written.moveOn].
func answeredSince(tx core.App, m *desk.Message) (bool, error) {
	var one int
	err := tx.DB().Select("(1)").From(desk.Name(tx, desk.Messages)).
		Where(dbx.HashExp{"case": m.Case(), "direction": desk.Out}).
		AndWhere(dbx.NewExp("[[author]] != '' AND [[id]] != {:id} AND [[created]] >= {:at}",
			dbx.Params{"id": m.Id, "at": m.GetString("created")})).
		AndWhere(dbx.NewExp("COALESCE(CASE WHEN json_valid([[call]]) THEN json_extract([[call]], '$.outcome') END, '') NOT IN ({:none}, {:busy}, {:wrong})",
			dbx.Params{"none": CallNoAnswer, "busy": CallBusy, "wrong": CallWrong})).Limit(1).Row(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return one == 1, err
}

func uncountTemplate(tx core.App, key string) error {
	if key == "" {
		return nil
	}
	_, err := tx.DB().Update(desk.Name(tx, desk.Templates),
		dbx.Params{"used": dbx.NewExp("MAX([[used]] - 1, 0)")}, dbx.HashExp{"key": key}).Execute()
	return err
}
