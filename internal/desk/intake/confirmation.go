package intake

import (
	"net/netip"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// AsksConfirmation tells whether the sender of a submission is asked to confirm
// his mail address, whatever screening makes of it: the answer to a visitor must
// not say more.
func (in *Intake) AsksConfirmation(app core.App, s Submission) bool {
	settings, err := desk.LoadSettings(app)
	if err != nil {
		return false
	}
	s.member = in.memberOf(app, s.Feedback)
	return in.asksConfirmation(app, s, settings)
}

// asksConfirmation is whether the shop wants it, of a guest who gave an address
// and for whom the shop's site does not vouch, and of whoever wrote by mail unless
// his mail domain vouches for him. While no mail server is set up the rule rests:
// nobody could be asked.
func (in *Intake) asksConfirmation(app core.App, s Submission, settings *desk.Settings) bool {
	return settings.Screening.ConfirmEmail && in.Unconfirmed != nil && desk.MailOn(app) &&
		(s.guest() && s.member.state != validMember || unproven(s.Letter)) && s.Feedback.Email() != ""
}

// unproven tells a mail whose sender may be anybody. Old mail proves as little,
// but nobody is asked about it; and one that waits for staff to say where it belongs
// waits for them alone.
func unproven(l *desk.Letter) bool {
	return l != nil && l.DMARC != "pass" && !l.Old && l.Hold == ""
}

// Confirmed opens the case of a submission that waited for its sender to confirm
// the address, sends its acknowledgement, and notes that the address is his. It
// is no lesson: a press on a button says nothing of the text. What a rule or a
// block of today would not let in goes on waiting for staff; the receipt then
// bears no case, and its sender must not be told. The error may be [ErrDecided].
func (in *Intake) Confirmed(app core.App, feedback string) (*Receipt, error) {
	f, err := desk.FindFeedback(app, feedback)
	if err != nil {
		return nil, err
	}
	v, err := desk.FindVerdictOf(app, feedback)
	if err != nil {
		return nil, err
	}
	if !v.Waits() {
		return nil, ErrDecided
	}
	by, err := in.answerBy(app, f, desk.Now(app))
	if err != nil {
		return nil, err
	}
	unwanted, err := in.unwanted(app, f, v)
	if err != nil {
		return nil, err
	}
	receipt := &Receipt{Feedback: f, AnswerBy: by, Outcome: desk.Quarantined}
	if unwanted {
		return receipt, in.transact(app, func(tx core.App) error { return keepWaiting(tx, feedback) })
	}
	opening, letter, err := in.opening(app, f)
	if err != nil {
		return nil, err
	}
	var c *desk.Case
	err = in.transact(app, func(tx core.App) error {
		v, err := undecided(tx, feedback, desk.Blocked) // only what waits: staff may have been faster
		if err != nil {
			return err
		}
		if c, err = in.open(tx, opening, f, true); err != nil {
			return err
		}
		if err := in.arrived(tx, arrival{c, f, letter, ""}); err != nil {
			return err
		}
		if err := verify(tx, c, f); err != nil {
			return err
		}
		if err := decide(tx, v, decision{desk.Accepted, "confirmed_address", c.Id, ""}); err != nil {
			return err
		}
		return settleLetter(tx, letter, desk.Received{Feedback: f.Id, Outcome: desk.Accepted, Case: c})
	})
	if err != nil {
		return nil, err
	}
	in.tell(app, c)
	receipt.Outcome, receipt.Case = desk.Accepted, c
	return receipt, nil
}

// Confirmable tells whether the button is to be shown; else [ErrDecided].
func (in *Intake) Confirmable(app core.App, feedback string) error {
	v, err := desk.FindVerdictOf(app, feedback)
	if err != nil {
		return err
	}
	done, err := pressed(app, feedback)
	if err == nil && (done || !v.Waits()) {
		err = ErrDecided
	}
	return err
}

// confirmHeld is the kind of event for a press that opened no case.
const confirmHeld = "confirm_held"

func pressed(app core.App, feedback string) (bool, error) {
	n, err := app.CountRecords(desk.Events, dbx.HashExp{"feedback": feedback, "kind": confirmHeld})
	return n > 0, err
}

// keepWaiting notes the first press for staff; the next ones read as after any other.
func keepWaiting(tx core.App, feedback string) error {
	if _, err := undecided(tx, feedback, desk.Blocked); err != nil {
		return err
	}
	done, err := pressed(tx, feedback)
	if err != nil {
		return err
	}
	if done {
		return ErrDecided
	}
	return desk.Record(tx, desk.Event{Feedback: feedback, Kind: confirmHeld})
}

// unwanted tells whether staff have blocked the sender of a submission that
// waits, or made a rule that would hold it, since it came. A rule that allows
// wins, as it does at the door.
func (in *Intake) unwanted(app core.App, f *desk.Feedback, v *desk.Verdict) (bool, error) {
	set, err := rules(app)
	if err != nil {
		return false, err
	}
	m := spam.Message{
		Name: f.Name(), Email: f.Email(), Phone: f.Phone(), Subject: f.Subject(), Text: f.Message(),
		OrderNo: f.OrderNo(), Locale: f.Locale(), Source: f.Source(), Category: f.Category(), Country: v.GetString("country"),
	}
	if ip, err := netip.ParseAddr(v.GetString("ip")); err == nil {
		m.IP = ip
	}
	hits := set.Match(m, desk.Now(app))
	if len(hits) > 0 {
		return ruled(hits) != ruledIn, nil
	}
	return blockedContact(app, f)
}

// verify notes that the case's contact holds the address: somebody who reads its
// mail pressed the button. An address that stands under another contact, since
// the rest of the form spoke against that one, proves nothing of either.
func verify(tx core.App, c *desk.Case, f *desk.Feedback) error {
	addr, _ := desk.AddressesOf(f)
	i, err := desk.MailIdentity(tx, c.Contact(), addr)
	if i == nil || err != nil {
		return err
	}
	return desk.Raise(tx, i, desk.StateVerified, desk.RaisedConfirmed)
}
