package imaptest

import (
	"context"
	"errors"
	"net"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// Faults break a server, and tell what it went through.
type Faults struct {
	mu       sync.Mutex
	changed  chan struct{} // closed and made anew with every change
	conns    map[*faulty]struct{}
	down     bool
	cutAfter int64 // bytes still to be written before the fault; -1 none
	hang     bool  // the fault is silence, not an end
	counts   map[string]int
	idle     map[*imapserver.Conn]int
	refusals map[string]*imap.Error
}

func newFaults() *Faults {
	return &Faults{
		changed: make(chan struct{}), conns: map[*faulty]struct{}{}, cutAfter: -1,
		counts: map[string]int{}, idle: map[*imapserver.Conn]int{}, refusals: map[string]*imap.Error{},
	}
}

func (f *Faults) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *Faults) count(what string, n int) { f.change(func() { f.counts[what] += n }) }

func (f *Faults) idling(conn *imapserver.Conn, n int) {
	f.change(func() {
		f.counts["idle"] += max(n, 0)
		if f.idle[conn] += n; f.idle[conn] == 0 {
			delete(f.idle, conn)
		}
	})
}

// next is closed with the next change.
func (f *Faults) next() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

// Count is how often something happened: "connect", "close", "login", "select", "fetch"
// (of mails), "move", "append", "idle", "cut" (a fault of CutAfter or HangAfter).
func (f *Faults) Count(what string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.counts[what]
}

// Wait returns when Count(what) is n or more, or the context's error.
func (f *Faults) Wait(ctx context.Context, what string, n int) error {
	return f.until(ctx, func() bool { return f.counts[what] >= n })
}

// WaitIdle returns when a client is waiting in IDLE.
func (f *Faults) WaitIdle(ctx context.Context) error {
	return f.until(ctx, func() bool { return len(f.idle) > 0 })
}

func (f *Faults) until(ctx context.Context, ready func() bool) error {
	for {
		f.mu.Lock()
		ok, changed := ready(), f.changed
		f.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Refuse makes the server answer NO to a command (LOGIN, SELECT, FETCH, MOVE; IDLE: at its end), with
// a response code or ""; text "" ends that.
func (f *Faults) Refuse(command, code, text string) {
	f.change(func() {
		delete(f.refusals, command)
		if text != "" {
			f.refusals[command] = &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCode(code), Text: text}
		}
	})
}

func (f *Faults) refusal(command string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if refusal := f.refusals[command]; refusal != nil {
		return refusal
	}
	return nil
}

// Drop ends all connections without a word.
func (f *Faults) Drop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for conn := range f.conns {
		conn.Conn.Close()
	}
}

// Bye ends the connections that are in IDLE, as a server does that is stopped.
func (f *Faults) Bye(text string) {
	f.mu.Lock()
	var idle []*imapserver.Conn
	for conn := range f.idle {
		idle = append(idle, conn)
	}
	f.mu.Unlock()
	for _, conn := range idle {
		_ = conn.Bye(text) // it may be gone
	}
}

// Down ends all connections and every new one at once.
func (f *Faults) Down() {
	f.change(func() { f.down = true })
	f.Drop()
}

// Up ends Down.
func (f *Faults) Up() { f.change(func() { f.down = false }) }

// CutAfter ends the connection that writes the n-th byte from now, counted as they
// are on the wire, once.
func (f *Faults) CutAfter(n int64) { f.change(func() { f.cutAfter, f.hang = n, false }) }

// HangAfter is CutAfter with a server that says nothing more instead of closing.
func (f *Faults) HangAfter(n int64) { f.change(func() { f.cutAfter, f.hang = n, true }) }

// allow is how many of n bytes may be written; cut says that the fault comes then.
func (f *Faults) allow(n int) (allowed int, cut, hang bool) {
	f.mu.Lock()
	switch {
	case f.cutAfter < 0:
		f.mu.Unlock()
		return n, false, false
	case int64(n) < f.cutAfter:
		f.cutAfter -= int64(n)
		f.mu.Unlock()
		return n, false, false
	}
	allowed, hang = int(f.cutAfter), f.hang
	f.cutAfter = -1
	f.mu.Unlock()
	f.count("cut", 1)
	return allowed, true, hang
}

func (f *Faults) listener(l net.Listener) net.Listener { return breaking{l, f} }

type breaking struct {
	net.Listener
	faults *Faults
}

// Accept waits for a connection.
func (b breaking) Accept() (net.Conn, error) {
	for {
		conn, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		c := &faulty{Conn: conn, faults: b.faults}
		down := false
		b.faults.change(func() {
			b.faults.counts["connect"]++
			if down = b.faults.down; !down {
				b.faults.conns[c] = struct{}{}
			}
		})
		if !down {
			return c, nil
		}
		conn.Close()
	}
}

var errCut = errors.New("cut by the test")

// faulty is a connection of a server that can break.
type faulty struct {
	net.Conn
	faults *Faults
	hung   bool // only Write, which is not called twice at once
}

// Write writes up to the fault.
func (c *faulty) Write(b []byte) (int, error) {
	if c.hung {
		return len(b), nil // on its way for ever
	}
	allowed, cut, hang := c.faults.allow(len(b))
	n, err := c.Conn.Write(b[:allowed])
	if !cut || err != nil {
		return n, err
	}
	if hang {
		c.hung = true
		return len(b), nil
	}
	c.Close()
	return n, errCut
}

// Close ends the connection.
func (c *faulty) Close() error {
	c.faults.change(func() { delete(c.faults.conns, c) })
	return c.Conn.Close()
}
