package desk

import (
	"github.com/pocketbase/pocketbase/core"
)

// kept is what stands in memory of one collection: a value by form, and how
// often the collection changed since the app started.
type kept struct {
	changes int
	forms   map[string]any
}

// Cached is what load made of a small collection, kept until [Forget] is told
// that the collection changed. id is one of our collection ids; as names the
// form it is kept in, since one collection may be kept in several.
func Cached[T any](app core.App, id, as string, load func(core.App) (T, error)) (T, error) {
	key := cacheKey(id)
	before, _ := app.Store().Get(key).(kept)
	if v, ok := before.forms[as].(T); ok {
		return v, nil
	}
	v, err := load(app)
	if err != nil {
		return v, err
	}
	if app.IsTransactional() {
		return v, nil // it may be rolled back
	}
	app.Store().SetFunc(key, func(old any) any {
		now, _ := old.(kept)
		if now.changes != before.changes {
			return now // what was read may be older than the change
		}
		forms := map[string]any{as: v}
		for k, o := range now.forms {
			if k != as {
				forms[k] = o
			}
		}
		return kept{now.changes, forms}
	})
	return v, nil
}

// Forget drops what was kept of a collection.
func Forget(app core.App, id string) {
	app.Store().SetFunc(cacheKey(id), func(old any) any {
		now, _ := old.(kept)
		return kept{changes: now.changes + 1}
	})
}

func cacheKey(id string) string { return "pocketdesk.cache." + id }
