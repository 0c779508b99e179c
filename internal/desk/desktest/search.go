package desktest

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/searching"
)

// newSearch binds the search index as the plugin does.
func (a *App) newSearch() *searching.Index {
	x := searching.New(a, searching.Config{Commit: a.Commit})
	desk.SetIndexer(a, x)
	inside := func(e *core.RecordEvent, run func(tx core.App) error) error {
		app := e.App
		defer func() { e.App = app }()
		return app.RunInTransaction(func(tx core.App) error {
			e.App = tx
			return run(tx)
		})
	}
	a.OnRecordCreateExecute(searching.Indexed()...).BindFunc(func(e *core.RecordEvent) error {
		return inside(e, func(tx core.App) error {
			if err := e.Next(); err != nil {
				return err
			}
			return x.Added(tx, e.Record)
		})
	})
	a.OnRecordUpdateExecute(searching.Indexed()...).BindFunc(func(e *core.RecordEvent) error {
		return inside(e, func(tx core.App) error { return x.Changing(tx, e.Record, e.Next) })
	})
	a.OnRecordDeleteExecute(searching.Deleted()...).BindFunc(func(e *core.RecordEvent) error {
		return inside(e, func(tx core.App) error {
			if err := x.Deleting(tx, e.Record); err != nil {
				return err
			}
			return e.Next()
		})
	})
	return x
}
