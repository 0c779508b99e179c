package tracking

import (
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// reached notes that whoever writes on the page can be reached where its link
// went: the mail address, or the phone, that was typed with the case. Where it
// went to both nobody knows which one he reads.
func reached(tx core.App, c *desk.Case) error {
	f, err := desk.FindFeedback(tx, c.Feedback())
	if err != nil {
		return nil // erased meanwhile
	}
	addr, number := desk.AddressesOf(f)
	var mailed, texted int
	err = errors.Join(
		sentTo(tx, c, desk.ByMail, addr, &mailed),
		sentTo(tx, c, desk.BySMS, number, &texted),
	)
	switch {
	case err != nil:
		return err
	case mailed > 0 && texted == 0:
		return desk.RaiseAddress(tx, c.Contact(), desk.KindEmail, addr, desk.StateReachable, desk.RaisedPage)
	case texted > 0 && mailed == 0:
		return desk.RaiseAddress(tx, c.Contact(), desk.KindPhone, number, desk.StateReachable, desk.RaisedPage)
	}
	return nil
}

// sentTo counts what left for an address on a case.
func sentTo(tx core.App, c *desk.Case, by, to string, n *int) error {
	return tx.DB().Select("COUNT(*)").From(desk.Name(tx, desk.Outbox)+" o").
		InnerJoin(desk.Name(tx, desk.Messages)+" m", dbx.NewExp("[[o.message]] = [[m.id]]")).
		Where(dbx.HashExp{"m.case": c.Id, "o.kind": by, "o.status": desk.Sent, "o.recipient": to}).Row(n)
}
