// Package casework holds the verbs on a case: open it for a submission, answer,
// change it, note something down. Each writes its lines of the audit trail.
//
//	opening, err := work.Prepare(app, feedback) // outside the transaction
//	err = committer.Do(func(tx core.App) error { _, err := opening.Save(tx); return err })
package casework

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/keyword"
	"github.com/pocketdesk/pocketdesk/internal/liquid"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// Work holds what the verbs share. The zero value is not usable; see [New].
type Work struct {
	Liquid *liquid.Engine
	Hits   *desk.Hits
	// TrackingURL is the secret page of a case: a text message is as long as its
	// link. nil counts the mark that stands for it.
	TrackingURL func(core.App, *desk.Case) string
	// Promises keeps what we said we would do by a date. nil keeps the date in
	// promised_at, and nothing more.
	Promises Promises
	// Rings tells staff inside the transaction that a visitor wrote on a case. nil
	// tells nobody.
	Rings func(tx core.App, c *desk.Case, m *desk.Message) error
	// Topic tells of a text which category it is, and how sure that is, from 0 to 1;
	// "" where it is not sure enough. nil is never sure.
	Topic func(app core.App, subject, message string) (category string, p float64, err error)
}

// New makes the verbs on cases. hits counts which keywords were found.
func New(hits *desk.Hits) *Work { return &Work{Liquid: liquid.New(), Hits: hits} }

// keywords are the shop's words, compiled and kept until one changes.
func keywords(app core.App) (*keyword.Set, error) {
	return desk.Cached(app, desk.Keywords, "compiled", func(app core.App) (*keyword.Set, error) {
		rows, err := app.FindRecordsByFilter(desk.Keywords, "enabled = true", "created,id", 0, 0)
		if err != nil {
			return nil, err
		}
		list := make([]keyword.Row, 0, len(rows))
		for _, r := range rows {
			row := keyword.Row{ID: r.Id, Effect: r.GetString("effect"), Value: r.GetString("value"), Note: r.GetString("note")}
			_ = r.UnmarshalJSONField("words", &row.Words)
			list = append(list, row)
		}
		return keyword.Compile(list, spam.Fold), nil
	})
}
