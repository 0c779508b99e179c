package seed

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/pocketdesk/pocketdesk/internal/liquid"
)

// A text that goes out by itself never repeats what a stranger wrote, reads well
// with and without a tracking page, and says that a person reads the answer.
func TestTriageTemplates(t *testing.T) {
	have := map[string][]string{}
	v := liquid.Vars{TrackingURL: "https://shop.example/t/abc"}
	v.Contact.Name, v.Shop.Name, v.Case.Reference, v.Case.Subject = "王小明", "山嵐選物", "K7QF-2M9D", "SPAM https://evil.example"
	human := map[string]string{"zh-TW": "客服人員", "zh-CN": "客服人员", "ja": "担当者", "en": "member of our team"}
	for _, r := range must(t, Triage).Templates {
		have[r.Key] = append(have[r.Key], r.Locale)
		v.Locale = r.Locale
		v.TrackingURL = "https://shop.example/t/abc"
		body, err := liquid.New().Render(r.Body, v)
		if err != nil || r.Kind != "reply" || r.Shortcut != r.Key {
			t.Errorf("%s %s: %+v, %v", r.Key, r.Locale, r, err)
		}
		if !strings.Contains(body, "\nhttps://shop.example/t/abc\n") || !strings.Contains(body, "K7QF-2M9D") || strings.Contains(body, "\n\n\n") || strings.Contains(body, "evil") {
			t.Errorf("%s %s: %s", r.Key, r.Locale, body)
		}
		if !strings.Contains(body, human[r.Locale]) {
			t.Errorf("%s %s doesn't say that a person answers", r.Key, r.Locale)
		}
		v.TrackingURL = ""
		if without, err := liquid.New().Render(r.Body, v); err != nil || strings.Contains(without, "\n\n\n") || len(without) >= len(body) {
			t.Errorf("%s %s without a page: %v\n%s", r.Key, r.Locale, err, without)
		}
		if subject, err := liquid.New().Render(r.Subject, v); err != nil || !strings.Contains(subject, "K7QF-2M9D") || strings.Contains(subject, "evil") {
			t.Errorf("%s %s: subject %q %v", r.Key, r.Locale, subject, err)
		}
	}
	for _, key := range []string{"nudge", "closing"} {
		if !slices.Equal(have[key], Locales()) {
			t.Errorf("%s is there in %v", key, have[key])
		}
	}
}

func TestTriageKeywords(t *testing.T) {
	have := map[string]int{}
	for _, k := range must(t, Triage).Keywords {
		have[k.Value+" "+k.Locale]++
		if k.Effect != "tag" || k.Note == "" || len(k.Words) < 10 {
			t.Errorf("%s %s: %+v", k.Value, k.Locale, k)
		}
		seen := map[string]bool{}
		for _, w := range k.Words {
			if w != norm.NFKC.String(w) || w != strings.ToLower(w) || w != strings.TrimSpace(w) || seen[w] || len([]rune(w)) < 3 {
				t.Errorf("%s %s: word %q is double, too short or not folded", k.Value, k.Locale, w)
			}
			seen[w] = true
		}
	}
	for _, l := range Locales() {
		if have["angry "+l] != 1 || have["data_request "+l] != 1 {
			t.Errorf("words in %s: %v", l, have)
		}
	}
}

// Only what tells somebody or tags a case is on from the beginning.
func TestTriageRules(t *testing.T) {
	tags := map[string]bool{"vip": true}
	for _, k := range append(must(t, Keywords), must(t, Triage).Keywords...) {
		if k.Effect == "tag" {
			tags[k.Value] = true
		}
	}
	keys, last := map[string]bool{}, 0
	for _, r := range must(t, Triage).Rules {
		if keys[r.Key] || r.Position <= last || len(r.Actions) == 0 {
			t.Errorf("%s is double, out of order or does nothing", r.Key)
		}
		keys[r.Key], last = true, r.Position
		complete(t, r.Key+" name", r.Names)
		complete(t, r.Key+" note", r.Notes)
		gentle := true
		for _, a := range r.Actions {
			gentle = gentle && (a.Do == "notify" || a.Do == "add_tags")
			if a.Do == "notify" {
				complete(t, r.Key+" text", a.Texts)
			}
		}
		if r.Enabled != gentle {
			t.Errorf("%s is on: %v; it only tells or tags: %v", r.Key, r.Enabled, gentle)
		}
		if (r.Event == "time_passed") != (r.Delay != "" && len(r.States) > 0) {
			t.Errorf("%s: event %s with delay %q in %v", r.Key, r.Event, r.Delay, r.States)
		}
		for _, m := range regexp.MustCompile(`tags ~ "\\"(\w+)\\""`).FindAllStringSubmatch(r.Filter, -1) {
			if !tags[m[1]] {
				t.Errorf("%s looks for the tag %q, which nothing gives", r.Key, m[1])
			}
		}
		for _, locale := range Locales() {
			actions, err := r.ActionsIn(locale)
			if err != nil || len(actions) != len(r.Actions) {
				t.Fatalf("%s in %s: %v %v", r.Key, locale, actions, err)
			}
			if v, ok := actions[0]["value"].(map[string]any); ok && actions[0]["do"] == "notify" && (v["to"] != "lead" || v["text"] != r.Actions[0].Texts[locale]) {
				t.Errorf("%s in %s: %v", r.Key, locale, v)
			}
		}
	}
	for _, key := range []string{"legal", "safety", "press", "bulk", "data_request", "unheard", "nudge", "closing", "vip", "angry"} {
		if !keys[key] {
			t.Errorf("no rule %q", key)
		}
	}
}
