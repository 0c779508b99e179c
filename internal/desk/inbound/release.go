package inbound

import (
	"context"
	"database/sql"
	"errors"
	"io"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mailin"
)

// Letter finds again what the mail behind a held submission says, for the case
// that staff open for it; nil where no mail stands behind it. Where the mail as it
// came is gone, the submission is all there is.
func (s *Station) Letter(app core.App, f *desk.Feedback) (*desk.Letter, error) {
	l, err := s.again(app, f)
	if l == nil || err != nil {
		return nil, err
	}
	out := s.letter(l)
	out.Hold, out.ForCase = "", ""
	out.Settle = func(tx core.App, r desk.Received) error {
		row, err := desk.FindInboundMail(tx, l.row.Id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return s.received(tx, l, row, r)
	}
	return out, nil
}

// Joining is a held mail that staff let through to the case that it answers.
// Decide is called inside the transaction.
type Joining struct {
	Feedback *desk.Feedback
	Case     *desk.Case
	Decide   func(tx core.App) error
}

// Join adds a held mail to its case, as its sender's words and with the time at which it came.
func (s *Station) Join(app core.App, j Joining) error {
	l, err := s.again(app, j.Feedback)
	if err != nil {
		return err
	}
	if l == nil {
		return ErrNoRaw
	}
	l.decision = Decision{Join, desk.MailJoined, "released"}
	m, drop, err := s.message(l, j.Case.Id)
	if err != nil {
		return err
	}
	// it stands where it would, had nobody held it
	if came := l.row.GetDateTime("received_at"); !came.IsZero() {
		m.SetRaw("created", came)
	}
	work := func(tx core.App) error {
		if err := j.Decide(tx); err != nil {
			return err
		}
		row, err := desk.FindInboundMail(tx, l.row.Id)
		if err != nil {
			return err
		}
		return s.add(tx, l, addition{row: row, caseID: j.Case.Id, message: m})
	}
	if app.IsTransactional() {
		err = work(app)
	} else {
		err = s.config.Commit.Do(work)
	}
	if err != nil {
		drop()
	}
	return err
}

// again reads the mail behind a submission once more; nil where there is none.
func (s *Station) again(app core.App, f *desk.Feedback) (*letter, error) {
	row, err := rowOf(app, f.Id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l := s.read(context.Background(), row)
	if l.err != nil { // retention was faster, or the disk is at fault: the words are there all the same
		if l.mail, err = asSent(app, f); err != nil {
			return nil, err
		}
		l.err = nil
	}
	own, err := desk.OwnAddresses(app)
	if err != nil {
		return nil, err
	}
	settings, err := desk.LoadSettings(app)
	if err != nil {
		return nil, err
	}
	l.identify(own, settings.Mail.AuthservID)
	if id := row.Mailbox(); id != "" {
		if l.box, err = desk.FindMailbox(app, id); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
	}
	l.decision.Why = "released"
	return l, nil
}

// asSent makes a mail of a submission, whose files stand in storage.
func asSent(app core.App, f *desk.Feedback) (*mailin.Mail, error) {
	m := &mailin.Mail{
		Subject: f.Subject(), Text: f.Message(), Reply: f.Message(),
		From: []mailin.Address{{Name: f.Name(), Addr: f.Email()}},
	}
	fsys, err := app.NewFilesystem()
	if err != nil {
		return nil, err
	}
	defer fsys.Close()
	for _, name := range f.Files() {
		data, err := stored(fsys, f.BaseFilesPath()+"/"+name)
		if err != nil {
			return nil, err
		}
		m.Attachments = append(m.Attachments, mailin.Attachment{Name: desk.OriginalName(f.Record, name), Data: data})
	}
	return m, nil
}

func stored(fsys *filesystem.System, key string) ([]byte, error) {
	r, err := fsys.GetReader(key)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}
