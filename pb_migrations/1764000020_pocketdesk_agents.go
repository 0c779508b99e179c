package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		c := core.NewAuthCollection(desk.PlannedName(app, desk.Agents), desk.Agents)
		fill(c,
			presentable(required(text("name", 100, "The whole name as visitors may read it."))),
			choice("role", "Empty: can't sign in. agent: own team's cases. supervisor: all cases. admin: also rules, templates, settings. integration: API only.",
				"agent", "supervisor", "admin", "integration"),
			relation("team", desk.Teams, "The agent sees the cases of this team and those without a team."),
			object("skills", 4_000, "Categories and languages, for assignment."),
			whole("capacity", "How many open cases at once; 0 means no limit."),
			date("away_from", "First moment of an absence."),
			date("away_until", "End of the absence."),
			text("signature", 2_000, "Ends every answer of this agent."),
			text("locale", 20, "Language of the Desk: en, zh-TW or ja."),
		)
		c.ListRule, c.ViewRule = rule(staff), rule(staff)
		c.CreateRule, c.DeleteRule = rule(adminOnly), rule(adminOnly)
		c.UpdateRule = rule(adminOnly + ` || (` + working + ` && id = @request.auth.id)`)
		c.ManageRule = rule(adminOnly)
		c.AuthRule = rule(`role != ""`)
		c.AuthAlert.Enabled = false
		index(c, "team", "team", "")
		if err := app.Save(c); err != nil {
			return err
		}
		// a relation to the own collection can't be made before it exists
		c.Fields.Add(relation("substitute", desk.Agents, "Who takes over while away."))
		if err := app.Save(c); err != nil {
			return err
		}
		teams, err := app.FindCollectionByNameOrId(desk.Teams)
		if err != nil {
			return err
		}
		teams.Fields.Add(relation("lead", desk.Agents, "Who answers for the team."))
		return app.Save(teams)
	})
}
