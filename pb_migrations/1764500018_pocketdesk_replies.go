package pb_migrations

import (
	"encoding/json"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/pb_migrations/seed"
)

// rulesMost is how many rules a shop may have.
const rulesMost = 200

func init() {
	add(func(app core.App) error {
		replies, err := seed.Replies()
		if err != nil {
			return err
		}
		triage, err := seed.Triage()
		if err != nil {
			return err
		}
		locale, err := shopLocale(app)
		if err != nil {
			return err
		}
		for _, r := range replies {
			at := slices.IndexFunc(triage.Rules, func(row seed.RuleRow) bool { return row.Key == r.Of })
			if err := replyRule(app, r.Rule, triage.Rules[at], locale); err != nil {
				return err
			}
		}
		desk.Forget(app, desk.Rules)
		return nil
	})
}

// replyRule adds a rule about what visitors write later beside the one about new
// cases, as the owner has that by now: one that was deleted, or asks for something
// else, gets none; one that is off gets one that is off; one that does something
// else gets one that does the same.
func replyRule(app core.App, reply, first seed.RuleRow, locale string) error {
	there, err := app.CountRecords(desk.Rules, dbx.HashExp{"starter": reply.Key})
	if err != nil || there > 0 {
		return err
	}
	all, err := app.CountRecords(desk.Rules)
	if err != nil || all >= rulesMost {
		return err
	}
	own, err := app.FindAllRecords(desk.Rules, dbx.HashExp{"starter": first.Key})
	if err != nil || len(own) != 1 || own[0].GetString("event") != first.Event || own[0].GetString("filter") != first.Filter {
		return err
	}
	actions, err := reply.ActionsIn(locale)
	if err != nil {
		return err
	}
	var does any = actions
	if changed, err := ownActions(own[0], first); err != nil {
		return err
	} else if changed {
		does = json.RawMessage(own[0].GetString("actions"))
	}
	values := map[string]any{
		"name": reply.Names[locale], "note": reply.Notes[locale], "enabled": own[0].GetBool("enabled"), "position": own[0].GetInt("position") + 1,
		"event": reply.Event, "filter": reply.Filter, "actions": does, "states": []string{}, "starter": reply.Key,
	}
	if own[0].GetBool("enabled") { // what was written before stays as it is
		values["active_from"] = desk.Date(desk.Now(app))
	}
	return row(app, desk.Rules, "", values)
}

// ownActions tells whether a rule does something else than in any locale at first.
func ownActions(r *core.Record, first seed.RuleRow) (bool, error) {
	var now any
	if err := json.Unmarshal([]byte(r.GetString("actions")), &now); err != nil {
		return false, nil // it can't be read, and is no model for another
	}
	text, err := json.Marshal(now)
	if err != nil {
		return false, err
	}
	for _, locale := range seed.Locales() {
		actions, err := first.ActionsIn(locale)
		if err != nil {
			return false, err
		}
		was, err := json.Marshal(actions)
		if err != nil || string(was) == string(text) {
			return false, err
		}
	}
	return true, nil
}
