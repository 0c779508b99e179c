package orders_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/orders"
	"github.com/pocketdesk/pocketdesk/internal/safehttp"
)

// system stands in for the shop's own, over a real socket.
type system struct {
	URL string

	mu    sync.Mutex
	says  string
	asked []url.Values
}

func newSystem(t *testing.T) *system {
	t.Helper()
	s := &system{says: "{}"}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked = append(s.asked, r.URL.Query())
		w.Header().Set("Content-Type", "application/json")
		if strings.HasPrefix(s.says, "{") {
			io.WriteString(w, s.says)
		} else {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(srv.Close)
	s.URL = srv.URL + "/orders"
	return s
}

func (s *system) Says(body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.says = body
}

func (s *system) Asked() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// newDesk is an app that asks a system on this machine.
func newDesk(t *testing.T, change desktest.Values) (*desktest.App, *orders.Station, *system) {
	t.Helper()
	app, s := desktest.New(t), newSystem(t)
	lookup := map[string]any{"enabled": true, "url": s.URL, "timeout_seconds": 10}
	for name, v := range change {
		lookup[name] = v
	}
	app.Choose(desktest.Values{"lookup": lookup, "timezone": "Asia/Taipei"})
	if err := desk.SetSecret(app, desk.SecretLookup, "a secret of the shop"); err != nil {
		t.Fatal(err)
	}
	return app, orders.New(app, orders.Config{Private: true}), s
}

func look(t *testing.T, s *orders.Station, r orders.Request) *orders.View {
	t.Helper()
	v, err := s.Look(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The order that a form names is looked up, and whose it is stands beside it: that
// somebody knows its number says nothing.
func TestWhoseOrder(t *testing.T) {
	for _, c := range []struct{ state, owner, want string }{
		{desk.StateClaimed, `"email":"ANNA@example.com"`, "claimed"},
		{desk.StateVerified, `"email":"anna@example.com"`, "verified"},
		{desk.StateVerified, `"email":"someone@example.org"`, "other"},
		{desk.StateVerified, `"status":"sent"`, "unknown"},
		{desk.StateReachable, `"phone":"0912 345 678"`, "claimed"},
	} {
		app, station, shop := newDesk(t, nil)
		shop.Says(`{"orders":[{"number":"TW1001",` + c.owner + `}]}`)
		on := app.Case(desktest.Values{"order_no": "TW1001", "phone": "0912345678"})
		for _, i := range app.All(desk.Identities, desktest.Values{"kind": desk.KindEmail}) {
			app.Put(i, desktest.Values{"state": c.state})
		}
		v := look(t, station, orders.Request{Contact: on.Contact(), Case: on.Id, Agent: app.Agent("agent", "")})
		if v.State != orders.StateOK || len(v.Data.Orders) != 1 || v.Data.Orders[0].Owner.State != c.want || v.Asked.Order != "TW1001" {
			t.Errorf("%s with %s: %+v", c.state, c.owner, v)
		}
		if q := shop.Asked(); len(q) != 1 || len(q[0]) != 1 || q[0].Get("order") != "TW1001" {
			t.Errorf("what was sent: %v", q)
		}
	}
}

func TestNumbersOfCase(t *testing.T) {
	app, station, shop := newDesk(t, nil)
	agent := app.Agent("agent", "")
	first := app.Case(desktest.Values{"order_no": "#OLD-1", "message": "the first one"})
	second := app.Case(desktest.Values{"subject": "Order 88001234", "message": "It is about order no. 7700. My phone is 0912345678.", "order_no": "see below: TW2002"})
	if first.Contact() != second.Contact() {
		t.Fatal("two contacts")
	}
	v := look(t, station, orders.Request{Contact: second.Contact(), Case: second.Id, Agent: agent})
	if want := []string{"TW2002", "OLD-1", "88001234", "7700"}; !slices.Equal(v.Known.Orders, want) || v.Known.Member != "" {
		t.Errorf("%q, want %q", v.Known.Orders, want)
	}
	v = look(t, station, orders.Request{Contact: second.Contact(), Case: second.Id, Agent: agent, Member: " M-9 "})
	if q := shop.Asked(); v.Asked.Member != "M-9" || v.Asked.Order != "" || q[len(q)-1].Get("member") != "M-9" || q[len(q)-1].Has("order") {
		t.Errorf("typed: %+v %v", v.Asked, q)
	}
	// what stands in a case of another team is not found
	team := app.Make(desk.Teams, desktest.Values{"name": "A"})
	app.Put(app.Find(desk.Cases, first.Id), desktest.Values{"team": team.Id})
	v = look(t, station, orders.Request{Contact: second.Contact(), Case: first.Id, Agent: app.Agent("agent", "")})
	if slices.Contains(v.Known.Orders, "OLD-1") {
		t.Errorf("a number from another team's case: %q", v.Known.Orders)
	}
	v = look(t, station, orders.Request{Contact: second.Contact(), Agent: app.Agent("supervisor", "")})
	if !slices.Contains(v.Known.Orders, "OLD-1") {
		t.Errorf("a supervisor finds %q", v.Known.Orders)
	}
}

func TestMemberNumber(t *testing.T) {
	app, station, shop := newDesk(t, nil)
	shop.Says(`{"member":{"number":"M-7","name":"Anna"},"orders":[{"number":"1"}]}`)
	on := app.Case(desktest.Values{"subject": "Hello", "message": "A question about tea."})
	app.Make(desk.Identities, desktest.Values{"contact": on.Contact(), "kind": desk.KindMember, "value": "M-7", "state": desk.StateVerified})
	v := look(t, station, orders.Request{Contact: on.Contact(), Case: on.Id, Agent: app.Agent("agent", "")})
	if v.Asked.Member != "M-7" || v.Data.Member.Owner.State != "verified" || v.Data.Orders[0].Owner.State != "verified" {
		t.Errorf("%+v %+v", v.Asked, v.Data)
	}
}

// The visitor's own addresses leave only where the shop chose so.
func TestContactIsSentByChoice(t *testing.T) {
	for _, on := range []bool{false, true} {
		app, station, shop := newDesk(t, desktest.Values{"send_contact": on})
		c := app.Case(desktest.Values{"subject": "Hello", "message": "A question about tea.", "phone": "0912345678"})
		v := look(t, station, orders.Request{Contact: c.Contact(), Case: c.Id, Agent: app.Agent("agent", "")})
		q := shop.Asked()
		switch {
		case !on && (v.State != orders.StateNone || len(q) != 0):
			t.Errorf("off: %+v, sent %v", v, q)
		case on && (v.State != orders.StateOK || !v.Asked.Contact || len(q) != 1 || q[0].Get("email") != "anna@example.com" || q[0].Get("phone") != "+886912345678"):
			t.Errorf("on: %+v, sent %v", v, q)
		}
		look(t, station, orders.Request{Contact: c.Contact(), Case: c.Id, Agent: app.Agent("agent", ""), Order: "TW1"})
		if q := shop.Asked(); q[len(q)-1].Has("email") || q[len(q)-1].Has("phone") {
			t.Errorf("sent beside an order number: %v", q)
		}
	}
}

func TestNotConfigured(t *testing.T) {
	for why, lookup := range map[string]map[string]any{
		desk.LookupOff:      {"url": "https://shop.example/"},
		desk.LookupNoURL:    {"enabled": true},
		desk.LookupNoSecret: {"enabled": true, "url": "https://shop.example/"},
	} {
		app := desktest.New(t)
		app.Choose(desktest.Values{"lookup": lookup})
		c := app.Case(nil)
		v := look(t, orders.New(app, orders.Config{}), orders.Request{Contact: c.Contact(), Agent: app.Agent("agent", ""), Order: "1"})
		if v.Configured || v.State != orders.StateOff || v.Why != why {
			t.Errorf("%s: %+v", why, v)
		}
	}
}

// A system that fails is left alone for a while; new settings begin anew, and so does
// a trial that works.
func TestFailures(t *testing.T) {
	app, station, shop := newDesk(t, nil)
	c, agent := app.Case(nil), app.Agent("agent", "")
	shop.Says("down")
	ask := func(n int) *orders.View {
		return look(t, station, orders.Request{Contact: c.Contact(), Agent: agent, Order: fmt.Sprint("TW", n)})
	}
	for n := range 5 {
		if v := ask(n); v.State != orders.StateFailed || v.Error != "status" || v.Status != 503 {
			t.Fatalf("%+v", v)
		}
	}
	v := ask(6)
	if v.State != orders.StateOpen || v.Error != "breaker" || !v.Until.After(app.Clock.Now()) || len(shop.Asked()) != 5 {
		t.Fatalf("%+v after %d requests", v, len(shop.Asked()))
	}
	shop.Says(`{"orders":[{"number":"TW7"}]}`)
	tried, err := station.Try(t.Context(), "TW7", "")
	if err != nil || tried.State != orders.StateOK || len(tried.Data.Orders) != 1 {
		t.Fatalf("%+v %v", tried, err)
	}
	if v := ask(7); v.State != orders.StateOK || v.Cached {
		t.Errorf("after a trial that worked: %+v", v)
	}
	if v := ask(7); !v.Cached {
		t.Errorf("not kept: %+v", v)
	}
	app.Choose(desktest.Values{"lookup": map[string]any{"enabled": true, "url": shop.URL + "?new=1"}})
	if v := ask(7); v.Cached || v.State != orders.StateOK {
		t.Errorf("after new settings: %+v", v)
	}
}

// What lies inside the machine or its network is not asked, by whatever name.
func TestNothingInsideIsAsked(t *testing.T) {
	app, _, shop := newDesk(t, nil)
	c, agent := app.Case(nil), app.Agent("agent", "")
	resolver := rebinding(t)
	for name, addr := range map[string]string{
		"this machine": shop.URL, "its name": strings.Replace(shop.URL, "127.0.0.1", "localhost", 1),
		"metadata of a cloud": "http://169.254.169.254/latest/meta-data/", "in IPv6": strings.Replace(shop.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1),
		"a name that leads inside": strings.Replace(shop.URL, "127.0.0.1", "rebind.example", 1),
	} {
		app.Choose(desktest.Values{"lookup": map[string]any{"enabled": true, "url": addr}})
		station := orders.New(app, orders.Config{Client: safehttp.New(safehttp.Config{Resolver: resolver})})
		v := look(t, station, orders.Request{Contact: c.Contact(), Agent: agent, Order: "1"})
		if v.State != orders.StateFailed || v.Error != "blocked_address" {
			t.Errorf("%s: %+v", name, v)
		}
	}
	station := orders.New(app, orders.Config{}) // as it is without a word of the operator's
	app.Choose(desktest.Values{"lookup": map[string]any{"enabled": true, "url": shop.URL}})
	if v := look(t, station, orders.Request{Contact: c.Contact(), Agent: agent, Order: "1"}); v.Error != "blocked_address" {
		t.Errorf("by default: %+v", v)
	}
	if n := len(shop.Asked()); n != 0 {
		t.Errorf("it was asked %d times", n)
	}
}

// rebinding is a name server to which every name lies on this machine.
func rebinding(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			m.Response = true
			m.Additionals = nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: netip.MustParseAddr("127.0.0.1").As4()},
				}}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(out, from)
			}
		}
	}()
	addr := conn.LocalAddr().String()
	dialer := net.Dialer{Timeout: 5 * time.Second}
	resolver := &net.Resolver{PreferGo: true}
	resolver.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) { return dialer.DialContext(ctx, "udp", addr) }
	return resolver
}
