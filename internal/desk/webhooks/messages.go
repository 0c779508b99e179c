package webhooks

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// opened tells of a new case, and of the words that opened it.
func (r *reading) opened(l desk.Line, after fact) error {
	m, err := firstMessage(r.app, l.Case)
	if err != nil {
		return err
	}
	facts := map[string]any{"source": after["source"], "answer_by": after["answer_by"], "message": ""}
	texts := map[string]string{}
	if m != nil {
		facts["message"], texts["subject"] = m.Id, m.Subject()
	}
	r.add(l, typeOpened, facts, texts)
	if m != nil {
		r.add(l, typeReceived, map[string]any{"message": m.Id, "channel": m.Channel(), "first": true}, map[string]string{"text": m.Body()})
	}
	return nil
}

// message tells of an entry of the conversation; one that is gone is no news.
func (r *reading) message(l desk.Line, typ, id string) error {
	m, err := findMessage(r.app, id)
	if m == nil || err != nil {
		return err
	}
	facts := map[string]any{"message": m.Id}
	after := parse(l.After)
	switch typ {
	case typeReceived:
		facts["channel"], facts["first"] = m.Channel(), false
	case "call.logged":
		facts["direction"], facts["outcome"], facts["seconds"] = after["direction"], after["outcome"], after["seconds"]
		facts["author"] = m.Author()
	default:
		facts["author"] = m.Author()
	}
	r.add(l, typ, facts, map[string]string{"text": m.Body()})
	return nil
}

// delivered tells what became of a mail or a text message.
func (r *reading) delivered(l desk.Line, after fact) error {
	m, err := findMessage(r.app, after.text("message"))
	if m == nil || err != nil {
		return err
	}
	facts := map[string]any{"message": m.Id, "channel": m.Channel()}
	if l.Kind != "sent" {
		facts["bounced"] = l.Kind == "bounced"
		r.add(l, "message.failed", facts, nil)
		return nil
	}
	facts["author"], facts["automatic"], facts["template"] = m.Author(), m.Author() == "", m.Template()
	r.add(l, "message.sent", facts, map[string]string{"text": m.Body()})
	return nil
}

// findMessage is nil for a message that is gone.
func findMessage(app core.App, id string) (*desk.Message, error) {
	if id == "" {
		return nil, nil
	}
	m, err := desk.FindMessage(app, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return m, err
}

func firstMessage(app core.App, caseID string) (*desk.Message, error) {
	return messageOf(app, caseID, "created", "rowid")
}

// lastWord is the visitor's latest message on a case.
func lastWord(app core.App, caseID string) (*desk.Message, error) {
	return messageOf(app, caseID, "created DESC", "rowid DESC")
}

func messageOf(app core.App, caseID string, order ...string) (*desk.Message, error) {
	row := &core.Record{}
	err := app.RecordQuery(desk.Messages).AndWhere(dbx.HashExp{"case": caseID, "direction": desk.In}).OrderBy(order...).Limit(1).One(row)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("message of a case: %w", err)
	}
	return desk.AsMessage(row), nil
}
