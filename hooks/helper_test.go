package hooks

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
	"golang.org/x/crypto/bcrypt"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
	"github.com/pocketdesk/pocketdesk/internal/pow"
)

// submitPath is the REST door.
const submitPath = "/api/collections/feedback/records"

// staffPassword is every agent's. It is hashed once and cheaply, since that is
// made to take long.
const staffPassword = "correct horse battery"

var passwordHash = sync.OnceValue(func() string {
	hash, err := bcrypt.GenerateFromPassword([]byte(staffPassword), bcrypt.MinCost)
	if err != nil {
		panic(err)
	}
	return string(hash)
})

// template is a migrated data folder that every test gets a copy of.
var template string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "pocketdesk_template_*")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		if err := makeTemplate(dir); err != nil {
			panic(err)
		}
		template = dir
		return m.Run()
	}())
}

func makeTemplate(dir string) error {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	MustRegister(app, nil, Config{})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	return app.ResetBootstrapState()
}

// clock is a time that only a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func (c *clock) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }

// shop is a whole PocketDesk in the process: the app behind a real HTTP server,
// with a real mail server beside it.
type shop struct {
	t      testing.TB
	App    core.App
	URL    string // http://127.0.0.1:port
	Clock  *clock // begins on a Monday morning in Taipei
	SMTP   *mailtest.Server
	Router *router.Router[*core.RequestEvent] // all routes, for those who want to look at them

	plugin    *plugin
	client    *http.Client
	superuser string
}

// shopOption changes a shop before it opens.
type shopOption func(*shopPlan)

type shopPlan struct {
	config Config
	smtp   bool
	before []func(core.App)
}

// withConfig registers the plugin with this Config.
func withConfig(c Config) shopOption { return func(p *shopPlan) { p.config = c } }

// withoutSMTP leaves the mail server out of the settings; [shop.SMTP] runs all the same.
func withoutSMTP() shopOption { return func(p *shopPlan) { p.smtp = false } }

// withApp runs f on the registered app before it serves.
func withApp(f func(core.App)) shopOption {
	return func(p *shopPlan) { p.before = append(p.before, f) }
}

// newShop opens a shop that the end of the test closes.
func newShop(t testing.TB, options ...shopOption) *shop {
	t.Helper()
	plan := shopPlan{smtp: true}
	for _, o := range options {
		o(&plan)
	}
	s := &shop{t: t, Clock: &clock{at: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)}, SMTP: mailtest.NewServer(t, mailtest.Script{})}
	s.client = &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 16},
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	app, err := tests.NewTestApp(template)
	if err != nil {
		t.Fatal(err)
	}
	s.App = app
	// Without a cleanup registered for a server that never came up, the folder would stay.
	served := make(chan error, 1)
	running := false
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		app.Cleanup() // ends server and workers
		if running {
			if err := <-served; err != nil {
				t.Errorf("serve: %v", err)
			}
		}
	})
	desk.SetClock(app, s.Clock.Now)
	if s.plugin, err = register(app, nil, plan.config); err != nil {
		t.Fatal(err)
	}
	s.plugin.door.MX = nil // no test asks real name servers
	if plan.smtp {
		s.UseSMTP()
	}
	for _, f := range plan.before {
		f(app)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ready := make(chan error, 1)
	app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "test.listener", Priority: -9999,
		Func: func(e *core.ServeEvent) error {
			e.Listener = listener
			s.Router = e.Router
			err := e.Next()
			ready <- err
			return err
		},
	})
	running = true
	go func() { served <- apis.Serve(app, apis.ServeConfig{HttpAddr: listener.Addr().String()}) }()
	if err := <-ready; err != nil {
		t.Fatal(err)
	}
	s.URL = "http://" + listener.Addr().String()
	return s
}

// UseSMTP saves the test's mail server in PocketBase's settings. The worker that
// reads them rests meanwhile, since nothing guards their fields.
func (s *shop) UseSMTP() {
	s.t.Helper()
	if s.URL != "" {
		s.plugin.outbox.Stop()
		defer s.plugin.outbox.Start()
	}
	settings := s.App.Settings()
	settings.Meta.AppURL = "https://shop.example"
	settings.Meta.SenderAddress = "service@shop.example"
	settings.SMTP.Enabled, settings.SMTP.Host, settings.SMTP.Port = true, s.SMTP.Host, s.SMTP.Port
	if err := s.App.Save(settings); err != nil {
		s.t.Fatal(err)
	}
}

// Settings changes fields of desk_settings.
func (s *shop) Settings(values map[string]any) {
	s.t.Helper()
	r, err := s.App.FindRecordById(desk.SettingsID, desk.SettingsRecord)
	if err != nil {
		s.t.Fatal(err)
	}
	for name, v := range values {
		r.Set(name, v)
	}
	if err := s.App.Save(r); err != nil {
		s.t.Fatal(err)
	}
}

// Add saves a record of one of our collections, past all rules.
func (s *shop) Add(collection string, values map[string]any) *core.Record {
	s.t.Helper()
	r, err := desk.New(s.App, collection)
	if err != nil {
		s.t.Fatal(err)
	}
	for name, v := range values {
		r.Set(name, v)
	}
	if r.Collection().IsAuth() {
		r.RefreshTokenKey()
		r.SetRaw(core.FieldNamePassword, &core.PasswordFieldValue{Hash: passwordHash()})
	}
	// without validation, which would ask for the plain password
	if err := s.App.SaveNoValidate(r); err != nil {
		s.t.Fatal(err)
	}
	return r
}

// Team adds a team and returns its id.
func (s *shop) Team(name string) string { return s.Add(desk.Teams, map[string]any{"name": name}).Id }

// Agent adds a member of staff, or an integration, and returns a token for the
// Authorization header with the record. team is an id or "".
func (s *shop) Agent(role, team string) (token string, agent *core.Record) {
	s.t.Helper()
	agent = s.Add(desk.Agents, map[string]any{
		"name": "Agent " + role, "role": role, "team": team, "verified": true,
		"email": fmt.Sprintf("%s.%s@staff.example", role, core.GenerateDefaultRandomId()),
	})
	token, err := agent.NewStaticAuthToken(time.Hour)
	if err != nil {
		s.t.Fatal(err)
	}
	return token, agent
}

// Superuser returns the token of PocketBase's superuser owner@shop.example.
func (s *shop) Superuser() string {
	s.t.Helper()
	if s.superuser != "" {
		return s.superuser
	}
	c, err := s.App.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		s.t.Fatal(err)
	}
	r := core.NewRecord(c)
	r.SetEmail("owner@shop.example")
	r.SetVerified(true)
	r.RefreshTokenKey()
	if err := s.App.SaveNoValidate(r); err != nil {
		s.t.Fatal(err)
	}
	if s.superuser, err = r.NewAuthToken(); err != nil {
		s.t.Fatal(err)
	}
	return s.superuser
}

// Form fetches the default form as a page does, solves its puzzle and lets the
// visitor take ten seconds.
func (s *shop) Form() (token string, solved pow.Solution) {
	s.t.Helper()
	_, form := s.Get("/api/desk/forms/contact")
	token, _ = form["form_token"].(string)
	raw, _ := json.Marshal(form["pow"])
	var puzzle pow.Challenge
	if err := json.Unmarshal(raw, &puzzle); err != nil || token == "" {
		s.t.Fatalf("form data %v: %v", form, err)
	}
	solved, err := pow.Solve(context.Background(), puzzle)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Clock.Advance(10 * time.Second)
	return token, solved
}

// Submit sends fields as a visitor's browser does and returns the answer. What
// is missing of name, email and message is filled in.
func (s *shop) Submit(fields map[string]any) map[string]any {
	s.t.Helper()
	token, solved := s.Form()
	body := map[string]any{
		"name": "王小明", "email": "ming@example.com", "message": "請問我的訂單什麼時候會寄出？", "locale": "zh-TW", "consent": true,
		"form_token": token, "pow": solved,
	}
	for name, v := range fields {
		body[name] = v
	}
	status, answer := s.Post(submitPath, body)
	if status != http.StatusOK {
		s.t.Fatalf("submit %v: %d %v", fields, status, answer)
	}
	return answer
}

// Drain sends all mail that is due at the clock's time.
func (s *shop) Drain() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if _, err := s.plugin.outbox.Drain(ctx); err != nil {
		s.t.Fatal(err)
	}
}

// Rows are all records of a collection in the order in which they were made.
func (s *shop) Rows(collection string) []*core.Record {
	s.t.Helper()
	var rows []*core.Record
	if err := s.App.RecordQuery(collection).OrderBy("rowid").All(&rows); err != nil {
		s.t.Fatal(err)
	}
	return rows
}

// Cases are all cases in the order of their numbers.
func (s *shop) Cases() []*desk.Case {
	s.t.Helper()
	var out []*desk.Case
	for _, r := range s.Rows(desk.Cases) {
		out = append(out, desk.AsCase(r))
	}
	return out
}

// CaseOf is the case that a submission opened, by the submission's id; nil for none.
func (s *shop) CaseOf(feedback string) *desk.Case {
	s.t.Helper()
	rows, err := s.App.FindAllRecords(desk.Cases, dbx.HashExp{"feedback": feedback})
	if err != nil {
		s.t.Fatal(err)
	}
	if len(rows) == 0 {
		return nil
	}
	return desk.AsCase(rows[0])
}

// Verdict is the outcome of screening a submission, by its id.
func (s *shop) Verdict(feedback string) *desk.Verdict {
	s.t.Helper()
	v, err := desk.FindVerdictOf(s.App, feedback)
	if err != nil {
		s.t.Fatalf("verdict of %s: %v", feedback, err)
	}
	return v
}

// oneByOne skips, under -short, a long walk of one request after the other, from
// which the race detector learns nothing.
func oneByOne(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("a long walk, one request after the other")
	}
}
