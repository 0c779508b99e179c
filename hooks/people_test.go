package hooks

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// letters collects the mails that PocketBase sends, by address.
type letters chan *mailer.Message

func (s *shop) letters() letters {
	out := make(letters, 100)
	s.App.OnMailerSend().BindFunc(func(e *core.MailerEvent) error {
		out <- e.Message
		return e.Next()
	})
	return out
}

// to waits for the next mail to somebody.
func (l letters) to(t *testing.T, address string) *mailer.Message {
	t.Helper()
	for {
		select {
		case m := <-l:
			if m.To[0].Address == address {
				return m
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("no mail came to %s", address)
		}
	}
}

var linkIn = regexp.MustCompile(`https://shop\.example/desk/#/(welcome|password)/([\w.-]+)`)

// linkOf is the kind and the token of the link in a mail.
func linkOf(t *testing.T, m *mailer.Message) (kind, token string) {
	t.Helper()
	found := linkIn.FindStringSubmatch(m.Text)
	if found == nil || !strings.Contains(m.HTML, `href="`+found[0]+`"`) {
		t.Fatalf("no link in %q, %q", m.Text, m.HTML)
	}
	return found[1], found[2]
}

// Somebody new is invited in his language, chooses a password by the link, once,
// and signs in with it.
func TestInvitation(t *testing.T) {
	s := newShop(t)
	mails := s.letters()
	boss, admin := s.Agent("admin", "")
	team := s.Team("客服組")
	status, answer := s.Post("/api/desk/people", map[string]any{"name": "林佳蓉", "email": "lin@staff.example", "role": "agent", "team": team, "locale": "zh-TW"}, "Authorization", boss)
	if status != http.StatusOK || answer["invitation"].(map[string]any)["mailed"] != true || answer["invitation"].(map[string]any)["link"] != nil {
		t.Fatalf("%d %v", status, answer)
	}
	person := answer["person"].(map[string]any)
	if person["state"] != "invited" || person["team"] != team || person["last_seen"] != "" {
		t.Errorf("%v", person)
	}
	m := mails.to(t, "lin@staff.example")
	kind, token := linkOf(t, m)
	if kind != "welcome" || !strings.Contains(m.Text, admin.GetString("name")+" 已將您加入") {
		t.Errorf("%s %s", kind, m.Text)
	}
	path := "/api/desk/people/" + person["id"].(string) + "/invite"
	if status, _ = s.Post(path, nil, "Authorization", boss); status != http.StatusTooManyRequests {
		t.Errorf("again at once: %d", status)
	}
	choose := func(token, secret string) int {
		status, _ := s.Post("/api/collections/agents/confirm-password-reset", map[string]any{"token": token, "password": secret, "passwordConfirm": secret})
		return status
	}
	s.Clock.Advance(2 * time.Minute)
	if status, _ = s.Post(path, nil, "Authorization", boss); status != http.StatusOK {
		t.Errorf("again: %d", status)
	}
	_, second := linkOf(t, mails.to(t, "lin@staff.example"))
	if got := choose(token, "a long new password"); got != http.StatusNoContent {
		t.Fatalf("choosing: %d", got)
	}
	if got := choose(token, "another password"); got != http.StatusBadRequest {
		t.Errorf("the link works twice: %d", got)
	}
	if got := choose(second, "another password"); got != http.StatusBadRequest {
		t.Errorf("the second link works after the first: %d", got)
	}
	status, auth := s.Post("/api/collections/agents/auth-with-password", map[string]any{"identity": "lin@staff.example", "password": "a long new password"})
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, auth)
	}
	if status, _ = s.Post("/api/desk/me", nil, "Authorization", auth["token"].(string)); status != http.StatusOK {
		t.Error(status)
	}
	_, list := s.Get("/api/desk/people", "Authorization", boss)
	for _, p := range list["people"].([]any) {
		if p := p.(map[string]any); p["email"] == "lin@staff.example" && (p["state"] != "active" || p["last_seen"] == "" || p["verified"] != true) {
			t.Errorf("%v", p)
		}
	}
}

// Without a mail server the admin gets the link to hand on; nobody without access
// gets one.
func TestInvitationWithoutMail(t *testing.T) {
	s := newShop(t, withoutSMTP())
	boss, _ := s.Agent("admin", "")
	status, answer := s.Post("/api/desk/people", map[string]any{"name": "Lin", "email": "lin@staff.example", "role": "supervisor"}, "Authorization", boss)
	sent, _ := answer["invitation"].(map[string]any)
	if status != http.StatusOK || sent["mailed"] != false || sent["problem"] != "no_mail_server" || !strings.Contains(sent["link"].(string), "/desk/#/welcome/") {
		t.Fatalf("%d %v", status, answer)
	}
	_, program := s.Agent("integration", "")
	gone := s.Add(desk.Agents, map[string]any{"name": "Gone", "email": "gone@staff.example"})
	for id, want := range map[string]int{program.Id: http.StatusBadRequest, gone.Id: http.StatusBadRequest, "nobodyatall0000": http.StatusNotFound} {
		if status, answer = s.Post("/api/desk/people/"+id+"/invite", nil, "Authorization", boss); status != want || answer["link"] != nil {
			t.Errorf("%s: %d %v", id, status, answer)
		}
	}
	for name, body := range map[string]map[string]any{
		"no role":      {"name": "X", "email": "x@staff.example"},
		"no such role": {"name": "X", "email": "x@staff.example", "role": "owner"},
		"no address":   {"name": "X", "role": "agent"},
		"one taken":    {"name": "X", "role": "agent", "email": "lin@staff.example"},
		"no name":      {"email": "x@staff.example", "role": "agent"},
		"no such team": {"name": "X", "email": "x@staff.example", "role": "agent", "team": "nosuchteam00000"},
		"a short word": {"name": "X", "email": "x@staff.example", "role": "agent", "password": "short"},
	} {
		if status, answer = s.Post("/api/desk/people", body, "Authorization", boss); status != http.StatusBadRequest || len(answer["data"].(map[string]any)) == 0 {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
}

// Who forgot his password gets a link to our page in his language; whether
// somebody exists shows nowhere, and who has no role gets none.
func TestForgottenPassword(t *testing.T) {
	s := newShop(t)
	mails := s.letters()
	_, agent := s.Agent("agent", "")
	agent.Set("locale", "ja")
	if err := s.App.Save(agent); err != nil {
		t.Fatal(err)
	}
	gone := s.Add(desk.Agents, map[string]any{"name": "Gone", "email": "gone@staff.example", "verified": true})
	for _, address := range []string{gone.Email(), "nobody@staff.example", agent.Email()} {
		if a := s.Do(http.MethodPost, "/api/collections/agents/request-password-reset", strings.NewReader(`{"email":"`+address+`"}`), "Content-Type", "application/json"); a.Status != http.StatusNoContent || len(a.Body) > 0 {
			t.Errorf("%s: %d %s", address, a.Status, a.Body)
		}
	}
	var m *mailer.Message
	select {
	case m = <-mails:
	case <-time.After(30 * time.Second):
		t.Fatal("no mail came")
	}
	if m.To[0].Address != agent.Email() {
		t.Fatalf("a link went to %s", m.To[0].Address)
	}
	kind, token := linkOf(t, m)
	if kind != "password" || !strings.Contains(m.Text, "パスワード") {
		t.Errorf("%s %s", kind, m.Text)
	}
	status, answer := s.Post("/api/collections/agents/confirm-password-reset", map[string]any{"token": token, "password": "brand new password", "passwordConfirm": "brand new password"})
	if status != http.StatusNoContent {
		t.Errorf("%d %v", status, answer)
	}
	if len(mails) > 0 {
		t.Errorf("somebody else was sent a link, too: %v", (<-mails).To)
	}
}

// A text that the host wrote for the collection stays as it is.
func TestHostsOwnResetText(t *testing.T) {
	s := newShop(t)
	mails := s.letters()
	_, agent := s.Agent("agent", "")
	status, answer := s.Patch("/api/collections/agents", map[string]any{
		"resetPasswordTemplate": map[string]any{"subject": "Ours", "body": `<p>Here: {APP_URL}/our-own/{TOKEN}</p>`},
	}, "Authorization", s.Superuser())
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	s.Post("/api/collections/agents/request-password-reset", map[string]any{"email": agent.Email()})
	if m := mails.to(t, agent.Email()); !strings.Contains(m.HTML, "https://shop.example/our-own/") {
		t.Error(m.HTML)
	}
}

// Who is deactivated is out at once: token, connection, and his cases go to
// others.
func TestDeactivated(t *testing.T) {
	w := newWorld(t)
	w.Superuser()
	stream := w.subscribe(t, "agent", topicLeft)
	_, me := w.Post("/api/desk/me", map[string]any{}, w.auth("agent")...)
	id := me["agent"].(map[string]any)["id"].(string)
	c, err := desk.FindCase(w.App, w.caseID)
	if err != nil {
		t.Fatal(err)
	}
	if status, answer := w.Patch("/api/collections/cases/records/"+w.caseID, map[string]any{"assignee": id, "version": c.GetInt("version")}, w.auth("admin")...); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	path := "/api/desk/people/" + id + "/deactivate"
	// "other" may not see cases of team A: the case goes where an absence would have it go
	_, other := w.Post("/api/desk/me", map[string]any{}, w.auth("other")...)
	to := other["agent"].(map[string]any)["id"].(string)
	if status, would := w.Post(path, map[string]any{"to": to, "preview": true}, w.auth("admin")...); status != http.StatusOK || would["kept"] != 1.0 {
		t.Errorf("preview: %d %v", status, would)
	}
	if status, _ := w.Post(path, map[string]any{"to": "nobodyatall0000"}, w.auth("admin")...); status != http.StatusBadRequest {
		t.Errorf("to nobody: %d", status)
	}
	if status, _ := w.Post("/api/desk/me", nil, w.auth("agent")...); status != http.StatusOK {
		t.Fatal("a preview, or a refusal, took the role away")
	}
	status, done := w.Post(path, map[string]any{"to": to}, w.auth("admin")...)
	if status != http.StatusOK || done["kept"] != 0.0 || done["queue"] != 1.0 {
		t.Errorf("%d %v", status, done)
	}
	until(t, stream, topicLeft+` {"case":"*"}`)
	for _, try := range []func() int{
		func() int { s, _ := w.Post("/api/desk/me", nil, w.auth("agent")...); return s },
		func() int { s, _ := w.Get("/api/desk/cases", w.auth("agent")...); return s },
		func() int { s, _ := w.Post("/api/collections/agents/auth-refresh", nil, w.auth("agent")...); return s },
	} {
		if status := try(); status != http.StatusUnauthorized {
			t.Errorf("with the old token: %d", status)
		}
	}
	w.Add(desk.Teams, map[string]any{"name": "after the end"})
	r, err := w.App.FindRecordById(desk.Agents, id)
	if err != nil || r.GetDateTime("deactivated_at").IsZero() {
		t.Errorf("%v", err)
	}
	if c, err = desk.FindCase(w.App, w.caseID); err != nil || c.Assignee() != "" {
		t.Errorf("the case is still %s's; %v", c.Assignee(), err)
	}
	for len(stream) > 0 {
		if e := <-stream; strings.Contains(e, "after the end") {
			t.Error("the connection still hears what staff hear")
		}
	}
}
