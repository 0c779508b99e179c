package desk

import (
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

const (
	offKey   = "pocketdesk.off"
	freshKey = "pocketdesk.fresh"
)

// Inspect looks, before any migration runs, whether our schema stands or may be
// made. The error is a sentence for the operator: a collection of the host's
// bears a name of ours, and PocketDesk stays off.
func Inspect(app core.App) error {
	fresh := true
	for _, id := range Collections() {
		if _, err := app.FindCollectionByNameOrId(id); err == nil {
			fresh = false
			break
		}
	}
	app.Store().Set(freshKey, fresh)
	return Recheck(app)
}

// Recheck looks for a clash once more from inside a run of migrations: those of
// the host may have made its collections since the app started. What was found
// out about [Fresh] holds for the whole run.
func Recheck(app core.App) error {
	app.Store().Remove(offKey)
	var taken []string
	for _, id := range Collections() {
		if _, err := app.FindCollectionByNameOrId(id); err == nil {
			continue
		}
		name := PlannedName(app, id)
		if c, err := app.FindCollectionByNameOrId(name); err == nil && c.Id != id {
			taken = append(taken, name)
		}
	}
	if len(taken) == 0 {
		return nil
	}
	app.Store().Set(offKey, true)
	return fmt.Errorf("PocketDesk is off: this app already has collections named %s; set Config.Prefix, for example \"desk_\", and start again",
		strings.Join(taken, ", "))
}

// Installable tells whether our migrations may run on this app.
func Installable(app core.App) bool { return Installed(app) && !app.Store().Has(offKey) }

// On tells whether PocketDesk is registered and its schema stands.
func On(app core.App) bool {
	if !Installable(app) {
		return false
	}
	_, err := app.FindCachedCollectionByNameOrId(SettingsID)
	return err == nil
}

// Fresh tells whether no collection of ours stood when the app started.
func Fresh(app core.App) bool {
	fresh, _ := app.Store().Get(freshKey).(bool)
	return fresh
}
