package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		c := table(app, desk.Rules,
			presentable(required(text("name", 200, ""))),
			flag("enabled", ""),
			whole("position", "Rules are looked at in this order."),
			choice("event", "", "case_opened", "visitor_wrote", "staff_changed", "time_passed"),
			text("filter", 2_000, "PocketBase's filter language over the record that the event is about and its relations; empty: always."),
			object("actions", 20_000, "[{do, value}], done in order."),
			text("delay", 10, "Of time_passed: working time in the state, such as 8h or 3d."),
			object("states", 1_000, "Of time_passed: statuses in which a case waits."),
			text("note", 1_000, "Why there is this rule."),
			text("starter", 60, "Which of the rules that a shop starts with; empty: an own one."),
			date("active_from", "What happened before stays as it is. Kept by the system."),
			date("looked_until", "Of time_passed: up to where cases were looked at. Kept by the system."),
			whole("fired", "How often it did something. Kept by the system."),
			date("fired_at", "When last. Kept by the system."),
			text("failed", 1_000, "Why it could not be used last. Kept by the system."),
		)
		staffReads(c)
		index(c, "position", "position, created", "")
		if err := app.Save(c); err != nil {
			return err
		}
		return ruleRuns(app)
	})
}

// ruleRuns remember what each rule did: once per case and state.
func ruleRuns(app core.App) error {
	c := table(app, desk.RuleRuns,
		&core.RelationField{Name: "rule", CollectionId: desk.Rules, MaxSelect: 1, Required: true, CascadeDelete: true},
		ofCase(),
		text("state", 100, "What the case was in, or what happened, so that it comes once: opened, the message's id, the status and since when …"),
		object("did", 20_000, "What was changed and done."),
		text("failed", 1_000, "Why some of it could not be done."),
	)
	c.ListRule, c.ViewRule = ofTeam(staff, "case."), ofTeam(staff, "case.")
	unique(c, "once", "rule, case, state", "")
	index(c, "lately", "rule, created, id", "")
	index(c, "case", "case, created", "")
	index(c, "created", "created, id", "")
	return app.Save(c)
}
