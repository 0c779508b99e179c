package inbound

import (
	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/imapbox"
)

// HandlerAt is the handler with which a mailbox is watched where it is now.
func (f *Fetcher) HandlerAt(box *desk.Mailbox) imapbox.Handler {
	return &keeper{f, box.Id, placeOf(box)}
}
