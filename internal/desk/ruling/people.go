package ruling

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// members are the people of a team.
func members(app core.App, team string) ([]string, error) {
	return people(app, dbx.And(dbx.HashExp{"team": team}, dbx.NewExp("[[role]] != {:program}", dbx.Params{"program": desk.RoleIntegration})))
}

// admins are those who keep the rules, superusers who work at the Desk among them.
func admins(app core.App) ([]string, error) {
	return people(app, dbx.In("role", desk.RoleAdmin, ""))
}

func people(app core.App, who dbx.Expression) ([]string, error) {
	var ids []string
	err := app.DB().Select("id").From(desk.Name(app, desk.Agents)).Where(who).OrderBy("created", "id").Limit(tellMost).Column(&ids)
	if err != nil {
		return nil, fmt.Errorf("who is told: %w", err)
	}
	return ids, nil
}

// Notices of rules. Their data are {rule, id, text}, and {rule, id, code, detail}.
const (
	NoticeRule   = "rule"
	NoticeFailed = "rule_failed"
)

// tell tells people what a rule found.
func (r *Rule) tell(tx core.App, c *desk.Case, to []string, text string) error {
	notices := make([]desk.Notice, 0, len(to))
	for _, id := range to {
		notices = append(notices, desk.Notice{Agent: id, Kind: NoticeRule, Case: c.Id,
			Data: map[string]any{"rule": r.Name, "id": r.ID, "text": text}})
	}
	return desk.Notify(tx, notices...)
}

// fail notes on a rule that it can't be used, and tells the admins when it is new.
func (r *Rule) fail(tx core.App, t *trouble, caseID string) error {
	rec, err := find(tx, desk.Rules, r.ID)
	if err != nil || rec == nil {
		return err
	}
	was := rec.GetString("failed")
	if was == t.Error() {
		return nil
	}
	_, err = tx.DB().Update(desk.Name(tx, desk.Rules), dbx.Params{"failed": t.Error()}, dbx.HashExp{"id": r.ID}).Execute()
	if err != nil || was != "" {
		return err
	}
	to, err := admins(tx)
	if err != nil {
		return err
	}
	var notices []desk.Notice
	for _, id := range to {
		notices = append(notices, desk.Notice{Agent: id, Kind: NoticeFailed, Case: caseID,
			Data: map[string]any{"rule": r.Name, "id": r.ID, "code": t.code, "detail": t.detail}})
	}
	return desk.Notify(tx, notices...)
}
