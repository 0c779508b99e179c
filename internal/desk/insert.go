package desk

import (
	"context"

	"github.com/pocketbase/pocketbase/core"
)

// PocketBase runs some twenty handlers around every INSERT, which cost more
// than the INSERT. A submission makes ten records, so they bound how much the
// one writer takes. Where nobody but PocketBase and we have bound a handler
// before the INSERT, nothing is lost by leaving them out: our records have no
// files to store, no passwords to hash and their ids and dates already. What
// comes after the commit (realtime, the host's own hooks) runs as ever.

const plainKey = "pocketdesk.plain"

// handlers are how many stand before a record's INSERT.
type handlers struct{ model, modelExecute, record, recordExecute int }

func countHandlers(app core.App) handlers {
	return handlers{
		app.OnModelCreate().Length(), app.OnModelCreateExecute().Length(),
		app.OnRecordCreate().Length(), app.OnRecordCreateExecute().Length(),
	}
}

// bare tells whether only PocketBase's handlers and our own, on feedback and of
// the search index, stand before an INSERT.
func bare(app core.App) bool {
	plain, ok := app.Store().GetOrSet(plainKey, func() any {
		return countHandlers(core.NewBaseApp(core.BaseAppConfig{}))
	}).(handlers)
	now := countHandlers(app)
	if now.record > 0 {
		now.record-- // ours
	}
	if indexer(app) != nil && now.recordExecute > 0 {
		now.recordExecute-- // as well
	}
	return ok && now.model <= plain.model && now.modelExecute <= plain.modelExecute &&
		now.record <= plain.record && now.recordExecute <= plain.recordExecute
}

// insert stores a new record inside a transaction.
func insert(tx core.App, ctx context.Context, r *core.Record) error {
	data, err := r.DBExport(tx)
	if err != nil {
		return err
	}
	st, err := insertInto(tx, r.Collection())
	if err != nil {
		return err
	}
	values := make([]any, len(st.columns))
	for i, name := range st.columns {
		values[i] = data[name]
	}
	if _, err := st.ExecContext(ctx, values...); err != nil {
		return err
	}
	if i := indexer(tx); i != nil {
		if err := i.Added(tx, r); err != nil {
			return err
		}
	}
	r.MarkAsNotNew()
	event := &core.ModelEvent{Context: ctx, Type: core.ModelEventTypeCreate}
	event.Model, event.App = r, outer(tx)
	tx.TxInfo().OnComplete(func(txErr error) error {
		if txErr != nil {
			r.MarkAsNew()
			return tx.OnModelAfterCreateError().Trigger(&core.ModelErrorEvent{ModelEvent: *event, Error: txErr})
		}
		return tx.OnModelAfterCreateSuccess().Trigger(event)
	})
	return nil
}

const outerKey = "pocketdesk.app"

// outer is the app on which PocketDesk was registered: what runs after a
// commit must not see the transaction's.
func outer(tx core.App) core.App {
	app, _ := tx.Store().Get(outerKey).(core.App)
	return app
}
