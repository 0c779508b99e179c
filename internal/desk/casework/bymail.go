package casework

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// mailDay is how many acknowledgements of mails a mailbox gets in a day where
// the settings set no limit: two desks that write to each other must come to an end.
const mailDay = 3

// ByMail takes what a mail says for its case: where its acknowledgement goes and
// whether there is one, the team of its mailbox, and what its first message bears
// beside the submission.
func (o *Opening) ByMail(l *desk.Letter) {
	o.letter = l
	if o.sorted.team == "" || !o.sorted.teamByWord {
		if l.Team != "" {
			o.sorted.team = l.Team
		}
	}
	a := o.ack
	if l.AckTo != "" && a.to != "" {
		a.to = l.AckTo
	}
	if a.perDay < 0 {
		a.perDay = mailDay
	}
	switch {
	case a.skip != "":
	case l.NoAck != "":
		a.skip = l.NoAck
	case automatic(a.to):
		a.skip = "nobody reads mail at this address"
	}
}

// dress fills the first message of a case with what its mail says.
func (o *Opening) dress(m *desk.Message) {
	if o.letter != nil && o.letter.Fill != nil {
		o.letter.Fill(m)
	}
}

// Raise notes inside the caller's transaction that a mail came from an address of
// a contact: reachable, or verified where its domain vouches for that; "" changes
// nothing. An address that stands under another contact is left alone.
func Raise(tx core.App, contact, address, state string) error {
	by := desk.RaisedMail
	switch state {
	case "":
		return nil
	case desk.StateVerified:
		by = desk.RaisedDMARC
	}
	return desk.RaiseAddress(tx, contact, desk.KindEmail, address, state, by)
}
