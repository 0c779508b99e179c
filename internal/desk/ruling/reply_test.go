package ruling_test

import (
	"slices"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// A threat in a reply is caught as one in a first message is: the case is tagged,
// and the rule hears of that message and of no later one.
func TestThreatInAReply(t *testing.T) {
	s := open(t)
	s.Make(desk.Keywords, desktest.Values{"words": []string{"存證信函", "my lawyer"}, "effect": "tag", "value": "legal", "enabled": true})
	s.Make(desk.Keywords, desktest.Values{"words": []string{"my lawyer"}, "effect": "priority", "value": "urgent", "enabled": true})
	desk.Forget(s.App, desk.Keywords)
	lead := s.Agent(desk.RoleSupervisor, "")
	team := s.Make(desk.Teams, desktest.Values{"name": "T", "lead": lead.Id}).Id
	s.rule(ruling.VisitorWrote, `tags ~ "\"legal\""`, "notify", map[string]string{"to": "lead", "text": "look"})
	s.rule(ruling.VisitorWrote, `case.tags ~ "\"legal\""`, "add_tags", "seen")
	c := s.Case(nil)
	s.Put(s.Find(desk.Cases, c.Id), desktest.Values{"team": team})
	s.drain()
	s.hear(c, "Where is it?")
	s.drain()
	s.wantDid(c)
	s.hear(c, "You will hear from My  Lawyer, 我會寄存證信函。")
	s.drain()
	s.wantDid(c, "notify", "add_tags")
	got := s.again(c)
	if !slices.Equal(got.Tags(), []string{"legal", "seen"}) || got.Priority() != c.Priority() {
		t.Errorf("tags %v, priority %s", got.Tags(), got.Priority())
	}
	ev := s.All(desk.Events, desktest.Values{"case": c.Id, "kind": "tags"})
	if len(ev) != 2 || ev[0].GetString("actor") != "" || ev[0].GetInt("version") == 0 {
		t.Errorf("told of the tags: %v", ev)
	}
	s.One(desk.Notices, desktest.Values{"kind": ruling.NoticeRule, "agent": lead.Id})
	s.hear(c, "Hello? Nobody there?")
	s.drain()
	s.wantDid(c, "notify", "add_tags")
}
