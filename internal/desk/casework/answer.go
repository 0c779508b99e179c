package casework

import (
	"errors"
	"strings"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Entry is what a member of staff adds to a case: an answer by mail or SMS, a
// phone call, of whichever side, or a note. Message is unsaved and may carry uploaded files.
type Entry struct {
	Case    *desk.Case
	Agent   *desk.Agent
	Message *desk.Message
	Status  string        // the case's status from then on; "" leaves it to the verb
	Undo    time.Duration // for how long a mail may be taken back, and waits; a minute at most
	Leave   bool          // a case that nobody has stays so
	Sign    bool          // an answer by mail ends with the agent's signature, unless it has it already
	// Seen is the latest message that the agent had before him: where the visitor has
	// written since, or a colleague has answered, nothing is sent; see [Answered].
	// [SawNothing] stands for a case without any. "" asks for no check: then a case with
	// words of the visitor that came after the agent last read it goes on waiting.
	Seen string
	Sure bool // the agent knows what came meanwhile; Seen doesn't matter
	// AsTyped lets a text leave that still has {{ marks of a template }} in it.
	AsTyped bool
	// Vow is what the entry promises; Due and Text of it count. nil promises nothing.
	Vow *desk.Vow
}

// maxUndo bounds for how long an answer waits to be taken back.
const maxUndo = time.Minute

// Written is a checked entry, ready to be saved inside a transaction.
type Written struct {
	entry Entry
	to    recipient
	by    string // of an answer: desk.ByMail or desk.BySMS
	kind  string // name of the event
	call  *call  // of a phone call
	book  Promises
}

// Write checks an entry and fills in what the system keeps. Its errors are
// validation errors by field, for the person who writes.
func (w *Work) Write(app core.App, e Entry) (*Written, error) {
	m := e.Message
	if e.Case.MergedInto() != "" {
		return nil, errMerged()
	}
	if e.Status != "" && !validStatus(e.Status) {
		return nil, fieldError("status", "validation_status", "There is no such status.")
	}
	if e.Undo < 0 || e.Undo > maxUndo {
		return nil, fieldError("undo_seconds", "validation_undo", "A mail may be taken back for 0 to 60 seconds.")
	}
	for _, name := range []string{"message_id", "in_reply_to", "delivery_note", "from_addr", "from_name", "auto", "quoted", "inbound", "read_at", "undo_until", "redacted_at"} {
		m.Set(name, "") // the system keeps these
	}
	m.Set("author", e.Agent.Id)
	m.Set("contact", e.Case.Contact())
	m.Set("delivery", desk.DeliveryNone)
	m.Set("typed", false)
	if err := readMentions(app, e); err != nil {
		return nil, err
	}
	out := &Written{entry: e, book: w.Promises}
	switch {
	case m.Direction() == desk.Note:
		out.kind = "noted"
	case m.Channel() == desk.ChannelPhone && (m.Direction() == desk.Out || m.Direction() == desk.In):
		out.kind = "called"
		if err := out.readCall(); err != nil {
			return nil, err
		}
	case m.Direction() != desk.Out:
		return nil, fieldError("direction", "validation_direction", "Staff write out or note.")
	case m.Channel() == desk.ChannelSMS:
		out.kind, out.by = "replied", desk.BySMS
		if err := w.writeText(app, out); err != nil {
			return nil, err
		}
	case m.Channel() == desk.ChannelEmail || m.Channel() == "":
		out.kind, out.by = "replied", desk.ByMail
		m.Set("channel", desk.ChannelEmail)
		if err := w.writeMail(app, out); err != nil {
			return nil, err
		}
	default:
		return nil, fieldError("channel", "validation_channel", "An answer goes by email or sms, or is a phone call.")
	}
	if strings.TrimSpace(m.Body()) == "" && (out.call == nil || out.call.Outcome == "") {
		return nil, fieldError("body", "validation_required", "Write something first.")
	}
	if m.Channel() != desk.ChannelEmail || m.Direction() != desk.Out {
		m.Set("cc", []desk.Addressee{}) // these are of mail alone
		m.Set("bcc", []desk.Addressee{})
		m.Set("receipt_asked", false)
	}
	if out.call == nil {
		m.Set("call", nil)
	}
	return out, nil
}

// Save stores the entry, queues its mail and moves the case on.
func (out *Written) Save(tx core.App) error {
	e, m := out.entry, out.entry.Message
	c, err := desk.FindCase(tx, e.Case.Id)
	if err != nil {
		return err
	}
	if c.MergedInto() != "" {
		return errMerged()
	}
	if err := repeated(tx, e); err != nil {
		return err
	}
	if out.kind == "replied" && e.Seen != "" && !e.Sure {
		if err := answeredMeanwhile(tx, e); err != nil {
			return err
		}
	}
	before := stateOf(c)
	moved, err := out.moveOn(tx, c)
	if err != nil {
		return err
	}
	moved = append(moved, out.followedUp(c)...)
	if out.kind == "replied" {
		err = queue(tx, c, m, out.posting(before, stateOf(c)))
	} else {
		err = desk.Save(tx, m.Record)
	}
	if err != nil {
		return err
	}
	if err := countTemplate(tx, m.Template()); err != nil {
		return err
	}
	after := map[string]any{"message": m.Id, "template": m.Template()}
	if out.call != nil {
		after = out.call.after(m)
		if err := out.call.tell(tx, c); err != nil {
			return err
		}
	}
	events := []desk.Event{{Case: c.Id, Actor: e.Agent.Id, Kind: out.kind, After: after}}
	events = append(events, moved...)
	vowed, err := out.promises(tx, c)
	if err != nil {
		return ofField("promise", err)
	}
	events = append(events, vowed...)
	c.Touch()
	if err := desk.Save(tx, c.Record); err != nil {
		return err
	}
	return errors.Join(desk.Record(tx, events...), tellMentioned(tx, e))
}

// posting is how an answer leaves: at once, or after the time in which it may be
// taken back.
func (out *Written) posting(before, after desk.CaseState) posting {
	p := posting{to: out.to, by: out.by, kind: desk.KindReply}
	if e := out.entry; e.Undo > 0 {
		p.wait = e.Undo
		p.undo = &desk.Undo{Agent: e.Agent.Id, Template: e.Message.Template(), Before: before, After: after}
	}
	return p
}

func validStatus(s string) bool {
	switch s {
	case desk.Unread, desk.Open, desk.Pending, desk.OnHold, desk.Resolved, desk.Closed:
		return true
	}
	return false
}

// errMerged refuses work on a case that another one took over.
func errMerged() error {
	return fieldError("case", "validation_merged", "This case was merged into another one; work on that one.")
}

// ofField gives the error of a promise's date to the field that it came in.
func ofField(name string, err error) error {
	var fields validation.Errors
	if errors.As(err, &fields) && fields["due_at"] != nil {
		return validation.Errors{name: fields["due_at"]}
	}
	return err
}

func fieldError(field, code, message string) error {
	return validation.Errors{field: validation.NewError(code, message)}
}
