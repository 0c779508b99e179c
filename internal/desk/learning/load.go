package learning

import (
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// Load takes the model in use from where it is kept. One that was learned on
// another shipped model doesn't fit and is left; [Worker.Check] then asks for a
// training.
func (w *Worker) Load() error {
	r, err := latest(w.app, InUse)
	if r == nil || err != nil {
		return err
	}
	base := textmodel.Base()
	if r.GetString("base") != base.ID() {
		return nil
	}
	delta, err := base64.StdEncoding.DecodeString(r.GetString("delta"))
	if err != nil {
		return fmt.Errorf("spam model %s: %w", r.Id, err)
	}
	model, err := base.WithDelta(delta)
	if err != nil {
		return fmt.Errorf("spam model %s: %w", r.Id, err)
	}
	w.model.Store(model)
	return nil
}

// stale tells whether the lessons or the shipped model are others than at the
// last training, or that one broke off with a fault: then it is worth another
// try. A model that was found to be worse is settled.
func (w *Worker) stale() (bool, error) {
	now, err := digestNow(w.app)
	if err != nil {
		return false, err
	}
	if now == "" {
		r, err := latest(w.app, InUse)
		return r != nil, err
	}
	r, err := latest(w.app, InUse, Refused)
	if r == nil || err != nil {
		return err == nil, err
	}
	return r.GetString("code") == Failed || r.GetString("digest") != now || r.GetString("base") != textmodel.Base().ID(), nil
}

// latest is the newest model of these states; nil where there is none.
func latest(app core.App, states ...any) (*core.Record, error) {
	r := &core.Record{}
	err := app.RecordQuery(desk.SpamModels).AndWhere(dbx.In("status", states...)).
		OrderBy("created DESC", "rowid DESC").Limit(1).One(r)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}
