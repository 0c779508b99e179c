package searching

import (
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// fresh is what a record gives to the index that was inserted this moment: what
// it says itself need not be read again. A case brings along what its submission has.
func (x *Index) fresh(tx core.App, r *core.Record) ([]*entry, error) {
	e := &entry{record: r.Id}
	switch r.Collection().Id {
	case desk.Messages:
		if len(r.GetUnsavedFiles("attachments")) > 0 { // their names stand in the database alone
			e, err := x.entryOf(tx, desk.Messages, r.Id)
			return []*entry{e}, err
		}
		err := desk.Row(tx, "SELECT number, team FROM "+table(tx, desk.Cases)+" WHERE id = ?", []any{r.GetString("case")}, &e.number, &e.team)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, nil
		}
		return []*entry{x.fromMessage(e, messageRow{
			direction: r.GetString("direction"), channel: r.GetString("channel"), subject: r.GetString("subject"), body: r.GetString("body"),
			files: raw(r, "attachments"), names: raw(r, "attachment_names"), fromAddr: r.GetString("from_addr"), fromName: r.GetString("from_name"),
			cc: raw(r, "cc"), bcc: raw(r, "bcc"),
		})}, err
	case desk.Cases:
		e.kind, e.number, e.team = kindCase, r.GetInt("number"), r.GetString("team")
		out := []*entry{x.fromCase(e, r.GetString("subject"), r.GetString("summary"), raw(r, "tags"))}
		feedback, sent := r.GetString("feedback"), sentRow{}
		if feedback == "" {
			return out, nil
		}
		err := desk.Row(tx, "SELECT order_no, attachments, COALESCE(attachment_names, '') FROM "+table(tx, desk.Feedbacks)+" WHERE id = ?", []any{feedback}, &sent.order, &sent.files, &sent.names)
		if errors.Is(err, sql.ErrNoRows) {
			return out, nil
		}
		return append(out, x.fromSent(&entry{number: e.number, team: e.team, record: feedback}, sent)), err
	case desk.Contacts:
		e.kind = kindContact
		return []*entry{x.fromContact(e, r.GetString("name"))}, nil
	case desk.Identities:
		e.kind = kindIdentity
		return []*entry{x.fromIdentity(e, r.GetString("kind"), r.GetString("value"))}, nil
	}
	return nil, nil
}

// raw is a list or object of a record as JSON.
func raw(r *core.Record, field string) string {
	switch v := r.GetRaw(field).(type) {
	case nil:
		return ""
	case types.JSONRaw:
		return v.String()
	default:
		b, err := json.Marshal(v)
		if err != nil || string(b) == "null" {
			return ""
		}
		return string(b)
	}
}
