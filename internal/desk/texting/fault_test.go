package texting_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// What is sent once is sent once, whatever becomes of the call.
func TestFaults(t *testing.T) {
	cut := func(w http.ResponseWriter, _ call) {
		c, _, _ := w.(http.Hijacker).Hijack()
		c.Close()
	}
	for name, c := range map[string]struct {
		answer                  func(http.ResponseWriter, call)
		status, delivery, event string
		calls                   int // after two days
	}{
		"refused":        {says(400, "no"), desk.Failed, desk.DeliveryFailed, "send_failed", 1},
		"wrong password": {says(401, "who?"), desk.Failed, desk.DeliveryFailed, "send_failed", 1},
		"broken":         {says(500, "oops"), desk.Unknown, desk.DeliveryFailed, "send_unknown", 1},
		"cut":            {cut, desk.Unknown, desk.DeliveryFailed, "send_unknown", 1},
		"elsewhere":      {says(302, ""), desk.Failed, desk.DeliveryFailed, "send_failed", 1},
		"busy":           {says(503, ""), desk.Queued, desk.DeliveryQueued, "", 0},
		"too fast":       {says(429, ""), desk.Queued, desk.DeliveryQueued, "", 0},
		"taken":          {says(200, "id=7"), desk.Sent, desk.DeliverySent, "sent", 1},
	} {
		t.Run(name, func(t *testing.T) {
			app, g := desktest.New(t), newGateway(t, c.answer)
			app.UseGateway(g.URL+"/", nil)
			d := text(app, visitor(app), "Hello")
			drain(t, app)
			if r := app.Find(desk.Outbox, d.Id); r.GetString("status") != c.status {
				t.Errorf("%s, want %s: %s", r.GetString("status"), c.status, r.GetString("last_error"))
			}
			if c.status != desk.Queued {
				is(t, app, d, c.status, c.delivery, c.event)
			}
			for range 100 {
				app.Clock.Advance(30 * time.Minute)
				drain(t, app)
			}
			if n := len(g.Calls()); c.calls > 0 && n != c.calls || c.calls == 0 && n < 5 {
				t.Errorf("%d calls", n)
			}
			if c.calls == 0 {
				is(t, app, d, desk.Failed, desk.DeliveryFailed, "send_failed")
			}
		})
	}
}

// The call is cut by the end of our patience.
func TestTimeout(t *testing.T) {
	asked, over := make(chan bool), make(chan bool)
	g := newGateway(t, func(http.ResponseWriter, call) { asked <- true; <-over })
	t.Cleanup(func() { close(over) })
	app := desktest.New(t)
	app.UseGateway(g.URL+"/", nil)
	d := text(app, visitor(app), "Hello")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { _, err := app.Outbox.Drain(ctx); done <- err }()
	<-asked
	cancel()
	<-done
	is(t, app, d, desk.Unknown, desk.DeliveryFailed, "send_unknown")
}

// The process ends while the gateway takes the text: nobody sends it again, and
// the gateway's own word settles it.
func TestKilledWhileSending(t *testing.T) {
	asked, over := make(chan bool), make(chan bool)
	g := newGateway(t, func(w http.ResponseWriter, _ call) { asked <- true; <-over; io.WriteString(w, "id=7") })
	app := desktest.New(t)
	app.UseGateway(g.URL+"/", desktest.Values{"body": "to={{ to | url_encode }}&text={{ text | url_encode }}&cb={{ report_url | url_encode }}"})
	d := text(app, visitor(app), "Hello")
	done := make(chan error, 1)
	go func() { _, err := app.Outbox.Drain(t.Context()); done <- err }()
	<-asked
	again := app.AfterCrash()
	close(over)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := again.Outbox.Recover(); err != nil {
		t.Fatal(err)
	}
	again.Clock.Advance(time.Hour)
	drain(t, again)
	is(t, again, d, desk.Unknown, desk.DeliveryFailed, "send_unknown")
	if n := len(g.Calls()); n != 1 {
		t.Fatalf("%d calls", n)
	}
	report(t, again, "POST", g.Calls()[0].Form.Get("cb"), "", "id=7&status=OK")
	is(t, again, d, desk.Sent, desk.DeliverySent, "delivered")
	if id := again.Find(desk.Outbox, d.Id).GetString("gateway_id"); id != "7" {
		t.Errorf("the gateway's id is %q", id)
	}
}

// A gateway reports before its own answer is read, or at least stored.
func TestReportedEarly(t *testing.T) {
	for name, withRef := range map[string]bool{"by our reference": true, "by its id": false} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			g := newGateway(t, func(w http.ResponseWriter, c call) {
				address := app.Texting.ReportURL()
				if withRef {
					address = c.Form.Get("cb")
				}
				report(t, app, "GET", address, "id=7&status=bad", "")
				io.WriteString(w, "id=7")
			})
			app.UseGateway(g.URL+"/", desktest.Values{"body": "to={{ to | url_encode }}&text={{ text | url_encode }}&cb={{ report_url | url_encode }}"})
			d := text(app, visitor(app), "Hello")
			drain(t, app)
			is(t, app, d, desk.Failed, desk.DeliveryFailed, "send_failed")
		})
	}
}

func TestReports(t *testing.T) {
	app, g := desktest.New(t), newGateway(t, says(200, "id=7"))
	app.UseGateway(g.URL+"/", desktest.Values{"body": "to={{ to | url_encode }}&text={{ text | url_encode }}&cb={{ report_url | url_encode }}"})
	agent := app.Agent(desk.RoleAgent, "")
	c := visitor(app)
	d := text(app, c, "Hello")
	drain(t, app)
	first := g.Calls()[0].Form.Get("cb")
	stranger := strings.Replace(first, "/report/", "/report/x", 1)
	before := len(app.Kinds(c.Id))
	for _, one := range []struct{ address, form string }{
		{stranger, "id=7&status=bad"},                // who doesn't know the token
		{app.Texting.ReportURL(), "id=8&status=bad"}, // about nothing we sent
		{app.Texting.ReportURL() + "/" + strings.Repeat("x", 27), "id=8&status=bad"},
		{app.Texting.ReportURL() + "/" + d.Id + strings.Repeat("x", 12), "id=8&status=bad"}, // guessed
		{first, "id=7&status=under+way"},
		{first, "id=8&status=bad"}, // its reference, with an id that is not its own
	} {
		if got := report(t, app, "POST", one.address, "", one.form); got != "{}" {
			t.Errorf("%s: answered %q", one.form, got)
		}
	}
	if n := len(app.Kinds(c.Id)); n != before {
		t.Fatalf("events %v", app.Kinds(c.Id))
	}
	report(t, app, "POST", first, "", "id=7&status=bad")
	report(t, app, "POST", first, "", "id=7&status=bad")
	is(t, app, d, desk.Failed, desk.DeliveryFailed, "send_failed")
	if n := len(app.Kinds(c.Id)); n != before+1 {
		t.Errorf("events %v", app.Kinds(c.Id))
	}

	// staff send it again: what is said of the first try is said of nothing any more
	if err := app.Outbox.Retry(d.Id, agent); err != nil {
		t.Fatal(err)
	}
	report(t, app, "POST", first, "", "id=7&status=ok")
	is(t, app, d, desk.Queued, desk.DeliveryQueued, "resent")
	drain(t, app)
	is(t, app, d, desk.Sent, desk.DeliverySent, "sent")
	if second := g.Calls()[1].Form.Get("cb"); second == first {
		t.Error("both tries have one reference")
	}
	report(t, app, "POST", first, "", "id=7&status=ok") // the stub gives both the same id
	is(t, app, d, desk.Sent, desk.DeliverySent, "delivered")
	report(t, app, "POST", first, "", "id=7&status=bad") // that it arrived is the last word
	is(t, app, d, desk.Sent, desk.DeliverySent, "delivered")
}

func TestHeldAndReleased(t *testing.T) {
	app, g := desktest.New(t), newGateway(t, says(200, "id=7"))
	d := text(app, visitor(app), "Hello")
	drain(t, app)
	is(t, app, d, desk.Held, desk.DeliveryHeld, "status")
	app.UseGateway(g.URL+"/", desktest.Values{"headers": map[string]string{"X-Key": "{{ secret }}"}})
	if err := app.Outbox.Release(); err != nil {
		t.Fatal(err)
	}
	drain(t, app)
	is(t, app, d, desk.Held, desk.DeliveryHeld, "status") // its secret is missing
	if err := desk.SetSecret(app, desk.SecretSMS, "k"); err != nil {
		t.Fatal(err)
	}
	if err := app.Outbox.Release(); err != nil {
		t.Fatal(err)
	}
	drain(t, app)
	is(t, app, d, desk.Sent, desk.DeliverySent, "sent")
	if n := len(g.Calls()); n != 1 {
		t.Errorf("%d calls", n)
	}
}

// The gateway's address is refused where it leads inside, by whatever name.
func TestInside(t *testing.T) {
	asked := false
	g := newGateway(t, func(http.ResponseWriter, call) { asked = true })
	app := desktest.New(t)
	app.UseGateway(g.URL+"/", nil)
	plain := newTexting(app)
	if _, err := plain.Test(t.Context(), number); err == nil || asked {
		t.Errorf("asked %v, %v", asked, err)
	}
}

func TestSecretStaysInside(t *testing.T) {
	const secret = "hunter&22:pass=word 77"
	g := newGateway(t, func(w http.ResponseWriter, c call) {
		w.WriteHeader(400)
		io.WriteString(w, "you said "+c.Body+" with "+c.Auth+" "+secret+strings.Repeat(" x", 60)+secret)
	})
	app := desktest.New(t)
	app.UseGateway(g.URL+"/", desktest.Values{
		"headers": map[string]string{"Authorization": "Basic {{ secret | base64 }}"},
		"body":    "p={{ password | url_encode }}&to={{ to | url_encode }}&text={{ text | url_encode }}",
	})
	if err := desk.SetSecret(app, desk.SecretSMS, secret); err != nil {
		t.Fatal(err)
	}
	_, err := app.Texting.Test(t.Context(), number)
	if err == nil {
		t.Fatal("taken")
	}
	for _, part := range []string{"hunter&22", "pass=word", "word 77", "pass%3Dword", "aHVudGVyJjIyO"} {
		if strings.Contains(err.Error(), part) {
			t.Errorf("%q stands in %q", part, err)
		}
	}
	desk.GiveSecrets(app, func(name string) string {
		return map[string]string{desk.SecretSMS: secret, desk.SMSHost: "smsapi.mitake.com.tw"}[name]
	})
	before := len(g.Calls())
	if _, err := app.Texting.Test(t.Context(), number); err == nil || len(g.Calls()) != before {
		t.Errorf("sent to another host: %v", err)
	}
}
