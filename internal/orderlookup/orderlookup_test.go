package orderlookup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const secret = "a secret of the shop"

// clock is a time that tests set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// shop is a system that is asked, and a client that asks it.
type shop struct {
	*Client
	url   string
	asked atomic.Int32
	clock *clock
}

func newShop(t *testing.T, h http.HandlerFunc, change ...func(*Config)) *shop {
	t.Helper()
	s := &shop{clock: &clock{at: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		h(w, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	c := Config{URL: server.URL + "/orders.php", Secret: secret, HTTP: server.Client(), Timeout: 10 * time.Second, Now: s.clock.Now}
	for _, f := range change {
		f(&c)
	}
	s.Client = New(c)
	return s
}

func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		io.WriteString(w, body)
	}
}

func kindOf(t *testing.T, err error) Kind {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no Error", err)
	}
	return e.Kind
}

// The shop can tell that the request is ours, and for what.
func TestSignedRequest(t *testing.T) {
	var got *http.Request
	s := newShop(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		says(`{"orders":[{"number":"1"}]}`)(w, r)
	}, func(c *Config) { c.URL += "?key=a%20b#top" })
	a, err := s.Ask(t.Context(), Question{Order: "訂單 1&x", Member: "M7", Email: "a+b@x.org", Phone: "+886912345678"})
	if err != nil || len(a.Orders) != 1 || a.Cached || !a.At.Equal(s.clock.Now()) {
		t.Fatalf("%+v %v", a, err)
	}
	q := got.URL.Query()
	if got.Method != "GET" || got.URL.Path != "/orders.php" || q.Get("key") != "a b" || q.Get("order") != "訂單 1&x" || q.Get("member") != "M7" || q.Get("email") != "a+b@x.org" || q.Get("phone") != "+886912345678" {
		t.Errorf("%s %s", got.Method, got.RequestURI)
	}
	at, err := strconv.ParseInt(got.Header.Get(TimestampHeader), 10, 64)
	if err != nil || at != s.clock.Now().Unix() {
		t.Errorf("timestamp %q", got.Header.Get(TimestampHeader))
	}
	if want := Sign(secret, at, "GET", got.RequestURI); got.Header.Get(SignatureHeader) != want {
		t.Errorf("signature %q, want %q of %s", got.Header.Get(SignatureHeader), want, got.RequestURI)
	}
	if Sign("another secret", at, "GET", got.RequestURI) == got.Header.Get(SignatureHeader) || Sign(secret, at, "GET", got.RequestURI+"1") == got.Header.Get(SignatureHeader) {
		t.Error("the signature says nothing of the secret or of what is asked")
	}
}

// The documented example, computed by another program:
// printf '%s' '1795348800.GET./desk-orders?order=TW1001' | openssl dgst -sha256 -hmac 'shared secret'
func TestSign(t *testing.T) {
	const want = "v1=09f1c9ef9d7de3262e874581b84e47ff3e29d7cfd22ddc7bd80ef8015bd0180b"
	if got := Sign("shared secret", 1795348800, "GET", "/desk-orders?order=TW1001"); got != want {
		t.Errorf("%s", got)
	}
}

func TestOnlyWhatIsAsked(t *testing.T) {
	var query string
	s := newShop(t, func(w http.ResponseWriter, r *http.Request) {
		query = r.URL.RawQuery
		says("{}")(w, r)
	})
	if _, err := s.Ask(t.Context(), Question{Order: " TW1 ", Member: strings.Repeat("m", 101), Phone: "a\nb"}); err != nil || query != "order=TW1" {
		t.Errorf("%q %v", query, err)
	}
	if a, err := s.Ask(t.Context(), Question{Member: "a\u202eb"}); err != nil || !a.Empty() || s.asked.Load() != 1 {
		t.Errorf("a question of nothing was asked: %+v %v", a, err)
	}
	for _, off := range []func(*Config){func(c *Config) { c.URL = "" }, func(c *Config) { c.Secret = "" }} {
		if _, err := newShop(t, says("{}"), off).Ask(t.Context(), Question{Order: "1"}); kindOf(t, err) != Off {
			t.Errorf("%v", err)
		}
	}
}

func TestFaults(t *testing.T) {
	forbidden := errors.New("not there")
	big := `{"a":"` + strings.Repeat("x", MaxBytes) + `"}`
	status := func(code int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(code)
			io.WriteString(w, body)
		}
	}
	cases := []struct {
		name   string
		h      http.HandlerFunc
		change func(*Config)
		want   Kind
	}{
		{"hangs", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, func(c *Config) { c.Timeout = 50 * time.Millisecond }, Timeout},
		{"stops within the body", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, "{")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, func(c *Config) { c.Timeout = 50 * time.Millisecond }, Timeout},
		{"breaks off", func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }, nil, Refused},
		{"nobody there", nil, func(c *Config) { c.URL = "http://127.0.0.1:1/" }, Refused},
		{"no such name", nil, func(c *Config) { c.URL = "http://nowhere.invalid/" }, Refused},
		{"no URL at all", nil, func(c *Config) { c.URL = "http://a b/%%" }, Refused},
		{"500", status(500, "application/json", "{}"), nil, Status},
		{"401", status(401, "application/json", "{}"), nil, Status},
		{"204", status(204, "application/json", ""), nil, Status},
		{"a page for 404", status(404, "text/html", "<html>"), nil, Status},
		{"a page", status(200, "text/html", "{}"), nil, NotJSON},
		{"no type", status(200, "", "{}"), nil, NotJSON},
		{"no JSON", says("<html>"), nil, NotJSON},
		{"a list", says("[1]"), nil, NotJSON},
		{"empty", says(""), nil, NotJSON},
		{"too large", says(big), nil, TooLarge},
		{"forbidden", nil, func(c *Config) {
			c.Forbidden = forbidden
			c.HTTP = &http.Client{Transport: refusing{fmt.Errorf("%w: it is inside", forbidden)}}
		}, Blocked},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			changes := []func(*Config){}
			if c.change != nil {
				changes = append(changes, c.change)
			}
			s := newShop(t, func(w http.ResponseWriter, r *http.Request) {
				if c.h != nil {
					c.h(w, r)
				}
			}, changes...)
			a, err := s.Ask(t.Context(), Question{Order: "TOP-SECRET-1", Email: "ann@x.org"})
			if kind := kindOf(t, err); kind != c.want || !a.Empty() {
				t.Fatalf("%s, want %s", kind, c.want)
			}
			if said := err.Error(); said == "" || strings.Contains(said, "TOP-SECRET") || strings.Contains(said, secret) || strings.Contains(said, "127.0.0.1") || strings.Contains(said, "ann") {
				t.Errorf("the error tells too much: %s", said)
			}
			if errors.Unwrap(err) != nil {
				t.Error("the error holds Go's own, which repeats the address")
			}
		})
	}
}

type refusing struct{ err error }

func (r refusing) RoundTrip(*http.Request) (*http.Response, error) { return nil, r.err }

func TestFollowsNoRedirect(t *testing.T) {
	s := newShop(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	})
	_, err := s.Ask(t.Context(), Question{Order: "1"})
	var e *Error
	if !errors.As(err, &e) || e.Kind != Status || e.Status != 302 || s.asked.Load() != 1 {
		t.Errorf("%v after %d requests", err, s.asked.Load())
	}
}

func TestNotFoundIsAnAnswer(t *testing.T) {
	s := newShop(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(404)
		io.WriteString(w, `{"error":"no such order"}`)
	})
	if a, err := s.Ask(t.Context(), Question{Order: "1"}); err != nil || !a.Empty() || a.Orders == nil {
		t.Errorf("%+v %v", a, err)
	}
}

func TestAnswersAreKept(t *testing.T) {
	body := `{"orders":[{"number":"1"}]}`
	s := newShop(t, func(w http.ResponseWriter, r *http.Request) { says(body)(w, r) })
	ask := func(order string, want int32, cached bool) {
		t.Helper()
		a, err := s.Ask(t.Context(), Question{Order: order})
		if err != nil || s.asked.Load() != want || a.Cached != cached {
			t.Errorf("%d requests, cached %v, %v", s.asked.Load(), a.Cached, err)
		}
	}
	ask("1", 1, false)
	ask("1", 1, true)
	ask("2", 2, false)
	s.clock.pass(DefaultTTL - time.Second)
	ask("1", 2, true)
	s.clock.pass(time.Second)
	ask("1", 3, false)
	if a, err := s.AskAnew(t.Context(), Question{Order: "1"}); err != nil || a.Cached || s.asked.Load() != 4 {
		t.Errorf("asked anew: %+v %v", a, err)
	}
	body = "{}"
	ask("none", 5, false)
	ask("none", 5, true)
	s.clock.pass(time.Minute)
	ask("none", 6, false)
}

// What is kept is bounded, whatever is asked.
func TestCacheIsBounded(t *testing.T) {
	c, now := newCache(), time.Now()
	for i := range 3 * maxKept {
		c.put(strconv.Itoa(i), entry{until: now.Add(time.Hour), size: 10})
		c.get("0", now) // in use all the time
	}
	if _, ok := c.get("0", now); len(c.by) != maxKept || c.order.Len() != maxKept || c.bytes != 10*maxKept || !ok {
		t.Errorf("%d kept, %d bytes, the one in use: %v", len(c.by), c.bytes, ok)
	}
	for i := range 100 {
		c.put("big"+strconv.Itoa(i), entry{until: now.Add(time.Hour), size: MaxBytes})
	}
	if c.bytes > maxKeptBytes || len(c.by) != maxKeptBytes/MaxBytes {
		t.Errorf("%d kept, %d bytes", len(c.by), c.bytes)
	}
	c.put("big99", entry{until: now, size: 1})
	if _, ok := c.get("big99", now); ok || c.bytes != maxKeptBytes-MaxBytes {
		t.Errorf("what is too old is given, or still counts: %v, %d bytes", ok, c.bytes)
	}
}

// Many who ask the same at once make one request, and one who leaves does not end it.
func TestAskedOnce(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	s := newShop(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-release
		says(`{"orders":[{"number":"1"}]}`)(w, r)
	})
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := s.Ask(ctx, Question{Order: "1"})
		left <- err
	}()
	<-arrived
	leave()
	if kind := kindOf(t, <-left); kind != Timeout {
		t.Errorf("who left gets %s", kind)
	}
	answers := make(chan error)
	for range 8 {
		go func() {
			a, err := s.Ask(t.Context(), Question{Order: "1"})
			if err == nil && len(a.Orders) != 1 {
				err = errors.New("no order")
			}
			answers <- err
		}()
	}
	close(release)
	for range 8 {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	if s.asked.Load() != 1 {
		t.Errorf("%d requests", s.asked.Load())
	}
}

func TestBreaker(t *testing.T) {
	var broken atomic.Bool
	broken.Store(true)
	s := newShop(t, func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() {
			w.WriteHeader(503)
			return
		}
		says(`{"a":"b"}`)(w, r)
	})
	n := 0
	ask := func() error {
		n++
		_, err := s.Ask(t.Context(), Question{Order: strconv.Itoa(n)})
		return err
	}
	for range breakerFailures {
		if kind := kindOf(t, ask()); kind != Status {
			t.Fatal(kind)
		}
	}
	rest := breakerRest
	for range 7 {
		err := ask()
		var e *Error
		if !errors.As(err, &e) || e.Kind != Open || !e.Until.Equal(s.clock.Now().Add(rest)) {
			t.Fatalf("%v, want open for %s", err, rest)
		}
		s.clock.pass(rest)
		if kind := kindOf(t, ask()); kind != Status { // the trial
			t.Fatal(kind)
		}
		rest = min(2*rest, breakerMost)
	}
	if want := int32(breakerFailures + 7); s.asked.Load() != want {
		t.Errorf("%d requests, want %d", s.asked.Load(), want)
	}
	broken.Store(false)
	s.clock.pass(breakerMost)
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	if err := ask(); err != nil {
		t.Errorf("it stays open after an answer: %v", err)
	}
}

// A refusal by the shop is no reason to stop asking for other orders.
func TestRefusalsDontOpenTheBreaker(t *testing.T) {
	s := newShop(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(403) })
	for i := range 3 * breakerFailures {
		if _, err := s.Ask(t.Context(), Question{Order: strconv.Itoa(i)}); kindOf(t, err) != Status {
			t.Fatal(err)
		}
	}
}

func TestOneTrial(t *testing.T) {
	b, now := breaker{}, time.Now()
	for range breakerFailures {
		b.end(false, true, now)
	}
	now = now.Add(breakerRest)
	if trial, err := b.enter(now); !trial || err != nil {
		t.Fatal(trial, err)
	}
	if _, err := b.enter(now); err == nil {
		t.Error("a second request leaves beside the trial")
	}
	b.end(false, false, now) // an old request comes back
	if _, err := b.enter(now); err == nil {
		t.Error("a request from before closes it")
	}
	b.end(true, false, now)
	if trial, err := b.enter(now); trial || err != nil {
		t.Error(trial, err)
	}
}
