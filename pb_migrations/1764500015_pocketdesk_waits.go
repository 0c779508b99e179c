package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		err := change(app, desk.Rules, func(c *core.Collection) {
			c.Fields.Add(
				choice("since", "Of time_passed: from when the time counts; empty: since the case has its status; nudged: since a rule's mail reminded the visitor meanwhile.", "nudged"),
				object("looked", 20_000, "Of time_passed: up to where cases were looked at, by calendar. Kept by the system."),
			)
		})
		if err != nil {
			return err
		}
		err = change(app, desk.RuleRuns, func(c *core.Collection) {
			c.Fields.Add(
				date("retry_at", "When an answer that could not go yet is tried again."),
				object("again", 1_000, "Where it goes on then; of a rule that rests on a case, until when."),
			)
			index(c, "retry", "retry_at, id", "retry_at != ''")
		})
		if err != nil {
			return err
		}
		err = change(app, desk.Cases, func(c *core.Collection) {
			c.Fields.Add(date("nudged_at", "When a rule's mail left last since the case has its status. Kept by the system."))
			index(c, "nudged", "status, nudged_at, id", "nudged_at != ''")
		})
		if err != nil {
			return err
		}
		return nudgedBefore(app)
	})
}

// nudgedBefore notes it of the cases that wait for their visitors: the mails that
// the system sent them since they wait.
func nudgedBefore(app core.App) error {
	cases, messages := "{{"+named(app, desk.Cases)+"}}", "{{"+named(app, desk.Messages)+"}}"
	_, err := app.DB().NewQuery("UPDATE " + cases + " SET [[nudged_at]] = COALESCE((SELECT MAX([[m.created]]) FROM " + messages + " m WHERE [[m.case]] = " + cases + ".[[id]]" +
		" AND " + desk.RuleMail(named(app, desk.Outbox)) + " AND [[m.created]] >= " + cases + ".[[status_since]]), '') WHERE [[status]] = 'pending'").Execute()
	return err
}
