package hooks

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/presence"
)

// rowOf finds a case in a list as somebody sees it.
func (w *world) rowOf(t *testing.T, role, query, id string) map[string]any {
	t.Helper()
	status, page := w.Get("/api/desk/cases?"+query, w.auth(role)...)
	if status != http.StatusOK {
		t.Fatalf("%s as %s: %d %v", query, role, status, page)
	}
	for _, r := range page["items"].([]any) {
		if row := r.(map[string]any); row["id"] == id {
			return row
		}
	}
	return nil
}

// A view is checked before it is kept, belongs to its maker, and is shared by
// those who lead.
func TestViewsByRole(t *testing.T) {
	w := newWorld(t)
	_, boss := w.Agent("supervisor", "")
	w.tokens["boss"], _ = boss.NewStaticAuthToken(time.Hour)
	_, ann := w.Agent("agent", w.teamA)
	w.tokens["ann"], _ = ann.NewStaticAuthToken(time.Hour)
	make := func(role string, v map[string]any) (int, map[string]any) {
		return w.Post("/api/collections/desk_views/records", v, w.auth(role)...)
	}
	for _, one := range []struct {
		role   string
		view   map[string]any
		status int
		field  string
	}{
		{"ann", map[string]any{"name": "mine", "scope": "open", "owner": ann.Id}, 200, ""},
		{"ann", map[string]any{"name": "no owner named", "scope": "open"}, 400, ""},
		{"ann", map[string]any{"name": "another's", "scope": "open", "owner": boss.Id}, 400, ""},
		{"ann", map[string]any{"name": "shared", "scope": "open", "owner": ann.Id, "shared": true}, 400, "shared"},
		{"boss", map[string]any{"name": "shared", "scope": "open", "owner": boss.Id, "shared": true, "filter": `contact.name ~ "Ann"`}, 200, ""},
		{"ann", map[string]any{"name": "bad", "scope": "open", "owner": ann.Id, "filter": `track_token != ""`}, 400, "filter"},
		{"ann", map[string]any{"name": "bad", "scope": "open", "owner": ann.Id, "filter": `@collection.agents.id != ""`}, 400, "filter"},
		{"ann", map[string]any{"name": "bad", "scope": "nowhere", "owner": ann.Id}, 400, "scope"},
		{"ann", map[string]any{"name": "", "scope": "open", "owner": ann.Id}, 400, "name"},
		{"integration", map[string]any{"name": "x", "scope": "open"}, 400, ""},
		{"guest", map[string]any{"name": "x", "scope": "open"}, 400, ""},
	} {
		status, answer := make(one.role, one.view)
		data, _ := answer["data"].(map[string]any)
		if status != one.status || (one.field != "" && data[one.field] == nil) {
			t.Errorf("%s saves %v: %d %v", one.role, one.view, status, answer)
		}
		if one.field == "filter" && !strings.Contains(data["filter"].(map[string]any)["message"].(string), "can't be used") {
			t.Errorf("the sentence names nothing: %v", data)
		}
	}
	views := map[string]string{}
	for _, r := range w.Rows(desk.Views) {
		views[r.GetString("name")] = r.Id
		if owner := r.GetString("owner"); owner != ann.Id && owner != boss.Id {
			t.Errorf("%s has owner %q", r.GetString("name"), owner)
		}
	}
	patch := func(role, name string, v map[string]any) int {
		status, _ := w.send(http.MethodPatch, "/api/collections/desk_views/records/"+views[name], v, w.auth(role))
		return status
	}
	for _, one := range []struct {
		role, name string
		change     map[string]any
		want       int
	}{
		{"ann", "mine", map[string]any{"filter": `priority = "low"`}, 200}, {"ann", "mine", map[string]any{"filter": `foo = 1`}, 400},
		{"ann", "mine", map[string]any{"shared": true}, 400}, {"ann", "mine", map[string]any{"owner": boss.Id}, 400},
		{"boss", "mine", map[string]any{"name": "x"}, 404}, {"ann", "shared", map[string]any{"name": "x"}, 404}, {"admin", "shared", map[string]any{"position": 3}, 200},
	} {
		if got := patch(one.role, one.name, one.change); got != one.want {
			t.Errorf("%s changes %s to %v: %d, want %d", one.role, one.name, one.change, got, one.want)
		}
	}
	// the shared one finds a case of team A for those who may see it, and counts so
	for role, want := range map[string]int{"ann": 1, "boss": 1, "other": 0} {
		row := w.rowOf(t, role, "queue=view:"+views["shared"], w.caseID)
		_, tally := w.Get("/api/desk/queues", w.auth(role)...)
		list := tally["views"].([]any)
		at := slices.IndexFunc(list, func(v any) bool { return v.(map[string]any)["id"] == views["shared"] })
		if (row != nil) != (want == 1) || at < 0 || list[at].(map[string]any)["count"] != float64(want) {
			t.Errorf("%s: row %v, counts %v", role, row, list)
		}
	}
	if status, _ := w.Get("/api/desk/cases?queue=view:"+views["mine"], w.auth("boss")...); status != http.StatusBadRequest {
		t.Errorf("somebody else's view: %d", status)
	}
	_, found := w.Post("/api/desk/views/check", map[string]any{"filter": `contact.name ~ "Ann"`, "scope": "open"}, w.auth("other")...)
	if n := found["count"].(map[string]any)["count"]; n != 0.0 || strings.Contains(toJSON(found), canary) {
		t.Errorf("a check tells of another team's case: %v", found)
	}
	_, wrong := w.Post("/api/desk/views/check", map[string]any{"filter": `mail_token ~ "a"`, "scope": "open"}, w.auth("ann")...)
	if e, _ := wrong["error"].(map[string]any); e["code"] != "field" || e["part"] != "mail_token" {
		t.Errorf("%v", wrong)
	}
}

func toJSON(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// Nobody's first day begins with unread cases; what is said later is unread for
// each until he has read it, and for him alone.
func TestReadsByPerson(t *testing.T) {
	w := newWorld(t)
	unread := func(role string) any {
		row := w.rowOf(t, role, "queue=open", w.caseID)
		return row["unread"]
	}
	for _, role := range []string{"agent", "supervisor"} {
		if status, _ := w.Post("/api/desk/me", map[string]any{}, w.auth(role)...); status != http.StatusOK {
			t.Fatal(status)
		}
		if unread(role) != false {
			t.Errorf("%s begins with an unread case", role)
		}
	}
	w.Clock.Advance(time.Minute)
	c, err := desk.FindCase(w.App, w.caseID)
	if err != nil {
		t.Fatal(err)
	}
	c.Set("last_in_at", desk.Date(w.Clock.Now()))
	if err := w.App.Save(c.Record); err != nil {
		t.Fatal(err)
	}
	if unread("agent") != true || unread("supervisor") != true {
		t.Error("new words are not unread")
	}
	post := func(role, what string, want int) {
		t.Helper()
		if status, answer := w.Post("/api/desk/cases/"+w.caseID+"/"+what, map[string]any{}, w.auth(role)...); status != want {
			t.Errorf("%s by %s: %d %v", what, role, status, answer)
		}
	}
	w.Clock.Advance(time.Minute)
	post("agent", "read", http.StatusNoContent)
	if unread("agent") != false || unread("supervisor") != true {
		t.Errorf("read by one: %v %v", unread("agent"), unread("supervisor"))
	}
	if w.rowOf(t, "agent", "queue=open&unread=1", w.caseID) != nil || w.rowOf(t, "supervisor", "queue=open&unread=1", w.caseID) == nil {
		t.Error("the list of what is unread is wrong")
	}
	post("agent", "unread", http.StatusNoContent)
	if unread("agent") != true {
		t.Error("marked, and still read")
	}
	post("other", "read", http.StatusNotFound)
	post("other", "unread", http.StatusNotFound)
	post("integration", "read", http.StatusForbidden)
	for _, body := range []map[string]any{{"queue": "open"}, {}} {
		post("agent", "unread", http.StatusNoContent)
		if status, answer := w.Post("/api/desk/reads/all", body, w.auth("agent")...); status != http.StatusNoContent || unread("agent") != false {
			t.Errorf("%v: %d %v", body, status, answer)
		}
	}
	if status, _ := w.Post("/api/desk/reads/all", map[string]any{"queue": "nowhere"}, w.auth("agent")...); status != http.StatusBadRequest {
		t.Errorf("a queue that there is not: %d", status)
	}
	if status, _ := w.Post("/api/collections/case_reads/records", map[string]any{"case": w.caseID}, w.auth("admin")...); status != http.StatusForbidden {
		t.Errorf("a read is written past the verb: %d", status)
	}
}

// Who looks at a case is told to those who may see it, and to nobody else.
func TestPresenceByRole(t *testing.T) {
	w := newWorld(t)
	streams := map[string]<-chan string{}
	for _, role := range []string{"guest", "other", "supervisor", "integration", "admin"} {
		streams[role] = w.subscribe(t, role, topicPresence)
	}
	_, ann := w.Agent("agent", w.teamA)
	w.tokens["ann"], _ = ann.NewStaticAuthToken(time.Hour)
	say := func(role, state string) (int, map[string]any) {
		return w.Post("/api/desk/cases/"+w.caseID+"/presence", map[string]any{"state": state}, w.auth(role)...)
	}
	if status, answer := say("ann", "typing"); status != http.StatusOK || len(answer["others"].([]any)) != 0 {
		t.Fatalf("%d %v", status, answer)
	}
	if status, answer := say("supervisor", "looking"); status != http.StatusOK || !strings.Contains(toJSON(answer), ann.Id) || strings.Contains(toJSON(answer), "looking") {
		t.Errorf("%d %v", status, answer)
	}
	for role, want := range map[string]int{"other": 404, "guest": 401, "integration": 403} {
		if status, answer := say(role, "looking"); status != want || strings.Contains(toJSON(answer), ann.Id) {
			t.Errorf("%s: %d %v", role, status, answer)
		}
	}
	for _, state := range []string{"", "dancing"} {
		if status, _ := say("ann", state); status != http.StatusBadRequest {
			t.Errorf("%q: %d", state, status)
		}
	}
	row := w.rowOf(t, "supervisor", "queue=open", w.caseID)
	if present := toJSON(row["present"]); !strings.Contains(present, ann.Id) || !strings.Contains(present, "typing") {
		t.Errorf("the row says %s", present)
	}
	// with somebody typing in it, it is next for nobody else
	if _, step := w.Get("/api/desk/next", w.auth("supervisor")...); step["case"] == w.caseID {
		t.Errorf("next leads to where somebody types: %v", step)
	}
	if status, _ := say("ann", "gone"); status != http.StatusOK {
		t.Fatal(status)
	}
	if _, step := w.Get("/api/desk/next", w.auth("supervisor")...); step["case"] != w.caseID {
		t.Errorf("next leads to %v", step)
	}
	for _, role := range []string{"supervisor", "admin"} {
		got := ""
		for e := range streams[role] {
			if got += e + "\n"; strings.Contains(got, ann.Id) && strings.Contains(e, "looking") && !strings.Contains(e, ann.Id) {
				break
			}
		}
	}
	for _, role := range []string{"guest", "other", "integration"} {
		for more := true; more; {
			select {
			case e := <-streams[role]:
				if strings.HasPrefix(e, ourTopics) {
					t.Errorf("%s was told %s", role, e)
				}
			default:
				more = false
			}
		}
	}
	// a case that left the team is told to nobody of it, at that moment
	p := w.plugin.presence
	p.Put(w.caseID, presence.Person{ID: ann.Id, Name: "Ann"}, presence.Looking)
	w.Clock.Advance(46 * time.Second)
	if got := p.Sweep(); len(got) != 1 || len(p.Others(w.caseID, "")) != 0 {
		t.Errorf("silent people stay: %v", got)
	}
}

// Every list that a screen may ask for answers, and a wrong one says so.
func TestListsAnswer(t *testing.T) {
	w := newWorld(t)
	for query, want := range map[string]int{
		"queue=person:nobody": 200, "queue=person:": 400, "queue=view:nope": 400, "queue=view:": 400, "queue=open&sort=due&unread=1": 200,
		"queue=open&sort=" + url.QueryEscape("due; DROP TABLE cases"): 400, "queue=done&sort=due": 200, "queue=open&cursor=WzksImEiLCJiIl0": 400, "queue=open&cursor=Wy0xLCJhIiwiYiJd": 400,
	} {
		if status, answer := w.Get("/api/desk/cases?"+query, w.auth("supervisor")...); status != want {
			t.Errorf("%s: %d %v", query, status, answer)
		}
	}
}
