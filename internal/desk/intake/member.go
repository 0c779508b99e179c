package intake

import (
	"cmp"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/memberref"
)

// member is what the shop's site says of who wrote.
type member struct {
	state memberState
	id    string // as the shop names him; only where it vouches
}

type memberState int

const (
	noMember    memberState = iota // nothing
	validMember                    // it vouches for this visitor
	wrongMember                    // it said so too long ago, or somebody else did
)

// memberOf checks a submission's member_ref. Without a secret nothing can be said.
func (in *Intake) memberOf(app core.App, f *desk.Feedback) member {
	if !in.KnowsMembers() {
		return member{}
	}
	id, err := memberref.Check(in.memberKey, f.GetString("member_ref"), desk.Now(app))
	switch {
	case err == nil:
		return member{validMember, id}
	case errors.Is(err, memberref.ErrMissing):
		return member{}
	}
	return member{state: wrongMember}
}

// KnowsMembers tells whether the secret is there with which the shop's site
// vouches for its members.
func (in *Intake) KnowsMembers() bool { return len(in.memberKey) > 0 }

// checkMember turns guests away where the shop takes messages of members only.
// While the secret is missing the rule rests: else nobody could write at all. It
// closes the forms. A mailbox that the shop binds is a door of its own: no mail bears
// a member_ref, and whoever wants no such mail binds none.
func (in *Intake) checkMember(s Submission, settings *desk.Settings, errs FieldErrors) {
	if settings.Screening.MembersOnly && in.KnowsMembers() && s.guest() && s.member.state != validMember {
		errs["member_ref"] = "members_only"
	}
}

// guest tells whether a visitor sent this over the network, not staff or a
// program of the shop's.
func (s Submission) guest() bool { return s.Request != nil && !s.Request.Authenticated }

// open opens the case of a submission, and notes as whom the shop's site vouched
// for its sender when he sent it. reads says that he pressed the button behind the
// link that was mailed to the address he typed.
func (in *Intake) open(tx core.App, o Opening, f *desk.Feedback, reads bool) (*desk.Case, error) {
	number := in.vouchedFor(tx, f)
	if number != "" {
		o.OfMember(number, reads)
	}
	c, err := o.Save(tx)
	if err != nil || number == "" {
		return c, err
	}
	other, err := desk.Vouch(tx, c.Contact(), number, f.Source())
	if err == nil && in.Vouched != nil {
		err = in.Vouched(tx, cmp.Or(other, c.Contact())) // it is known whose number it is
	}
	if err != nil || other == "" {
		return c, err
	}
	return c, desk.Record(tx, desk.Event{Case: c.Id, Kind: desk.EventTwin, After: map[string]any{"contact": other, "same": desk.KindMember}})
}

// vouchedFor is the number for which the shop's site vouched when a submission
// came; "" for none.
func (in *Intake) vouchedFor(app core.App, f *desk.Feedback) string {
	if !in.KnowsMembers() {
		return ""
	}
	sent := f.GetDateTime("created").Time()
	if sent.IsZero() {
		sent = desk.Now(app)
	}
	number, _ := memberref.Check(in.memberKey, f.GetString("member_ref"), sent)
	return number
}
