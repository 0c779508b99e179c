package hooks

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// told are the notices that somebody has not looked at, latest first: kind and count.
func (s *shop) told(token string) (out []string) {
	s.t.Helper()
	status, page := s.Get("/api/desk/notices", "Authorization", token)
	if status != http.StatusOK {
		s.t.Fatalf("%d %v", status, page)
	}
	for _, n := range page["items"].([]any) {
		if one := n.(map[string]any); one["seen_at"] == "" {
			out = append(out, fmt.Sprintf("%v×%v", one["kind"], one["count"]))
		}
	}
	return out
}

func (s *shop) wantTold(what, token string, want ...string) {
	s.t.Helper()
	if got := s.told(token); !slices.Equal(got, want) {
		s.t.Errorf("%s: told %v, want %v", what, got, want)
	}
}

// A visitor's message rings, his answers on the page and by mail ring on the same
// line, and who opens the case has heard of it.
func TestDoorbell(t *testing.T) {
	s := believingShop(t)
	ann, _ := s.Agent(desk.RoleAgent, "")
	ben, who := s.Agent(desk.RoleAgent, "")
	track := &trackShop{shop: s}
	c := s.CaseOf(s.Submit(map[string]any{"email": ming})["id"].(string))
	track.id, track.path = c.Id, "/support/t/"+c.TrackToken()
	s.wantTold("a new case", ann, "new_case×1")
	s.wantTold("a new case", ben, "new_case×1")
	if status, answer := s.Patch("/api/collections/cases/records/"+c.Id, map[string]any{"assignee": who.Id}, "Authorization", ann); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	s.wantTold("given to him", ben, "assigned×1")
	if status, _ := s.Post("/api/desk/notices/seen", map[string]any{"case": c.Id}, "Authorization", ben); status != http.StatusNoContent {
		t.Fatal(status)
	}
	if a := track.press("reply", map[string]any{"message": "還是沒收到，請幫我查一下。"}); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	s.wantTold("on the page", ben, "answered×1")
	s.Drain()
	ack := s.mail(0)
	to := strings.Trim(header(ack.View, "Reply-To"), "<>")
	to = to[strings.LastIndexByte(to, '<')+1:]
	s.bring(letterFrom(ming, to, "Re: "+ack.Subject, "謝謝，我再等等。", results("pass")))
	s.wantTold("by mail", ben, "answered×2")
	s.bring(letterFrom(ming, to, "Out of office", "I am away.", results("pass"), "Auto-Submitted: auto-replied\r\n"))
	s.wantTold("an automatic mail", ben, "answered×2")
	s.wantTold("a colleague's case", ann, "new_case×1")
	if status, _ := s.Post("/api/desk/notices/seen", map[string]any{"case": c.Id}, "Authorization", ben); status != http.StatusNoContent || len(s.told(ben)) != 0 {
		t.Errorf("opened: %d, %v", status, s.told(ben))
	}
	// who looks at it need not be told
	s.Post("/api/desk/here", nil, "Authorization", ben)
	s.Post("/api/desk/cases/"+c.Id+"/presence", map[string]any{"state": "looking"}, "Authorization", ben)
	track.press("reply", map[string]any{"message": "現在收到了。"})
	s.wantTold("he looks at it", ben)
	s.Clock.Advance(time.Minute)
	s.Post("/api/desk/cases/"+c.Id+"/presence", map[string]any{"state": "gone"}, "Authorization", ben)
	track.press("reply", map[string]any{"message": "不過蓋子裂了。"})
	s.wantTold("he has left it", ben, "answered×1")
}

// Whoever wants it by mail gets it when his quiet hours end; the choices are his own.
func TestDoorbellByMail(t *testing.T) {
	s := newShop(t)
	s.Settings(map[string]any{"timezone": "Asia/Taipei", "ack_enabled": false})
	token, who := s.Agent(desk.RoleAgent, "")
	_, me := s.Post("/api/desk/me", nil, "Authorization", token)
	hears := me["telling"].(map[string]any)["hears"].(map[string]any)
	if hears["new_cases"] != "all" || hears["answered"] != "all" || hears["sound"] != true {
		t.Errorf("usually %v", hears)
	}
	path := "/api/collections/agents/records/" + who.Id
	for _, bad := range []map[string]any{{"new_cases": "mine"}, {"answered": "loud"}, {"new_cases": 1}} {
		if status, answer := s.Patch(path, map[string]any{"notify": bad}, "Authorization", token); status != http.StatusBadRequest {
			t.Errorf("%v: %d %v", bad, status, answer)
		}
	}
	choice := map[string]any{"new_cases": "off", "answered": "mine", "sound": false, "mail": map[string]any{"answered": "now"}, "quiet": map[string]any{"from": "22:00", "until": "08:00"}}
	if status, answer := s.Patch(path, map[string]any{"notify": choice}, "Authorization", token); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	s.Clock.Set(time.Date(2026, 3, 2, 14, 30, 0, 0, time.UTC)) // half past ten in the evening
	c := s.CaseOf(s.Submit(nil)["id"].(string))
	track := &trackShop{shop: s, id: c.Id, path: "/support/t/" + c.TrackToken()}
	s.wantTold("new cases are off", token)
	track.press("reply", map[string]any{"message": "請問還要多久？"})
	s.wantTold("nobody's", token)
	c.Set("assignee", who.Id)
	if err := desk.Save(s.App, c.Record); err != nil {
		t.Fatal(err)
	}
	track.press("reply", map[string]any{"message": "還在等。"})
	s.wantTold("his", token, "answered×1")
	mails := func() (n int) {
		s.runJob("pocketdesk.telling")
		s.Drain()
		for _, m := range s.SMTP.Mails() {
			if slices.Contains(m.To, who.Email()) {
				n++
			}
		}
		return n
	}
	if n := mails(); n != 0 {
		t.Errorf("%d mails in quiet hours", n)
	}
	s.Clock.Set(time.Date(2026, 3, 3, 0, 1, 0, 0, time.UTC))
	if n := mails(); n != 1 {
		t.Errorf("%d mails after them", n)
	}
}
