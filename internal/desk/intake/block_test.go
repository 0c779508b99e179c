package intake_test

import (
	"database/sql"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
)

// holdFrom is a held message that came from a network address.
func holdFrom(t *testing.T, app *desktest.App, ip string, v desktest.Values) string {
	t.Helper()
	r := app.Hold(v)
	app.Put(app.One(desk.Verdicts, desktest.Values{"feedback": r.Feedback.Id}), desktest.Values{"ip": ip})
	return r.Feedback.Id
}

// outcomeOf is what becomes of one more message.
func outcomeOf(t *testing.T, app *desktest.App, ip string, v desktest.Values) string {
	t.Helper()
	s := intake.Submission{Feedback: app.Feedback(v)}
	if ip != "" {
		s.Request = &intake.Request{IP: netip.MustParseAddr(ip), Authenticated: true}
	}
	r, err := app.Door.Receive(app, s)
	if err != nil {
		t.Fatal(err)
	}
	return r.Outcome
}

func TestBlock(t *testing.T) {
	for name, c := range map[string]struct {
		held       desktest.Values
		ip         string
		ask        intake.BlockRequest
		kind       string
		value      string
		next, free desktest.Values // sent afterwards: blocked, and not touched by it
		from       string
	}{
		"sender": {
			held: desktest.Values{"email": " Pest@Junk-Mail.example"}, ask: intake.BlockRequest{Kind: "sender"},
			kind: "email", value: "pest@junk-mail.example",
			next: desktest.Values{"email": "PEST+2@junk-mail.example"}, free: desktest.Values{"email": "ann@junk-mail.example"},
		},
		"sender without mail": {
			held: desktest.Values{"email": "", "phone": "0912-345-678", "locale": "zh-TW"}, ask: intake.BlockRequest{Kind: "sender"},
			kind: "phone", value: "+886912345678",
			next: desktest.Values{"phone": "+886 912 345 678"}, free: desktest.Values{"phone": "0912-345-679"},
		},
		"free mail as sender": {
			held: desktest.Values{"email": "pest@gmail.com"}, ask: intake.BlockRequest{Kind: "sender", Value: "Pest@gmail.com"},
			kind: "email", value: "pest@gmail.com",
			next: desktest.Values{"email": "pest@gmail.com"}, free: desktest.Values{"email": "ann@gmail.com"},
		},
		"domain": {
			held: desktest.Values{"email": "a@junk-mail.example"}, ask: intake.BlockRequest{Kind: "domain"},
			kind: "domain", value: "junk-mail.example",
			next: desktest.Values{"email": "b@eu.junk-mail.example"}, free: desktest.Values{"email": "b@mail.example"},
		},
		"wider domain": {
			held: desktest.Values{"email": "a@eu.junk-mail.example"}, ask: intake.BlockRequest{Kind: "domain", Value: "@Junk-Mail.example"},
			kind: "domain", value: "junk-mail.example",
			next: desktest.Values{"email": "b@us.junk-mail.example"}, free: desktest.Values{"email": "b@other.example"},
		},
		"network": {
			ip: "203.0.113.7", ask: intake.BlockRequest{Kind: "network"}, kind: "ip", value: "203.0.113.0/24",
			next: desktest.Values{}, free: desktest.Values{}, from: "203.0.113.200",
		},
		"IPv6 network": {
			ip: "2001:db8:1:2:3::4", ask: intake.BlockRequest{Kind: "network"}, kind: "ip", value: "2001:db8:1:2::/64",
			next: desktest.Values{}, free: desktest.Values{}, from: "2001:db8:1:2::9",
		},
		"phrase": {
			held: desktest.Values{"message": "我們提供　代寫評論 服務。"}, ask: intake.BlockRequest{Kind: "phrase", Value: "代寫 評論"},
			kind: "keyword", value: "代寫評論",
			next: desktest.Values{"message": "需要代寫評論嗎？"}, free: desktest.Values{"message": "我想寫評論。"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			agent := app.Agent(desk.RoleAgent, "")
			id := holdFrom(t, app, c.ip, c.held)
			c.ask.Days = 30
			rule, err := app.Door.Block(app, id, c.ask, agent)
			if err != nil {
				t.Fatal(err)
			}
			if rule.Kind != c.kind || rule.Value != c.value || !rule.Expires.Equal(app.Clock.Now().AddDate(0, 0, 30)) {
				t.Errorf("rule %+v", rule)
			}
			r := app.Find(desk.BlockRules, rule.ID)
			if note := r.GetString("note"); r.GetString("action") != "block" || !strings.Contains(note, agent.Name()) || !strings.Contains(note, app.Find(desk.Feedbacks, id).GetString("receipt")) {
				t.Errorf("%v", r)
			}
			if v := app.One(desk.Verdicts, desktest.Values{"feedback": id}); v.GetString("outcome") != desk.Blocked || v.GetString("decided_by") != agent.Id {
				t.Errorf("verdict %v", v)
			}
			if l := app.One(desk.Corrections, nil); !l.GetBool("spam") || l.GetString("how") != desk.HowConfirm {
				t.Errorf("lesson %v", l)
			}
			if got := outcomeOf(t, app, c.from, c.next); got != desk.Blocked {
				t.Errorf("the next one: %s", got)
			}
			if c.free["message"] == nil { // the same text under another name is suspicious by itself
				c.free["message"] = "Do you have cups that go with the blue saucers?"
			}
			if got := outcomeOf(t, app, "", c.free); got != desk.Accepted {
				t.Errorf("somebody else: %s", got)
			}
			app.Clock.Advance(31 * 24 * time.Hour)
			if got := outcomeOf(t, app, c.from, c.next); got != desk.Accepted {
				t.Errorf("a month later: %s", got)
			}
		})
	}
}

func TestBlockRefused(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"service_email": "help@tea-house.example"})
	agent, boss := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleSupervisor, "")
	for name, c := range map[string]struct {
		held desktest.Values
		ip   string
		ask  intake.BlockRequest
		code string
	}{
		"free mail":            {desktest.Values{"email": "a@yahoo.co.jp"}, "", intake.BlockRequest{Kind: "domain", Days: 7}, "free_mail"},
		"below free mail":      {desktest.Values{"email": "a@ms1.hinet.net"}, "", intake.BlockRequest{Kind: "domain", Days: 7}, "free_mail"},
		"carrier":              {desktest.Values{"email": "a..b@docomo.ne.jp"}, "", intake.BlockRequest{Kind: "domain", Days: 7}, "free_mail"},
		"an ending":            {desktest.Values{"email": "a@junk.com.tw"}, "", intake.BlockRequest{Kind: "domain", Value: "com.tw", Days: 7}, "public_suffix"},
		"another domain":       {desktest.Values{"email": "a@junk.example"}, "", intake.BlockRequest{Kind: "domain", Value: "rival.example", Days: 7}, "not_found"},
		"own domain":           {desktest.Values{"email": "a@tea-house.example"}, "", intake.BlockRequest{Kind: "domain", Days: 7}, "own"},
		"below the own":        {desktest.Values{"email": "a@mail.shop.example"}, "", intake.BlockRequest{Kind: "domain", Days: 7}, "own"},
		"own address":          {desktest.Values{"email": "Help@tea-house.example"}, "", intake.BlockRequest{Kind: "sender", Days: 7}, "own"},
		"no mail for a domain": {desktest.Values{"email": "", "phone": "0912345678", "locale": "zh-TW"}, "", intake.BlockRequest{Kind: "domain", Days: 7}, "no_domain"},
		"another sender":       {nil, "", intake.BlockRequest{Kind: "sender", Value: "rival@example.net", Days: 7}, "not_found"},
		"private network":      {nil, "192.168.1.4", intake.BlockRequest{Kind: "network", Days: 7}, "own"},
		"this machine":         {nil, "::1", intake.BlockRequest{Kind: "network", Days: 7}, "own"},
		"provider's room":      {nil, "100.64.3.4", intake.BlockRequest{Kind: "network", Days: 7}, "own"},
		"short phrase":         {nil, "", intake.BlockRequest{Kind: "phrase", Value: " a\u200b ", Days: 7}, "phrase_length"},
		"long phrase":          {nil, "", intake.BlockRequest{Kind: "phrase", Value: strings.Repeat("teapot ", 40), Days: 7}, "phrase_length"},
		"phrase of nobody":     {nil, "", intake.BlockRequest{Kind: "phrase", Value: "never said", Days: 7}, "not_found"},
		"unknown kind":         {nil, "", intake.BlockRequest{Kind: "planet", Days: 7}, "kind_unknown"},
		"for good":             {nil, "", intake.BlockRequest{Kind: "sender"}, "too_long"},
		"too long":             {nil, "", intake.BlockRequest{Kind: "sender", Days: 91}, "too_long"},
		"negative":             {nil, "", intake.BlockRequest{Kind: "sender", Days: -1}, "out_of_range"},
	} {
		id := holdFrom(t, app, c.ip, c.held)
		_, err := app.Door.Block(app, id, c.ask, agent)
		var refused *intake.BlockError
		if !errors.As(err, &refused) || refused.Code != c.code || refused.Sentence == "" {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
		if v := app.One(desk.Verdicts, desktest.Values{"feedback": id}); v.GetString("outcome") != desk.Quarantined {
			t.Errorf("%s: the message was decided on", name)
		}
	}
	if n := len(app.All(desk.BlockRules, desktest.Values{"action": "block"})); n != 0 {
		t.Errorf("%d rules were made", n)
	}
	held := holdFrom(t, app, "", nil)
	if _, err := app.Door.Block(app, held, intake.BlockRequest{Kind: "network", Days: 7}, agent); !errors.Is(err, intake.ErrNoNetwork) {
		t.Errorf("an address that is not kept: %v", err)
	}
	if _, err := app.Door.Block(app, "nobody", intake.BlockRequest{Kind: "sender", Days: 7}, agent); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("no message: %v", err)
	}
	if rule, err := app.Door.Block(app, held, intake.BlockRequest{Kind: "sender"}, boss); err != nil || !rule.Expires.IsZero() {
		t.Errorf("a supervisor, for good: %+v, %v", rule, err)
	}
}

// A rule of the same value is prolonged and never shortened; what the shop lets
// through or wants to look at is not overruled in passing.
func TestBlockAgain(t *testing.T) {
	app := desktest.New(t)
	agent, boss := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleSupervisor, "")
	block := func(email string, days int, who *desk.Agent) (*intake.BlockedRule, error) {
		return app.Door.Block(app, holdFrom(t, app, "", desktest.Values{"email": email}), intake.BlockRequest{Kind: "sender", Days: days}, who)
	}
	in := func(days int) time.Time { return app.Clock.Now().AddDate(0, 0, days) }
	first, err := block("pest@junk.example", 30, agent)
	if err != nil {
		t.Fatal(err)
	}
	// the next ones of this sender are blocked: staff find them in the list of what was
	next := app.Submit(desktest.Values{"email": "pest@junk.example"}).Feedback.Id
	for _, step := range []struct {
		days int
		who  *desk.Agent
		want time.Time
	}{{7, agent, in(30)}, {60, agent, in(60)}, {0, boss, time.Time{}}, {7, agent, time.Time{}}} {
		rule, err := app.Door.Block(app, next, intake.BlockRequest{Kind: "sender", Days: step.days}, step.who)
		if err != nil || rule.ID != first.ID || rule.Made || !rule.Expires.Equal(step.want) {
			t.Errorf("%d days: %+v, %v; want %v", step.days, rule, err, step.want)
		}
	}
	over := app.Make(desk.BlockRules, desktest.Values{"kind": "email", "value": "Old@Junk.example", "action": "quarantine", "expires": desk.Date(in(-1))})
	if rule, err := block("old@junk.example", 7, agent); err != nil || rule.ID != over.Id || !rule.Expires.Equal(in(7)) {
		t.Errorf("a rule that was over: %+v, %v", rule, err)
	}
	app.Make(desk.BlockRules, desktest.Values{"kind": "email", "value": "look@junk.example", "action": "quarantine"})
	var refused *intake.BlockError
	if _, err := block("look@junk.example", 7, agent); !errors.As(err, &refused) || refused.Code != "held" {
		t.Errorf("an agent over the shop's rule: %v", err)
	}
	if rule, err := block("look@junk.example", 7, boss); err != nil || !rule.Expires.IsZero() {
		t.Errorf("a supervisor over it: %+v, %v", rule, err)
	}
	held := holdFrom(t, app, "", desktest.Values{"email": "friend@junk.example"})
	app.Make(desk.BlockRules, desktest.Values{"kind": "email", "value": "friend@junk.example", "action": "allow"})
	if _, err := app.Door.Block(app, held, intake.BlockRequest{Kind: "sender", Days: 7}, boss); !errors.As(err, &refused) || refused.Code != "allowed" {
		t.Errorf("over a rule that lets through: %v", err)
	}
	if v := app.One(desk.Verdicts, desktest.Values{"feedback": held}); v.GetString("outcome") != desk.Quarantined {
		t.Error("the message was confirmed without its rule")
	}
}

// What a refusal says of a message is not for those who may not see its case.
func TestBlockOfAnotherTeam(t *testing.T) {
	app := desktest.New(t)
	teamA, teamB := app.Make(desk.Teams, desktest.Values{"name": "A"}).Id, app.Make(desk.Teams, desktest.Values{"name": "B"}).Id
	c := app.Case(nil)
	app.Put(c.Record, desktest.Values{"team": teamA})
	ask := intake.BlockRequest{Kind: "phrase", Value: "teapot", Days: 7}
	mine, other := app.Agent(desk.RoleAgent, teamA), app.Agent(desk.RoleAgent, teamB)
	if _, err := app.Door.Block(app, c.Feedback(), ask, mine); !errors.Is(err, intake.ErrDecided) {
		t.Errorf("a case that is worked on: %v", err)
	}
	if err := app.Door.MarkSpam(app, c.Id, mine); err != nil {
		t.Fatal(err)
	}
	for _, phrase := range []string{"teapot", "never said"} {
		ask.Value = phrase
		if _, err := app.Door.Block(app, c.Feedback(), ask, other); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("%s: %v", phrase, err)
		}
	}
	ask.Value = "teapot"
	if _, err := app.Door.Block(app, c.Feedback(), ask, mine); err != nil {
		t.Errorf("junk of the own team: %v", err)
	}
}
