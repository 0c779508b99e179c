package webhooks_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/webhooks"
)

func TestMain(m *testing.M) { os.Exit(desktest.Main(m)) }

// receiver is somebody else's server, written after the specification alone: it
// takes nothing that is not signed by one of its secrets, and each id once.
type receiver struct {
	*httptest.Server
	app *desktest.App

	mu      sync.Mutex
	secrets []string
	answer  http.HandlerFunc // nil: 204
	got     []letter
	tries   int
	bad     []string
	arrived chan struct{} // one for each try
}

// letter is what was taken.
type letter struct {
	id     string
	Type   string         `json:"type"`
	At     string         `json:"timestamp"`
	Data   map[string]any `json:"data"`
	raw    string
	header http.Header
}

func newReceiver(t *testing.T, app *desktest.App) *receiver {
	t.Helper()
	r := &receiver{app: app, arrived: make(chan struct{}, 100_000)}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	defer func() { r.arrived <- struct{}{} }()
	r.mu.Lock()
	r.tries++
	answer := r.answer
	if !r.signed(req.Header, body) {
		r.bad = append(r.bad, string(body))
		r.mu.Unlock()
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	r.mu.Unlock()
	if answer != nil {
		answer(w, req)
		return
	}
	l := letter{id: req.Header.Get("webhook-id"), raw: string(body), header: req.Header.Clone()}
	if err := json.Unmarshal(body, &l); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	r.got = append(r.got, l)
	r.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

// signed checks a message: the base64 of HMAC-SHA256 over id, time and body with
// full stops between, by the bytes of the secret behind whsec_.
func (r *receiver) signed(h http.Header, body []byte) bool {
	at, err := strconv.ParseInt(h.Get("webhook-timestamp"), 10, 64)
	if err != nil || r.app.Clock.Now().Sub(time.Unix(at, 0)).Abs() > 5*time.Minute || h.Get("webhook-id") == "" {
		return false
	}
	for _, secret := range r.secrets {
		key, err := base64.StdEncoding.DecodeString(secret[len("whsec_"):])
		if err != nil {
			return false
		}
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(h.Get("webhook-id") + "." + h.Get("webhook-timestamp") + "." + string(body)))
		want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
		for _, s := range strings.Split(h.Get("webhook-signature"), " ") {
			if hmac.Equal([]byte(s), []byte(want)) {
				return true
			}
		}
	}
	return false
}

func (r *receiver) script(f http.HandlerFunc) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

func (r *receiver) letters() []letter {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]letter(nil), r.got...)
}

func (r *receiver) tried() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tries
}

// types lists what was taken, in order.
func (r *receiver) types() []string {
	var out []string
	for _, l := range r.letters() {
		out = append(out, l.Type)
	}
	return out
}

// of are the letters of one type.
func (r *receiver) of(typ string) []letter {
	var out []letter
	for _, l := range r.letters() {
		if l.Type == typ {
			out = append(out, l)
		}
	}
	return out
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// station is one that reaches this machine.
func station(t *testing.T, app *desktest.App) *webhooks.Station {
	t.Helper()
	s := webhooks.New(app, webhooks.Config{
		Commit: app.Commit, Private: true, Jitter: func() float64 { return 0 },
		Link: func(id string) string { return "https://shop.example/desk/#/desk/c/" + id },
	})
	if _, err := s.Read(t.Context()); err != nil { // takes its place
		t.Fatal(err)
	}
	return s
}

// hook makes a webhook that leads to a receiver, which knows its secret.
func hook(t *testing.T, s *webhooks.Station, app *desktest.App, r *receiver, v desktest.Values) *core.Record {
	t.Helper()
	h, err := desk.New(app, desk.Webhooks)
	if err != nil {
		t.Fatal(err)
	}
	h.Set("name", "Shop")
	h.Set("url", r.URL+"/hook?key=secret-in-url")
	h.Set("enabled", true)
	for name, value := range v {
		h.Set(name, value)
	}
	webhooks.Switched(app, nil, h)
	app.Put(h, nil)
	secret, _, err := s.NewSecret(h.Id, true)
	if err != nil {
		t.Fatal(err)
	}
	r.mu.Lock()
	r.secrets = append(r.secrets, secret)
	r.mu.Unlock()
	return h
}

// run reads and sends all that is due now.
func run(t *testing.T, s *webhooks.Station) {
	t.Helper()
	if _, err := s.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func change(t *testing.T, app *desktest.App, c *desk.Case, agent *desk.Agent, v desktest.Values) {
	t.Helper()
	err := app.Commit.Do(func(tx core.App) error {
		before, err := desk.FindCase(tx, c.Id)
		if err != nil {
			return err
		}
		after, err := desk.FindCase(tx, c.Id)
		if err != nil {
			return err
		}
		for name, value := range v {
			after.Set(name, value)
		}
		events, err := app.Work.Change(tx, before, after, agent, 0)
		if err != nil {
			return err
		}
		if err := desk.Save(tx, after.Record); err != nil {
			return err
		}
		return desk.Record(tx, events...)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// wrote lets the visitor add a word to his case.
func wrote(t *testing.T, app *desktest.App, c *desk.Case, body string) {
	t.Helper()
	err := app.Commit.Do(func(tx core.App) error {
		m, err := desk.NewMessage(tx, c.Id)
		if err != nil {
			return err
		}
		m.Set("channel", desk.ChannelPage)
		m.Set("body", body)
		return app.Work.Hear(tx, casework.Heard{Case: c, Message: m})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func deliveries(app *desktest.App, h *core.Record, v desktest.Values) []*core.Record {
	all := desktest.Values{"webhook": h.Id}
	for name, value := range v {
		all[name] = value
	}
	return app.All(desk.WebhookDeliveries, all)
}
