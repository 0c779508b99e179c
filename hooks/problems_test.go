package hooks

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/problems"
)

// Two visitors report one fault. It is offered as one, made a problem of, mended,
// and both get a letter in their language by mail; a third case is recognised.
func TestProblemFromReportsToLetters(t *testing.T) {
	s := newShop(t)
	boss, _ := s.Agent(desk.RoleSupervisor, "")
	auth := []string{"Authorization", boss}
	s.Submit(map[string]any{"name": "王小明", "email": "ming@example.org", "locale": "zh-TW", "message": "結帳時刷卡一直失敗，畫面停在處理中"})
	s.Submit(map[string]any{"name": "林美", "email": "mei@example.org", "locale": "zh-TW", "message": "我用信用卡結帳失敗了三次，一直停在處理中的畫面"})
	s.Submit(map[string]any{"name": "Tom", "email": "tom@example.org", "locale": "en", "message": "Is the blue teapot in stock again?"})
	_, v := s.Get("/api/desk/problems/suggestions", auth...)
	groups, _ := v["groups"].([]any)
	if len(groups) != 1 {
		t.Fatalf("%v", v)
	}
	status, made := s.Post("/api/collections/problems/records", map[string]any{"title": "Card payment stops", "reward": map[string]any{"code": "THANKS50"}}, auth...)
	if status != http.StatusOK || made["state"] != problems.Open {
		t.Fatalf("%d %v", status, made)
	}
	base := "/api/desk/problems/" + made["id"].(string)
	if status, v := s.Post(base+"/cases", map[string]any{"cases": groups[0].(map[string]any)["ids"]}, auth...); status != http.StatusOK {
		t.Fatalf("%d %v", status, v)
	}
	status, preview := s.Post(base+"/fix", map[string]any{"preview": true}, auth...)
	if status != http.StatusOK || preview["people"] != 2.0 {
		t.Fatalf("%d %v", status, preview)
	}
	if status, v := s.Post(base+"/fix", map[string]any{"resolve": true}, auth...); status != http.StatusOK {
		t.Fatalf("%d %v", status, v)
	}
	if err := s.plugin.problems.Tell(t.Context()); err != nil { // waits for the round that is under way
		t.Fatal(err)
	}
	letters := 0
	for _, m := range s.Rows(desk.Messages) {
		if m.GetString("template") == problems.Template {
			letters++
			if text := m.GetString("body"); !strings.Contains(text, "已經修復") || !strings.Contains(text, "THANKS50") {
				t.Errorf("%s", text)
			}
		}
	}
	if letters != 2 {
		t.Errorf("%d letters", letters)
	}
	if _, d := s.Get(base, auth...); d["sent"] != 2.0 || d["told_at"] == "" || d["state"] != problems.Fixed {
		t.Errorf("%v", d)
	}
	s.Submit(map[string]any{"name": "陳大", "email": "chen@example.org", "locale": "zh-TW", "message": "刷卡結帳失敗，請問是系統有問題嗎？畫面一直處理中"})
	cases := s.Cases()
	_, near := s.Get("/api/desk/cases/"+cases[len(cases)-1].Id+"/problems", auth...)
	if known, _ := near["problems"].([]any); len(known) != 1 || known[0].(map[string]any)["title"] != "Card payment stops" {
		t.Errorf("%v", near)
	}
}

// What the API refuses of a problem, each with its reason.
func TestProblemFields(t *testing.T) {
	s := newShop(t)
	agent, _ := s.Agent(desk.RoleAgent, "")
	program, _ := s.Agent(desk.RoleIntegration, "")
	records := "/api/collections/problems/records"
	status, made := s.Post(records, map[string]any{"title": "Blank page"}, "Authorization", agent)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, made)
	}
	if status, _ := s.Post(records, map[string]any{"title": "Blank page"}, "Authorization", program); status != http.StatusBadRequest && status != http.StatusForbidden {
		t.Errorf("a program made a problem: %d", status)
	}
	one := records + "/" + made["id"].(string)
	for _, fields := range []map[string]any{
		{"state": "fixed"}, {"told_at": "2026-01-01 00:00:00Z"}, {"fixed_at": "2026-01-01 00:00:00Z"}, {"telling": map[string]any{"sent": 9}},
		{"reward": map[string]any{"code": "A", "codes": []string{"B"}}}, {"title": strings.Repeat("x", 201)},
	} {
		if status, v := s.Patch(one, fields, "Authorization", agent); status != http.StatusBadRequest {
			t.Errorf("%v: %d %v", fields, status, v)
		}
	}
	if status, _ := s.Patch(one, map[string]any{"state": "dismissed", "note": "It was the guest's network."}, "Authorization", agent); status != http.StatusOK {
		t.Errorf("dismissed: %d", status)
	}
	for path, want := range map[string]int{"/api/desk/problems/gone": 404, "/api/desk/problems/questions?days=0": 400, "/api/desk/problems/templates?days=91": 400, "/api/desk/problems?state=open": 200} {
		if status, v := s.Get(path, "Authorization", agent); status != want {
			t.Errorf("%s: %d %v", path, status, v)
		}
	}
	if status, _ := s.Post("/api/desk/problems/gone/fix", map[string]any{}, "Authorization", agent); status != http.StatusNotFound {
		t.Errorf("fix of nothing: %d", status)
	}
}

// Who got which code is the system's to write, and what cases report isn't deleted.
func TestProblemIsKept(t *testing.T) {
	s := newShop(t)
	admin, _ := s.Agent(desk.RoleAdmin, "")
	auth := []string{"Authorization", admin}
	s.Submit(map[string]any{"name": "Tom", "email": "tom@example.org", "locale": "en", "message": "The page stays blank"})
	records := "/api/collections/problems/records"
	status, made := s.Post(records, map[string]any{"title": "Blank page", "reward": map[string]any{"codes": []string{"A", "B"}, "given": map[string]any{"x": "A"}}}, auth...)
	if status != http.StatusOK || strings.Contains(fmt.Sprint(made["reward"]), "given") {
		t.Fatalf("%d %v", status, made)
	}
	id := made["id"].(string)
	s.Post("/api/desk/problems/"+id+"/cases", map[string]any{"cases": []string{s.Cases()[0].Id}}, auth...)
	if status, v := s.Post("/api/desk/problems/"+id+"/fix", map[string]any{}, auth...); status != http.StatusOK {
		t.Fatalf("%d %v", status, v)
	}
	if err := s.plugin.problems.Tell(t.Context()); err != nil {
		t.Fatal(err)
	}
	status, after := s.Patch(records+"/"+id, map[string]any{"reward": map[string]any{"codes": []string{"B", "A"}}}, auth...)
	if given, _ := after["reward"].(map[string]any)["given"].(map[string]any); status != http.StatusOK || len(given) != 1 {
		t.Errorf("%d %v", status, after)
	}
	if status, v := s.Patch(records+"/"+id, map[string]any{"reward": []string{"B"}}, auth...); status != http.StatusBadRequest {
		t.Errorf("a list as reward: %d %v", status, v)
	}
	if status, _ := s.Delete(records+"/"+id, auth...); status != http.StatusBadRequest {
		t.Errorf("deleted with a case: %d", status)
	}
	s.Post("/api/desk/problems/"+id+"/cases", map[string]any{"cases": []string{s.Cases()[0].Id}, "remove": true}, auth...)
	if status, v := s.Delete(records+"/"+id, auth...); status != http.StatusNoContent {
		t.Errorf("deleted without: %d %v", status, v)
	}
	if status, _ := s.Post("/api/desk/problems/x/fix", map[string]any{"body": strings.Repeat("x", 300_000)}, auth...); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a long letter: %d", status)
	}
}

// Codes are money: supervisors and admins read and write them, nobody else does,
// nor finds one by a filter.
func TestCodesAreNotForAll(t *testing.T) {
	s := newShop(t)
	boss, _ := s.Agent(desk.RoleSupervisor, "")
	records := "/api/collections/problems/records"
	status, made := s.Post(records, map[string]any{"title": "Blank page", "reward": map[string]any{"code": "SECRET-50"}}, "Authorization", boss)
	if status != http.StatusOK || made["reward"].(map[string]any)["code"] != "SECRET-50" || made["telling"] != nil {
		t.Fatalf("%d %v", status, made)
	}
	one := records + "/" + made["id"].(string)
	for _, role := range []string{desk.RoleAgent, desk.RoleIntegration} {
		auth, _ := s.Agent(role, "")
		if status, v := s.Get(one, "Authorization", auth); status != http.StatusOK || strings.Contains(fmt.Sprint(v), "SECRET") || v["telling"] != nil {
			t.Errorf("%s reads %d %v", role, status, v)
		}
		if status, v := s.Get(records+"?filter=reward.code~%22SECRET%22", "Authorization", auth); status == http.StatusOK && v["totalItems"] != 0.0 {
			t.Errorf("%s finds %v", role, v)
		}
		if status, _ := s.Patch(one, map[string]any{"reward": map[string]any{"code": "MINE"}}, "Authorization", auth); status < 400 {
			t.Errorf("%s writes: %d", role, status)
		}
	}
	if _, v := s.Get(one, "Authorization", boss); v["reward"].(map[string]any)["code"] != "SECRET-50" {
		t.Errorf("%v", v)
	}
}
