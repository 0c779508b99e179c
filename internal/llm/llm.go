// Package llm asks a language model to sort one visitor message: which category, how urgent,
// which mood, how likely junk, one sentence of summary. Any server that speaks OpenAI's chat
// completions will do, also one on the shop's own machine.
//
// What comes back is a suggestion that was checked field by field; the message itself is handed
// over as data, with addresses, numbers and tokens masked, and no tools are offered, so that the
// worst a hostile message can do is to suggest a wrong category.
//
//	c := llm.New(llm.Config{BaseURL: "http://127.0.0.1:8080/v1", Model: "qwen3"})
//	s, err := c.Classify(ctx, llm.Input{
//		Text:       "商品到現在還沒收到",
//		ShopLocale: "zh-TW",
//		Categories: []llm.Category{{Key: "delivery", Labels: map[string]string{"zh-TW": "配送"}}},
//	})
//	if err != nil {
//		log.Println(llm.Kind(err)) // the line goes on without a suggestion
//	}
//
// Nothing is tried twice in here: whoever calls decides whether and when to ask again.
package llm

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// Config says which server to ask and how much. The zero Config is a client that is off.
type Config struct {
	// BaseURL is where "/chat/completions" is appended, e.g. "http://127.0.0.1:11434/v1".
	// Default, when a key is set: OpenAI's own.
	BaseURL string
	// APIKey is sent as bearer token; empty for servers that want none. It is part of no error
	// and is printed by neither fmt nor JSON.
	APIKey string `json:"-"`
	// Model is the server's name for the model. Default "gpt-4o-mini".
	Model string
	// Timeout bounds the wait for a free slot and then, anew, the call itself. Default 20 s.
	Timeout time.Duration
	// Concurrent is how many calls may run at once. Default 2.
	Concurrent int
	// DailyBudget is how many requests may be sent in a calendar day. Default 500; below zero
	// there is no limit. The count is kept in memory and starts anew with the process.
	DailyBudget int
	// Now is the clock for the budget, the breaker and Took. Default time.Now.
	Now func() time.Time
	// HTTPClient carries the calls. Default: a client with own timeouts. A given one is copied;
	// in both cases redirects to another host are not followed.
	HTTPClient *http.Client
	// Location is where the budget's day begins. Default UTC.
	Location *time.Location
}

// On reports whether a server was configured: a base URL or a key is set.
func (c Config) On() bool { return c.BaseURL != "" || c.APIKey != "" }

// String shows the configuration without the key.
func (c Config) String() string {
	return fmt.Sprintf("llm.Config{BaseURL: %q, Model: %q, key set: %t}", c.BaseURL, c.Model, c.APIKey != "")
}

// GoString is String, so that %#v does not show the key either.
func (c Config) GoString() string { return c.String() }

func (c Config) withDefaults() Config {
	if c.BaseURL == "" {
		c.BaseURL = "https://api.openai.com/v1"
	}
	if c.Model == "" {
		c.Model = openai.GPT4oMini
	}
	if c.Timeout <= 0 {
		c.Timeout = 20 * time.Second
	}
	if c.Concurrent <= 0 {
		c.Concurrent = 2
	}
	if c.DailyBudget == 0 {
		c.DailyBudget = 500
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Location == nil {
		c.Location = time.UTC
	}
	return c
}

// Category is one of the answers allowed for "which category".
type Category struct {
	// Key is what Suggestion.Category will hold.
	Key string
	// Labels are the names that visitors see, by locale; they tell the model what the key means.
	Labels map[string]string
}

// Input is one visitor message and the frame in which to judge it.
type Input struct {
	// Subject and Text are as the visitor wrote them; both are masked and cut before they leave
	// (300 and 6,000 characters). At least one must hold something.
	Subject, Text string
	// Locale is the language in which the form was shown (BCP 47), a mere hint.
	Locale string
	// Categories are the allowed categories. With none, no category is asked for.
	Categories []Category
	// ShopLocale is the language of summary and reason (BCP 47). Default "en".
	ShopLocale string
}

// Suggestion is what the model thinks, each field within its bounds.
type Suggestion struct {
	Language  string        // BCP 47, in canonical form, e.g. "zh-TW"
	Category  string        // one of the keys of Input.Categories; "" if there were none
	Priority  string        // low, normal, high or urgent
	Sentiment string        // negative, neutral or positive
	Spam      float64       // 0 surely not junk … 1 surely junk
	Summary   string        // one line, 1 to 300 characters, in Input.ShopLocale
	Reason    string        // one line, 1 to 300 characters, why this category and priority
	Model     string        // which model answered, as the server says
	Took      time.Duration // from request to checked answer, without the wait for a slot
}

// Client asks one server. It is safe for concurrent use.
type Client struct {
	cfg      Config
	on       bool
	bad      error // the configuration cannot work, and why
	api      *openai.Client
	gate     *gate
	noSchema atomic.Bool // the server does not know json_schema
	marker   func() string
}

// New makes a client. It opens no connection; a base URL that cannot work is told by Classify.
func New(cfg Config) *Client {
	c := &Client{on: cfg.On(), marker: randomMarker}
	cfg.BaseURL, cfg.APIKey = strings.TrimSpace(cfg.BaseURL), strings.TrimSpace(cfg.APIKey)
	c.cfg = cfg.withDefaults()
	c.bad = checkBaseURL(c.cfg.BaseURL)
	c.gate = newGate(c.cfg)
	oc := openai.DefaultConfig(c.cfg.APIKey)
	oc.BaseURL = c.cfg.BaseURL
	oc.HTTPClient = newDoer(c.cfg)
	c.api = openai.NewClientWithConfig(oc)
	return c
}

// Status tells how the client stands right now.
func (c *Client) Status() Status {
	s := c.gate.status()
	s.On, s.Model = c.on, c.cfg.Model
	return s
}

// Classify asks for a suggestion on one message.
//
// Every error matches one sentinel of this package (see Kind), or context.Canceled if the caller
// gave up during the call. No error holds the key, the visitor's text or what the server said,
// but for its error code.
func (c *Client) Classify(ctx context.Context, in Input) (Suggestion, error) {
	switch {
	case !c.on:
		return Suggestion{}, ErrOff
	case c.bad != nil:
		return Suggestion{}, c.bad
	}
	p, err := newPrompt(in, c.marker())
	if err != nil {
		return Suggestion{}, err
	}
	t, err := c.gate.enter(ctx)
	if err != nil {
		return Suggestion{}, err
	}
	start := c.cfg.Now()
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	s, err := c.ask(ctx, p)
	c.gate.leave(t, err)
	if err != nil {
		return Suggestion{}, err
	}
	s.Took = c.cfg.Now().Sub(start)
	return s, nil
}

// ask sends the prompt, a second time without schema if the server does not know schemas.
func (c *Client) ask(ctx context.Context, p prompt) (Suggestion, error) {
	plain := c.noSchema.Load()
	s, err := c.send(ctx, p, plain)
	if plain || !isSchemaUnknown(err) {
		return s, err
	}
	if err := c.gate.spend(); err != nil {
		return Suggestion{}, err
	}
	s, err = c.send(ctx, p, true)
	// Remembered only once the plain form was taken: the first refusal may have had another cause.
	if err == nil || isAnswered(err) {
		c.noSchema.Store(true)
	}
	return s, err
}

func (c *Client) send(ctx context.Context, p prompt, plain bool) (Suggestion, error) {
	resp, err := c.api.CreateChatCompletion(ctx, p.request(c.cfg.Model, plain))
	if err != nil {
		return Suggestion{}, c.explain(err, resp.Header())
	}
	content, err := contentOf(resp)
	if err != nil {
		return Suggestion{}, err
	}
	s, err := parseAnswer(content, p.keys)
	if err != nil {
		return Suggestion{}, err
	}
	s.Model = c.cfg.Model
	if m := oneLine(resp.Model); m != "" && len(m) <= 100 {
		s.Model = m
	}
	return s, nil
}
