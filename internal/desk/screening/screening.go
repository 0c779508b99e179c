// Package screening reports what screening did: what came in, was held, blocked
// and decided, day by day, and what other thresholds would have done.
//
//	report, err := screening.Week(app, 7)
//	replay, err := screening.Try(app, screening.Question{Thresholds: desk.Thresholds{Quarantine: 6, Block: 25}, Days: 90})
//
// A message counts on the day on which it came, by the shop's time zone and its
// daylight saving time, whenever it is decided. The numbers stand in the records
// of screening_days, which outlive the messages; [Refresh] brings them up to date.
package screening

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const (
	// stale is how old the numbers may be that somebody looks at. Where counting
	// takes no time they are newer: it may take a fiftieth of the time.
	stale = 30 * time.Second
	share = 50
	// settling is how far back [Settle] counts again: answers to a message change
	// its case and not its verdict. An answer that comes later is not counted.
	settling = 14
	// overlap is looked at twice: a record is dated a moment before it is committed.
	overlap = time.Minute
)

// keeper lets one refresh run at a time on an app.
type keeper struct {
	mu   sync.Mutex
	last time.Time
	rest time.Duration // until the next one
}

func keeperOf(app core.App) *keeper {
	return app.Store().GetOrSet("pocketdesk.screening", func() any { return &keeper{} }).(*keeper)
}

// Refresh counts the days again that changed since the last time. It does
// nothing if that was a moment ago, half a minute at most.
func Refresh(app core.App) error { return refresh(context.Background(), app, true) }

// refresh is Refresh that may be broken off; it is made up for at the next one.
// Without rest the next one counts at once.
func refresh(ctx context.Context, app core.App, rest bool) error {
	k := keeperOf(app)
	k.mu.Lock()
	defer k.mu.Unlock()
	if ago := desk.Now(app).Sub(k.last); ago >= 0 && ago < k.rest {
		return nil
	}
	err := k.refresh(ctx, app, 0)
	if !rest {
		k.rest = 0
	}
	return err
}

// Settle is [Refresh] that counts the last two weeks again in any case. It
// belongs into the night.
func Settle(app core.App) error {
	k := keeperOf(app)
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.refresh(context.Background(), app, settling)
}

func (k *keeper) refresh(ctx context.Context, app core.App, again int) error {
	settings, err := desk.LoadSettings(app)
	if err != nil {
		return err
	}
	now, began := desk.Now(app), time.Now()
	days, err := changed(app, settings.Location)
	if err != nil {
		return err
	}
	days = append(days, lastDays(now, settings.Location, again)...)
	slices.Sort(days)
	days = slices.Compact(days)
	for _, day := range slices.Backward(days) { // who looks meanwhile sees the latest
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := count(app, day, settings.Location); err != nil {
			return err
		}
	}
	// only now, so that a day that failed is found again
	if err = note(app, now.Add(-overlap)); err == nil {
		k.last, k.rest = now, min(stale, share*time.Since(began))
	}
	return err
}

// count makes the record of a day anew from the messages that are there. What is
// removed meanwhile shows in the record, and the day is counted once more.
func count(app core.App, day string, loc *time.Location) error {
	for {
		before, err := desk.FindScreeningDay(app, day)
		if err != nil {
			return err
		}
		there, err := tally(app, day, loc)
		if err != nil {
			return err
		}
		again := false
		err = app.RunInTransaction(func(tx core.App) error {
			d, err := desk.FindScreeningDay(tx, day)
			if err != nil {
				return err
			}
			if again = d.GetString("removed") != before.GetString("removed"); again {
				return nil
			}
			if d.IsNew() && there.Counts == (desk.Counts{}) {
				return nil // nothing came on that day
			}
			d.SetTally(there)
			d.Set("zone", loc.String())
			d.Set("stale", false)
			return desk.Save(tx, d.Record)
		})
		if err != nil || !again {
			return err
		}
	}
}

// tally counts the messages of a day that are there.
func tally(app core.App, day string, loc *time.Location) (desk.Tally, error) {
	var t desk.Tally
	from, to := bounds(day, loc)
	err := desk.ScreenedBetween(app, desk.Date(from).String(), desk.Date(to).String(), t.Count)
	return t, err
}
