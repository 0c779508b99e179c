package imapbox

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// sieve is a handler that lets mails through and minds their order only.
type sieve struct {
	last    Position
	taken   uint32
	worst   uint64
	done    chan bool
	many    uint32
	trouble error
}

func (s *sieve) Position(context.Context) (Position, error) { return s.last, nil }

func (s *sieve) TooLarge(context.Context, Mail) error { return errors.New("none is too large") }

func (s *sieve) Save(_ context.Context, p Position) error { s.last = p; return nil }

func (s *sieve) Take(_ context.Context, m Mail) error {
	if m.UID != s.taken+1 {
		return fmt.Errorf("mail %d came after %d", m.UID, s.taken)
	}
	if s.taken = m.UID; m.UID%100 == 0 {
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		s.worst = max(s.worst, now.HeapAlloc)
	}
	return nil
}

func (s *sieve) Status(state State, err error) {
	if state != OK {
		s.trouble = err
	}
	close(s.done)
}

// TestBoundedMemory streams 200 MB of mails past a handler that keeps none.
func TestBoundedMemory(t *testing.T) {
	const many, bound = 10_000, 48 << 20
	filler := strings.Repeat("0123456789abcde\r\n", 1200)
	s := &script{mails: many, caps: "IDLE", body: func(int) string { return filler }}
	cfg := s.start(t)
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	h := &sieve{done: make(chan bool), many: many}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Watch(ctx, cfg, h) }()
	<-h.done
	cancel()
	<-ended
	if h.trouble != nil || h.taken != many || h.last.LastUID != many {
		t.Fatalf("%d mails, position %v: %v", h.taken, h.last, h.trouble)
	}
	if h.worst > before.HeapAlloc+bound {
		t.Errorf("up to %d MB were held, want less than %d", (h.worst-before.HeapAlloc)>>20, bound>>20)
	}
}

func TestTooLarge(t *testing.T) {
	head := "Message-ID: <2@visitor.test>\r\nSubject: my holiday film\r\n\r\n"
	film := head + strings.Repeat("film ", 30_000) // 150 KB
	for name, c := range map[string]struct {
		says      int // RFC822.SIZE
		announces int // the literal, whatever is asked; 0 an obedient server
		visits    int
	}{
		"as told":                   {len(film), 0, 1},
		"larger than told":          {10, 0, 1},
		"not cut where it is asked": {10, 100 << 10, 1},
		"without an end":            {10, 1 << 40, 3}, // one ends at it behind mail 1, one with it alone
	} {
		t.Run(name, func(t *testing.T) {
			visits := 0
			s := &script{mails: 3, caps: "IDLE"}
			s.body = func(uid int) string { return map[bool]string{true: film, false: string(note(uid))}[uid == 2] }
			s.size = func(uid int) int { return map[bool]int{true: c.says, false: 100}[uid == 2] }
			s.give = func(talk *talk, uid int) bool {
				if uid != 2 || c.announces == 0 {
					return false
				}
				fmt.Fprintf(talk.conn, "* 2 FETCH (UID 2 BODY[]<0> {%d}\r\n%s", c.announces, film[:min(len(film), c.announces)])
				if c.announces > len(film) {
					flood(talk.conn, "film ")
				}
				talk.say(")")
				return true
			}
			s.answer = func(_ *talk, command string) bool {
				if strings.HasPrefix(command, "EXAMINE") {
					visits++
				}
				return false
			}
			cfg := s.start(t)
			cfg.MaxMail = 64 << 10
			w := watch(t, cfg, newShelf())
			w.was(t, OK)
			w.stop()
			if len(w.mails) != 2 || w.mails[1].UID != 3 || w.twice() > 0 || w.pos.LastUID != 3 {
				t.Errorf("%d mails, position %v", len(w.mails), w.pos)
			}
			if len(w.large) != 1 || string(w.large[0].Raw) != head || w.large[0].Size <= cfg.MaxMail || w.large[0].UID != 2 {
				t.Errorf("told of %+v", w.large)
			}
			if visits != c.visits {
				t.Errorf("%d connections, want %d", visits, c.visits)
			}
		})
	}
}

// TestOddAnswers: mails come through whatever the order of an answer's parts.
func TestOddAnswers(t *testing.T) {
	for name, give := range map[string]func(c *talk, uid int, body string){
		"the UID behind the mail": func(c *talk, uid int, body string) {
			c.say("* %d FETCH (BODY[]<0> {%d}\r\n%s UID %d)", uid, len(body), body, uid)
		},
		"flags before the mail": func(c *talk, uid int, body string) {
			c.say("* %d FETCH (UID %d FLAGS (\\Seen))", uid, uid)
			c.say("* %d FETCH (UID %d BODY[]<0> {%d}\r\n%s)", uid, uid, len(body), body)
		},
		"chatter": func(c *talk, uid int, body string) {
			c.say("* 9 EXISTS\r\n* 1 RECENT\r\n* OK {12} mails {99}")
			c.say("* %d FETCH (UID %d FLAGS () BODY[]<0> {%d}\r\n%s)", uid, uid, len(body), body)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{mails: 4, caps: "IDLE"}
			s.give = func(c *talk, uid int) bool { give(c, uid, s.body(uid)); return true }
			w := watch(t, s.start(t), newShelf())
			w.was(t, OK)
			w.stop()
			w.inOrder(t, 4)
			if w.twice() > 0 || string(w.mails[3].Raw) != string(note(4)) {
				t.Errorf("%d came twice, the last as %q", w.twice(), w.mails[3].Raw)
			}
		})
	}
}

// TestLengthToldWrongly: a mail is not stored in part, and not with what stands behind it.
func TestLengthToldWrongly(t *testing.T) {
	for _, off := range []int{-40, -1, 1, 40, 9000} {
		lies := 0
		s := &script{mails: 3, caps: "IDLE"}
		s.give = func(c *talk, uid int) bool {
			if uid != 2 || lies > 2 {
				return false
			}
			lies++
			body := c.body(uid)
			c.say("* 2 FETCH (UID 2 BODY[]<0> {%d}\r\n%s)", len(body)+off, body)
			c.say("%s OK done", c.tag)
			c.conn.Close() // else both would wait
			return true
		}
		w := watch(t, s.start(t), newShelf())
		w.was(t, OK)
		w.stop()
		w.inOrder(t, 3)
		for i, m := range w.mails {
			if string(m.Raw) != string(note(i+1)) {
				t.Errorf("off by %d: mail %d came as %q", off, i+1, m.Raw)
			}
		}
	}
}

func TestWithoutUIDNext(t *testing.T) {
	s := &script{mails: 4, uidNext: -1, caps: "IDLE"}
	cfg := s.start(t)
	cfg.FromStart = false
	w := watch(t, cfg, newShelf())
	w.was(t, OK)
	w.stop()
	if w.pos != (Position{7, 4}) || len(w.mails) > 0 {
		t.Errorf("position %v, %d mails", w.pos, len(w.mails))
	}
}

// TestIdleRefused: the server offers IDLE and then has none.
func TestIdleRefused(t *testing.T) {
	s := &script{mails: 1, caps: "IDLE"}
	s.answer = func(c *talk, command string) bool {
		if command == "IDLE" {
			c.say("%s BAD what?", c.tag)
		}
		return command == "IDLE"
	}
	w := watch(t, s.start(t), newShelf())
	w.holds(t, 1)
	s.mu.Lock()
	s.mails = 2
	s.mu.Unlock()
	w.clock.fire(t, poll)
	w.holds(t, 2)
	w.inOrder(t, 2)
}

// TestEndlessAnswers: what never ends is not read for ever.
func TestEndlessAnswers(t *testing.T) {
	for name, pattern := range map[string]string{
		"a line":        "x",
		"capabilities":  " X-CAP",
		"brackets":      "(",
		"a string":      "\"",
		"empty strings": "{0}\r\n",
		"braces":        "{9}",
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{mails: 1}
			s.answer = func(c *talk, command string) bool {
				if strings.HasPrefix(command, "EXAMINE") {
					fmt.Fprint(c.conn, "* CAPABILITY")
					flood(c.conn, pattern)
				}
				return false
			}
			w := watch(t, s.start(t), newShelf())
			if err := w.was(t, Failing); !errors.Is(err, ErrServer) && !errors.Is(err, ErrFolder) && !errors.Is(err, ErrClosed) {
				t.Errorf("told as %v", err)
			} else if len(err.Error()) > 600 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
		})
	}
}

// TestDeepAnswers: brackets in brackets cost the client library more with each, and
// once it has begun nothing could stop it.
func TestDeepAnswers(t *testing.T) {
	for name, hidden := range map[string]string{"plainly": "", "behind others": `ENVELOPE ("` + strings.Repeat(")", 1000) + `" NIL) `} {
		t.Run(name, func(t *testing.T) {
			s := &script{mails: 1}
			s.answer = func(c *talk, command string) bool {
				if strings.HasPrefix(command, "EXAMINE") {
					c.say("* 1 FETCH (%sBODYSTRUCTURE %s", hidden, strings.Repeat("(", 900_000))
				}
				return false
			}
			w := watch(t, s.start(t), newShelf())
			if err := w.was(t, Failing); !errors.Is(err, ErrServer) && !errors.Is(err, ErrClosed) {
				t.Errorf("told as %v", err)
			}
		})
	}
}
