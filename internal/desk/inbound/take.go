package inbound

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// MaxSize is how large a mail may be, in bytes: the 25 MB that are read, and some
// room, so that one a little larger is kept and seen.
const MaxSize = 26 << 20

// spare is what a mail must leave free on the disk, in bytes: strangers may fill it
// with mail, and forms and staff go on writing all the same.
const spare = 64 << 20

// ErrTooLarge says that a mail is larger than [MaxSize], ErrEmpty that it holds
// nothing, and ErrFull that there is no room for it now.
var (
	ErrTooLarge = errors.New("this mail is too large")
	ErrEmpty    = errors.New("this mail is empty")
	ErrFull     = errors.New("the disk is full")
)

// tooLarge is the reason of a mail of which only the header was fetched.
const tooLarge = "too_large"

// Raw is a mail as it came.
type Raw struct {
	Mailbox string // id of the mailbox; "" where none was named
	Source  string // desk.FromIMAP, FromWebhook or FromImport
	Data    []byte

	UID, UIDValidity uint32    // of IMAP
	At               time.Time // when it came; now where zero
	Quiet            bool      // old mail: nobody gets an acknowledgement
	// Refused, if set, is why the mail is kept without being read: it was too
	// large to be fetched whole, and Data is what there is of it.
	Refused string
}

// Take stores a mail durably, before anything is read in it, and wakes the
// worker. again tells that the mail was taken before: same mailbox and Message-ID.
// After an error nothing of it is stored, and it must be brought again.
func (s *Station) Take(r Raw) (id string, again bool, err error) {
	switch {
	case len(r.Data) == 0:
		return "", false, ErrEmpty
	case len(r.Data) > MaxSize:
		return "", false, ErrTooLarge
	case s.config.Room() < spare+uint64(len(r.Data)):
		return "", false, ErrFull
	}
	p := peek(r.Data)
	defer s.taking.Take(r.Mailbox + " " + p.id)()
	if id, err = s.known(r, p); id != "" || err != nil {
		return id, id != "", err
	}
	m, drop, err := s.store(r, p)
	if err != nil {
		return "", false, fmt.Errorf("store the mail: %w", err)
	}
	err = s.config.Commit.Do(func(tx core.App) error {
		m.MarkAsNew()
		return desk.Save(tx, m.Record)
	})
	if err != nil {
		drop()
		// another process may have taken the same one at the same moment
		if id, knownErr := s.known(r, p); id != "" && knownErr == nil {
			return id, true, nil
		}
		return "", false, fmt.Errorf("store the mail's record: %w", err)
	}
	s.Kick()
	return m.Id, false, nil
}

// known finds a mail that was taken before: by mailbox and Message-ID, as it was
// or as it is remembered once its words are gone.
func (s *Station) known(r Raw, p peeked) (string, error) {
	var id string
	err := s.app.DB().Select("id").From(desk.Name(s.app, desk.InboundMails)).
		Where(dbx.Or(
			dbx.HashExp{"mailbox": r.Mailbox, "message_id": []any{p.id, desk.ForgottenID(s.app, p.id)}},
			dbx.NewExp("[[taken]] = {:taken} AND [[taken]] != ''", dbx.Params{"taken": desk.TakenKey(s.app, r.Mailbox, p.id)}),
		)).Limit(1).Row(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

// store writes the file and fills the record, which is not saved yet.
func (s *Station) store(r Raw, p peeked) (*desk.InboundMail, func(), error) {
	m, err := desk.NewInboundMail(s.app)
	if err != nil {
		return nil, nil, err
	}
	now := desk.Now(s.app)
	if r.At.IsZero() {
		r.At = now
	}
	for name, value := range map[string]any{
		"mailbox": r.Mailbox, "source": r.Source, "uid": int(r.UID), "uid_validity": int(r.UIDValidity),
		"message_id": p.id, "taken": desk.TakenKey(s.app, r.Mailbox, p.id), "size": len(r.Data), "from_addr": p.from, "subject": p.subject,
		"received_at": desk.Date(r.At), "status": desk.MailReceived, "next_attempt": desk.Date(now), "quiet": r.Quiet,
	} {
		m.Set(name, value)
	}
	if r.Refused != "" {
		m.Set("status", desk.MailFailed)
		m.Set("next_attempt", "")
		m.Set("reason", tooLarge)
		m.Set("error", desk.Clip(r.Refused, 900))
	}
	file, err := filesystem.NewFileFromBytes(r.Data, "mail.eml")
	if err != nil {
		return nil, nil, err
	}
	m.Set("raw", file)
	_, drop, err := desk.StoreFiles(s.app, m.Record, "raw")
	if err != nil {
		return nil, nil, err
	}
	m.SetRaw("raw", file.Name)
	return m, drop, nil
}
