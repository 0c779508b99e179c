package outbox_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/tools/filesystem"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// newApp is an app that sends to a server of this script.
func newApp(t *testing.T, script mailtest.Script) (*desktest.App, *mailtest.Server) {
	t.Helper()
	app, srv := desktest.New(t), mailtest.NewServer(t, script)
	app.UseSMTP(srv)
	return app, srv
}

// drain makes one round and returns how many tries it made.
func drain(t *testing.T, app *desktest.App) int {
	t.Helper()
	n, err := app.Outbox.Drain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// letter is a mail as its reader sees it.
type letter struct {
	mail.View
	envelope mailtest.Mail
}

func (l letter) header(name string) string {
	for _, f := range l.Headers {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// arrived are the mails that the server took.
func arrived(t *testing.T, srv *mailtest.Server) []letter {
	t.Helper()
	var out []letter
	for _, m := range srv.Mails() {
		v, err := mail.ParseCaught(m.Raw)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, letter{v, m})
	}
	return out
}

// only is the one mail that the server took.
func only(t *testing.T, srv *mailtest.Server) letter {
	t.Helper()
	all := arrived(t, srv)
	if len(all) != 1 {
		t.Fatalf("%d mails arrived, want one", len(all))
	}
	return all[0]
}

// is checks how a delivery stands: its own status, that of its message, and
// the last event of the case.
func is(t *testing.T, app *desktest.App, d *desk.Delivery, status, delivery, event string) {
	t.Helper()
	r := app.Find(desk.Outbox, d.Id)
	m := desk.AsMessage(app.Find(desk.Messages, d.Message()))
	kinds := app.Kinds(m.Case())
	if r.GetString("status") != status || m.Delivery() != delivery || kinds[len(kinds)-1] != event {
		t.Errorf("delivery %s, message %s, events %v; want %s, %s, … %s (%s)",
			r.GetString("status"), m.Delivery(), kinds, status, delivery, event, r.GetString("last_error"))
	}
	if ended := slices.Contains([]string{desk.Sent, desk.Failed, desk.Held, desk.Bounced}, status); (ended || status == desk.Queued) && ended != r.GetDateTime("next_attempt").IsZero() {
		t.Errorf("next attempt of a delivery that is %s: %q", status, r.GetString("next_attempt"))
	}
}

func ids(letters []letter) []string {
	var out []string
	for _, l := range letters {
		out = append(out, l.header("Message-ID"))
	}
	return out
}

// file is an upload with these bytes.
func file(t *testing.T, name, content string) *filesystem.File {
	t.Helper()
	f, err := filesystem.NewFileFromBytes([]byte(content), name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
