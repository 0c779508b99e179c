package merging

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// chunk is how many ids one statement names.
const chunk = 500

// move makes a field of records name another one, where it names from. Records
// that moved on by themselves stay where they are; n is how many moved. It writes
// rows and no records: a conversation may have thousands of messages, and nothing
// in them changes but where they stand.
func move(tx core.App, collection, field string, ids []string, from, to string) (n int, err error) {
	for len(ids) > 0 {
		part := ids[:min(chunk, len(ids))]
		ids = ids[len(part):]
		res, err := tx.DB().Update(desk.Name(tx, collection), dbx.Params{field: to},
			dbx.And(dbx.In("id", anys(part)...), dbx.HashExp{field: from})).Execute()
		if err != nil {
			return n, fmt.Errorf("move %s: %w", desk.BaseName(collection), err)
		}
		rows, err := res.RowsAffected()
		if err != nil {
			return n, err
		}
		n += int(rows)
		if collection == desk.Messages && field == "case" && rows > 0 {
			if err := desk.MessagesMoved(tx, part, from, to); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// follow moves what points to a case beside messages of it: notices, and the
// records of the mails that they came by.
func follow(tx core.App, messages []string, from, to string) error {
	for len(messages) > 0 {
		part := messages[:min(chunk, len(messages))]
		messages = messages[len(part):]
		for _, collection := range []string{desk.Notices, desk.InboundMails} {
			_, err := tx.DB().Update(desk.Name(tx, collection), dbx.Params{"case": to},
				dbx.And(dbx.In("message", anys(part)...), dbx.HashExp{"case": from})).Execute()
			if err != nil {
				return fmt.Errorf("move %s: %w", desk.BaseName(collection), err)
			}
		}
	}
	return nil
}

func anys(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

// idsOf are the ids of records whose field has a value, oldest first; up to most
// and one more, which tells that there are too many.
func idsOf(app core.App, collection, field, value string, most int) (ids []string, err error) {
	err = app.DB().Select("id").From(desk.Name(app, collection)).Where(dbx.HashExp{field: value}).
		OrderBy("created", "rowid").Limit(int64(most + 1)).Column(&ids)
	if err == nil && len(ids) > most {
		err = refuse(TooMany)
	}
	return ids, err
}

// about are the events of a case that tell of one of these messages. They follow
// it; what is said of the case itself stays with the case that it was said of.
func about(app core.App, caseID string, messages []string) ([]string, error) {
	var rows []struct {
		ID      string `db:"id"`
		Message string `db:"message"`
	}
	err := app.DB().Select("id", "COALESCE(CASE WHEN json_valid([[after]]) THEN json_extract([[after]], '$.message') END, '') AS message").
		From(desk.Name(app, desk.Events)).Where(dbx.HashExp{"case": caseID}).OrderBy("created", "rowid").All(&rows)
	if err != nil {
		return nil, err
	}
	moved := map[string]bool{}
	for _, id := range messages {
		moved[id] = true
	}
	var out []string
	for _, r := range rows {
		if r.Message != "" && moved[r.Message] {
			out = append(out, r.ID)
		}
	}
	return out, nil
}

// fields are values of a record as JSON, to be compared and put back.
func fields(r *core.Record, names []string) desk.Fields {
	out := desk.Fields{}
	for _, name := range names {
		b, err := json.Marshal(r.Get(name))
		if err != nil {
			b = []byte("null")
		}
		out[name] = b
	}
	return out
}

// changed keeps of two sets those fields in which they differ.
func changed(before, after desk.Fields) (b, a desk.Fields) {
	b, a = desk.Fields{}, desk.Fields{}
	for name := range before {
		if string(before[name]) != string(after[name]) {
			b[name], a[name] = before[name], after[name]
		}
	}
	return b, a
}

// restore puts the fields back that still are as the merge left them, and names
// the others.
func restore(r *core.Record, before, after desk.Fields) (left []Remark, err error) {
	for _, name := range sortedNames(before) {
		if now, _ := json.Marshal(r.Get(name)); string(now) != string(after[name]) {
			if slices.Contains(caseClock(), name) {
				continue // goes with the status
			}
			left = append(left, Remark{"field", map[string]any{"field": name, "record": r.Id}})
			continue
		}
		var v any
		if err := json.Unmarshal(before[name], &v); err != nil {
			return nil, fmt.Errorf("%s as it was: %w", name, err)
		}
		if r.Set(name, v); v == nil { // in a field of JSON nothing is null, not SQL's NULL
			r.SetRaw(name, types.JSONRaw("null"))
		}
	}
	return left, nil
}
