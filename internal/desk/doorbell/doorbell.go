// Package doorbell tells staff in the Desk what visitors do: that a case is new,
// and that somebody wrote on his. Each person chooses how much of it to hear.
//
//	bell := &doorbell.Bell{}
//	err := bell.NewCase(tx, c, "")   // inside the transaction that opens it
//	err = bell.Answered(tx, c, m)    // inside the one that stores the words
package doorbell

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Bell rings. The zero Bell works.
type Bell struct {
	// Looks tells whether an agent looks at a case at this moment, and need not be
	// told. nil is never.
	Looks func(caseID, agent string) bool
	// Off rings for nobody, as while a shop's past is lived through. Set it while
	// nothing else runs.
	Off bool
}

// NewCase tells those who chose to hear of it that a case was opened by a visitor's
// message; by is the agent who let it in, or "". Whoever is away is not told.
func (b *Bell) NewCase(tx core.App, c *desk.Case, by string) error {
	if b.Off {
		return nil
	}
	to, err := hearers(tx, c.Team(), func(h desk.Hearing) string { return h.NewCases })
	if err != nil {
		return err
	}
	return b.ring(tx, ring{kind: desk.NoticeNewCase, caseID: c.Id, by: by, to: to})
}

// Answered tells that the visitor wrote on a case: whoever has it, else those who
// escalated it or are to be reminded of it, else those who chose to hear of cases
// that nobody has. A mail that was imported rings for nobody.
func (b *Bell) Answered(tx core.App, c *desk.Case, m *desk.Message) error {
	if b.Off {
		return nil
	}
	if old, err := imported(tx, m); old || err != nil {
		return err
	}
	to, theirs, err := keepers(tx, c)
	if err == nil && !theirs {
		to, err = hearers(tx, c.Team(), func(h desk.Hearing) string { return h.Answered })
	}
	if err != nil {
		return err
	}
	return b.ring(tx, ring{kind: desk.NoticeAnswered, caseID: c.Id, message: m.Id, to: to})
}

// imported tells whether words came by a mail that was old when it was read.
func imported(tx core.App, m *desk.Message) (bool, error) {
	id := m.GetString("inbound")
	if id == "" {
		return false, nil
	}
	var quiet []bool
	err := tx.DB().Select("quiet").From(desk.Name(tx, desk.InboundMails)).Where(dbx.HashExp{"id": id}).Column(&quiet)
	if err != nil {
		return false, fmt.Errorf("how a mail came: %w", err)
	}
	return len(quiet) > 0 && quiet[0], nil
}
