package hooks

import (
	"net/http"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// A new case goes to whoever has room, waits while nobody has, and goes to the
// substitute when an absence begins.
func TestCasesFindSomebody(t *testing.T) {
	s := newShop(t, withoutSMTP())
	team := s.Add(desk.Teams, map[string]any{"name": "Returns", "mode": "round_robin"})
	category, err := s.App.FindRecordById(desk.Categories, "return")
	if err != nil {
		t.Fatal(err)
	}
	category.Set("team", team.Id)
	if err := s.App.Save(category); err != nil {
		t.Fatal(err)
	}
	token, anna := s.Agent(desk.RoleAgent, team.Id)
	_, ben := s.Agent(desk.RoleAgent, team.Id)
	ben.Set("no_turn", true)
	if err := s.App.Save(ben); err != nil {
		t.Fatal(err)
	}
	s.Submit(map[string]any{"category": "return"})
	c := s.Cases()[0]
	eventually(t, "given to anna", func() bool { return s.again(c).Assignee() == anna.Id })

	path := "/api/collections/agents/records/" + anna.Id
	now := s.Clock.Now()
	status, _ := s.Patch(path, map[string]any{"away_from": desk.Date(now), "away_until": desk.Date(now.AddDate(0, 0, 3)), "substitute": ben.Id, "on_leave": "substitute"}, "Authorization", token)
	if status != http.StatusOK {
		t.Fatalf("her own absence: %d", status)
	}
	s.Clock.Advance(time.Minute)
	s.runJob("pocketdesk.assigning")
	if got := s.again(c).Assignee(); got != ben.Id {
		t.Errorf("away, and %q has it", got)
	}
	status, view := s.Get("/api/desk/assignment", "Authorization", token)
	absent, _ := view["absent"].([]any)
	if status != http.StatusOK || len(absent) != 1 || absent[0].(map[string]any)["stand_in"] != ben.Id {
		t.Errorf("%d %v", status, view)
	}
}

// again reads a case as it is now.
func (s *shop) again(c *desk.Case) *desk.Case {
	s.t.Helper()
	now, err := desk.FindCase(s.App, c.Id)
	if err != nil {
		s.t.Fatal(err)
	}
	return now
}

// eventually waits for what a worker does.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	end := time.After(20 * time.Second)
	for !is() {
		select {
		case <-end:
			t.Fatalf("never: %s", what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Only admins say what a person takes; everybody keeps his own absence.
func TestWhoWritesWhatOfAPerson(t *testing.T) {
	s := newShop(t, withoutSMTP())
	team := s.Team("Returns")
	agent, me := s.Agent(desk.RoleAgent, team)
	boss, _ := s.Agent(desk.RoleSupervisor, "")
	admin, other := s.Agent(desk.RoleAdmin, "")
	integration, program := s.Agent(desk.RoleIntegration, "")
	path, day := "/api/collections/agents/records/"+me.Id, "2026-03-05 00:00:00.000Z"
	for name, tc := range map[string]struct {
		token string
		body  map[string]any
		want  int
	}{
		"own absence":              {agent, map[string]any{"away_from": day, "away_until": "2026-03-06 00:00:00.000Z", "substitute": other.Id, "on_leave": "keep"}, 200},
		"own skills":               {agent, map[string]any{"skills": map[string]any{"languages": []string{"ja"}}}, 400},
		"own capacity":             {agent, map[string]any{"capacity": 1}, 400},
		"own team":                 {agent, map[string]any{"team": ""}, 400},
		"own turn":                 {agent, map[string]any{"no_turn": true}, 400},
		"what the system keeps":    {admin, map[string]any{"handed_over": day}, 400},
		"whose turn it is":         {admin, map[string]any{"assigned_at": day}, 400},
		"a colleague's absence":    {boss, map[string]any{"away_from": day}, 404},
		"by a program":             {integration, map[string]any{"away_from": day}, 404},
		"by a guest":               {"", map[string]any{"away_from": day}, 404},
		"an admin sets skills":     {admin, map[string]any{"skills": map[string]any{"languages": []string{"ja"}, "categories": []string{"return"}}, "capacity": 20, "no_turn": false}, 200},
		"skills of another shape":  {admin, map[string]any{"skills": []string{"ja"}}, 400},
		"skills with more in them": {admin, map[string]any{"skills": map[string]any{"level": 3}}, 400},
		"a language of nobody's":   {admin, map[string]any{"skills": map[string]any{"languages": []string{"tlh"}}}, 400},
		"too much room":            {admin, map[string]any{"capacity": 1_000_000}, 400},
		"room below nothing":       {admin, map[string]any{"capacity": -1}, 400},
		"an end before the start":  {admin, map[string]any{"away_from": day, "away_until": "2026-03-04 00:00:00.000Z"}, 400},
		"an end without a start":   {admin, map[string]any{"away_from": "", "away_until": day}, 400},
		"his own substitute":       {admin, map[string]any{"substitute": me.Id}, 400},
		"a program as substitute":  {admin, map[string]any{"substitute": program.Id}, 400},
		"nobody as substitute":     {admin, map[string]any{"substitute": "nosuchperson000"}, 400},
		"no such wish":             {admin, map[string]any{"on_leave": "delete"}, 400},
	} {
		if status, body := s.Patch(path, tc.body, "Authorization", tc.token); status != tc.want {
			t.Errorf("%s: %d %v", name, status, body)
		}
	}
	for name, tc := range map[string]struct {
		token string
		body  map[string]any
		want  int
	}{
		"by an agent":     {agent, map[string]any{"mode": "least_busy"}, 404},
		"by a supervisor": {boss, map[string]any{"mode": "least_busy"}, 404},
		"by an admin":     {admin, map[string]any{"mode": "least_busy", "by_skill": true, "same_agent": true, "alarm_after": "2h"}, 200},
		"no such mode":    {admin, map[string]any{"mode": "by_magic"}, 400},
		"no amount":       {admin, map[string]any{"alarm_after": "soon"}, 400},
		"below nothing":   {admin, map[string]any{"alarm_after": "-2h"}, 400},
	} {
		if status, body := s.Patch("/api/collections/teams/records/"+team, tc.body, "Authorization", tc.token); status != tc.want {
			t.Errorf("team, %s: %d %v", name, status, body)
		}
	}
	for name, tc := range map[string]struct {
		value any
		want  int
	}{
		"whole":        {map[string]any{"mode": "round_robin", "by_skill": true, "same_agent": true, "alarm_after": "1d"}, 200},
		"empty":        {nil, 200},
		"no such mode": {map[string]any{"mode": "by_magic"}, 400},
		"more in it":   {map[string]any{"mod": "manual"}, 400},
		"no object":    {[]int{1}, 400},
		"no amount":    {map[string]any{"alarm_after": "tomorrow"}, 400},
	} {
		if status, body := s.Patch("/api/collections/desk_settings/records/"+desk.SettingsRecord, map[string]any{"assignment": tc.value}, "Authorization", admin); status != tc.want {
			t.Errorf("settings, %s: %d %v", name, status, body)
		}
	}
}

// Somebody hands over his own cases; for others only those do who see all.
func TestHandOverRoute(t *testing.T) {
	s := newShop(t, withoutSMTP())
	team, elsewhere := s.Team("Returns"), s.Team("Sales")
	agent, me := s.Agent(desk.RoleAgent, team)
	_, ben := s.Agent(desk.RoleAgent, team)
	stranger, far := s.Agent(desk.RoleAgent, elsewhere)
	boss, _ := s.Agent(desk.RoleSupervisor, "")
	integration, _ := s.Agent(desk.RoleIntegration, "")
	s.Submit(nil)
	c := s.Cases()[0]
	if status, body := s.Patch("/api/collections/cases/records/"+c.Id, map[string]any{"team": team, "assignee": me.Id}, "Authorization", boss); status != http.StatusOK {
		t.Fatalf("%d %v", status, body)
	}
	path := "/api/desk/agents/" + me.Id + "/handover"
	for name, tc := range map[string]struct {
		token string
		body  map[string]any
		want  int
	}{
		"a guest":                       {"", nil, 401},
		"a program":                     {integration, nil, 403},
		"a stranger":                    {stranger, map[string]any{"preview": true}, 404},
		"to himself":                    {agent, map[string]any{"to": me.Id}, 400},
		"to nobody":                     {agent, map[string]any{"to": "nosuchperson000"}, 400},
		"a supervisor looks":            {boss, map[string]any{"preview": true}, 200},
		"to one who can't see, a look ": {agent, map[string]any{"to": far.Id, "preview": true}, 200},
	} {
		if status, body := s.Post(path, tc.body, "Authorization", tc.token); status != tc.want {
			t.Errorf("%s: %d %v", name, status, body)
		}
	}
	if status, _ := s.Post("/api/desk/agents/nosuchperson000/handover", map[string]any{}, "Authorization", stranger); status != http.StatusNotFound {
		t.Errorf("of nobody: %d", status)
	}
	if s.again(c).Assignee() != me.Id {
		t.Fatal("a look moved it")
	}
	status, done := s.Post(path, map[string]any{"to": ben.Id}, "Authorization", agent)
	to, _ := done["to"].([]any)
	if status != http.StatusOK || len(to) != 1 || to[0].(map[string]any)["count"] != 1.0 || s.again(c).Assignee() != ben.Id {
		t.Errorf("%d %v", status, done)
	}
	// an agent of another team learns nothing of this one
	_, view := s.Get("/api/desk/assignment", "Authorization", stranger)
	for _, row := range view["teams"].([]any) {
		if row.(map[string]any)["id"] == team {
			t.Error("sees another team")
		}
	}
	for _, row := range view["people"].([]any) {
		if row.(map[string]any)["team"] == team {
			t.Error("sees how much people of another team have")
		}
	}
	if status, _ := s.Get("/api/desk/assignment"); status != http.StatusUnauthorized {
		t.Errorf("a guest: %d", status)
	}
}
