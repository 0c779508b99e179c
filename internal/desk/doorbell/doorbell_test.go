package doorbell_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/doorbell"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
)

type shop struct {
	*desktest.App
	t    *testing.T
	bell *doorbell.Bell
}

func open(t *testing.T) *shop {
	s := &shop{App: desktest.New(t), t: t, bell: &doorbell.Bell{}}
	s.Choose(desktest.Values{"ack_enabled": false})
	s.Door.Arrived, s.Work.Rings = s.bell.NewCase, s.bell.Answered
	return s
}

// person is an agent with these choices.
func (s *shop) person(role, team, choice string) *desk.Agent {
	a := s.Agent(role, team)
	if choice != "" {
		s.Put(a.Record, desktest.Values{"notify": json.RawMessage(choice)})
	}
	return a
}

// crowd fills the shop with people, so that it is no small one.
func (s *shop) crowd() {
	for range 4 {
		s.person(desk.RoleAgent, "", `{"answered":"off"}`)
	}
}

// case_ is somebody's case, of which nobody was told.
func (s *shop) case_(fields desktest.Values) *desk.Case {
	s.t.Helper()
	s.bell.Off = true
	defer func() { s.bell.Off = false }()
	c := s.Case(nil)
	s.Put(c.Record, fields)
	return desk.AsCase(s.Find(desk.Cases, c.Id))
}

func (s *shop) hear(c *desk.Case, h casework.Heard, fields desktest.Values) {
	s.t.Helper()
	m, err := desk.NewMessage(s, c.Id)
	if err != nil {
		s.t.Fatal(err)
	}
	m.Set("channel", desk.ChannelPage)
	m.Set("body", "I have a question.")
	for name, value := range fields {
		m.Set(name, value)
	}
	h.Case, h.Message = c, m
	if err := s.Commit.Do(func(tx core.App) error { return s.Work.Hear(tx, h) }); err != nil {
		s.t.Fatal(err)
	}
}

// told are the notices that a person has not looked at: kind and count.
func (s *shop) told(a *desk.Agent) []string {
	var out []string
	for _, n := range s.All(desk.Notices, desktest.Values{"agent": a.Id, "seen_at": ""}) {
		out = append(out, fmt.Sprintf("%s×%d", n.GetString("kind"), n.GetInt("count")))
	}
	return out
}

func (s *shop) want(what string, a *desk.Agent, want ...string) {
	s.t.Helper()
	if got := s.told(a); !slices.Equal(got, want) {
		s.t.Errorf("%s: told %v, want %v", what, got, want)
	}
}

func TestSmallShopHearsAll(t *testing.T) {
	s := open(t)
	ann, ben := s.person(desk.RoleAdmin, "", ""), s.person(desk.RoleAgent, "", "")
	s.person(desk.RoleIntegration, "", "")
	c := s.Case(nil)
	s.want("a new case", ann, "new_case×1")
	s.want("a new case", ben, "new_case×1")
	s.hear(c, casework.Heard{}, nil)
	s.want("he writes again", ann, "answered×2") // one line for one case
	s.Put(c.Record, desktest.Values{"assignee": ben.Id})
	s.hear(c, casework.Heard{}, nil)
	s.want("it is another's", ann, "answered×2")
	s.want("it is his", ben, "answered×3")
	for _, n := range s.All(desk.Notices, nil) {
		if !n.GetDateTime("mail_at").IsZero() || n.GetString("case") != c.Id || n.GetString("line") != "" {
			t.Errorf("%v", n.PublicExport())
		}
	}
}

func TestLargeShopHearsItsOwn(t *testing.T) {
	s := open(t)
	s.crowd()
	north := s.Make(desk.Teams, desktest.Values{"name": "North"}).Id
	south := s.Make(desk.Teams, desktest.Values{"name": "South"}).Id
	usual := s.person(desk.RoleAgent, north, "")
	team := s.person(desk.RoleAgent, north, `{"new_cases":"team","answered":"team"}`)
	all := s.person(desk.RoleSupervisor, north, `{"new_cases":"all","answered":"all"}`)
	far := s.person(desk.RoleAgent, south, `{"new_cases":"all","answered":"all"}`)
	s.Case(nil) // of no team
	s.want("new, usual", usual)
	s.want("new, team", team, "new_case×1")
	s.want("new, all", all, "new_case×1")
	s.want("new, another team", far, "new_case×1")

	s.hear(s.case_(desktest.Values{"team": south}), casework.Heard{}, nil)
	s.want("of the south, team", team, "new_case×1")
	s.want("of the south, all", all, "new_case×1", "answered×1")
	s.want("of the south, its own", far, "new_case×1", "answered×1")

	s.hear(s.case_(desktest.Values{"team": north, "assignee": usual.Id}), casework.Heard{}, nil)
	s.want("his own", usual, "answered×1")
	s.want("a colleague's", team, "new_case×1")
	// who may not see his case any more does not have it
	s.hear(s.case_(desktest.Values{"team": south, "assignee": usual.Id}), casework.Heard{}, nil)
	s.want("out of sight", usual, "answered×1")
	s.want("as good as nobody's", far, "new_case×1", "answered×1", "answered×1")
}

func TestWhoHasTheCase(t *testing.T) {
	s := open(t)
	s.crowd()
	ann, ben, cho := s.person(desk.RoleAgent, "", ""), s.person(desk.RoleAgent, "", ""), s.person(desk.RoleAgent, "", `{"answered":"off"}`)
	free := s.person(desk.RoleAgent, "", `{"answered":"all"}`)
	s.hear(s.case_(desktest.Values{"follow_up_for": ann.Id}), casework.Heard{}, nil)
	s.want("to be reminded", ann, "answered×1")
	s.want("somebody follows it", free)

	c := s.case_(nil)
	s.Make(desk.CaseEscalations, desktest.Values{"case": c.Id, "agent": ben.Id, "state": desk.EscalationOpen})
	s.hear(c, casework.Heard{}, nil)
	s.want("escalated it", ben, "answered×1")

	s.hear(s.case_(desktest.Values{"assignee": cho.Id}), casework.Heard{}, nil)
	s.want("wants to hear nothing", cho)
	s.want("it is somebody's", free)

	now := s.Clock.Now()
	s.Put(ben.Record, desktest.Values{"away_from": desk.Date(now.Add(-time.Hour)), "away_until": desk.Date(now.Add(time.Hour)), "substitute": ann.Id})
	s.hear(s.case_(desktest.Values{"assignee": ben.Id}), casework.Heard{}, nil)
	s.want("stands in", ann, "answered×1", "answered×1")
	s.want("away", ben, "answered×1")
	s.Put(ben.Record, desktest.Values{"substitute": ""})
	s.hear(s.case_(desktest.Values{"assignee": ben.Id}), casework.Heard{}, nil)
	s.want("for when he is back", ben, "answered×1", "answered×1")
}

func TestWhatRingsForNobody(t *testing.T) {
	s := open(t)
	ann, ben := s.person(desk.RoleAgent, "", ""), s.person(desk.RoleAgent, "", "")
	for _, source := range []string{desk.SourceImport, desk.SourceDemo, desk.SourcePhone} {
		s.Case(desktest.Values{"source": source})
	}
	held := s.Hold(nil)
	if _, err := s.Door.Receive(s, intake.Submission{Feedback: s.Feedback(desktest.Values{"message": "An old mail of last year, brought along."}), Letter: &desk.Letter{Old: true}}); err != nil {
		t.Fatal(err)
	}
	c := s.case_(desktest.Values{"assignee": ann.Id})
	s.hear(c, casework.Heard{Auto: true}, desktest.Values{"auto": "vacation"})
	old := s.Make(desk.InboundMails, desktest.Values{"source": desk.FromImport, "message_id": "a@b", "status": desk.MailJoined, "quiet": true, "received_at": desk.Date(s.Clock.Now())})
	s.hear(c, casework.Heard{}, desktest.Values{"inbound": old.Id})
	junk := s.case_(desktest.Values{"assignee": ann.Id})
	if err := s.Door.MarkSpam(s, junk.Id, ben); err != nil {
		t.Fatal(err)
	}
	s.hear(junk, casework.Heard{}, nil)
	s.bell.Looks = func(id, agent string) bool { return id == c.Id && agent == ann.Id }
	s.hear(c, casework.Heard{}, nil)
	s.want("nothing of all that", ann)

	if _, err := s.Door.Release(s, held.Feedback.Id, ben); err != nil {
		t.Fatal(err)
	}
	s.want("let in by another", ann, "new_case×1")
	s.want("let in by himself", ben)
}

func TestTakenCaseIsNotNew(t *testing.T) {
	s := open(t)
	ann := s.person(desk.RoleAgent, "", "")
	c := s.Case(nil)
	s.want("before", ann, "new_case×1")
	err := s.Commit.Do(func(tx core.App) error {
		return desk.Record(tx, desk.Event{Case: c.Id, Kind: "assignee", After: map[string]any{"assignee": ann.Id}})
	})
	if err != nil {
		t.Fatal(err)
	}
	s.want("given to her", ann, "assigned×1")
}

// Once somebody has answered or is done with a case, the others need not look.
func TestAttendedCase(t *testing.T) {
	s := open(t)
	ann, ben := s.person(desk.RoleAgent, "", ""), s.person(desk.RoleAgent, "", "")
	c := s.Case(nil)
	if _, err := s.Write(c, ben, nil); err != nil {
		t.Fatal(err)
	}
	s.want("answered", ann)
	s.want("answered by himself", ben)
	s.hear(s.case_(desktest.Values{"assignee": ann.Id}), casework.Heard{}, nil)
	mine := desk.AsCase(s.Find(desk.Cases, s.One(desk.Notices, desktest.Values{"agent": ann.Id, "seen_at": ""}).GetString("case")))
	if _, err := s.Write(mine, ben, nil); err != nil {
		t.Fatal(err)
	}
	s.want("a colleague answers on her case", ann, "answered×1")
	junk := s.Case(desktest.Values{"email": "junk@example.com"})
	s.want("a new one", ben, "new_case×1")
	if err := s.Door.MarkSpam(s, junk.Id, ann); err != nil {
		t.Fatal(err)
	}
	s.want("it was spam", ben)
}

// A storm makes a bounded number of notices, and says how many cases there were.
func TestStormIsBounded(t *testing.T) {
	s := open(t)
	ann := s.person(desk.RoleAgent, "", "")
	const cases = 45
	for i := range cases {
		s.Case(desktest.Values{"email": fmt.Sprintf("v%d@example.com", i), "message": fmt.Sprintf("Parcel number %d has not come, where is it now?", i*7919)})
		s.Clock.Advance(10 * time.Second)
	}
	rows := s.All(desk.Notices, desktest.Values{"agent": ann.Id})
	more := s.One(desk.Notices, desktest.Values{"agent": ann.Id, "same": "new_case:more"})
	if len(rows) != 31 || more.GetInt("count") != cases-30 || more.GetString("case") != "" {
		t.Fatalf("%d notices, the last stands for %d of case %q", len(rows), more.GetInt("count"), more.GetString("case"))
	}
	if at := more.GetDateTime("created").Time(); !at.After(s.Clock.Now().Add(-2 * time.Minute)) {
		t.Errorf("nobody hears that it goes on: written %v, now %v", at, s.Clock.Now())
	}
	// each kind has its own room
	s.hear(s.case_(desktest.Values{"assignee": ann.Id}), casework.Heard{}, nil)
	if n := len(s.All(desk.Notices, desktest.Values{"agent": ann.Id, "kind": desk.NoticeAnswered})); n != 1 {
		t.Errorf("%d answers", n)
	}
}
