package hooks

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// A search finds a case for those who may see it, and shows nothing of it to others.
func TestSearchByRole(t *testing.T) {
	w := newWorld(t)
	find := func(role, q string) (map[string]any, string) {
		a := w.Do(http.MethodGet, "/api/desk/search?q="+url.QueryEscape(q), nil, w.auth(role)...)
		if a.Status != http.StatusOK {
			t.Fatalf("%s searches %q: %d %s", role, q, a.Status, a.Body)
		}
		return a.JSON(), string(a.Body)
	}
	for _, q := range []string{canary, "parcel " + canary, "ORD-" + canary, canary + "@example.com", "0912345678", "from:" + canary, "note", "is:open", "has:file", "#1", "category:" + w.category(t)} {
		for _, role := range []string{"agent", "supervisor", "admin", "integration"} {
			answer, body := find(role, q)
			if items := answer["items"].([]any); len(items) != 1 || items[0].(map[string]any)["id"] != w.caseID {
				t.Errorf("%s finds %q: %s", role, q, body)
			}
		}
		answer, _ := find("other", q)
		if items := answer["items"].([]any); len(items) != 0 {
			t.Errorf("an agent of another team finds %q: %v", q, items)
		}
		if next, more := answer["next"], answer["more"]; next != "" || more != false {
			t.Errorf("the answer to %q lets guess that there is something: %v %v", q, next, more)
		}
	}
	if a := w.Do(http.MethodGet, "/api/desk/search?q=x&cursor=made-up", nil, w.auth("agent")...); a.Status != http.StatusBadRequest {
		t.Errorf("a made-up cursor: %d", a.Status)
	}
	if a := w.Do(http.MethodGet, "/api/desk/search?q=x&queue=nothing", nil, w.auth("agent")...); a.Status != http.StatusBadRequest {
		t.Errorf("an unknown queue: %d %s", a.Status, a.Body)
	}
}

// Changes over the REST API are found at once, in the queue too.
func TestSearchFollowsREST(t *testing.T) {
	w := newWorld(t)
	items := func(query string) []any {
		a := w.Do(http.MethodGet, "/api/desk/"+query, nil, w.auth("agent")...)
		if a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", query, a.Status, a.Body)
		}
		return a.JSON()["items"].([]any)
	}
	c, err := desk.FindCase(w.App, w.caseID)
	if err != nil {
		t.Fatal(err)
	}
	contact := c.Contact()
	if status, answer := w.Patch("/api/collections/contacts/records/"+contact, map[string]any{"name": "王大明"}, w.auth("agent")...); status != http.StatusOK {
		t.Fatalf("rename: %d %v", status, answer)
	}
	if len(items("search?q="+url.QueryEscape("大明"))) != 1 {
		t.Error("the new name isn't found")
	}
	if status, answer := w.Post("/api/collections/messages/records", map[string]any{"case": w.caseID, "direction": "note", "body": "他要退貨，已聯絡倉庫"}, w.auth("agent")...); status != http.StatusOK {
		t.Fatalf("note: %d %v", status, answer)
	}
	found := items("search?q=" + url.QueryEscape("仓库"))
	if len(found) != 1 {
		t.Fatal("the note isn't found")
	}
	hit := found[0].(map[string]any)["hits"].([]any)[0].(map[string]any)
	if hit["kind"] != "note" || hit["message"] == "" {
		t.Errorf("hit %v", hit)
	}
	row := items("cases?queue=open&q=" + url.QueryEscape("倉庫"))
	if len(row) != 1 || !strings.Contains(row[0].(map[string]any)["snippet"].(string), "倉庫") {
		t.Errorf("in the queue: %v", row)
	}
	if len(items("cases?queue=done&q="+url.QueryEscape("倉庫"))) != 0 || len(items("search?queue=done&q="+url.QueryEscape("倉庫"))) != 0 {
		t.Error("a queue without the case has it")
	}
	report, err := w.plugin.search.Check()
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range report.Parts {
		if p.Records != p.Indexed {
			t.Errorf("%s: %d records, %d indexed", name, p.Records, p.Indexed)
		}
	}
	if !report.Sound {
		t.Error("the index is out of order")
	}
}
