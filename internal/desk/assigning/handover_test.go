package assigning_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/assigning"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

func TestHandOverByHand(t *testing.T) {
	f := newFloor(t, desktest.Values{"mode": "least_busy"})
	chief := f.Agent(desk.RoleSupervisor, "")
	anna := f.person(desktest.Values{"on_leave": "keep"})
	ben, cleo := f.person(desktest.Values{"capacity": 1}), f.person(desktest.Values{"capacity": 3})
	var mine []*desk.Case
	for range 6 {
		mine = append(mine, f.give(f.open(nil), anna.Id))
	}
	f.follow()
	preview, err := f.station.HandOver(assigning.Handover{Agent: chief, Of: anna.Id, Preview: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(preview.To) != 2 || preview.To[0] != (assigning.Share{ID: ben.Id, Name: "Agent agent", Count: 1}) || preview.To[1].Count != 3 || preview.Queue != 2 || preview.Kept != 0 || preview.More {
		t.Fatalf("preview %+v", preview)
	}
	if n := len(f.All(desk.Cases, desktest.Values{"assignee": anna.Id})); n != 6 {
		t.Fatalf("the preview moved %d", 6-n)
	}
	done, err := f.station.HandOver(assigning.Handover{Agent: chief, Of: anna.Id})
	if err != nil || len(done.To) != 2 || done.To[0].Count != 1 || done.To[1].Count != 3 || done.Queue != 2 {
		t.Fatalf("%+v %v", done, err)
	}
	if n := len(f.All(desk.Cases, desktest.Values{"assignee": cleo.Id})); n != 3 {
		t.Errorf("cleo has %d", n)
	}
	ev := f.One(desk.Events, desktest.Values{"kind": "assignee", "case": mine[0].Id, "actor": chief.Id})
	if ev.GetString("after") == "" {
		t.Error("no line of who did it")
	}
}

func TestHandOverToOne(t *testing.T) {
	f := newFloor(t, nil)
	other := f.Make(desk.Teams, desktest.Values{"name": "Other"}).Id
	boss := f.Agent(desk.RoleSupervisor, "")
	ben := f.person(nil)
	ofTeam, ofOther := f.give(f.open(nil), boss.Id), f.give(f.change(f.open(nil), desktest.Values{"team": other}), boss.Id)
	f.follow()
	out, err := f.station.HandOver(assigning.Handover{Agent: boss, Of: boss.Id, To: ben.Id})
	if err != nil || len(out.To) != 1 || out.To[0].Count != 1 || out.Kept != 1 {
		t.Fatalf("%+v %v", out, err)
	}
	if f.again(ofTeam).Assignee() != ben.Id || f.why(ofTeam) != assigning.WhyHandover || f.again(ofOther).Assignee() != boss.Id {
		t.Error("not what it says")
	}
	agent, err := desk.FindAgent(f, ben.Id)
	if err != nil {
		t.Fatal(err)
	}
	for name, h := range map[string]assigning.Handover{
		"of somebody else, by an agent": {Agent: agent, Of: boss.Id},
		"of nobody":                     {Agent: boss, Of: "nosuchperson000"},
		"of nobody, by an agent":        {Agent: agent, Of: "nosuchperson000"},
		"by a program":                  {Agent: f.Agent(desk.RoleIntegration, ""), Of: ben.Id},
	} {
		if _, err := f.station.HandOver(h); !errors.Is(err, assigning.ErrNobody) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, to := range []string{"nosuchperson000", ben.Id, f.Agent(desk.RoleIntegration, "").Id} {
		var fields validation.Errors
		if _, err := f.station.HandOver(assigning.Handover{Agent: agent, Of: ben.Id, To: to}); !errors.As(err, &fields) || fields["to"] == nil {
			t.Errorf("to %s: %v", to, err)
		}
	}
}

func TestOverview(t *testing.T) {
	f := newFloor(t, desktest.Values{"mode": "round_robin"})
	other := f.Make(desk.Teams, desktest.Values{"name": "Other"}).Id
	anna, ben := f.person(nil), f.person(desktest.Values{"capacity": 5})
	stranger := f.Agent(desk.RoleAgent, other)
	f.Agent(desk.RoleIntegration, "")
	f.give(f.open(nil), ben.Id)
	f.open(nil)
	f.away(anna, f.Clock.Now(), 2, desktest.Values{"substitute": ben.Id})
	agent, err := desk.FindAgent(f, ben.Id)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := f.station.Look(agent)
	if err != nil {
		t.Fatal(err)
	}
	if len(mine.Teams) != 2 || mine.Teams[0].ID != f.team || mine.Teams[0].Unassigned != 1 || mine.Teams[1].ID != "" || len(mine.Teams[0].Turn) != 1 || mine.Teams[0].Turn[0] != ben.Id {
		t.Errorf("teams %+v", mine.Teams)
	}
	seen := map[string]assigning.Member{}
	for _, m := range mine.People {
		seen[m.ID] = m
	}
	if m := seen[anna.Id]; !m.Away || m.StandIn != ben.Id {
		t.Errorf("anna %+v", m)
	}
	if m := seen[ben.Id]; m.Open != 1 || m.Capacity != 5 || m.Away {
		t.Errorf("ben %+v", m)
	}
	if len(mine.Absent) != 1 || mine.Absent[0].ID != anna.Id || mine.Absent[0].StandIn != ben.Id {
		t.Errorf("absent %+v", mine.Absent)
	}
	if _, ok := seen[stranger.Id]; ok {
		t.Error("an agent sees the people of another team")
	}
	all, err := f.station.Look(f.Agent(desk.RoleSupervisor, ""))
	if err != nil || len(all.Teams) != 3 || len(all.People) < 4 {
		t.Errorf("a supervisor sees %+v %v", all, err)
	}
}

// A night without anybody is one notice that says how many there are, with the
// case only where it is one.
func TestAlarmsAreOneNotice(t *testing.T) {
	f := newFloor(t, desktest.Values{"alarm_after": "30m"})
	lead := f.Agent(desk.RoleSupervisor, "")
	f.Put(f.Find(desk.Teams, f.team), desktest.Values{"lead": lead.Id})
	for i := range 3 {
		c := f.open(nil)
		f.Clock.Advance(3 * 24 * time.Hour)
		f.tick()
		var data map[string]any
		told := f.All(desk.Notices, desktest.Values{"kind": desk.NoticeUnassigned, "agent": lead.Id})
		if len(told) != 1 || told[0].UnmarshalJSONField("data", &data) != nil || data["count"] != float64(i+1) || (told[0].GetString("case") == c.Id) != (i == 0) {
			t.Fatalf("%d notices, %v", len(told), data)
		}
	}
}

// No question of the minute goes over all cases.
func TestPlans(t *testing.T) {
	f := newFloor(t, nil)
	for name, q := range map[string]struct{ sql, index string }{
		"absences": {`SELECT id FROM agents WHERE away_from != '' AND away_from <= '2026' AND handed_over != away_from ORDER BY away_from, id`, "away"},
		"waiting":  {`SELECT id FROM cases WHERE queued_at != '' AND assignee = '' AND resolved_at = '' AND (+status = 'new' OR +status = 'open') AND (due_at, id) > ('2026', 'x') ORDER BY due_at, id LIMIT 10`, "queued"},
		"open":     {`SELECT assignee, COUNT(*) FROM cases INDEXED BY idx_pd_cases_open_by WHERE (status = 'new' OR status = 'open') AND assignee > '' GROUP BY assignee`, "open_by"},
		"alarmed":  {`SELECT COUNT(*) FROM (SELECT 1 FROM cases INDEXED BY idx_pd_cases_open_by WHERE (status = 'new' OR status = 'open') AND assignee = '' AND alarmed_at != '' AND team = 'x' LIMIT 1000)`, "open_by"},
		"own":      {`SELECT * FROM cases WHERE assignee = 'x' AND (status = 'new' OR status = 'open') ORDER BY due_at, id LIMIT 10`, "open_by"},
		"alarm":    {`SELECT * FROM cases WHERE assignee = '' AND alarmed_at = '' AND resolved_at = '' AND created <= '2026' AND team = 'x' AND (+status = 'new' OR +status = 'open') AND waiting_since != '' AND waiting_since <= '2026' ORDER BY created, id LIMIT 10`, "unassigned"},
		"last":     {`SELECT m.author FROM (SELECT id FROM cases WHERE contact = 'x' ORDER BY created DESC LIMIT 20) c JOIN messages m ON m.[case] = c.id WHERE m.direction = 'out' AND m.author != '' ORDER BY m.created DESC, m.id DESC LIMIT 1`, "contact"},
	} {
		var rows []struct {
			Detail string `db:"detail"`
		}
		if err := f.DB().NewQuery("EXPLAIN QUERY PLAN " + q.sql).All(&rows); err != nil {
			t.Fatal(err)
		}
		plan := ""
		for _, r := range rows {
			plan += r.Detail + "\n"
		}
		if !strings.Contains(plan, "_"+q.index) || strings.Contains(plan, "SCAN cases\n") || strings.Contains(plan, "SCAN m\n") {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}
