package hooks

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/texting"
	"github.com/pocketdesk/pocketdesk/internal/safehttp"
)

// smsStub stands in for an SMS gateway, over a real socket.
type smsStub struct {
	URL string

	mu     sync.Mutex
	status int
	answer string
	forms  []url.Values
}

// Answers sets what it says from now on.
func (g *smsStub) Answers(status int, body string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.status, g.answer = status, body
}

// Forms are what it was asked.
func (g *smsStub) Forms() []url.Values {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]url.Values(nil), g.forms...)
}

// newSMSStub is a gateway on this machine, which the shop's station may reach.
func newSMSStub(s *shop) *smsStub {
	s.t.Helper()
	g := &smsStub{status: http.StatusOK, answer: "id=G-7"}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		g.mu.Lock()
		defer g.mu.Unlock()
		g.forms = append(g.forms, form)
		w.WriteHeader(g.status)
		io.WriteString(w, g.answer)
	}))
	s.t.Cleanup(srv.Close)
	_, port, _ := strings.Cut(srv.Listener.Addr().String(), ":")
	g.URL = "http://localhost:" + port
	s.plugin.outbox.Stop() // a test says itself when texts leave
	station := texting.New(s.App, texting.Config{
		Commit: s.plugin.commit, TrackingURL: s.plugin.outbox.TrackingURL,
		Client: safehttp.New(safehttp.Config{Allow: func(to netip.AddrPort) bool { return to.Addr().IsLoopback() }}),
	})
	s.plugin.texting = station
	s.plugin.outbox.Carry(desk.BySMS, textCarrier{station})
	return g
}

// choices are settings for the stub.
func (g *smsStub) choices() map[string]any {
	return map[string]any{
		"enabled": true, "url": g.URL + "/send", "success": "^id=", "id": `^id=(\S+)`,
		"body":   "to={{ to | url_encode }}&text={{ text | url_encode }}&pw={{ password | url_encode }}&cb={{ report_url | url_encode }}",
		"report": map[string]any{"id": "mid", "status": "st", "delivered": "ok", "failed": "bad"},
	}
}

// newTextShop is a shop with a gateway and a case of a visitor who left a number only.
func newTextShop(t *testing.T) (*shop, *smsStub, *desk.Case) {
	s := newShop(t)
	g := newSMSStub(s)
	s.Settings(map[string]any{"sms": g.choices(), "timezone": "Asia/Taipei"})
	owner := s.Superuser()
	if status, got := s.Post("/api/desk/sms/secret", map[string]any{"secret": "shop:pass word"}, "Authorization", owner); status != http.StatusOK {
		t.Fatalf("secret: %d %v", status, got)
	}
	s.Submit(map[string]any{"email": "", "phone": "0912-345-678"})
	return s, g, s.Cases()[0]
}

// textOf posts an answer by SMS.
func (s *shop) textOf(c *desk.Case, token string, fields map[string]any) (int, map[string]any) {
	s.t.Helper()
	body := map[string]any{"case": c.Id, "direction": "out", "channel": "sms", "body": "今天出貨 " + desk.TrackingLink}
	for name, v := range fields {
		body[name] = v
	}
	return s.Post("/api/collections/messages/records", body, "Authorization", token)
}

// message reads a message again.
func (s *shop) message(id any) *desk.Message {
	s.t.Helper()
	m, err := desk.FindMessage(s.App, id.(string))
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// The whole way of a text: written, sent once, reported.
func TestText(t *testing.T) {
	s, g, c := newTextShop(t)
	token, _ := s.Agent(desk.RoleAgent, "")
	if _, view := s.Get("/api/desk/cases/"+c.Id, "Authorization", token); view["sms_to"] != "+886912345678" || view["reply_to"] != "" {
		t.Errorf("a text goes to %v, a mail to %v", view["sms_to"], view["reply_to"])
	}
	status, m := s.textOf(c, token, nil)
	if status != http.StatusOK || m["delivery"] != "queued" {
		t.Fatalf("%d %v", status, m)
	}
	s.Drain()
	s.Clock.Advance(time.Hour)
	s.Drain()
	forms := g.Forms()
	if len(forms) != 1 {
		t.Fatalf("%d calls", len(forms))
	}
	link := s.plugin.outbox.TrackingURL(s.App, c)
	if f := forms[0]; f.Get("to") != "+886912345678" || f.Get("text") != "今天出貨 "+link || f.Get("pw") != "pass word" {
		t.Errorf("asked %v", f)
	}
	if after := s.message(m["id"]); after.Delivery() != desk.DeliverySent || strings.Contains(after.Body(), link) {
		t.Errorf("%s: %q", after.Delivery(), after.Body())
	}

	address := strings.TrimPrefix(forms[0].Get("cb"), "https://shop.example")
	if r := s.Do("GET", address+"?mid=G-7&st=OK", nil); r.Status != http.StatusOK || string(r.Body) != "{}" {
		t.Errorf("reported: %d %s", r.Status, r.Body)
	}
	if after := s.message(m["id"]); after.GetString("delivery_note") != "delivered" || !contains(s.kinds(c.Id), "delivered") {
		t.Errorf("%q, %v", after.GetString("delivery_note"), s.kinds(c.Id))
	}
}

// kinds are a case's events.
func (s *shop) kinds(id string) []string {
	var out []string
	for _, r := range s.Rows(desk.Events) {
		if r.GetString("case") == id {
			out = append(out, r.GetString("kind"))
		}
	}
	return out
}

func contains(list []string, one string) bool {
	for _, s := range list {
		if s == one {
			return true
		}
	}
	return false
}

// Strangers report nothing, and read what everybody reads.
func TestReportByStrangers(t *testing.T) {
	s, g, c := newTextShop(t)
	token, _ := s.Agent(desk.RoleAgent, "")
	_, m := s.textOf(c, token, nil)
	s.Drain()
	address := strings.TrimPrefix(g.Forms()[0].Get("cb"), "https://shop.example")
	right, ref, _ := strings.Cut(strings.TrimPrefix(address, texting.ReportPath), "/")
	for _, path := range []string{"x", strings.Repeat("0", 32), "x/" + ref, strings.ToUpper(right)} {
		for _, method := range []string{"GET", "POST"} {
			if r := s.Do(method, texting.ReportPath+path+"?mid=G-7&st=bad", nil); r.Status != http.StatusOK || string(r.Body) != "{}" {
				t.Errorf("%s %s: %d %s", method, path, r.Status, r.Body)
			}
		}
	}
	s.Do("GET", address+"?what=ever", nil) // no report at all
	if after := s.message(m["id"]); after.Delivery() != desk.DeliverySent {
		t.Errorf("a stranger made it %s", after.Delivery())
	}
	if r := s.Do("POST", address, strings.NewReader("mid=G-7&st=bad"), "Content-Type", "application/x-www-form-urlencoded"); r.Status != http.StatusOK {
		t.Errorf("%d", r.Status)
	}
	if after := s.message(m["id"]); after.Delivery() != desk.DeliveryFailed {
		t.Errorf("the gateway's word counts for nothing: %s", after.Delivery())
	}
	if r := s.Do("POST", address, strings.NewReader(strings.Repeat("x", maxReport+1)), "Content-Type", "application/x-www-form-urlencoded"); r.Status != http.StatusRequestEntityTooLarge && r.Status != http.StatusOK {
		t.Errorf("too long: %d", r.Status)
	}
	for n := range reportMinute + 1 {
		if s.Do("GET", texting.ReportPath+"x", nil).Status == http.StatusTooManyRequests {
			return
		} else if n == reportMinute {
			t.Error("a flood is let through")
		}
	}
}

// A refusal shows; a broken call shows and is not repeated.
func TestTextFails(t *testing.T) {
	s, g, c := newTextShop(t)
	token, _ := s.Agent(desk.RoleAgent, "")
	for _, one := range []struct {
		status int
		body   string
		state  string
	}{{400, "pass word is wrong", desk.Failed}, {200, "no credit", desk.Failed}, {500, "", desk.Unknown}} {
		g.Answers(one.status, one.body)
		before := len(g.Forms())
		_, m := s.textOf(c, token, nil)
		s.Drain()
		s.Clock.Advance(time.Hour)
		s.Drain()
		rows := s.Rows(desk.Outbox)
		d := rows[len(rows)-1]
		if d.GetString("status") != one.state || s.message(m["id"]).Delivery() != desk.DeliveryFailed || len(g.Forms()) != before+1 {
			t.Errorf("%d: %s, %d calls", one.status, d.GetString("status"), len(g.Forms())-before)
		}
		if strings.Contains(d.GetString("last_error"), "pass word") {
			t.Errorf("the secret stands in %q", d.GetString("last_error"))
		}
		_, view := s.Get("/api/desk/cases/"+c.Id, "Authorization", token)
		list := view["messages"].([]any)
		if last := list[len(list)-1].(map[string]any); last["outbox"] != d.Id {
			t.Errorf("nothing to send it again by: %v", last["outbox"])
		}
		g.Answers(200, "id=G-8")
		if status, _ := s.Post("/api/desk/outbox/"+d.Id+"/retry", nil, "Authorization", token); status != http.StatusOK {
			t.Errorf("again: %d", status)
		}
		s.Drain()
		if s.message(m["id"]).Delivery() != desk.DeliverySent || len(g.Forms()) != before+2 {
			t.Errorf("again: %s", s.message(m["id"]).Delivery())
		}
	}
}

func TestTextUndone(t *testing.T) {
	s, g, c := newTextShop(t)
	token, _ := s.Agent(desk.RoleAgent, "")
	_, m := s.textOf(c, token, map[string]any{"undo_seconds": 10})
	s.Drain()
	status, back := s.Post("/api/desk/messages/"+m["id"].(string)+"/undo", nil, "Authorization", token)
	if status != http.StatusOK || back["channel"] != "sms" || back["body"] != "今天出貨 "+desk.TrackingLink {
		t.Errorf("%d %v", status, back)
	}
	s.Clock.Advance(time.Minute)
	s.Drain()
	if n := len(g.Forms()); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// Until the gateway is set up texts are held; saving its settings lets them go.
func TestTextHeld(t *testing.T) {
	s, g, c := newTextShop(t)
	choices := g.choices()
	choices["enabled"] = false
	s.Settings(map[string]any{"sms": choices})
	token, _ := s.Agent(desk.RoleAgent, "")
	_, m := s.textOf(c, token, nil)
	s.Drain()
	if m["delivery"] != "held" || len(g.Forms()) != 0 {
		t.Errorf("%v, %d calls", m["delivery"], len(g.Forms()))
	}
	s.Settings(map[string]any{"sms": g.choices()})
	s.Drain()
	if s.message(m["id"]).Delivery() != desk.DeliverySent || len(g.Forms()) != 1 {
		t.Errorf("%s, %d calls", s.message(m["id"]).Delivery(), len(g.Forms()))
	}
}

func TestTextRefused(t *testing.T) {
	s, _, c := newTextShop(t)
	token, _ := s.Agent(desk.RoleAgent, "")
	s.Submit(map[string]any{"message": "by mail alone"})
	byMail := s.Cases()[1]
	for name, one := range map[string]struct {
		c      *desk.Case
		fields map[string]any
		field  string
	}{
		"too long":  {c, map[string]any{"body": strings.Repeat("好", 202)}, "body"},
		"empty":     {c, map[string]any{"body": ""}, "body"},
		"no number": {byMail, nil, "channel"},
		"he wrote":  {c, map[string]any{"direction": "in"}, "direction"},
		"its id":    {c, map[string]any{"message_id": "<x@y>"}, "message_id"},
	} {
		status, got := s.textOf(one.c, token, one.fields)
		if data, _ := got["data"].(map[string]any); status != http.StatusBadRequest || data[one.field] == nil {
			t.Errorf("%s: %d %v", name, status, got)
		}
	}
}

// Who left a number only gets his receipt by text, once the shop wants that.
func TestAckTextByDoor(t *testing.T) {
	s, g, _ := newTextShop(t)
	choices := g.choices()
	choices["ack"] = true
	s.Settings(map[string]any{"sms": choices})
	answer := s.Submit(map[string]any{"email": "", "phone": "0987-654-321", "message": "請問有開門市嗎？"})
	s.Drain()
	forms := g.Forms()
	if len(forms) != 1 || forms[0].Get("to") != "+886987654321" {
		t.Fatalf("%v", forms)
	}
	text := forms[0].Get("text")
	if receipt := answer["receipt"].(string); !strings.Contains(text, receipt) || !strings.Contains(text, "https://shop.example/support/t/") {
		t.Errorf("%q", text)
	}
}
