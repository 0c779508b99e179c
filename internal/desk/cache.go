package desk

import (
	"github.com/pocketbase/pocketbase/core"
)

// Cached is what load made of a small collection, kept until [Forget] is told
// that the collection changed. id is one of our collection ids; as names the
// form it is kept in, since one collection may be kept in several.
func Cached[T any](app core.App, id, as string, load func(core.App) (T, error)) (T, error) {
	key := cacheKey(id)
	kept, _ := app.Store().Get(key).(map[string]any)
	if v, ok := kept[as].(T); ok {
		return v, nil
	}
	v, err := load(app)
	if err != nil {
		return v, err
	}
	app.Store().SetFunc(key, func(old any) any {
		next := map[string]any{as: v}
		if m, ok := old.(map[string]any); ok {
			for k, o := range m {
				if k != as {
					next[k] = o
				}
			}
		}
		return next
	})
	return v, nil
}

// Forget drops what was kept of a collection.
func Forget(app core.App, id string) { app.Store().Remove(cacheKey(id)) }

func cacheKey(id string) string { return "pocketdesk.cache." + id }
