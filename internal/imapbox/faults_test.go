package imapbox

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/imapbox/imaptest"
)

// longNote is a mail that takes several packets.
func longNote(n int) []byte {
	return append(note(n), bytes.Repeat([]byte("漢字 and other letters, FETCH (UID 5) {12}\r\n"), 60)...)
}

// TestCutAnywhere cuts the connection at many points of a first visit.
func TestCutAnywhere(t *testing.T) {
	for _, after := range []string{Keep, Move} {
		t.Run(after, func(t *testing.T) {
			for at := int64(0); at < 11_000; at += 127 {
				cutAt(t, at, after)
			}
		})
	}
}

func cutAt(t *testing.T, at int64, after string) {
	srv := imaptest.Start(t, imaptest.Options{Security: "none"})
	for n := 1; n <= 3; n++ {
		srv.Append(longNote(n))
	}
	srv.CutAfter(at)
	cfg := config(srv)
	cfg.Security, cfg.After, cfg.MoveTo = None, after, "Done"
	w := watch(t, cfg, newShelf())
	w.was(t, OK)
	w.stop()
	w.inOrder(t, 3)
	if !bytes.Equal(w.mails[2].Raw, longNote(3)) {
		t.Errorf("cut at %d: a mail came in pieces", at)
	}
	if after == Keep && w.twice() > 0 {
		t.Errorf("cut at %d: %d mails came twice", at, w.twice())
	}
	if inbox, _, _, _ := srv.Status("INBOX"); after == Move && inbox > 0 {
		t.Errorf("cut at %d: %d mails were not moved", at, inbox)
	}
}

// TestSilentServer: a server that stops in the middle of something is left.
func TestSilentServer(t *testing.T) {
	for _, at := range []int64{0, 10, 60, 200, 500, 900, 2000, 5000} {
		srv := imaptest.Start(t, imaptest.Options{Security: "none"})
		for n := 1; n <= 3; n++ {
			srv.Append(longNote(n))
		}
		srv.HangAfter(at)
		cfg := config(srv)
		cfg.Security = None
		w := watch(t, cfg, newShelf())
		if err := srv.Wait(t.Context(), "cut", 1); err != nil {
			t.Fatal(err)
		}
		w.impatient(t)
		if err := w.was(t, Retrying); !errors.Is(err, ErrTimeout) || Kind(err) != "timeout" {
			t.Errorf("silent at %d: told as %v", at, err)
		}
		w.was(t, OK)
		w.stop()
		w.inOrder(t, 3)
		if w.twice() > 0 {
			t.Errorf("silent at %d: mails came twice", at)
		}
	}
}

func TestServerThatDoesNotGreet(t *testing.T) {
	for _, security := range []string{TLS, STARTTLS} {
		s := &script{greet: "* OK"}
		cfg := s.start(t)
		cfg.Security, cfg.TLSConfig = security, nil
		s.answer = func(c *talk, _ string) bool { c.r.ReadByte(); return false }
		w := watch(t, cfg, newShelf())
		if security == TLS { // the greeting is no TLS
			if err := w.was(t, Retrying); !errors.Is(err, ErrNoTLS) {
				t.Errorf("told as %v", err)
			}
		} else {
			w.impatient(t)
			if err := w.was(t, Retrying); !errors.Is(err, ErrTimeout) {
				t.Errorf("told as %v", err)
			}
		}
		w.stop()
	}
}

func TestOutageOfAWeek(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{})
	srv.Append(note(1))
	w := watch(t, config(srv), newShelf())
	w.was(t, OK)
	srv.Down()
	err := w.was(t, Failing)
	if Kind(err) != "closed" {
		t.Errorf("told as %v", err)
	}
	for n := 2; n <= 120; n++ {
		srv.Append(note(n))
	}
	w.clock.until(t, "many tries", func() bool { return len(w.clock.pauses) > 12 })
	srv.Up()
	w.holds(t, 120)
	w.inOrder(t, 120)
	if w.twice() > 0 {
		t.Error("mails came twice")
	}
	pauses := w.clock.pauses[:12]
	if !slices.IsSorted(pauses) || pauses[0] != firstPause*3/4 || pauses[11] != lastPause*3/4 {
		t.Errorf("pauses %v", pauses)
	}
}

func TestRefusedLogin(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{})
	refused := make(chan bool, 100)
	cfg := config(srv)
	cfg.Auth, cfg.Refused = Password("wrong"), func() { refused <- true }
	w := watch(t, cfg, newShelf())
	if err := w.was(t, Failing); !errors.Is(err, ErrLogin) || Kind(err) != "login" {
		t.Errorf("told as %v", err)
	}
	<-refused
	w.stop()
	if w.clock.pauses[0] < loginPause/2 {
		t.Errorf("tries again after %v: servers lock such clients out", w.clock.pauses[0])
	}
}

func TestServerOutOfOrderIsNoWrongPassword(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{})
	srv.Refuse("LOGIN", "UNAVAILABLE", "the user database is away")
	w := watch(t, config(srv), newShelf())
	if err := w.was(t, Failing); errors.Is(err, ErrLogin) || !strings.Contains(err.Error(), "the user database is away") {
		t.Errorf("told as %v", err)
	}
	srv.Refuse("LOGIN", "", "")
	w.was(t, OK)
}

func TestFetchRefusedForAWhile(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{})
	for n := 1; n <= 3; n++ {
		srv.Append(note(n))
	}
	srv.Refuse("FETCH", "SERVERBUG", "disk trouble")
	w := watch(t, config(srv), newShelf())
	if err := w.was(t, Failing); !errors.Is(err, ErrServer) || !strings.Contains(err.Error(), "disk trouble") {
		t.Errorf("told as %v", err)
	}
	srv.Refuse("FETCH", "", "")
	w.holds(t, 3)
	w.inOrder(t, 3)
}

func TestManyMails(t *testing.T) {
	const many = 10_000
	srv := imaptest.Start(t, imaptest.Options{Security: "none"})
	for n := 1; n <= many; n++ {
		srv.Append(note(n))
	}
	cfg := config(srv)
	cfg.Security = None
	s := newShelf()
	drops := 0
	s.onTake = func(m Mail) {
		if m.UID%1777 == 0 && drops < 5 {
			drops++
			srv.Drop()
		}
	}
	w := watch(t, cfg, s)
	w.holds(t, many)
	w.was(t, OK)
	w.inOrder(t, many)
	if w.twice() > 0 {
		t.Errorf("%d mails came twice", w.twice())
	}
	if commands := srv.Count("fetch"); commands > many/batchSize+100 {
		t.Errorf("%d commands for %d mails", commands, many)
	}
	if drops < 5 {
		t.Error("the connection was not dropped")
	}
}

func TestExpungedBetweenListAndFetch(t *testing.T) {
	s := &script{mails: 5, caps: "IDLE", give: func(_ *talk, uid int) bool { return uid == 3 }}
	s.answer = func(c *talk, command string) bool {
		return strings.HasPrefix(command, "UID FETCH 3 ") && c.ok() // there is no such mail
	}
	w := watch(t, s.start(t), newShelf())
	w.was(t, OK)
	if got := w.ids(); len(got) != 4 || w.pos.LastUID != 5 || w.twice() > 0 {
		t.Errorf("got %v, position %v", got, w.pos)
	}
}

// TestListedButNotGiven: such a mail is not passed over, and the trouble is told.
func TestListedButNotGiven(t *testing.T) {
	s := &script{mails: 5, caps: "IDLE", give: func(_ *talk, uid int) bool { return uid == 3 }}
	w := watch(t, s.start(t), newShelf())
	if err := w.was(t, Failing); !errors.Is(err, ErrServer) || !strings.Contains(err.Error(), "mail 3") {
		t.Errorf("told as %v", err)
	}
	w.stop()
	if w.pos.LastUID != 2 {
		t.Errorf("position %v: mail 3 is lost", w.pos)
	}
}
