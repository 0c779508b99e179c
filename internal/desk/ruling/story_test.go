package ruling_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// A lawyer writes: the case is urgent, the lead knows it, and each says why.
func TestNewCase(t *testing.T) {
	s := open(t)
	lead := s.Agent(desk.RoleSupervisor, "")
	legal := s.Make(desk.Teams, desktest.Values{"name": "Legal", "lead": lead.Id}).Id
	s.rule(ruling.CaseOpened, `text ~ "律師"`, "priority", "urgent", "team", legal, "add_tags", []string{"legal"},
		"notify", map[string]string{"to": "lead", "text": "先看過再回"}, "note", map[string]string{"body": "Say nothing yet."})
	s.rule(ruling.CaseOpened, `tags ~ '"legal"' && team.name = "Legal"`, "assign", "lead") // sees what the first one did
	s.rule(ruling.CaseOpened, `text ~ "refund"`, "priority", "low")
	c, other := s.Case(desktest.Values{"message": "我的律師會聯絡你們。"}), s.Case(desktest.Values{"email": "ben@example.com"})
	s.drain()
	s.drain()
	got := s.again(c)
	if got.Priority() != "urgent" || got.Team() != legal || got.Assignee() != lead.Id || !slices.Contains(got.Tags(), "legal") {
		t.Errorf("priority %s, team %s, assignee %s, tags %v", got.Priority(), got.Team(), got.Assignee(), got.Tags())
	}
	if r := got.Reasons()["priority"]; r.By != "rule" || r.Why == "" {
		t.Errorf("reason %+v", r)
	}
	s.wantDid(c, "priority", "team", "add_tags", "notify", "note", "assign")
	s.wantDid(other)
	notice := s.One(desk.Notices, desktest.Values{"kind": ruling.NoticeRule, "agent": lead.Id, "case": c.Id})
	if data := notice.GetString("data"); !strings.Contains(data, "先看過再回") {
		t.Errorf("told %s", data)
	}
	s.One(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.Note, "body": "Say nothing yet."})
	for _, ev := range s.All(desk.Events, desktest.Values{"case": c.Id, "kind": "priority"}) {
		if ev.GetString("actor") != "" || !strings.Contains(ev.GetString("after"), `"by":"rule"`) {
			t.Errorf("told as %s of %q", ev.GetString("after"), ev.GetString("actor"))
		}
	}
	rule := s.All(desk.Rules, nil)[0]
	if rule.GetInt("fired") != 1 || rule.GetDateTime("fired_at").IsZero() || rule.GetString("failed") != "" {
		t.Errorf("fired %d at %s, failed %q", rule.GetInt("fired"), rule.GetString("fired_at"), rule.GetString("failed"))
	}
}

// The word of staff and of the visitor stands; among equals the more urgent wins.
func TestWhoseWordCounts(t *testing.T) {
	for name, one := range map[string]struct {
		by, was, rule string
		want          string
	}{
		"nobody's":           {"", "normal", "low", "low"},
		"staff's":            {"staff", "normal", "urgent", "normal"},
		"the visitor's":      {"visitor", "normal", "urgent", "normal"},
		"a keyword's, lower": {"keyword", "low", "high", "high"},
		"a keyword's, above": {"keyword", "urgent", "high", "urgent"},
		"the model's":        {"model", "high", "low", "low"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			c := s.Case(nil)
			reasons := map[string]desk.Reason{}
			if one.by != "" {
				reasons["priority"] = desk.Reason{By: one.by}
				reasons["category"] = desk.Reason{By: one.by}
			}
			s.Put(c.Record, desktest.Values{"priority": one.was, "category": "order", "reasons": reasons})
			s.rule(ruling.CaseOpened, "", "priority", one.rule, "category", "return")
			s.drain()
			if got := s.again(c).Priority(); got != one.want {
				t.Errorf("priority %s, want %s", got, one.want)
			}
			keeps := one.by == "staff" || one.by == "visitor" || one.by == "keyword"
			if got := s.again(c).Category(); (got == "order") != keeps {
				t.Errorf("category %s over %q", got, one.by)
			}
		})
	}
}

// With each word of his, once for each; words before the rule was there don't count.
func TestVisitorWrote(t *testing.T) {
	s := open(t)
	boss := s.Agent(desk.RoleSupervisor, "")
	c := s.Case(nil)
	s.hear(c, "Hello?")
	s.drain()
	s.Clock.Advance(time.Minute)
	s.Put(s.rule(ruling.VisitorWrote, `text ~ "hello" && unanswered >= 3 && case.contact.name ~ "anna"`, "notify", map[string]string{"to": "lead"}),
		desktest.Values{"active_from": desk.Date(s.Clock.Now())})
	s.Clock.Advance(time.Minute)
	s.hear(c, "HELLO again")
	s.hear(c, "is anybody there")
	s.drain()
	s.wantDid(c, "notify")
	if _, err := s.Write(c, boss, nil); err != nil {
		t.Fatal(err)
	}
	s.Clock.Advance(time.Minute)
	s.hear(c, "hello, thank you")
	s.drain()
	s.wantDid(c, "notify")
}

// What staff do counts once for a status, or each time where the filter asks what
// they changed; what rules do counts never.
func TestStaffChanged(t *testing.T) {
	s := open(t)
	ann := s.Agent(desk.RoleAgent, "")
	c := s.Case(nil)
	s.rule(ruling.StaffChanged, `priority = "high"`, "add_tags", "watched")
	s.rule(ruling.StaffChanged, `changed = "status" && status = "pending"`, "note", "Waits for the visitor.")
	s.rule(ruling.StaffChanged, `tags ~ '"watched"' && changed = "tags"`, "note", "Never: a rule set them.")
	s.change(c, ann, desktest.Values{"priority": "high"})
	s.drain()
	s.wantDid(c, "add_tags")
	s.change(c, ann, desktest.Values{"tags": []string{}, "subject": "Teapot"})
	s.drain()
	s.wantDid(c, "add_tags") // once in this status
	for range 2 {
		s.change(c, ann, desktest.Values{"status": desk.Pending, "tags": []string{"watched"}})
		s.drain()
		s.Clock.Advance(time.Hour)
		s.change(c, ann, desktest.Values{"status": desk.Open})
		s.Clock.Advance(time.Hour)
	}
	s.drain()
	notes := s.All(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.Note})
	if len(notes) != 1+2 { // staff set the tags once
		t.Errorf("%d notes: %q", len(notes), s.did(c))
	}
}

// The team and the colleague that a person chose stay, and so does what somebody is
// to be reminded of; what rules and the system chose does not.
func TestPeoplesChoiceStays(t *testing.T) {
	s := open(t)
	ann, ben := s.Agent(desk.RoleSupervisor, ""), s.Agent(desk.RoleSupervisor, "")
	returns, legal := s.Make(desk.Teams, desktest.Values{"name": "Returns"}).Id, s.Make(desk.Teams, desktest.Values{"name": "Legal"}).Id
	c, other := s.Case(nil), s.Case(desktest.Values{"email": "ben@example.com"})
	friday := desk.Date(s.Clock.Now().Add(100 * time.Hour))
	s.change(c, ann, desktest.Values{"team": returns, "assignee": ann.Id, "follow_up_at": friday, "follow_up_note": "call him"})
	s.Put(other.Record, desktest.Values{"team": returns, "assignee": ann.Id})
	s.drain()
	s.rule(ruling.VisitorWrote, "", "assign", ben.Id, "team", legal, "remind", "2d")
	s.hear(c, "hello")
	s.hear(other, "hello")
	s.drain()
	if got := s.again(c); got.Team() != returns || got.Assignee() != ann.Id || got.GetString("follow_up_at") != friday.String() {
		t.Errorf("team %s, assignee %s, follow-up %s", got.Team(), got.Assignee(), got.GetString("follow_up_at"))
	}
	if got := s.again(other); got.Team() != legal || got.Assignee() != ben.Id || got.GetString("follow_up_at") == "" {
		t.Errorf("what nobody chose: team %s, assignee %s, follow-up %s", got.Team(), got.Assignee(), got.GetString("follow_up_at"))
	}
}

// Who is told of a case, and who gets it, may see it where it ends up.
func TestTeamFirst(t *testing.T) {
	s := open(t)
	returns, legal := s.Make(desk.Teams, desktest.Values{"name": "Returns"}).Id, s.Make(desk.Teams, desktest.Values{"name": "Legal"}).Id
	packer, lawyer := s.Agent(desk.RoleAgent, returns), s.Agent(desk.RoleAgent, legal)
	c := s.Case(nil)
	s.Put(c.Record, desktest.Values{"team": returns})
	s.rule(ruling.CaseOpened, "", "assign", packer.Id, "notify", map[string]string{"to": "team", "text": "look"}, "notify", map[string]string{"to": packer.Id, "text": "look"}, "team", legal)
	s.drain()
	s.wantDid(c, "assign cant_see", "notify", "notify nobody", "team")
	if got := s.again(c); got.Team() != legal || got.Assignee() != "" {
		t.Errorf("team %s, assignee %s", got.Team(), got.Assignee())
	}
	for _, n := range s.All(desk.Notices, desktest.Values{"kind": ruling.NoticeRule}) {
		if n.GetString("agent") != lawyer.Id {
			t.Errorf("%s was told", n.GetString("agent"))
		}
	}
}
