package checkup_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/checkup"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/doctor"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// zone is a DNS in which a shop did everything right.
type zone struct{}

func (zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	switch name {
	case "shop.example":
		return []string{"v=spf1 mx ~all"}, nil
	case "_dmarc.shop.example":
		return []string{"v=DMARC1; p=reject"}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (zone) LookupMX(context.Context, string) ([]*net.MX, error) {
	return []*net.MX{{Host: "mx.shop.example."}}, nil
}

// look is a checkup that stays on this machine, and whose mail is sent to srv.
func look(t *testing.T, app *desktest.App, srv *mailtest.Server) *checkup.Checkup {
	t.Helper()
	if srv != nil {
		app.UseSMTP(srv)
	}
	c := checkup.New(app)
	c.Resolver, c.TimeServer, c.Look, c.Return = zone{}, "127.0.0.1:1", time.Millisecond, 10*time.Second
	return c
}

func run(t *testing.T, c *checkup.Checkup) map[string]doctor.Finding {
	t.Helper()
	all, err := c.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]doctor.Finding{}
	for _, f := range all {
		by[f.Check] = f
		for _, locale := range doctor.Locales() {
			text, cure := doctor.Words(f, locale)
			if text == "" || strings.Contains(text+cure, "{") || f.State == doctor.Fail && cure == "" {
				t.Errorf("%s in %s: %q %q", f.ID, locale, text, cure)
			}
		}
	}
	return by
}

func expect(t *testing.T, by map[string]doctor.Finding, ids ...string) {
	t.Helper()
	for _, id := range ids {
		check, _, _ := strings.Cut(id, "_")
		if by[check].ID != id {
			t.Errorf("%s: %s", id, by[check].ID)
		}
	}
}

func TestFreshShop(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"timezone": "UTC"})
	app.Settings().Meta.AppURL = "http://localhost:8090"
	app.Settings().Meta.SenderAddress = "support@example.com"
	by := run(t, look(t, app, nil))
	expect(t, by, "smtp_off", "sender_missing", "url_local", "zone_utc", "mailbox_off", "clock_unknown")
	if _, ok := by["spf"]; ok {
		t.Error("the DNS of nobody's domain was looked at")
	}
}

// Before the known holidays are over, the owner hears of it once a calendar keeps them.
func TestHolidaysEnd(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"timezone": "Asia/Taipei"})
	_, last := calendar.KnownYears("TW")
	app.Clock.Set(time.Date(last, time.September, 30, 0, 0, 0, 0, time.UTC))
	if f, ok := run(t, look(t, app, nil))["holidays"]; ok {
		t.Errorf("in September: %+v", f)
	}
	app.Clock.Set(time.Date(last, time.October, 2, 0, 0, 0, 0, time.UTC))
	if f := run(t, look(t, app, nil))["holidays"]; f.ID != "holidays_end" || f.With["country"] != "TW" {
		t.Errorf("in October: %+v", f)
	}
}

// TestMailComesBack is a shop in which mail goes round.
func TestMailComesBack(t *testing.T) {
	app := desktest.New(t)
	srv := mailtest.NewServer(t, mailtest.Script{})
	c := look(t, app, srv)
	box := app.Make(desk.Mailboxes, desktest.Values{"name": "service", "address": "desk@shop.example", "host": "imap.shop.example", "enabled": true})
	c.Mailbox = func(_ context.Context, b *desk.Mailbox) error {
		if b.Id != box.Id {
			t.Errorf("looked at mailbox %s", b.Id)
		}
		return nil
	}
	go func() { // the mail server puts it into the mailbox, from which it is fetched
		mails, err := srv.Wait(context.Background(), 1)
		if err == nil {
			_, _, err = app.Mail.Take(inbound.Raw{Mailbox: box.Id, Source: desk.FromIMAP, Data: mails[0].Raw})
		}
		if err != nil {
			t.Error(err)
		}
	}()
	by := run(t, c)
	expect(t, by, "smtp_plain", "sender_ok", "mx_ok", "spf_ok", "dkim_off", "dmarc_ok", "mailbox_ok", "authserv_missing", "roundtrip_ok")
	if _, err := app.Mail.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(app.All(desk.Cases, nil)) + len(app.All(desk.Feedbacks, nil)); n != 0 {
		t.Errorf("the test mail became %d records", n)
	}
}

func TestFaultsOfMail(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  mailtest.Fault
		script mailtest.Script
		ids    []string
	}{
		{"no plus-addresses", mailtest.Fault{Rcpt: mailtest.Reply{Code: 550, Enhanced: [3]int{5, 1, 1}, Text: "no such user"}}, mailtest.Script{}, []string{"smtp_plain", "roundtrip_plus"}},
		{"busy", mailtest.Fault{Mail: mailtest.Reply{Code: 451, Text: "later"}}, mailtest.Script{}, []string{"smtp_plain", "roundtrip_unsent"}},
		{"unknown authority", mailtest.Fault{}, mailtest.Script{STARTTLS: true}, []string{"smtp_tls", "roundtrip_unsent"}},
		{"nothing takes mail in", mailtest.Fault{}, mailtest.Script{}, []string{"roundtrip_off"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.script.Fault = c.fault
			expect(t, run(t, look(t, desktest.New(t), mailtest.NewServer(t, c.script))), c.ids...)
		})
	}
}

func TestWrongLogin(t *testing.T) {
	app := desktest.New(t)
	c := look(t, app, mailtest.NewServer(t, mailtest.Script{Username: "desk", Password: "right"}))
	app.Settings().SMTP.Username, app.Settings().SMTP.Password = "desk", "hunter2hunter2"
	by := run(t, c)
	expect(t, by, "smtp_login")
	if text, _ := doctor.Words(by["smtp"], "en"); strings.Contains(text, "hunter2") {
		t.Errorf("the password is told: %s", text)
	}
}

func TestMailThatStaysAway(t *testing.T) {
	app := desktest.New(t)
	c := look(t, app, mailtest.NewServer(t, mailtest.Script{}))
	c.Return = 20 * time.Millisecond
	app.Make(desk.Mailboxes, desktest.Values{"name": "service", "address": "desk@shop.example", "host": "imap.shop.example", "enabled": true})
	c.Mailbox = func(context.Context, *desk.Mailbox) error { return errors.New("the password is wrong") }
	expect(t, run(t, c), "mailbox_failed", "roundtrip_missing")
}

// A mailbox whose server says nothing keeps nobody from the others.
func TestSilentMailbox(t *testing.T) {
	app := desktest.New(t)
	c := look(t, app, nil)
	for _, name := range []string{"a", "b"} {
		app.Make(desk.Mailboxes, desktest.Values{"name": name, "address": name + "@shop.example", "host": "imap.shop.example", "enabled": true})
	}
	other := make(chan struct{})
	c.Mailbox = func(ctx context.Context, box *desk.Mailbox) error {
		if box.Name() == "b" {
			close(other)
			return nil
		}
		select { // silent until the other was looked at
		case <-other:
			return errors.New("it did not answer")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	all, err := c.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range all {
		if f.Check == "mailbox" {
			got = append(got, f.With["name"]+" "+f.ID+" "+f.With["reason"])
		}
	}
	if want := []string{"a mailbox_failed it did not answer", "b mailbox_ok "}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The mail goes where answers of visitors go.
func TestMailToTheAnswerBox(t *testing.T) {
	app := desktest.New(t)
	srv := mailtest.NewServer(t, mailtest.Script{})
	app.Choose(desktest.Values{"service_email": "help@answers.example"})
	run(t, look(t, app, srv))
	mails := srv.Mails()
	if len(mails) != 1 || len(mails[0].To) != 1 || !strings.HasPrefix(mails[0].To[0], "help+c-") || !strings.HasSuffix(mails[0].To[0], "@answers.example") {
		t.Errorf("sent %v", mails)
	}
}

func TestPublicAddress(t *testing.T) {
	answer := `{"code":200}`
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/health" {
			io.WriteString(w, answer)
		}
	}))
	t.Cleanup(srv.Close)
	app := desktest.New(t)
	c := look(t, app, nil)
	c.Client = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", srv.Listener.Addr().String())
	}}}
	for _, step := range []struct{ url, answer, id string }{
		{"http://desk.shop.example", `{"code":200}`, "url_http"},
		{"http://desk.shop.example", `<html>parked</html>`, "url_failed"},
		{"https://desk.shop.example", `{"code":200}`, "url_failed"}, // it speaks no TLS
		{"http://192.168.1.5:8090", `{"code":200}`, "url_local"},
		{"", "", "url_missing"},
	} {
		answer = step.answer
		app.Settings().Meta.AppURL = step.url
		expect(t, run(t, c), step.id)
	}
}

func TestServices(t *testing.T) {
	app := desktest.New(t)
	c := look(t, app, nil)
	for _, step := range []struct {
		llm, captcha string
		free         uint64
		ids          []string
	}{
		{"off", "off", 5 << 30, []string{"llm_off", "captcha_off", "disk_ok"}},
		{"on", "on", 500 << 20, []string{"llm_on", "captcha_on", "disk_low"}},
		{"open", "no_secret", 10 << 20, []string{"llm_open", "captcha_no_secret", "disk_full"}},
		{"on", "faulty", 5 << 30, []string{"captcha_faulty"}},
		{"on", "down", 5 << 30, []string{"captcha_down"}},
	} {
		c.LLM = func() string { return step.llm }
		c.Captcha = func() string { return step.captcha }
		c.Disk = func() uint64 { return step.free }
		expect(t, run(t, c), step.ids...)
	}
	c.DKIM = func() (*mail.DKIM, error) { return nil, errors.New("the key is broken") }
	expect(t, run(t, c), "dkim_key")
}

func TestSignedMail(t *testing.T) {
	app := desktest.New(t)
	c := look(t, app, nil)
	text, err := mail.NewDKIMKey()
	if err != nil {
		t.Fatal(err)
	}
	key, err := mail.NewDKIM("shop.example", "s1", text)
	if err != nil {
		t.Fatal(err)
	}
	c.DKIM = func() (*mail.DKIM, error) { return key, nil }
	expect(t, run(t, c), "dkim_missing")
	c.Resolver = holding{key}
	expect(t, run(t, c), "dkim_ok")
}

// holding is the zone with a key's record in it.
type holding struct{ key *mail.DKIM }

func (h holding) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	return zone{}.LookupMX(ctx, name)
}

func (h holding) LookupTXT(ctx context.Context, name string) ([]string, error) {
	if name == h.key.Name() {
		return []string{h.key.Record()}, nil
	}
	return zone{}.LookupTXT(ctx, name)
}

func TestFailed(t *testing.T) {
	good, bad := doctor.New("a", doctor.Warn, "x"), doctor.New("b", doctor.Fail, "y")
	if checkup.Failed([]doctor.Finding{good}) || !checkup.Failed([]doctor.Finding{good, bad}) {
		t.Error("a warning fails, or a failure doesn't")
	}
}
