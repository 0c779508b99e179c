package desktest

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// Values are a record's fields by name.
type Values map[string]any

// UseSMTP names a mail server in PocketBase's settings.
func (a *App) UseSMTP(srv *mailtest.Server) {
	s := a.Settings()
	s.SMTP.Enabled, s.SMTP.Host, s.SMTP.Port = true, srv.Host, srv.Port
}

// NoSMTP takes the mail server out of the settings again.
func (a *App) NoSMTP() { a.Settings().SMTP.Enabled = false }

// Make saves a record of one of our collections; what was kept of the
// collection in memory is dropped.
func (a *App) Make(collection string, v Values) *core.Record {
	a.t.Helper()
	r, err := desk.New(a, collection)
	if err != nil {
		a.t.Fatal(err)
	}
	if id, ok := v["id"].(string); ok {
		r.Id = id
	}
	return a.Put(r, v)
}

// Put changes fields of a record and saves it.
func (a *App) Put(r *core.Record, v Values) *core.Record {
	a.t.Helper()
	for name, value := range v {
		r.Set(name, value)
	}
	if err := desk.Save(a, r); err != nil {
		a.t.Fatal(err)
	}
	desk.Forget(a, r.Collection().Id)
	switch r.Collection().Id {
	case desk.Categories:
		desk.Forget(a, desk.Forms)
	case desk.Calendars, desk.SettingsID:
		desk.ForgetCalendars(a)
	}
	return r
}

// Choose changes the shop's settings.
func (a *App) Choose(v Values) {
	a.t.Helper()
	a.Put(a.Find(desk.SettingsID, desk.SettingsRecord), v)
}

// Find reads a record again.
func (a *App) Find(collection, id string) *core.Record {
	a.t.Helper()
	r, err := a.FindRecordById(collection, id)
	if err != nil {
		a.t.Fatalf("%s %s: %v", collection, id, err)
	}
	return r
}

// All are the records of a collection with these values, oldest first.
func (a *App) All(collection string, v Values) []*core.Record {
	a.t.Helper()
	var rows []*core.Record
	q := a.RecordQuery(collection).OrderBy("created", "rowid")
	if len(v) > 0 {
		q.AndWhere(dbx.HashExp(v))
	}
	if err := q.All(&rows); err != nil {
		a.t.Fatal(err)
	}
	return rows
}

// One is the only record of a collection with these values.
func (a *App) One(collection string, v Values) *core.Record {
	a.t.Helper()
	rows := a.All(collection, v)
	if len(rows) != 1 {
		a.t.Fatalf("%d records of %s with %v, want one", len(rows), collection, v)
	}
	return rows[0]
}

// Agent makes a member of staff, who can't sign in: to hash a password takes
// longer than most tests.
func (a *App) Agent(role, team string) *desk.Agent {
	a.t.Helper()
	r, err := desk.New(a, desk.Agents)
	if err != nil {
		a.t.Fatal(err)
	}
	r.Id = core.GenerateDefaultRandomId()
	r.SetEmail(r.Id + "@staff.example")
	r.RefreshTokenKey()
	r.Set("name", "Agent "+role)
	r.Set("role", role)
	r.Set("team", team)
	if err := desk.Save(a, r); err != nil {
		a.t.Fatal(err)
	}
	agent, err := desk.AgentOf(a, r)
	if err != nil {
		a.t.Fatal(err)
	}
	return agent
}

// Feedback is an unsaved submission of Anna's in English, with these changes.
func (a *App) Feedback(v Values) *desk.Feedback {
	a.t.Helper()
	f, err := desk.NewFeedback(a)
	if err != nil {
		a.t.Fatal(err)
	}
	for name, value := range map[string]any{
		"name": "Anna Berg", "email": "anna@example.com", "locale": "en",
		"subject": "Where is my parcel?", "message": "I ordered a teapot last week and have heard nothing since.",
	} {
		f.Set(name, value)
	}
	for name, value := range v {
		f.Set(name, value)
	}
	return f
}

// File is an upload with these bytes.
func (a *App) File(name, content string) *filesystem.File {
	a.t.Helper()
	f, err := filesystem.NewFileFromBytes([]byte(content), name)
	if err != nil {
		a.t.Fatal(err)
	}
	return f
}

// Submit sends a submission through the door, without a request behind it.
func (a *App) Submit(v Values) *intake.Receipt {
	a.t.Helper()
	receipt, err := a.Door.Receive(a, intake.Submission{Feedback: a.Feedback(v)})
	if err != nil {
		a.t.Fatal(err)
	}
	return receipt
}

// Hold sends a submission that waits in quarantine.
func (a *App) Hold(v Values) *intake.Receipt {
	a.t.Helper()
	f := a.Feedback(v)
	if len(a.All(desk.BlockRules, Values{"value": "held-word"})) == 0 {
		a.Make(desk.BlockRules, Values{"kind": "keyword", "value": "held-word", "action": "quarantine"})
	}
	f.Set("message", f.Message()+" held-word")
	receipt, err := a.Door.Receive(a, intake.Submission{Feedback: f})
	if err != nil {
		a.t.Fatal(err)
	}
	if receipt.Outcome != desk.Quarantined {
		a.t.Fatalf("outcome %s, want quarantined", receipt.Outcome)
	}
	return receipt
}

// Case is the case that a submission opens.
func (a *App) Case(v Values) *desk.Case {
	a.t.Helper()
	receipt := a.Submit(v)
	if receipt.Case == nil {
		a.t.Fatalf("no case was opened: %s", receipt.Outcome)
	}
	return desk.AsCase(a.Find(desk.Cases, receipt.Case.Id))
}

// Write saves an entry of an agent's: an answer by mail unless v says otherwise.
// The field "status" is the case's, "undo" for how long it may be taken back.
func (a *App) Write(c *desk.Case, agent *desk.Agent, v Values) (*desk.Message, error) {
	a.t.Helper()
	m, err := desk.NewMessage(a, c.Id)
	if err != nil {
		a.t.Fatal(err)
	}
	m.Set("direction", desk.Out)
	m.Set("body", "Your parcel leaves today.")
	status, _ := v["status"].(string)
	for name, value := range v {
		if name != "status" && name != "undo" {
			m.Set(name, value)
		}
	}
	undo, _ := v["undo"].(time.Duration)
	w, err := a.Work.Write(a, casework.Entry{Case: c, Agent: agent, Message: m, Status: status, Undo: undo})
	if err != nil {
		return nil, err
	}
	if _, _, err := desk.StoreFiles(a, m.Record, "attachments"); err != nil {
		return nil, err
	}
	return m, a.Commit.Do(w.Save)
}

// Reply is Write that must succeed.
func (a *App) Reply(c *desk.Case, agent *desk.Agent, v Values) *desk.Message {
	a.t.Helper()
	m, err := a.Write(c, agent, v)
	if err != nil {
		a.t.Fatal(err)
	}
	return m
}

// Kinds are the kinds of a case's events in order.
func (a *App) Kinds(caseID string) []string {
	a.t.Helper()
	kinds := []string{}
	for _, r := range a.All(desk.Events, Values{"case": caseID}) {
		kinds = append(kinds, r.GetString("kind"))
	}
	return kinds
}

// Event is the latest event of a kind on a case; its after fields.
func (a *App) Event(caseID, kind string) map[string]any {
	a.t.Helper()
	rows := a.All(desk.Events, Values{"case": caseID, "kind": kind})
	if len(rows) == 0 {
		a.t.Fatalf("no event %s; there are %v", kind, a.Kinds(caseID))
	}
	after := map[string]any{}
	if err := rows[len(rows)-1].UnmarshalJSONField("after", &after); err != nil {
		a.t.Fatal(fmt.Errorf("event %s: %w", kind, err))
	}
	return after
}

// Delivery is the only delivery of a kind (ack or reply) on a case.
func (a *App) Delivery(caseID, kind string) *desk.Delivery {
	a.t.Helper()
	var found []*desk.Delivery
	for _, m := range a.All(desk.Messages, Values{"case": caseID}) {
		for _, r := range a.All(desk.Outbox, Values{"message": m.Id}) {
			if p, err := desk.AsDelivery(r).Payload(); err == nil && p.Kind == kind {
				found = append(found, desk.AsDelivery(r))
			}
		}
	}
	if len(found) != 1 {
		a.t.Fatalf("%d deliveries of kind %s on the case, want one", len(found), kind)
	}
	return found[0]
}
