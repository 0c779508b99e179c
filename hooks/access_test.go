package hooks

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Who may call a route. The comment behind each says why, where it is not plain.
const (
	public    = "public"    // guests too
	byRule    = "rule"      // PocketBase asks the collection's rules: see TestCollectionsByRole
	signedIn  = "signed in" // whoever has a token, for himself
	staffOf   = "staff"     // people and integrations
	people    = "people"    // staff without integrations
	admins    = "admins"
	superuser = "superuser"
)

// routeTable is the whole surface. A route that is not in it must not exist.
func routeTable() map[string]string {
	t := map[string]string{
		// PocketBase's own
		"GET /api/health":                        public, // says that the server runs
		"GET /_/{path...}":                       public, // the dashboard's program, no data
		"GET /_/extensions/pocketdesk/{path...}": public, // the Desk's program, no data
		"GET /_/extensions.js":                   public, // the list of such programs
		"ANY /":                                  public, // PocketBase's 404
		"GET /api/oauth2-redirect":               public, // an identity provider comes back there
		"POST /api/oauth2-redirect":              public,
		"GET /api/realtime":                      public, // a connection; each record passes the rules
		"POST /api/realtime":                     public,
		"POST /api/batch":                        public, // off by default; each part passes the rules
		"POST /api/files/token":                  signedIn,
		"GET /api/files/{collection}/{recordId}/{filename}": byRule,
		// the visitors' pages and what a shop's own page needs
		"GET /support/{$}": public, "POST /support/{$}": public,
		"GET /support": public, "POST /support": public,
		"GET /support/f/{slug}": public, "POST /support/f/{slug}": public,
		"GET /support/t/{token}":                        public, // the secret is in the address
		"GET /support/t/{token}/files/{message}/{name}": public,
		"POST /support/t/{token}":                       public, // bound to the link by a token of the page
		"GET /support/c/{token}":                        public, // as secret
		"POST /support/c/{token}":                       public,
		"GET /support/assets/{name}":                    public,                                                         // styles and scripts
		"GET /api/desk/forms/{slug}":                    public,                                                         // labels, token and puzzle
		"GET /desk":                                     public, "GET /desk/{$}": public, "GET /desk/fonts.css": public, // the page for agents, no data
		// the Desk
		"GET /api/desk/queues": staffOf, "GET /api/desk/cases": staffOf, "GET /api/desk/search": staffOf,
		"GET /api/desk/cases/{id}": staffOf, "GET /api/desk/cases/{id}/messages": staffOf, "GET /api/desk/quarantine": staffOf, "GET /api/desk/outbox": staffOf,
		"GET /api/desk/variables": staffOf, "GET /api/desk/health": staffOf,
		"POST /api/desk/cases/{id}/preview": people, "POST /api/desk/messages/{id}/redact": people, "POST /api/desk/feedback/{id}/release": people,
		"POST /api/desk/feedback/{id}/confirm": people, "POST /api/desk/outbox/{id}/retry": people,
		"POST /api/desk/templates/check": people, "POST /api/desk/me": people,
		"POST /api/desk/feedback/{id}/undecide": people,
		"POST /api/desk/feedback/{id}/block":    people, "POST /api/desk/quarantine/bulk": people,
		"POST /api/desk/cases/{id}/link": people,
		"GET /api/desk/next":             people, "POST /api/desk/views/check": people, "POST /api/desk/cases/{id}/presence": people,
		"POST /api/desk/cases/{id}/read": people, "POST /api/desk/cases/{id}/unread": people, "POST /api/desk/reads/all": people,
		"POST /api/desk/messages/{id}/undo": people,
		"POST /api/desk/merges/preview":     people, "POST /api/desk/merges": people, "POST /api/desk/merges/{id}/undo": people,
		"POST /api/desk/messages/{id}/split":  people,
		"GET /api/desk/cases/{id}/duplicates": staffOf, "POST /api/desk/cases/{id}/duplicates/dismiss": people,
		"GET /api/desk/contacts/{id}/history": staffOf, "POST /api/desk/identities/{id}/state": people,
		"GET /api/desk/rules/fields": staffOf, "POST /api/desk/rules/check": admins,
		"POST /api/desk/calendars/preview": admins, "POST /api/desk/calendars/ical": admins,
		"POST /api/desk/rules/replay": admins, "GET /api/desk/rules/replay/{id}": admins, "DELETE /api/desk/rules/replay/{id}": admins,
		"GET /api/desk/rules/replay/{id}/letter/{case}": admins,
		"POST /api/desk/rules/{id}/apply":               admins, "GET /api/desk/rules/runs": admins,
		"POST /api/desk/cases": people, "POST /api/desk/contacts/known": people, "POST /api/desk/cases/bulk": people, "POST /api/desk/cases/bulk/undo": people,
		// by a file token in the address, since an <img> sends no header: see pictures_test.go
		"GET /api/desk/messages/{id}/picture": public,
		"GET /api/desk/dkim":                  admins, "POST /api/desk/dkim": admins, "POST /api/desk/doctor": admins,
		"GET /api/desk/problems": people, "GET /api/desk/problems/{id}": people, "POST /api/desk/problems/{id}/cases": people, "POST /api/desk/problems/{id}/fix": people,
		"GET /api/desk/problems/suggestions": people, "GET /api/desk/problems/questions": people, "GET /api/desk/problems/templates": people,
		"GET /api/desk/cases/{id}/problems": people,
		// orders and members
		"GET /api/desk/contacts/{id}/orders": people, "POST /api/desk/contacts/{id}/member": people,
		"GET /api/desk/lookup": admins, "POST /api/desk/lookup/secret": admins, "POST /api/desk/lookup/test": admins,
		"POST /api/desk/cases/{id}/invite": people, "GET /api/desk/invitations/report": people,
		"POST /api/desk/invitations/converted": staffOf, // the shop's own program reports by it
		"GET /api/desk/webhooks":               admins, "GET /api/desk/webhooks/events": admins, "POST /api/desk/webhooks/{id}/secret": admins, "POST /api/desk/webhooks/{id}/ping": admins,
		"GET /api/desk/webhooks/{id}/deliveries": admins, "POST /api/desk/webhooks/{id}/replay": admins,
		"GET /api/desk/service": people, "GET /api/desk/service/report": people,
		// mail in
		"GET /api/desk/sms": staffOf, "POST /api/desk/sms/secret": admins, "POST /api/desk/sms/test": admins,
		"GET /api/desk/sms/report/{token}": public, "POST /api/desk/sms/report/{token}": public, // the gateway's, who knows the token
		"GET /api/desk/sms/report/{token}/{ref}": public, "POST /api/desk/sms/report/{token}/{ref}": public,
		"POST /api/desk/inbound/email": public, // a secret in the header; without one set there is nothing
		"GET /api/desk/inbound":        admins, "POST /api/desk/inbound/secret": admins, "POST /api/desk/inbound/{id}/retry": admins,
		"GET /api/desk/inbound/{id}/raw": staffOf,
		"GET /api/desk/mailboxes":        admins, "POST /api/desk/mailboxes/{id}/password": admins, "POST /api/desk/mailboxes/{id}/check": admins,
		"POST /api/desk/quarantine/{id}/release": people,
		"POST /api/desk/promises/find":           people, "POST /api/desk/cases/{id}/promise": people, "POST /api/desk/promises/{id}/withdraw": people,
		"GET /api/desk/promises": people, "GET /api/desk/promises/report": people, "GET /api/desk/notices": people, "POST /api/desk/notices/seen": people,
		"GET /support/e/{token}": public, "POST /support/e/{token}": public, // the secret is in the address
		"GET /api/desk/cases/{id}/escalations": staffOf, "POST /api/desk/cases/{id}/escalate": people, "POST /api/desk/cases/{id}/tracker": staffOf, // the tracker's own program links back
		"POST /api/desk/escalations/{id}/acknowledge": people, "POST /api/desk/escalations/{id}/end": people, "POST /api/desk/here": people,
		"POST /api/desk/cases/{id}/spam": people, "POST /api/desk/cases/{id}/not-spam": people,
		"GET /api/desk/lessons": staffOf, "GET /api/desk/model": staffOf,
		"GET /api/desk/topics": staffOf, "POST /api/desk/topics/try": people,
		"GET /api/desk/assignment": staffOf, "POST /api/desk/agents/{id}/handover": people,
		"GET /api/desk/people": admins, "POST /api/desk/people": admins, "POST /api/desk/people/{id}/invite": admins, "POST /api/desk/people/{id}/deactivate": admins,
		"GET /api/desk/screening": people, "GET /api/desk/screening/replay": people,
	}
	const records = " /api/collections/{collection}/records"
	for _, r := range []string{"GET" + records, "POST" + records, "GET" + records + "/{id}", "PATCH" + records + "/{id}", "DELETE" + records + "/{id}"} {
		t[r] = byRule
	}
	// signing in, and what belongs to it: public by nature, answers say nothing of who exists
	for _, r := range []string{
		"GET auth-methods", "POST auth-with-password", "POST auth-with-oauth2", "POST request-otp", "POST auth-with-otp",
		"POST request-password-reset", "POST confirm-password-reset", "POST request-verification", "POST confirm-verification", "POST confirm-email-change",
	} {
		method, name, _ := strings.Cut(r, " ")
		t[method+" /api/collections/{collection}/"+name] = public
	}
	t["POST /api/collections/{collection}/auth-refresh"] = signedIn
	t["POST /api/collections/{collection}/request-email-change"] = signedIn
	for _, r := range []string{
		"GET /api/settings", "PATCH /api/settings", "POST /api/settings/test/s3", "POST /api/settings/test/email",
		"POST /api/settings/apple/generate-client-secret", "GET /api/collections", "POST /api/collections",
		"GET /api/collections/{collection}", "PATCH /api/collections/{collection}", "DELETE /api/collections/{collection}",
		"DELETE /api/collections/{collection}/truncate", "PUT /api/collections/import", "GET /api/collections/meta/scaffolds",
		"GET /api/collections/meta/oauth2-providers", "POST /api/collections/meta/dry-run-view",
		"POST /api/collections/{collection}/impersonate/{id}", "GET /api/logs", "GET /api/logs/stats", "GET /api/logs/{id}",
		"GET /api/backups", "POST /api/backups", "POST /api/backups/upload", "DELETE /api/backups/{key}",
		"POST /api/backups/{key}/restore", "GET /api/crons", "POST /api/crons/{id}", "POST /api/sql",
	} {
		t[r] = superuser
	}
	t["GET /api/backups/{key}"] = superuser // by a file token of his
	return t
}

// routes lists every route of the running app as "METHOD /path". PocketBase's
// router keeps its children to itself, so they are read by reflection.
func routes(t *testing.T, s *shop) []string {
	var out []string
	var walk func(v reflect.Value, prefix string)
	walk = func(v reflect.Value, prefix string) {
		v = reflect.Indirect(v)
		if children := v.FieldByName("children"); children.IsValid() {
			prefix += v.FieldByName("Prefix").String()
			for i := range children.Len() {
				walk(children.Index(i).Elem(), prefix)
			}
			return
		}
		method := v.FieldByName("Method").String()
		if method == "" {
			method = "ANY"
		}
		out = append(out, method+" "+prefix+v.FieldByName("Path").String())
	}
	walk(reflect.ValueOf(s.Router.RouterGroup), "")
	for _, known := range []string{"POST /api/collections/{collection}/records", "GET /api/desk/cases/{id}"} {
		if !slices.Contains(out, known) {
			t.Fatalf("the walk through the router found no %s: its shape changed", known)
		}
	}
	return out
}

// canary stands in everything that a visitor of team A wrote and staff wrote
// about him: whoever may not see the case must never be sent it.
const canary = "canary-7f3a"

// world is a shop with a case in team A that all the tests of access look at.
type world struct {
	*shop
	teamA, teamB string
	tokens       map[string]string // by role; "other" is an agent of team B
	caseID       string
	feedback     *core.Record
	message      *core.Record // a note of staff
	held         string       // submission that waits in quarantine
	outbox       string       // a delivery about the case
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{shop: newShop(t, withoutSMTP()), tokens: map[string]string{}}
	w.teamA, w.teamB = w.Team("A"), w.Team("B")
	category, err := w.App.FindRecordById(desk.Categories, w.category(t))
	if err != nil {
		t.Fatal(err)
	}
	category.Set("team", w.teamA)
	if err := w.App.Save(category); err != nil {
		t.Fatal(err)
	}
	w.tokens["guest"] = ""
	w.tokens["agent"], _ = w.Agent("agent", w.teamA)
	w.tokens["other"], _ = w.Agent("agent", w.teamB)
	for _, role := range []string{"supervisor", "admin", "integration"} {
		w.tokens[role], _ = w.Agent(role, "")
	}
	token, solved := w.Form()
	raw, _ := json.Marshal(solved)
	a := w.Multipart(submitPath, map[string]any{
		"name": "Ann " + canary, "email": canary + "@example.com", "phone": "+886912345678", "message": "Where is my parcel? " + canary,
		"subject": "Parcel " + canary, "category": category.Id, "order_no": "ORD-" + canary, "form_token": token, "pow": string(raw),
	}, []upload{{Name: canary + ".png", Body: png()}})
	if a.Status != http.StatusOK {
		t.Fatalf("submit: %d %s", a.Status, a.Body)
	}
	id, _ := a.JSON()["id"].(string)
	if w.feedback, err = w.App.FindRecordById(desk.Feedbacks, id); err != nil {
		t.Fatal(err)
	}
	c := w.CaseOf(id)
	if c == nil || c.Team() != w.teamA {
		t.Fatalf("no case of team A: %v", w.Verdict(id).Get("signals"))
	}
	w.caseID = c.Id
	status, note := w.Post("/api/collections/messages/records", map[string]any{"case": c.Id, "direction": "note", "body": "note " + canary}, "Authorization", w.tokens["agent"])
	if status != http.StatusOK {
		t.Fatalf("note: %d %v", status, note)
	}
	if w.message, err = w.App.FindRecordById(desk.Messages, note["id"].(string)); err != nil {
		t.Fatal(err)
	}
	w.held = w.Submit(map[string]any{"website": "http://junk.example", "email": "bot@example.net", "message": "Best casino"})["id"].(string)
	w.outbox = w.Rows(desk.Outbox)[0].Id
	w.Add(desk.BlockRules, map[string]any{"kind": "keyword", "value": "nobody-writes.example", "action": "block"})
	w.Add(desk.Templates, map[string]any{"key": canary, "locale": "en", "body": "hello"})
	w.Add(desk.Corrections, map[string]any{"feedback": w.feedback.Id, "spam": true, "how": desk.HowCaseSpam})
	w.Add(desk.SpamModels, map[string]any{"status": "refused"})
	w.Add(desk.ScreeningDays, map[string]any{"day": "2026-01-01"})
	box := w.Add(desk.Mailboxes, map[string]any{"name": "help", "address": "help@shop.example", "move_to": "Done", "username": "help", "provider": "google", "client_id": "x"})
	w.Add(desk.Secrets, map[string]any{"name": desk.MailboxSecret(box.Id), "value": "sealed " + canary})
	w.Add(desk.InboundMails, map[string]any{"message_id": "<1@" + canary + ">", "subject": canary, "status": desk.MailDone})
	return w
}

func (w *world) category(t *testing.T) string {
	t.Helper()
	list, err := desk.LoadCategories(w.App)
	if err != nil || len(list) == 0 {
		t.Fatalf("categories: %v", err)
	}
	return list[0].Key
}

// auth is the headers for a role.
func (w *world) auth(role string) []string {
	if w.tokens[role] == "" {
		return nil
	}
	return []string{"Authorization", w.tokens[role]}
}

// concrete fills a route's wildcards with ids of the world.
func (w *world) concrete(route string) string {
	id := w.caseID
	switch {
	case strings.Contains(route, "/feedback/{id}"):
		id = w.feedback.Id
	case strings.Contains(route, "/outbox/{id}"):
		id = w.outbox
	case strings.Contains(route, "/messages/{id}"):
		id = w.message.Id
	}
	path := strings.NewReplacer("{$}", "", "{path...}", "", "{collection}", "cases", "{id}", id, "{recordId}", id, "{filename}", "x.png",
		"{slug}", "contact", "{token}", strings.Repeat("x", 32), "{message}", w.message.Id, "{name}", "form.css", "{key}", "x.zip", "{ref}", "x").Replace(route)
	if strings.HasSuffix(route, "/search") {
		path += "?q=parcel" // its answer would hold the canary; what was asked for may be repeated
	}
	return path
}

// Every route is known, and nobody gets further than the table says: neither a
// guest nor an agent of another team is ever sent anything of the case.
func TestRoutesByRole(t *testing.T) {
	oneByOne(t)
	w := newWorld(t)
	table := routeTable()
	all := routes(t, w.shop)
	for _, r := range all {
		if table[r] == "" {
			t.Errorf("route %s is in no table: say who may call it, and why", r)
		}
	}
	for r := range table {
		if !slices.Contains(all, r) {
			t.Errorf("route %s is in the table and does not exist", r)
		}
	}
	for _, route := range slices.Sorted(maps.Keys(table)) {
		method, path, _ := strings.Cut(route, " ")
		if method == "ANY" {
			method = http.MethodGet
		}
		if route == "GET /api/realtime" {
			continue // never ends; TestRealtimeByRole reads it
		}
		for _, role := range []string{"guest", "other", "integration"} {
			var body *strings.Reader = strings.NewReader("")
			if method != http.MethodGet {
				body = strings.NewReader("{}")
			}
			got := w.Do(method, w.concrete(path), body, append(w.auth(role), "Content-Type", "application/json")...)
			if got.Status >= 500 {
				t.Errorf("%s as %s: %d %s", route, role, got.Status, got.Body)
			}
			if role != "integration" && strings.Contains(string(got.Body), canary) {
				t.Errorf("%s tells %s of somebody else's case: %s", route, role, got.Body)
			}
			turned := got.Status == http.StatusUnauthorized || got.Status == http.StatusForbidden
			want := map[string]bool{ // is this role turned away?
				public: false, byRule: turned, signedIn: role == "guest", staffOf: role == "guest",
				people: role != "other", admins: true, superuser: true,
			}[table[route]]
			if table[route] == signedIn && role != "guest" {
				want = turned // 400 where the body is missing, 403 for another collection
			}
			if table[route] == public && strings.Contains(route, "/api/") {
				want = turned // PocketBase's switches: sign-in by code or batch may be off
			}
			if turned != want {
				t.Errorf("%s as %s: %d %s", route, role, got.Status, got.Body)
			}
		}
	}
}

// readable says which collections a role may read records of. Contacts and their
// addresses belong to no team: a person may write to several.
func readable(role string) []string {
	shared := []string{desk.Teams, desk.Agents, desk.Categories, desk.Forms, desk.Contacts, desk.Identities, desk.Templates, desk.Keywords, desk.BlockRules, desk.SettingsID, desk.SpamModels, desk.ScreeningDays, desk.Rules, desk.SLAPolicies, desk.Escalations}
	ofCases := []string{desk.Feedbacks, desk.Verdicts, desk.Cases, desk.Messages, desk.Events, desk.Corrections}
	switch role {
	case "guest":
		return nil
	case "other":
		return shared
	case "admin":
		return append(append(shared, ofCases...), desk.Outbox, desk.Mailboxes, desk.InboundMails)
	}
	return append(shared, ofCases...)
}

// Of every collection of the app, ours and PocketBase's, each role lists and
// views what the table says and nothing else.
func TestCollectionsByRole(t *testing.T) {
	oneByOne(t)
	w := newWorld(t)
	all, err := w.App.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	known := append(desk.Collections(), "_pb_users_auth_")
	for _, c := range all {
		if !c.System && !slices.Contains(known, c.Id) {
			t.Errorf("collection %s is in no table: say who may read it", c.Name)
		}
		for _, role := range []string{"guest", "other", "agent", "supervisor", "admin", "integration"} {
			seen := w.listed(t, c.Name, "", role)
			can := slices.Contains(readable(role), c.Id)
			if !can {
				seen = slices.DeleteFunc(seen, w.teamless)
			}
			if can != (len(seen) > 0) {
				t.Errorf("%s lists %d of %s", role, len(seen), c.Name)
			}
			for _, row := range w.Rows(c.Id) {
				if !can && w.teamless(row.Id) {
					continue
				}
				status, got := w.Get("/api/collections/"+c.Name+"/records/"+row.Id, w.auth(role)...)
				if can != (status == http.StatusOK) {
					t.Errorf("%s views %s %s: %d %v", role, c.Name, row.Id, status, got)
				}
				break
			}
		}
	}
}

// teamless tells records that belong to no case, so that all staff may see them:
// the held submission with its verdict and events.
func (w *world) teamless(id string) bool {
	if id == w.held {
		return true
	}
	for _, collection := range []string{desk.Verdicts, desk.Events} {
		if r, err := w.App.FindRecordById(collection, id); err == nil && r.GetString("feedback") == w.held {
			return true
		}
	}
	return false
}

// listed returns the ids that a list answers with.
func (w *world) listed(t *testing.T, collection, query, role string) []string {
	t.Helper()
	_, got := w.Get("/api/collections/"+collection+"/records?perPage=200"+query, w.auth(role)...)
	items, _ := got["items"].([]any)
	var ids []string
	for _, item := range items {
		m, _ := item.(map[string]any)
		id, _ := m["id"].(string)
		ids = append(ids, id)
	}
	return ids
}

// What an agent may read leads by expand or filter to nothing that he may not.
func TestNoWayRoundTheRules(t *testing.T) {
	w := newWorld(t)
	c, err := desk.FindCase(w.App, w.caseID)
	if err != nil {
		t.Fatal(err)
	}
	for _, way := range []struct{ collection, query string }{
		{"contacts", "&expand=cases_via_contact,messages_via_contact,identities_via_contact.contact.cases_via_contact.feedback"},
		{"categories", "&expand=cases_via_category.feedback,feedback_via_category"},
		{"forms", "&expand=feedback_via_form.verdicts_via_feedback"},
		{"teams", "&expand=cases_via_team.messages_via_case,cases_via_team.case_events_via_case"},
		{"agents", "&expand=cases_via_assignee,messages_via_author,case_events_via_actor"},
	} {
		a := w.Do(http.MethodGet, "/api/collections/"+way.collection+"/records?perPage=200"+way.query, nil, w.auth("other")...)
		for _, secret := range []string{c.Id, c.TrackToken(), w.feedback.Id, "Where is my parcel", "note " + canary} {
			if strings.Contains(string(a.Body), secret) {
				t.Errorf("%s%s shows an agent of another team %q", way.collection, way.query, secret)
			}
		}
	}
	for _, way := range []struct{ collection, filter string }{
		{"contacts", `cases_via_contact.subject ?~ "` + canary + `"`},
		{"contacts", `messages_via_contact.body ?~ "` + canary + `"`},
		{"teams", `cases_via_team.subject ?~ "` + canary + `"`},
		{"teams", `cases_via_team.feedback.message ?~ "` + canary + `"`},
		{"forms", `feedback_via_form.message ?~ "` + canary + `"`},
		{"categories", `@collection.cases.subject ?~ "` + canary + `"`},
	} {
		if ids := w.listed(t, way.collection, "&filter="+url.QueryEscape(way.filter), "other"); len(ids) > 0 {
			t.Errorf("an agent of another team learns by %s?filter=%s", way.collection, way.filter)
		}
		if ids := w.listed(t, way.collection, "&filter="+url.QueryEscape(way.filter), "agent"); len(ids) == 0 && !strings.HasPrefix(way.filter, "@") {
			t.Errorf("the filter %s finds nothing for those who may see the case either", way.filter)
		}
	}
	// the secrets of a case are nobody's to ask for
	for _, role := range []string{"agent", "supervisor", "admin", "integration"} {
		for _, query := range []string{"filter=track_token~'a'", "filter=mail_token!=''", "sort=track_token"} {
			a := w.Do(http.MethodGet, "/api/collections/cases/records?"+url.PathEscape(query), nil, w.auth(role)...)
			if a.Status != http.StatusBadRequest {
				t.Errorf("%s asks cases for %s: %d %s", role, query, a.Status, a.Body)
			}
		}
	}
}
