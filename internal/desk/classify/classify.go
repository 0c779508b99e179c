// Package classify asks the optional language model about new cases, after
// their commit. What it says is a suggestion: it fills what nobody else has
// filled, and the line goes on without it.
//
//	c := classify.New(app, committer, llm.Config{BaseURL: "http://127.0.0.1:11434/v1", Model: "qwen3"})
//	c.Start()
//	c.Queue(caseID)
package classify

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/llm"
)

// room is how many cases may wait for the model; what is beyond goes without.
const room = 1000

// Classifier asks the model about cases of one app.
type Classifier struct {
	app    core.App
	commit *desk.Committer
	base   llm.Config

	queue   chan string
	running atomic.Bool
	cancel  context.CancelFunc
	wg      sync.WaitGroup

	mu     sync.Mutex
	client *llm.Client
	used   choices
}

// choices are the settings that a client was made with.
type choices struct {
	model              string
	budget, concurrent int
	zone               string
}

// New makes a classifier; base holds address, key and model of the environment.
func New(app core.App, commit *desk.Committer, base llm.Config) *Classifier {
	return &Classifier{app: app, commit: commit, base: base, queue: make(chan string, room)}
}

// On tells whether a model is configured and not switched off.
func (c *Classifier) On() bool {
	if !c.base.On() {
		return false
	}
	s, err := desk.LoadSettings(c.app)
	return err == nil && (s.LLM.Enabled == nil || *s.LLM.Enabled)
}

// Start works in the background until [Classifier.Stop].
func (c *Classifier) Start() {
	if !c.base.On() {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	c.running.Store(true)
	n := c.base.Concurrent
	if n <= 0 {
		n = 2
	}
	for range n {
		c.wg.Add(1)
		go c.work(ctx)
	}
}

// Stop ends the background work; cases that wait go without a suggestion.
func (c *Classifier) Stop() {
	if c.cancel == nil {
		return
	}
	c.running.Store(false)
	c.cancel()
	c.wg.Wait()
	c.cancel = nil
}

// Queue asks for a case to be classified, and never waits.
func (c *Classifier) Queue(caseID string) {
	if !c.running.Load() || !c.On() {
		return
	}
	select {
	case c.queue <- caseID:
	default:
		c.app.Logger().Warn("classify: too many cases wait for the model, one goes without", "case", caseID)
	}
}

func (c *Classifier) work(ctx context.Context) {
	defer c.wg.Done()
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-c.queue:
			if err := c.Classify(ctx, id); err != nil && ctx.Err() == nil {
				c.app.Logger().Error("classify", "case", id, "error", err)
			}
		}
	}
}

// current is the client for the settings as they stand; it keeps its budget and
// breaker as long as they don't change.
func (c *Classifier) current(s *desk.Settings) *llm.Client {
	want := choices{s.LLM.Model, s.LLM.DailyBudget, s.LLM.Concurrent, s.Location.String()}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client != nil && c.used == want {
		return c.client
	}
	cfg := c.base
	if cfg.Model == "" {
		cfg.Model = want.model
	}
	if cfg.DailyBudget == 0 {
		cfg.DailyBudget = want.budget
	}
	if cfg.Concurrent == 0 {
		cfg.Concurrent = want.concurrent
	}
	cfg.Location = s.Location
	c.client, c.used = llm.New(cfg), want
	return c.client
}

// State is off, on, or open while the breaker keeps calls back.
func (c *Classifier) State() string {
	if !c.On() {
		return "off"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client != nil && c.client.Status().Until.After(desk.Now(c.app)) {
		return "open"
	}
	return "on"
}
