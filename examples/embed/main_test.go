package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// prefixEnv makes the test's own binary the app, with a prefix of its value.
const prefixEnv = "EMBED_TEST_PREFIX"

func TestMain(m *testing.M) {
	if prefix, ok := os.LookupEnv(prefixEnv); ok {
		if err := newApp(prefix).Start(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// TestHostKeepsWhatItHas builds the example as its reader does and starts it.
func TestHostKeepsWhatItHas(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "embed")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	dir := t.TempDir()
	addAdmin(t, exec.Command(binary), dir)
	s := start(t, exec.Command(binary), dir)
	checkHost(t, s)
	checkDesk(t, s)
}

// TestClash starts the same data folder without a prefix, twice, and then with one.
func TestClash(t *testing.T) {
	dir := t.TempDir()
	addAdmin(t, embedded(""), dir)
	// the first start makes the host's collections in the same run of
	// migrations as ours, the second finds them there
	for _, when := range []string{"new data folder", "existing data folder"} {
		t.Run(when, func(t *testing.T) {
			s := start(t, embedded(""), dir)
			checkHost(t, s)
			// the host's catch-all answers, as for every path it does not know
			if got := s.get(t, "/support"); got != "article support" {
				t.Errorf("GET /support = %q, want the host's page", got)
			}
			if got := s.get(t, "/api/desk/forms/contact"); got != "article api/desk/forms/contact" {
				t.Errorf("GET /api/desk/forms/contact = %q, want the host's page", got)
			}
			names := s.collections(t, s.login(t))
			if names["cases"] || names["desk_cases"] || names["teams"] {
				t.Errorf("collections %v: PocketDesk made some in spite of the clash", names)
			}
			s.stop(t)
			if n := strings.Count(s.output(), "PocketDesk is off: this app already has collections named categories, messages"); n != 1 {
				t.Errorf("the clash was told %d times, want once:\n%s", n, s.output())
			}
		})
	}
	s := start(t, embedded("desk_"), dir)
	checkHost(t, s)
	checkDesk(t, s)
}

// checkHost finds the magazine as it was before PocketDesk.
func checkHost(t *testing.T, s *server) {
	t.Helper()
	if got := s.get(t, "/"); !strings.Contains(got, "The Magazine") || !strings.Contains(got, "<li>Travel</li></ul>") {
		t.Errorf("home page: %q", got)
	}
	if got := s.get(t, "/travel/kyoto"); got != "article travel/kyoto" {
		t.Errorf("catch-all: %q", got)
	}
	var list struct {
		TotalItems int
		Items      []struct{ Title string }
	}
	s.read(t, "/api/collections/categories/records", "", &list)
	if list.TotalItems != 1 || list.Items[0].Title != "Travel" {
		t.Errorf("the host's categories: %+v", list)
	}
	// no hook of ours stands in the way of the host's messages
	status, body := s.post(t, "/api/collections/messages/records", "", map[string]any{"text": "hello"})
	if status != http.StatusOK || !strings.Contains(body, `"text":"hello"`) {
		t.Errorf("a message of the host's: %d %s", status, body)
	}
}

// checkDesk finds PocketDesk beside it, and follows one submission to its case.
func checkDesk(t *testing.T, s *server) {
	t.Helper()
	if got := s.get(t, "/support"); !strings.Contains(got, "<form") || !strings.Contains(got, "/api/collections/desk_feedback/records") {
		t.Errorf("GET /support shows no form of ours: %.400q", got)
	}
	token := s.login(t)
	names := s.collections(t, token)
	for _, want := range []string{"categories", "messages", "desk_categories", "desk_messages", "desk_cases", "desk_feedback"} {
		if !names[want] {
			t.Errorf("collection %s is missing", want)
		}
	}
	status, body := s.post(t, "/api/collections/desk_feedback/records", "", map[string]any{
		"name": "Aiko Tanaka", "email": "aiko@example.com", "subject": "Subscription",
		"message": "Since May the magazine comes to my old address. Please send it to the new one.",
	})
	var sent struct{ ID, Receipt string }
	if err := json.Unmarshal([]byte(body), &sent); err != nil || status != http.StatusOK || sent.Receipt == "" {
		t.Fatalf("submission: %d %s", status, body)
	}
	var cases struct {
		Items []struct {
			Number  int
			Subject string
		}
	}
	s.read(t, "/api/collections/desk_cases/records?filter=(feedback='"+sent.ID+"')", token, &cases)
	if len(cases.Items) != 1 || cases.Items[0].Subject != "Subscription" || cases.Items[0].Number < 1 {
		t.Errorf("cases of the submission: %+v", cases)
	}
	// the same routes that the Desk uses
	s.read(t, "/api/desk/cases", token, &cases)
	if len(cases.Items) != 1 {
		t.Errorf("GET /api/desk/cases: %+v", cases)
	}
}

const (
	adminMail     = "editor@example.com"
	adminPassword = "a long test password"
)

func addAdmin(t *testing.T, cmd *exec.Cmd, dir string) {
	t.Helper()
	cmd.Args = append(cmd.Args, "superuser", "upsert", adminMail, adminPassword, "--dir", dir, "--dev=false")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("superuser upsert: %v\n%s", err, out)
	}
}

func embedded(prefix string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), prefixEnv+"="+prefix)
	return cmd
}

// server is the app as a process of its own.
type server struct {
	base string
	cmd  *exec.Cmd
	done chan error
	mu   sync.Mutex
	text bytes.Buffer
}

// start waits until the app says that it listens. Between the choice of a port
// and its use another process may take it; then another one is tried.
func start(t *testing.T, cmd *exec.Cmd, dir string) *server {
	t.Helper()
	for try := 0; ; try++ {
		s := &server{cmd: exec.Command(cmd.Path), done: make(chan error, 1)}
		s.cmd.Env = cmd.Env
		if err := s.serve(freeAddr(t), dir); err == nil {
			t.Cleanup(func() { s.stop(t) })
			return s
		} else if try == 3 || !strings.Contains(s.output(), "address already in use") {
			t.Fatalf("start: %v\n%s", err, s.output())
		}
	}
}

func (s *server) serve(addr, dir string) error {
	s.base = "http://" + addr
	s.cmd.Args = append(s.cmd.Args, "serve", "--http", addr, "--dir", dir, "--dev=false")
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	s.cmd.Stdout, s.cmd.Stderr = w, w
	if err := s.cmd.Start(); err != nil {
		return err
	}
	w.Close()
	up := make(chan bool, 1)
	go s.listen(r, up)
	select {
	case ok := <-up:
		if ok {
			return nil
		}
		return fmt.Errorf("ended: %w", <-s.done)
	case <-time.After(time.Minute):
		_ = s.cmd.Process.Kill()
		return fmt.Errorf("not listening after a minute")
	}
}

// listen keeps what the app prints and tells when it serves or ends.
func (s *server) listen(r io.ReadCloser, up chan<- bool) {
	defer r.Close()
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		s.mu.Lock()
		s.text.WriteString(lines.Text() + "\n")
		s.mu.Unlock()
		if strings.Contains(lines.Text(), "Server started at") {
			up <- true
		}
	}
	err := s.cmd.Wait()
	s.done <- err
	close(s.done)
	select {
	case up <- false:
	default:
	}
}

func (s *server) output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// stop ends the app as an operator does, and is fine when called twice.
func (s *server) stop(t *testing.T) {
	t.Helper()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-s.done:
		if err != nil {
			t.Errorf("the app ended with %v:\n%s", err, s.output())
		}
	case <-time.After(time.Minute):
		_ = s.cmd.Process.Kill()
		t.Errorf("the app does not end:\n%s", s.output())
	}
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (s *server) do(t *testing.T, method, path, token string, body any) (int, string) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(method, s.base+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(answer)
}

func (s *server) get(t *testing.T, path string) string {
	t.Helper()
	status, body := s.do(t, http.MethodGet, path, "", nil)
	if status != http.StatusOK {
		t.Errorf("GET %s = %d %s", path, status, body)
	}
	return body
}

func (s *server) post(t *testing.T, path, token string, body any) (int, string) {
	t.Helper()
	return s.do(t, http.MethodPost, path, token, body)
}

func (s *server) read(t *testing.T, path, token string, into any) {
	t.Helper()
	status, body := s.do(t, http.MethodGet, path, token, nil)
	if err := json.Unmarshal([]byte(body), into); err != nil || status != http.StatusOK {
		t.Fatalf("GET %s = %d %s", path, status, body)
	}
}

func (s *server) login(t *testing.T) string {
	t.Helper()
	status, body := s.post(t, "/api/collections/_superusers/auth-with-password", "",
		map[string]any{"identity": adminMail, "password": adminPassword})
	var auth struct{ Token string }
	if err := json.Unmarshal([]byte(body), &auth); err != nil || status != http.StatusOK {
		t.Fatalf("login: %d %s", status, body)
	}
	return auth.Token
}

func (s *server) collections(t *testing.T, token string) map[string]bool {
	t.Helper()
	var list struct{ Items []struct{ Name string } }
	s.read(t, "/api/collections?perPage=200", token, &list)
	names := map[string]bool{}
	for _, c := range list.Items {
		names[c.Name] = true
	}
	return names
}
