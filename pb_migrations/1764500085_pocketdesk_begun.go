package pb_migrations

import (
	"errors"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Cases that staff begin: what was said in the shop is a message, too, and the
// addresses that they gave are where answers go.
func init() {
	add(func(app core.App) error {
		return errors.Join(
			change(app, desk.Messages, func(c *core.Collection) {
				channel := c.Fields.GetByName("channel").(*core.SelectField)
				if !slices.Contains(channel.Values, desk.ChannelCounter) {
					channel.Values = append(channel.Values, desk.ChannelCounter)
				}
			}),
			change(app, desk.Cases, func(c *core.Collection) {
				c.Fields.Add(
					hidden(text("begun_email", 254, "Address that staff gave when they began the case. Kept by the system.")),
					hidden(text("begun_phone", 40, "Number that staff gave when they began the case, as E.164. Kept by the system.")),
				)
			}),
		)
	})
}
