package main

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// makePlain makes a collection with the fields of feedback, that anybody may
// create records in, and to which no hook is bound.
func makePlain(app core.App) error {
	const name = "bench_plain"
	if _, err := app.FindCollectionByNameOrId(name); err == nil {
		return nil
	}
	feedback, err := app.FindCollectionByNameOrId(desk.Feedbacks)
	if err != nil {
		return err
	}
	c := core.NewBaseCollection(name)
	for _, f := range feedback.Fields {
		if f.GetName() != "id" {
			f.SetId("")
			c.Fields.Add(f)
		}
	}
	c.CreateRule = types.Pointer("")
	return app.Save(c)
}

// submission is the part of a visitor's message that the benchmarks send.
type submission struct {
	Name    string `json:"name"`
	Email   string `json:"email"`
	Subject string `json:"subject"`
	Message string `json:"message"`
	OrderNo string `json:"order_no"`
	Locale  string `json:"locale"`
	PageURL string `json:"page_url"`
	Consent bool   `json:"consent"`
}

// saveSet stores what PocketDesk stores for an accepted submission: the same
// records of the same size in one transaction, each saved and validated by
// PocketBase. It screens, looks up and renders nothing.
func saveSet(e *core.RequestEvent) error {
	var in submission
	if err := e.BindBody(&in); err != nil {
		return e.BadRequestError("", err)
	}
	var feedback *core.Record
	err := e.App.RunInTransaction(func(tx core.App) error {
		s := set{tx: tx, in: in, now: types.NowDateTime()}
		s.save()
		feedback = s.feedback
		return s.err
	})
	if err != nil {
		return e.InternalServerError("", err)
	}
	return e.JSON(http.StatusOK, feedback)
}

// set saves record after record until one fails.
type set struct {
	tx       core.App
	in       submission
	now      types.DateTime
	feedback *core.Record
	err      error
}

func (s *set) add(collection string, fields map[string]any) *core.Record {
	if s.err != nil {
		return nil
	}
	c, err := s.tx.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		s.err = err
		return nil
	}
	r := core.NewRecord(c)
	r.Load(fields)
	r.Id = core.GenerateDefaultRandomId()
	s.err = s.tx.Save(r)
	return r
}

func (s *set) save() {
	var number int
	s.err = s.tx.DB().Select("COALESCE(MAX([[number]]), 0)").From(desk.Name(s.tx, desk.Cases)).Row(&number)
	due := types.NowDateTime().Add(48 * time.Hour)
	in := s.in
	s.feedback = s.add(desk.Feedbacks, map[string]any{
		"name": in.Name, "email": in.Email, "subject": in.Subject, "message": in.Message, "order_no": in.OrderNo,
		"locale": in.Locale, "page_url": in.PageURL, "consent": in.Consent, "source": "api", "receipt": desk.NewReceipt(),
	})
	if s.err != nil {
		return
	}
	s.add(desk.Verdicts, map[string]any{
		"feedback": s.feedback.Id, "outcome": "accepted", "score": 1, "ip": "127.0.0.1", "user_agent": "Go-http-client/1.1",
		"signals": []map[string]any{{"name": "token_missing", "weight": 1, "sentence": "It came without a form token."}},
	})
	contact := s.add(desk.Contacts, map[string]any{"name": in.Name, "locale": in.Locale, "first_seen": s.now, "last_seen": s.now})
	if s.err != nil {
		return
	}
	s.add(desk.Identities, map[string]any{"contact": contact.Id, "kind": "email", "value": in.Email, "state": "claimed"})
	c := s.add(desk.Cases, map[string]any{
		"number": number + 1, "version": 1, "contact": contact.Id, "feedback": s.feedback.Id, "subject": in.Subject, "priority": "normal",
		"status": "new", "locale": in.Locale, "first_response_due": due, "resolution_due": due, "due_at": due, "waiting_since": s.now,
		"last_in_at": s.now, "track_token": security.RandomString(26), "mail_token": security.RandomString(26),
	})
	if s.err != nil {
		return
	}
	s.conversation(contact.Id, c.Id)
}

func (s *set) conversation(contact, caseID string) {
	s.add(desk.Messages, map[string]any{
		"case": caseID, "direction": "in", "channel": "api", "contact": contact, "subject": s.in.Subject, "body": s.in.Message, "delivery": "none",
	})
	ack := s.add(desk.Messages, map[string]any{
		"case": caseID, "direction": "out", "channel": "system", "contact": contact, "subject": "Re: " + s.in.Subject,
		"body": s.in.Message + s.in.Message, "template": "ack", "delivery": "held",
	})
	if s.err != nil {
		return
	}
	s.add(desk.Outbox, map[string]any{
		"kind": "email", "message": ack.Id, "recipient": s.in.Email, "dedupe_key": "ack:" + ack.Id, "status": "held",
		"payload": map[string]any{"kind": "ack", "token": security.RandomString(26), "nonce": security.RandomString(12), "to_name": s.in.Name, "locale": s.in.Locale},
	})
	s.add(desk.Events, map[string]any{
		"case": caseID, "kind": "opened", "after": map[string]any{"source": "api", "priority": "normal", "answer_by": s.now},
	})
	s.add(desk.Events, map[string]any{"case": caseID, "kind": "acknowledged", "after": map[string]any{"message": ack.Id, "template": "ack"}})
}
