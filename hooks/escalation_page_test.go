package hooks

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

var pressToken = regexp.MustCompile(`name="press" value="([^"]+)"`)

// button is the token in the button of the page, as whoever opened it has it.
func (s *shop) button(link string) string {
	s.t.Helper()
	page := s.Do(http.MethodGet, link, nil)
	found := pressToken.FindSubmatch(page.Body)
	if found == nil {
		s.t.Fatalf("no button: %d %s", page.Status, page.Body)
	}
	return string(found[1])
}

func (s *shop) pressLink(link, form string) reply {
	s.t.Helper()
	return s.Do(http.MethodPost, link, strings.NewReader(form), "Content-Type", "application/x-www-form-urlencoded")
}

// plea is a case that is escalated to somebody outside, and the page of his link.
func plea(t *testing.T) (s *shop, c *desk.Case, link string) {
	s, c, escalation := newEscalationShop(t)
	agent, _ := s.Agent(desk.RoleAgent, "")
	if status, answer := s.Post("/api/desk/cases/"+c.Id+"/escalate", map[string]any{"escalation": escalation}, "Authorization", agent); status != http.StatusOK {
		t.Fatal(status, answer)
	}
	return s, c, "/support/e/" + desk.NewEscalationToken(s.App, s.Rows(desk.CaseEscalations)[0].Id, 0)
}

func (s *shop) escalationState() string { return s.Rows(desk.CaseEscalations)[0].GetString("state") }

// Something that sends to the address without having opened the page, or with the
// button of another one, takes nothing on; the page is shown again, to be pressed.
func TestEscalationNeedsItsButton(t *testing.T) {
	s, _, link := plea(t)
	other := "/support/e/" + desk.NewEscalationToken(s.App, s.Rows(desk.CaseEscalations)[0].Id, 0)
	old := s.button(link)
	s.Clock.Advance(25 * time.Hour)
	for name, form := range map[string]string{
		"no button": "name=Scanner", "an empty one": "press=", "made up": "press=" + strings.Repeat("A", 70),
		"another link's": "press=" + s.button(other), "the link itself": "press=" + strings.TrimPrefix(link, "/support/e/"), "an old one": "press=" + old,
	} {
		page := s.pressLink(link, form)
		if page.Status != http.StatusOK || !strings.Contains(string(page.Body), "once more") || s.escalationState() != desk.EscalationOpen {
			t.Errorf("%s: %d, it is %s\n%s", name, page.Status, s.escalationState(), page.Body)
		}
	}
	found := pressToken.FindSubmatch(s.pressLink(link, "press="+old).Body)
	if found == nil {
		t.Fatal("the page that was shown again has no button")
	}
	if page := s.pressLink(link, "press="+string(found[1])); page.Status != http.StatusOK || s.escalationState() != desk.EscalationAcknowledged {
		t.Errorf("pressed once more: %d, it is %s", page.Status, s.escalationState())
	}
}

// One press counts, also of two at once; none does once the link is too old, or
// the case is done.
func TestEscalationIsPressedOnce(t *testing.T) {
	s, _, link := plea(t)
	press := "press=" + s.button(link)
	done := make(chan string, 2)
	for range 2 {
		go func() { done <- string(s.pressLink(link, press).Body) }()
	}
	thanks := 0
	for range 2 {
		if strings.Contains(<-done, "it is yours") {
			thanks++
		}
	}
	events := 0
	for _, e := range s.Rows(desk.Events) {
		if e.GetString("kind") == desk.EventAcknowledged {
			events++
		}
	}
	if thanks != 1 || events != 1 {
		t.Errorf("%d were thanked, %d events", thanks, events)
	}

	s, c, link := plea(t)
	press = "press=" + s.button(link)
	if status, answer := s.Patch("/api/collections/cases/records/"+c.Id, map[string]any{"status": "closed"}, "Authorization", s.Superuser()); status != http.StatusOK {
		t.Fatal(status, answer)
	}
	if page := s.pressLink(link, press); page.Status != http.StatusOK || !strings.Contains(string(page.Body), "No longer needed") || s.escalationState() != desk.EscalationEnded {
		t.Errorf("closed: %d, it is %s", page.Status, s.escalationState())
	}

	s, _, link = plea(t)
	press = "press=" + s.button(link)
	s.Clock.Advance(desk.EscalationLife + time.Minute)
	wrong := s.pressLink("/support/e/"+strings.Repeat("x", 87), press)
	if page := s.pressLink(link, press); page.Status != http.StatusNotFound || string(page.Body) != string(wrong.Body) || wrong.Status != http.StatusNotFound || s.escalationState() != desk.EscalationOpen {
		t.Errorf("too old: %d and %d, it is %s", page.Status, wrong.Status, s.escalationState())
	}
}

// The page speaks the language in which its reader was written to, whatever his
// browser says, until he chooses another.
func TestEscalationPageLanguage(t *testing.T) {
	s, _, link := plea(t)
	for query, want := range map[string]string{"": "I’ll take this on", "?lang=ja": "対応を引き受ける", "?lang=xx": "I’ll take this on"} {
		if page := s.Do(http.MethodGet, link+query, nil, "Accept-Language", "en"); !strings.Contains(string(page.Body), want) {
			t.Errorf("%q lacks %q", query, want)
		}
	}
	page := s.Do(http.MethodGet, link, nil, "Accept-Language", "ja,zh-TW;q=0.9")
	if !strings.Contains(string(page.Body), `lang="en"`) || !strings.Contains(string(page.Body), "I’ll take this on") {
		t.Errorf("to a browser in Japanese: %s", page.Body)
	}
}
