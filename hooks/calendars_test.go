package hooks

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// An admin describes when the shop is open, sees what it means, makes it the
// shop's, and the visitor's promise follows at once.
func TestCalendarOfTheShop(t *testing.T) {
	s := newShop(t)
	s.Settings(map[string]any{"timezone": "Asia/Taipei", "answer_hours": 48})
	s.Clock.Set(time.Date(2026, 2, 12, 2, 0, 0, 0, time.UTC)) // Thursday, 10:00
	boss, _ := s.Agent(desk.RoleAdmin, "")

	by := func() string { return s.Submit(nil)["answer_by"].(string)[:16] }
	if got := by(); got != "2026-02-23 02:00" { // Friday, and the Monday after Lunar New Year
		t.Errorf("without a calendar: %v", got)
	}
	plan := map[string]any{
		"name": "Store", "country": "none", "week": map[string]any{"thu": [][]string{{"09:00", "12:00"}, {"13:00", "18:00"}}, "sat": [][]string{{"12:00", "24:00"}}},
		"days": []any{map[string]any{"date": "2026-02-14", "name": "Fair", "spans": []any{}}},
	}
	status, seen := s.Post("/api/desk/calendars/preview", plan, "Authorization", boss)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, seen)
	}
	days := seen["open"].([]any)
	third := days[2].(map[string]any)
	if len(days) != 56 || third["date"] != "2026-02-14" || third["name"] != "Fair" || third["why"] != "single" || len(third["spans"].([]any)) != 0 {
		t.Errorf("%d days, the third is %v", len(days), third)
	}
	examples := seen["examples"].([]any)
	if one := examples[0].(map[string]any); one["amount"] != "answer" || one["by"] != "2026-02-21T04:00:00Z" || seen["now_open"] != true {
		t.Errorf("%v", seen["examples"])
	}
	status, made := s.Post("/api/collections/calendars/records", plan, "Authorization", boss)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, made)
	}
	path := "/api/collections/calendars/records/" + made["id"].(string)
	s.Patch("/api/collections/desk_settings/records/"+desk.SettingsRecord, map[string]any{"calendar": made["id"]}, "Authorization", boss)
	if got := by(); got != "2026-02-21 04:00" { // Thursday, and Saturday at its opening
		t.Errorf("with a calendar: %v", got)
	}
	s.Patch(path, map[string]any{"days": []any{}}, "Authorization", boss)
	if got := by(); got != "2026-02-19 02:00" {
		t.Errorf("with another one: %v", got)
	}
	_, me := s.Post("/api/desk/me", nil, "Authorization", boss)
	if ahead := me["shop"].(map[string]any)["open"].([]any); len(ahead) != 15 || ahead[1].(map[string]any)["opens"] != "2026-02-14T04:00:00Z" || ahead[1].(map[string]any)["closes"] != "2026-02-14T16:00:00Z" {
		t.Errorf("the Desk knows %v", ahead)
	}
	_, found := s.Post("/api/desk/promises/find", map[string]any{"text": "我們會在一個工作天內回覆。"}, "Authorization", boss)
	if one := found["found"].([]any)[0].(map[string]any); one["due"] != "2026-02-14T15:59:00Z" {
		t.Errorf("a promise in a text: %v", one)
	}
	if status, answer := s.Delete(path, "Authorization", boss); status != http.StatusBadRequest || !strings.Contains(answer["message"].(string), "in use by desk_settings") {
		t.Errorf("deleted: %d %v", status, answer)
	}
	s.Patch("/api/collections/desk_settings/records/"+desk.SettingsRecord, map[string]any{"calendar": ""}, "Authorization", boss)
	if status, _ := s.Delete(path, "Authorization", boss); status != http.StatusNoContent {
		t.Errorf("deleted: %d", status)
	}
}

func TestCalendarFaults(t *testing.T) {
	s := newShop(t)
	boss, _ := s.Agent(desk.RoleAdmin, "")
	week := func(spans ...[]string) map[string]any { return map[string]any{"mon": spans} }
	for name, c := range map[string]struct {
		body        map[string]any
		field, code string
	}{
		"overlap":     {map[string]any{"week": week([]string{"09:00", "12:00"}, []string{"11:00", "13:00"})}, "week", "calendar_overlap"},
		"inside out":  {map[string]any{"week": week([]string{"18:00", "09:00"})}, "week", "calendar_order"},
		"never open":  {map[string]any{"week": map[string]any{"mon": []any{}}}, "week", "calendar_never_open"},
		"no week":     {map[string]any{"week": "nine to five"}, "week", "calendar_shape"},
		"three times": {map[string]any{"week": map[string]any{"mon": []any{map[string]any{"from": "09:00"}}}}, "week", "calendar_shape"},
		"zone":        {map[string]any{"timezone": "Asia/Atlantis"}, "timezone", "calendar_timezone_unknown"},
		"country":     {map[string]any{"country": "../TW"}, "country", "calendar_country_unknown"},
		"date":        {map[string]any{"days": []any{map[string]any{"date": "31.12.2026"}}}, "days", "calendar_date"},
		"twice":       {map[string]any{"days": []any{map[string]any{"date": "2026-12-31"}, map[string]any{"date": "2026-12-31"}}}, "days", "calendar_twice"},
	} {
		c.body["name"] = "Probe"
		status, answer := s.Post("/api/collections/calendars/records", c.body, "Authorization", boss)
		s.refused(t, name, status, answer, c.field, c.code)
		if c.code != "calendar_shape" { // what isn't JSON of this shape is refused before
			status, answer = s.Post("/api/desk/calendars/preview", c.body, "Authorization", boss)
			s.refused(t, name+", shown", status, answer, c.field, c.code)
		}
	}
	for name, body := range map[string]map[string]any{"from": {"from": "now"}, "year": {"year": 99999}} {
		if status, answer := s.Post("/api/desk/calendars/preview", body, "Authorization", boss); status != http.StatusBadRequest || answer["data"].(map[string]any)[name] == nil {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
}

func TestReadICal(t *testing.T) {
	s := newShop(t)
	boss, _ := s.Agent(desk.RoleAdmin, "")
	text := "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20270104\nSUMMARY:年末年始\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:20270101T090000Z\nEND:VEVENT\nEND:VCALENDAR\n"
	status, got := s.Post("/api/desk/calendars/ical", map[string]any{"text": text}, "Authorization", boss)
	days, _ := got["days"].([]any)
	skipped, _ := got["skipped"].([]any)
	if status != http.StatusOK || len(days) != 3 || len(skipped) != 1 || days[2].(map[string]any)["date"] != "2027-01-03" || skipped[0].(map[string]any)["why"] != "time" {
		t.Errorf("%d %v", status, got)
	}
	status, got = s.Post("/api/desk/calendars/ical", map[string]any{"text": "DATE;NAME"}, "Authorization", boss)
	s.refused(t, "another file", status, got, "text", "no_ical")
	for _, size := range []int{1<<20 + 1, 50 << 20} {
		status, got = s.Post("/api/desk/calendars/ical", map[string]any{"text": strings.Repeat("x", size)}, "Authorization", boss)
		if status != http.StatusRequestEntityTooLarge || !strings.Contains(got["message"].(string), "at most 1 MB") {
			t.Errorf("%d bytes: %d %v", size, status, got)
		}
	}
}
