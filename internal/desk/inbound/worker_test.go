package inbound_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/mailin"
)

// put takes a mail in without reading it.
func put(t *testing.T, app *desktest.App, raw []byte) string {
	t.Helper()
	id, _, err := app.Mail.Take(inbound.Raw{Source: desk.FromWebhook, Data: raw})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func drain(t *testing.T, s *inbound.Station) int {
	t.Helper()
	n, err := s.Drain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTakenOnce(t *testing.T) {
	app := desktest.New(t)
	box := app.Make(desk.Mailboxes, desktest.Values{"name": "help", "address": "help@shop.example"})
	other := app.Make(desk.Mailboxes, desktest.Values{"name": "sales", "address": "sales@shop.example"})
	raw := desktest.Letter("Do you have blue cups?", nil)
	var wg sync.WaitGroup
	var fresh atomic.Int32
	for i := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, again, err := app.Mail.Take(inbound.Raw{Mailbox: box.Id, Source: desk.FromIMAP, Data: raw, UID: uint32(i), UIDValidity: 1})
			if err != nil {
				t.Error(err)
			}
			if !again {
				fresh.Add(1)
			}
		}()
	}
	wg.Wait()
	if fresh.Load() != 1 || len(app.All(desk.InboundMails, nil)) != 1 || app.StoredFiles() != 1 {
		t.Errorf("taken %d times, %d records, %d files", fresh.Load(), len(app.All(desk.InboundMails, nil)), app.StoredFiles())
	}
	drain(t, app.Mail)
	// sent to two addresses of the shop it is one message all the same
	m := takeFrom(t, app, other, raw)
	is(t, m, desk.MailDuplicate, desk.MailIgnored, "duplicate")
	if len(app.All(desk.Cases, nil)) != 1 {
		t.Errorf("%d cases", len(app.All(desk.Cases, nil)))
	}
	// and without a Message-ID it is known by its bytes
	nameless := desktest.Letter("And red ones?", head{"Message-ID": ""})
	first := put(t, app, nameless)
	if again := put(t, app, nameless); again != first || put(t, app, append(nameless, '!')) == first {
		t.Error("mails without a Message-ID are mixed up")
	}
}

func TestTakeRefuses(t *testing.T) {
	app := desktest.New(t)
	for want, data := range map[error][]byte{inbound.ErrEmpty: nil, inbound.ErrTooLarge: make([]byte, inbound.MaxSize+1)} {
		if _, _, err := app.Mail.Take(inbound.Raw{Source: desk.FromWebhook, Data: data}); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

// A disk that is full: nothing half stored, and the mail may come again.
func TestDiskFull(t *testing.T) {
	app := desktest.New(t)
	blocked := filepath.Join(app.DataDir(), core.LocalStorageDirName)
	if err := os.WriteFile(blocked, nil, 0o600); err != nil { // no folder can be made there
		t.Fatal(err)
	}
	raw := desktest.Letter("Do you have blue cups?", nil)
	if _, _, err := app.Mail.Take(inbound.Raw{Source: desk.FromWebhook, Data: raw}); err == nil {
		t.Fatal("no error")
	}
	if len(app.All(desk.InboundMails, nil)) != 0 {
		t.Error("a record without its mail")
	}
	if err := os.Remove(blocked); err != nil {
		t.Fatal(err)
	}
	is(t, app.Take(raw), desk.MailDone, desk.MailCase, "new")
}

// failing lets no record through while it is on.
func failing(on *bool) func(*core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		if *on {
			return errors.New("disk full")
		}
		return e.Next()
	}
}

// The database fails: the file goes, too.
func TestRecordFails(t *testing.T) {
	app := desktest.New(t)
	fail := true
	app.OnRecordCreateExecute(desk.InboundMails).BindFunc(failing(&fail))
	if _, _, err := app.Mail.Take(inbound.Raw{Source: desk.FromWebhook, Data: desktest.Letter("x", nil)}); err == nil {
		t.Fatal("no error")
	}
	if app.StoredFiles() != 0 {
		t.Errorf("%d files", app.StoredFiles())
	}
}

func TestUnreadableStaysVisible(t *testing.T) {
	app := desktest.New(t)
	parse := func(ctx context.Context, raw []byte) (*mailin.Mail, error) {
		switch {
		case strings.Contains(string(raw), "panic"):
			panic("out of range")
		case strings.Contains(string(raw), "broken"):
			return nil, mailin.ErrTooDeep
		}
		return mailin.Parse(ctx, raw)
	}
	broken := true
	s := app.NewMail(func(c *inbound.Config) {
		c.Parse = func(ctx context.Context, raw []byte) (*mailin.Mail, error) {
			if broken {
				return parse(ctx, raw)
			}
			return mailin.Parse(ctx, raw)
		}
	})
	ids := []string{put(t, app, desktest.Letter("panic", nil)), put(t, app, desktest.Letter("broken", nil)), put(t, app, desktest.Letter("sound", nil))}
	drain(t, s)
	for i, want := range []string{desk.MailFailed, desk.MailFailed, desk.MailDone} {
		m := desk.AsInboundMail(app.Find(desk.InboundMails, ids[i]))
		if m.Status() != want || (want == desk.MailFailed) != (m.GetString("error") != "") || m.Raw() == "" {
			t.Errorf("%d: %s, %q", i, m.Status(), m.GetString("error"))
		}
	}
	if err := s.Retry(ids[2]); !errors.Is(err, inbound.ErrNotFailed) {
		t.Error(err)
	}
	broken = false
	for _, id := range ids[:2] {
		if err := s.Retry(id); err != nil {
			t.Fatal(err)
		}
	}
	drain(t, s)
	if n := len(app.All(desk.Cases, nil)); n != 3 {
		t.Errorf("%d cases", n)
	}
	m := app.Take(desktest.Letter("no sender", head{"From": "root@localhost", "Return-Path": ""}))
	if m.Status() != desk.MailFailed {
		t.Errorf("a mail that nobody could answer: %s %s", m.Status(), m.Outcome())
	}
}

// A fault of the machine is tried again, later and later, and what came behind it
// from the same sender waits for its turn.
func TestFaultsAreTriedAgain(t *testing.T) {
	app := desktest.New(t)
	faults := 2
	s := app.NewMail(func(c *inbound.Config) {
		receive := c.Receive
		c.Receive = func(a core.App, f *desk.Feedback, l *desk.Letter) error {
			if strings.Contains(f.Message(), "first") && faults > 0 {
				faults--
				return errors.New("database is locked")
			}
			return receive(a, f, l)
		}
	})
	first := put(t, app, desktest.Letter("the first question about cups", nil))
	second := put(t, app, desktest.Letter("then one about saucers that go with them", nil))
	other := put(t, app, desktest.Letter("somebody else asks whether you are open", head{"From": "bob@example.net"}))
	drain(t, s)
	if got := status(app, first, second, other); got != "received received done" {
		t.Fatalf("after a fault: %s", got)
	}
	third := put(t, app, desktest.Letter("and a third thing, about tea itself", nil))
	drain(t, s)
	app.Clock.Advance(10 * time.Second)
	drain(t, s)
	if got := status(app, first, second, third); got != "received received received" {
		t.Fatalf("after the second fault: %s", got)
	}
	app.Clock.Advance(time.Minute)
	drain(t, s)
	if got := status(app, first, second, third); got != "done done done" {
		t.Fatalf("at the end: %s", got)
	}
	var order []string
	for _, r := range app.All(desk.Feedbacks, desktest.Values{"email": "anna@example.com"}) {
		order = append(order, strings.Fields(r.GetString("message"))[0])
	}
	if got := strings.Join(order, " "); got != "the then and" {
		t.Errorf("in the order %s", got)
	}
}

func TestFaultsEnd(t *testing.T) {
	app := desktest.New(t)
	s := app.NewMail(func(c *inbound.Config) {
		c.Receive = func(core.App, *desk.Feedback, *desk.Letter) error { return errors.New("database is locked") }
	})
	id := put(t, app, desktest.Letter("hello", nil))
	for range 20 {
		drain(t, s)
		app.Clock.Advance(7 * time.Hour)
	}
	m := app.Find(desk.InboundMails, id)
	if m.GetString("status") != desk.MailFailed || m.GetInt("attempts") != 8 || !strings.Contains(m.GetString("error"), "locked") {
		t.Errorf("%s after %d attempts: %s", m.GetString("status"), m.GetInt("attempts"), m.GetString("error"))
	}
}

func status(app *desktest.App, ids ...string) string {
	var out []string
	for _, id := range ids {
		out = append(out, app.Find(desk.InboundMails, id).GetString("status"))
	}
	return strings.Join(out, " ")
}

// A process ends at the worst moment: its transaction is rolled back, or it was
// committed and nobody heard of it. The next process does what is left, once.
func TestCrash(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	put(t, app, desktest.Letter("a first question, about cups", nil))
	put(t, app, desktest.Letter("an answer", head{"To": desktest.AnswerTo(c)}))
	// every commit of the worker fails at its very end
	fail := true
	app.OnRecordUpdate(desk.InboundMails).BindFunc(func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		if fail && e.Record.GetString("status") == desk.MailDone {
			return errors.New("power cut")
		}
		return nil
	})
	drain(t, app.Mail)
	if len(app.All(desk.Cases, nil)) != 1 || len(incoming(app, c)) != 0 || len(app.All(desk.Outbox, nil)) != 1 || app.StoredFiles() != 2 {
		t.Errorf("half done: %d cases, %d messages", len(app.All(desk.Cases, nil)), len(incoming(app, c)))
	}
	fail = false
	if err := app.Mail.Recover(); err != nil {
		t.Fatal(err)
	}
	for range 3 { // as often as processes start
		drain(t, app.NewMail(nil))
	}
	if len(app.All(desk.Cases, nil)) != 2 || len(incoming(app, c)) != 1 || len(app.All(desk.Outbox, nil)) != 2 {
		t.Errorf("%d cases, %d messages, %d mails out", len(app.All(desk.Cases, nil)), len(incoming(app, c)), len(app.All(desk.Outbox, nil)))
	}
}

// Two workers on the same data, as while an import runs beside the server.
func TestTwoWorkers(t *testing.T) {
	app := desktest.New(t)
	const n = 40
	for i := range n {
		put(t, app, desktest.Letter(fmt.Sprintf("question number %d of somebody", i), head{"From": fmt.Sprintf("v%d@example%d.com", i, i)}))
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := app.NewMail(nil).Drain(t.Context()); err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	if cases, out := len(app.All(desk.Cases, nil)), len(app.All(desk.Outbox, nil)); cases != n || out != n {
		t.Errorf("%d cases, %d acknowledgements of %d mails", cases, out, n)
	}
}

// The words of one visitor stand in the order in which they came.
func TestOrderOfACase(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	const n = 100
	for i := range n {
		put(t, app, desktest.Letter(fmt.Sprintf("word %d", i), head{"To": desktest.AnswerTo(c)}))
	}
	drain(t, app.Mail)
	said := incoming(app, c)
	if len(said) != n {
		t.Fatalf("%d messages", len(said))
	}
	for i, m := range said {
		if m.Body() != fmt.Sprintf("word %d", i) {
			t.Fatalf("%q stands at %d", m.Body(), i)
		}
	}
}

func TestStartAndStop(t *testing.T) {
	app := desktest.New(t)
	read := make(chan struct{}, 1)
	s := app.NewMail(func(c *inbound.Config) {
		receive := c.Receive
		c.Receive = func(a core.App, f *desk.Feedback, l *desk.Letter) error {
			defer func() { read <- struct{}{} }()
			return receive(a, f, l)
		}
	})
	s.Start()
	if _, _, err := s.Take(inbound.Raw{Source: desk.FromWebhook, Data: desktest.Letter("hello, are you open?", nil)}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-read:
	case <-t.Context().Done():
	}
	s.Stop()
	if n := len(app.All(desk.Cases, nil)); n != 1 {
		t.Errorf("%d cases", n)
	}
}

// Old mail gets its cases in the order in which it lay, whosever it is.
func TestImportInOrder(t *testing.T) {
	app := desktest.New(t)
	const n = 90 // more than one round
	for i := range n {
		from := fmt.Sprintf("v%d@example%d.com", i%7, i%7)
		raw := desktest.Letter(fmt.Sprintf("old question number %d about tea", i), head{"From": from, "Subject": fmt.Sprint(i)})
		if _, _, err := app.Mail.Take(inbound.Raw{Source: desk.FromImport, Data: raw, Quiet: true}); err != nil {
			t.Fatal(err)
		}
	}
	drain(t, app.Mail)
	cases := app.All(desk.Cases, nil)
	if len(cases) != n {
		t.Fatalf("%d cases", len(cases))
	}
	first := cases[0].GetInt("number")
	for _, r := range cases {
		first = min(first, r.GetInt("number"))
	}
	for _, r := range cases {
		if got := fmt.Sprint(r.GetInt("number") - first); got != r.GetString("subject") {
			t.Fatalf("mail %s became case %s", r.GetString("subject"), got)
		}
	}
}

func TestQuietMail(t *testing.T) {
	app := desktest.New(t)
	if _, _, err := app.Mail.Take(inbound.Raw{Source: desk.FromImport, Data: desktest.Letter("An old question about cups.", nil), Quiet: true}); err != nil {
		t.Fatal(err)
	}
	drain(t, app.Mail)
	c := app.One(desk.Cases, nil)
	if len(app.All(desk.Outbox, nil)) != 0 || app.Event(c.Id, "ack_skipped")["reason"] != "old mail" {
		t.Error("old mail was acknowledged")
	}
}
