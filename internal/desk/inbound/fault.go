package inbound

import (
	"database/sql"
	"errors"
	"strings"
	"syscall"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// pauses are how long a mail waits after each try that failed because of the
// machine: a full disk, a busy database. After the last one it is for staff.
var pauses = []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour}

// fault notes that a mail could not be settled. until is when it is tried again;
// zero where that would be no use.
func (s *Station) fault(l *letter, why error) (until time.Time, err error) {
	n := l.row.Attempts()
	hopeless := errors.Is(why, errBroken) || errors.Is(why, ErrUnusable) || errors.Is(why, ErrNoRaw) || errors.Is(why, desk.ErrPanic)
	if !hopeless && (n < len(pauses) || full(why)) {
		until = desk.Now(s.app).Add(pauses[min(n, len(pauses)-1)])
	}
	err = s.change(l.row.Id, func(row *desk.InboundMail) {
		row.Set("attempts", n+1)
		row.Set("error", desk.Clip(desk.OneLine(why.Error()), 900))
		row.Set("next_attempt", desk.Date(until))
		if until.IsZero() {
			row.Set("status", desk.MailFailed)
		}
		if l.mail != nil {
			l.describe(row)
		}
	})
	if err == nil {
		s.app.Logger().Warn("a mail could not be taken in", "mail", l.row.Id, "attempt", n+1, "error", why, "failed", until.IsZero())
	}
	return until, err
}

// full tells a fault that is nothing of the mail's, and over once somebody makes room:
// until then it is tried on.
func full(why error) bool {
	return errors.Is(why, ErrFull) || errors.Is(why, syscall.ENOSPC) || strings.Contains(why.Error(), "disk is full") || strings.Contains(why.Error(), "no space left")
}

// postpone makes a mail wait for an earlier one of its lane.
func (s *Station) postpone(l *letter, until time.Time) error {
	return s.change(l.row.Id, func(row *desk.InboundMail) { row.Set("next_attempt", desk.Date(until)) })
}

// change changes the record of a mail that still waits.
func (s *Station) change(id string, set func(*desk.InboundMail)) error {
	return s.config.Commit.Do(func(tx core.App) error {
		row, err := waiting(tx, id)
		if errors.Is(err, errSettled) {
			return nil
		}
		if err != nil {
			return err
		}
		set(row)
		return desk.Save(tx, row.Record)
	})
}

// ready reads the record of a mail that is still as it was decided on: it waits, and
// hasn't come by another way since.
func (s *Station) ready(tx core.App, l *letter) (*desk.InboundMail, error) {
	row, err := waiting(tx, l.row.Id)
	if err != nil || l.facts.Seen {
		return row, err
	}
	seen, err := s.seen(tx, l)
	if err == nil && seen {
		err = errOtherwise
	}
	return row, err
}

// waiting reads the record of a mail that nobody has settled yet.
func waiting(tx core.App, id string) (*desk.InboundMail, error) {
	row, err := desk.FindInboundMail(tx, id)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && row.Status() != desk.MailReceived) {
		return nil, errSettled
	}
	return row, err
}

// ErrNotFailed says that a mail needs no help.
var ErrNotFailed = errors.New("this mail was read, or is about to be")

// Retry reads a mail again that could not be read, on somebody's word.
func (s *Station) Retry(id string) error {
	err := s.config.Commit.Do(func(tx core.App) error {
		row, err := desk.FindInboundMail(tx, id)
		switch {
		case err != nil:
			return err
		case row.Status() != desk.MailFailed:
			return ErrNotFailed
		case row.Raw() == "" || row.GetString("reason") == tooLarge: // its header alone was fetched
			return ErrNoRaw
		}
		row.Set("status", desk.MailReceived)
		row.Set("attempts", 0)
		row.Set("error", "")
		row.Set("next_attempt", desk.Date(desk.Now(tx)))
		return desk.Save(tx, row.Record)
	})
	if err == nil {
		s.Kick()
	}
	return err
}
