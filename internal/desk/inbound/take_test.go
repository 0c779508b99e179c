package inbound_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
)

// takeFrom takes a mail in by a mailbox and has it read.
func takeFrom(t *testing.T, app *desktest.App, box *core.Record, raw []byte) *desk.InboundMail {
	t.Helper()
	id, _, err := app.Mail.Take(inbound.Raw{Mailbox: box.Id, Source: desk.FromIMAP, Data: raw})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.Mail.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	return desk.AsInboundMail(app.Find(desk.InboundMails, id))
}
