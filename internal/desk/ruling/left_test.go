package ruling_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// An escalation that is left out stands in the run as left out, and the rest is done.
func TestEscalationLeftOut(t *testing.T) {
	s := open(t)
	id := s.Make(desk.Escalations, desktest.Values{"name": "e", "enabled": true, "on": "rule"}).Id
	s.Escalate = func(core.App, string, string, string) error { return ruling.SkipMany }
	s.rule(ruling.CaseOpened, "", "escalate", map[string]string{"id": id}, "add_tags", "x")
	c := s.Case(nil)
	s.drain()
	s.wantDid(c, "escalate many_runs", "add_tags")
}

// What a rule says to somebody who is away, whoever stands in for him hears; where
// nobody does, those who answer for the team.
func TestNotifiedWhileAway(t *testing.T) {
	s := open(t)
	chief, sub := s.Agent(desk.RoleSupervisor, ""), s.Agent(desk.RoleAgent, "")
	away := desk.Date(s.Clock.Now().Add(-time.Hour))
	keeper, alone := s.Agent(desk.RoleAgent, ""), s.Agent(desk.RoleAgent, "")
	s.Put(keeper.Record, desktest.Values{"away_from": away, "substitute": sub.Id})
	s.Put(alone.Record, desktest.Values{"away_from": away})
	stranger := s.Agent(desk.RoleAgent, s.Make(desk.Teams, desktest.Values{"name": "South"}).Id)
	s.rule(ruling.CaseOpened, "", "assign", keeper.Id, "team", s.Make(desk.Teams, desktest.Values{"name": "North"}).Id)
	s.rule(ruling.CaseOpened, "", "notify", map[string]string{"to": stranger.Id, "text": "not for him"})
	s.rule(ruling.CaseOpened, "", "team", "")
	s.rule(ruling.CaseOpened, "", "assign", keeper.Id, "notify", map[string]string{"to": "assignee", "text": "a"}, "notify", map[string]string{"to": alone.Id, "text": "b"})
	s.Case(nil)
	s.drain()
	for name, c := range map[string]struct {
		who  *desk.Agent
		want string
	}{"substitute": {sub, "a"}, "chief": {chief, "b"}, "keeper": {keeper, ""}, "one who is away": {alone, ""}, "another team's": {stranger, ""}} {
		got := ""
		for _, r := range s.All(desk.Notices, desktest.Values{"agent": c.who.Id, "kind": ruling.NoticeRule}) {
			var data struct{ Text string }
			if err := r.UnmarshalJSONField("data", &data); err != nil {
				t.Fatal(err)
			}
			got += data.Text
		}
		if got != c.want {
			t.Errorf("%s heard %q, want %q", name, got, c.want)
		}
	}
}
