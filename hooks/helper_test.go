package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
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

// UseSMTP saves the test's mail server in PocketBase's settings.
func (s *shop) UseSMTP() {
	s.t.Helper()
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

// reply is an HTTP answer, read whole.
type reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON is the body as an object; nil where it is none.
func (r reply) JSON() map[string]any {
	var m map[string]any
	_ = json.Unmarshal(r.Body, &m)
	return m
}

// Do sends a request. headers are pairs of name and value; a name of "Host"
// would be ignored by the client, as in any browser.
func (s *shop) Do(method, path string, body io.Reader, headers ...string) reply {
	s.t.Helper()
	req, err := http.NewRequest(method, s.URL+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := s.client.Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return reply{res.StatusCode, res.Header, b}
}

func (s *shop) send(method, path string, body any, headers []string) (int, map[string]any) {
	s.t.Helper()
	var r io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		r = bytes.NewReader(raw)
		headers = append([]string{"Content-Type", "application/json"}, headers...)
	}
	answer := s.Do(method, path, r, headers...)
	return answer.Status, answer.JSON()
}

// Post sends body as JSON; headers are pairs, such as "Authorization", token.
func (s *shop) Post(path string, body any, headers ...string) (int, map[string]any) {
	s.t.Helper()
	return s.send(http.MethodPost, path, body, headers)
}

func (s *shop) Patch(path string, body any, headers ...string) (int, map[string]any) {
	s.t.Helper()
	return s.send(http.MethodPatch, path, body, headers)
}

func (s *shop) Get(path string, headers ...string) (int, map[string]any) {
	s.t.Helper()
	return s.send(http.MethodGet, path, nil, headers)
}

func (s *shop) Delete(path string, headers ...string) (int, map[string]any) {
	s.t.Helper()
	return s.send(http.MethodDelete, path, nil, headers)
}

// upload is one file of a multipart form.
type upload struct {
	Field string // attachments
	Name  string
	Type  string // what the sender says it is; default application/octet-stream
	Body  []byte
}

// form builds a multipart body. A value may be a string or a list of strings.
func form(fields map[string]any, files ...upload) (body []byte, contentType string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, v := range fields {
		switch v := v.(type) {
		case string:
			_ = w.WriteField(name, v)
		case []string:
			for _, one := range v {
				_ = w.WriteField(name, one)
			}
		default:
			raw, _ := json.Marshal(v)
			_ = w.WriteField(name, string(raw))
		}
	}
	for _, f := range files {
		if f.Field == "" {
			f.Field = "attachments"
		}
		if f.Type == "" {
			f.Type = "application/octet-stream"
		}
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", multipart.FileContentDisposition(f.Field, f.Name))
		h.Set("Content-Type", f.Type)
		part, _ := w.CreatePart(h)
		_, _ = part.Write(f.Body)
	}
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType()
}

// Multipart posts fields and files as a browser's form does.
func (s *shop) Multipart(path string, fields map[string]any, files []upload, headers ...string) reply {
	s.t.Helper()
	body, contentType := form(fields, files...)
	return s.Do(http.MethodPost, path, bytes.NewReader(body), append([]string{"Content-Type", contentType}, headers...)...)
}

// png is a picture of one pixel.
func png() []byte {
	return []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
		"\x00\x00\x00\rIDATx\x9cc\xf8\x0f\x04\x00\x09\xfb\x03\xfd\xe3U\xf2\x9c\x00\x00\x00\x00IEND\xaeB`\x82")
}
