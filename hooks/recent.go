package hooks

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// bindRecent reads the texts of the last weeks in the background, so that a
// repeated one is noticed after a restart too, notes which were answered, and
// forgets those that are deleted.
func (p *plugin) bindRecent() {
	ctx, cancel := context.WithCancel(context.Background())
	var reading sync.WaitGroup
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.recent",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				reading.Go(func() {
					if err := p.door.LoadRecent(ctx, p.app); err != nil && !errors.Is(err, context.Canceled) {
						p.app.Logger().Warn("repeated texts are found from now on only", "error", err)
					}
				})
			}
			return e.Next()
		},
	})
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.recent.stop",
		Func: func(e *core.TerminateEvent) error {
			cancel()
			reading.Wait()
			return e.Next()
		},
	})
	p.app.OnRecordUpdate(desk.Cases).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.recent.answered", Func: p.answered,
	})
	p.app.OnRecordAfterDeleteSuccess(desk.Feedbacks).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.recent.forget",
		Func: func(e *core.RecordEvent) error {
			if p.on() {
				p.door.Recent.Forget(e.Record.Id)
			}
			return e.Next()
		},
	})
}

// answered notes that staff took a message for a real one, once that is
// committed. An answer to a message that was called junk says nothing of it.
func (p *plugin) answered(e *core.RecordEvent) error {
	const field = "first_responded_at"
	now := e.Record.Original().GetDateTime(field).IsZero() && !e.Record.GetDateTime(field).IsZero()
	if err := e.Next(); err != nil || !now || !p.on() {
		return err
	}
	id := desk.AsCase(e.Record).Feedback()
	v, err := desk.FindVerdictOf(e.App, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // the message is gone
	}
	if err != nil {
		return err
	}
	if v.Outcome() == desk.Accepted {
		desk.AfterCommit(e.App, func() { p.door.Recent.Answered(id) })
	}
	return nil
}
