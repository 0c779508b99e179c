package learning

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// States of a trained model.
const (
	InUse    = "in_use"
	Refused  = "refused"
	Replaced = "replaced"
)

// Why a model was refused.
const (
	Worse  = "worse"  // it would hold more of the shop's good messages
	Failed = "failed" // it could not be trained
)

// Retrain makes a model of the lessons as they stand and takes it into use,
// unless it would hold more of the shop's good messages than the one that
// ships: then the present one stays, but for one that learned from a lesson
// which is gone: then the shipped one judges. A refusal is recorded and no error.
// All but the last step runs outside of any transaction.
func (w *Worker) Retrain(ctx context.Context) error {
	w.round.Lock()
	defer w.round.Unlock()
	m, err := w.collect(ctx)
	if err != nil {
		return err
	}
	if len(m.lessons) == 0 {
		return w.forget(m)
	}
	model, report, err := w.learn(ctx, m)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	t := trained{material: m, report: report, base: textmodel.Base().ID(), status: InUse}
	if err != nil {
		t.status, t.code, t.note = Refused, Failed, err.Error()
		if errors.Is(err, textmodel.ErrWorse) {
			t.code = Worse
		}
	} else {
		t.delta = model.Delta()
	}
	retired := false
	if saveErr := w.config.Commit.Do(func(tx core.App) (err error) {
		retired, err = t.save(tx)
		return err
	}); saveErr != nil {
		return fmt.Errorf("store the trained model: %w", errors.Join(saveErr, err))
	}
	log := w.app.Logger().With("lessons", len(m.lessons), "accepted", len(m.accepted))
	switch {
	case err == nil:
		w.model.Store(model)
		log.Info("learning: the text model has learned", "model", model.ID())
	case errors.Is(err, textmodel.ErrWorse):
		log.Warn("learning: the new text model was refused", "error", err)
	default:
		log.Error("learning: the text model can't be trained", "error", err)
	}
	if retired {
		w.model.Store(nil)
		log.Warn("learning: the shipped text model judges again, since the one in use had learned from a lesson that was taken back")
	}
	return nil
}

// learn trains; a panic inside costs this training and nothing else.
func (w *Worker) learn(ctx context.Context, m *material) (model *textmodel.Model, report textmodel.Report, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the training panicked: %v", p)
		}
	}()
	learner := w.config.Learner
	if learner == nil {
		learner = textmodel.Base()
	}
	model, report, err = learner.Learn(ctx, m.lessons, m.accepted)
	if err == nil && model == nil {
		err = errors.New("the training gave no model")
	}
	return model, report, err
}

// forget goes back to the shipped model when no lesson is left.
func (w *Worker) forget(m *material) error {
	if err := w.config.Commit.Do(func(tx core.App) error {
		if err := retire(tx, ""); err != nil {
			return err
		}
		return markUsed(tx, nil)
	}); err != nil {
		return fmt.Errorf("forget the trained model: %w", err)
	}
	w.model.Store(nil)
	w.app.Logger().Info("learning: no lesson is left, the shipped model judges")
	return nil
}

// trained is a model about to be recorded.
type trained struct {
	*material
	report textmodel.Report
	base   string
	status string
	code   string // of a refusal
	note   string
	delta  []byte
}

// save records the training; retired tells that the model in use was put aside
// without another in its place.
func (t trained) save(tx core.App) (retired bool, err error) {
	for id, features := range t.again {
		_, err := tx.DB().Update(desk.Name(tx, desk.Corrections), dbx.Params{"features": features}, dbx.HashExp{"id": id}).Execute()
		if err != nil {
			return false, err
		}
	}
	if t.status == InUse {
		err = errors.Join(retire(tx, ""), markUsed(tx, t.ids))
	} else if retired, err = unlearned(tx); retired && err == nil {
		err = errors.Join(retire(tx, "it had learned from a lesson that was taken back, and no other model could take its place"), markUsed(tx, nil))
	}
	if err != nil {
		return false, err
	}
	r, err := desk.New(tx, desk.SpamModels)
	if err != nil {
		return false, err
	}
	r.Set("status", t.status)
	r.Set("lessons", len(t.lessons))
	r.Set("report", t.report)
	r.Set("code", t.code)
	r.Set("note", desk.Clip(t.note, 900))
	r.Set("base", t.base)
	r.Set("digest", t.digest)
	r.Set("delta", base64.StdEncoding.EncodeToString(t.delta))
	if err := errors.Join(desk.Save(tx, r), prune(tx)); err != nil {
		return false, err
	}
	kind := "model_trained"
	if t.status == Refused {
		kind = "model_refused"
	}
	return retired, desk.Record(tx, desk.Event{Kind: kind, After: map[string]any{
		"lessons": len(t.lessons), "report": t.report, "reason": t.note, "retired": retired,
	}})
}

// unlearned tells whether the model in use has learned from a lesson that is
// gone: taken back, turned round or erased. Those that it learned from and that
// are there bear the mark of [markUsed].
func unlearned(tx core.App) (bool, error) {
	r, err := latest(tx, InUse)
	if r == nil || err != nil {
		return false, err
	}
	there, err := tx.CountRecords(desk.Corrections, dbx.HashExp{"used": true})
	return there < int64(r.GetInt("lessons")), err
}

// retire takes the model in use out of use. What it learned is not kept: it
// would be learned again from the lessons.
func retire(tx core.App, why string) error {
	rows, err := tx.FindAllRecords(desk.SpamModels, dbx.HashExp{"status": InUse})
	if err != nil {
		return err
	}
	for _, r := range rows {
		r.Set("status", Replaced)
		r.Set("note", why)
		r.Set("delta", "")
		if err := desk.Save(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// markUsed notes which lessons the model in use has learned. It goes past the
// records' hooks: there may be thousands, and nothing is to follow from it.
func markUsed(tx core.App, ids []string) error {
	table := desk.Name(tx, desk.Corrections)
	if _, err := tx.DB().Update(table, dbx.Params{"used": false}, dbx.HashExp{"used": true}).Execute(); err != nil {
		return err
	}
	for part := range slices.Chunk(ids, 500) {
		in := make([]any, len(part))
		for i, id := range part {
			in[i] = id
		}
		if _, err := tx.DB().Update(table, dbx.Params{"used": true}, dbx.In("id", in...)).Execute(); err != nil {
			return err
		}
	}
	return nil
}

// prune keeps the latest models, and always the one in use.
func prune(tx core.App) error {
	var rows []*core.Record
	err := tx.RecordQuery(desk.SpamModels).OrderBy("created DESC", "rowid DESC").Offset(keepModels).Limit(100).All(&rows)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.GetString("status") == InUse {
			continue
		}
		if err := tx.Delete(r); err != nil {
			return err
		}
	}
	return nil
}
