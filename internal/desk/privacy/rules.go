package privacy

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// keepEnded is how many days an expired block rule is still shown, as expired.
const keepEnded = 90

// sweepRules tells the log once of every block rule that has expired and
// removes those that did so long ago. What a rule looks for may be a person's
// address, so the log names its id alone.
func sweepRules(app core.App, now time.Time) error {
	at := dbx.Params{"now": desk.Date(now).String(), "before": desk.Date(now.AddDate(0, 0, -keepEnded)).String()}
	var told, removed []string
	var ended []*core.Record
	if err := expired(app, "[[expires]] <= {:now}", at).AndWhere(dbx.NewExp("[[ended]] != [[expires]]")).All(&ended); err != nil {
		return err
	}
	for _, r := range ended {
		// past the hooks: the rule itself stays as it is
		_, err := app.NonconcurrentDB().Update(desk.Name(app, desk.BlockRules),
			dbx.Params{"ended": r.GetDateTime("expires").String()}, dbx.HashExp{"id": r.Id}).Execute()
		if err != nil {
			return err
		}
		told = append(told, r.Id)
	}
	if len(told) > 0 {
		app.Logger().Info("block rules expired", "rules", len(told), "ids", told)
	}
	var old []*core.Record
	if err := expired(app, "[[expires]] < {:before}", at).All(&old); err != nil {
		return err
	}
	for _, r := range old {
		if err := app.Delete(r); err != nil {
			return err
		}
		removed = append(removed, r.Id)
	}
	if len(removed) > 0 {
		desk.Forget(app, desk.BlockRules)
		app.Logger().Info("retention: expired block rules removed", "rules", len(removed), "ids", removed)
	}
	return nil
}

// expired asks for rules by the index of those that expire at all.
func expired(app core.App, where string, at dbx.Params) *dbx.SelectQuery {
	return app.RecordQuery(desk.BlockRules).AndWhere(dbx.NewExp("[[expires]] != ''")).AndWhere(dbx.NewExp(where, at)).Limit(1_000)
}
