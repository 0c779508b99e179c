package casework

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
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

// writeMail renders a template where the body was left to it, and finds out
// where the mail goes.
func (w *Work) writeMail(app core.App, out *Written) error {
	e, m := out.entry, out.entry.Message
	if err := w.fillIn(app, out); err != nil {
		return err
	}
	typed, err := Typed(app, m.Template())
	if err != nil {
		return err
	}
	m.Set("typed", typed)
	if e.Sign {
		m.Set("body", signed(m.Body(), e.Agent.Signature()))
	}
	if m.Subject() == "" {
		m.Set("subject", answerSubject(app, e.Case))
	}
	m.Set("subject", desk.Clip(desk.OneLine(m.Subject()), 300))
	to, err := ReplyAddress(app, e.Case)
	if err != nil {
		return err
	}
	if to == "" {
		return fieldError("channel", "validation_no_address", "This visitor left no mail address; phone instead.")
	}
	out.to.addr = to
	if err := writeCopies(app, m, to); err != nil {
		return err
	}
	if err := checkSize(m); err != nil {
		return err
	}
	if r, err := app.FindRecordById(desk.Contacts, e.Case.Contact()); err == nil {
		out.to.name = desk.AsContact(r).Name()
	}
	return nil
}

// fillIn renders the template of an answer that has no body of its own.
func (w *Work) fillIn(app core.App, out *Written) error {
	e, m := out.entry, out.entry.Message
	if m.Template() == "" || strings.TrimSpace(m.Body()) != "" {
		return noMarks(e)
	}
	p, err := w.Preview(app, Draft{Case: e.Case, Agent: e.Agent, Template: m.Template()})
	if errors.Is(err, desk.ErrNoTemplate) {
		return fieldError("template", "validation_template", "There is no enabled template of this key.")
	}
	if err != nil {
		return fieldError("template", "validation_template", err.Error())
	}
	m.Set("body", p.Body)
	if m.Subject() == "" {
		m.Set("subject", p.Subject)
	}
	return nil
}

// leftOver is what of a template was not filled in.
var leftOver = regexp.MustCompile(`\{\{[^{}\n]{0,200}\}\}|\{%[^{}\n]{0,200}%\}`)

// noMarks refuses words that the visitor would get with the marks of a template in
// them: only templates are rendered. What repeats an earlier mail may have them.
func noMarks(e Entry) error {
	if e.AsTyped {
		return nil
	}
	for _, field := range []string{"body", "subject"} {
		for line := range strings.Lines(e.Message.GetString(field)) {
			if mark := leftOver.FindString(line); mark != "" && !strings.HasPrefix(strings.TrimSpace(line), ">") {
				return fieldError(field, "validation_liquid", "This still says "+mark+". Fill it in, or send it as it stands with anyway.")
			}
		}
	}
	return nil
}

// Typed tells whether the headings and rules of a text stand as they were typed:
// so it is but where the text came from a template, by key, that has such.
func Typed(app core.App, template string) (bool, error) {
	if template == "" {
		return true, nil
	}
	rows, err := app.FindAllRecords(desk.Templates, dbx.HashExp{"key": template})
	if err != nil {
		return false, fmt.Errorf("the template's looks: %w", err)
	}
	for _, r := range rows {
		if mail.HasHeadings(r.GetString("body")) {
			return false, nil
		}
	}
	return true, nil
}

// checkSize refuses more files than a mail carries, before they are stored.
func checkSize(m *desk.Message) error {
	var total int64
	for _, f := range m.GetUnsavedFiles("attachments") {
		total += f.Size
	}
	if total > mail.MaxAttachmentBytes {
		return fieldError("attachments", "validation_size", "The files of one mail may have 25 MB together.")
	}
	return nil
}

// answerSubject follows the conversation's first mail, so that mail programs
// show one thread.
func answerSubject(app core.App, c *desk.Case) string {
	subject := c.Subject()
	r := &core.Record{}
	err := app.RecordQuery(desk.Messages).
		AndWhere(dbx.HashExp{"case": c.Id, "direction": desk.Out, "contact": c.Contact()}). // a merged case has other people's too
		AndWhere(dbx.NewExp("[[subject]] != ''")).OrderBy("created", "id").Limit(1).One(r)
	if err == nil {
		subject = desk.AsMessage(r).Subject()
	}
	if strings.HasPrefix(strings.ToLower(subject), "re:") {
		return subject
	}
	return "Re: " + subject
}

// ReplyAddress is where an answer on the case goes: the address typed with it, or
// given by staff who began it, else one of the contact's that is verified. An address that was only claimed,
// in another form, may be a stranger's. "" where there is none.
func ReplyAddress(app core.App, c *desk.Case) (string, error) {
	if f, err := desk.FindFeedback(app, c.Feedback()); err == nil {
		if addr, err := mail.NormalizeAddress(f.Email()); err == nil {
			return addr, nil
		}
	}
	if addr := c.GetString("begun_email"); addr != "" {
		return addr, nil
	}
	rows, err := app.FindAllRecords(desk.Identities, dbx.HashExp{"contact": c.Contact(), "kind": desk.KindEmail})
	if err != nil {
		return "", fmt.Errorf("addresses of the contact: %w", err)
	}
	for _, r := range rows {
		if i := desk.AsIdentity(r); i.State() == desk.StateVerified {
			return i.Value(), nil
		}
	}
	return "", nil
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
