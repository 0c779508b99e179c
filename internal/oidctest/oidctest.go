// Package oidctest is an OpenID Connect provider for tests: authorization by code
// with PKCE (RFC 7636), a token endpoint and userinfo, over a real socket. It
// refuses what the standards say has to be refused.
//
//	p := oidctest.NewServer(t)
//	p.SignIn(oidctest.Person{Sub: "42", Email: "lin@example.com", Verified: true})
package oidctest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// What an app is known by to the provider.
const (
	ClientID     = "pocketdesk"
	ClientSecret = "not a secret of anybody"
)

// Person is who has an account there.
type Person struct {
	Sub      string // the account, for ever
	Email    string
	Verified bool // the provider has proven the address
	Name     string
}

// grant is a code, or a token, that was given out.
type grant struct {
	person              Person
	challenge, redirect string
}

// Server is the provider. Its zero script signs nobody in: it shows a page that
// asks, and waits.
type Server struct {
	URL string // http://127.0.0.1:port

	mu        sync.Mutex
	person    *Person
	refusal   string
	broken    bool
	codes     map[string]grant
	tokens    map[string]grant
	faults    []string
	asked     int
	more      chan struct{} // closed when asked grows
	exchanged int
}

// NewServer starts a provider that ends with the test.
func NewServer(t testing.TB) *Server {
	t.Helper()
	s := &Server{codes: map[string]grant{}, tokens: map[string]grant{}, more: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /authorize", s.authorize)
	mux.HandleFunc("POST /token", s.token)
	mux.HandleFunc("GET /userinfo", s.userinfo)
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	s.URL = srv.URL
	return s
}

// Provider is the entry for oauth2.providers of a PocketBase auth collection.
func (s *Server) Provider() map[string]any {
	return map[string]any{
		"name": "oidc", "displayName": "Acme ID", "clientId": ClientID, "clientSecret": ClientSecret, "pkce": true,
		"authURL": s.URL + "/authorize", "tokenURL": s.URL + "/token", "userInfoURL": s.URL + "/userinfo",
	}
}

// SignIn has the next visits to the authorization page answered by somebody who
// says yes at once.
func (s *Server) SignIn(p Person) { s.script(&p, "", false) }

// Refuse has them answered with an error, such as access_denied (RFC 6749, 4.1.2.1).
func (s *Server) Refuse(code string) { s.script(nil, code, false) }

// Ask has them show a page that waits.
func (s *Server) Ask() { s.script(nil, "", false) }

// Break lets somebody say yes, and then has the token endpoint fail.
func (s *Server) Break(p Person) { s.script(&p, "", true) }

func (s *Server) script(p *Person, refusal string, broken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.person, s.refusal, s.broken = p, refusal, broken
}

// WaitAsked waits until the authorization page was opened n times.
func (s *Server) WaitAsked(ctx context.Context, n int) error {
	for {
		s.mu.Lock()
		asked, more := s.asked, s.more
		s.mu.Unlock()
		if asked >= n {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return fmt.Errorf("opened %d times, not %d: %w", asked, n, ctx.Err())
		}
	}
}

// Exchanged is how many codes became tokens.
func (s *Server) Exchanged() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.exchanged
}

// Faults are what the app did against the standards, in words.
func (s *Server) Faults() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.faults...)
}

// fault notes what the app did wrong and answers it.
func (s *Server) fault(w http.ResponseWriter, what, code string) {
	s.faults = append(s.faults, what)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": what})
}

func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	close(s.more)
	s.more = make(chan struct{})
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case err != nil || !back.IsAbs():
		s.fault(w, "redirect_uri is no address: "+q.Get("redirect_uri"), "invalid_request")
	case q.Get("client_id") != ClientID || q.Get("response_type") != "code":
		s.fault(w, "another client, or no code was asked for", "unauthorized_client")
	case q.Get("state") == "":
		s.fault(w, "there is no state", "invalid_request")
	case q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43:
		s.fault(w, "there is no challenge of PKCE", "invalid_request")
	case !strings.Contains(" "+q.Get("scope")+" ", " openid "):
		s.fault(w, "the scope has no openid", "invalid_scope")
	case s.refusal != "":
		s.back(w, r, back, url.Values{"error": {s.refusal}, "state": {q.Get("state")}})
	case s.person == nil:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><title>Acme ID</title><h1>Acme ID</h1><p>%s asks who you are.</p>", html.EscapeString(back.Host))
	default:
		code := random()
		s.codes[code] = grant{person: *s.person, challenge: q.Get("code_challenge"), redirect: q.Get("redirect_uri")}
		s.back(w, r, back, url.Values{"code": {code}, "state": {q.Get("state")}})
	}
}

func (s *Server) back(w http.ResponseWriter, r *http.Request, to *url.URL, q url.Values) {
	to.RawQuery = q.Encode()
	http.Redirect(w, r, to.String(), http.StatusFound)
}

func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, secret, basic := r.BasicAuth()
	if basic { // both are encoded as in a form (RFC 6749, 2.3.1)
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	code := r.PostFormValue("code")
	g, known := s.codes[code]
	delete(s.codes, code) // once
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	switch {
	case s.broken:
		w.WriteHeader(http.StatusServiceUnavailable)
	case id != ClientID || secret != ClientSecret:
		s.fault(w, "the client did not prove itself", "invalid_client")
	case r.PostFormValue("grant_type") != "authorization_code" || !known:
		s.fault(w, "the code is unknown or used", "invalid_grant")
	case base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge:
		s.fault(w, "the verifier is not that of the challenge", "invalid_grant")
	case r.PostFormValue("redirect_uri") != g.redirect:
		s.fault(w, "another redirect_uri than before", "invalid_grant")
	default:
		s.exchanged++
		access := random()
		s.tokens[access] = g
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 300})
	}
}

func (s *Server) userinfo(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	access, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	g, known := s.tokens[access]
	if !known {
		w.Header().Set("WWW-Authenticate", "Bearer")
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"sub": g.person.Sub, "email": g.person.Email, "email_verified": g.person.Verified, "name": g.person.Name})
}

func random() string {
	var b [24]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b[:])
}
