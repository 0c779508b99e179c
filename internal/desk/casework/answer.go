package casework

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// Entry is what a member of staff adds to a case: an answer by mail, a phone
// call or a note. Message is unsaved and may carry uploaded files.
type Entry struct {
	Case    *desk.Case
	Agent   *desk.Agent
	Message *desk.Message
	Status  string // the case's status from then on; "" leaves it to the verb
}

// Written is a checked entry, ready to be saved inside a transaction.
type Written struct {
	entry Entry
	to    recipient
	kind  string // name of the event
}

// Write checks an entry and fills in what the system keeps. Its errors are
// validation errors by field, for the person who writes.
func (w *Work) Write(app core.App, e Entry) (*Written, error) {
	m := e.Message
	if e.Status != "" && !validStatus(e.Status) {
		return nil, fieldError("status", "validation_status", "There is no such status.")
	}
	m.Set("author", e.Agent.Id)
	m.Set("contact", e.Case.Contact())
	m.Set("delivery", desk.DeliveryNone)
	m.Set("message_id", "")
	m.Set("in_reply_to", "")
	m.Set("delivery_note", "")
	out := &Written{entry: e}
	switch {
	case m.Direction() == desk.Note:
		out.kind = "noted"
	case m.Direction() != desk.Out:
		return nil, fieldError("direction", "validation_direction", "Staff write out or note.")
	case m.Channel() == desk.ChannelPhone:
		out.kind = "called"
	case m.Channel() == desk.ChannelEmail || m.Channel() == "":
		out.kind = "replied"
		m.Set("channel", desk.ChannelEmail)
		if err := w.writeMail(app, out); err != nil {
			return nil, err
		}
	default:
		return nil, fieldError("channel", "validation_channel", "An answer goes by email, or is a phone call.")
	}
	if strings.TrimSpace(m.Body()) == "" {
		return nil, fieldError("body", "validation_required", "Write something first.")
	}
	return out, nil
}

// writeMail renders a template where the body was left to it, and finds out
// where the mail goes.
func (w *Work) writeMail(app core.App, out *Written) error {
	e, m := out.entry, out.entry.Message
	if m.Template() != "" && strings.TrimSpace(m.Body()) == "" {
		p, err := w.Preview(app, Draft{Case: e.Case, Agent: e.Agent, Template: m.Template()})
		if errors.Is(err, desk.ErrNoTemplate) {
			return fieldError("template", "validation_template", "There is no enabled template of this key.")
		}
		if err != nil {
			return fieldError("template", "validation_template", err.Error())
		}
		m.Set("body", p.Body)
		if m.Subject() == "" {
			m.Set("subject", p.Subject)
		}
	}
	if m.Subject() == "" {
		m.Set("subject", answerSubject(app, e.Case))
	}
	m.Set("subject", desk.Clip(desk.OneLine(m.Subject()), 300))
	to, err := ReplyAddress(app, e.Case)
	if err != nil {
		return err
	}
	if to == "" {
		return fieldError("channel", "validation_no_address", "This visitor left no mail address; phone instead.")
	}
	out.to.addr = to
	if r, err := app.FindRecordById(desk.Contacts, e.Case.Contact()); err == nil {
		out.to.name = desk.AsContact(r).Name()
	}
	return nil
}

// answerSubject follows the conversation's first mail, so that mail programs
// show one thread.
func answerSubject(app core.App, c *desk.Case) string {
	subject := c.Subject()
	r := &core.Record{}
	err := app.RecordQuery(desk.Messages).
		AndWhere(dbx.HashExp{"case": c.Id, "direction": desk.Out}).
		AndWhere(dbx.NewExp("[[subject]] != ''")).OrderBy("created", "id").Limit(1).One(r)
	if err == nil {
		subject = desk.AsMessage(r).Subject()
	}
	if strings.HasPrefix(strings.ToLower(subject), "re:") {
		return subject
	}
	return "Re: " + subject
}

// ReplyAddress is where an answer on the case goes: the address typed with it,
// else one of the contact's that is verified. An address that was only claimed,
// in another form, may be a stranger's. "" where there is none.
func ReplyAddress(app core.App, c *desk.Case) (string, error) {
	if f, err := desk.FindFeedback(app, c.Feedback()); err == nil {
		if addr, err := mail.NormalizeAddress(f.Email()); err == nil {
			return addr, nil
		}
	}
	rows, err := app.FindAllRecords(desk.Identities, dbx.HashExp{"contact": c.Contact(), "kind": desk.KindEmail})
	if err != nil {
		return "", fmt.Errorf("addresses of the contact: %w", err)
	}
	for _, r := range rows {
		if i := desk.AsIdentity(r); i.State() == desk.StateVerified {
			return i.Value(), nil
		}
	}
	return "", nil
}

// Save stores the entry, queues its mail and moves the case on.
func (out *Written) Save(tx core.App) error {
	e, m := out.entry, out.entry.Message
	c, err := desk.FindCase(tx, e.Case.Id)
	if err != nil {
		return err
	}
	if out.kind == "replied" {
		err = queue(tx, c, m, out.to, "reply")
	} else {
		err = desk.Save(tx, m.Record)
	}
	if err != nil {
		return err
	}
	if err := countTemplate(tx, m.Template()); err != nil {
		return err
	}
	events := []desk.Event{{Case: c.Id, Actor: e.Agent.Id, Kind: out.kind, After: map[string]any{"message": m.Id, "template": m.Template()}}}
	events = append(events, out.moveOn(tx, c)...)
	c.Touch()
	if err := desk.Save(tx, c.Record); err != nil {
		return err
	}
	return desk.Record(tx, events...)
}

// moveOn changes what an answer changes on the case: the visitor no longer
// waits, who answers has the case, and the status follows.
func (out *Written) moveOn(tx core.App, c *desk.Case) []desk.Event {
	now := desk.Date(desk.Now(tx))
	before := c.Status()
	next := out.entry.Status
	var events []desk.Event
	tell := func(field, old, value string) {
		events = append(events, desk.Event{Case: c.Id, Actor: out.entry.Agent.Id, Kind: field,
			Before: map[string]any{field: old}, After: map[string]any{field: value}})
	}
	if out.kind != "noted" {
		if c.GetDateTime("first_responded_at").IsZero() {
			c.Set("first_responded_at", now)
		}
		c.Set("waiting_since", "")
		if next == "" && before == desk.Unread {
			next = desk.Open
		}
		if c.Assignee() == "" && out.entry.Agent.Works() {
			c.Set("assignee", out.entry.Agent.Id)
			tell("assignee", "", out.entry.Agent.Id)
		}
	}
	if next != "" && next != before {
		setStatus(tx, c, next)
		tell("status", before, next)
	}
	return events
}

func setStatus(app core.App, c *desk.Case, status string) {
	wasDone := c.Done()
	c.Set("status", status)
	switch {
	case c.Done() && !wasDone:
		c.Set("resolved_at", desk.Date(desk.Now(app)))
	case !c.Done() && wasDone:
		c.Set("resolved_at", "")
		c.Set("reopened", c.GetInt("reopened")+1)
	}
}

func countTemplate(tx core.App, key string) error {
	if key == "" {
		return nil
	}
	_, err := tx.DB().Update(desk.Name(tx, desk.Templates),
		dbx.Params{"used": dbx.NewExp("[[used]] + 1")}, dbx.HashExp{"key": key}).Execute()
	return err
}

func validStatus(s string) bool {
	switch s {
	case desk.Unread, desk.Open, desk.Pending, desk.OnHold, desk.Resolved, desk.Closed:
		return true
	}
	return false
}

func fieldError(field, code, message string) error {
	return validation.Errors{field: validation.NewError(code, message)}
}
