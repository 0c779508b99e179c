package imapbox

import (
	"errors"
	"slices"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/pocketdesk/pocketdesk/internal/imapbox/imaptest"
)

func dovecotConfig(d *imaptest.Dovecot) Config {
	return Config{
		Host: d.Host, Port: d.Port, TLSConfig: d.Client, Username: d.Username, Auth: Password(d.Password),
		Poll: poll, FromStart: true,
	}
}

// idles waits until a watch has nothing to do but wait for a push.
func (w *watching) idles(t *testing.T) {
	t.Helper()
	w.clock.until(t, "IDLE", func() bool { return len(w.clock.held[idleFor]) > 0 })
}

func TestDovecotPushes(t *testing.T) {
	d := imaptest.StartDovecot(t)
	d.Append("INBOX", note(1))
	w := watch(t, dovecotConfig(d), newShelf())
	w.holds(t, 1)
	w.idles(t)
	for n := 2; n <= 5; n++ {
		d.Append("INBOX", note(n))
		w.holds(t, n)
	}
	w.inOrder(t, 5)
	if string(w.mails[4].Raw) != string(note(5)) || w.twice() > 0 {
		t.Errorf("the last mail came as %q", w.mails[4].Raw)
	}
	w.clock.fire(t, idleFor) // IDLE anew, on the same connection
	d.Append("INBOX", note(6))
	w.holds(t, 6)
	if unseen := dovecotStatus(d, "INBOX").NumUnseen; *unseen != 6 {
		t.Errorf("%d mails are unseen, want all", *unseen)
	}
	if len(w.clock.pauses) > 0 {
		t.Error("it connected anew")
	}
}

func dovecotStatus(d *imaptest.Dovecot, folder string) (data *imap.StatusData) {
	d.Do(func(c *imapclient.Client) (err error) {
		data, err = c.Status(folder, &imap.StatusOptions{NumMessages: true, NumUnseen: true, UIDValidity: true}).Wait()
		return err
	})
	return data
}

func TestDovecotAfter(t *testing.T) {
	d := imaptest.StartDovecot(t)
	cfg := dovecotConfig(d)
	var mails [][]byte
	for n := 1; n <= 60; n++ {
		mails = append(mails, note(n))
	}
	d.Append("INBOX", mails...)
	cfg.After = Seen
	w := watch(t, cfg, newShelf())
	w.holds(t, 60)
	w.idles(t)
	w.stop()
	w.inOrder(t, 60)
	if s := dovecotStatus(d, "INBOX"); *s.NumUnseen != 0 || *s.NumMessages != 60 {
		t.Errorf("%d mails, %d of them unseen", *s.NumMessages, *s.NumUnseen)
	}
	cfg.After, cfg.MoveTo = Move, "客服完成"
	w = watch(t, cfg, newShelf())
	w.holds(t, 60)
	w.idles(t)
	w.stop()
	if inbox, done := dovecotStatus(d, "INBOX"), dovecotStatus(d, "客服完成"); *inbox.NumMessages != 0 || *done.NumMessages != 60 {
		t.Errorf("%d mails stayed, %d were moved", *inbox.NumMessages, *done.NumMessages)
	}
}

// TestDovecotFolderMadeAnew: the folder is deleted under a watch, made again and filled
// with what was in it and more.
func TestDovecotFolderMadeAnew(t *testing.T) {
	d := imaptest.StartDovecot(t)
	create := func(c *imapclient.Client) error { return c.Create("Support", nil).Wait() }
	d.Do(create)
	d.Append("Support", note(1))
	cfg := dovecotConfig(d)
	cfg.Folder = "Support"
	w := watch(t, cfg, newShelf())
	w.holds(t, 1)
	w.idles(t)
	before := w.pos
	d.Do(func(c *imapclient.Client) error { return c.Delete("Support").Wait() })
	if err := w.was(t, Retrying); err == nil {
		t.Error("told without a reason")
	}
	if err := w.was(t, Failing); !errors.Is(err, ErrFolder) {
		t.Errorf("told as %v", err)
	}
	d.Do(create)
	d.Append("Support", note(1), note(2))
	w.holds(t, 2)
	w.was(t, Renewed)
	w.until(t, "the new position", func() bool { return w.pos.LastUID > 0 && w.pos.UIDValidity != before.UIDValidity })
	w.stop()
	w.inOrder(t, 2)
}

func TestDovecotCheck(t *testing.T) {
	d := imaptest.StartDovecot(t)
	d.Do(func(c *imapclient.Client) error { return c.Create("客服", nil).Wait() })
	cfg := dovecotConfig(d)
	folders, err := Check(t.Context(), cfg)
	if err != nil || !slices.Equal(folders, []string{"INBOX", "客服"}) {
		t.Errorf("got %q, %v", folders, err)
	}
	cfg.Auth = Password("wrong")
	if _, err := Check(t.Context(), cfg); !errors.Is(err, ErrLogin) {
		t.Errorf("a wrong password: %v", err)
	}
	cfg = dovecotConfig(d)
	cfg.Folder = "Nowhere"
	if _, err := Check(t.Context(), cfg); !errors.Is(err, ErrFolder) {
		t.Errorf("no such folder: %v", err)
	}
}
