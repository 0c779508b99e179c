package replaying

import (
	"errors"
	"slices"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// ErrNoLetter says that a trial sends no answer on a case that it listed.
var ErrNoLetter = errors.New("no answer goes there")

// Letter is the answer that a trial's rule would send on one of the cases that it
// listed, as it would leave now: it is rendered when somebody looks at it.
func (s *Station) Letter(owner, id, caseID string) (*Letter, error) {
	t, err := s.find(owner, id)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(t.look().List, func(f Found) bool { return f.Case == caseID }) {
		return nil, ErrNoLetter
	}
	c, err := desk.FindCase(s.app, caseID)
	if err != nil {
		return nil, ErrNoLetter // erased meanwhile
	}
	l, err := t.rule.Letter(s.app, c)
	if err == nil && l == nil {
		err = ErrNoLetter
	}
	return l, err
}
