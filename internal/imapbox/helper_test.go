package imapbox

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/imapbox/imaptest"
)

const poll = 77 * time.Second

// patience is how long a test waits for what must come; it is never waited out.
const patience = 15 * time.Second

// board tells waiters that something changed.
type board struct {
	mu      sync.Mutex
	changed chan struct{}
}

func (b *board) change(do func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	do()
	if b.changed != nil {
		close(b.changed)
	}
	b.changed = make(chan struct{})
}

// until waits for a condition on what the board guards.
func (b *board) until(t *testing.T, what string, ready func() bool) {
	t.Helper()
	late := time.After(patience)
	for {
		b.mu.Lock()
		if b.changed == nil {
			b.changed = make(chan struct{})
		}
		ok, changed := ready(), b.changed
		b.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-late:
			t.Fatalf("waited in vain for: %s", what)
		}
	}
}

type report struct {
	state State
	err   error
}

// shelf is a handler that keeps mails in memory, once each.
type shelf struct {
	board
	pos      Position
	mails    []Mail
	seen     map[string]int // how often each Message-ID came
	large    []Mail
	saves    []Position
	reports  []report
	takeErrs []error // for the next calls of Take
	onTake   func(Mail)
}

func newShelf() *shelf { return &shelf{seen: map[string]int{}} }

func messageID(raw []byte) string {
	m, err := mail.ReadMessage(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return fmt.Sprintf("%x", raw)
	}
	return m.Header.Get("Message-ID")
}

func (s *shelf) Position(context.Context) (p Position, err error) {
	s.change(func() { p = s.pos })
	return p, nil
}

func (s *shelf) Take(_ context.Context, m Mail) (err error) {
	if s.onTake != nil {
		s.onTake(m)
	}
	s.change(func() {
		if len(s.takeErrs) > 0 {
			err, s.takeErrs = s.takeErrs[0], s.takeErrs[1:]
			if err != nil {
				return
			}
		}
		id := messageID(m.Raw)
		if s.seen[id]++; s.seen[id] == 1 {
			s.mails = append(s.mails, m)
		}
	})
	return err
}

func (s *shelf) TooLarge(_ context.Context, m Mail) error {
	s.change(func() {
		if !slices.ContainsFunc(s.large, func(l Mail) bool { return l.UID == m.UID && l.UIDValidity == m.UIDValidity }) {
			s.large = append(s.large, m)
		}
	})
	return nil
}

func (s *shelf) Save(_ context.Context, p Position) error {
	s.change(func() { s.pos, s.saves = p, append(s.saves, p) })
	return nil
}

func (s *shelf) Status(state State, err error) {
	s.change(func() { s.reports = append(s.reports, report{state, err}) })
}

// holds waits for a number of mails.
func (s *shelf) holds(t *testing.T, n int) {
	t.Helper()
	s.until(t, fmt.Sprintf("%d mails", n), func() bool { return len(s.mails)+len(s.large) >= n })
}

// was waits for a state and returns the error told with it.
func (s *shelf) was(t *testing.T, state State) (err error) {
	t.Helper()
	s.until(t, "state "+string(state), func() bool {
		i := slices.IndexFunc(s.reports, func(r report) bool { return r.state == state })
		if i >= 0 {
			err = s.reports[i].err
		}
		return i >= 0
	})
	return err
}

// forget drops the reports so far.
func (s *shelf) forget() { s.change(func() { s.reports = nil }) }

// ids are those of the mails, in the order in which they came.
func (s *shelf) ids() (ids []string) {
	s.change(func() {
		for _, m := range s.mails {
			ids = append(ids, messageID(m.Raw))
		}
	})
	return ids
}

// twice counts the mails that came more than once.
func (s *shelf) twice() (n int) {
	s.change(func() {
		for _, times := range s.seen {
			if times > 1 {
				n++
			}
		}
	})
	return n
}

// clock fires pauses at once, and what is only for the worst case when told so.
type clock struct {
	board
	held   map[time.Duration][]chan time.Time
	pauses []time.Duration
}

func (c *clock) timer(d time.Duration) <-chan time.Time {
	ch := make(chan time.Time, 1)
	c.change(func() {
		switch d {
		case stall, idleFor, poll:
			c.held[d] = append(c.held[d], ch)
		default:
			c.pauses = append(c.pauses, d)
			ch <- time.Time{}
		}
	})
	return ch
}

// fire ends all timers of a length that run now, and waits for one if there is none.
func (c *clock) fire(t *testing.T, d time.Duration) {
	t.Helper()
	c.until(t, "a timer of "+d.String(), func() bool {
		running := c.held[d]
		delete(c.held, d)
		for _, ch := range running {
			ch <- time.Time{}
		}
		return len(running) > 0
	})
}

// watching is a Watch under way.
type watching struct {
	*shelf
	clock *clock
	cfg   Config
	stop  func() // ends it and waits
}

func config(srv *imaptest.Server) Config {
	return Config{
		Host: srv.Host, Port: srv.Port, Security: TLS, TLSConfig: srv.Client,
		Username: srv.Username, Auth: Password(srv.Password), Poll: poll, FromStart: true,
	}
}

// watch starts Watch on a shelf, which may be one that was used before.
func watch(t *testing.T, cfg Config, s *shelf) *watching {
	t.Helper()
	w := &watching{shelf: s, clock: &clock{held: map[time.Duration][]chan time.Time{}}, cfg: cfg}
	cfg.Timer, cfg.Random = w.clock.timer, func() float64 { return 0.5 }
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Watch(ctx, cfg, s) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			if err != context.Canceled {
				t.Errorf("Watch ended with %v", err)
			}
		case <-time.After(patience):
			t.Error("Watch does not end with its context")
		}
	})
	t.Cleanup(w.stop)
	return w
}

func note(n int) []byte {
	return fmt.Appendf(nil, "Message-ID: <%d@visitor.test>\r\nFrom: visitor@visitor.test\r\nSubject: question %d\r\n\r\nWhere is my parcel %d?\r\n", n, n, n)
}

// inOrder fails unless mails 1 to n came in that order.
func (w *watching) inOrder(t *testing.T, n int) {
	t.Helper()
	var want []string
	for i := range n {
		want = append(want, fmt.Sprintf("<%d@visitor.test>", i+1))
	}
	if got := w.ids(); !slices.Equal(got, want) {
		t.Errorf("got %s, want %d in order", strings.Join(got, " "), n)
	}
}

// impatient lets a minute pass again and again until the connection is given up.
func (w *watching) impatient(t *testing.T) {
	t.Helper()
	w.clock.until(t, "a connection given up", func() bool {
		for _, ch := range w.clock.held[stall] {
			ch <- time.Time{}
		}
		delete(w.clock.held, stall)
		return len(w.clock.pauses) > 0
	})
}
