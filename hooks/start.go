package hooks

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/classify"
	"github.com/pocketdesk/pocketdesk/internal/desk/doorbell"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/desk/learning"
	"github.com/pocketdesk/pocketdesk/internal/desk/outbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/reading"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
	"github.com/pocketdesk/pocketdesk/internal/geo"
	"github.com/pocketdesk/pocketdesk/internal/limit"
	"github.com/pocketdesk/pocketdesk/internal/llm"
	"github.com/pocketdesk/pocketdesk/internal/mx"
	"github.com/pocketdesk/pocketdesk/internal/page"
	"github.com/pocketdesk/pocketdesk/internal/presence"
	"github.com/pocketdesk/pocketdesk/pb_migrations"
	"github.com/pocketdesk/pocketdesk/pb_public"
)

// start builds the stations. A clash with the host's collections leaves
// PocketDesk off, and the host starts all the same.
func (p *plugin) start() error {
	if err := desk.Inspect(p.app); err != nil {
		p.warn(err)
		return nil
	}
	if err := pb_migrations.Again(p.app); err != nil {
		return err
	}
	if err := desk.LoadSecret(p.app, p.config.Secret); err != nil {
		return err
	}
	desk.GiveSecrets(p.app, p.config.Secrets)
	if s := p.config.MemberSecret; s != "" && len(s) < 16 {
		return errors.New("POCKETDESK_MEMBER_SECRET (Config.MemberSecret) needs 16 characters or more")
	}
	if err := p.loadPages(); err != nil {
		return err
	}
	now := func() time.Time { return desk.Now(p.app) }
	p.commit = desk.NewCommitter(p.app)
	p.startSearch()
	p.hits = desk.NewHits()
	p.work = casework.New(p.hits)
	p.outbox = outbox.New(p.app, p.commit, p.base)
	p.outbox.Bounced = func(tx core.App, b outbox.Bounce) error {
		return p.work.Bounced(tx, casework.Bounced{Delivery: b.Delivery, Message: b.Message, Hard: true, Why: b.Why})
	}
	p.classifier = classify.New(p.app, p.commit, llm.Config{
		BaseURL: p.config.LLM.BaseURL, APIKey: p.config.LLM.APIKey, Model: p.config.LLM.Model,
		Timeout: p.config.LLM.Timeout, Concurrent: p.config.LLM.Concurrent, DailyBudget: p.config.LLM.DailyBudget,
		Now: now,
	})
	p.learning = learning.New(p.app, learning.Config{Commit: p.commit})
	p.door = intake.New(p.app, intake.Config{
		Commit: p.commit, Hits: p.hits, Model: p.learning.Model,
		Prepare: func(app core.App, f *desk.Feedback) (intake.Opening, error) { return p.work.Prepare(app, f) },
		Opened:  p.opened,
		Captcha: intake.CaptchaKeys{Secret: p.config.Captcha.Secret, VerifyURL: p.config.Captcha.VerifyURL},
		Geo:     p.openGeo(), MX: mx.New(mx.Config{Witness: "gmail.com", Now: now}), MemberSecret: p.config.MemberSecret,
	})
	p.door.Unconfirmed = p.askToConfirm
	p.doorbell = &doorbell.Bell{Looks: p.looksAt}
	p.door.Arrived, p.work.Rings = p.doorbell.NewCase, p.doorbell.Answered
	p.tracker = &tracking.Tracker{Commit: p.commit, Hear: p.hear}
	p.startMany()
	p.counter = inbox.NewCounter(p.app)
	p.viewing = make(chan struct{}, viewsAtOnce)
	p.reading = reading.New(p.app, p.commit)
	p.presence = presence.New(presence.Config{Now: now})
	p.startReminders()
	p.startTelling(now)
	p.startEscalations()
	p.startService()
	p.startAssigning()
	p.startStaffing()
	p.startRules()
	p.startReplay()
	p.startMerging()
	p.startInbound(now)
	p.startSMS(now)
	p.startLookup(now)
	p.startMembers()
	p.startProblems()
	p.startWebhooks(now)
	p.startTopics()
	p.startLimits(now)
	return nil
}

// startLimits counts what the public may do so often and no more.
func (p *plugin) startLimits(now func() time.Time) {
	p.peeks = limit.New(limit.Config{Window: time.Minute, Now: now})
	p.signIns = limit.New(limit.Config{Window: signInWindow, Now: now})
	p.posts = limit.New(limit.Config{Window: 10 * time.Minute, Now: now})
}

// loadPages reads the visitors' pages. A folder on disk that spoils them is told
// of, and the embedded pages serve.
func (p *plugin) loadPages() (err error) {
	if p.config.PublicDir != "" {
		p.pages, err = page.New(page.Overlay(p.config.PublicDir, pb_public.Files()))
		if err == nil {
			return nil
		}
		p.warn(fmt.Errorf("the pages in %s can't be used: %w", p.config.PublicDir, err))
	}
	p.pages, err = page.New(pb_public.Files())
	return err
}

// openGeo opens the file of countries. One that can't be used is told of, and
// screening goes on without countries.
func (p *plugin) openGeo() *geo.DB {
	file := p.config.GeoDB
	if file == "" {
		file = filepath.Join(p.app.DataDir(), "geo.mmdb")
		if _, err := os.Stat(file); err != nil {
			return nil
		}
	}
	db, err := geo.Open(file)
	if err != nil {
		p.warn(fmt.Errorf("countries are unknown: %s can't be used: %w", file, err))
		return nil
	}
	return db
}

// opened is what happens after the commit of every new case.
func (p *plugin) opened(c *desk.Case) {
	if desk.MailOn(p.app) || desk.SMSOn(p.app) { // else its mail is held
		p.outbox.Kick()
	}
	p.classifier.Queue(c.Id)
}
