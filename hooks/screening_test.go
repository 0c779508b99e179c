package hooks

import (
	"net/http"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Staff read how screening does and try other thresholds; what a superuser
// deletes by hand stays in the numbers.
func TestScreeningReport(t *testing.T) {
	s := newShop(t)
	token, agent := s.Agent(desk.RoleSupervisor, "")
	auth := []string{"Authorization", token}
	s.Submit(map[string]any{"email": "one@example.com"})
	held := s.Submit(map[string]any{"email": "two@example.com", "website": "https://example.net"})["id"].(string)
	if v := s.Verdict(held); !v.Waits() {
		t.Fatalf("outcome %s", v.Outcome())
	}
	status, report := s.Get("/api/desk/screening?days=7", auth...)
	days, _ := report["days"].([]any)
	if status != http.StatusOK || len(days) != 7 {
		t.Fatalf("report: %d %v", status, report)
	}
	today := days[6].(map[string]any)
	if today["day"] != "2026-03-02" || today["accepted"] != 1.0 || today["held"] != 1.0 || today["blocked"] != 0.0 || today["released"] != 0.0 || today["confirmed"] != 0.0 {
		t.Errorf("today: %v", today)
	}
	thresholds, _ := report["thresholds"].(map[string]any)
	model, _ := report["model"].(map[string]any)
	if report["waiting"] != 1.0 || thresholds["quarantine"] != 5.0 || thresholds["block"] != 20.0 || model["status"] == "" || model["id"] == "" {
		t.Errorf("report: %v", report)
	}
	honeypot := false
	for _, one := range report["signals"].([]any) {
		if one := one.(map[string]any); one["name"] == "honeypot" {
			honeypot = one["count"] == 1.0 && one["held"] == 1.0 && one["blocked"] == 0.0 && one["released"] == 0.0
		}
	}
	if !honeypot {
		t.Errorf("signals: %v", report["signals"])
	}

	if status, answer := s.Post("/api/desk/feedback/"+held+"/release", nil, auth...); status != http.StatusOK {
		t.Fatalf("release: %d %v", status, answer)
	}
	s.Clock.Advance(time.Minute)
	status, replay := s.Get("/api/desk/screening/replay?quarantine=20&block=30", auth...)
	changes, _ := replay["changes"].(map[string]any)
	examples, _ := replay["examples"].([]any)
	if status != http.StatusOK || changes["would_accept"] != 1.0 || changes["accept_released"] != 1.0 || changes["would_hold"] != 0.0 || len(examples) != 1 || replay["days"] != 90.0 {
		t.Fatalf("replay: %d %v", status, replay)
	}
	if e := examples[0].(map[string]any); e["feedback"] != held || e["from"] != "quarantined" || e["to"] != "accepted" || e["staff"] != "released" || e["name"] != "王小明" {
		t.Errorf("example: %v", e)
	}

	if status := s.Do(http.MethodDelete, "/api/collections/feedback/records/"+held, nil, "Authorization", s.Superuser()).Status; status != http.StatusNoContent {
		t.Fatalf("delete: %d", status)
	}
	s.Clock.Advance(time.Minute)
	if status, report = s.Get("/api/desk/screening?days=1", auth...); status != http.StatusOK {
		t.Fatalf("report: %d %v", status, report)
	}
	if today := report["days"].([]any)[0].(map[string]any); today["held"] != 1.0 || today["released"] != 1.0 || today["accepted"] != 1.0 {
		t.Errorf("after deleting: %v (released by %s)", today, agent.Id)
	}
}

func TestScreeningRefuses(t *testing.T) {
	s := newShop(t, withoutSMTP())
	token, _ := s.Agent(desk.RoleAgent, "")
	for path, field := range map[string]string{
		"?days=0": "days", "?days=91": "days", "?days=-7": "days", "?days=x": "days", "?days=": "days", "?days=7.5": "days", "?days=99999999999999999999": "days",
		"/replay?days=0": "days", "/replay?days=1e2": "days",
		"/replay?quarantine=x": "quarantine", "/replay?block=": "block", "/replay?quarantine=1e999": "quarantine",
		"/replay?quarantine=NaN": "block", "/replay?quarantine=NaN&block=NaN": "block", "/replay?block=Inf": "block", "/replay?quarantine=-Inf": "block",
		"/replay?quarantine=0": "block", "/replay?quarantine=-3": "block", "/replay?quarantine=20&block=5": "block", "/replay?quarantine=5&block=5": "block",
		"/replay?block=1001": "block",
	} {
		status, answer := s.Get("/api/desk/screening"+path, "Authorization", token)
		data, _ := answer["data"].(map[string]any)
		if status != http.StatusBadRequest || len(data) != 1 || data[field] == nil {
			t.Errorf("%s: %d %v, want a word on %s", path, status, answer, field)
		}
	}
	if status, answer := s.Get("/api/desk/screening/replay", "Authorization", token); status != http.StatusOK || answer["resolution"] != 0.5 {
		t.Errorf("with the settings' thresholds: %d %v", status, answer)
	}
}

// The jobs count by themselves, and a message that retention removes stays in the numbers.
func TestScreeningJobs(t *testing.T) {
	s := newShop(t, withoutSMTP())
	s.Submit(map[string]any{"website": "https://example.net"})
	s.runJob("pocketdesk.screening")
	if n := len(s.Rows(desk.ScreeningDays)); n != 1 {
		t.Fatalf("%d days", n)
	}
	s.Clock.Advance(31 * 24 * time.Hour)
	s.runJob("pocketdesk.screening.settle")
	s.runJob("pocketdesk.retention")
	s.runJob("pocketdesk.screening.settle")
	if n := len(s.Rows(desk.Verdicts)); n != 0 {
		t.Fatalf("%d verdicts are left", n)
	}
	days := s.Rows(desk.ScreeningDays)
	if len(days) != 1 || desk.AsScreeningDay(days[0]).Tally().Counts != (desk.Counts{Held: 1}) {
		t.Errorf("days: %v", days)
	}
}
