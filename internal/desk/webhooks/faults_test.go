package webhooks_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/webhooks"
)

var opened = desktest.Values{"events": []string{"case.opened"}}

// What a receiver doesn't take is sent again, later and later, under the same id;
// once it takes one, all that waits leaves.
func TestRetries(t *testing.T) {
	app := desktest.New(t)
	s, r := station(t, app), newReceiver(t, app)
	h := hook(t, s, app, r, opened)
	r.script(status(http.StatusInternalServerError))
	app.Case(nil)
	run(t, s)
	for i, wait := range []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour} {
		d := deliveries(app, h, nil)[0]
		if d.GetInt("attempts") != i+1 || d.GetInt("code") != 500 || d.GetString("status") != webhooks.Queued {
			t.Fatalf("try %d: %v", i+1, d.PublicExport())
		}
		if got := d.GetDateTime("next_attempt").Time().Sub(app.Clock.Now()); got != wait {
			t.Fatalf("after try %d it waits for %v, want %v", i+1, got, wait)
		}
		app.Clock.Advance(wait - time.Second)
		run(t, s)
		if r.tried() != i+1 {
			t.Fatalf("tried before its time")
		}
		app.Clock.Advance(time.Second)
		run(t, s)
	}
	if f := app.Find(desk.Webhooks, h.Id); f.GetString("failed") != "HTTP 500" || f.GetDateTime("failing_since").IsZero() {
		t.Errorf("%v", f.PublicExport())
	}
	for i := range 30 {
		app.Case(desktest.Values{"subject": fmt.Sprint("More ", i)})
	}
	tried := r.tried()
	for range 10 { // it is asked with one at a time, not with all that waits
		run(t, s)
	}
	if n := r.tried() - tried; n > 1 {
		t.Errorf("%d tries at a receiver that is down", n)
	}
	r.script(nil)
	app.Clock.Advance(10 * time.Hour)
	run(t, s)
	if len(r.letters()) != 31 {
		t.Errorf("%d of 31 arrived", len(r.letters()))
	}
	f := app.Find(desk.Webhooks, h.Id)
	if !f.GetDateTime("failing_since").IsZero() || f.GetString("failed") != "" || !f.GetBool("enabled") {
		t.Errorf("it works again: %v", f.PublicExport())
	}
}

// A receiver may say for how long it wants to be left alone.
func TestRetryAfter(t *testing.T) {
	app := desktest.New(t)
	s, r := station(t, app), newReceiver(t, app)
	h := hook(t, s, app, r, opened)
	r.script(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	app.Case(nil)
	run(t, s)
	if d := deliveries(app, h, nil)[0]; d.GetDateTime("next_attempt").Time().Sub(app.Clock.Now()) != time.Hour {
		t.Errorf("%v", d.PublicExport())
	}
	app.Case(desktest.Values{"subject": "Another"})
	app.Clock.Advance(59 * time.Minute)
	run(t, s)
	if r.tried() != 1 {
		t.Errorf("%d tries within the hour", r.tried())
	}
}

// told are the notices that a webhook was switched off.
func told(app *desktest.App) []string {
	var out []string
	for _, n := range app.All(desk.Notices, desktest.Values{"kind": desk.NoticeWebhookDisabled}) {
		out = append(out, n.GetString("agent")+" "+n.GetString("data"))
	}
	return out
}

func TestGone(t *testing.T) {
	app := desktest.New(t)
	admin := app.Agent(desk.RoleAdmin, "")
	app.Agent(desk.RoleSupervisor, "")
	s, r := station(t, app), newReceiver(t, app)
	h := hook(t, s, app, r, opened)
	r.script(status(http.StatusGone))
	app.Case(nil)
	run(t, s)
	after := app.Find(desk.Webhooks, h.Id)
	if after.GetBool("enabled") || after.GetString("disabled_why") != webhooks.WhyGone {
		t.Fatalf("%v", after.PublicExport())
	}
	if n := told(app); len(n) != 1 || !strings.HasPrefix(n[0], admin.Id) || !strings.Contains(n[0], `"why":"gone"`) {
		t.Errorf("%v", n)
	}
	app.Case(desktest.Values{"subject": "More"})
	run(t, s)
	if r.tried() != 1 {
		t.Error("told again after it said that it is gone")
	}
}

// A webhook that takes nothing for three days is switched off; switched on again,
// it gets what waited.
func TestFailsForDays(t *testing.T) {
	app := desktest.New(t)
	app.Agent(desk.RoleAdmin, "")
	s, r := station(t, app), newReceiver(t, app)
	h := hook(t, s, app, r, opened)
	r.script(status(http.StatusBadGateway))
	app.Case(nil)
	begin := app.Clock.Now()
	for range webhooks.Keep / time.Hour {
		run(t, s)
		if !app.Find(desk.Webhooks, h.Id).GetBool("enabled") {
			break
		}
		app.Clock.Advance(time.Hour)
	}
	off := app.Find(desk.Webhooks, h.Id)
	if took := app.Clock.Now().Sub(begin); off.GetBool("enabled") || off.GetString("disabled_why") != webhooks.WhyFailing || took < 72*time.Hour || took > 100*time.Hour {
		t.Fatalf("after %v: %v", took, off.PublicExport())
	}
	if len(told(app)) != 1 || r.tried() != 10 {
		t.Errorf("%v, %d tries", told(app), r.tried())
	}
	if d := deliveries(app, h, nil)[0]; d.GetString("status") != webhooks.Failed {
		t.Errorf("%v", d.PublicExport())
	}
	before := off.Fresh()
	off.Set("enabled", true)
	webhooks.Switched(app, before, off)
	app.Put(off, nil)
	if off.GetString("disabled_why") != "" || !off.GetDateTime("failing_since").IsZero() {
		t.Errorf("%v", off.PublicExport())
	}
	r.script(nil)
	app.Case(desktest.Values{"subject": "New"})
	app.Clock.Advance(time.Minute)
	run(t, s)
	if len(r.letters()) != 1 {
		t.Errorf("%v", r.types())
	}
}

// A redirect leads nowhere: the receiver there may be somebody else.
func TestRedirect(t *testing.T) {
	app := desktest.New(t)
	s, r, other := station(t, app), newReceiver(t, app), newReceiver(t, app)
	h := hook(t, s, app, r, opened)
	r.script(func(w http.ResponseWriter, req *http.Request) {
		http.Redirect(w, req, other.URL, http.StatusTemporaryRedirect)
	})
	app.Case(nil)
	run(t, s)
	if d := deliveries(app, h, nil)[0]; d.GetInt("code") != http.StatusTemporaryRedirect || d.GetString("status") != webhooks.Queued || other.tried() != 0 {
		t.Errorf("%v, %d tries elsewhere", d.PublicExport(), other.tried())
	}
}

// An answer that never ends is cut, one that doesn't come is given up.
func TestHugeAndSlow(t *testing.T) {
	app := desktest.New(t)
	r := newReceiver(t, app)
	s := webhooks.New(app, webhooks.Config{Commit: app.Commit, Private: true, Timeout: 300 * time.Millisecond, Jitter: func() float64 { return 0 }})
	if _, err := s.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	h := hook(t, s, app, r, opened)
	r.script(func(w http.ResponseWriter, req *http.Request) {
		w.WriteHeader(http.StatusOK)
		for req.Context().Err() == nil {
			if _, err := w.Write([]byte(strings.Repeat("x", 64<<10))); err != nil {
				return
			}
		}
	})
	app.Case(nil)
	run(t, s)
	d := deliveries(app, h, nil)[0]
	if d.GetString("status") != webhooks.Sent || len(d.GetString("said")) > 2_000 {
		t.Errorf("%.300v", d.PublicExport())
	}
	r.script(func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() })
	app.Case(desktest.Values{"subject": "Two"})
	run(t, s)
	d = deliveries(app, h, desktest.Values{"status": webhooks.Queued})[0]
	if d.GetInt("code") != 0 || !strings.Contains(d.GetString("said"), "no answer in time") || strings.Contains(d.GetString("said"), "secret-in-url") {
		t.Errorf("%v", d.PublicExport())
	}
}

// One receiver that doesn't answer holds up nobody else.
func TestSlowOne(t *testing.T) {
	app := desktest.New(t)
	s, slow, fast := station(t, app), newReceiver(t, app), newReceiver(t, app)
	release := make(chan struct{})
	slow.script(func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	hook(t, s, app, slow, opened)
	hook(t, s, app, fast, opened)
	s.Start()
	defer s.Stop()
	for i := range 30 {
		app.Case(desktest.Values{"subject": fmt.Sprint("Case ", i)})
	}
	for range 30 {
		<-fast.arrived
	}
	if n := len(fast.letters()); n != 30 {
		t.Errorf("%d of 30", n)
	}
}
