package inbound

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Asked is what somebody outside was asked for help with. The zero value is
// nothing.
type Asked struct {
	Run   string // the escalation
	Case  string
	Known bool // the address is one that was asked
}

// helper finds out about an answer of somebody whom staff asked for help.
func (s *Station) helper(app core.App, l *letter) (err error) {
	f := &l.facts
	if l.case_, err = desk.StandingCase(app, l.asked.Case); err != nil {
		return err
	}
	f.Token, f.Known, f.Helper = Valid, true, true
	f.Barred, err = s.barred(app, l)
	return err
}

// inform adds the words of somebody outside to the case as a note: the visitor
// never sees them, and they are no word of his. The id of the mail stays out of
// the note, since the visitor's mails name those of the case's messages; what he
// quotes stays out too: it is our own mail, with the link that takes the case on.
func (s *Station) inform(l *letter) error {
	m, drop, err := s.message(l, l.case_.Id)
	if err != nil {
		return err
	}
	m.Set("direction", desk.Note)
	for _, field := range []string{"html", "quoted", "message_id", "in_reply_to", "cc"} {
		m.Set(field, nil)
	}
	err = s.config.Commit.Do(func(tx core.App) error {
		row, err := s.ready(tx, l)
		if err != nil {
			return err
		}
		m.MarkAsNew() // the transaction may be run a second time
		err = s.config.Answered(tx, l.asked.Run, m)
		if errors.Is(err, sql.ErrNoRows) {
			return errOtherwise // erased meanwhile
		}
		if err != nil {
			return err
		}
		row.Set("message", m.Id)
		row.Set("case", m.Case())
		return l.finish(tx, row, desk.MailJoined)
	})
	if err != nil {
		drop()
	}
	return err
}
