package desk

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const clockKey = "pocketdesk.clock"

// Now is the app's time, in UTC. Tests and the demo may set the clock.
func Now(app core.App) time.Time {
	if now, ok := app.Store().Get(clockKey).(func() time.Time); ok {
		return now().UTC()
	}
	return time.Now().UTC()
}

// SetClock makes now the app's clock; nil is the machine's again.
func SetClock(app core.App, now func() time.Time) {
	if now == nil {
		app.Store().Remove(clockKey)
		return
	}
	app.Store().Set(clockKey, now)
}

// Date is t as PocketBase stores it; the zero time is the empty date.
func Date(t time.Time) types.DateTime {
	if t.IsZero() {
		return types.DateTime{}
	}
	d, _ := types.ParseDateTime(t.UTC())
	return d
}
