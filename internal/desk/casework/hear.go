package casework

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Events of a visitor's own doing. [EventWrote] bears {message, channel}, found for
// the tags of keywords that stand in it, and quiet where the case is junk and
// nobody shall be told; [EventAuto] stands for what his mailbox wrote by itself;
// [EventSolved] bears {channel}.
const (
	EventWrote  = "visitor_wrote"
	EventAuto   = "auto_received"
	EventSolved = "visitor_solved"
)

// Heard is what a visitor adds to his case, by whatever way it came.
type Heard struct {
	Case *desk.Case
	// Message is unsaved and bears channel, body and the like; files were
	// stored before ([desk.StoreFiles]). nil where he only said that it is solved.
	// One that came earlier and waited bears that time as created.
	Message *desk.Message
	Auto    bool   // his mailbox answered by itself: stored, and nothing else happens
	Solved  bool   // he needs nothing more
	Channel string // of a Heard without a message
}

// Hear adds a visitor's word to his case inside the caller's transaction. The
// case is our turn again, whatever it was, and is due as a new one would be. On
// a case that is marked as spam the words are kept and all else stays as it is.
func (w *Work) Hear(tx core.App, h Heard) error {
	c, err := desk.StandingCase(tx, h.Case.Id)
	if err != nil {
		return err
	}
	if own, err := desk.FindCase(tx, h.Case.Id); err == nil && h.Message != nil && h.Message.GetString("contact") == "" {
		h.Message.Set("contact", own.Contact()) // a case that took his over may be somebody else's
	}
	spam, err := c.IsSpam(tx)
	if err != nil {
		return err
	}
	at := h.at(tx)
	if err := h.saveMessage(tx, c); err != nil {
		return err
	}
	switch {
	case h.Auto:
		if h.Message == nil {
			return nil
		}
		return desk.Record(tx, desk.Event{Case: c.Id, Kind: EventAuto, After: h.after()})
	case spam:
		return h.quiet(tx, c)
	}
	var events []desk.Event
	if h.Message != nil {
		found, tagged, err := w.tagByWords(tx, c, h.Message)
		if err != nil {
			return err
		}
		wrote := h.after()
		if len(found) > 0 {
			wrote["found"] = found
		}
		events = append(append(events, desk.Event{Case: c.Id, Kind: EventWrote, After: wrote}), tagged...)
	}
	before := c.Status()
	if h.Solved {
		if h.Message == nil && c.Done() { // said twice
			return nil
		}
		events = append(events, desk.Event{Case: c.Id, Kind: EventSolved, After: map[string]any{"channel": h.channel()}})
		h.solve(tx, c, at)
	} else if h.Message != nil {
		promise, err := waitAgain(tx, c, at)
		if err != nil {
			return err
		}
		events = append(events, promise...)
	}
	if c.Status() != before {
		events = append(events, desk.Event{Case: c.Id, Kind: "status",
			Before: map[string]any{"status": before}, After: map[string]any{"status": c.Status()}})
	}
	c.Touch()
	if err := desk.Save(tx, c.Record); err != nil {
		return err
	}
	if err := seen(tx, c); err != nil {
		return err
	}
	if err := desk.Record(tx, events...); err != nil {
		return err
	}
	if w.Rings == nil || h.Message == nil {
		return nil
	}
	return w.Rings(tx, c, h.Message)
}

// at is when his word came.
func (h Heard) at(tx core.App) time.Time {
	now := desk.Now(tx)
	if h.Message == nil {
		return now
	}
	if came := h.Message.GetDateTime("created").Time(); !came.IsZero() && came.Before(now) {
		return came
	}
	return now
}

// heardOf notes when his latest word came.
func heardOf(c *desk.Case, at time.Time) {
	if at.After(c.GetDateTime("last_in_at").Time()) {
		c.Set("last_in_at", desk.Date(at))
	}
}

func (h Heard) saveMessage(tx core.App, c *desk.Case) error {
	m := h.Message
	if m == nil {
		return nil
	}
	m.Set("case", c.Id)
	m.Set("direction", desk.In)
	m.Set("author", "")
	m.Set("delivery", desk.DeliveryNone)
	if m.GetString("contact") == "" {
		m.Set("contact", c.Contact())
	}
	return desk.Save(tx, m.Record)
}

func (h Heard) channel() string {
	if h.Message != nil {
		return h.Message.Channel()
	}
	return h.Channel
}

func (h Heard) after() map[string]any {
	return map[string]any{"message": h.Message.Id, "channel": h.channel()}
}

// quiet notes words on a case that is junk. Should staff take the mark back,
// they find them there.
func (h Heard) quiet(tx core.App, c *desk.Case) error {
	if h.Message == nil {
		return nil
	}
	after := h.after()
	after["quiet"] = true
	return desk.Record(tx, desk.Event{Case: c.Id, Kind: EventWrote, After: after})
}

// solve closes a case by its visitor's own word.
func (h Heard) solve(tx core.App, c *desk.Case, at time.Time) {
	if h.Message != nil {
		heardOf(c, at)
	}
	c.Set("waiting_since", "")
	c.Set("next_response_due", "")
	if !c.Done() {
		setStatus(tx, c, desk.Resolved)
	}
}

// waitAgain makes the case our turn, after a word that came at a time which may be past. Who waits already goes on waiting since
// then; else the wait begins now, with a due of its own: the first response's
// was for the first message. The time for the resolution of a case that was done
// begins anew, as does one that would end before that answer, while the turn was
// somebody else's and no service level says otherwise. A promise that ran out
// before the case was opened again is none any more.
func waitAgain(tx core.App, c *desk.Case, at time.Time) ([]desk.Event, error) {
	now := desk.Now(tx)
	wasDone, ours := c.Done(), c.Status() == desk.Unread || c.Status() == desk.Open
	heardOf(c, at)
	woken := wakeUp(c)
	if !ours {
		setStatus(tx, c, desk.Open)
	}
	if wasDone || c.GetDateTime("waiting_since").IsZero() {
		c.Set("waiting_since", desk.Date(now))
	}
	if wasDone {
		c.RestartClock(now)
	}
	late, err := desk.Reckon(tx, c)
	if err != nil {
		return nil, err
	}
	woken = append(woken, late...)
	if !ours && c.GetString("policy") == "" && c.GetDateTime("resolution_due").Time().Before(c.AnswerDue()) {
		c.RestartClock(now)
	}
	promised := c.GetDateTime("promised_at")
	if !wasDone || promised.IsZero() || promised.Time().After(now) {
		return woken, nil
	}
	c.Set("promised_at", "")
	return append(woken, desk.Event{Case: c.Id, Kind: "promise", Before: map[string]any{"promised_at": promised}, After: map[string]any{"promised_at": ""}}), nil
}

// seen notes on the contact that he was here.
func seen(tx core.App, c *desk.Case) error {
	if c.Contact() == "" {
		return nil
	}
	r, err := tx.FindRecordById(desk.Contacts, c.Contact())
	if err != nil {
		return err
	}
	r.Set("last_seen", desk.Date(desk.Now(tx)))
	return desk.Save(tx, r)
}
