package demo

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func load(t *testing.T) []Submission {
	t.Helper()
	subs, err := Submissions()
	if err != nil {
		t.Fatal(err)
	}
	return subs
}

func TestCounts(t *testing.T) {
	subs := load(t)
	got := map[string]int{}
	spam := 0
	for i, s := range subs {
		got[s.Locale]++
		if s.Spam {
			spam++
		}
		if i > 0 && s.DaysAgo > subs[i-1].DaysAgo {
			t.Errorf("%s stands after %s but is older", s.ID, subs[i-1].ID)
		}
	}
	for locale, want := range map[string]int{"zh-TW": 130, "ja": 75, "en": 60, "zh-CN": 35} {
		if n := got[locale]; math.Abs(float64(n-want)) > 0.05*float64(want) {
			t.Errorf("%s: %d rows, want about %d", locale, n, want)
		}
	}
	if len(got) != 4 {
		t.Errorf("locales %v, want four", slices.Collect(maps.Keys(got)))
	}
	if share := float64(spam) / float64(len(subs)); share < 0.08 || share > 0.12 {
		t.Errorf("spam is %.1f %% of %d rows, want 8 to 12", 100*share, len(subs))
	}
}

func TestRowsAreValid(t *testing.T) {
	categories := []string{"", "product", "order", "return", "complaint", "cooperation", "bulk", "technical", "account", "media", "other"}
	files := []string{"", "photo.jpg", "receipt.png", "screenshot.png"}
	prefix := map[string]string{"zh-TW": "tw-", "zh-CN": "cn-", "ja": "ja-", "en": "en-"}
	order := regexp.MustCompile(`^(YM26\d\d-\d{4})?$`)
	email := regexp.MustCompile(`^[a-z0-9._]+@example\.(com|org|net)$`)
	phone := regexp.MustCompile(`^(09\d\d-000-\d{3}|080-0000-\d{4}|\+86 13\d 0000 \d{4}|\+1 212-555-01\d\d|\+65 8000 00\d\d)$`)
	for _, s := range load(t) {
		if !slices.Contains(categories, s.Category) || !slices.Contains(files, s.File) {
			t.Errorf("%s: category %q, file %q", s.ID, s.Category, s.File)
		}
		if p := prefix[s.Locale]; p == "" || !strings.HasPrefix(s.ID, p) {
			t.Errorf("%s: locale %q", s.ID, s.Locale)
		}
		if s.Email == "" && s.Phone == "" {
			t.Errorf("%s: no way to reach %s", s.ID, s.Name)
		}
		if s.Email != "" && !email.MatchString(s.Email) || s.Phone != "" && !phone.MatchString(s.Phone) {
			t.Errorf("%s: email %q, phone %q", s.ID, s.Email, s.Phone)
		}
		if !order.MatchString(s.OrderNo) {
			t.Errorf("%s: order %q", s.ID, s.OrderNo)
		}
		if s.Name == "" || strings.TrimSpace(s.Message) != s.Message || len(s.Message) < 10 || len(s.Message) > 5000 {
			t.Errorf("%s: name %q, message of %d bytes", s.ID, s.Name, len(s.Message))
		}
		if s.DaysAgo <= 0 || s.DaysAgo >= 60 {
			t.Errorf("%s: %g days ago", s.ID, s.DaysAgo)
		}
		if !s.Spam && s.Bot != (Bot{}) || s.Spam && len(s.Thread) > 0 {
			t.Errorf("%s: spam %t, bot %v, %d steps", s.ID, s.Spam, s.Bot, len(s.Thread))
		}
	}
}

func TestThreadsAreValid(t *testing.T) {
	agents := map[string]bool{}
	for _, a := range Agents() {
		agents[a.Key] = true
	}
	liquid := regexp.MustCompile(`\{[{%].*?[}%]\}`)
	for _, s := range load(t) {
		last := 0.0
		for i, step := range s.Thread {
			if !agents[step.Agent] || step.AfterHours < last || step.AfterHours <= 0 || step.AfterHours >= 24*s.DaysAgo {
				t.Errorf("%s step %d: agent %q, %g hours after a message of %g days", s.ID, i, step.Agent, step.AfterHours, s.DaysAgo)
			}
			last = step.AfterHours
			ok := false
			switch step.Kind {
			case StepReply:
				ok = len(step.Body) > 60 && s.Email != "" && (step.Template == "" || step.Template == s.Category)
			case StepNote:
				ok = step.Body != "" && !strings.Contains(step.Body, "{{")
			case StepStatus:
				ok = slices.Contains([]string{"open", "pending", "on_hold", "resolved"}, step.Status)
			case StepFollowUp:
				ok = step.Days >= 1 && step.Note != ""
			}
			if !ok {
				t.Errorf("%s step %d is not valid: %+v", s.ID, i, step)
			}
			for _, tag := range liquid.FindAllString(step.Body, -1) {
				if tag != "{{ contact.salutation }}" && tag != "{{ agent.signature }}" {
					t.Errorf("%s step %d: %s", s.ID, i, tag)
				}
			}
		}
	}
}

// TestDesk holds what the demo must show: a fresh inbox, answered cases, promises that fall due.
func TestDesk(t *testing.T) {
	fresh, old, answered, resolved, due, notes, pairs, phoneOnly, open := 0, 0, 0, 0, 0, 0, 0, 0, 0
	statuses := map[string]int{}
	for _, s := range load(t) {
		if s.Spam {
			continue
		}
		if s.DaysAgo < 1 && len(s.Thread) == 0 {
			fresh++
		}
		if s.Again != "" {
			pairs++
		}
		if s.Email == "" {
			phoneOnly++
		}
		if s.Category == "" {
			open++
		}
		status, reply := "", false
		for _, step := range s.Thread {
			reply = reply || step.Kind == StepReply
			if step.Kind == StepNote {
				notes++
			}
			if step.Kind == StepStatus {
				status = step.Status
			}
			if step.Kind == StepFollowUp && math.Abs(float64(step.Days)+step.AfterHours/24-s.DaysAgo) < 2 {
				due++
			}
		}
		statuses[status]++
		if s.DaysAgo > 2 {
			old++
			if reply {
				answered++
				if status == "resolved" {
					resolved++
				}
			}
		}
	}
	for _, c := range []struct {
		what        string
		got, lo, hi int
	}{
		{"unanswered of the last day", fresh, 12, 30},
		{"answered, in per cent of those older than two days", 100 * answered / old, 65, 82},
		{"resolved, in per cent of the answered", 100 * resolved / answered, 60, 95},
		{"follow-ups due about now", due, 10, 20},
		{"notes", notes, 10, 60},
		{"second messages about the same", pairs, 13, 17},
		{"visitors with a phone only", phoneOnly, 8, 40},
		{"category left open", open, 50, 110},
		{"pending", statuses["pending"], 15, 60},
		{"on hold", statuses["on_hold"], 4, 20},
	} {
		if c.got < c.lo || c.got > c.hi {
			t.Errorf("%s: %d, want %d to %d", c.what, c.got, c.lo, c.hi)
		}
	}
}

func TestNothingTwice(t *testing.T) {
	subs := load(t)
	byID := map[string]Submission{}
	for _, s := range subs {
		if _, dup := byID[s.ID]; dup {
			t.Errorf("%s stands twice", s.ID)
		}
		byID[s.ID] = s
	}
	seen := map[string]Submission{}
	for _, s := range subs { // oldest first, so the first of a pair is there before its second
		if s.Again != "" {
			f, ok := byID[s.Again]
			if !ok || f.DaysAgo <= s.DaysAgo || f.Locale != s.Locale || (f.Email == "" || f.Email != s.Email) && (f.Phone == "" || f.Phone != s.Phone) {
				t.Errorf("%s is no second message of %s", s.ID, s.Again)
			}
		}
		keys := []string{"text " + s.Message}
		for _, k := range []string{s.Email, s.Phone} {
			if k != "" {
				keys = append(keys, k)
			}
		}
		for _, step := range s.Thread {
			if step.Kind == StepReply {
				keys = append(keys, "reply "+step.Body)
			}
		}
		for i, k := range keys {
			if prev, dup := seen[k]; dup && (i == 0 || prev.ID != s.Again) {
				t.Errorf("%s and %s share %q", prev.ID, s.ID, k)
			}
			seen[k] = s
		}
	}
}

// TestReservedDomains searches every text for a host name that could belong to someone.
func TestReservedDomains(t *testing.T) {
	host := regexp.MustCompile(`(?i)(?:https?://|@)([a-z0-9.-]+\.[a-z]+)|\b([a-z0-9-]+\.(?:com|net|org|tw|jp|cn|io|cc|me|co|shop|xyz|top|info|biz|app))\b`)
	reserved := regexp.MustCompile(`(?i)(^|[@/.])(example\.(com|net|org)|[a-z0-9-]+\.(example|invalid))$`)
	check := func(where, text string) {
		for _, m := range host.FindAllString(text, -1) {
			if m != "robots.txt" && !reserved.MatchString(m) {
				t.Errorf("%s names %s", where, m)
			}
		}
	}
	for _, bad := range []string{"see http://shop.test-site.com/x", "mail a@b.co", "visit foo.tw now"} {
		m := host.FindString(bad)
		if m == "" || reserved.MatchString(m) {
			t.Errorf("the search misses %q (found %q)", bad, m)
		}
	}
	taken := map[string]bool{}
	for _, s := range load(t) {
		check(s.ID, strings.Join([]string{s.Name, s.Email, s.Subject, s.Message}, " \n"))
		for _, step := range s.Thread {
			check(s.ID, step.Body+" \n"+step.Note)
		}
		taken[s.Email] = true
	}
	for _, a := range Agents() {
		check(a.Key, a.Email)
		if taken[a.Email] {
			t.Errorf("visitor and agent share %s", a.Email)
		}
	}
	check("shop", Shop().Email)
}

// TestScripts finds a text that slipped into the file of another place.
func TestScripts(t *testing.T) {
	const simplified = "们这说时会对发货单图实际运费问题网络订购买卖马东车门见长书开关还没让谢请讲话认识电脑银钱换坏么为吗给"
	const traditional = "們這說時會對發貨單圖實際運費問題網絡訂購買賣馬東車門見長書開關還讓謝請講話認識電腦銀錢換壞麼為嗎給"
	words := map[string][]string{
		"zh-TW": {"质量", "信息", "視頻", "默認", "軟件", "快遞小哥", "郵箱", "短信", "屏幕"},
		"zh-CN": {"資訊", "信箱", "簡訊", "宅配", "統編", "刷卡", "網路", "影片"},
	}
	for _, s := range load(t) {
		texts := []string{s.Name, s.Subject, s.Message}
		for _, step := range s.Thread {
			if step.Kind == StepReply {
				texts = append(texts, step.Body)
			}
		}
		text := strings.Join(texts, "\n")
		var alien string
		switch s.Locale {
		case "zh-TW":
			alien = onlyIn(simplified, traditional)
		case "zh-CN":
			alien = onlyIn(traditional, simplified)
		case "ja":
			if !strings.ContainsFunc(s.Message, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) }) {
				t.Errorf("%s: no kana", s.ID)
			}
		case "en":
			if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s: Han characters", s.ID)
			}
		}
		if i := strings.IndexAny(text, alien); alien != "" && i >= 0 {
			t.Errorf("%s: %q belongs to the other script", s.ID, []rune(text[i:])[0])
		}
		for _, w := range words[s.Locale] {
			if strings.Contains(text, w) {
				t.Errorf("%s: %q is not said there", s.ID, w)
			}
		}
	}
}

// onlyIn returns the runes of a that b does not hold.
func onlyIn(a, b string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(b, r) {
			return -1
		}
		return r
	}, a)
}

func TestParseFaults(t *testing.T) {
	for name, text := range map[string]string{
		"broken":      "{\"id\":\"a\"}\n{\"id\":",
		"unknown key": "{\"id\":\"a\"}\n{\"id\":\"b\",\"massage\":\"x\"}",
		"wrong type":  "\n{\"id\":7}",
	} {
		if _, err := parse(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v, want an error at line 2", name, err)
		}
	}
	if _, err := parse(strings.NewReader(strings.Repeat("x", 70<<10))); err == nil {
		t.Error("a line without end is read")
	}
}

func TestShop(t *testing.T) {
	shop := Shop()
	for _, l := range []string{"zh-TW", "zh-CN", "ja", "en"} {
		if shop.Name[l] == "" || shop.Hours[l] == "" {
			t.Errorf("%s: name %q, hours %q", l, shop.Name[l], shop.Hours[l])
		}
	}
	agents, teams := map[string]bool{}, map[string]bool{}
	for _, team := range Teams() {
		teams[team.Key] = true
	}
	for _, a := range Agents() {
		agents[a.Key] = true
		if !teams[a.Team] || !slices.Contains([]string{"agent", "supervisor", "admin"}, a.Role) || a.Name == "" || a.Signature == "" {
			t.Errorf("%s: %+v", a.Key, a)
		}
	}
	for _, team := range Teams() {
		if !agents[team.Lead] {
			t.Errorf("team %s is led by %q", team.Key, team.Lead)
		}
	}
}
