package hooks

import (
	"errors"

	"github.com/pocketdesk/pocketdesk/internal/desk/noticing"
	"github.com/pocketdesk/pocketdesk/internal/desk/promising"
	"github.com/pocketdesk/pocketdesk/internal/desk/reminding"
)

// startReminders builds the stations that keep our word.
func (p *plugin) startReminders() {
	p.promises = promising.New(p.app, promising.Config{Commit: p.commit})
	p.work.Promises = p.promises
	p.reminders = reminding.New(p.app, p.commit)
	p.digests = noticing.New(p.app, p.commit, p.deskLink)
}

// bindReminders looks every minute for what is due.
func (p *plugin) bindReminders() {
	p.job("pocketdesk.due", "* * * * *", p.remind)
	p.job("pocketdesk.daily", "* * * * *", func() error {
		n, err := p.digests.Daily()
		if n > 0 {
			p.outbox.Kick()
		}
		return err
	})
	p.job("pocketdesk.notices", "23 3 * * *", func() error { return noticing.Forget(p.app) })
}

// remind brings back what is due and settles what was not kept. While one round
// is under way, as after days without a server, the next is left out.
func (p *plugin) remind() error {
	if !p.reminding.TryLock() {
		return nil
	}
	defer p.reminding.Unlock()
	_, err := p.reminders.Tick()
	_, late := p.promises.Tick()
	return errors.Join(err, late)
}
