package tracking

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// ErrJoined is the answer to the link of a case that staff put together with
// one of somebody else's, or of whom nobody knows whether he is the same: neither
// reads the other's words. He may go on by mail.
var ErrJoined = errors.New("the case was put together with another one")

// follow finds the case that took another one over. with tells whether the
// visitor of that one is the same on the whole way, so that its page is his too.
func follow(app core.App, c *desk.Case) (stands *desk.Case, with bool, err error) {
	if stands, err = desk.StandingCase(app, c.Id); err != nil {
		return nil, false, err
	}
	for c.Id != stands.Id {
		next, err := desk.FindCase(app, c.MergedInto())
		if err != nil {
			return nil, false, err
		}
		merge, err := desk.MergeThatTook(app, desk.MergeCase, c.Id)
		if err != nil {
			return nil, false, err
		}
		if merge == nil { // a split that was undone: the same submission opened both
			if c.Feedback() == "" || c.Feedback() != next.Feedback() {
				return stands, false, nil
			}
		} else if moved, err := merge.Moved(); err != nil || moved.Apart {
			return stands, false, err
		}
		c = next
	}
	return stands, true, nil
}

// relate reads what the merges into the case say of its messages.
func (s *Seen) relate(app core.App) error {
	family, err := desk.FamilyOf(app, s.Case.Id)
	if err != nil || family.Openers == nil {
		return err
	}
	s.hidden, s.openers = family.Hidden, map[string]*desk.Feedback{}
	for message, id := range family.Openers {
		if f, err := desk.FindFeedback(app, id); err == nil {
			s.openers[message] = f
		}
	}
	return nil
}

// foreign tells that a message belongs to the visitor of a case that this one
// took over, who is or may be somebody else: what he said before, and what he
// goes on saying by mail.
func (s *Seen) foreign(m *desk.Message) bool {
	if len(s.hidden) == 0 {
		return false
	}
	of := m.GetString("contact")
	return s.hidden[m.Id] || of != "" && of != s.Case.Contact() || s.Other(m) || m.Direction() == desk.In && s.otherBox(m)
}

// otherBox tells that a mail came from another address than the one that was
// typed with the case: the same contact may have several, and not all be proven.
func (s *Seen) otherBox(m *desk.Message) bool {
	from, typed := m.GetString("from_addr"), s.Feedback.Email()
	return from != "" && typed != "" && mail.Mailbox(from) != mail.Mailbox(typed)
}
