package hooks

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	content "github.com/pocketdesk/pocketdesk/internal/demo"
	"github.com/pocketdesk/pocketdesk/internal/desk"
	shopdemo "github.com/pocketdesk/pocketdesk/internal/desk/demo"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// openTestDemo opens a demo in a folder of the test; o.dir stays as it is.
func openTestDemo(t *testing.T, o demoOptions) *demo {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	p := &plugin{config: Config{PublicPath: "/", Secret: "the host's own secret"}}
	o.addr = "127.0.0.1:0"
	d, err := p.openDemo(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.close)
	return d
}

// TestDemo lives through the sixty days and looks at what is left of them.
func TestDemo(t *testing.T) {
	d := openTestDemo(t, demoOptions{})
	began := time.Now()
	report, err := d.fill(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := content.Submissions()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("outcomes", func(t *testing.T) { checkOutcomes(t, d, report, rows) })
	t.Run("dates", func(t *testing.T) { checkDates(t, d, began) })
	t.Run("work", func(t *testing.T) { checkWork(t, d, report, rows) })
	t.Run("mail", func(t *testing.T) { checkMail(t, d, report, began) })
	t.Run("present", func(t *testing.T) {
		before := time.Now()
		if now := desk.Now(d.app); now.Before(before) || now.After(time.Now()) {
			t.Errorf("the clock shows %s after filling, at %s", now, before)
		}
	})
	t.Run("serve", func(t *testing.T) { checkServe(t, d) })
}

func records(t *testing.T, app core.App, collection string, where ...dbx.Expression) []*core.Record {
	t.Helper()
	list, err := app.FindAllRecords(collection, where...)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func checkOutcomes(t *testing.T, d *demo, report shopdemo.Report, rows []content.Submission) {
	spam := map[string]bool{}
	for _, r := range rows {
		spam[r.Message] = r.Spam
	}
	feedbacks := records(t, d.app, desk.Feedbacks)
	if len(feedbacks) != len(rows) || report.Submissions != len(rows) {
		t.Fatalf("%d of %d messages arrived, %d reported", len(feedbacks), len(rows), report.Submissions)
	}
	got := map[string]int{}
	for _, f := range feedbacks {
		v, err := desk.FindVerdictOf(d.app, f.Id)
		if err != nil {
			t.Fatal(err)
		}
		got[v.Outcome()]++
		junk := spam[f.GetString("message")]
		if !junk && v.Outcome() != desk.Accepted {
			t.Errorf("a visitor's message is %s: %q, %v", v.Outcome(), f.GetString("message"), v.Get("signals"))
		}
		cases := len(records(t, d.app, desk.Cases, dbx.HashExp{"feedback": f.Id}))
		if (v.Outcome() == desk.Accepted) != (cases == 1) || cases > 1 {
			t.Errorf("%s: %s, %d cases", f.Id, v.Outcome(), cases)
		}
	}
	if share := float64(got[desk.Quarantined]+got[desk.Blocked]) / float64(len(rows)); share < 0.085 || share > 0.12 {
		t.Errorf("outcomes %v, want about a tenth held back", got)
	}
	for outcome, n := range got {
		if report.Outcomes[outcome] != n {
			t.Errorf("reported %v, found %v", report.Outcomes, got)
		}
	}
}

func checkDates(t *testing.T, d *demo, began time.Time) {
	for _, id := range []string{desk.Feedbacks, desk.Verdicts, desk.Cases, desk.Messages, desk.Events, desk.Outbox, desk.Contacts, desk.Identities} {
		days := map[string]bool{}
		for _, r := range records(t, d.app, id) {
			created, updated := r.GetDateTime("created").Time(), r.GetDateTime("updated").Time()
			if !created.Before(began) || updated.Before(created) || !updated.Before(began) {
				t.Fatalf("%s %s: created %s, updated %s, present %s", id, r.Id, created, updated, began)
			}
			days[created.Format(time.DateOnly)] = true
		}
		if len(days) < 40 {
			t.Errorf("%s: on %d days, want them spread over 60", id, len(days))
		}
	}
}

func checkWork(t *testing.T, d *demo, report shopdemo.Report, rows []content.Submission) {
	want := map[string]int{}
	files := 0
	for _, r := range rows {
		for _, s := range r.Thread {
			want[s.Kind]++
		}
		if r.File != "" {
			files++
		}
	}
	answers := records(t, d.app, desk.Messages, dbx.HashExp{"direction": desk.Out, "channel": desk.ChannelEmail})
	notes := records(t, d.app, desk.Messages, dbx.HashExp{"direction": desk.Note})
	if len(answers) != want[content.StepReply] || report.Answers != len(answers) || len(notes) != want[content.StepNote] {
		t.Errorf("%d answers, %d notes, reported %d; want %v", len(answers), len(notes), report.Answers, want)
	}
	for _, m := range answers {
		if strings.Contains(m.GetString("body"), "{{") || m.GetString("author") == "" {
			t.Errorf("answer by %q: %s", m.GetString("author"), m.GetString("body"))
		}
	}
	due := records(t, d.app, desk.Events, dbx.HashExp{"kind": "follow_up"})
	if len(due) != want[content.StepFollowUp] {
		t.Errorf("%d follow-ups, want %d", len(due), want[content.StepFollowUp])
	}
	for _, status := range []string{desk.Unread, desk.Pending, desk.OnHold, desk.Resolved} {
		if len(records(t, d.app, desk.Cases, dbx.HashExp{"status": status})) == 0 {
			t.Errorf("no case is %s", status)
		}
	}
	stored := 0
	for _, f := range records(t, d.app, desk.Feedbacks) {
		for _, name := range f.GetStringSlice("attachments") {
			stored++
			if desk.FileSize(d.app, f, name) == 0 {
				t.Errorf("%s of %s is not in storage", name, f.Id)
			}
		}
	}
	if stored != files {
		t.Errorf("%d files, want %d", stored, files)
	}
}

func checkMail(t *testing.T, d *demo, report shopdemo.Report, began time.Time) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	caught, err := d.catcher.Wait(ctx, report.Mails)
	if err != nil {
		t.Fatal(err)
	}
	if left := records(t, d.app, desk.Outbox, dbx.Not(dbx.HashExp{"status": desk.Sent})); len(left) > 0 {
		t.Errorf("%d of %d mails were not sent", len(left), report.Mails)
	}
	acks, days := 0, map[string]bool{}
	for _, c := range caught {
		v, err := mail.ParseCaught(c.Raw)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range v.Headers {
			switch h.Name {
			case "Auto-Submitted":
				acks++
			case "Date":
				date, err := time.Parse(time.RFC1123Z, h.Value)
				if err != nil || !date.Before(began) || date.Sub(c.At).Abs() > time.Minute {
					t.Errorf("mail of %s, caught %s: %v", h.Value, c.At, err)
				}
				days[date.Format(time.DateOnly)] = true
			}
		}
	}
	if len(caught) != report.Mails || acks+report.Answers != report.Mails || acks < 200 {
		t.Errorf("caught %d mails, %d of them acknowledgements, %d answers; sent %d", len(caught), acks, report.Answers, report.Mails)
	}
	if len(days) < 40 {
		t.Errorf("mails on %d days", len(days))
	}
}

// checkServe opens the pages, ends the demo and looks for its folder.
func checkServe(t *testing.T, d *demo) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ready, served := make(chan struct{}), make(chan error, 1)
	go func() { served <- d.serve(ctx, func() { close(ready) }) }()
	select {
	case <-ready:
	case err := <-served:
		t.Fatal(err)
	}
	last := d.catcher.Mails()[len(d.catcher.Mails())-1]
	for path, want := range map[string]string{
		"/": "form_token", mailPath: strconv.Itoa(last.Number), mailPath + "/" + strconv.Itoa(last.Number): "Message-ID",
		"/demo/mail.css": "var(--line)", "/api/health": "API is healthy",
	} {
		status, header, body := fetch(t, d.url+path, "")
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d, %s", path, status, body)
		}
		if csp := header.Get("Content-Security-Policy"); strings.HasPrefix(path, "/demo") && !strings.HasPrefix(csp, "default-src 'none'; style-src 'self';") {
			t.Errorf("%s: policy %q", path, csp)
		}
	}
	checkMailPages(t, d)
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
	d.close()
	if _, err := os.Stat(d.dir); !os.IsNotExist(err) {
		t.Errorf("the folder is left behind: %v", err)
	}
}

func checkMailPages(t *testing.T, d *demo) {
	if status, _, _ := fetch(t, d.url+mailPath, "shop.example"); status != http.StatusForbidden {
		t.Errorf("a foreign name gets %d", status)
	}
	if status, _, _ := fetch(t, d.url+mailPath+"/100000", ""); status != http.StatusNotFound {
		t.Errorf("a mail that never was gets %d", status)
	}
	seen, path := 0, mailPath
	for path != "" { // to the last page
		_, _, body := fetch(t, d.url+path, "")
		seen += strings.Count(body, `<a href="/demo/mail/`)
		_, rest, _ := strings.Cut(body, `href="/demo/mail?before=`)
		path = ""
		if before, _, ok := strings.Cut(rest, `"`); ok {
			path = mailPath + "?before=" + before
		}
	}
	if all := len(d.catcher.Mails()); seen != all {
		t.Errorf("the list shows %d of %d mails", seen, all)
	}
}

func fetch(t *testing.T, url, host string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(b)
}

func TestDemoIsForThisMachine(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST:8090": true, "127.0.0.1:8090": true, "127.9.9.9": true, "[::1]:8090": true, "::1": true,
		"": false, "shop.example": false, "localhost.shop.example:8090": false, "127.0.0.1.shop.example": false, "192.0.2.1:80": false, "[::1": true,
	} {
		if localName(host) != want {
			t.Errorf("%q is local: %t", host, !want)
		}
	}
}

func TestDemoLeavesDataAlone(t *testing.T) {
	held, file := t.TempDir(), filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(filepath.Join(held, "data.db"), []byte("somebody's"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := &plugin{config: Config{PublicPath: "/"}}
	for _, dir := range []string{held, file} {
		if d, err := p.openDemo(demoOptions{addr: "127.0.0.1:0", dir: dir}); err == nil {
			d.close()
			t.Errorf("a demo runs over %s", dir)
		}
	}
	left, err := os.ReadDir(held)
	if err != nil || len(left) != 1 {
		t.Errorf("the folder holds %v, %v", left, err)
	}
	if b, err := os.ReadFile(filepath.Join(held, "data.db")); err != nil || string(b) != "somebody's" {
		t.Errorf("the data is %q, %v", b, err)
	}
}

func TestDemoKeepsANamedFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	d := openTestDemo(t, demoOptions{dir: dir})
	d.app.Settings().SMTP.Enabled, d.app.Settings().SMTP.Host = true, "127.0.0.1"
	ctx, cancel := context.WithCancel(context.Background())
	if err := d.serve(ctx, cancel); err != nil {
		t.Fatal(err)
	}
	d.close()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	defer app.ResetBootstrapState()
	if app.Settings().SMTP.Enabled {
		t.Error("what is kept still names the mail server that is gone")
	}
}

func TestDemoAddressTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	t.Setenv("TMPDIR", t.TempDir())
	p := &plugin{config: Config{PublicPath: "/"}}
	d, err := p.openDemo(demoOptions{addr: l.Addr().String()})
	if err == nil {
		d.close()
		t.Fatal("two programs listen at one address")
	}
	if !strings.Contains(err.Error(), "--http") || !strings.Contains(err.Error(), l.Addr().String()) {
		t.Errorf("the error doesn't say what to do: %v", err)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestDemoEndsWhileFilling(t *testing.T) {
	d := openTestDemo(t, demoOptions{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := d.fill(ctx); err != context.Canceled {
		t.Errorf("filled all the same: %v", err)
	}
}

func TestRunsAlone(t *testing.T) {
	root := &cobra.Command{Use: "app"}
	root.PersistentFlags().String("dir", "", "")
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	(&plugin{app: app}).addCommands(root)
	for _, args := range []string{"demo", "demo --http 127.0.0.1:1", "--dir x demo", "demo --help"} {
		if !RunsAlone(root, strings.Fields(args)) {
			t.Errorf("%q is no demo", args)
		}
	}
	for _, args := range []string{"", "serve", "erase demo", "--dir demo erase"} {
		if RunsAlone(root, strings.Fields(args)) {
			t.Errorf("%q is a demo", args)
		}
	}
}
