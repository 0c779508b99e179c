package webhooks_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/webhooks"
)

// names is a DNS server on this machine whose answers may change.
func names(t *testing.T, answer func(asked int) [4]byte) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for asked := 0; ; {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response = true
			m.Additionals = nil
			if q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: &dnsmessage.AResource{A: answer(asked)},
				}}
				asked++
			}
			if out, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// Whatever name or number leads inside, nothing is asked there: not this machine,
// not the cloud's own address, not a name that changes its mind.
func TestInside(t *testing.T) {
	app := desktest.New(t)
	r := newReceiver(t, app)
	port := r.URL[strings.LastIndex(r.URL, ":"):]
	resolver := names(t, func(asked int) [4]byte {
		if asked == 0 {
			return [4]byte{192, 0, 2, 1} // a documentation address: refused as well, but another one
		}
		return [4]byte{127, 0, 0, 1}
	})
	s := webhooks.New(app, webhooks.Config{Commit: app.Commit, Resolver: resolver, Timeout: 2 * time.Second})
	admin := app.Agent(desk.RoleAdmin, "")
	h := hook(t, s, app, r, opened)
	for _, url := range []string{
		r.URL, "http://localhost" + port, "http://[::1]" + port, "http://[::ffff:127.0.0.1]" + port, "http://0.0.0.0" + port, "http://2130706433" + port,
		"http://169.254.169.254/latest/meta-data", "http://10.0.0.1/", "http://rebind.shop.example" + port, "http://rebind.shop.example" + port, "file:///etc/passwd", "http://user:pw@127.0.0.1" + port,
	} {
		app.Put(app.Find(desk.Webhooks, h.Id), desktest.Values{"url": url})
		pong, err := s.Ping(t.Context(), h.Id, admin)
		if err != nil || pong.OK || pong.Code != 0 {
			t.Errorf("%s: %+v %v", url, pong, err)
		}
		if strings.Contains(url, port) && !strings.Contains(url, "2130706433") && !strings.HasPrefix(pong.Said, "Refused") {
			t.Errorf("%s: %s", url, pong.Said)
		}
	}
	if r.tried() != 0 {
		t.Error("something inside was asked")
	}
}
