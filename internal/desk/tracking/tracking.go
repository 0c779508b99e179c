// Package tracking is what a visitor reads and does with the secret link from
// his mails: his case's conversation, further words and files, "it is solved",
// and that the address is his.
//
//	seen, err := tracking.Find(app, token)
//	err = tracker.Say(app, tracking.Said{Case: seen.Case, Body: "one thing more", Key: key})
package tracking

import (
	"errors"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// ErrNotFound is the answer to every token that opens nothing, whether it never
// did, was revoked or is too old: nobody learns which.
var ErrNotFound = errors.New("no case has this token")

// Seen is a case as its visitor may read it: his own words, those of others whom
// staff let in, the answers of staff, and that there was a call. Notes, what was noted of a call, what the
// system mailed and what his own mailbox answered by itself stay inside.
type Seen struct {
	Case     *desk.Case
	Feedback *desk.Feedback
	Messages []*desk.Message // oldest first
	Cut      bool            // earlier ones are left out

	first   string                    // id of the message that opened the case
	openers map[string]*desk.Feedback // of a case that took others over: what was sent, by message
	hidden  map[string]bool           // messages of somebody else's case that it took over
	own     map[string]bool           // the visitor's mailboxes
}

// maxMessages is how much of a conversation is shown: its latest part.
const maxMessages = 500

// minToken and maxToken bound what is looked for at all.
const minToken, maxToken = 20, 60

// Find opens a case by its tracking token.
func Find(app core.App, token string) (*Seen, error) {
	if len(token) < minToken || len(token) > maxToken {
		return nil, ErrNotFound
	}
	r := &core.Record{}
	err := app.RecordQuery(desk.Cases).AndWhere(dbx.HashExp{"track_token": token}).
		AndWhere(dbx.NewExp("[[track_token]] != ''")).Limit(1).One(r) // as in the partial index
	c := desk.AsCase(r)
	if err != nil {
		c = nil
	}
	// asked of nobody's case too, so that both answers take the same time
	expires, expiresErr := Expires(app, c)
	if err != nil || expiresErr != nil {
		return nil, ErrNotFound
	}
	if c.MergedInto() != "" {
		joined, with, joinErr := follow(app, c)
		if joinErr != nil {
			return nil, joinErr
		}
		if later, err := Expires(app, joined); err == nil && later.After(expires) {
			expires = later
		}
		if c = joined; !with && desk.Now(app).Before(expires) {
			return nil, ErrJoined
		}
	}
	if !desk.Now(app).Before(expires) {
		return nil, ErrNotFound
	}
	s := &Seen{Case: c}
	if s.Feedback, err = desk.FindFeedback(app, c.Feedback()); err != nil {
		return nil, ErrNotFound // erased
	}
	if s.own, err = mailboxes(app, s); err != nil {
		return nil, err
	}
	return s, s.load(app)
}

// mailboxes are those that the visitor writes from: what he typed, and what
// else the shop knows of him.
func mailboxes(app core.App, s *Seen) (map[string]bool, error) {
	own := map[string]bool{}
	if addr := s.Feedback.Email(); addr != "" {
		own[mail.Mailbox(addr)] = true
	}
	if s.Case.Contact() == "" {
		return own, nil
	}
	rows, err := app.FindAllRecords(desk.Identities, dbx.HashExp{"contact": s.Case.Contact(), "kind": desk.KindEmail})
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		own[mail.Mailbox(desk.AsIdentity(r).Value())] = true
	}
	return own, nil
}

// Other tells that neither the visitor nor staff wrote a message: it is the mail
// of somebody who has a part in the case.
func (s *Seen) Other(m *desk.Message) bool {
	from := m.GetString("from_addr")
	return m.Direction() == desk.In && from != "" && !s.own[mail.Mailbox(from)]
}

func (s *Seen) load(app core.App) error {
	var rows []*core.Record
	err := app.RecordQuery(desk.Messages).AndWhere(dbx.HashExp{"case": s.Case.Id}).
		AndWhere(dbx.NewExp("([[direction]] = 'in' OR ([[direction]] = 'out' AND [[channel]] IN ('email', 'sms', 'phone')))")).
		OrderBy("created DESC", "rowid DESC").Limit(maxMessages + 1).All(&rows)
	if err != nil {
		return err
	}
	if s.Cut = len(rows) > maxMessages; s.Cut {
		rows = rows[:maxMessages]
	}
	slices.Reverse(rows)
	if err := s.relate(app); err != nil {
		return err
	}
	now := desk.Now(app)
	for i, row := range rows {
		m := desk.AsMessage(row)
		if i == 0 && !s.Cut && m.Direction() == desk.In && s.openers == nil {
			s.first = m.Id
		}
		if shown(m, now) && !s.foreign(m) {
			s.Messages = append(s.Messages, m)
		}
	}
	return nil
}

// shown leaves out what never reached the visitor, what staff may still take
// back, and what he did not write himself.
func shown(m *desk.Message, now time.Time) bool {
	switch {
	case m.Direction() == desk.In:
		return m.GetString("auto") == ""
	case m.Channel() == desk.ChannelPhone:
		return LineOf(m) != LineNone
	case m.GetString("delivery_note") == desk.NotSent:
		return false
	}
	return !m.GetDateTime("undo_until").Time().After(now)
}

// Line is what a visitor reads instead of a message's words.
type Line string

// Lines. [LineWords] stands for the words themselves, [LineNone] for nothing.
const (
	LineWords  Line = ""
	LineCalled Line = "called" // we called and spoke to him
	LineMissed Line = "missed" // we called in vain
	LineCame   Line = "came"   // he called
	LineNone   Line = "none"
)

// LineOf tells how a message stands in the conversation: what staff note of a
// call is for them.
func LineOf(m *desk.Message) Line {
	var call struct {
		Outcome string `json:"outcome"`
	}
	_ = m.UnmarshalJSONField("call", &call)
	switch {
	case m.Channel() != desk.ChannelPhone, m.Direction() == desk.In && call.Outcome == "" && m.Author() == "":
		return LineWords // also what staff typed for a visitor who opened a case by phone
	case m.Direction() == desk.In:
		return LineCame
	case call.Outcome == "wrong_number":
		return LineNone
	case call.Outcome == "" || call.Outcome == "answered":
		return LineCalled
	}
	return LineMissed
}

// Files are the attachments that a visitor sees on a message. Those of the first one
// stand with what he sent.
func (s *Seen) Files(m *desk.Message) (owner *core.Record, names []string) {
	if f := s.openers[m.Id]; f != nil && len(m.Files()) == 0 {
		return f.Record, f.Files()
	}
	if m.Id == s.first && len(m.Files()) == 0 {
		return s.Feedback.Record, s.Feedback.Files()
	}
	if LineOf(m) != LineWords {
		return m.Record, nil
	}
	return m.Record, m.Files()
}

// Waits tells since when the visitor waits for an answer; zero: he doesn't.
func (s *Seen) Waits() time.Time {
	if s.Case.Status() != desk.Unread && s.Case.Status() != desk.Open && s.Case.Status() != desk.OnHold {
		return time.Time{}
	}
	return s.Case.GetDateTime("waiting_since").Time()
}
