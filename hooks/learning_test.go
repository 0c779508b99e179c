package hooks

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/learning"
)

// newScreeningShop holds every message with the word "held-word" and believes
// its proxy about the visitors' addresses.
func newScreeningShop(t *testing.T) (s *shop, agent []string) {
	t.Helper()
	s = newShop(t, withProxy())
	s.Add(desk.BlockRules, map[string]any{"kind": "keyword", "value": "held-word", "action": "quarantine"})
	token, _ := s.Agent(desk.RoleAgent, "")
	return s, []string{"Authorization", token}
}

// sendFrom is what a visitor sends from a network address; the submission's id.
func (s *shop) sendFrom(ip, email, message string) string {
	s.t.Helper()
	token, solved := s.Form()
	status, answer := s.Post(submitPath, map[string]any{
		"name": "Ann", "email": email, "message": message, "locale": "en", "consent": true, "form_token": token, "pow": solved,
	}, "X-Real-IP", ip)
	id, _ := answer["id"].(string)
	if status != http.StatusOK || id == "" {
		s.t.Fatalf("submit: %d %v", status, answer)
	}
	return id
}

// hold is a submission that waits in quarantine.
func (s *shop) hold(ip, email, message string) string {
	s.t.Helper()
	id := s.sendFrom(ip, email, message+" held-word")
	if v := s.Verdict(id); !v.Waits() {
		s.t.Fatalf("%s is %s: %v", email, v.Outcome(), v.Get("signals"))
	}
	return id
}

func (s *shop) outcome(id string) string { s.t.Helper(); return s.Verdict(id).Outcome() }

// lessons are the items of the first page as the Desk shows them.
func (s *shop) lessons(auth []string) []map[string]any {
	s.t.Helper()
	status, page := s.Get("/api/desk/lessons", auth...)
	if status != http.StatusOK {
		s.t.Fatalf("lessons: %d %v", status, page)
	}
	var out []map[string]any
	for _, item := range page["items"].([]any) {
		out = append(out, item.(map[string]any))
	}
	return out
}

func (s *shop) model(auth []string) map[string]any {
	s.t.Helper()
	status, state := s.Get("/api/desk/model", auth...)
	if status != http.StatusOK {
		s.t.Fatalf("model: %d %v", status, state)
	}
	return state
}

// Many at once: each is decided on by itself, and what can't be is named.
func TestBulk(t *testing.T) {
	s, agent := newScreeningShop(t)
	var ids []string
	for i, text := range []string{"Do you ship to Hokkaido?", "Is the blue cup back soon?", "My parcel is late.", "Cheap plaques for all."} {
		ids = append(ids, s.hold("198.51.100.7", fmt.Sprintf("ann%d@mail.example", i), text))
	}
	if status, answer := s.Post("/api/desk/feedback/"+ids[2]+"/release", nil, agent...); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	status, answer := s.Post("/api/desk/quarantine/bulk", map[string]any{"ids": []string{ids[0], ids[1], ids[0], ids[2], "nobody"}, "action": "release"}, agent...)
	if status != http.StatusOK || !slices.Equal(listOf(answer["done"]), ids[:2]) {
		t.Errorf("%d %v", status, answer)
	}
	opened, _ := answer["cases"].(map[string]any)
	for _, id := range ids[:2] {
		if c := s.CaseOf(id); c == nil || len(opened) != 2 || opened[id] != c.Id {
			t.Errorf("the cases that were opened: %v", opened)
		}
	}
	failed, _ := answer["failed"].([]any)
	if len(failed) != 2 {
		t.Fatalf("failed %v", failed)
	}
	for i, want := range []string{ids[2], "nobody"} {
		one := failed[i].(map[string]any)
		if one["id"] != want || one["message"] == "" || one["message"] == failed[1-i].(map[string]any)["message"] {
			t.Errorf("failed %v", one)
		}
	}
	status, answer = s.Post("/api/desk/quarantine/bulk", map[string]any{"ids": ids[3:], "action": "block", "kind": "domain", "days": 14}, agent...)
	if status != http.StatusOK || !slices.Equal(listOf(answer["done"]), ids[3:]) || s.outcome(ids[3]) != desk.Blocked {
		t.Errorf("block: %d %v", status, answer)
	}
	if opened, _ := answer["cases"].(map[string]any); opened == nil || len(opened) != 0 {
		t.Errorf("a block opened %v", opened)
	}
	if n := len(s.lessons(agent)); n != 4 || len(s.Cases()) != 3 {
		t.Errorf("%d lessons, %d cases", n, len(s.Cases()))
	}
	many := make([]string, maxBulk+1)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	for name, body := range map[string]map[string]any{
		"ids": {"ids": many, "action": "confirm"}, "none": {"ids": []string{}, "action": "confirm"},
		"action": {"ids": ids, "action": "delete"}, "kind": {"ids": ids, "action": "block", "kind": "phrase"},
	} {
		if status, answer := s.Post("/api/desk/quarantine/bulk", body, agent...); status != http.StatusBadRequest {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
}

func listOf(v any) (out []string) {
	list, _ := v.([]any)
	for _, one := range list {
		out = append(out, fmt.Sprint(one))
	}
	return out
}

// Staff block what a message came from or says: the next one is blocked, other
// visitors are not, and after the time it is over.
func TestBlockOverREST(t *testing.T) {
	s, agent := newScreeningShop(t)
	for _, c := range []struct {
		ip, email string
		body      map[string]any
		nextIP    string
		nextEmail string
		next      string
	}{
		{"198.51.100.7", "pest@one.example", map[string]any{"kind": "sender", "days": 30}, "192.0.2.1", "pest@one.example", "Plaques again."},
		{"198.51.100.7", "pest@two.example", map[string]any{"kind": "domain", "days": 30}, "192.0.2.2", "other@two.example", "Brass for you."},
		{"203.0.113.7", "pest@three.example", map[string]any{"kind": "network", "days": 30}, "203.0.113.99", "new@four.example", "Medals for all."},
		{"198.51.100.7", "pest@five.example", map[string]any{"kind": "phrase", "value": "Plaque POLISHING crew", "days": 30}, "192.0.2.3", "new@six.example", "Hire a plaque polishing crew today."},
	} {
		held := s.hold(c.ip, c.email, "I speak for the plaque polishing crew of "+c.email)
		status, answer := s.Post("/api/desk/feedback/"+held+"/block", c.body, agent...)
		if status != http.StatusOK || answer["rule"] == "" || answer["value"] == "" {
			t.Errorf("%v: %d %v", c.body, status, answer)
			continue
		}
		if want := s.Clock.Now().AddDate(0, 0, 30).Format("2006-01-02"); !strings.HasPrefix(fmt.Sprint(answer["expires"]), want) {
			t.Errorf("%v expires %v, want %s", c.body, answer["expires"], want)
		}
		if s.outcome(held) != desk.Blocked {
			t.Errorf("%v: the message itself is %s", c.body, s.outcome(held))
		}
		if got := s.outcome(s.sendFrom(c.nextIP, c.nextEmail, c.next)); got != desk.Blocked {
			t.Errorf("%v: the next one is %s", c.body, got)
		}
		if got := s.outcome(s.sendFrom("192.0.2.77", "anna@mail.example", "Where is my parcel with the tea "+c.email)); got == desk.Blocked {
			t.Errorf("%v: somebody else is blocked", c.body)
		}
	}
	if n := len(s.lessons(agent)); n != 4 {
		t.Errorf("%d lessons", n)
	}
	s.Clock.Advance(31 * 24 * time.Hour)
	if got := s.outcome(s.sendFrom("192.0.2.1", "other@two.example", "Could I return the cup of last month?")); got == desk.Blocked {
		t.Error("the rule holds beyond its time")
	}
	held := s.hold("198.51.100.9", "pest@gmail.com", "Buy plaques")
	v := s.Verdict(held)
	v.Set("ip", "")
	if err := s.App.Save(v.Record); err != nil {
		t.Fatal(err)
	}
	for field, body := range map[string]map[string]any{
		"kind": {"kind": "domain", "days": 200}, "value": {"kind": "domain", "days": 7}, "days": {"kind": "sender", "days": 0},
	} {
		status, answer := s.Post("/api/desk/feedback/"+held+"/block", body, agent...)
		data, _ := answer["data"].(map[string]any)
		if field == "kind" {
			field = "days" // said first
		}
		if status != http.StatusBadRequest || data[field] == nil {
			t.Errorf("%v: %d %v", body, status, answer)
		}
	}
	status, answer := s.Post("/api/desk/feedback/"+held+"/block", map[string]any{"kind": "network", "days": 7}, agent...)
	if status != http.StatusNotFound || !strings.Contains(fmt.Sprint(answer["message"]), "not kept any more") {
		t.Errorf("an address that was removed: %d %v", status, answer)
	}
}

// Before a phrase is blocked one may ask whom it would have kept out; what was
// blocked after it was a case is listed with that case.
func TestBlockAsksBefore(t *testing.T) {
	s, agent := newScreeningShop(t)
	good := s.sendFrom("192.0.2.77", "anna@mail.example", "Do you sell plaques of wood?")
	held := s.hold("198.51.100.7", "pest@one.example", "Plaques, cheap and quick")
	path := "/api/desk/feedback/" + held + "/block"
	status, answer := s.Post(path, map[string]any{"kind": "phrase", "value": "PLAQUES", "days": 30, "check": true}, agent...)
	if status != http.StatusOK || answer["accepted_matches"] != 1.0 || answer["kind"] != "keyword" || answer["value"] != "plaques" || answer["rule"] != nil {
		t.Errorf("a look: %d %v", status, answer)
	}
	if s.outcome(held) != desk.Quarantined || len(s.Rows(desk.BlockRules)) != 1 {
		t.Errorf("a look decided: %s, %d rules", s.outcome(held), len(s.Rows(desk.BlockRules)))
	}
	if status, answer = s.Post(path, map[string]any{"kind": "phrase", "value": "nobody said this", "days": 30, "check": true}, agent...); status != http.StatusBadRequest {
		t.Errorf("a look at nothing: %d %v", status, answer)
	}
	status, answer = s.Post(path, map[string]any{"kind": "phrase", "value": "plaques", "days": 30}, agent...)
	if status != http.StatusOK || answer["accepted_matches"] != 1.0 || s.outcome(held) != desk.Blocked {
		t.Errorf("all the same: %d %v", status, answer)
	}
	if status, answer := s.Post("/api/desk/cases/"+s.CaseOf(good).Id+"/spam", nil, agent...); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	_, page := s.Get("/api/desk/quarantine?outcome=blocked", agent...)
	cases := map[any]any{}
	for _, item := range page["items"].([]any) {
		one := item.(map[string]any)
		cases[one["feedback"].(map[string]any)["id"]] = one["case"]
	}
	if len(cases) != 2 || cases[held] != "" || cases[good] != s.CaseOf(good).Id {
		t.Errorf("blocked: %v", cases)
	}
}

// The system alone notes when a rule ended; who sends the note back unchanged
// may write the rest.
func TestEndOfRuleIsTheSystems(t *testing.T) {
	s := newShop(t)
	token := s.Superuser()
	rules := "/api/collections/block_rules/records"
	body := map[string]any{"kind": "keyword", "value": "plaques", "action": "block", "expires": "2026-01-01 00:00:00.000Z"}
	status, rule := s.Post(rules, body, "Authorization", token)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, rule)
	}
	for name, c := range map[string]struct {
		ended any
		want  int
	}{"changed": {"2026-01-01 00:00:00.000Z", http.StatusBadRequest}, "unchanged": {rule["ended"], http.StatusOK}} {
		if status, answer := s.Patch(rules+"/"+fmt.Sprint(rule["id"]), map[string]any{"note": "junk", "ended": c.ended}, "Authorization", token); status != c.want {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	body["value"], body["ended"] = "brass", "2026-01-01 00:00:00.000Z"
	if status, answer := s.Post(rules, body, "Authorization", token); status != http.StatusBadRequest {
		t.Errorf("made with an end: %d %v", status, answer)
	}
}

// A case turns out to be junk, and then to be none; nobody of another team may say so.
func TestCaseIsSpam(t *testing.T) {
	s, agent := newScreeningShop(t)
	team := s.Team("Tea")
	id := s.sendFrom("192.0.2.1", "ann@mail.example", "Where is my parcel with the green tea?")
	c := s.CaseOf(id)
	if c == nil {
		t.Fatalf("no case: %v", s.Verdict(id).Get("signals"))
	}
	c.Set("team", team)
	if err := s.App.Save(c.Record); err != nil {
		t.Fatal(err)
	}
	path := "/api/desk/cases/" + c.Id
	ofTeam, _ := s.Agent(desk.RoleAgent, team)
	member := []string{"Authorization", ofTeam}
	for _, verb := range []string{"/spam", "/not-spam"} {
		if status, answer := s.Post(path+verb, nil, agent...); status != http.StatusNotFound {
			t.Errorf("another team %s: %d %v", verb, status, answer)
		}
	}
	if status, answer := s.Post(path+"/not-spam", nil, member...); status != http.StatusConflict {
		t.Errorf("not marked: %d %v", status, answer)
	}
	if status, answer := s.Post(path+"/spam", nil, member...); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	if status, answer := s.Post(path+"/spam", nil, member...); status != http.StatusConflict {
		t.Errorf("twice: %d %v", status, answer)
	}
	_, view := s.Get("/api/collections/cases/records/"+c.Id, member...)
	if view["status"] != desk.Closed || !strings.Contains(fmt.Sprint(view["tags"]), "spam") || s.outcome(id) != desk.Blocked {
		t.Errorf("%v, %s", view, s.outcome(id))
	}
	if l := s.lessons(member); len(l) != 1 || l[0]["spam"] != true || l[0]["how"] != desk.HowCaseSpam || !strings.Contains(fmt.Sprint(l[0]["excerpt"]), "green tea") {
		t.Errorf("lessons %v", l)
	}
	if l := s.lessons(agent); len(l) != 0 {
		t.Errorf("another team reads %v", l)
	}
	if status, answer := s.Post(path+"/not-spam", nil, member...); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	_, view = s.Get("/api/collections/cases/records/"+c.Id, member...)
	if view["status"] != desk.Unread || strings.Contains(fmt.Sprint(view["tags"]), "spam") || s.outcome(id) != desk.Accepted {
		t.Errorf("%v, %s", view, s.outcome(id))
	}
	if l := s.lessons(member); len(l) != 1 || l[0]["spam"] != false || l[0]["how"] != desk.HowCaseHam {
		t.Errorf("lessons %v", l)
	}
}

// A lesson is taken back: it is gone, the audit trail says who did it, and
// nobody writes one by hand.
func TestTakeBack(t *testing.T) {
	s, agent := newScreeningShop(t)
	held := s.hold("192.0.2.1", "ann@mail.example", "Cheap plaques")
	if status, answer := s.Post("/api/desk/feedback/"+held+"/confirm", nil, agent...); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	path := "/api/collections/corrections/records"
	lesson := s.lessons(agent)[0]["id"].(string)
	_, row := s.Get(path+"/"+lesson, agent...)
	if row["features"] != nil || row["feedback"] != held {
		t.Errorf("%v", row)
	}
	integration, _ := s.Agent(desk.RoleIntegration, "")
	if status, _ := s.Delete(path+"/"+lesson, "Authorization", integration); status < 400 {
		t.Errorf("an integration takes it back: %d", status)
	}
	for _, token := range []string{agent[1], s.Superuser()} {
		if status, _ := s.Post(path, map[string]any{"feedback": held, "spam": false}, "Authorization", token); status < 400 {
			t.Errorf("a lesson is written by hand: %d", status)
		}
		if status, _ := s.Patch(path+"/"+lesson, map[string]any{"spam": false}, "Authorization", token); status < 400 {
			t.Errorf("a lesson is changed by hand: %d", status)
		}
	}
	s.plugin.learning.Stop()
	s.plugin.learning = learning.New(s.App, learning.Config{Commit: s.plugin.commit}) // one that nobody asked for anything yet
	if s.plugin.learning.Pending() {
		t.Fatal("a training is asked for before the lesson went")
	}
	if status, _ := s.Delete(path+"/"+lesson, agent...); status != http.StatusNoContent {
		t.Fatalf("take back: %d", status)
	}
	if n := len(s.lessons(agent)); n != 0 {
		t.Errorf("%d lessons", n)
	}
	taken := slices.DeleteFunc(s.Rows(desk.Events), func(r *core.Record) bool { return r.GetString("kind") != "lesson_taken_back" })
	if len(taken) != 1 || taken[0].GetString("feedback") != held || taken[0].GetString("actor") == "" {
		t.Errorf("events %v", taken)
	}
	if !s.plugin.learning.Pending() {
		t.Error("no training is asked for")
	}
}

// The line learns: what staff confirm scores higher from then on, a refused
// training changes nothing, and a restart keeps what was learned.
func TestLineLearns(t *testing.T) {
	s, agent := newScreeningShop(t)
	s.plugin.learning.Stop() // the test trains itself
	text := func(n int) string {
		return fmt.Sprintf("Our workshop %d polishes brass plaques. Ask the plaque polishing crew for a brochure.", n)
	}
	score := func(n int) float64 {
		t.Helper()
		return s.Verdict(s.sendFrom(fmt.Sprintf("192.0.2.%d", n), fmt.Sprintf("new%d@mail.example", n), text(n))).GetFloat("text_score")
	}
	before := score(1)
	if m := s.model(agent); m["status"] != learning.Shipped || m["id"] != m["base"] || m["trained"] != nil {
		t.Errorf("model %v", m)
	}
	var ids []string
	for i := range 10 {
		ids = append(ids, s.hold("198.51.100.7", fmt.Sprintf("pest%d@junk.example", i), text(100+i)))
		s.Clock.Advance(30 * time.Minute)
	}
	if status, answer := s.Post("/api/desk/quarantine/bulk", map[string]any{"ids": ids, "action": "confirm"}, agent...); status != http.StatusOK || len(listOf(answer["done"])) != 10 {
		t.Fatalf("%d %v", status, answer)
	}
	if err := s.plugin.learning.Retrain(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := s.model(agent)
	if m["status"] != learning.InUse || m["id"] == m["base"] || m["lessons"] != 10.0 || m["trained"] == nil || m["report"] == nil {
		t.Errorf("model %v", m)
	}
	if after := score(2); after <= before {
		t.Errorf("text score %.2f, was %.2f", after, before)
	}
	if l := s.lessons(agent); l[0]["used"] != true {
		t.Errorf("lesson %v", l[0])
	}
	s.Clock.Advance(time.Hour)
	s.Add(desk.SpamModels, map[string]any{"status": learning.Refused, "note": "it would hold 3 of 40 good messages", "created": desk.Date(s.Clock.Now()), "report": map[string]any{"held_after": 3}})
	refused, _ := s.model(agent)["refused"].(map[string]any)
	if s.model(agent)["id"] != m["id"] || refused["reason"] != "it would hold 3 of 40 good messages" {
		t.Errorf("refused: %v", s.model(agent))
	}
	again := learning.New(s.App, learning.Config{Commit: s.plugin.commit})
	if err := again.Load(); err != nil || again.Model().ID() != m["id"] {
		t.Errorf("after a restart: %s, %v; want %s", again.Model().ID(), err, m["id"])
	}
}
