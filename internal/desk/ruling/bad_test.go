package ruling_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	validation "github.com/pocketbase/ozzo-validation/v4"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// What can't be used is refused with a sentence, by field and code.
func TestRefusedRules(t *testing.T) {
	s := open(t)
	program := s.Agent(desk.RoleIntegration, "")
	s.Make(desk.Templates, desktest.Values{"key": "text", "locale": "en", "kind": "sms", "body": "x", "enabled": true})
	good := `[{"do": "priority", "value": "high"}]`
	do := func(what, value string) string { return fmt.Sprintf(`[{"do": %q, "value": %s}]`, what, value) }
	for name, one := range map[string]struct {
		draft ruling.Draft
		field string
		says  string
	}{
		"no event":           {ruling.Draft{Actions: json.RawMessage(good)}, "event", "Choose"},
		"a filter half done": {draft("priority =", good), "filter", "can't be read"},
		"another language":   {draft("DROP TABLE cases", good), "filter", "can't be read"},
		"a secret":           {draft(`track_token ~ "a"`, good), "filter", "track_token"},
		"collections":        {draft(`@collection.pd_agents.id != ""`, good), "filter", "@collection"},
		"a request":          {draft(`@request.auth.id != ""`, good), "filter", "@request"},
		"colleagues' mail":   {draft(`assignee.email != ""`, good), "filter", "assignee.email"},
		"two steps away":     {draft(`feedback.form.slug = "x"`, good), "filter", "feedback.form.slug"},
		"changed, elsewhere": {draft(`changed = "status"`, good), "filter", "changed"},
		"a pattern bomb":     {draft(`text ~ "`+strings.Repeat("%a", 50)+`b"`, good), "filter", "4 %"},
		"his own pattern":    {draft(`text ~ contact.name`, good), "filter", "text in quotes"},
		"far too long":       {draft(`subject = "`+strings.Repeat("長", 2_000)+`"`, good), "filter", "2000"},
		"too deep":           {draft(strings.Repeat("(", 99)+`number = 1`+strings.Repeat(")", 99), good), "filter", "brackets"},
		"too many":           {draft(strings.Repeat("number = 1 || ", 60)+"number = 1", good), "filter", "40"},

		"no actions":       {draft("", "[]"), "actions", "1 to 20"},
		"no list":          {draft("", `{"do": "stop"}`), "actions", "list of actions"},
		"what is that":     {draft("", do("explode", "1")), "actions", "no such action"},
		"another member":   {draft("", `[{"do": "stop", "when": 1}]`), "actions", "list of actions"},
		"21 actions":       {draft("", "["+strings.Repeat(`{"do": "note", "value": "x"},`, 20)+`{"do": "stop"}]`), "actions", "1 to 20"},
		"a long list":      {draft("", do("note", `"`+strings.Repeat("x", 30_000)+`"`)), "actions", "20000"},
		"twice":            {draft("", `[{"do": "status", "value": "open"}, {"do": "status", "value": "closed"}]`), "actions", "twice"},
		"no such priority": {draft("", do("priority", `"asap"`)), "actions", "low, normal"},
		"new again":        {draft("", do("status", `"new"`)), "actions", "one of"},
		"no template":      {draft("", do("answer", `{"template": "nope"}`)), "actions", "nope"},
		"a text message":   {draft("", do("answer", `{"template": "text"}`)), "actions", "by mail"},
		"no team":          {draft("", do("team", `"nope"`)), "actions", "no team"},
		"no category":      {draft("", do("category", `"nope"`)), "actions", "no category"},
		"no colleague":     {draft("", do("assign", `"me"`)), "actions", "no colleague"},
		"a program":        {draft("", do("assign", `"`+program.Id+`"`)), "actions", "no colleague"},
		"nobody to tell":   {draft("", do("notify", `{"to": "", "text": "x"}`)), "actions", "say who"},
		"no webhook":       {draft("", do("webhook", `{"id": "nope"}`)), "actions", "no webhook"},
		"no escalation":    {draft("", do("escalate", `{"id": "nope"}`)), "actions", "no escalation"},
		"an odd time":      {draft("", do("snooze", `"tomorrow"`)), "actions", "4h or 2d"},
		"an empty note":    {draft("", do("note", `{"body": " "}`)), "actions", "1 to 2000"},
		"an empty tag":     {draft("", do("add_tags", `[""]`)), "actions", "1 to 60"},

		"no time":  {ruling.Draft{Event: ruling.TimePassed, Actions: json.RawMessage(good), States: []string{"open"}}, "delay", "30m"},
		"no state": {ruling.Draft{Event: ruling.TimePassed, Actions: json.RawMessage(good), Delay: "2d"}, "states", "statuses"},
	} {
		rule, err := ruling.Compile(s.App, one.draft)
		if err == nil {
			err = rule.CheckTargets(s.App)
		}
		var wrong validation.Errors
		if !errors.As(err, &wrong) || wrong[one.field] == nil || !strings.Contains(wrong[one.field].Error(), one.says) {
			t.Errorf("%s: %v, want %s: …%s…", name, err, one.field, one.says)
			continue
		}
		if text := wrong[one.field].Error(); !strings.HasSuffix(text, ".") && !strings.HasPrefix(text, "The filter can't be read") || strings.ToUpper(text[:1]) != text[:1] && text[0] != '"' {
			t.Errorf("%s: %q is no sentence", name, text)
		}
	}
}

func draft(filter, actions string) ruling.Draft {
	return ruling.Draft{Event: ruling.CaseOpened, Filter: filter, Actions: json.RawMessage(actions)}
}

// What a rule points to is gone: it does what it still can, or nothing where that is
// the template of its answer; it says what is wrong, admins hear of it once, and the
// others go on.
func TestTargetsGone(t *testing.T) {
	s := open(t)
	admin := s.Agent(desk.RoleAdmin, "")
	team := s.Make(desk.Teams, desktest.Values{"name": "Gone"})
	s.Make(desk.Templates, desktest.Values{"key": "poke", "locale": "en", "kind": "reply", "subject": "s", "body": "b", "enabled": true})
	broken := s.rule(ruling.CaseOpened, "", "add_tags", "never", "answer", map[string]string{"template": "poke"}, "status", desk.Closed)
	s.rule(ruling.CaseOpened, "", "team", team.Id, "add_tags", "seen")
	odd := s.rule(ruling.CaseOpened, `nothing_here = 1`, "add_tags", "never")
	s.rule(ruling.CaseOpened, "", "priority", "high")
	for _, r := range s.All(desk.Templates, desktest.Values{"key": "poke"}) {
		s.Put(r, desktest.Values{"enabled": false})
	}
	if err := s.Delete(team); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		c := s.Case(desktest.Values{"email": fmt.Sprintf("v%d@example.com", i)})
		s.drain()
		s.wantDid(c, "add_tags unsent", "answer no_template: poke", "status unsent", "team no_team: "+team.Id, "add_tags", "priority")
		if got := s.again(c); got.Team() != "" || got.Priority() != "high" || got.Status() != desk.Unread || !slices.Equal(got.Tags(), []string{"seen"}) {
			t.Errorf("team %s, priority %s, status %s, tags %v", got.Team(), got.Priority(), got.Status(), got.Tags())
		}
	}
	if got := s.Find(desk.Rules, broken.Id).GetString("failed"); got != "no_template: poke" {
		t.Errorf("failed %q", got)
	}
	if got := s.Find(desk.Rules, odd.Id).GetString("failed"); !strings.HasPrefix(got, "filter: ") || !strings.Contains(got, "nothing_here") {
		t.Errorf("failed %q", got)
	}
	told := s.All(desk.Notices, desktest.Values{"agent": admin.Id, "kind": ruling.NoticeFailed})
	if len(told) != 3 {
		t.Errorf("%d notices", len(told))
	}
	// in order again, the mark goes with the next time it works
	s.Put(s.Find(desk.Rules, broken.Id), desktest.Values{"actions": []map[string]any{{"do": "add_tags", "value": "seen"}}})
	s.Case(desktest.Values{"email": "late@example.com"})
	s.drain()
	if got := s.Find(desk.Rules, broken.Id); got.GetString("failed") != "" || got.GetInt("fired") != 1 {
		t.Errorf("failed %q, fired %d", got.GetString("failed"), got.GetInt("fired"))
	}
}

// A column that somebody takes away by hand spoils no other rule.
func TestFieldGone(t *testing.T) {
	s := open(t)
	s.rule(ruling.CaseOpened, `sentiment = ""`, "add_tags", "one")
	s.rule(ruling.CaseOpened, `locale = "en"`, "add_tags", "two")
	s.Case(nil)
	s.drain() // the rules are read
	if _, err := s.DB().NewQuery("ALTER TABLE {{cases}} RENAME COLUMN [[sentiment]] TO [[mood]]").Execute(); err != nil {
		t.Fatal(err)
	}
	rules := make([]*ruling.Rule, 0, 2)
	for _, r := range s.All(desk.Rules, nil) {
		rule, err := ruling.FindRule(s.App, r.Id)
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, rule)
	}
	id := s.All(desk.Cases, nil)[0].Id
	got, err := ruling.Evaluate(s.App, rules, ruling.Subject{Event: ruling.CaseOpened, Case: id, Row: id})
	if err != nil || len(got) != 2 || got[0].Err == nil || !strings.HasPrefix(got[0].Err.Error(), ruling.CodeFilter) || !got[1].Met {
		t.Errorf("%+v, %v", got, err)
	}
}

// Rules that answer somebody whose program answers back are cut, and admins hear of it once.
func TestLoop(t *testing.T) {
	s := open(t)
	admin := s.Agent(desk.RoleAdmin, "")
	s.Choose(desktest.Values{"limits": map[string]any{"ack_day": 100}})
	s.Make(desk.Templates, desktest.Values{"key": "poke", "locale": "en", "kind": "reply", "subject": "s", "body": "b", "enabled": true})
	var rules []string // three, since one alone rests before
	for _, word := range []string{"zero", "one", "two"} {
		rules = append(rules, s.rule(ruling.VisitorWrote, `text ~ "`+word+`"`, "answer", map[string]string{"template": "poke"}, "add_tags", word).Id)
	}
	c, other := s.Case(nil), s.Case(desktest.Values{"email": "ben@example.com"})
	for i := range 11 {
		s.hear(c, "I am out of office, "+[]string{"zero", "one", "two"}[i%3])
		s.drain()
	}
	s.hear(other, "Hello, one")
	s.drain()
	if n := len(s.All(desk.Messages, desktest.Values{"case": c.Id, "template": "poke"})); n != 10 {
		t.Errorf("%d answers", n)
	}
	s.wantDid(other, "answer", "add_tags")
	if got, want := s.Find(desk.Rules, rules[1]).GetString("failed"), fmt.Sprintf("loop: %d", c.Number()); got != want {
		t.Errorf("failed %q, want %q", got, want)
	}
	if told := s.All(desk.Notices, desktest.Values{"agent": admin.Id, "kind": ruling.NoticeFailed, "case": c.Id}); len(told) != 1 {
		t.Errorf("%d notices", len(told))
	}
}

// What no person wrote gets no answer, and neither does a case that is junk.
func TestNoAnswers(t *testing.T) {
	s := open(t)
	s.Make(desk.Templates, desktest.Values{"key": "poke", "locale": "en", "kind": "reply", "subject": "s", "body": "b", "enabled": true})
	s.rule(ruling.CaseOpened, "", "answer", map[string]string{"template": "poke"}, "add_tags", "seen")
	for name, one := range map[string]struct {
		v    desktest.Values
		want string
	}{
		"a person":   {desktest.Values{"email": "anna@example.com"}, "answer"},
		"a program":  {desktest.Values{"email": "no-reply@example.com"}, "answer automatic"},
		"no address": {desktest.Values{"email": "", "phone": "+886912345678"}, "answer no_address"},
	} {
		c := s.Case(one.v)
		s.drain()
		if got := s.did(c); len(got) != 2 || got[0] != one.want {
			t.Errorf("%s: %q, want %q", name, got, one.want)
		}
	}
	mails := s.All(desk.Messages, desktest.Values{"template": "poke"})
	if len(mails) != 1 || mails[0].GetString("author") != "" {
		t.Fatalf("%d mails", len(mails))
	}
	p, err := desk.AsDelivery(s.One(desk.Outbox, desktest.Values{"message": mails[0].Id})).Payload()
	if err != nil || p.Kind != desk.KindRule || !p.Automatic() {
		t.Errorf("%+v, %v", p, err)
	}
	c := desk.AsCase(s.Find(desk.Cases, mails[0].GetString("case")))
	if !c.GetDateTime("first_responded_at").IsZero() || c.GetDateTime("waiting_since").IsZero() {
		t.Error("an automatic mail counts as an answer")
	}
}
