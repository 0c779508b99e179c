package hooks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// allRoles, weakest first. "agent" works in the case's team and owns what is
// personal; "other" is of another team, "free" of none.
var allRoles = []string{"guest", "other", "free", "integration", "agent", "supervisor", "admin", "superuser"}

// personal adds what belongs to the agent of team A, and the two roles that
// newWorld leaves out.
func (w *world) personal(t *testing.T) map[string]*core.Record {
	t.Helper()
	w.tokens["free"], _ = w.Agent("agent", "")
	w.tokens["superuser"] = w.Superuser()
	me, err := w.App.FindAuthRecordByToken(w.tokens["agent"], core.TokenTypeAuth)
	if err != nil {
		t.Fatal(err)
	}
	c, err := desk.FindCase(w.App, w.caseID)
	if err != nil {
		t.Fatal(err)
	}
	day := "2026-03-05 01:00:00.000Z"
	out := map[string]*core.Record{}
	add := func(id string, values map[string]any) { out[id] = w.Add(id, values) }
	add(desk.Views, map[string]any{"name": canary, "owner": me.Id, "scope": "open", "filter": `subject ~ "` + canary + `"`, "sort": "due"})
	add(desk.Problems, map[string]any{"title": canary, "state": "open"})
	add(desk.Macros, map[string]any{"name": canary, "owner": me.Id, "actions": []any{map[string]any{"do": "status", "value": "open"}}})
	add(desk.Rules, map[string]any{"name": canary, "event": "case_opened", "actions": []any{map[string]any{"do": "stop"}}})
	kept := w.Add(desk.Rules, map[string]any{"name": canary, "event": "case_opened", "actions": []any{map[string]any{"do": "stop"}}}) // the other one is deleted
	add(desk.RuleRuns, map[string]any{"rule": kept.Id, "case": w.caseID, "state": "opened", "did": []any{}})
	add(desk.Promises, map[string]any{"case": w.caseID, "agent": me.Id, "text": canary, "due_at": day, "state": "open"})
	add(desk.Notices, map[string]any{"agent": me.Id, "kind": "mention", "case": w.caseID})
	add(desk.Escalations, map[string]any{"name": canary, "steps": []any{map[string]any{"to": map[string]any{"lead": true}}}})
	add(desk.CaseEscalations, map[string]any{"case": w.caseID, "name": canary, "state": "open", "took": []any{}})
	add(desk.Calendars, map[string]any{"name": canary, "week": map[string]any{"mon": [][]string{{"09:00", "12:00"}}}})
	add(desk.Webhooks, map[string]any{"name": canary, "url": "https://receiver.example/" + canary})
	kept = w.Add(desk.Webhooks, map[string]any{"name": canary, "url": "https://receiver.example/kept"})
	add(desk.WebhookDeliveries, map[string]any{"webhook": kept.Id, "type": "case.opened", "msg": "msg_" + canary, "case": w.caseID, "payload": map[string]any{"type": canary}, "status": "failed"})
	add(desk.TopicLessons, map[string]any{"case": w.caseID, "category": "order", "said": "product", "sure": 0.7})
	add(desk.SLAPolicies, map[string]any{"name": canary, "first_response": "4h"})
	add(desk.Merges, map[string]any{"kind": "case", "source": w.caseID, "target": w.caseID, "agent": me.Id})
	add(desk.Invitations, map[string]any{"contact": c.GetString("contact"), "case": w.caseID, "agent": me.Id, "coupon": canary})
	if rows := w.Rows(desk.Reads); len(rows) > 0 {
		out[desk.Reads] = rows[0]
	} else {
		add(desk.Reads, map[string]any{"agent": me.Id, "case": w.caseID, "seen_at": day})
	}
	out[desk.Agents] = me
	out[desk.Cases], err = w.App.FindRecordById(desk.Cases, w.caseID)
	if err != nil {
		t.Fatal(err)
	}
	out[desk.Feedbacks], out[desk.Messages] = w.feedback, w.message
	for _, id := range desk.Collections() {
		if rows := w.Rows(id); out[id] == nil && len(rows) > 0 {
			out[id] = rows[0]
		}
	}
	for _, id := range []string{desk.Events, desk.Verdicts, desk.Outbox} { // of the case, not of what is held
		for _, r := range w.Rows(id) {
			if r.GetString("case") == w.caseID || r.GetString("feedback") == w.feedback.Id {
				out[id] = r
			}
		}
	}
	return out
}

// may tries one verb and tells whether PocketBase's rules and our guards let it
// pass. A body that is refused field by field has passed them.
func (w *world) may(role, verb string, r *core.Record) bool {
	base := "/api/collections/" + r.Collection().Id + "/records"
	headers := append(w.auth(role), "Content-Type", "application/json")
	switch verb {
	case "list":
		a := w.Do(http.MethodGet, base+"?perPage=500&filter="+"id%3D%22"+r.Id+"%22", nil, headers...)
		items, _ := a.JSON()["items"].([]any)
		return a.Status == http.StatusOK && len(items) == 1
	case "view":
		return w.Do(http.MethodGet, base+"/"+r.Id, nil, headers...).Status == http.StatusOK
	case "update":
		return w.Do(http.MethodPatch, base+"/"+r.Id, strings.NewReader("{}"), headers...).Status == http.StatusOK
	case "delete":
		a := w.Do(http.MethodDelete, base+"/"+r.Id, nil, headers...)
		if a.Status == http.StatusNoContent {
			if err := w.App.SaveNoValidate(unsaved(r)); err != nil {
				w.t.Errorf("%s can't be put back: %v", r.Collection().Name, err)
			}
			return true
		}
		return a.Status == http.StatusBadRequest && strings.Contains(string(a.Body), "still in use")
	}
	body := r.PublicExport()
	for _, name := range []string{"id", "created", "updated", "collectionId", "collectionName"} {
		delete(body, name)
	}
	raw, _ := json.Marshal(body)
	a := w.Do(http.MethodPost, base, strings.NewReader(string(raw)), headers...)
	fields, _ := a.JSON()["data"].(map[string]any)
	return a.Status == http.StatusOK || a.Status == http.StatusBadRequest && len(fields) > 0
}

// unsaved is a record that was deleted, as a new one.
func unsaved(r *core.Record) *core.Record {
	fresh := core.NewRecord(r.Collection())
	for name, v := range r.FieldsData() {
		fresh.SetRaw(name, v)
	}
	return fresh
}

// Each role, each collection, each verb: what passes is what the table says.
func TestMatrix(t *testing.T) {
	oneByOne(t)
	w := newWorld(t)
	records := w.personal(t)
	var got []string
	for _, id := range desk.Collections() {
		r := records[id]
		if r == nil {
			got = append(got, desk.BaseName(id)+" has no record to try")
			continue
		}
		for _, verb := range []string{"list", "view", "update", "delete", "create"} {
			var pass []string
			for _, role := range allRoles {
				if role == "superuser" && verb == "delete" {
					continue // would take the world along
				}
				if w.may(role, verb, r) {
					pass = append(pass, role)
				}
			}
			got = append(got, desk.BaseName(id)+" "+verb+": "+strings.Join(pass, " "))
		}
	}
	want, err := os.ReadFile("testdata/matrix.txt")
	if err != nil {
		t.Fatal(err, "\n", strings.Join(got, "\n"))
	}
	lines := strings.Split(strings.TrimSpace(string(want)), "\n")
	for i := range max(len(got), len(lines)) {
		var a, b string
		if i < len(got) {
			a = strings.TrimSpace(got[i])
		}
		if i < len(lines) {
			b = strings.TrimSpace(lines[i])
		}
		if a != b {
			t.Errorf("the rules let pass\n  %s\nthe table says\n  %s", a, b)
		}
	}
}

// What somebody may not see is not found out by asking about what he may see:
// neither by filter, sort, expand and fields nor by hidden fields and batch.
func TestSideChannels(t *testing.T) {
	oneByOne(t)
	w := newWorld(t)
	w.personal(t)
	count := func(role, path string) (int, string) {
		a := w.Do(http.MethodGet, "/api/collections/"+path, nil, w.auth(role)...)
		items, _ := a.JSON()["items"].([]any)
		return len(items), string(a.Body)
	}
	filter := func(s string) string {
		return "filter=" + strings.NewReplacer(" ", "%20", "~", "%7E", `"`, "%22", "!", "%21", "?", "%3F", "=", "%3D", ">", "%3E", "&", "%26", "|", "%7C").Replace(s)
	}
	for _, path := range []string{
		"contacts/records?" + filter(`cases_via_contact.subject ~ "`+canary+`"`),
		"contacts/records?" + filter(`cases_via_contact.messages_via_case.body ?~ "`+canary+`"`),
		"contacts/records?" + filter(`invitations_via_contact.case.subject ?~ "`+canary+`"`),
		"teams/records?" + filter(`cases_via_team.subject ~ "`+canary+`"`),
		"agents/records?" + filter(`messages_via_author.body ~ "`+canary+`"`),
		"agents/records?" + filter(`desk_views_via_owner.filter ~ "`+canary+`"`),
		"agents/records?" + filter(`notices_via_agent.kind ~ "mention"`),
		"agents/records?" + filter(`promises_via_agent.text ~ "`+canary+`"`),
		"categories/records?" + filter(`cases_via_category.subject ~ "`+canary+`"`),
		"invitations/records?" + filter(`case.subject ~ "`+canary+`"`),
		"contacts/records?" + filter(`@collection.cases.subject ~ "`+canary+`"`),
	} {
		if n, body := count("other", path); n != 0 {
			t.Errorf("%s tells an agent of another team (%d): %.300s", path, n, body)
		}
		if n, body := count("superuser", path); n == 0 {
			t.Errorf("%s finds nothing at all, so it says nothing: %s", path, body)
		}
	}
	for _, path := range []string{
		"contacts/records?expand=cases_via_contact,feedback_via_contact,messages_via_contact&fields=*,expand.*",
		"agents/records?expand=messages_via_author,desk_views_via_owner,notices_via_agent,promises_via_agent,desk_macros_via_owner",
		"teams/records?expand=cases_via_team", "invitations/records?expand=case,message,contact.cases_via_contact",
	} {
		_, body := count("other", path)
		if strings.Contains(body, "note "+canary) || strings.Contains(body, "Parcel "+canary) || strings.Contains(body, "Where is my parcel") || strings.Contains(body, `"kind":"mention"`) {
			t.Errorf("%s tells an agent of another team: %.600s", path, body)
		}
	}
	c, err := desk.FindCase(w.App, w.caseID)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{ // hidden fields, one character at a time
		"cases/records?" + filter(`track_token ~ "`+c.TrackToken()[:1]+`"`),
		"cases/records?" + filter(`mail_token != ""`),
		"messages/records?" + filter(`case.track_token != ""`),
		"agents/records?" + filter(`tokenKey != ""`), "agents/records?" + filter(`password != ""`),
		"cases/records?" + filter(`assignee.tokenKey != "x"`),
		"cases/records?sort=track_token", "cases/records?sort=assignee.tokenKey",
	} {
		for _, role := range []string{"agent", "supervisor", "admin", "integration"} {
			if a := w.Do(http.MethodGet, "/api/collections/"+path, nil, w.auth(role)...); a.Status == http.StatusOK {
				t.Errorf("%s answers %s: %.200s", path, role, a.Body)
			}
		}
	}
	w.batch(t, c)
}

// batch tries what is refused one by one as parts of a batch.
func (w *world) batch(t *testing.T, c *desk.Case) {
	t.Helper()
	settings := w.App.Settings()
	settings.Batch.Enabled, settings.Batch.MaxRequests, settings.Batch.Timeout = true, 10, 5
	if err := w.App.Save(settings); err != nil {
		t.Fatal(err)
	}
	for _, part := range []map[string]any{
		{"method": "PATCH", "url": "/api/collections/cases/records/" + c.Id, "body": map[string]any{"team": w.teamB}},
		{"method": "POST", "url": "/api/collections/messages/records", "body": map[string]any{"case": c.Id, "direction": "note", "body": "x"}},
		{"method": "DELETE", "url": "/api/collections/cases/records/" + c.Id},
		{"method": "POST", "url": "/api/collections/notices/records", "body": map[string]any{"kind": "mention", "case": c.Id}},
	} {
		for _, role := range []string{"guest", "other"} {
			status, answer := w.Post("/api/batch", map[string]any{"requests": []any{part}}, w.auth(role)...)
			if status < 400 || strings.Contains(fmt.Sprint(answer), canary) {
				t.Errorf("%s does %v by batch: %d %v", role, part["url"], status, answer)
			}
		}
	}
	after, err := desk.FindCase(w.App, c.Id)
	if err != nil || after.Team() != c.Team() || after.GetInt("version") != c.GetInt("version") {
		t.Error("a batch changed the case")
	}
}
