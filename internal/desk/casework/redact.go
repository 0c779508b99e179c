package casework

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// EventRedacted is something that was taken out of a message. Its after fields are
// {message, what}: "text", "file" or "note", and never the words.
const EventRedacted = "redacted"

// Mask stands where words were taken out.
const Mask = "█████"

// redactable is for how long an author takes something out of what he wrote.
const redactable = 10 * time.Minute

// Errors of [Work.Redact].
var (
	ErrNotRedactable = errors.New("only its author, for ten minutes, or an admin takes something out of a message")
	ErrWaits         = errors.New("this mail has not left yet")
)

// Redaction is what to take out of a message: a passage, wherever it stands in it, a
// file by its stored name, or all of a note.
type Redaction struct {
	Message string
	Agent   *desk.Agent
	Text    string
	File    string
	All     bool
}

// Redact takes something out of a message inside the caller's transaction. It goes
// from what the search finds, from the submission that opened the case, from the
// case's subject and from the mail as it came, too. Mails that left are as they were.
func (w *Work) Redact(tx core.App, r Redaction) (*desk.Message, error) {
	m, err := desk.FindMessage(tx, r.Message)
	if err != nil {
		return nil, err
	}
	young := desk.Now(tx).Sub(m.GetDateTime("created").Time()) < redactable
	if !r.Agent.Admin() && (m.Author() != r.Agent.Id || !young) {
		return nil, ErrNotRedactable
	}
	if m.Direction() == desk.Out && (m.Delivery() == desk.DeliveryQueued || m.Delivery() == desk.DeliveryHeld) {
		return nil, ErrWaits
	}
	c, err := desk.FindCase(tx, m.Case())
	if err != nil {
		return nil, err
	}
	what := "text"
	switch {
	case r.All && r.Text == "" && r.File == "":
		what = "note"
		if m.Direction() != desk.Note {
			return nil, fieldError("all", "validation_note", "Only a note is blanked whole; name the passage, or the file.")
		}
		m.Set("body", Mask)
		m.Set("mentions", []string{})
		err = dropFiles(m.Record, m.Files()...)
	case !r.All && r.File != "" && r.Text == "":
		what = "file"
		err = redactFile(tx, c, m, r.File)
	case !r.All && r.File == "" && strings.TrimSpace(r.Text) != "":
		err = redactText(tx, c, m, strings.TrimSpace(r.Text))
	default:
		err = fieldError("text", "validation_required", "Name a passage, a file, or all of a note.")
	}
	if err != nil {
		return nil, err
	}
	m.Set("redacted_at", desk.Date(desk.Now(tx)))
	c.Touch()
	return m, errors.Join(dropRaw(tx, m), desk.Save(tx, m.Record), desk.Save(tx, c.Record),
		desk.Record(tx, desk.Event{Case: c.Id, Actor: r.Agent.Id, Kind: EventRedacted, After: map[string]any{"message": m.Id, "what": what}}))
}

// mask takes a passage out of fields of a record, and tells whether it stood there.
func mask(r *core.Record, passage string, fields ...string) (found bool) {
	for _, name := range fields {
		if text := r.GetString(name); strings.Contains(text, passage) {
			r.Set(name, strings.ReplaceAll(text, passage, Mask))
			found = true
		}
	}
	return found
}

func redactText(tx core.App, c *desk.Case, m *desk.Message, passage string) error {
	words := m.Body() != ""
	found := mask(m.Record, passage, "subject", "body", "quoted", "html")
	if words {
		m.Set("html", "") // it says the same, perhaps with marks among the letters
	}
	opener, err := openerOf(tx, c, m)
	if err != nil {
		return err
	}
	if opener != nil && mask(opener, passage, "subject", "message") {
		found = true
		if err := desk.Save(tx, opener); err != nil {
			return err
		}
	}
	if !found {
		return fieldError("text", "validation_not_found", "These words don't stand in this message.")
	}
	mask(c.Record, passage, "subject", "summary")
	return redactSent(tx, m, passage)
}

// redactSent takes the passage out of what is kept of mails that left.
func redactSent(tx core.App, m *desk.Message, passage string) error {
	rows, err := tx.FindAllRecords(desk.Outbox, dbx.HashExp{"message": m.Id})
	if err != nil {
		return fmt.Errorf("the mail of a message: %w", err)
	}
	for _, row := range rows {
		d := desk.AsDelivery(row)
		p, err := d.Payload()
		if err != nil || !strings.Contains(p.Text+"\n"+p.Subject, passage) {
			continue
		}
		p.Text, p.Subject = strings.ReplaceAll(p.Text, passage, Mask), strings.ReplaceAll(p.Subject, passage, Mask)
		d.Set("payload", p)
		if err := desk.Save(tx, d.Record); err != nil {
			return err
		}
	}
	return nil
}

// openerOf is the submission whose words a message repeats: the visitor's first one
// on the case. nil for any other.
func openerOf(tx core.App, c *desk.Case, m *desk.Message) (*core.Record, error) {
	if m.Direction() != desk.In || c.Feedback() == "" {
		return nil, nil
	}
	var first string
	err := tx.DB().Select("id").From(desk.Name(tx, desk.Messages)).Where(dbx.HashExp{"case": c.Id, "direction": desk.In}).
		OrderBy("created", "rowid").Limit(1).Row(&first)
	if err != nil || first != m.Id {
		return nil, err
	}
	f, err := desk.FindFeedback(tx, c.Feedback())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return f.Record, nil
}

// redactFile removes a file of the message, or of the submission that it repeats.
func redactFile(tx core.App, c *desk.Case, m *desk.Message, name string) error {
	if slices.Contains(m.Files(), name) {
		return dropFiles(m.Record, name)
	}
	opener, err := openerOf(tx, c, m)
	if err != nil {
		return err
	}
	if opener == nil || !slices.Contains(opener.GetStringSlice("attachments"), name) {
		return fieldError("file", "validation_not_found", "This message has no such file.")
	}
	if err := dropFiles(opener, name); err != nil {
		return err
	}
	return desk.Save(tx, opener)
}

// dropFiles takes files and their names off a record; PocketBase removes them once
// it is saved.
func dropFiles(r *core.Record, gone ...string) error {
	r.Set("attachments", slices.DeleteFunc(slices.Clone(r.GetStringSlice("attachments")), func(n string) bool { return slices.Contains(gone, n) }))
	names := map[string]string{}
	if raw := r.GetString("attachment_names"); raw != "" && raw != "null" {
		if err := json.Unmarshal([]byte(raw), &names); err != nil {
			return fmt.Errorf("names of files: %w", err)
		}
	}
	for _, name := range gone {
		delete(names, name)
	}
	r.Set("attachment_names", names)
	return nil
}

// dropRaw removes the mail as it came: what was taken out stands in it.
func dropRaw(tx core.App, m *desk.Message) error {
	id := m.GetString("inbound")
	if id == "" {
		return nil
	}
	r, err := tx.FindRecordById(desk.InboundMails, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	r.Set("raw", "")
	return desk.Save(tx, r)
}
