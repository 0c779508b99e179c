package hooks

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// until reads events up to the one that holds the last of the marks; it fails
// where the stream ends before, and gives all that came.
func until(t *testing.T, events <-chan string, mark string) string {
	t.Helper()
	var all strings.Builder
	for e := range events {
		all.WriteString(e + "\n")
		if strings.Contains(e, mark) {
			return all.String()
		}
	}
	t.Fatalf("%q never came; what came: %.2000s", mark, all.String())
	return ""
}

// A case that goes to another team is told to those who lose it, to nobody else.
func TestLeftIsTold(t *testing.T) {
	w := newWorld(t)
	w.tokens["superuser"] = w.Superuser()
	streams := map[string]<-chan string{}
	for _, role := range []string{"guest", "integration", "other", "agent", "supervisor", "superuser"} {
		streams[role] = w.subscribe(t, role, topicLeft)
	}
	c, err := desk.FindCase(w.App, w.caseID)
	if err != nil {
		t.Fatal(err)
	}
	path := "/api/collections/cases/records/" + w.caseID
	status, answer := w.send(http.MethodPatch, path, map[string]any{"team": w.teamB, "version": c.GetInt("version")}, w.auth("supervisor"))
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	until(t, streams["agent"], topicLeft+` {"case":"`+w.caseID+`"}`)
	// what is not told can't be waited for: something else that all of them hear
	// is, and what belongs to the change has gone out long before
	w.Add(desk.Teams, map[string]any{"name": "the end"})
	for _, role := range []string{"integration", "other", "supervisor", "superuser"} {
		if got := until(t, streams[role], "the end"); strings.Contains(got, topicLeft) {
			t.Errorf("%s is told of a case that did not leave:\n%.1000s", role, got)
		}
	}
	after := len(streams["agent"])
	if status, _ := w.send(http.MethodPatch, path, map[string]any{"subject": "after " + canary}, w.auth("supervisor")); status != http.StatusOK {
		t.Fatal(status)
	}
	w.Add(desk.Teams, map[string]any{"name": "the very end"})
	if got := until(t, streams["agent"], "the very end"); strings.Contains(got, "after "+canary) {
		t.Errorf("the former team still hears of the case (%d): %.1000s", after, got)
	}
	select {
	case e := <-streams["guest"]:
		t.Errorf("a guest was sent %s", e)
	default:
	}
}

// Who changes teams, or loses his role, is told to look again.
func TestAgentMoved(t *testing.T) {
	w := newWorld(t)
	mine, other := w.subscribe(t, "agent", topicLeft), w.subscribe(t, "other", topicLeft)
	_, me := w.Post("/api/desk/me", map[string]any{}, w.auth("agent")...)
	id := me["agent"].(map[string]any)["id"].(string)
	for _, change := range []map[string]any{{"team": w.teamB}, {"role": ""}} {
		if status, answer := w.send(http.MethodPatch, "/api/collections/agents/records/"+id, change, w.auth("admin")); status != http.StatusOK {
			t.Fatalf("%d %v", status, answer)
		}
		until(t, mine, topicLeft+` {"case":"*"}`)
	}
	// without a role nothing of our topics arrives any more, and the session is over
	if status, _ := w.Post("/api/desk/me", map[string]any{}, w.auth("agent")...); status != http.StatusUnauthorized {
		t.Errorf("an agent without a role: %d", status)
	}
	w.plugin.tell(topicLeft, left{"for staff"}, func(*desk.Agent) bool { return true })
	if got := until(t, other, "for staff"); strings.Contains(got, `"*"`) {
		t.Errorf("a colleague was told: %s", got)
	}
	for len(mine) > 0 {
		if e := <-mine; strings.Contains(e, "for staff") {
			t.Error("an agent without a role is told of things for staff")
		}
	}
}

// Nobody hears of what is another person's own, and an agent of another team of
// nothing that hangs on the case.
func TestPersonalIsTold(t *testing.T) {
	w := newWorld(t)
	streams := map[string]<-chan string{}
	for _, role := range []string{"other", "supervisor", "admin", "agent"} {
		streams[role] = w.subscribe(t, role)
	}
	w.personal(t)
	w.Add(desk.Teams, map[string]any{"name": "the end"})
	hears := func(all, collection string) bool { return strings.Contains(all, `"collectionName":"`+collection+`"`) }
	for role, want := range map[string]map[string]bool{
		"other":      {"desk_views": false, "macros": false, "promises": false, "notices": false, "case_reads": false, "merges": false},
		"supervisor": {"desk_views": false, "macros": false, "promises": true, "notices": false, "merges": false},
		"admin":      {"promises": true, "notices": false, "merges": false},
		"agent":      {"desk_views": true, "macros": true, "promises": true, "notices": true, "merges": false},
	} {
		all := until(t, streams[role], "the end")
		for hears(all, "promises") != want["promises"] || hears(all, "notices") != want["notices"] { // they come side by side
			e, ok := <-streams[role]
			if !ok {
				break
			}
			all += e
		}
		for collection, yes := range want {
			if hears(all, collection) != yes {
				t.Errorf("%s hears of %s: %v\n%.1500s", role, collection, !yes, all)
			}
		}
	}
}
