package merging_test

import (
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// An invited guest and a member who came later turn out to be one: the invitation
// worked. Who was a member before has not become one by it.
func TestMergeConverts(t *testing.T) {
	for name, after := range map[string]time.Duration{"later": time.Hour, "before": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			s := newBench(t)
			guest, member := s.Case(desktest.Values{"email": "guest@example.com"}), s.Case(desktest.Values{"email": "member@example.com"})
			invitation := s.Make(desk.Invitations, desktest.Values{"contact": guest.Contact(), "case": guest.Id, "agent": s.agent.Id})
			since := invitation.GetDateTime("created").Time().Add(after)
			s.Put(s.Find(desk.Contacts, member.Contact()), desktest.Values{"member_since": desk.Date(since)})
			done := s.merge(desk.MergeContact, member.Contact(), guest.Contact())
			at := s.Find(desk.Invitations, invitation.Id).GetDateTime("converted_at")
			if at.IsZero() == (after > 0) || after > 0 && s.Event(guest.Id, "converted")["invitation"] != invitation.Id {
				t.Errorf("worked at %v", at)
			}
			s.undo(done.ID)
			if at := s.Find(desk.Invitations, invitation.Id).GetDateTime("converted_at"); !at.IsZero() {
				t.Errorf("after the undo it worked at %v", at)
			}
		})
	}
}
