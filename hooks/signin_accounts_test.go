package hooks

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/oidctest"
)

const verifier = "a-verifier-that-is-long-enough-for-rfc-7636-43"

// withAccounts switches signing in with a provider's account on.
func (s *shop) withAccounts(p *oidctest.Server) {
	s.t.Helper()
	c, err := s.App.FindCollectionByNameOrId(desk.Agents)
	if err != nil {
		s.t.Fatal(err)
	}
	status, answer := s.Patch("/api/collections/"+c.Name, map[string]any{
		"oauth2": map[string]any{"enabled": true, "providers": []any{p.Provider()}},
	}, "Authorization", s.Superuser())
	if status != http.StatusOK {
		s.t.Fatalf("%d %v", status, answer)
	}
}

// code has whoever the provider's script names say yes, as a browser would.
func (s *shop) code(p *oidctest.Server) string {
	s.t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"client_id": {oidctest.ClientID}, "response_type": {"code"}, "scope": {"openid email"}, "state": {"x"}, "redirect_uri": {s.URL + "/api/oauth2-redirect"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	a, err := s.client.Get(p.URL + "/authorize?" + q.Encode())
	if err != nil {
		s.t.Fatal(err)
	}
	a.Body.Close()
	to, err := a.Location()
	if err != nil {
		s.t.Fatalf("%d %v", a.StatusCode, p.Faults())
	}
	return to.Query().Get("code")
}

func (s *shop) withAccount(p *oidctest.Server, more map[string]any, headers ...string) (int, map[string]any) {
	body := map[string]any{"provider": "oidc", "code": s.code(p), "codeVerifier": verifier, "redirectURL": s.URL + "/api/oauth2-redirect"}
	for k, v := range more {
		body[k] = v
	}
	return s.Post("/api/collections/agents/auth-with-oauth2", body, headers...)
}

// An account elsewhere lets in whom an admin made, and nobody else: a stranger's
// leaves nothing behind, whatever he sends along and whoever is signed in.
func TestStrangersAccountCreatesNobody(t *testing.T) {
	s, p := newShop(t, withoutSMTP()), oidctest.NewServer(t)
	s.withAccounts(p)
	token, agent := s.Agent("agent", "")
	former := s.Add(desk.Agents, map[string]any{"name": "Former", "email": "former@staff.example", "verified": true})
	people := func() int { return len(s.Rows(desk.Agents)) }
	before := people()
	p.SignIn(oidctest.Person{Sub: "stranger", Email: "stranger@else.example", Verified: true, Name: "S"})
	wish := map[string]any{"createData": map[string]any{"role": "admin", "email": "boss@staff.example", "password": "12345678", "passwordConfirm": "12345678"}}
	tries := map[string]func() (int, map[string]any){
		"a stranger":                  func() (int, map[string]any) { return s.withAccount(p, nil) },
		"a stranger with wishes":      func() (int, map[string]any) { return s.withAccount(p, wish) },
		"while a superuser signed in": func() (int, map[string]any) { return s.withAccount(p, wish, "Authorization", s.Superuser()) },
		"tied to somebody signed in":  func() (int, map[string]any) { return s.withAccount(p, nil, "Authorization", token) },
		"somebody without a role": func() (int, map[string]any) {
			p.SignIn(oidctest.Person{Sub: "f", Email: former.Email(), Verified: true})
			return s.withAccount(p, nil)
		},
		"an address that is not proven": func() (int, map[string]any) {
			p.SignIn(oidctest.Person{Sub: "liar", Email: agent.Email()})
			return s.withAccount(p, nil)
		},
	}
	for name, try := range tries {
		p.SignIn(oidctest.Person{Sub: "stranger", Email: "stranger@else.example", Verified: true, Name: "S"})
		status, answer := try()
		if status != http.StatusForbidden || answer["message"] == "" || answer["token"] != nil {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	if n, err := s.App.CountRecords(core.CollectionNameExternalAuths); err != nil || n != 0 || people() != before {
		t.Errorf("%d accounts were tied, %d people instead of %d; %v", n, people(), before, err)
	}
	if p.Exchanged() != len(tries) || len(p.Faults()) > 0 {
		t.Errorf("%d codes of %d; %v", p.Exchanged(), len(tries), p.Faults())
	}
}

// Somebody of the staff signs in with an account of the same proven address; the
// account stays his when its address changes, and ends with his role.
func TestAccountOfStaff(t *testing.T) {
	s, p := newShop(t, withoutSMTP()), oidctest.NewServer(t)
	s.withAccounts(p)
	_, agent := s.Agent("agent", "")
	p.SignIn(oidctest.Person{Sub: "7", Email: agent.Email(), Verified: true})
	status, answer := s.withAccount(p, nil)
	if status != http.StatusOK || answer["token"] == "" || answer["record"].(map[string]any)["id"] != agent.Id {
		t.Fatalf("%d %v", status, answer)
	}
	p.SignIn(oidctest.Person{Sub: "7", Email: "new@else.example", Verified: true})
	if status, answer = s.withAccount(p, nil); status != http.StatusOK {
		t.Fatalf("after the address changed: %d %v", status, answer)
	}
	if status, answer = s.withAccount(p, map[string]any{"codeVerifier": "another one that is long enough to be one at all"}); status != http.StatusBadRequest {
		t.Errorf("with another verifier: %d %v", status, answer)
	}
	rows, err := s.App.FindAllExternalAuthsByCollection(agent.Collection())
	if err != nil || len(rows) != 1 {
		t.Errorf("%v %v", rows, err)
	}
	boss, _ := s.Agent("admin", "")
	if status, answer = s.Post("/api/desk/people/"+agent.Id+"/deactivate", map[string]any{}, "Authorization", boss); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	if status, _ = s.withAccount(p, nil); status != http.StatusForbidden {
		t.Errorf("without a role: %d", status)
	}
	if n, err := s.App.CountRecords(core.CollectionNameExternalAuths, dbx.HashExp{"recordRef": agent.Id}); err != nil || n != 1 {
		t.Errorf("%d %v", n, err)
	}
}
