package hooks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// raw is a record's row as the database holds it.
func (w *world) raw(t *testing.T, c *core.Collection, id string) dbx.NullStringMap {
	t.Helper()
	row := dbx.NullStringMap{}
	if err := w.App.DB().Select().From(c.Name).Where(dbx.HashExp{"id": id}).One(row); err != nil {
		t.Fatalf("%s %s: %v", c.Name, id, err)
	}
	return row
}

// restore puts a row back as it was, past everything.
func (w *world) restore(t *testing.T, c *core.Collection, row dbx.NullStringMap) {
	t.Helper()
	set := dbx.Params{}
	for name, v := range row {
		set[name] = v.String
		if !v.Valid {
			set[name] = nil
		}
	}
	if _, err := w.App.NonconcurrentDB().Update(c.Name, set, dbx.HashExp{"id": row["id"].String}).Execute(); err != nil {
		t.Fatal(err)
	}
	desk.Forget(w.App, c.Id)
	desk.Forget(w.App, desk.Forms)
}

// shared are all collections but those whose records belong to the person who
// made them: TestMatrix has these.
func shared() []string {
	return slices.DeleteFunc(desk.Collections(), func(id string) bool { return id == desk.Views || id == desk.Macros || id == desk.Problems })
}

// target is the record of a collection that a role tries to change: for agents
// the own one, else one of the world's case.
func (w *world) target(t *testing.T, role string, c *core.Collection) string {
	t.Helper()
	rows := w.Rows(c.Id)
	for _, r := range rows {
		switch {
		case c.Id == desk.Agents && role != "guest" && r.GetString("role") == role && r.GetString("team") != w.teamB:
			return r.Id
		case c.Id == desk.Templates && r.GetString("key") != canary:
			continue
		case c.Id == desk.Templates, c.Id == desk.Messages && r.Id == w.message.Id, c.Id == desk.Feedbacks && r.Id == w.feedback.Id:
			return r.Id
		}
	}
	if len(rows) == 0 && c.Id == desk.TopicLessons { // it goes with what it was about
		return w.Add(c.Id, map[string]any{"category": "order"}).Id
	}
	if len(rows) == 0 {
		t.Fatalf("%s has no record to try", c.Name)
	}
	return rows[0].Id
}

// attempts are the ways to write a field: its plain name and PocketBase's modifiers.
func attempts(f core.Field, v any) []map[string]any {
	name := f.GetName()
	out := []map[string]any{{name: v}}
	switch f := f.(type) {
	case *core.NumberField:
		out = append(out, map[string]any{name + "+": 5}, map[string]any{name + "-": 5})
	case *core.FileField:
		out = append(out, map[string]any{name + "-": v}, map[string]any{name: []string{}})
	case *core.TextField:
		out = append(out, map[string]any{name + ":autogenerate": "probe"}, map[string]any{name: ""})
	case *core.SelectField, *core.RelationField:
		out = append(out, map[string]any{name + "-": v}, map[string]any{"+" + name: v}, map[string]any{name: ""})
	case *core.PasswordField:
		out = []map[string]any{{name: v, name + "Confirm": v}}
	default:
		_ = f
	}
	return out
}

// Whatever a role sends to an existing record, only the fields of the table change.
func TestUpdatesByField(t *testing.T) {
	oneByOne(t)
	w := newWorld(t)
	w.personal(t)
	for _, id := range shared() {
		c, err := w.App.FindCollectionByNameOrId(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, role := range everyone {
			w.updates(t, role, c, w.target(t, role, c))
		}
	}
}

func (w *world) updates(t *testing.T, role string, c *core.Collection, id string) {
	t.Helper()
	before := w.raw(t, c, id)
	path := "/api/collections/" + c.Name + "/records/" + id
	if len(updatable(role, c.Id)) == 0 {
		all := map[string]any{}
		for _, f := range c.Fields {
			all[f.GetName()] = w.value(f)
		}
		for _, body := range []map[string]any{all, {"name": "probe", "body": "probe"}, {}} {
			if status, answer := w.Patch(path, body, w.auth(role)...); status < 400 || status >= 500 {
				t.Errorf("%s updates %s: %d %v", role, c.Name, status, answer)
			}
		}
		w.unchanged(t, role, c, before, w.raw(t, c, id), "all fields")
		return
	}
	for _, f := range c.Fields {
		if role == "admin" && f.Type() == core.FieldTypePassword {
			continue // an admin sets a new one, which ends sessions
		}
		may := slices.Contains(updatable(role, c.Id), f.GetName())
		for i, body := range attempts(f, w.value(f)) {
			if may && i > 0 {
				continue
			}
			status, answer := w.Patch(path, body, w.auth(role)...)
			if status >= 500 {
				t.Errorf("%s updates %s with %v: %d %v", role, c.Name, body, status, answer)
			}
			after := w.raw(t, c, id)
			if may && (status != http.StatusOK || after[f.GetName()] == before[f.GetName()]) && f.Type() != core.FieldTypeBool {
				t.Errorf("%s should write %s.%s: %d %v", role, c.Name, f.GetName(), status, answer)
			}
			if !may {
				w.unchanged(t, role, c, before, after, fmt.Sprint(body))
			}
			w.restore(t, c, before)
		}
	}
}

// unchanged fails for every column that differs.
func (w *world) unchanged(t *testing.T, role string, c *core.Collection, before, after dbx.NullStringMap, body string) {
	t.Helper()
	for column, was := range before {
		if column != "updated" && after[column] != was {
			t.Errorf("%s updates %s with %s: %s is now %q, was %q", role, c.Name, body, column, after[column].String, was.String)
		}
	}
}

// An agent changes nobody else's record of the staff, not even as a supervisor.
func TestUpdatesOfColleagues(t *testing.T) {
	oneByOne(t)
	w := newWorld(t)
	c, err := w.App.FindCollectionByNameOrId(desk.Agents)
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []string{"agent", "supervisor", "integration"} {
		for _, r := range w.Rows(desk.Agents) {
			if r.GetString("role") == role {
				continue
			}
			before := w.raw(t, c, r.Id)
			w.Patch("/api/collections/agents/records/"+r.Id, map[string]any{"name": "probe", "signature": "probe"}, w.auth(role)...)
			w.unchanged(t, role, c, before, w.raw(t, c, r.Id), "name, signature")
		}
	}
}

// valid is what a role needs to make a record of a collection.
func (w *world) valid(id string) map[string]any {
	random := security.RandomStringWithAlphabet(8, "abcdefgh")
	switch id {
	case desk.Feedbacks:
		return map[string]any{"email": random + "@example.com", "message": "Where is my order " + random}
	case desk.Messages:
		return map[string]any{"case": w.caseID, "direction": "note", "body": "hello"}
	case desk.Teams:
		return map[string]any{"name": random}
	case desk.Agents:
		return map[string]any{"name": random, "role": "agent", "email": random + "@staff.example", "password": "12345678ab", "passwordConfirm": "12345678ab"}
	case desk.Categories:
		return map[string]any{"id": random}
	case desk.Forms:
		return map[string]any{"slug": random, "texts": map[string]any{"en": map[string]any{"title": "x"}}}
	case desk.Templates:
		return map[string]any{"key": random, "locale": "en", "body": "hello"}
	case desk.Keywords:
		return map[string]any{"words": []string{random}, "effect": "tag", "value": random}
	case desk.BlockRules:
		return map[string]any{"kind": "keyword", "value": random, "action": "allow"}
	case desk.Rules:
		return map[string]any{"name": random, "event": "case_opened", "actions": []map[string]any{{"do": "stop"}}}
	case desk.Verdicts:
		return map[string]any{"feedback": w.feedback.Id, "outcome": "accepted"}
	case desk.Identities:
		return map[string]any{"contact": w.Rows(desk.Contacts)[0].Id, "kind": "line", "value": random, "state": "verified"}
	case desk.Events:
		return map[string]any{"case": w.caseID, "kind": "probe"}
	case desk.Outbox:
		return map[string]any{"kind": "email", "recipient": random + "@example.com", "status": "queued", "message": w.message.Id}
	}
	return map[string]any{"name": random, "subject": random, "status": "new"}
}

// Whatever a role sends for a new record, only the fields of the table are taken.
func TestCreatesByField(t *testing.T) {
	w := newWorld(t)
	for _, id := range shared() {
		c, err := w.App.FindCollectionByNameOrId(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, role := range everyone {
			if len(creatable(role, id)) == 0 {
				w.closed(t, role, c)
				continue
			}
			var kept, given []core.Field
			for _, f := range c.Fields {
				switch {
				case f.Type() == core.FieldTypeFile, f.Type() == core.FieldTypePassword:
					// uploads: TestFiles; a password is hashed
				case slices.Contains(creatable(role, id), f.GetName()):
					given = append(given, f)
				default:
					kept = append(kept, f)
				}
			}
			w.create(t, role, c, given, true)
			if !w.create(t, role, c, kept, false) { // refused as a whole: each by itself
				for _, f := range kept {
					w.create(t, role, c, []core.Field{f}, false)
				}
			}
		}
	}
}

// closed is a collection of which a role makes no record at all.
func (w *world) closed(t *testing.T, role string, c *core.Collection) {
	t.Helper()
	before := len(w.Rows(c.Id))
	all := w.valid(c.Id)
	for _, f := range c.Fields {
		if _, taken := all[f.GetName()]; !taken {
			all[f.GetName()] = w.value(f)
		}
	}
	for _, body := range []map[string]any{w.valid(c.Id), all} {
		status, answer := w.Post("/api/collections/"+c.Name+"/records", body, w.auth(role)...)
		if status < 400 || status >= 500 {
			t.Errorf("%s creates %s with %v: %d %v", role, c.Name, body, status, answer)
		}
	}
	if after := len(w.Rows(c.Id)); after != before {
		t.Errorf("%s made %d records of %s", role, after-before, c.Name)
	}
}

// create makes a record with values for these fields and looks which were taken;
// false where it was refused.
func (w *world) create(t *testing.T, role string, c *core.Collection, fields []core.Field, may bool) bool {
	t.Helper()
	body := w.valid(c.Id)
	for _, f := range fields {
		body[f.GetName()] = w.value(f)
	}
	set := func(name string, v any) {
		if body[name] != nil {
			body[name] = v
		}
	}
	switch c.Id {
	case desk.Feedbacks:
		set("source", "import")
		set("form", w.feedback.GetString("form"))
		set("category", w.feedback.GetString("category"))
	case desk.Messages:
		set("case", w.caseID)
		set("direction", "note")
		if body["channel"] != nil { // a call may have all of them
			set("direction", "out")
			set("channel", "phone")
		}
	case desk.Keywords:
		set("effect", "tag")
	case desk.BlockRules:
		set("kind", "keyword")
	}
	rows := len(w.Rows(c.Id))
	status, answer := w.Post("/api/collections/"+c.Name+"/records", body, w.auth(role)...)
	if status != http.StatusOK {
		if may || status >= 500 {
			t.Errorf("%s creates %s with %v: %d %v", role, c.Name, body, status, answer)
		}
		if len(w.Rows(c.Id)) != rows {
			t.Errorf("%s creates %s with %v: refused with %d, and yet stored", role, c.Name, body, status)
		}
		return false
	}
	id, _ := answer["id"].(string)
	row := w.raw(t, c, id)
	for _, f := range fields {
		name, v := f.GetName(), body[f.GetName()]
		stored := row[name].String
		want, _ := json.Marshal(v)
		ours := stored == fmt.Sprint(v) || bytes.Equal([]byte(stored), want) || stored == fmt.Sprintf("[%q]", v) || (v == true && stored == "1")
		if ours != may {
			t.Errorf("%s creates %s with %s = %v: stored %q", role, c.Name, name, v, stored)
		}
	}
	return true
}

// Nobody gets hold of a stored file by naming it as his own attachment.
func TestForeignFiles(t *testing.T) {
	w := newWorld(t)
	stolen := w.feedback.GetStringSlice("attachments")[0]
	for _, name := range []string{stolen, "../" + w.feedback.Id + "/" + stolen, "../../pd_feedback/" + w.feedback.Id + "/" + stolen} {
		for _, body := range []map[string]any{{"attachments": name}, {"attachments": []string{name}}, {"attachments+": name}, {"+attachments": []string{name}}} {
			body["email"], body["message"] = "thief@example.com", "give me that file"
			status, answer := w.Post(submitPath, body)
			files, _ := answer["attachments"].([]any)
			if status == http.StatusOK && len(files) > 0 {
				t.Errorf("a guest's message with %v bears %v", body, files)
			}
			body["case"], body["direction"], body["body"] = w.caseID, "note", "x"
			status, answer = w.Post("/api/collections/messages/records", body, w.auth("agent")...)
			files, _ = answer["attachments"].([]any)
			if status == http.StatusOK && len(files) > 0 {
				t.Errorf("a note with %v bears %v", body, files)
			}
		}
	}
}
