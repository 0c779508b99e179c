package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		c := table(app, desk.Problems,
			presentable(required(text("title", 200, "What is wrong, in a few words for colleagues."))),
			choice("state", "", "open", "fixed", "dismissed"),
			text("note", 5_000, "What is known, for colleagues."),
			relation("owner", desk.Agents, "Who looks after it."),
			text("url", 1_000, "Where it is worked on, such as a tracker."),
			object("reward", 500_000, "{code} for all, or {codes: […]}, one for each: what those who reported it get."),
			object("telling", 2_000_000, "The letters to those who reported it. Kept by the system."),
			date("fixed_at", ""),
			relation("fixed_by", desk.Agents, ""),
			date("told_at", "When all who reported it were written to."),
		)
		c.ListRule, c.ViewRule = rule(staff), rule(staff)
		c.CreateRule, c.UpdateRule = rule(working), rule(working)
		c.DeleteRule = rule(adminOnly)
		index(c, "state", "state, created, id", "")
		index(c, "owner", "owner", "")
		index(c, "fixed_by", "fixed_by", "")
		if err := app.Save(c); err != nil {
			return err
		}
		if err := change(app, desk.Messages, func(c *core.Collection) {
			index(c, "template", "created, id", "template != ''")
		}); err != nil {
			return err
		}
		return change(app, desk.Cases, func(c *core.Collection) {
			c.Fields.Add(
				relation("problem", desk.Problems, "The fault that this case reports."),
				relation("problem_told", desk.Problems, "The fault of which the visitor was told that it is fixed. Kept by the system."),
			)
			index(c, "problem", "problem, created, id", "problem != ''")
			index(c, "problem_told", "problem_told", "problem_told != ''")
		})
	})
}
