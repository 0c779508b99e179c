package desk

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

type ownKey struct{}

// Save stores a record that our own line made: it is valid by construction, so
// PocketBase's field checks, which query the database, are left out. Hooks of
// the host still run. The dues of a case that was touched are reckoned anew.
func Save(app core.App, r *core.Record) error {
	if r.Collection().Id == Cases {
		return saveCase(app, r)
	}
	return save(app, r)
}

func saveCase(app core.App, r *core.Record) error {
	if err := since(app, r); err != nil {
		return err
	}
	before := 0
	if !r.IsNew() {
		before = r.Original().GetInt("version")
	}
	if r.GetInt("version") == before { // not touched
		return save(app, r)
	}
	events, err := Reckon(app, AsCase(r))
	if err != nil {
		return err
	}
	if err := save(app, r); err != nil || len(events) == 0 {
		return err
	}
	return Record(app, events...)
}

func save(app core.App, r *core.Record) error {
	if r.Id == "" { // PocketBase would run the id's pattern, which costs far more
		r.Id = core.GenerateDefaultRandomId()
	}
	stamp(app, r)
	ctx := context.WithValue(context.Background(), ownKey{}, true)
	if r.IsNew() && app.IsTransactional() && len(r.GetUnsavedFiles("attachments")) == 0 && bare(app) && outer(app) != nil {
		date(r)
		return insert(app, ctx, r)
	}
	return app.SaveNoValidateWithContext(ctx, r)
}

// date gives a new record its dates, unless the app's clock has.
func date(r *core.Record) {
	if r.GetDateTime("created").IsZero() {
		now := types.NowDateTime()
		r.SetRaw("created", now)
		r.SetRaw("updated", now)
	}
}

// Own tells a record hook that the save comes from our own line.
func Own(ctx context.Context) bool { return ctx != nil && ctx.Value(ownKey{}) != nil }

// stamp dates a record by the app's clock where one was set; PocketBase's own
// dates follow the machine's. A new record that bears its date keeps it.
func stamp(app core.App, r *core.Record) {
	if !app.Store().Has(clockKey) {
		return
	}
	now := Date(Now(app))
	if r.IsNew() && r.GetDateTime("created").IsZero() {
		r.SetRaw("created", now)
	}
	if r.GetDateTime("updated").Equal(now) {
		// PocketBase takes an unchanged date for one that it should set itself
		now = now.Add(time.Millisecond)
	}
	r.SetRaw("updated", now)
}

// since notes when a case got the status that it has, unless somebody put back
// since when: then the reminder of that time counts again.
func since(app core.App, r *core.Record) (err error) {
	if was := r.Original().GetString("status_since"); !r.IsNew() && was != r.GetString("status_since") {
		if r.GetString("status_since") < was && r.Original().GetString("nudged_at") == r.GetString("nudged_at") {
			var nudged string
			nudged, err = nudgedSince(app, r.Id, r.GetString("status_since"))
			r.Set("nudged_at", nudged)
		}
		return err
	}
	if !r.IsNew() && r.Original().GetString("status") == r.GetString("status") && !r.GetDateTime("status_since").IsZero() {
		return nil
	}
	r.Set("status_since", Date(Now(app)))
	r.Set("nudged_at", "")
	return nil
}
