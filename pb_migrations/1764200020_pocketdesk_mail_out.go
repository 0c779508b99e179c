package pb_migrations

import (
	"errors"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		return errors.Join(mailedMessages(app), bouncedMail(app), mailedFiles(app))
	})
}

// mailedMessages gives messages what goes with a mail, in and out.
func mailedMessages(app core.App) error {
	return change(app, desk.Messages, func(c *core.Collection) {
		c.Fields.Add(
			object("cc", 20_000, "Who got a copy: [{name, addr}]."),
			object("bcc", 20_000, "Who got a copy without the others' knowledge: [{name, addr}]."),
			text("from_addr", 254, "Address that a mail came from. Kept by the system."),
			text("from_name", 200, "Name that its sender gave. Kept by the system."),
			text("auto", 200, "Why a message counts as automatic; empty: a person wrote it. Kept by the system."),
			text("quoted", 50_000, "What a mail repeated of earlier ones, and its signature. Kept by the system."),
			relation("inbound", desk.InboundMails, "The mail as it came. Kept by the system."),
			flag("receipt_asked", "The reader's mail program is asked to say when the mail was opened."),
			date("read_at", "When a read receipt came. Kept by the system."),
			date("undo_until", "Until then the author may take a mail back. Kept by the system."),
		)
		channel := c.Fields.GetByName("channel").(*core.SelectField)
		if !slices.Contains(channel.Values, desk.ChannelPage) {
			channel.Values = append(channel.Values, desk.ChannelPage)
		}
		upToFiles(c, 30)
		index(c, "inbound", "inbound", "") // PocketBase looks here when it deletes the mail
	})
}

// bouncedMail is the state of mail that came back.
func bouncedMail(app core.App) error {
	return change(app, desk.Outbox, func(c *core.Collection) {
		status := c.Fields.GetByName("status").(*core.SelectField)
		if !slices.Contains(status.Values, desk.Bounced) {
			status.Values = append(status.Values, desk.Bounced)
		}
	})
}

// mailedFiles makes room for the files of a mail; forms take as many as before.
func mailedFiles(app core.App) error {
	return change(app, desk.Feedbacks, func(c *core.Collection) { upToFiles(c, 30) })
}

func upToFiles(c *core.Collection, n int) {
	f := c.Fields.GetByName("attachments").(*core.FileField)
	f.MaxSelect = max(f.MaxSelect, n)
	f.Help = "Files of 10 MB at most; 30 with a mail, 3 with a form."
	if names, ok := c.Fields.GetByName("attachment_names").(*core.JSONField); ok {
		names.MaxSize = max(names.MaxSize, 40_000)
	}
}
