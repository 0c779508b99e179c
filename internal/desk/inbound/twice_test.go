package inbound_test

import (
	"errors"
	"math"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
)

// Two processes take the same mail at the same moment, and one of them is asked once
// more after its restart: the database knows, with or without a mailbox.
func TestTakenOnceByTwoProcesses(t *testing.T) {
	app := desktest.New(t)
	raw := desktest.Letter("Do you have blue cups?", nil)
	stations := []*inbound.Station{app.NewMail(nil), app.NewMail(nil), app.NewMail(nil), app.NewMail(nil)}
	arrived := make(chan struct{})
	var stored atomic.Int32
	app.OnRecordCreateExecute(desk.InboundMails).BindFunc(func(e *core.RecordEvent) error {
		<-arrived // all have looked whether it is known
		return e.Next()
	})
	var wg, looked sync.WaitGroup
	looked.Add(len(stations))
	for _, s := range stations {
		wg.Go(func() {
			looked.Done()
			_, again, err := s.Take(inbound.Raw{Source: desk.FromWebhook, Data: raw})
			if err != nil {
				t.Error(err)
			}
			if !again {
				stored.Add(1)
			}
		})
	}
	looked.Wait()
	close(arrived)
	wg.Wait()
	if stored.Load() != 1 || len(app.All(desk.InboundMails, nil)) != 1 || app.StoredFiles() != 1 {
		t.Fatalf("taken %d times, %d records, %d files", stored.Load(), len(app.All(desk.InboundMails, nil)), app.StoredFiles())
	}
	if _, again, err := app.NewMail(nil).Take(inbound.Raw{Source: desk.FromWebhook, Data: raw}); !again || err != nil {
		t.Errorf("after a restart: %v, %v", again, err)
	}
	r := app.One(desk.InboundMails, nil)
	second := app.Make(desk.InboundMails, desktest.Values{"status": desk.MailDone, "taken": "x"})
	second.Set("taken", r.GetString("taken"))
	if err := app.SaveNoValidate(second); err == nil {
		t.Error("the database takes a mail twice")
	}
}

// A mail that comes by two mailboxes while both copies are being read stands once.
func TestCopiesAtOnce(t *testing.T) {
	app := desktest.New(t)
	help := app.Make(desk.Mailboxes, desktest.Values{"name": "help", "address": "help@shop.example"})
	sales := app.Make(desk.Mailboxes, desktest.Values{"name": "sales", "address": "sales@shop.example"})
	raw := desktest.Letter("Do you have blue cups?", nil)
	for _, box := range []*core.Record{help, sales} {
		if _, _, err := app.Mail.Take(inbound.Raw{Mailbox: box.Id, Source: desk.FromIMAP, Data: raw}); err != nil {
			t.Fatal(err)
		}
	}
	// one station is about to open the case when the other one does
	other := app.NewMail(nil)
	var once sync.Once
	s := app.NewMail(func(c *inbound.Config) {
		receive := c.Receive
		c.Receive = func(a core.App, f *desk.Feedback, l *desk.Letter) error {
			once.Do(func() {
				second := app.One(desk.InboundMails, desktest.Values{"mailbox": sales.Id})
				app.Put(app.One(desk.InboundMails, desktest.Values{"mailbox": help.Id}), desktest.Values{"next_attempt": "2099-01-01 00:00:00.000Z"})
				drain(t, other)
				if second = app.Find(desk.InboundMails, second.Id); second.GetString("status") != desk.MailDone {
					t.Errorf("the other copy is %s", second.GetString("status"))
				}
			})
			return receive(a, f, l)
		}
	})
	drain(t, s)
	if n := len(app.All(desk.Cases, nil)); n != 1 || app.StoredFiles() != 2 {
		t.Errorf("%d cases, %d files", n, app.StoredFiles())
	}
	is(t, desk.AsInboundMail(app.One(desk.InboundMails, desktest.Values{"mailbox": help.Id})), desk.MailDuplicate, desk.MailIgnored, "duplicate")
}

// Who was erased doesn't come back by another mailbox either.
func TestErasedMailStaysAway(t *testing.T) {
	app := desktest.New(t)
	box := app.Make(desk.Mailboxes, desktest.Values{"name": "help", "address": "help@shop.example"})
	raw := desktest.Letter("Do you have blue cups?", nil)
	app.Take(raw)
	if _, err := privacy.Erase(app, "anna@example.com"); err != nil {
		t.Fatal(err)
	}
	is(t, takeFrom(t, app, box, raw), desk.MailDuplicate, desk.MailIgnored, "duplicate")
	if n := len(app.All(desk.Feedbacks, nil)); n != 0 {
		t.Errorf("%d submissions", n)
	}
}

// A mail is refused before it fills the disk, and one that was taken before waits
// until there is room, however long that takes.
func TestNoRoom(t *testing.T) {
	app := desktest.New(t)
	room := uint64(1 << 20)
	full := true
	s := app.NewMail(func(c *inbound.Config) {
		c.Room = func() uint64 { return room }
		receive := c.Receive
		c.Receive = func(a core.App, f *desk.Feedback, l *desk.Letter) error {
			if full {
				return &errNoSpace{}
			}
			return receive(a, f, l)
		}
	})
	raw := inbound.Raw{Source: desk.FromWebhook, Data: desktest.Letter("Do you have blue cups?", nil)}
	if _, _, err := s.Take(raw); !errors.Is(err, inbound.ErrFull) || app.StoredFiles() != 0 {
		t.Fatalf("%v, %d files", err, app.StoredFiles())
	}
	room = math.MaxUint64
	id, _, err := s.Take(raw)
	if err != nil {
		t.Fatal(err)
	}
	for range 30 { // a week
		drain(t, s)
		app.Clock.Advance(7 * time.Hour)
	}
	full = false
	drain(t, s)
	if got := status(app, id); got != desk.MailDone {
		t.Errorf("when there is room again: %s", got)
	}
}

type errNoSpace struct{}

func (*errNoSpace) Error() string { return "write" }
func (*errNoSpace) Unwrap() error { return syscall.ENOSPC }
