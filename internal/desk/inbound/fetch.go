package inbound

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/imapbox"
)

// Fetcher watches the mailboxes that are enabled, each by itself.
//
//	f := inbound.NewFetcher(app, station)
//	f.Start()
//	f.Sync() // after a mailbox or its password changed
type Fetcher struct {
	app     core.App
	station *Station
	// TLS are roots or a client certificate. Default: those of the machine.
	TLS *tls.Config
	// Auth gives what opens a mailbox. Default: its password or token, see [Credentials].
	Auth func(box *desk.Mailbox) (auth func(context.Context) (imapbox.Credentials, error), refused func())
	// Timer is what pauses and patience are measured with. Default: the machine's clock.
	Timer func(time.Duration) <-chan time.Time

	mu      sync.Mutex
	on      bool
	watched map[string]*watch // by mailbox
}

type watch struct {
	mark   string // of the settings with which it runs
	cancel context.CancelFunc
	done   chan struct{}
}

// NewFetcher makes a fetcher that gives its mails to a station.
func NewFetcher(app core.App, s *Station) *Fetcher {
	f := &Fetcher{app: app, station: s, watched: map[string]*watch{}}
	f.Auth = f.credentials
	return f
}

// Start watches from now on.
func (f *Fetcher) Start() {
	f.mu.Lock()
	f.on = true
	f.mu.Unlock()
	f.Sync()
}

// Stop ends all watching. A mail that is being stored is brought again later.
func (f *Fetcher) Stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.on = false
	for id := range f.watched {
		f.end(id)
	}
}

// Sync starts to watch what is new or was changed, and ends what is off or gone.
func (f *Fetcher) Sync() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.on {
		return
	}
	rows, err := f.app.FindAllRecords(desk.Mailboxes)
	if err != nil {
		f.app.Logger().Error("mailboxes", "error", err)
		return
	}
	wanted := map[string]bool{}
	for _, r := range rows {
		box := desk.AsMailbox(r)
		if !box.Fetched() {
			continue
		}
		wanted[box.Id] = true
		mark := f.mark(box)
		if w := f.watched[box.Id]; w != nil && w.mark == mark {
			continue
		}
		f.end(box.Id)
		f.begin(box, mark)
	}
	for id := range f.watched {
		if !wanted[id] {
			f.end(id)
			f.note(id, dbx.Params{"state": desk.MailboxOff, "last_error": ""})
		}
	}
}

func (f *Fetcher) begin(box *desk.Mailbox, mark string) {
	ctx, cancel := context.WithCancel(context.Background())
	w := &watch{mark: mark, cancel: cancel, done: make(chan struct{})}
	f.watched[box.Id] = w
	go func() {
		defer close(w.done)
		err := imapbox.Watch(ctx, f.Settings(box), &keeper{f, box.Id, placeOf(box)})
		if err != nil && ctx.Err() == nil {
			f.note(box.Id, dbx.Params{"state": desk.MailboxFailing, "last_error": desk.Clip(err.Error(), 900)})
		}
	}()
}

func (f *Fetcher) end(id string) {
	if w := f.watched[id]; w != nil {
		w.cancel()
		<-w.done
		delete(f.watched, id)
	}
}

// mark changes when anything changes that a connection depends on.
func (f *Fetcher) mark(box *desk.Mailbox) string {
	var b strings.Builder
	for _, field := range []string{"host", "port", "security", "username", "auth", "provider", "client_id", "folder", "after", "move_to", "poll_seconds"} {
		fmt.Fprintf(&b, "%s\x00", box.GetString(field))
	}
	sealed := ""
	_ = f.app.DB().Select("value").From(desk.Name(f.app, desk.Secrets)).
		Where(dbx.HashExp{"name": desk.MailboxSecret(box.Id)}).Row(&sealed) // none yet
	return b.String() + sealed
}

// Settings are a mailbox as its watcher takes it. What was there before the
// mailbox was bound is nobody's new case; import brings it. One that was bound while
// this machine's clock was ahead takes what comes from now on.
func (f *Fetcher) Settings(box *desk.Mailbox) imapbox.Config {
	auth, refused := f.Auth(box)
	since := box.GetDateTime("created").Time()
	if now := desk.Now(f.app); since.After(now) {
		since = now
	}
	return imapbox.Config{
		Host: box.GetString("host"), Port: box.GetInt("port"), Security: box.GetString("security"), Username: box.GetString("username"),
		Auth: auth, Refused: refused, Folder: box.GetString("folder"), After: box.GetString("after"), MoveTo: box.GetString("move_to"),
		Poll: time.Duration(box.GetInt("poll_seconds")) * time.Second, Since: since, TLSConfig: f.TLS, Timer: f.Timer,
	}
}

// note writes what the system keeps of a mailbox, past the record's hooks: it is
// no change of its settings.
func (f *Fetcher) note(id string, values dbx.Params) {
	if _, err := f.app.NonconcurrentDB().Update(desk.Name(f.app, desk.Mailboxes), values, dbx.HashExp{"id": id}).Execute(); err != nil {
		f.app.Logger().Warn("mailbox", "mailbox", id, "error", err)
	}
}

// Handler is what keeps the mails of a mailbox.
func (f *Fetcher) Handler(id string) imapbox.Handler { return &keeper{f: f, id: id} }

// keeper keeps the mails of one mailbox.
type keeper struct {
	f     *Fetcher
	id    string
	place dbx.HashExp // where it fetches; its position in another place means nothing
}

// placeOf is the folder that a position counts in.
func placeOf(box *desk.Mailbox) dbx.HashExp {
	place := dbx.HashExp{}
	for _, field := range []string{"host", "username", "folder"} {
		place[field] = box.GetString(field)
	}
	return place
}

var _ imapbox.Handler = (*keeper)(nil)

// Position implements imapbox.Handler.
func (k *keeper) Position(context.Context) (imapbox.Position, error) {
	box, err := desk.FindMailbox(k.f.app, k.id)
	if err != nil {
		return imapbox.Position{}, err
	}
	return imapbox.Position{UIDValidity: uint32(box.GetInt("uid_validity")), LastUID: uint32(box.GetInt("last_uid"))}, nil
}

// Take implements imapbox.Handler.
func (k *keeper) Take(_ context.Context, m imapbox.Mail) error {
	_, _, err := k.f.station.Take(k.raw(m))
	if errors.Is(err, ErrEmpty) {
		return nil // nothing could be lost
	}
	if errors.Is(err, ErrTooLarge) {
		return k.tooLarge(m)
	}
	return err
}

// TooLarge implements imapbox.Handler.
func (k *keeper) TooLarge(_ context.Context, m imapbox.Mail) error { return k.tooLarge(m) }

// tooLarge keeps the header of a mail, so that staff see that it came.
func (k *keeper) tooLarge(m imapbox.Mail) error {
	r := k.raw(m)
	r.Data = r.Data[:min(len(r.Data), maxPeek)]
	if len(r.Data) == 0 {
		r.Data = fmt.Appendf(nil, "Subject: (mail %d of %d)\r\n\r\n", m.UID, m.UIDValidity)
	}
	r.Refused = fmt.Sprintf("this mail has %d MB, and more than 25 MB are not read; it is still on the mail server", (m.Size+1<<19)>>20)
	_, _, err := k.f.station.Take(r)
	return err
}

func (k *keeper) raw(m imapbox.Mail) Raw {
	return Raw{Mailbox: k.id, Source: desk.FromIMAP, Data: m.Raw, UID: m.UID, UIDValidity: m.UIDValidity}
}

// Save implements imapbox.Handler.
func (k *keeper) Save(_ context.Context, p imapbox.Position) error {
	_, err := k.f.app.NonconcurrentDB().Update(desk.Name(k.f.app, desk.Mailboxes), dbx.Params{
		"uid_validity": p.UIDValidity, "last_uid": p.LastUID, "last_at": desk.Date(desk.Now(k.f.app)).String(),
	}, dbx.And(dbx.HashExp{"id": k.id}, k.place)).Execute() // it may have been moved to another server just now
	return err
}

// Status implements imapbox.Handler.
func (k *keeper) Status(state imapbox.State, err error) {
	values := dbx.Params{"last_error": ""}
	if err != nil {
		values["last_error"] = desk.Clip(desk.OneLine(err.Error()), 900)
	}
	switch state {
	case imapbox.OK, imapbox.Warning:
		values["state"] = desk.MailboxOK
		values["last_at"] = desk.Date(desk.Now(k.f.app)).String()
	case imapbox.Failing:
		values["state"] = desk.MailboxFailing
		k.f.app.Logger().Warn("a mailbox can't be fetched", "mailbox", k.id, "error", err)
	case imapbox.Renewed:
		k.f.app.Logger().Warn("a mail server has numbered its mails anew; all are looked at again", "mailbox", k.id)
		return
	}
	k.f.note(k.id, values)
}
