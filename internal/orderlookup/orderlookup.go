// Package orderlookup asks a shop's own system about an order or a member, with
// a request that the shop can tell from a stranger's by its signature.
//
//	c := orderlookup.New(orderlookup.Config{URL: "https://shop.example/desk-orders", Secret: secret, HTTP: client})
//	answer, err := c.Ask(ctx, orderlookup.Question{Order: "TW1001"})
//	var fault *orderlookup.Error
//	if errors.As(err, &fault) { … } // fault.Kind says what went wrong
//
// The request is a GET of the URL with the query parameters order, member, email
// and phone, those that are empty left out, and the headers
//
//	X-PocketDesk-Timestamp: 1795348800
//	X-PocketDesk-Signature: v1=<hex HMAC-SHA256 of timestamp.GET./path?query>
//
// The answer is a JSON object; see [Read]. Whoever answers is not trusted: sizes
// and times are bounded, and nothing of it is more than text.
package orderlookup

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Defaults and bounds.
const (
	DefaultTimeout = 3 * time.Second
	DefaultTTL     = 5 * time.Minute

	MaxBytes   = 256 << 10 // of an answer's body
	maxAsked   = 100       // characters of an order or member number
	maxContact = 254       // characters of an address (RFC 5321, section 4.5.3.1.3)
)

// Headers of a request.
const (
	TimestampHeader = "X-PocketDesk-Timestamp"
	SignatureHeader = "X-PocketDesk-Signature"
)

// Config says whom to ask and how.
type Config struct {
	URL    string // http or https; a query of its own is kept
	Secret string // shared with the shop's system
	// HTTP asks. It decides which addresses may be reached. Redirects are not
	// followed, whatever it says. Required.
	HTTP *http.Client
	// Forbidden is what HTTP wraps when it refuses to go to an address. Default: none.
	Forbidden error
	Timeout   time.Duration // of a whole exchange; default 3 s
	// TTL is how long an answer is kept; default 5 minutes. That nothing was found
	// is kept for a minute at most: the order may be a new one.
	TTL time.Duration
	Now func() time.Time // default time.Now
}

// Question is what is asked. The empty question is answered with nothing.
type Question struct{ Order, Member, Email, Phone string }

// bounded is the question with what can't be asked left out.
func (q Question) bounded() Question {
	return Question{
		Order: plain(q.Order, maxAsked), Member: plain(q.Member, maxAsked),
		Email: plain(q.Email, maxContact), Phone: plain(q.Phone, maxAsked),
	}
}

// plain is a text that is one short line, else "".
func plain(s string, most int) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) > most || !utf8.ValidString(s) || s != clean(s) {
		return ""
	}
	return s
}

// query is the question as it is sent, in an order that never changes.
func (q Question) query() string {
	v := url.Values{}
	for name, value := range map[string]string{"order": q.Order, "member": q.Member, "email": q.Email, "phone": q.Phone} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v.Encode()
}

// Client asks one shop. Any number of goroutines may share it.
type Client struct {
	c    Config
	http *http.Client

	mu      sync.Mutex
	kept    cache
	flights map[string]*flight
	breaker breaker
}

// New makes a client with nothing in its memory.
func New(c Config) *Client {
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	if c.TTL <= 0 {
		c.TTL = DefaultTTL
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	own := *c.HTTP
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{c: c, http: &own, kept: newCache(), flights: map[string]*flight{}}
}

// Ask gives what the shop answers, or what it answered lately. Its error is
// always an [Error].
func (c *Client) Ask(ctx context.Context, q Question) (Answer, error) { return c.ask(ctx, q, false) }

// AskAnew is Ask without what was answered lately.
func (c *Client) AskAnew(ctx context.Context, q Question) (Answer, error) { return c.ask(ctx, q, true) }

// flight is a request that is under way; all who ask the same wait for it.
type flight struct {
	done   chan struct{}
	answer Answer
	err    error
}

func (c *Client) ask(ctx context.Context, q Question, anew bool) (Answer, error) {
	q = q.bounded()
	key := q.query()
	if key == "" {
		a := nothing()
		a.At = c.c.Now()
		return a, nil
	}
	if c.c.URL == "" || c.c.Secret == "" {
		return Answer{}, &Error{Kind: Off}
	}
	f, answer, err := c.enter(ctx, key, anew)
	if f == nil {
		return answer, err
	}
	select {
	case <-f.done:
		return f.answer, f.err
	case <-ctx.Done(): // who asked has left; the answer is kept for the next
		return Answer{}, &Error{Kind: Timeout}
	}
}

// enter gives what is kept, the flight that asks already, or a new one.
func (c *Client) enter(ctx context.Context, key string, anew bool) (*flight, Answer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.c.Now()
	if !anew {
		if a, ok := c.kept.get(key, now); ok {
			a.Cached = true
			return nil, a, nil
		}
	}
	if f := c.flights[key]; f != nil {
		return f, Answer{}, nil
	}
	trial, err := c.breaker.enter(now)
	if err != nil {
		return nil, Answer{}, err
	}
	f := &flight{done: make(chan struct{})}
	c.flights[key] = f
	go c.fly(context.WithoutCancel(ctx), flown{f, key, trial})
	return f, Answer{}, nil
}

// flown is a flight with what its end needs.
type flown struct {
	*flight
	key   string
	trial bool
}

func (c *Client) fly(ctx context.Context, f flown) {
	answer, size, err := c.send(ctx, f.key)
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.c.Now()
	delete(c.flights, f.key)
	if err != nil {
		f.err = err
		c.breaker.end(f.trial, err.Kind.counts(err.Status), now)
	} else {
		answer.At = now
		f.answer = answer
		c.breaker.end(f.trial, false, now)
		ttl := c.c.TTL
		if answer.Empty() {
			ttl = min(ttl, time.Minute)
		}
		c.kept.put(f.key, entry{answer: answer, until: now.Add(ttl), size: size})
	}
	close(f.done)
}

// request is the signed request of a question.
func (c *Client) request(ctx context.Context, query string) (*http.Request, error) {
	u, err := url.Parse(c.c.URL)
	if err != nil {
		return nil, err
	}
	if u.RawQuery != "" {
		query = u.RawQuery + "&" + query
	}
	u.RawQuery, u.Fragment = query, ""
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	at := c.c.Now().Unix()
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "PocketDesk")
	req.Header.Set(TimestampHeader, strconv.FormatInt(at, 10))
	req.Header.Set(SignatureHeader, Sign(c.c.Secret, at, http.MethodGet, req.URL.RequestURI()))
	return req, nil
}

// Sign is the signature of a request: "v1=" and the hex HMAC-SHA256 (RFC 2104)
// of "timestamp.METHOD.target", where the target is path and query as they stand
// in the request line (RFC 9112, section 3.2.1).
func Sign(secret string, timestamp int64, method, target string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(strconv.FormatInt(timestamp, 10) + "." + method + "." + target))
	return "v1=" + hex.EncodeToString(mac.Sum(nil))
}
