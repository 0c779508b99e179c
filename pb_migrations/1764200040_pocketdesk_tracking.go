package pb_migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		return errors.Join(heardCases(app), pageMessages(app), trackingDays(app))
	})
}

// heardCases gives a case what a visitor's further words need.
func heardCases(app core.App) error {
	return change(app, desk.Cases, func(c *core.Collection) {
		c.Fields.Add(
			date("next_response_due", "By when a visitor who wrote again should have an answer. Kept by the system."),
			date("track_since", "Since when the link to the tracking page is this one; empty: since the case was opened. Kept by the system."),
		)
	})
}

// pageMessages lets a message that a browser sends twice be known again.
func pageMessages(app core.App) error {
	return change(app, desk.Messages, func(c *core.Collection) {
		c.Fields.Add(
			hidden(text("page_key", 64, "Digest of the tracking page's key of this message.")),
			hidden(text("page_hash", 64, "Digest of what was sent on the tracking page.")),
		)
		unique(c, "page_key", "page_key", "page_key != ''")
	})
}

// trackingDays says in the settings' help what retention may hold.
func trackingDays(app core.App) error {
	return change(app, desk.SettingsID, func(c *core.Collection) {
		if f, ok := c.Fields.GetByName("retention").(*core.JSONField); ok {
			f.Help = "{network_days, quarantine_days, tracking_days}."
		}
	})
}
