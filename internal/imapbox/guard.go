package imapbox

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// guard bounds what a server can do to the IMAP client above it: how long a reply may
// be, and how long one may be waited for. The client's own deadlines, which would
// count the time that a mail takes to be stored, do nothing on it.
type guard struct {
	net.Conn
	maxLiteral int64
	timer      func(time.Duration) <-chan time.Time
	bytes      atomic.Int64 // read and written so far

	once   sync.Once
	closed chan struct{}         // by kill
	cause  atomic.Pointer[error] // why the guard closed the connection

	// Of the reply that is being read; the reading goroutine's alone.
	line, literals, literal int64
	depth                   int   // of brackets
	size                    int64 // of a literal that is being announced
	announced               byte  // how far: 0, '{', '0' a digit, '}'
	listed, coded           int   // how much of "* CAPABILITY" and "[CAPABILITY" was read
}

// SetDeadline does nothing: see guard.
func (*guard) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing: see guard.
func (*guard) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing: see guard.
func (*guard) SetWriteDeadline(time.Time) error { return nil }

// Read reads and measures.
func (g *guard) Read(b []byte) (int, error) {
	n, err := g.Conn.Read(b)
	g.bytes.Add(int64(n))
	if over := g.measure(b[:n]); over != nil {
		g.kill(over)
		return 0, over
	}
	return n, err
}

// Write writes and counts.
func (g *guard) Write(b []byte) (int, error) {
	n, err := g.Conn.Write(b)
	g.bytes.Add(int64(n))
	return n, err
}

// kill closes the connection for a reason; the first reason counts.
func (g *guard) kill(cause error) {
	g.once.Do(func() {
		g.cause.Store(&cause)
		g.Conn.Close()
		close(g.closed)
	})
}

// reason is why kill was called, or nil.
func (g *guard) reason() error {
	if cause := g.cause.Load(); cause != nil {
		return *cause
	}
	return nil
}

// measure follows the stream closely enough to tell replies from the literals in them
// (RFC 9051, section 4.3).
func (g *guard) measure(b []byte) error {
	for len(b) > 0 {
		if g.literal > 0 {
			n := min(g.literal, int64(len(b)))
			g.literal -= n
			g.literals += n
			b = b[n:]
			if g.literals > g.maxLiteral {
				return fmt.Errorf("%w: a reply of more than %d bytes", ErrServer, g.maxLiteral)
			}
			continue
		}
		g.next(b[0])
		switch {
		case g.line > maxLine:
			return fmt.Errorf("%w: a line of more than %d bytes", ErrServer, maxLine)
		case g.depth > maxDepth:
			return fmt.Errorf("%w: brackets in brackets, more than %d", ErrServer, maxDepth)
		case b[0] == '(' && g.inCapabilities():
			return fmt.Errorf("%w: a bracket among its capabilities", ErrServer)
		}
		b = b[1:]
	}
	return nil
}

func (g *guard) next(c byte) {
	g.line++
	g.capabilities(c)
	switch c {
	case '(':
		g.depth++
	case ')':
		g.depth = max(g.depth-1, 0)
	}
	switch {
	case c == '\n' && g.announced == '}':
		g.literal = g.size
	case c == '\n':
		g.line, g.literals, g.depth = 0, 0, 0
	case c == '\r' && g.announced == '}':
		return
	case c == '{':
		g.announced, g.size = '{', 0
		return
	case c >= '0' && c <= '9' && (g.announced == '{' || g.announced == '0') && g.size < 1<<53:
		g.announced, g.size = '0', g.size*10+int64(c-'0')
		return
	case c == '}' && g.announced == '0':
		g.announced = '}'
		return
	}
	g.announced = 0
}

// The two ways in which capabilities are listed.
const (
	listed = "* CAPABILITY"
	coded  = "[CAPABILITY"
)

// capabilities notes whether they are being listed. The client library would look for
// ever at an opening bracket among them, where none can be.
func (g *guard) capabilities(c byte) {
	if c >= 'a' && c <= 'z' {
		c -= 'a' - 'A'
	}
	if g.line == 1 {
		g.listed, g.coded = 0, 0
	}
	switch {
	case g.listed < 0 || g.listed == len(listed):
	case listed[g.listed] == c:
		g.listed++
	default:
		g.listed = -1
	}
	switch {
	case g.coded == len(coded) && c != ']':
	case g.coded < len(coded) && coded[g.coded] == c:
		g.coded++
	case c == '[':
		g.coded = 1
	default:
		g.coded = 0
	}
}

func (g *guard) inCapabilities() bool { return g.listed == len(listed) || g.coded == len(coded) }

// watched runs f, which waits for the server, and closes the connection when nothing
// comes or goes for a minute, when it takes half an hour in all, or when ctx ends.
func (g *guard) watched(ctx context.Context, f func() error) error {
	done := make(chan struct{})
	watcher := make(chan struct{})
	go func() {
		defer close(watcher)
		g.watch(ctx, done)
	}()
	err := f()
	close(done)
	<-watcher
	if cause := g.reason(); cause != nil && err != nil {
		return cause
	}
	return err
}

func (g *guard) watch(ctx context.Context, done <-chan struct{}) {
	before := g.bytes.Load()
	for range stallRounds {
		select {
		case <-done:
			return
		case <-ctx.Done():
			g.kill(ctx.Err())
			return
		case <-g.timer(stall):
		}
		now := g.bytes.Load()
		if now == before {
			break
		}
		before = now
	}
	g.kill(ErrTimeout)
}
