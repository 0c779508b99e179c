package pb_migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error { return errors.Join(assignment(app), escalation(app)) })
}

func assignment(app core.App) error {
	err := change(app, desk.Teams, func(c *core.Collection) {
		c.Fields.Add(
			choice("mode", "Who gets a new case. Empty: nobody, until somebody takes it.", "manual", "round_robin", "least_busy"),
			flag("by_skill", "Only to those whose skills hold the case's category and language."),
			flag("same_agent", "To whoever answered this visitor last, if he is there."),
			text("alarm_after", 10, "Working time after which the lead hears of a case that nobody has: 2h; empty: never."),
			relation("calendar", desk.Calendars, "Its own hours; empty: the shop's."),
		)
		index(c, "calendar", "calendar", "")
	})
	if err != nil {
		return err
	}
	err = change(app, desk.Agents, func(c *core.Collection) {
		c.Fields.Add(
			flag("no_turn", "Gets no case by itself; others may still give him some."),
			date("assigned_at", "When a case was last given to him in turn. Kept by the system."),
			choice("on_leave", "What becomes of his open cases when an absence begins. Empty: they go to the substitute.", "substitute", "release", "keep"),
			date("handed_over", "Which absence was dealt with. Kept by the system."),
		)
		index(c, "away", "away_from, id", "away_from != ''")
		index(c, "substitute", "substitute", "")
	})
	if err != nil {
		return err
	}
	err = change(app, desk.Cases, func(c *core.Collection) {
		c.Fields.Add(
			date("alarmed_at", "When somebody was told that nobody has it. Kept by the system."),
			date("queued_at", "Since when it waits for somebody with room for it. Kept by the system."),
		)
		index(c, "queued", "due_at, id, team, status", "queued_at != '' AND assignee = '' AND resolved_at = ''")
		index(c, "unassigned", "created, id, team", "assignee = '' AND alarmed_at = '' AND resolved_at = ''")
	})
	if err != nil {
		return err
	}
	return change(app, desk.SettingsID, func(c *core.Collection) {
		c.Fields.Add(
			object("assignment", 4_000, "{mode, by_skill, same_agent, alarm_after}: of cases without a team."),
			object("telling", 4_000, "{quiet_from, quiet_until, digest_minutes}: when staff are told by mail."),
			object("topics", 4_000, "{off, sure}: what the embedded model says of a message's category."),
		)
	})
}

func escalation(app core.App) error {
	c := table(app, desk.Escalations,
		presentable(required(text("name", 100, ""))),
		flag("enabled", ""),
		whole("position", ""),
		object("steps", 20_000, `[{"after": "2h", "to": {"agent|team|lead|email|webhook": …}, "note": "…"}]; after is working time since the step before.`),
		choice("on", "What sets it off besides a person or a rule.", "warning", "breach"),
		object("categories", 4_000, "Only these; empty: all."),
	)
	staffReads(c)
	if err := app.Save(c); err != nil {
		return err
	}
	runs := table(app, desk.CaseEscalations,
		ofCase(),
		relation("escalation", desk.Escalations, ""),
		text("name", 100, "Its name when it began; empty: by hand."),
		relation("agent", desk.Agents, "Who escalated it; empty: a rule or a breach."),
		text("why", 1_000, ""),
		choice("state", "", "open", "acknowledged", "ended"),
		whole("step", "How many steps were taken."),
		object("took", 20_000, "The steps as they were when it began, and who was told when."),
		date("next_at", "When it goes on to the next step; empty: there is none."),
		relation("acknowledged_by", desk.Agents, ""),
		text("acknowledged_name", 200, "Who outside took it on."),
		date("acknowledged_at", ""),
		text("tracker_url", 1_000, "Where an outside tracker keeps it."),
		text("tracker_ref", 200, "Its name there."),
	)
	runs.ListRule, runs.ViewRule = ofTeam(staff, "case."), ofTeam(staff, "case.")
	index(runs, "case", "case, created", "")
	index(runs, "next", "next_at, id", "next_at != ''")
	index(runs, "escalation", "escalation", "")
	index(runs, "agent", "agent", "")
	index(runs, "acknowledged_by", "acknowledged_by", "")
	return app.Save(runs)
}
