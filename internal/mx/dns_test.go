package mx

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// dnsServer is a name server on a real UDP socket.
type dnsServer struct {
	conn net.PacketConn
	slow chan struct{} // closed when slow.tw may be answered

	mu      sync.Mutex
	queries int
}

func newDNSServer(t *testing.T) *dnsServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &dnsServer{conn: conn, slow: make(chan struct{})}
	var wg sync.WaitGroup
	wg.Go(func() {
		buf := make([]byte, 2048)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var q dnsmessage.Message
			if q.Unpack(buf[:n]) != nil || len(q.Questions) != 1 {
				continue
			}
			wg.Go(func() { s.answer(q, from) })
		}
	})
	t.Cleanup(func() {
		conn.Close()
		wg.Wait()
	})
	return s
}

// resolver asks this server, whatever the machine's own configuration says.
func (s *dnsServer) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", s.conn.LocalAddr().String())
	}}
}

func (s *dnsServer) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queries
}

func (s *dnsServer) answer(q dnsmessage.Message, from net.Addr) {
	s.mu.Lock()
	s.queries++
	s.mu.Unlock()
	question := q.Questions[0]
	a := dnsmessage.Message{
		Header: dnsmessage.Header{
			ID: q.ID, Response: true, RecursionDesired: true, RecursionAvailable: true,
		},
		Questions: q.Questions,
	}
	add := func(kind dnsmessage.Type, body dnsmessage.ResourceBody) {
		if question.Type == kind {
			a.Answers = append(a.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: question.Name, Type: kind, Class: dnsmessage.ClassINET, TTL: 60},
				Body:   body,
			})
		}
	}
	switch question.Name.String() {
	case "mail.tw.":
		add(dnsmessage.TypeMX, &dnsmessage.MXResource{Pref: 10, MX: dnsmessage.MustNewName("mx.mail.tw.")})
	case "null.tw.":
		add(dnsmessage.TypeMX, &dnsmessage.MXResource{MX: dnsmessage.MustNewName(".")})
		add(dnsmessage.TypeA, &dnsmessage.AResource{A: [4]byte{192, 0, 2, 1}})
	case "web.tw.":
		add(dnsmessage.TypeA, &dnsmessage.AResource{A: [4]byte{192, 0, 2, 1}})
	case "web6.tw.":
		add(dnsmessage.TypeAAAA, &dnsmessage.AAAAResource{AAAA: [16]byte{0: 0x20, 1: 0x01, 15: 1}})
	case "text.tw.": // exists, but with neither
		add(dnsmessage.TypeTXT, &dnsmessage.TXTResource{TXT: []string{"v=spf1 -all"}})
	case "broken.tw.":
		a.RCode = dnsmessage.RCodeServerFailure
	case "refused.tw.":
		a.RCode = dnsmessage.RCodeRefused
	case "half.tw.": // the exchangers are not there, the addresses cannot be had
		if question.Type != dnsmessage.TypeMX {
			a.RCode = dnsmessage.RCodeServerFailure
		}
	case "silent.tw.":
		return
	case "slow.tw.":
		<-s.slow
		add(dnsmessage.TypeMX, &dnsmessage.MXResource{Pref: 10, MX: dnsmessage.MustNewName("mx.slow.tw.")})
	default:
		a.RCode = dnsmessage.RCodeNameError
	}
	if packed, err := a.Pack(); err == nil {
		_, _ = s.conn.WriteTo(packed, from) // the other side may be gone
	}
}

func TestRealDNS(t *testing.T) {
	s := newDNSServer(t)
	c := New(Config{Resolver: s.resolver(), Wait: time.Minute})
	for name, want := range map[string]State{
		"mail.tw":    OK,
		"Mail.TW.":   OK,
		"null.tw":    NoMail,
		"web.tw":     OK,
		"web6.tw":    OK,
		"text.tw":    NoMail,
		"nowhere.tw": NoMail,
		"broken.tw":  Unknown,
		"refused.tw": Unknown,
		"half.tw":    Unknown,
	} {
		if got := c.Check(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	before := s.count()
	if got := c.Check("mail.tw"); got != OK || s.count() != before {
		t.Errorf("again: %q, %d more questions", got, s.count()-before)
	}
}

func TestRealDNSSilent(t *testing.T) {
	s := newDNSServer(t)
	c := New(Config{Resolver: s.resolver(), Wait: time.Minute, Timeout: 20 * time.Millisecond})
	if got := c.Check("silent.tw"); got != Unknown || c.breaker.failed != 1 {
		t.Errorf("got %q, %+v", got, c.breaker)
	}
}

func TestRealDNSSlow(t *testing.T) {
	s := newDNSServer(t)
	c := New(Config{Resolver: s.resolver(), Wait: time.Millisecond, Timeout: time.Minute})
	if got := c.Check("slow.tw"); got != Unknown {
		t.Errorf("before the answer: %q", got)
	}
	close(s.slow)
	eventually(t, c, "slow.tw", OK)
}

// TestRealDNSTimesOut: silence is a time-out by the breaker's measure too.
func TestRealDNSTimesOut(t *testing.T) {
	s := newDNSServer(t)
	_, err := ask(withDeadline(t), s.resolver(), "silent.tw.")
	if !timedOut(err) {
		t.Errorf("got %v", err)
	}
	_, err = ask(t.Context(), s.resolver(), "broken.tw.")
	if err == nil || timedOut(err) {
		t.Errorf("got %v", err)
	}
}

func withDeadline(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}
