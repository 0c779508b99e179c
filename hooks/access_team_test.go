package hooks

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Attachments need a file token of somebody who may see the case, and no type of
// file is ever shown inside the desk's own origin.
func TestAttachmentsByRole(t *testing.T) {
	w := newWorld(t)
	path := "/api/files/feedback/" + w.feedback.Id + "/" + w.feedback.GetStringSlice("attachments")[0]
	for role, want := range map[string]int{
		"guest": http.StatusNotFound, "other": http.StatusNotFound, "agent": http.StatusOK, "supervisor": http.StatusOK, "integration": http.StatusOK,
	} {
		token := ""
		if role != "guest" {
			_, answer := w.Post("/api/files/token", map[string]any{}, w.auth(role)...)
			token, _ = answer["token"].(string)
		}
		for _, query := range []string{"?token=" + token, "?thumb=100x100&token=" + token, "?download=1&token=" + token} {
			a := w.Do(http.MethodGet, path+query, nil)
			if a.Status != want {
				t.Errorf("%s gets %s: %d", role, query, a.Status)
			}
		}
		// a token for signing in is no file token
		if a := w.Do(http.MethodGet, path+"?token="+w.tokens[role], nil); a.Status != http.StatusNotFound {
			t.Errorf("%s gets a file by the wrong kind of token: %d", role, a.Status)
		}
	}
	note := w.Multipart("/api/collections/messages/records", map[string]any{"case": w.caseID, "direction": "note", "body": "see file"},
		[]upload{{Name: "page.html", Body: []byte("plain words <script>alert(1)</script>")}}, w.auth("agent")...)
	if note.Status != http.StatusOK {
		t.Fatalf("note: %d %s", note.Status, note.Body)
	}
	m := note.JSON()
	for role, want := range map[string]int{"other": http.StatusNotFound, "agent": http.StatusOK} {
		_, answer := w.Post("/api/files/token", map[string]any{}, w.auth(role)...)
		a := w.Do(http.MethodGet, fmt.Sprintf("/api/files/messages/%s/%s?token=%s", m["id"], m["attachments"].([]any)[0], answer["token"]), nil)
		if a.Status != want {
			t.Errorf("%s: %d", role, a.Status)
		}
		if csp := a.Header.Get("Content-Security-Policy"); want == http.StatusOK &&
			(strings.Contains(a.Header.Get("Content-Type"), "html") && !strings.Contains(csp, "sandbox") && !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment")) {
			t.Errorf("a file is shown as a page of the desk: %v", a.Header)
		}
	}
}

// An agent of another team finds nothing of the case, whatever the way to search,
// and works nothing of it.
func TestOtherTeam(t *testing.T) {
	w := newWorld(t)
	c, err := desk.FindCase(w.App, w.caseID)
	if err != nil {
		t.Fatal(err)
	}
	hits := func(role, query string) int {
		t.Helper()
		status, page := w.Get("/api/desk/"+query, w.auth(role)...)
		if status != http.StatusOK {
			t.Errorf("%s %s: %d %v", role, query, status, page)
		}
		items, _ := page["items"].([]any)
		return len(items)
	}
	receipt := w.feedback.GetString("receipt")
	for _, words := range []string{canary, "parcel", fmt.Sprint("%23", c.Number()), fmt.Sprint(c.Number()), receipt, strings.ToLower(receipt), "ORD-" + canary, canary + "@example.com", "0912345678", "%2B886912345678", "note"} {
		for _, list := range []string{"search", "cases"} {
			if n := hits("other", list+"?q="+words); n != 0 {
				t.Errorf("an agent of another team finds %d by %s?q=%s", n, list, words)
			}
			if n := hits("agent", list+"?q="+words); n != 1 {
				t.Errorf("an agent of the team finds %d by %s?q=%s", n, list, words)
			}
		}
	}
	for _, queue := range []string{"", "open", "mine", "unassigned", "waiting", "follow_up", "done", "all"} {
		if n := hits("other", "cases?queue="+queue); n != 0 {
			t.Errorf("queue %s shows an agent of another team %d cases", queue, n)
		}
	}
	_, counts := w.Get("/api/desk/queues", w.auth("other")...)
	for _, queue := range []string{"open", "unassigned", "outbox"} {
		if n, _ := counts[queue].(map[string]any); n["count"] != 0.0 {
			t.Errorf("queue %s counts %v for an agent of another team", queue, n)
		}
	}
	if n := hits("other", "outbox"); n != 0 {
		t.Errorf("the outbox shows an agent of another team %d mails", n)
	}
	if n := hits("agent", "outbox"); n == 0 {
		t.Error("the outbox shows the team nothing, so this test says nothing")
	}
	person := c.GetString("contact")
	address := w.Rows(desk.Identities)[0].Id
	stranger := w.Add(desk.Contacts, map[string]any{"name": "Stranger"}).Id
	before := w.counts()
	for _, try := range []struct {
		method, path string
		body         map[string]any
	}{
		{"GET", "/api/desk/cases/" + c.Id, nil},
		{"POST", "/api/desk/cases/" + c.Id + "/preview", map[string]any{"body": "{{ contact.name }}"}},
		{"POST", "/api/desk/outbox/" + w.outbox + "/retry", map[string]any{}},
		{"PATCH", "/api/collections/cases/records/" + c.Id, map[string]any{"status": "closed"}},
		{"PATCH", "/api/collections/cases/records/" + c.Id, map[string]any{"team": w.teamB}},
		{"DELETE", "/api/collections/cases/records/" + c.Id, nil},
		{"PATCH", "/api/collections/contacts/records/" + person, map[string]any{"blocked": true}},
		{"POST", "/api/desk/identities/" + address + "/state", map[string]any{"state": "undeliverable"}},
		{"POST", "/api/desk/merges/preview", map[string]any{"kind": "contact", "source": person, "target": stranger}},
		{"POST", "/api/desk/merges", map[string]any{"kind": "contact", "source": stranger, "target": person}},
		{"POST", "/api/collections/messages/records", map[string]any{"case": c.Id, "direction": "note", "body": "x"}},
		{"POST", "/api/collections/messages/records", map[string]any{"case": c.Id, "direction": "out", "channel": "email", "body": "x"}},
	} {
		if status, answer := w.send(try.method, try.path, try.body, w.auth("other")); status < 400 || status >= 500 || strings.Contains(fmt.Sprint(answer), canary) {
			t.Errorf("%s %s by an agent of another team: %d %v", try.method, try.path, status, answer)
		}
	}
	after, err := desk.FindCase(w.App, c.Id)
	if err != nil || after.GetInt("version") != c.GetInt("version") || fmt.Sprint(w.counts()) != fmt.Sprint(before) {
		t.Error("an agent of another team changed something")
	}
}

// subscribe opens a realtime connection for every collection, and for more topics,
// and returns its events.
func (w *world) subscribe(t *testing.T, role string, more ...string) <-chan string {
	t.Helper()
	client := &http.Client{}                                     // without the timeout, which would end the stream
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // what never comes ends the test
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.URL+"/api/realtime", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	next := func() (name, data string) {
		for lines.Scan() {
			switch key, v, _ := strings.Cut(lines.Text(), ":"); key {
			case "event":
				name = v
			case "data":
				data = v
			case "":
				return name, data
			}
		}
		return "", ""
	}
	_, first := next()
	var hello struct {
		ClientID string `json:"clientId"`
	}
	if err := json.Unmarshal([]byte(first), &hello); err != nil || hello.ClientID == "" {
		t.Fatalf("realtime began with %q: %v", first, err)
	}
	topics := more
	for _, id := range desk.Collections() {
		topics = append(topics, desk.Name(w.App, id)+"/*")
	}
	if status, answer := w.Post("/api/realtime", map[string]any{"clientId": hello.ClientID, "subscriptions": topics}, w.auth(role)...); status != http.StatusNoContent {
		t.Fatalf("%s subscribes: %d %v", role, status, answer)
	}
	events := make(chan string, 1000)
	go func() {
		defer close(events)
		defer res.Body.Close()
		for {
			name, data := next()
			if name == "" {
				return
			}
			events <- name + " " + data
		}
	}()
	return events
}

// Realtime sends of a case only to those who may see it, and its secrets to nobody.
func TestRealtimeByRole(t *testing.T) {
	w := newWorld(t)
	streams := map[string]<-chan string{}
	for _, role := range []string{"guest", "other", "agent", "integration"} {
		streams[role] = w.subscribe(t, role)
	}
	answer := w.Submit(map[string]any{"message": "live " + canary, "name": "Ann", "category": w.feedback.GetString("category")})
	c := w.CaseOf(answer["id"].(string))
	if c == nil || c.Team() != w.teamA {
		t.Fatal("no case of team A")
	}
	if status, answer := w.Post("/api/collections/messages/records", map[string]any{"case": c.Id, "direction": "note", "body": "live note " + canary}, w.auth("agent")...); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	// every member of staff hears of this one. PocketBase sends several events side
	// by side, so that those before it may still be on their way.
	w.Add(desk.Teams, map[string]any{"name": "the end"})
	for _, role := range []string{"agent", "integration", "other"} {
		got, sees := "", false
		for e := range streams[role] {
			got += e + "\n"
			sees = strings.Contains(got, "live "+canary) && strings.Contains(got, "live note") && strings.Contains(got, "cases/*")
			if strings.Contains(got, "the end") && (sees || role == "other") {
				break
			}
		}
		if sees != (role != "other") || (role == "other" && strings.Contains(got, canary)) {
			t.Errorf("%s was sent:\n%.2000s", role, got)
		}
		if strings.Contains(got, c.TrackToken()) || strings.Contains(got, c.GetString("mail_token")) {
			t.Errorf("%s was sent a token", role)
		}
	}
	select {
	case e := <-streams["guest"]:
		t.Errorf("a guest was sent %s", e)
	default:
	}
}
