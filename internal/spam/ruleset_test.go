package spam

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func TestMatch(t *testing.T) {
	m := Message{
		Name:    "王小明 ＣＡＳＩＮＯ",
		Email:   "Bob+news@Mail.Junk.Example",
		Phone:   "+886 912-345-678",
		Subject: "Hello there",
		Text:    "加 賴 now, see https://www.site.example/a/b?x=1 and bit.ly/abc",
		IP:      netip.MustParseAddr("::ffff:192.0.2.7"),
	}
	tests := []struct {
		kind, value string
		want        bool
	}{
		{KindIP, "192.0.2.7", true},
		{KindIP, "192.0.2.0/24", true},
		{KindIP, "192.0.2.200/24", true},
		{KindIP, "192.0.3.0/24", false},
		{KindIP, "2001:db8::/32", false},
		{KindEmail, "bob+news@mail.junk.example", true},
		{KindEmail, "BOB@mail.junk.example", true},
		{KindEmail, "bob+other@mail.junk.example", false},
		{KindEmail, "ob@mail.junk.example", false},
		{KindDomain, "junk.example", true},
		{KindDomain, "mail.junk.example", true},
		{KindDomain, "a.mail.junk.example", false},
		{KindDomain, "unk.example", false},
		{KindDomain, ".example", true},
		{KindPhone, "0912345678", true},
		{KindPhone, "0912345679", false},
		{KindKeyword, "casino", true},
		{KindKeyword, "HELLO  THERE", true},
		{KindKeyword, "加賴", true},
		{KindKeyword, "there加賴", false}, // not across fields
		{KindKeyword, "there 加", false},
		{KindRegex, `hel+o`, true},
		{KindRegex, `加.賴`, true},
		{KindRegex, `ＣＡＳＩＮＯ`, true},
		{KindRegex, `casino$`, true},
		{KindRegex, `^goodbye`, false},
		{KindURL, "site.example", true},
		{KindURL, "https://site.example/a", true},
		{KindURL, "site.example/a/b", true},
		{KindURL, "site.example/a/bc", false},
		{KindURL, "site.example/A/B?x=1", true},
		{KindURL, "other.site.example", false},
		{KindURL, "bit.ly/abc", true},
		{KindURL, "bit.ly/ab", false},
		{KindURL, "ly.example", false},
	}
	for _, tt := range tests {
		set, errs := CompileRules([]Rule{{ID: "r1", Kind: tt.kind, Value: tt.value, Action: ActionQuarantine}})
		if len(errs) > 0 {
			t.Errorf("%s %q: %v", tt.kind, tt.value, errs)
			continue
		}
		hits := set.Match(m, now)
		if (len(hits) == 1) != tt.want {
			t.Errorf("%s %q: %d hits, want match = %v", tt.kind, tt.value, len(hits), tt.want)
		}
		for _, h := range hits {
			if h.Rule.ID != "r1" || h.Signal.Weight != 5 || h.Signal.Data["rule"] != "r1" || h.Signal.Sentence == "" {
				t.Errorf("hit = %+v", h)
			}
		}
	}
}

func TestMatchIPv6(t *testing.T) {
	set, errs := CompileRules([]Rule{
		{ID: "net", Kind: KindIP, Value: "2001:db8:1::/48", Action: ActionBlock},
		{ID: "four", Kind: KindIP, Value: "::ffff:192.0.2.0/120", Action: ActionBlock},
	})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for addr, want := range map[string]string{
		"2001:db8:1:2::3":      "net",
		"2001:db8:1:2::3%eth0": "net",
		"2001:db8:2::1":        "",
		"192.0.2.9":            "four",
		"192.0.3.9":            "",
	} {
		got := ""
		for _, h := range set.Match(Message{IP: netip.MustParseAddr(addr)}, now) {
			got += h.Rule.ID
		}
		if got != want {
			t.Errorf("%s: hit %q, want %q", addr, got, want)
		}
	}
}

func TestExpiry(t *testing.T) {
	set, _ := CompileRules([]Rule{
		{ID: "past", Kind: KindKeyword, Value: "word", Action: ActionBlock, Expires: now.Add(-time.Second)},
		{ID: "just", Kind: KindKeyword, Value: "word", Action: ActionBlock, Expires: now},
		{ID: "later", Kind: KindKeyword, Value: "word", Action: ActionBlock, Expires: now.Add(time.Second)},
		{ID: "never", Kind: KindKeyword, Value: "word", Action: ActionBlock},
	})
	var ids []string
	for _, h := range set.Match(Message{Text: "a word"}, now) {
		ids = append(ids, h.Rule.ID)
	}
	if got := strings.Join(ids, " "); got != "later never" {
		t.Errorf("hits %q", got)
	}
}

func TestCompileRulesKeepsTheGood(t *testing.T) {
	rules := []Rule{
		{ID: "bad1", Kind: KindRegex, Value: "(", Action: ActionBlock},
		{ID: "good", Kind: KindKeyword, Value: "word", Action: ActionBlock},
		{ID: "bad2", Kind: KindKeyword, Value: "word", Action: "shout"},
	}
	set, errs := CompileRules(rules)
	if len(errs) != 2 || !strings.HasPrefix(errs[0].Error(), "rule bad1: ") || !strings.HasPrefix(errs[1].Error(), "rule bad2: ") {
		t.Errorf("errors %v", errs)
	}
	if hits := set.Match(Message{Text: "word"}, now); len(hits) != 1 || hits[0].Rule.ID != "good" {
		t.Errorf("hits %+v", hits)
	}
	var none *Ruleset
	if none.Match(Message{Text: "word"}, now) != nil {
		t.Error("no ruleset matched")
	}
	var many []Rule
	for i := range maxRegexRules + 3 {
		many = append(many, Rule{ID: fmt.Sprint(i), Kind: KindRegex, Value: "x+", Action: ActionBlock})
	}
	if _, errs := CompileRules(many); len(errs) != 3 {
		t.Errorf("%d of %d expressions were refused, want 3", len(errs), len(many))
	}
}

// A rule decides at the end of the whole line.
func TestRulesDecide(t *testing.T) {
	junk := Message{Email: "a@junk.example", Text: "online casino, viagra, backlinks, seo services, [url=x]y[/url] <a href=x>"}
	tests := []struct {
		name  string
		m     Message
		rules []Rule
		want  Outcome
	}{
		{"no rule", Message{Text: "a word"}, nil, Accepted},
		{"block", Message{Text: "a word"}, []Rule{{Kind: KindKeyword, Value: "word", Action: ActionBlock}}, Blocked},
		{"quarantine", Message{Text: "a word"}, []Rule{{Kind: KindKeyword, Value: "word", Action: ActionQuarantine}}, Quarantined},
		{"allow junk", junk, []Rule{{Kind: KindDomain, Value: "junk.example", Action: ActionAllow}}, Accepted},
		{"allow over block", junk, []Rule{
			{Kind: KindKeyword, Value: "casino", Action: ActionBlock},
			{Kind: KindEmail, Value: "a@junk.example", Action: ActionAllow}}, Accepted},
	}
	for _, tt := range tests {
		set, errs := CompileRules(tt.rules)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		v := Screen(Input{Message: tt.m, Checks: DefaultChecks(), Hits: set.Match(tt.m, now)})
		if v.Outcome != tt.want {
			t.Errorf("%s: %s with %v, want %s", tt.name, v.Outcome, v.Score, tt.want)
		}
	}
}
