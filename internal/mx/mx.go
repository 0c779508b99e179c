// Package mx tells whether a domain can receive mail at all, as the DNS has it: a visitor who
// typed an address there can be answered, or cannot.
//
//	c := mx.New(mx.Config{})
//	c.Check("gmail.com")    // mx.OK
//	c.Check("gmial.invlid") // mx.NoMail
//	c.Check("[127.0.0.1]")  // mx.Unknown
//
// Check waits a tenth of a second at most; an answer that takes longer is there the next time. Only
// what the DNS says for sure counts: a fault, here or there, leaves a domain unknown.
package mx

import (
	"container/list"
	"context"
	"net"
	"net/netip"
	"sync"
	"time"
)

// State is what is known of a domain.
type State string

// The states.
const (
	Unknown State = ""        // not known (yet), or nothing that can be asked about
	OK      State = "ok"      // it names a mail exchanger, or has an address (RFC 5321 §5.1)
	NoMail  State = "no_mail" // it does not exist, has neither, or says so by a null MX (RFC 7505)
)

const (
	keepOK     = 24 * time.Hour
	keepNoMail = time.Hour
	keepFault  = time.Minute // doubled with each fault in a row, up to
	keepFaults = 5 * time.Minute
)

// Resolver asks the DNS. *net.Resolver is one. Names are given with a final dot, so that no search
// list applies; a name that does not exist is told by a *net.DNSError with IsNotFound.
type Resolver interface {
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

var _ Resolver = (*net.Resolver)(nil)

// Config says whom to ask and how long. The zero Config works.
type Config struct {
	// Resolver is asked. Default net.DefaultResolver.
	Resolver Resolver
	// Wait is how long Check waits for an answer. Default 100 ms.
	Wait time.Duration
	// Timeout bounds all questions about one domain. Default 5 s.
	Timeout time.Duration
	// Concurrent is how many domains may be asked about at once. Default 8. Beyond that a domain
	// stays unknown for now.
	Concurrent int
	// Max is how many domains are remembered. Default 10,000, of about 500 bytes each. Beyond
	// that the one that was checked longest ago is forgotten.
	Max int
	// Witness is a domain that is sure to take mail. A resolver that says of it, too, that it takes none
	// is cut off from the world, and isn't believed. Default: none, every answer is believed.
	Witness string
	// Now is the clock. Default time.Now.
	Now func() time.Time
}

func (c Config) withDefaults() Config {
	if c.Resolver == nil {
		c.Resolver = net.DefaultResolver
	}
	if c.Wait <= 0 {
		c.Wait = 100 * time.Millisecond
	}
	if c.Timeout <= 0 {
		c.Timeout = 5 * time.Second
	}
	if c.Concurrent <= 0 {
		c.Concurrent = 8
	}
	if c.Max <= 0 {
		c.Max = 10_000
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Checker asks and remembers. It is safe for concurrent use. A nil *Checker knows nothing.
type Checker struct {
	cfg   Config
	slots chan struct{}

	mu      sync.Mutex
	domains map[string]*list.Element
	recent  *list.List // of *domain, the last checked in front
	breaker breaker
}

// domain is what is known of one. The Checker's lock guards it.
type domain struct {
	name   string
	state  State
	until  time.Time
	faults int           // in a row
	done   chan struct{} // closed when the lookup under way has ended; nil if there is none
}

// New returns a Checker that knows nothing yet. It asks nobody before the first Check.
func New(c Config) *Checker {
	c = c.withDefaults()
	return &Checker{
		cfg: c, slots: make(chan struct{}, c.Concurrent),
		domains: map[string]*list.Element{}, recent: list.New(),
	}
}

// Check tells the state of a domain, the part of an address behind the @, in any script. What is no
// public domain (address literals, names without a dot, names kept for special use, nonsense) is
// Unknown at once and nobody is asked.
func (c *Checker) Check(name string) State {
	if c == nil {
		return Unknown
	}
	if name = normal(name); name == "" {
		return Unknown
	}
	d, state, done := c.begin(name)
	if done == nil {
		return state
	}
	timer := time.NewTimer(c.cfg.Wait)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		return Unknown
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return d.state
}

// begin returns what is known, or the lookup to wait for, which it starts if there is none.
func (c *Checker) begin(name string) (d *domain, known State, done <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.cfg.Now()
	e, ok := c.domains[name]
	if ok {
		c.recent.MoveToFront(e)
		d = e.Value.(*domain)
		if d.done != nil {
			return d, Unknown, d.done
		}
		if now.Before(d.until) {
			return d, d.state, nil
		}
	}
	if !c.breaker.open(now) {
		return nil, Unknown, nil
	}
	select {
	case c.slots <- struct{}{}:
	default:
		return nil, Unknown, nil
	}
	if !ok {
		d = c.remember(name)
	}
	d.done = make(chan struct{})
	go c.lookup(d, c.breaker.start())
	return d, Unknown, d.done
}

func (c *Checker) remember(name string) *domain {
	for len(c.domains) >= c.cfg.Max {
		last := c.recent.Back()
		c.recent.Remove(last)
		delete(c.domains, last.Value.(*domain).name)
	}
	d := &domain{name: name}
	c.domains[name] = c.recent.PushFront(d)
	return d
}

// lookup asks about one domain and notes the answer.
func (c *Checker) lookup(d *domain, trial bool) {
	ctx, cancel := context.WithTimeout(context.Background(), c.cfg.Timeout)
	defer cancel()
	state, err := ask(ctx, c.cfg.Resolver, d.name+".")
	if state == NoMail && c.cfg.Witness != "" {
		if witness, _ := ask(ctx, c.cfg.Resolver, c.cfg.Witness+"."); witness != OK {
			state = Unknown
		}
	}
	<-c.slots
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.cfg.Now()
	c.breaker.end(trial, timedOut(err), now)
	d.state = state
	switch state {
	case OK:
		d.until, d.faults = now.Add(keepOK), 0
	case NoMail:
		d.until, d.faults = now.Add(keepNoMail), 0
	default:
		d.until = now.Add(min(keepFault<<min(d.faults, 8), keepFaults))
		d.faults++
	}
	close(d.done)
	d.done = nil
}
