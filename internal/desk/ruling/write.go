package ruling

import (
	"errors"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// writing is a rule at work on one case, inside the transaction.
type writing struct {
	e       *Engine
	tx      core.App
	rule    *Rule
	subject Subject
	seen    *desk.Case // as it was when the filter was asked
	state   string
	letters []Letter
	how     planning // as it was planned outside
	broken  []Deed   // of a rule of which nothing is done, since its template can't be used
	again   *again   // what it goes on with; nil: it begins

	c      *desk.Case
	p      *planned
	out    Result
	mailed bool
}

// do does all that the rule says, or nothing.
func (w *writing) do() error {
	due, err := w.due()
	if !due || err != nil {
		return err
	}
	if w.c, err = workable(w.tx, w.seen.Id); w.c == nil || err != nil {
		return err
	}
	stands, err := w.rule.stands(w.tx)
	if err != nil {
		return err
	}
	if !stands {
		return errRetired
	}
	if w.c.GetInt("version") != w.seen.GetInt("version") || w.c.Status() != w.seen.Status() {
		return errChanged
	}
	if cut, err := w.cut(); cut || err != nil {
		return err
	}
	if err := w.planned(); err != nil {
		return err
	}
	if !w.p.telling() {
		return nil
	}
	if err := errors.Join(w.change(), w.act()); err != nil {
		return err
	}
	return w.keep()
}

// change saves the fields. Nobody did it: the lines of the audit trail name the rule.
func (w *writing) change() error {
	nobody := &desk.Agent{}
	r, err := desk.New(w.tx, desk.Agents)
	if err != nil {
		return err
	}
	nobody.SetProxyRecord(r)
	before, after := desk.AsCase(w.c.Clone()), w.p.after
	events, err := w.e.config.Change(w.tx, before, after, nobody, 0)
	if err != nil || len(events) == 0 {
		return err
	}
	for i := range events {
		events[i].Actor = ""
		if events[i].After == nil {
			events[i].After = map[string]any{}
		}
		events[i].After["by"], events[i].After["rule"], events[i].After["rule_id"] = "rule", w.rule.Name, w.rule.ID
	}
	for _, d := range w.p.deeds {
		if d.Does() && (d.Do == "category" || d.Do == "priority") {
			after.SetReason(d.Do, desk.Reason{By: "rule", Why: w.rule.Name})
		}
	}
	if err := desk.Save(w.tx, after.Record); err != nil {
		return err
	}
	w.c = after
	return desk.Record(w.tx, events...)
}

// act does the actions that are no fields, in order.
func (w *writing) act() error {
	for i, s := range w.rule.steps {
		d := &w.p.deeds[i]
		if !d.Does() {
			continue
		}
		var err error
		switch s.do {
		case "answer":
			if d.Message, d.Skip, err = w.letters[i].Save(w.tx, w.c); err == nil && d.Skip != "" {
				err = &unsent{i, d.Skip}
			}
			w.mailed = w.mailed || d.Message != ""
		case "note":
			d.Message, err = w.write(s.text)
		case "notify":
			err = w.rule.tell(w.tx, w.c, w.p.told[i], s.text)
		case "webhook":
			err = w.e.Webhook(w.tx, s.value, w.c.Id, w.rule.Name)
		case "escalate":
			err = w.e.Escalate(w.tx, s.value, w.c.Id, w.rule.Name)
			if left := Skipped(""); errors.As(err, &left) {
				d.Skip, err = string(left), nil
			}
		case "assign":
			if s.value == "auto" {
				err = w.e.Assign(w.tx, w.c.Id, "rule")
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// write adds a note of nobody's.
func (w *writing) write(body string) (string, error) {
	m, err := desk.NewMessage(w.tx, w.c.Id)
	if err != nil {
		return "", err
	}
	m.Id = core.GenerateDefaultRandomId()
	m.Set("direction", desk.Note)
	m.Set("channel", desk.ChannelSystem)
	m.Set("contact", w.c.Contact())
	m.Set("body", body)
	m.Set("delivery", desk.DeliveryNone)
	return m.Id, desk.Save(w.tx, m.Record)
}

// keep notes that it was done, in the audit trail and on the rule.
func (w *writing) keep() error {
	did := w.p.deedsDone()
	var first *trouble
	for _, d := range did {
		if d.Failed != "" && first == nil {
			first = readTrouble(d.Failed)
		}
	}
	w.out = Result{Fired: w.p.does(), Did: did}
	err := errors.Join(
		w.note(did, first),
		desk.Record(w.tx, desk.Event{Case: w.c.Id, Kind: EventRule, After: map[string]any{"rule": w.rule.Name, "id": w.rule.ID, "did": did}}),
	)
	if err != nil {
		return err
	}
	fields := dbx.Params{}
	if slices.ContainsFunc(did, Deed.Does) {
		fields["fired"], fields["fired_at"] = dbx.NewExp("[[fired]] + 1"), desk.Date(desk.Now(w.tx)).String()
	}
	if first == nil {
		fields["failed"] = dbx.NewExp("CASE WHEN [[failed]] LIKE '" + CodeLoop + ":%' THEN [[failed]] ELSE '' END")
	}
	if len(fields) > 0 {
		if _, err := w.tx.DB().Update(desk.Name(w.tx, desk.Rules), fields, dbx.HashExp{"id": w.rule.ID}).Execute(); err != nil {
			return err
		}
	}
	if first != nil {
		return w.rule.fail(w.tx, first, w.c.Id)
	}
	return nil
}
