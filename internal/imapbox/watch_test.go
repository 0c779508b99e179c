package imapbox

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/pocketdesk/pocketdesk/internal/imapbox/imaptest"
)

func TestMailIsPushed(t *testing.T) {
	for _, security := range []string{TLS, STARTTLS, None} {
		t.Run(security, func(t *testing.T) {
			srv := imaptest.Start(t, imaptest.Options{Security: security})
			cfg := config(srv)
			cfg.Security = security
			srv.Append(note(1))
			w := watch(t, cfg, newShelf())
			w.holds(t, 1)
			if err := srv.WaitIdle(t.Context()); err != nil {
				t.Fatal(err)
			}
			for n := 2; n <= 4; n++ {
				srv.Append(note(n))
				w.holds(t, n)
			}
			w.inOrder(t, 4)
			if string(w.mails[0].Raw) != string(note(1)) {
				t.Errorf("the mail came as %q", w.mails[0].Raw)
			}
			if _, unseen, _, _ := srv.Status("INBOX"); unseen != 4 {
				t.Errorf("%d mails are unseen, want all 4", unseen)
			}
			if srv.Count("login") != 1 {
				t.Errorf("%d logins, want one", srv.Count("login"))
			}
		})
	}
}

func TestWhereAFreshMailboxStarts(t *testing.T) {
	since := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change func(*Config)
		want   []string
	}{
		"from now on": {func(c *Config) { c.FromStart = false }, []string{"<3@visitor.test>"}},
		"since":       {func(c *Config) { c.FromStart, c.Since = false, since }, []string{"<2@visitor.test>", "<3@visitor.test>"}},
		"from start":  {func(c *Config) {}, []string{"<1@visitor.test>", "<2@visitor.test>", "<3@visitor.test>"}},
	} {
		t.Run(name, func(t *testing.T) {
			srv := imaptest.Start(t, imaptest.Options{})
			srv.AppendTo("INBOX", note(1), &imap.AppendOptions{Time: since.Add(-time.Hour)})
			srv.AppendTo("INBOX", note(2), &imap.AppendOptions{Time: since})
			cfg := config(srv)
			c.change(&cfg)
			s := newShelf()
			w := watch(t, cfg, s)
			w.was(t, OK)
			w.stop()
			// What comes before the second connection must not be passed over.
			srv.Append(note(3))
			w = watch(t, cfg, s)
			w.holds(t, len(c.want))
			if got := w.ids(); !slices.Equal(got, c.want) || w.twice() > 0 {
				t.Errorf("got %v, want %v", got, c.want)
			}
			w.until(t, "the position behind mail 3", func() bool { return w.pos.LastUID == 3 })
		})
	}
}

func TestPollsWithoutIdle(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{Without: []string{"IDLE"}})
	w := watch(t, config(srv), newShelf())
	w.was(t, OK)
	for n := 1; n <= 3; n++ {
		srv.Append(note(n))
		w.clock.fire(t, poll)
		w.holds(t, n)
	}
	w.inOrder(t, 3)
	if srv.Count("connect") != 1 || srv.Count("idle") != 0 {
		t.Errorf("%d connections and %d IDLE", srv.Count("connect"), srv.Count("idle"))
	}
}

func TestIdleIsBegunAnew(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{})
	w := watch(t, config(srv), newShelf())
	for n := 1; n <= 3; n++ {
		if err := srv.Wait(t.Context(), "idle", n); err != nil {
			t.Fatal(err)
		}
		w.clock.fire(t, idleFor)
	}
	if err := srv.Wait(t.Context(), "idle", 4); err != nil {
		t.Fatal(err)
	}
	if idleFor >= 29*time.Minute {
		t.Error("RFC 2177 asks for less than 29 minutes")
	}
	if srv.Count("connect") != 1 {
		t.Errorf("%d connections, want one", srv.Count("connect"))
	}
}

func TestByeInIdle(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{})
	w := watch(t, config(srv), newShelf())
	for n := 1; n <= 3; n++ {
		if err := srv.Wait(t.Context(), "idle", n); err != nil {
			t.Fatal(err)
		}
		if err := srv.WaitIdle(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.was(t, OK)
		w.forget()
		srv.Bye("the server is restarted")
		if err := w.was(t, Retrying); !errors.Is(err, ErrClosed) {
			t.Errorf("told as %v", err)
		}
		srv.Append(note(n))
		w.holds(t, n)
	}
	w.inOrder(t, 3)
}

func TestAfter(t *testing.T) {
	for name, c := range map[string]struct {
		after                       string
		without                     []string
		inbox, unseen, done, unread int
	}{
		"keep":                   {after: Keep, inbox: 3, unseen: 3},
		"seen":                   {after: Seen, inbox: 3},
		"move":                   {after: Move, done: 3, unread: 3},
		"move without MOVE":      {after: Move, without: []string{"MOVE"}, done: 3, unread: 3},
		"move without expunging": {after: Move, without: []string{"MOVE", "UIDPLUS"}, inbox: 3, unseen: 3, done: 3, unread: 3},
	} {
		t.Run(name, func(t *testing.T) {
			srv := imaptest.Start(t, imaptest.Options{Without: c.without})
			cfg := config(srv)
			cfg.After, cfg.MoveTo = c.after, "完成/Done" // it is made
			srv.Append(note(1))
			srv.Append(note(2))
			w := watch(t, cfg, newShelf())
			w.was(t, OK)
			if err := srv.WaitIdle(t.Context()); err != nil {
				t.Fatal(err)
			}
			srv.Append(note(3))
			w.until(t, "the position behind mail 3", func() bool { return w.pos.LastUID == 3 })
			w.inOrder(t, 3)
			inbox, unseen, _, _ := srv.Status("INBOX")
			if inbox != c.inbox || unseen != c.unseen {
				t.Errorf("INBOX has %d mails, %d unseen, want %d and %d", inbox, unseen, c.inbox, c.unseen)
			}
			if c.after != Move {
				return
			}
			if done, unread, _, _ := srv.Status("完成/Done"); done != c.done || unread != c.unread {
				t.Errorf("the other folder has %d mails, %d unseen", done, unread)
			}
		})
	}
}

// TestOthersDeletedMailsStay: a mail that somebody marked as deleted is not ours to expunge.
func TestOthersDeletedMailsStay(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{Without: []string{"MOVE"}})
	srv.AppendTo("INBOX", note(1), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagDeleted}})
	srv.Append(note(2))
	s := newShelf()
	_, _, _, validity := srv.Status("INBOX")
	s.pos = Position{validity, 1}
	cfg := config(srv)
	cfg.After, cfg.MoveTo = Move, "Done"
	w := watch(t, cfg, s)
	w.was(t, OK)
	if inbox, _, _, _ := srv.Status("INBOX"); inbox != 1 {
		t.Errorf("INBOX has %d mails, want the one marked by somebody else", inbox)
	}
}

func TestMoveRefusedHoldsNothingUp(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{})
	srv.Refuse("MOVE", "NOPERM", "the folder is read-only")
	srv.Append(note(1))
	cfg := config(srv)
	cfg.After, cfg.MoveTo = Move, "Done"
	w := watch(t, cfg, newShelf())
	if err := w.was(t, Warning); !errors.Is(err, ErrAfter) || !strings.Contains(err.Error(), "the folder is read-only") {
		t.Errorf("told as %v", err)
	}
	if err := srv.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	srv.Append(note(2))
	w.holds(t, 2)
	w.inOrder(t, 2)
	if w.twice() > 0 {
		t.Error("mails came again")
	}
}

func TestCrashBeforeTheMoveIsASecondLook(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{})
	srv.Append(note(1))
	srv.Append(note(2))
	cfg := config(srv)
	cfg.After, cfg.MoveTo = Move, "Done"
	s := newShelf()
	s.onTake = func(m Mail) {
		if m.UID == 2 && srv.Count("connect") == 1 {
			srv.Drop()
		}
	}
	w := watch(t, cfg, s)
	w.was(t, OK)
	w.inOrder(t, 2)
	if inbox, _, _, _ := srv.Status("INBOX"); inbox != 0 {
		t.Errorf("%d mails stayed in INBOX", inbox)
	}
	if done, _, _, _ := srv.Status("Done"); done != 2 {
		t.Errorf("%d mails were moved, want 2", done)
	}
}

func TestRenumberedFolder(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{})
	srv.Append(note(1))
	srv.Append(note(2))
	s := newShelf()
	w := watch(t, config(srv), s)
	w.was(t, OK)
	before := w.pos
	w.stop()
	srv.Renew("INBOX")
	for n := 1; n <= 3; n++ {
		srv.Append(note(n))
	}
	w = watch(t, config(srv), s)
	w.was(t, Renewed)
	w.holds(t, 3)
	w.until(t, "the new position", func() bool { return w.pos.LastUID > 0 && w.pos.UIDValidity != before.UIDValidity })
	w.stop()
	w.inOrder(t, 3)
}

// TestFolderFromABackup: UIDs that were given before are given again, with the same UIDVALIDITY.
func TestFolderFromABackup(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{})
	srv.Append(note(1))
	s := newShelf()
	_, _, _, validity := srv.Status("INBOX")
	s.pos = Position{validity, 400}
	w := watch(t, config(srv), s)
	w.was(t, Renewed)
	w.holds(t, 1)
}

func TestHandlerThatFails(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{})
	srv.Append(note(1))
	srv.Append(note(2))
	s := newShelf()
	full := errors.New("no space left on device")
	s.takeErrs = []error{nil, full, full, full}
	w := watch(t, config(srv), s)
	w.holds(t, 2)
	w.inOrder(t, 2)
	if w.twice() > 0 {
		t.Error("a mail came again after it was taken")
	}
	if err := w.was(t, Failing); !errors.Is(err, ErrHandler) || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("told as %v", err)
	}
}

func TestSettings(t *testing.T) {
	ok := Config{Host: "imap.shop.test", Username: "desk", Auth: Password("x")}
	for name, change := range map[string]func(*Config){
		"no host":         func(c *Config) { c.Host = "" },
		"host with path":  func(c *Config) { c.Host = "imap.shop.test/x" },
		"port":            func(c *Config) { c.Port = 70000 },
		"security":        func(c *Config) { c.Security = "ssl" },
		"after":           func(c *Config) { c.After = "delete" },
		"move to nowhere": func(c *Config) { c.After = Move },
		"move to itself":  func(c *Config) { c.After, c.MoveTo = Move, "INBOX" },
		"no auth":         func(c *Config) { c.Auth = nil },
		"line break":      func(c *Config) { c.Folder = "INBOX\r\nX DELETE INBOX" },
	} {
		cfg := ok
		change(&cfg)
		if err := Watch(context.Background(), cfg, newShelf()); !errors.Is(err, ErrSettings) || Kind(err) != "settings" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for security, port := range map[string]int{"": 993, TLS: 993, STARTTLS: 143, None: 143} {
		cfg := ok
		cfg.Security = security
		if full, err := cfg.withDefaults(); err != nil || full.Port != port || full.Folder != "INBOX" || full.After != Keep {
			t.Errorf("%q: %v, port %d", security, err, full.Port)
		}
	}
}
