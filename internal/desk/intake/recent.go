package intake

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// recentDays is how long a text is remembered to find it again from others.
const recentDays = 30

// LoadRecent fills the index of recent texts from what is stored. Until it is
// done, repeated texts of before the start are not noticed.
func (in *Intake) LoadRecent(ctx context.Context, app core.App) error {
	return in.Recent.Fill(func() error { return in.loadRecent(ctx, app) })
}

func (in *Intake) loadRecent(ctx context.Context, app core.App) error {
	var rows []recentRow
	err := app.DB().Select("v.feedback", "v.simhash", "v.sender", "v.created",
		"(v.outcome = 'accepted' AND (v.decided_by != '' OR COALESCE(c.first_responded_at, '') != '')) AS good",
		"(v.outcome = 'blocked' AND v.decided_by != '') AS junk").
		From(desk.Name(app, desk.Verdicts)+" v").
		LeftJoin(desk.Name(app, desk.Cases)+" c", dbx.NewExp("[[c.feedback]] = [[v.feedback]]")).
		Where(dbx.NewExp("[[v.created]] >= {:since} AND [[v.simhash]] != ''", dbx.Params{
			"since": desk.Date(desk.Now(app).AddDate(0, 0, -recentDays)).String(),
		})).
		OrderBy("v.created DESC").Limit(maxRecent).WithContext(ctx).All(&rows)
	if err != nil {
		return fmt.Errorf("recent texts: %w", err)
	}
	slices.Reverse(rows) // the index forgets what was added first
	for _, r := range rows {
		hash, err := strconv.ParseUint(r.SimHash, 16, 64)
		if err != nil {
			continue
		}
		in.Recent.Add(spam.Entry{
			Hash: hash, Sender: sender(r.Sender).number(), At: r.Created.Time(), ID: r.Feedback,
			Junk: r.Junk, Good: r.Good,
		})
	}
	return nil
}

// ForgetSenders drops from memory what retention removes from the verdicts: from
// whom the texts came that are compared with, once that time is over.
func (in *Intake) ForgetSenders(app core.App) error {
	s, err := desk.LoadSettings(app)
	if err != nil || s.Retention.NetworkDays < 0 {
		return err
	}
	in.Recent.ForgetSenders(desk.Now(app).AddDate(0, 0, -s.Retention.NetworkDays))
	return nil
}

type recentRow struct {
	Feedback string         `db:"feedback"`
	SimHash  string         `db:"simhash"`
	Sender   string         `db:"sender"`
	Created  types.DateTime `db:"created"`
	Good     bool           `db:"good"` // staff released it, or answered
	Junk     bool           `db:"junk"` // staff said so
}

// compare adds what was committed to the texts that later ones are compared
// with. What screening made of it says nothing there: only staff's word does,
// else whoever sends a customer's text together with a sign of a machine would
// have the customer's own messages held.
func (in *Intake) compare(f *desk.Feedback, v screened, at time.Time) {
	if v.hashed {
		in.Recent.Add(spam.Entry{Hash: v.hash, Sender: v.sender.number(), At: at, ID: f.Id})
	}
}
