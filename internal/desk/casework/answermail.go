package casework

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// writeMail renders a template where the body was left to it, and finds out
// where the mail goes.
func (w *Work) writeMail(app core.App, out *Written) error {
	e, m := out.entry, out.entry.Message
	if err := w.fillIn(app, out); err != nil {
		return err
	}
	typed, err := Typed(app, m.Template())
	if err != nil {
		return err
	}
	m.Set("typed", typed)
	if e.Sign {
		m.Set("body", signed(m.Body(), e.Agent.Signature()))
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
	if err := writeCopies(app, m, to); err != nil {
		return err
	}
	if err := checkSize(m); err != nil {
		return err
	}
	if r, err := app.FindRecordById(desk.Contacts, e.Case.Contact()); err == nil {
		out.to.name = desk.AsContact(r).Name()
	}
	return nil
}

// fillIn renders the template of an answer that has no body of its own.
func (w *Work) fillIn(app core.App, out *Written) error {
	e, m := out.entry, out.entry.Message
	if m.Template() == "" || strings.TrimSpace(m.Body()) != "" {
		return noMarks(e)
	}
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
	return nil
}

// checkSize refuses more files than a mail carries, before they are stored.
func checkSize(m *desk.Message) error {
	var total int64
	for _, f := range m.GetUnsavedFiles("attachments") {
		total += f.Size
	}
	if total > mail.MaxAttachmentBytes {
		return fieldError("attachments", "validation_size", "The files of one mail may have 25 MB together.")
	}
	return nil
}

// answerSubject follows the conversation's first mail, so that mail programs
// show one thread.
func answerSubject(app core.App, c *desk.Case) string {
	subject := c.Subject()
	r := &core.Record{}
	err := app.RecordQuery(desk.Messages).
		AndWhere(dbx.HashExp{"case": c.Id, "direction": desk.Out, "contact": c.Contact()}). // a merged case has other people's too
		AndWhere(dbx.NewExp("[[subject]] != ''")).OrderBy("created", "id").Limit(1).One(r)
	if err == nil {
		subject = desk.AsMessage(r).Subject()
	}
	if strings.HasPrefix(strings.ToLower(subject), "re:") {
		return subject
	}
	return "Re: " + subject
}

// ReplyAddress is where an answer on the case goes: the address typed with it, or
// given by staff who began it, else one of the contact's that is verified. An address that was only claimed,
// in another form, may be a stranger's. "" where there is none.
func ReplyAddress(app core.App, c *desk.Case) (string, error) {
	if f, err := desk.FindFeedback(app, c.Feedback()); err == nil {
		if addr, err := mail.NormalizeAddress(f.Email()); err == nil {
			return addr, nil
		}
	}
	if addr := c.GetString("begun_email"); addr != "" {
		return addr, nil
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
