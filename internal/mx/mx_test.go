package mx

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) after(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// stub answers what a test sets and counts who was asked about.
type stub struct {
	mx    func(ctx context.Context, name string) ([]*net.MX, error)
	addrs func(name string) ([]netip.Addr, error)

	mu    sync.Mutex
	asked []string
}

func (s *stub) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	s.mu.Lock()
	s.asked = append(s.asked, name)
	s.mu.Unlock()
	return s.mx(ctx, name)
}

func (s *stub) LookupNetIP(_ context.Context, network, name string) ([]netip.Addr, error) {
	if network != "ip" {
		return nil, fmt.Errorf("network %q", network)
	}
	if s.addrs == nil {
		return nil, errNone
	}
	return s.addrs(name)
}

func (s *stub) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

var (
	errNone  = &net.DNSError{Err: "no such host", IsNotFound: true}
	errFault = &net.DNSError{Err: "server misbehaving", IsTemporary: true}
	errSlow  = &net.DNSError{Err: "i/o timeout", IsTimeout: true}
)

func answer(hosts ...string) func(context.Context, string) ([]*net.MX, error) {
	return func(context.Context, string) ([]*net.MX, error) {
		var all []*net.MX
		for _, h := range hosts {
			all = append(all, &net.MX{Host: h, Pref: 10})
		}
		return all, nil
	}
}

func fail(err error) func(context.Context, string) ([]*net.MX, error) {
	return func(context.Context, string) ([]*net.MX, error) { return nil, err }
}

// checker waits long, so that what the stub says is known at once.
func checker(r Resolver, clk *clock) *Checker {
	return New(Config{Resolver: r, Now: clk.now, Wait: time.Minute})
}

func TestStates(t *testing.T) {
	here := func(string) ([]netip.Addr, error) { return []netip.Addr{netip.MustParseAddr("192.0.2.1")}, nil }
	addrs := func(err error) func(string) ([]netip.Addr, error) {
		return func(string) ([]netip.Addr, error) { return nil, err }
	}
	for name, tt := range map[string]struct {
		r    *stub
		want State
	}{
		"exchanger":               {&stub{mx: answer("mail.shop.tw.")}, OK},
		"null":                    {&stub{mx: answer("."), addrs: here}, NoMail},
		"null beside another":     {&stub{mx: answer(".", "mail.shop.tw.")}, OK},
		"none, but an address":    {&stub{mx: fail(errNone), addrs: here}, OK},
		"empty, but an address":   {&stub{mx: answer(), addrs: here}, OK},
		"neither":                 {&stub{mx: fail(errNone)}, NoMail},
		"neither, without error":  {&stub{mx: answer(), addrs: addrs(nil)}, NoMail},
		"fault":                   {&stub{mx: fail(errFault), addrs: here}, Unknown},
		"fault of the address":    {&stub{mx: fail(errNone), addrs: addrs(errFault)}, Unknown},
		"time-out":                {&stub{mx: fail(errSlow), addrs: here}, Unknown},
		"time-out of the address": {&stub{mx: fail(errNone), addrs: addrs(errSlow)}, Unknown},
		"some other error":        {&stub{mx: fail(errors.New("no network")), addrs: here}, Unknown},
		"one of two is readable": {&stub{mx: func(context.Context, string) ([]*net.MX, error) {
			return []*net.MX{{Host: "mail.shop.tw."}}, &net.DNSError{Err: "malformed"}
		}}, OK},
	} {
		c := checker(tt.r, newClock())
		if got := c.Check("shop.tw"); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// TestWitness doesn't believe a resolver that knows nobody at all.
func TestWitness(t *testing.T) {
	for name, tt := range map[string]struct {
		known string // the only name with a mail server
		want  State
	}{
		"cut off":     {"", Unknown},
		"in the open": {"witness.tw.", NoMail},
	} {
		r := &stub{mx: func(_ context.Context, name string) ([]*net.MX, error) {
			if name == tt.known {
				return []*net.MX{{Host: "mail.witness.tw."}}, nil
			}
			return nil, errNone
		}}
		c := New(Config{Resolver: r, Now: newClock().now, Wait: time.Minute, Witness: "witness.tw"})
		if got := c.Check("shop.tw"); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestNil(t *testing.T) {
	if got := (*Checker)(nil).Check("shop.tw"); got != Unknown {
		t.Errorf("got %q", got)
	}
}

func TestKept(t *testing.T) {
	for name, tt := range map[string]struct {
		mx   func(context.Context, string) ([]*net.MX, error)
		keep []time.Duration // after the first, the second … answer in a row
	}{
		"ok":      {answer("mail."), []time.Duration{24 * time.Hour, 24 * time.Hour}},
		"no mail": {answer("."), []time.Duration{time.Hour, time.Hour}},
		"fault": {fail(errFault), []time.Duration{
			time.Minute, 2 * time.Minute, 4 * time.Minute, 5 * time.Minute, 5 * time.Minute,
		}},
	} {
		clk, r := newClock(), &stub{mx: tt.mx}
		c := checker(r, clk)
		want := c.Check("shop.tw")
		for i, d := range tt.keep {
			clk.after(d - 1)
			if got := c.Check("shop.tw"); got != want || r.count() != i+1 {
				t.Errorf("%s, answer %d: %q, asked %d times too early", name, i+1, got, r.count())
			}
			clk.after(1)
			if got := c.Check("shop.tw"); got != want || r.count() != i+2 {
				t.Errorf("%s, answer %d: %q, asked %d times", name, i+1, got, r.count())
			}
		}
	}
}

func TestFaultsStartAnew(t *testing.T) {
	clk, r := newClock(), &stub{mx: fail(errFault)}
	c := checker(r, clk)
	c.Check("shop.tw")
	clk.after(time.Minute)
	c.Check("shop.tw") // two minutes now
	clk.after(2 * time.Minute)
	r.mx = answer("mail.")
	if got := c.Check("shop.tw"); got != OK {
		t.Fatalf("got %q", got)
	}
	clk.after(24 * time.Hour)
	r.mx = fail(errFault)
	c.Check("shop.tw")
	before := r.count()
	clk.after(time.Minute)
	if c.Check("shop.tw"); r.count() != before+1 {
		t.Error("the faults from before the answer still count")
	}
}

// TestOneQuestion: however many ask, and however they write it, one lookup is made.
func TestOneQuestion(t *testing.T) {
	free := make(chan struct{})
	r := &stub{mx: func(context.Context, string) ([]*net.MX, error) {
		<-free
		return []*net.MX{{Host: "mail."}}, nil
	}}
	c := checker(r, newClock())
	states := make(chan State)
	names := []string{"商店.tw", "xn--czrs0t.tw", "XN--CZRS0T.TW.", " 商店．tw "}
	for _, name := range names {
		go func() { states <- c.Check(name) }()
	}
	close(free)
	for range names {
		if got := <-states; got != OK {
			t.Errorf("got %q", got)
		}
	}
	if r.count() != 1 || r.asked[0] != "xn--czrs0t.tw." {
		t.Errorf("asked %q", r.asked)
	}
}

// eventually checks until the state is as wanted; each Check waits by itself.
func eventually(t *testing.T, c *Checker, name string, want State) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for c.Check(name) != want {
		if ctx.Err() != nil {
			t.Fatalf("%s never became %q", name, want)
		}
	}
}

func TestSlowNowKnownLater(t *testing.T) {
	free := make(chan struct{})
	r := &stub{mx: func(context.Context, string) ([]*net.MX, error) {
		<-free
		return nil, errNone
	}}
	c := New(Config{Resolver: r, Wait: time.Millisecond, Now: newClock().now})
	for range 3 {
		if got := c.Check("shop.tw"); got != Unknown {
			t.Fatalf("before the answer: %q", got)
		}
	}
	close(free)
	eventually(t, c, "shop.tw", NoMail)
	if n := r.count(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// TestTimeout: the resolver's context ends, and the state with it.
func TestTimeout(t *testing.T) {
	ended := make(chan error, 1)
	r := &stub{mx: func(ctx context.Context, _ string) ([]*net.MX, error) {
		<-ctx.Done()
		ended <- ctx.Err()
		return nil, ctx.Err()
	}}
	c := New(Config{Resolver: r, Timeout: time.Millisecond, Wait: time.Minute, Now: newClock().now})
	if got := c.Check("shop.tw"); got != Unknown || !errors.Is(<-ended, context.DeadlineExceeded) {
		t.Errorf("got %q", got)
	}
}

func TestConcurrent(t *testing.T) {
	free, arrived := make(chan struct{}), make(chan struct{}, 9)
	r := &stub{mx: func(context.Context, string) ([]*net.MX, error) {
		arrived <- struct{}{}
		<-free
		return []*net.MX{{Host: "mail."}}, nil
	}}
	c := New(Config{Resolver: r, Wait: time.Minute, Concurrent: 2, Now: newClock().now})
	states := make(chan State, 2)
	for i := range 2 {
		go func() { states <- c.Check(fmt.Sprintf("shop%d.tw", i)) }()
		<-arrived
	}
	if got := c.Check("shop2.tw"); got != Unknown || r.count() != 2 {
		t.Errorf("the third: %q after %d questions", got, r.count())
	}
	close(free)
	for range 2 {
		if got := <-states; got != OK {
			t.Errorf("got %q", got)
		}
	}
	if got := c.Check("shop2.tw"); got != OK {
		t.Errorf("the third, again: %q", got)
	}
}

func TestBounded(t *testing.T) {
	r := &stub{mx: answer("mail.")}
	c := New(Config{Resolver: r, Wait: time.Minute, Max: 10, Now: newClock().now})
	for i := range 100 {
		c.Check(fmt.Sprintf("shop%d.tw", i))
		c.Check("kept.tw")
	}
	if len(c.domains) != 10 || c.recent.Len() != 10 || r.count() != 101 {
		t.Errorf("%d domains, %d in the list, %d questions", len(c.domains), c.recent.Len(), r.count())
	}
}

// TestForgottenUnderWay: an answer for a domain that was forgotten meanwhile still reaches who waits.
func TestForgottenUnderWay(t *testing.T) {
	free, arrived := make(chan struct{}), make(chan struct{})
	r := &stub{mx: func(_ context.Context, name string) ([]*net.MX, error) {
		if name == "slow.tw." {
			close(arrived)
			<-free
		}
		return []*net.MX{{Host: "mail."}}, nil
	}}
	c := New(Config{Resolver: r, Wait: time.Minute, Max: 1, Now: newClock().now})
	slow := make(chan State)
	go func() { slow <- c.Check("slow.tw") }()
	<-arrived
	if got := c.Check("other.tw"); got != OK {
		t.Errorf("the other: %q", got)
	}
	close(free)
	if got := <-slow; got != OK {
		t.Errorf("the slow one: %q", got)
	}
	if len(c.domains) != 1 || c.recent.Len() != 1 {
		t.Errorf("%d domains", len(c.domains))
	}
}

func TestBreaker(t *testing.T) {
	clk, r := newClock(), &stub{mx: fail(errSlow)}
	c := checker(r, clk)
	n := 0
	check := func(want State, asked int) {
		t.Helper()
		n++
		if got := c.Check(fmt.Sprintf("shop%d.tw", n)); got != want || r.count() != asked {
			t.Fatalf("%q after %d questions, want %q after %d", got, r.count(), want, asked)
		}
	}
	for i := range 4 {
		check(Unknown, i+1)
	}
	r.mx = fail(errFault) // somebody answers: the count starts anew
	check(Unknown, 5)
	r.mx = fail(errSlow)
	for i := range 5 {
		check(Unknown, i+6)
	}
	r.mx = answer("mail.")
	check(Unknown, 10)
	clk.after(time.Minute - 1)
	check(Unknown, 10)
	clk.after(1)
	r.mx = fail(errSlow)
	check(Unknown, 11) // the trial fails
	r.mx = answer("mail.")
	check(Unknown, 11)
	clk.after(time.Minute)
	check(OK, 12)
	check(OK, 13)
}

func TestManyAtOnce(t *testing.T) {
	clk := newClock()
	r := &stub{mx: func(_ context.Context, name string) ([]*net.MX, error) {
		if strings.HasPrefix(name, "shop1") {
			return nil, errSlow
		}
		return []*net.MX{{Host: "mail."}}, nil
	}}
	c := New(Config{Resolver: r, Wait: time.Millisecond, Max: 5, Concurrent: 3, Now: clk.now})
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			clk.after(time.Minute)
			c.Check(fmt.Sprintf("shop%d.tw", i%20))
		})
	}
	wg.Wait()
}
