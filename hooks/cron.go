package hooks

import (
	"context"
	"errors"

	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
	"github.com/pocketdesk/pocketdesk/internal/desk/screening"
)

// bindCron adds the regular work to PocketBase's own cron, where the dashboard shows it.
func (p *plugin) bindCron() {
	p.job("pocketdesk.retention", "17 3 * * *", func() error {
		return errors.Join(privacy.Sweep(p.app), p.door.ForgetSenders(p.app))
	})
	p.job("pocketdesk.reads", "29 3 * * *", func() error { return p.reading.Sweep() })
	p.job("pocketdesk.idempotency", "43 * * * *", func() error { return intake.ForgetKeys(p.app) })
	p.job("pocketdesk.hits", "* * * * *", func() error { return p.hits.Flush(p.app) })
	p.job("pocketdesk.search", "31 3 * * *", func() error { return p.search.Tidy(context.Background()) })
	p.job("pocketdesk.screening", "7 * * * *", func() error { return screening.Refresh(p.app) })
	p.job("pocketdesk.screening.settle", "9 3 * * *", func() error { return screening.Settle(p.app) })
}

func (p *plugin) job(id, when string, run func() error) {
	p.app.Cron().MustAdd(id, when, func() {
		if !p.on() {
			return
		}
		if err := run(); err != nil {
			p.app.Logger().Error(id, "error", err)
		}
	})
}
