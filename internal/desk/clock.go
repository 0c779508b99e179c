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

// SetClock makes now the app's clock.
func SetClock(app core.App, now func() time.Time) { app.Store().Set(clockKey, now) }

// Date is t as PocketBase stores it; the zero time is the empty date.
func Date(t time.Time) types.DateTime {
	if t.IsZero() {
		return types.DateTime{}
	}
	d, _ := types.ParseDateTime(t.UTC())
	return d
}
