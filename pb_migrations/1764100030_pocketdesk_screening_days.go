package pb_migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		return errors.Join(screeningDays(app), endedRules(app), lessonsOf(app))
	})
}

// screeningDays keep what screening did after the messages are gone. They hold
// numbers alone.
func screeningDays(app core.App) error {
	c := table(app, desk.ScreeningDays,
		presentable(required(text("day", 10, "YYYY-MM-DD in the shop's time zone, by when the messages came."))),
		text("zone", 60, "The time zone in which the day was counted."),
		object("counts", 4_000, "{accepted, held, blocked} by screening; {released, confirmed, marked_spam} by staff."),
		object("signals", 200_000, "{name: {n, held, blocked, released, confirmed}}."),
		object("scores", 60_000, "{bins: {points: {accepted, answered, held_waiting, released, confirmed, blocked, marked_spam}}, fixed: what thresholds don't move}."),
		object("removed", 300_000, "The part of the three above whose messages are removed."),
		date("through", "Changes up to then are counted."),
		flag("stale", "Messages of it were removed since it was counted."),
	)
	c.ListRule, c.ViewRule = rule(staff), rule(staff)
	unique(c, "day", "day", "")
	index(c, "through", "through", "")
	index(c, "zone", "zone", "")
	index(c, "stale", "day", "stale = TRUE")
	return app.Save(c)
}

// endedRules let retention tell once of a rule that expired, and remove it later.
func endedRules(app core.App) error {
	return change(app, desk.BlockRules, func(c *core.Collection) {
		c.Fields.Add(&core.DateField{Name: "ended", Hidden: true, Help: "The expiry that the log has told of. Kept by the system."})
		index(c, "expires", "expires", "expires != ''")
	})
}

// lessonsOf lets PocketBase find the lesson of a message that it deletes: it
// asks in a way for which an index of some rows does not serve.
func lessonsOf(app core.App) error {
	return change(app, desk.Corrections, func(c *core.Collection) { index(c, "feedback_all", "feedback", "") })
}
