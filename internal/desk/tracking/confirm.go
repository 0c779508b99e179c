package tracking

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// EventConfirmed notes that a visitor pressed the button that says that the
// address is his.
const EventConfirmed = "address_confirmed"

// Confirmable is the mail address that whoever holds the link may call his own;
// "" where there is none to confirm. The link must have come to him in a mail to
// that address: where an SMS went out it may have come by phone, and whoever
// typed a stranger's address beside his own number would get it confirmed.
func Confirmable(app core.App, s *Seen) (string, error) {
	i, err := unconfirmed(app, s)
	if i == nil || err != nil {
		return "", err
	}
	return i.Value(), nil
}

func unconfirmed(app core.App, s *Seen) (*desk.Identity, error) {
	addr, _ := desk.AddressesOf(s.Feedback)
	i, err := desk.MailIdentity(app, s.Case.Contact(), addr)
	if i == nil || err != nil {
		return nil, err
	}
	if i.State() != desk.StateClaimed && i.State() != desk.StateReachable {
		return nil, nil
	}
	var mailed, texted int
	messages := desk.Name(app, desk.Messages)
	err = errors.Join(
		app.DB().Select("COUNT(*)").From(desk.Name(app, desk.Outbox)+" o").InnerJoin(messages+" m", dbx.NewExp("[[o.message]] = [[m.id]]")).
			Where(dbx.HashExp{"m.case": s.Case.Id, "o.kind": "email", "o.status": desk.Sent, "o.recipient": addr}).Row(&mailed),
		app.DB().Select("COUNT(*)").From(messages).
			Where(dbx.HashExp{"case": s.Case.Id, "direction": desk.Out, "channel": desk.ChannelSMS}).Row(&texted),
	)
	if err != nil || mailed == 0 || texted > 0 {
		return nil, err
	}
	return i, nil
}

// Confirm makes the address verified. Pressed again it changes nothing.
func (t *Tracker) Confirm(s *Seen) error {
	return t.Commit.Do(func(tx core.App) error {
		i, err := unconfirmed(tx, s)
		if i == nil || err != nil {
			return err
		}
		before := i.State()
		if err := desk.Raise(tx, i, desk.StateVerified, desk.RaisedConfirmed); err != nil {
			return err
		}
		return desk.Record(tx, desk.Event{Case: s.Case.Id, Kind: EventConfirmed,
			Before: map[string]any{"state": before}, After: map[string]any{"identity": i.Id, "state": desk.StateVerified}})
	})
}

// Mask shows enough of an address for its owner to know it: m•••@example.com.
func Mask(addr string) string {
	at := strings.LastIndexByte(addr, '@')
	if at <= 0 {
		return ""
	}
	_, size := utf8.DecodeRuneInString(addr)
	return addr[:size] + "•••" + addr[at:]
}
