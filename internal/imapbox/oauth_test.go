package imapbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/imapbox/imaptest"
)

// provider gives tokens numbered 1, 2, …, and a new refresh token each time.
type provider struct {
	*httptest.Server
	asked  []string // refresh tokens that came
	answer func(w http.ResponseWriter, n int)
}

func newProvider(t *testing.T) *provider {
	p := &provider{}
	p.answer = func(w http.ResponseWriter, n int) {
		fmt.Fprintf(w, `{"access_token":"token-%d","token_type":"Bearer","expires_in":3600,"refresh_token":"refresh-%d"}`, n, n)
	}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("grant_type") != "refresh_token" || r.FormValue("client_id") != "client" || r.FormValue("client_secret") != "shh" {
			t.Errorf("asked with %v", r.Form)
		}
		p.asked = append(p.asked, r.FormValue("refresh_token"))
		w.Header().Set("Content-Type", "application/json")
		p.answer(w, len(p.asked))
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) oauth() *OAuth {
	return &OAuth{Provider: Microsoft, ClientID: "client", ClientSecret: "shh", RefreshToken: "refresh-0", TokenURL: p.URL}
}

func TestOAuthKeepsATokenAndRotates(t *testing.T) {
	p, now := newProvider(t), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	o := p.oauth()
	o.Now = func() time.Time { return now }
	var kept []string
	o.Rotated = func(_ context.Context, token string) error { kept = append(kept, token); return nil }
	want := func(token string) {
		t.Helper()
		if c, err := o.Auth(t.Context()); err != nil || c.Token != token {
			t.Errorf("got %q, %v, want %s", c.Token, err, token)
		}
	}
	want("token-1")
	now = now.Add(57 * time.Minute)
	want("token-1")
	now = now.Add(2 * time.Minute)
	want("token-2")
	o.Forget()
	want("token-3")
	if !slices.Equal(p.asked, []string{"refresh-0", "refresh-1", "refresh-2"}) || !slices.Equal(kept, []string{"refresh-1", "refresh-2", "refresh-3"}) {
		t.Errorf("asked with %v, kept %v", p.asked, kept)
	}
}

func TestOAuthErrors(t *testing.T) {
	p := newProvider(t)
	for want, answer := range map[string]func(http.ResponseWriter, int){
		"invalid_grant": func(w http.ResponseWriter, _ int) {
			w.WriteHeader(400)
			fmt.Fprint(w, `{"error":"invalid_grant","error_description":"refresh-0 of client with shh is no more"}`)
		},
		"status 503":       func(w http.ResponseWriter, _ int) { w.WriteHeader(503); fmt.Fprint(w, "refresh-0 shh") },
		"can't be reached": func(w http.ResponseWriter, _ int) { fmt.Fprint(w, "refresh-0 shh") },
		"status 302":       func(w http.ResponseWriter, _ int) { w.Header().Set("Location", "/elsewhere"); w.WriteHeader(302) },
		"could not be kept": func(w http.ResponseWriter, n int) {
			fmt.Fprint(w, `{"access_token":"a","token_type":"Bearer","refresh_token":"another"}`)
		},
	} {
		p.answer = answer
		o := p.oauth()
		o.Rotated = func(context.Context, string) error { return errors.New("disk full") }
		_, err := o.Auth(t.Context())
		if !errors.Is(err, ErrToken) || Kind(err) != "token" || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		} else if strings.Contains(err.Error(), "shh") || strings.Contains(err.Error(), "refresh-0") {
			t.Errorf("it tells a secret: %v", err)
		}
	}
	o := &OAuth{Provider: "yahoo"}
	if _, err := o.Auth(t.Context()); !errors.Is(err, ErrToken) {
		t.Errorf("no such provider: %v", err)
	}
}

// TestTokenLogin: the second token is the one that the mail server takes.
func TestTokenLogin(t *testing.T) {
	for _, without := range [][]string{nil, {"AUTH=XOAUTH2"}} {
		srv := imaptest.Start(t, imaptest.Options{Token: "token-2", Without: without})
		srv.Append(note(1))
		o := newProvider(t).oauth()
		cfg := config(srv)
		cfg.Auth, cfg.Refused = o.Auth, o.Forget
		w := watch(t, cfg, newShelf())
		if err := w.was(t, Retrying); !errors.Is(err, ErrLogin) || strings.Contains(err.Error(), "token-1") {
			t.Errorf("told as %v", err)
		}
		w.holds(t, 1)
		w.stop()
	}
}

func TestServerWithoutTokens(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{})
	cfg := config(srv)
	cfg.Auth = newProvider(t).oauth().Auth
	if _, err := Check(t.Context(), cfg); !errors.Is(err, ErrLogin) || !strings.Contains(err.Error(), "only passwords") {
		t.Errorf("told as %v", err)
	}
}
