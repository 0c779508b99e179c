package ruling

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Letter is an automatic mail, rendered and not sent yet.
type Letter interface {
	// Refused says why none is sent: skip where there is nothing wrong with the rule
	// (no_address, automatic …), failed where its template can't be used.
	Refused() (skip string, failed error)
	// Save queues it inside the transaction and gives the message's id, or why it
	// is not sent after all.
	Save(tx core.App, c *desk.Case) (message, skip string, err error)
}

// Config holds what the engine needs of others.
type Config struct {
	Commit *desk.Committer
	// Change fills in what follows from changed fields of a case and gives the
	// lines of the audit trail.
	Change func(app core.App, before, after *desk.Case, agent *desk.Agent, seen int) ([]desk.Event, error)
	// Letter renders an answer by template.
	Letter func(app core.App, c *desk.Case, template string) (Letter, error)
	// Reach says of some cases together why their visitors get no answer, whatever
	// stands in it: a skip as of [Letter], by case. It may be nil.
	Reach func(app core.App, cases []*desk.Case) (skip map[string]string, err error)
}

// Engine does what the rules say. Its fields are set before it starts; each may be nil.
type Engine struct {
	// After is told once all rules of a new case, or of a visitor's word, were looked
	// at; it may be told again after a crash.
	After func(caseID, event string) error
	// Assign gives a case to whoever is next; Webhook and Escalate are actions. They
	// run inside the transaction, which may be run twice.
	Assign   func(tx core.App, caseID, by string) error
	Webhook  func(tx core.App, id, caseID, rule string) error
	Escalate func(tx core.App, id, caseID, why string) error
	// Kick is called after a commit that queued a mail.
	Kick func()

	app    core.App
	config Config
	feed   *desk.Feed
	wake   <-chan struct{}

	ticks sync.Mutex      // one tick at a time, and
	swept time.Time       // when what lies between the calendars was looked at last
	mu    sync.Mutex      // one reader of the audit trail at a time, and what it remembers:
	tries map[string]int  // how often lines were tried in vain
	ahead map[string]bool // lines after one of these that are dealt with already

	slow slow // which rules rest because they take too long

	life   sync.Mutex
	stop   chan struct{}
	done   chan struct{}
	ending atomic.Bool
}

// New makes the engine.
func New(app core.App, config Config) *Engine {
	feed := desk.NewFeed(app, "rules")
	return &Engine{app: app, config: config, feed: feed, wake: feed.Wake()}
}

// book is the enabled rules, by event and in order, and those that can't be read.
type book struct {
	rules map[string][]*Rule
	wrong []*Rule
}

// load reads the rules; they are kept until one changes.
func load(app core.App) (*book, error) {
	return desk.Cached(app, desk.Rules, "compiled", func(app core.App) (*book, error) {
		var rows []*core.Record
		err := app.RecordQuery(desk.Rules).AndWhere(dbx.HashExp{"enabled": true}).OrderBy("position", "created", "id").Limit(MaxRules).All(&rows)
		if err != nil {
			return nil, err
		}
		b := &book{rules: map[string][]*Rule{}}
		for _, r := range rows {
			rule, err := ruleOf(app, r)
			var wrong validation.Errors
			if errors.As(err, &wrong) {
				b.wrong = append(b.wrong, &Rule{ID: r.Id, Name: r.GetString("name"), broken: wrong})
				continue
			}
			if err != nil {
				return nil, err
			}
			b.rules[rule.Event] = append(b.rules[rule.Event], rule)
		}
		return b, nil
	})
}

// FindRule reads one rule, enabled or not.
func FindRule(app core.App, id string) (*Rule, error) {
	r, err := app.FindRecordById(desk.Rules, id)
	if err != nil {
		return nil, err
	}
	return ruleOf(app, r)
}
