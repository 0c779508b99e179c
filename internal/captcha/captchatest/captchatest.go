// Package captchatest is a stand-in for a captcha's provider: it speaks siteverify over a real
// socket. Each token that it hands out stands for one case; a valid one is good once, as with the
// provider.
//
//	srv := captchatest.NewServer(t, captchatest.Config{Provider: "turnstile"})
//	v, err := captcha.New(captcha.Config{
//		Provider: "turnstile", Secret: srv.Secret, VerifyURL: srv.URL,
//	})
//	v.Verify(ctx, srv.Token(captchatest.Valid), addr)    // valid
//	v.Verify(ctx, srv.Token(captchatest.Error500), addr) // down
package captchatest

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"time"
)

// Case is what becomes of a token.
type Case string

// The cases. Those from Error500 on bring no usable answer.
const (
	Valid     Case = "valid"
	Invalid   Case = "invalid"    // as for any token that this server never handed out
	Duplicate Case = "duplicate"  // as for a valid one the second time
	Expired   Case = "expired"    // solved too long ago
	WrongHost Case = "wrong_host" // solved at elsewhere.example
	WrongAct  Case = "wrong_act"  // solved for another action
	LowScore  Case = "low_score"  // score 0.1
	Error500  Case = "error_500"  // status 500, in plain text
	Limited   Case = "limited"    // status 429
	Fault     Case = "fault"      // status 200, the provider's own internal-error
	Garbage   Case = "garbage"    // status 200, a page of HTML
	Empty     Case = "empty"      // status 200, {}
	Huge      Case = "huge"       // status 200, a success in a body of 1 MB
	Redirect  Case = "redirect"   // status 307 to another address of this server
	Hang      Case = "hang"       // no answer until Release, or until either side goes away
	Cut       Case = "cut"        // the connection ends in the middle of the body
)

// Config is the site that the provider knows.
type Config struct {
	Provider string // as in package captcha; default "turnstile"
	Secret   string // default "test-secret"
	Host     string // where tokens are solved; default "shop.example"
	Action   string // what the page named; default "feedback"
}

// T is what the server needs of a test; testing.TB has it.
type T interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Server is one running stand-in. It is safe for concurrent use.
type Server struct {
	URL    string // for Config.VerifyURL
	Secret string // for Config.Secret

	cfg     Config
	http    *httptest.Server
	arrived chan struct{}

	mu       sync.Mutex
	issued   map[string]Case
	requests []url.Values
	release  chan struct{}
}

// NewServer starts a server on a port that the kernel chooses; it ends with the test.
func NewServer(t T, c Config) *Server {
	t.Helper()
	for field, value := range map[*string]string{
		&c.Provider: "turnstile", &c.Secret: "test-secret", &c.Host: "shop.example", &c.Action: "feedback",
	} {
		if *field == "" {
			*field = value
		}
	}
	s := &Server{
		Secret: c.Secret, cfg: c,
		arrived: make(chan struct{}, 1024), issued: map[string]Case{}, release: make(chan struct{}),
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("captchatest: %v", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/siteverify", s.serve)
	s.http = &httptest.Server{Listener: ln, Config: &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}}
	s.http.Start()
	s.URL = s.http.URL + "/siteverify"
	t.Cleanup(s.Close)
	return s
}

// Close frees hanging requests and ends the server.
func (s *Server) Close() {
	s.Release()
	s.http.CloseClientConnections()
	s.http.Close()
}

// Token hands out a token of its own for a case.
func (s *Server) Token(c Case) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := fmt.Sprintf("0.%s-%d.test", c, len(s.issued)+1)
	s.issued[token] = c
	return token
}

// Arrived receives once for each request, when it has been read and before it is answered.
func (s *Server) Arrived() <-chan struct{} { return s.arrived }

// Release lets all requests that hang now be answered as valid.
func (s *Server) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.release)
	s.release = make(chan struct{})
}

// Requests gives the forms of all requests so far, oldest first.
func (s *Server) Requests() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]url.Values{}, s.requests...)
}
