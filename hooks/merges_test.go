package hooks

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// foundIn are the cases that a search answers with.
func (s *shop) foundIn(words string, auth []string) (ids []string) {
	s.t.Helper()
	_, found := s.Get("/api/desk/search?q="+url.QueryEscape(words), auth...)
	items, _ := found["items"].([]any)
	for _, item := range items {
		id, _ := item.(map[string]any)["id"].(string)
		ids = append(ids, id)
	}
	return ids
}

// Two cases of one person become one over the API, are found under the one that
// stays, and are two again.
func TestMergeOverTheAPI(t *testing.T) {
	s := newShop(t)
	s.Submit(map[string]any{"message": "請問青瓷茶壺什麼時候寄出？"})
	s.Submit(map[string]any{"message": "補充：希望包裝成禮物，謝謝。"})
	first, second := s.Cases()[0], s.Cases()[1]
	token, _ := s.Agent("agent", "")
	auth := []string{"Authorization", token}
	body := map[string]any{"kind": "case", "source": second.Id, "target": first.Id}
	status, preview := s.Post("/api/desk/merges/preview", body, auth...)
	if status != http.StatusOK || preview["counts"].(map[string]any)["messages"] == nil {
		t.Fatalf("%d %v", status, preview)
	}
	body["seen"] = preview["seen"]
	if status, a := s.Patch("/api/collections/cases/records/"+first.Id, map[string]any{"priority": "high"}, auth...); status != http.StatusOK {
		t.Fatalf("%d %v", status, a)
	}
	if status, a := s.Post("/api/desk/merges", body, auth...); status != http.StatusConflict || a["data"].(map[string]any)["merge"].(map[string]any)["code"] != "changed" {
		t.Errorf("a stale merge: %d %v", status, a)
	}
	delete(body, "seen")
	status, done := s.Post("/api/desk/merges", body, auth...)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, done)
	}
	_, view := s.Get("/api/desk/cases/"+second.Id, auth...)
	if merged, _ := view["merged"].(map[string]any); merged["case"] != first.Id || merged["number"] != float64(first.Number()) {
		t.Errorf("the source says %v", view["merged"])
	}
	_, view = s.Get("/api/desk/cases/"+first.Id, auth...)
	if list := view["merges"].([]any); len(list) != 1 {
		t.Errorf("the target says %v", list)
	}
	if got := s.foundIn("禮物", auth); !slices.Contains(got, first.Id) {
		t.Errorf("its words are found in %v", got)
	}
	if status, a := s.Post("/api/collections/messages/records", map[string]any{"case": second.Id, "direction": "note", "body": "x"}, auth...); status != http.StatusBadRequest {
		t.Errorf("a note on a merged case: %d %v", status, a)
	}
	if status, a := s.Patch("/api/collections/cases/records/"+second.Id, map[string]any{"status": "open"}, auth...); status != http.StatusBadRequest {
		t.Errorf("a merged case was opened: %d %v", status, a)
	}
	status, undone := s.Post("/api/desk/merges/"+done["id"].(string)+"/undo", nil, auth...)
	if status != http.StatusOK || len(undone["left"].([]any)) != 0 {
		t.Errorf("%d %v", status, undone)
	}
	if got := s.foundIn("禮物", auth); !slices.Equal(got, []string{second.Id}) {
		t.Errorf("after undo its words are found in %v", got)
	}
}

// Who may not see a case merges, splits and dismisses nothing of it, and learns
// nothing by trying.
func TestMergeByRole(t *testing.T) {
	w := newWorld(t)
	other := w.Submit(map[string]any{"email": "ben@example.com", "name": "Ben", "message": "請問有沒有紅色的杯子？", "category": ""})
	mine := w.CaseOf(other["id"].(string))
	for _, way := range []struct{ path, body string }{
		{"/api/desk/merges/preview", `{"kind":"case","source":"` + w.caseID + `","target":"` + mine.Id + `"}`},
		{"/api/desk/merges/preview", `{"kind":"case","source":"` + mine.Id + `","target":"` + w.caseID + `"}`},
		{"/api/desk/merges", `{"kind":"case","source":"` + w.caseID + `","target":"` + mine.Id + `"}`},
		{"/api/desk/messages/" + w.message.Id + "/split", `{}`},
		{"/api/desk/cases/" + mine.Id + "/duplicates/dismiss", `{"case":"` + w.caseID + `"}`},
	} {
		nothing := w.Do(http.MethodPost, way.path, strings.NewReader(strings.ReplaceAll(way.body, w.caseID, "zzzzzzzzzzzzzzz")), append(w.auth("other"), "Content-Type", "application/json")...)
		got := w.Do(http.MethodPost, way.path, strings.NewReader(way.body), append(w.auth("other"), "Content-Type", "application/json")...)
		if got.Status != http.StatusNotFound || strings.Contains(way.path, "merges") && string(got.Body) != string(nothing.Body) {
			t.Errorf("%s: %d %s, of nothing %s", way.path, got.Status, got.Body, nothing.Body)
		}
	}
	status, done := w.Post("/api/desk/merges", map[string]any{"kind": "case", "source": mine.Id, "target": w.caseID}, w.auth("agent")...)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, done)
	}
	if status, _ := w.Post("/api/desk/merges/"+done["id"].(string)+"/undo", nil, w.auth("other")...); status != http.StatusNotFound {
		t.Errorf("another team undid it: %d", status)
	}
	if c, err := desk.FindCase(w.App, mine.Id); err != nil || c.Team() != w.teamA {
		t.Error("what was merged is still open to another team")
	}
}

// A person is not overwritten unseen, and none that was merged.
func TestStalePerson(t *testing.T) {
	s := newShop(t)
	s.Submit(nil)
	c := s.Cases()[0]
	token, _ := s.Agent("agent", "")
	path := "/api/collections/contacts/records/" + c.Contact()
	_, was := s.Get(path, "Authorization", token)
	s.Clock.Advance(1e9)
	if status, a := s.Patch(path, map[string]any{"note": "one", "seen": was["updated"]}, "Authorization", token); status != http.StatusOK {
		t.Fatalf("%d %v", status, a)
	}
	s.Clock.Advance(1e9)
	if status, a := s.Patch(path, map[string]any{"note": "two", "seen": was["updated"]}, "Authorization", token); status != http.StatusConflict {
		t.Errorf("%d %v", status, a)
	}
	if status, a := s.Patch(path, map[string]any{"merged_into": c.Contact()}, "Authorization", token); status != http.StatusBadRequest {
		t.Errorf("%d %v", status, a)
	}
}

// Whose case became part of somebody else's reads a polite sentence on his page,
// in his language, and nobody else's words; his number and his mails lead on.
func TestPageOfAMergedCase(t *testing.T) {
	s := newTrackShop(t, map[string]any{"email": "ben@example.com", "name": "Ben", "locale": "ja", "message": "カップについて質問があります。"})
	s.Submit(map[string]any{"email": "anna@example.com", "name": "Anna", "message": "這是 Anna 自己的訊息，和別人無關。"})
	anna := s.Cases()[1]
	token, _ := s.Agent("agent", "")
	status, done := s.Post("/api/desk/merges", map[string]any{"kind": "case", "source": s.id, "target": anna.Id}, "Authorization", token)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, done)
	}
	a := s.Do(http.MethodGet, s.path+"?lang=ja", nil)
	if a.Status != http.StatusGone || !strings.Contains(string(a.Body), "別の件とあわせて") || strings.Contains(string(a.Body), "Anna") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := s.Multipart(s.path, map[string]any{"do": "reply", "message": "x"}, nil); a.Status != http.StatusGone {
		t.Errorf("posted: %d", a.Status)
	}
	page := s.Do(http.MethodGet, "/support/t/"+anna.TrackToken(), nil)
	if page.Status != http.StatusOK || strings.Contains(string(page.Body), "カップ") || !strings.Contains(string(page.Body), "和別人無關") {
		t.Errorf("Anna's page: %d %s", page.Status, page.Body)
	}
	_, view := s.Get("/api/desk/cases/"+anna.Id, "Authorization", token)
	var writers []any
	for _, m := range view["messages"].([]any) {
		writers = append(writers, m.(map[string]any)["contact_name"])
	}
	if !slices.Contains(writers, any("Ben")) {
		t.Errorf("staff are not told who wrote: %v", writers)
	}
	if status, _ := s.Post("/api/desk/merges/"+done["id"].(string)+"/undo", nil, "Authorization", token); status != http.StatusOK {
		t.Fatalf("undo: %d", status)
	}
	if a := s.Do(http.MethodGet, s.path, nil); a.Status != http.StatusOK || !strings.Contains(string(a.Body), "カップ") {
		t.Errorf("after undo: %d", a.Status)
	}
}
