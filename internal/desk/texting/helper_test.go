package texting_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/texting"
)

// gateway stands in for somebody's SMS gateway, over a real socket.
type gateway struct {
	URL string // of the machine, by a name

	mu    sync.Mutex
	calls []call
}

// call is what it was asked.
type call struct {
	Method, Path, Auth, Type, Body string
	Query, Form                    url.Values
}

// newGateway answers as told.
func newGateway(t *testing.T, answer func(w http.ResponseWriter, c call)) *gateway {
	t.Helper()
	g := &gateway{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		c := call{Method: r.Method, Path: r.URL.EscapedPath(), Auth: r.Header.Get("Authorization"), Type: r.Header.Get("Content-Type"), Body: string(b), Query: r.URL.Query()}
		c.Form, _ = url.ParseQuery(c.Body)
		g.mu.Lock()
		g.calls = append(g.calls, c)
		g.mu.Unlock()
		answer(w, c)
	}))
	t.Cleanup(s.Close)
	_, port, _ := strings.Cut(s.Listener.Addr().String(), ":")
	g.URL = "http://localhost:" + port
	return g
}

// says is a gateway's constant answer.
func says(status int, body string) func(http.ResponseWriter, call) {
	return func(w http.ResponseWriter, _ call) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// Calls are those so far.
func (g *gateway) Calls() []call {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]call(nil), g.calls...)
}

const number = "+886912345678"

// visitor is a submission with a number and no mail address.
func visitor(app *desktest.App) *desk.Case {
	return app.Case(desktest.Values{"email": "", "phone": "0912-345-678", "locale": "zh-TW"})
}

// text writes an answer by SMS.
func text(app *desktest.App, c *desk.Case, body string) *desk.Delivery {
	agent := app.Agent(desk.RoleAgent, "")
	m := app.Reply(c, agent, desktest.Values{"channel": desk.ChannelSMS, "body": body})
	return desk.AsDelivery(app.One(desk.Outbox, desktest.Values{"message": m.Id}))
}

func drain(t *testing.T, app *desktest.App) {
	t.Helper()
	if _, err := app.Outbox.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// is checks how a delivery stands: its status, its message's, the last event.
func is(t *testing.T, app *desktest.App, d *desk.Delivery, status, delivery, event string) {
	t.Helper()
	r := app.Find(desk.Outbox, d.Id)
	m := desk.AsMessage(app.Find(desk.Messages, d.Message()))
	kinds := app.Kinds(m.Case())
	if r.GetString("status") != status || m.Delivery() != delivery || kinds[len(kinds)-1] != event {
		t.Errorf("delivery %s, message %s (%s), events %v; want %s, %s, … %s", r.GetString("status"), m.Delivery(),
			m.GetString("delivery_note"), kinds, status, delivery, event)
	}
}

// report brings a report as a gateway does, to an address that it was given.
func report(t *testing.T, app *desktest.App, method, address, query, form string) string {
	t.Helper()
	tail, ok := strings.CutPrefix(address, app.Settings().Meta.AppURL+texting.ReportPath)
	if !ok {
		t.Fatalf("the gateway was given %q", address)
	}
	token, ref, _ := strings.Cut(tail, "/")
	r := httptest.NewRequest(method, "/?"+query, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := app.Texting.Report(texting.Report{Request: r, Token: token, Ref: ref})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// newTexting is the station as it is outside of tests.
func newTexting(app *desktest.App) *texting.Gateway {
	return texting.New(app, texting.Config{Commit: app.Commit, TrackingURL: app.Outbox.TrackingURL})
}
