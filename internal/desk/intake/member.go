package intake

import (
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
