package inbound_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/imapbox"
	"github.com/pocketdesk/pocketdesk/internal/imapbox/imaptest"
)

// bound is an app with a mailbox on a server, watched.
func bound(t *testing.T, more desktest.Values) (*desktest.App, *imaptest.Server, *inbound.Fetcher, string) {
	t.Helper()
	app, srv := desktest.New(t), imaptest.Start(t, imaptest.Options{})
	v := desktest.Values{"name": "help", "address": "help@shop.example", "host": srv.Host, "port": srv.Port, "security": "tls", "username": srv.Username,
		"auth": "password", "enabled": true}
	for name, value := range more {
		v[name] = value
	}
	box := app.Make(desk.Mailboxes, v)
	// the server dates by the machine's clock, the app by the test's
	f := inbound.NewFetcher(app, app.Mail)
	f.TLS = srv.Client
	if err := (inbound.Credentials{Password: srv.Password}).Keep(f, box.Id); err != nil {
		t.Fatal(err)
	}
	app.Put(box, desktest.Values{"created": "2020-01-01 00:00:00.000Z"})
	t.Cleanup(f.Stop)
	return app, srv, f, box.Id
}

// idle waits until the watcher has fetched all there is.
func idle(t *testing.T, srv *imaptest.Server) {
	t.Helper()
	if err := srv.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestFetched(t *testing.T) {
	app, srv, f, id := bound(t, nil)
	for i := range 3 {
		srv.Append(desktest.Letter(fmt.Sprintf("Question %d about cups and saucers", i), head{"To": "help@shop.example"}))
	}
	f.Start()
	idle(t, srv)
	drain(t, app.Mail)
	if n := len(app.All(desk.Cases, nil)); n != 3 {
		t.Errorf("%d cases", n)
	}
	box := desk.AsMailbox(app.Find(desk.Mailboxes, id))
	if box.State() != desk.MailboxOK || box.GetInt("last_uid") != 3 || box.GetDateTime("last_at").IsZero() {
		t.Errorf("mailbox %v", box)
	}
	for _, r := range app.All(desk.InboundMails, nil) {
		if r.GetString("mailbox") != id || r.GetString("source") != desk.FromIMAP || r.GetInt("uid") == 0 {
			t.Errorf("record %v", r)
		}
	}
}

// The server numbers its folder anew and hands out everything once more.
func TestFolderNumberedAnew(t *testing.T) {
	app, srv, f, id := bound(t, nil)
	mails := [][]byte{desktest.Letter("Where is my parcel of May?", nil), desktest.Letter("And do you sell tea as well?", nil)}
	for _, m := range mails {
		srv.Append(m)
	}
	f.Start()
	idle(t, srv)
	drain(t, app.Mail)
	f.Stop()
	srv.Renew("INBOX")
	for _, m := range mails {
		srv.Append(m)
	}
	srv.Append(desktest.Letter("Something new: are you open on Sunday?", nil))
	f.Start()
	for len(app.All(desk.InboundMails, nil)) < 3 { // the connection of before may still count as waiting
		drain(t, app.Mail)
	}
	idle(t, srv)
	drain(t, app.Mail)
	if mails, cases := len(app.All(desk.InboundMails, nil)), len(app.All(desk.Cases, nil)); mails != 3 || cases != 3 {
		t.Errorf("%d mails, %d cases", mails, cases)
	}
	if box := app.Find(desk.Mailboxes, id); box.GetInt("last_uid") == 0 {
		t.Errorf("mailbox %v", box)
	}
}

// The store fails: the position stays, and the mail comes again.
func TestPositionWaitsForTheStore(t *testing.T) {
	app, srv, f, id := bound(t, nil)
	h := f.Handler(id)
	m := imapbox.Mail{UID: 7, UIDValidity: 1, Raw: desktest.Letter("hello, are you open?", nil)}
	fail := true
	app.OnRecordCreateExecute(desk.InboundMails).BindFunc(failing(&fail))
	if err := h.Take(t.Context(), m); err == nil {
		t.Fatal("no error")
	}
	if p, err := h.Position(t.Context()); err != nil || p != (imapbox.Position{}) || app.StoredFiles() != 0 {
		t.Errorf("position %v, %v, %d files", p, err, app.StoredFiles())
	}
	fail = false
	for range 2 { // and once more after a crash before the position was kept
		if err := h.Take(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Save(t.Context(), imapbox.Position{UIDValidity: 1, LastUID: 7}); err != nil {
		t.Fatal(err)
	}
	if p, _ := h.Position(t.Context()); p.LastUID != 7 || len(app.All(desk.InboundMails, nil)) != 1 {
		t.Errorf("position %v", p)
	}
	_ = srv
}

func TestTooLargeIsSeen(t *testing.T) {
	app, _, f, id := bound(t, nil)
	h := f.Handler(id)
	err := h.TooLarge(t.Context(), imapbox.Mail{UID: 9, UIDValidity: 1, Size: 80 << 20, Raw: []byte("Subject: holiday pictures\r\nMessage-ID: <big@example.com>\r\n\r\n")})
	if err != nil {
		t.Fatal(err)
	}
	m := app.One(desk.InboundMails, nil)
	if m.GetString("status") != desk.MailFailed || m.GetString("subject") != "holiday pictures" || !strings.Contains(m.GetString("error"), "80 MB") {
		t.Errorf("record %v", m)
	}
}

func TestWrongPasswordShows(t *testing.T) {
	app, srv, f, id := bound(t, nil)
	if err := (inbound.Credentials{Password: "wrong"}).Keep(f, id); err != nil {
		t.Fatal(err)
	}
	srv.Append(desktest.Letter("hello, are you open?", nil))
	_, err := imapbox.Check(t.Context(), f.Settings(desk.AsMailbox(app.Find(desk.Mailboxes, id))))
	if imapbox.Kind(err) != "login" {
		t.Errorf("%v", err)
	}
	h := f.Handler(id)
	h.Status(imapbox.Failing, err)
	if box := app.Find(desk.Mailboxes, id); box.GetString("state") != desk.MailboxFailing || box.GetString("last_error") == "" || strings.Contains(box.GetString("last_error"), "wrong\"") {
		t.Errorf("mailbox %v", box)
	}
	// the right one takes effect at once
	if err := (inbound.Credentials{Password: srv.Password}).Keep(f, id); err != nil {
		t.Fatal(err)
	}
	f.Start()
	f.Sync()
	idle(t, srv)
	drain(t, app.Mail)
	if len(app.All(desk.Cases, nil)) != 1 {
		t.Error("nothing was fetched")
	}
	app.Put(app.Find(desk.Mailboxes, id), desktest.Values{"enabled": false})
	f.Sync()
	if box := app.Find(desk.Mailboxes, id); box.GetString("state") != desk.MailboxOff {
		t.Errorf("switched off, it is %s", box.GetString("state"))
	}
}

// A position in one folder says nothing of another: what the watcher of the old place
// saves late must not hide mails of the new one.
func TestPositionOfAnotherPlace(t *testing.T) {
	app, _, f, id := bound(t, nil)
	box := app.Find(desk.Mailboxes, id)
	h := f.HandlerAt(desk.AsMailbox(box))
	if err := h.Save(t.Context(), imapbox.Position{UIDValidity: 1, LastUID: 7}); err != nil {
		t.Fatal(err)
	}
	app.Put(box, desktest.Values{"host": "imap.other.example", "uid_validity": 0, "last_uid": 0})
	if err := h.Save(t.Context(), imapbox.Position{UIDValidity: 1, LastUID: 9}); err != nil {
		t.Fatal(err)
	}
	if p, err := f.Handler(id).Position(t.Context()); err != nil || p != (imapbox.Position{}) {
		t.Errorf("position %v, %v", p, err)
	}
}
