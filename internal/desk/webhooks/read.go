package webhooks

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// linesAtOnce are read and written down in one go; it bounds memory and for how
// long the one writer is held.
const linesAtOnce = 50

// parcel is a delivery that is to be written.
type parcel struct {
	hook, typ, msg, caseID string
	payload                []byte
}

// Read writes down what is to be sent of all that happened since it was called
// last, and returns how many deliveries that makes. What happened before a webhook
// was switched on is not for it.
func (s *Station) Read(ctx context.Context) (int, error) {
	s.read.Lock()
	defer s.read.Unlock()
	if !s.begun { // what happens from now on must not be taken for what was there before
		if _, err := s.feed.Next(1); err != nil {
			return 0, err
		}
		s.begun = true
	}
	total := 0
	for ctx.Err() == nil {
		hooks, err := enabled(s.app)
		if err != nil || len(hooks) == 0 {
			return total, err // the place is looked for once there is one
		}
		lines, err := s.feed.Next(linesAtOnce)
		if err != nil || len(lines) == 0 {
			return total, err
		}
		if skipped, err := s.skip(hooks, lines[0]); err != nil {
			return total, err
		} else if skipped {
			continue
		}
		lines = whole(lines, linesAtOnce)
		parcels, err := s.parcels(hooks, lines)
		if err != nil {
			return total, err
		}
		err = s.commit.Do(func(tx core.App) error {
			for _, p := range parcels {
				if err := put(tx, p); err != nil {
					return err
				}
			}
			return s.feed.Moved(tx, lines[len(lines)-1])
		})
		if err != nil {
			return total, fmt.Errorf("deliveries of webhooks: %w", err)
		}
		total += len(parcels)
	}
	return total, ctx.Err()
}

// skip goes on to where the first of the webhooks was switched on: what lies
// before may be all the years that the desk had none.
func (s *Station) skip(hooks []*Hook, next desk.Line) (bool, error) {
	since := slices.MinFunc(hooks, func(a, b *Hook) int { return a.GetDateTime("since").Time().Compare(b.GetDateTime("since").Time()) }).since()
	if next.Created >= since {
		return false, nil
	}
	var last desk.Line
	err := s.app.DB().Select("rowid AS row", "id", "created").From(desk.Name(s.app, desk.Events)).
		Where(dbx.NewExp("[[created]] < {:since}", dbx.Params{"since": since})).OrderBy("rowid DESC").Limit(1).One(&last)
	if errors.Is(err, sql.ErrNoRows) || err == nil && last.Row < next.Row {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("where webhooks begin: %w", err)
	}
	return true, s.commit.Do(func(tx core.App) error { return s.feed.Moved(tx, last) })
}

// parcels are the deliveries that come of lines.
func (s *Station) parcels(hooks []*Hook, lines []desk.Line) ([]parcel, error) {
	events, err := readLines(s.app, lines)
	if err != nil {
		return nil, err
	}
	w := s.newWriter(s.app)
	var out []parcel
	for _, ev := range events {
		var made [2][]byte // without and with texts
		for _, h := range hooks {
			if !h.Wants(ev.typ) || desk.Date(ev.at).String() < h.since() {
				continue
			}
			kind := 0
			if h.WithText() {
				kind = 1
			}
			if made[kind] == nil {
				if made[kind], err = w.payload(ev, kind == 1); err != nil {
					return nil, err
				}
			}
			out = append(out, parcel{h.Id, ev.typ, ev.msg, ev.caseID, made[kind]})
		}
	}
	return out, nil
}

// put writes one delivery down.
func put(tx core.App, p parcel) error {
	r, err := desk.New(tx, desk.WebhookDeliveries)
	if err != nil {
		return err
	}
	r.Set("webhook", p.hook)
	r.Set("type", p.typ)
	r.Set("msg", p.msg)
	r.Set("case", p.caseID)
	r.Set("payload", types.JSONRaw(p.payload))
	r.Set("status", Queued)
	r.Set("next_attempt", desk.Date(desk.Now(tx)))
	return desk.Save(tx, r)
}

// ErrOff says that a webhook is gone or switched off.
var ErrOff = errors.New("this webhook is gone or switched off")

// Parcel is something that one webhook is sent, whatever events it asks for.
type Parcel struct {
	Webhook string
	Type    string // of the catalogue
	Case    string
	Actor   string // agent id; "" is the system
	By      string // what of the system sends it, such as rule
	Data    map[string]any
}

// Send sends something to one webhook, inside the caller's transaction. The
// error is [ErrOff] where there is none that is on.
func (s *Station) Send(tx core.App, p Parcel) error {
	h, err := FindHook(tx, p.Webhook)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !h.Enabled() {
		return ErrOff
	}
	if err != nil {
		return err
	}
	t, ok := Find(p.Type)
	if !ok {
		return fmt.Errorf("%s is no event of the catalogue", p.Type)
	}
	ev := event{typ: p.Type, msg: "msg_" + core.GenerateDefaultRandomId(), at: desk.Now(tx), caseID: p.Case, actor: p.Actor, by: p.By,
		facts: map[string]any{}, texts: map[string]string{}}
	for _, f := range t.Fields {
		if value, ok := p.Data[f.Name]; ok && f.Kind == isText {
			ev.texts[f.Name] = fmt.Sprint(value)
		} else if ok {
			ev.facts[f.Name] = value
		}
	}
	if p.Type == TypeForwarded && h.WithText() {
		if err := describe(tx, &ev); err != nil {
			return err
		}
	}
	payload, err := s.newWriter(tx).payload(ev, h.WithText())
	if err != nil {
		return err
	}
	desk.AfterCommit(tx, s.Kick)
	return put(tx, parcel{h.Id, p.Type, ev.msg, p.Case, payload})
}

// describe adds what whoever gets a case elsewhere wants to read.
func describe(tx core.App, ev *event) error {
	c, err := desk.FindCase(tx, ev.caseID)
	if err != nil {
		return err
	}
	ev.texts["subject"], ev.texts["summary"] = c.Subject(), c.GetString("summary")
	m, err := lastWord(tx, c.Id)
	if m != nil {
		ev.texts["text"] = m.Body()
	}
	return err
}
