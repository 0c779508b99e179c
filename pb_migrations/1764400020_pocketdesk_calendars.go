package pb_migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error { return errors.Join(calendars(app), policies(app), dues(app)) })
}

func calendars(app core.App) error {
	c := table(app, desk.Calendars,
		presentable(required(text("name", 100, ""))),
		text("timezone", 60, "IANA name, such as Asia/Taipei; empty: the shop's."),
		object("week", 10_000, `Opening spans by day: {"mon": [["09:00", "12:00"], ["13:00", "18:00"]], …}; "24:00" ends a day.`),
		text("country", 10, "Public holidays that count: TW, JP; auto: of the time zone's country; none."),
		object("days", 500_000, `Single days: [{"date": "2026-02-16", "name": "…", "spans": []}]; without spans the shop is closed. They go before public holidays.`),
	)
	staffReads(c)
	if err := app.Save(c); err != nil {
		return err
	}
	return change(app, desk.SettingsID, func(c *core.Collection) {
		c.Fields.Add(relation("calendar", desk.Calendars, "When the shop answers. Empty: Monday to Friday, 09:00 to 18:00, without the public holidays of the time zone's country."))
	})
}

func policies(app core.App) error {
	c := table(app, desk.SLAPolicies,
		presentable(required(text("name", 100, ""))),
		flag("enabled", ""),
		whole("position", "The first policy that fits a case is the case's."),
		object("categories", 4_000, "Keys; empty: all."),
		object("priorities", 1_000, "low, normal, high, urgent; empty: all."),
		object("channels", 1_000, "form, email, widget, api, phone …; empty: all."),
		object("contact_tags", 4_000, "One of the contact's tags; empty: all."),
		relation("calendar", desk.Calendars, "Empty: the shop's."),
		text("first_response", 10, "Working time until the first answer: 30m, 4h, 2d; empty: none is asked for."),
		text("next_response", 10, "Working time until each further answer."),
		text("resolution", 10, "Working time until it is resolved."),
		whole("warn_at", "Percent of the time after which whoever has the case is told; 80 when 0."),
		flag("pause_on_hold", "The time for the resolution also rests while others have their turn."),
	)
	staffReads(c)
	index(c, "calendar", "calendar", "")
	return app.Save(c)
}

func dues(app core.App) error {
	return change(app, desk.Cases, func(c *core.Collection) {
		c.Fields.Add(
			relation("policy", desk.SLAPolicies, "The service level that its dues follow from. Kept by the system."),
			date("status_since", "Since when it has its status. Kept by the system."),
			date("paused_at", "Since when the time for its resolution rests. Kept by the system."),
			object("clock", 4_000, "Since when the time for its resolution runs, and when it rested. Kept by the system."),
			date("tell_at", "When somebody is told next that an answer is due or late. Kept by the system."),
			object("told", 2_000, "What was told of its dues, and which were met. Kept by the system."),
		)
		index(c, "tell", "tell_at, id", "tell_at != ''")
		index(c, "since", "status, status_since, id", "")
		index(c, "policy", "policy", "policy != ''")
	})
}
