package casework_test

import (
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

func TestSorting(t *testing.T) {
	app := desktest.New(t)
	team := app.Make(desk.Teams, desktest.Values{"name": "Returns"}).Id
	other := app.Make(desk.Teams, desktest.Values{"name": "Gold"}).Id
	app.Put(app.Find(desk.Categories, "return"), desktest.Values{"team": team})
	for _, k := range []desktest.Values{
		{"words": []string{"zzteam"}, "effect": "team", "value": other},
		{"words": []string{"zzghost"}, "effect": "category", "value": "no_such"},
		{"words": []string{"zzreturn"}, "effect": "category", "value": "return"},
		{"words": []string{"zzlow"}, "effect": "priority", "value": "low"},
		{"words": []string{"zzhigh"}, "effect": "priority", "value": "high"},
		{"words": []string{"zztag"}, "effect": "tag", "value": "gold"},
		{"words": []string{"zzagain"}, "effect": "tag", "value": "gold"},
	} {
		k["enabled"] = true
		app.Make(desk.Keywords, k)
	}
	app.Make(desk.Keywords, desktest.Values{"words": []string{"zzoff"}, "effect": "priority", "value": "urgent"})

	for name, c := range map[string]struct {
		chosen, text                           string
		category, by, priority, byPriority, at string
	}{
		"nothing known":                   {"", "hello there", "", "", "normal", "", ""},
		"visitor chose":                   {"product", "hello there", "product", "visitor", "normal", "", ""},
		"visitor beats keyword":           {"product", "zzreturn", "product", "visitor", "normal", "", ""},
		"keyword fills":                   {"", "zzreturn", "return", "keyword", "normal", "", team},
		"category's priority":             {"complaint", "hello there", "complaint", "visitor", "high", "rule", ""},
		"keyword beats category":          {"complaint", "zzlow", "complaint", "visitor", "low", "keyword", ""},
		"highest keyword wins":            {"", "zzlow zzhigh", "", "", "high", "keyword", ""},
		"category's team":                 {"return", "hello there", "return", "visitor", "normal", "", team},
		"keyword's team beats category's": {"return", "zzteam", "return", "visitor", "normal", "", other},
		"unknown category of a keyword":   {"", "zzghost", "", "", "normal", "", ""},
		"a good one beside an unknown":    {"", "zzghost zzreturn", "return", "keyword", "normal", "", team},
		"disabled keyword":                {"", "zzoff", "", "", "normal", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := app.Case(desktest.Values{"category": c.chosen, "message": c.text, "subject": "", "email": desk.NewReceipt() + "@example.com"})
			r := got.Reasons()
			if got.Category() != c.category || r["category"].By != c.by {
				t.Errorf("category %q by %q, want %q by %q", got.Category(), r["category"].By, c.category, c.by)
			}
			if got.Priority() != c.priority || r["priority"].By != c.byPriority {
				t.Errorf("priority %q by %q, want %q by %q", got.Priority(), r["priority"].By, c.priority, c.byPriority)
			}
			if got.Team() != c.at {
				t.Errorf("team %q, want %q", got.Team(), c.at)
			}
		})
	}
	tagged := app.Case(desktest.Values{"message": "zztag zzagain", "email": "tags@example.com"})
	if tags := tagged.GetStringSlice("tags"); len(tags) != 1 || tags[0] != "gold" {
		t.Errorf("tags %v", tags)
	}
	if err := app.Hits.Flush(app); err != nil {
		t.Fatal(err)
	}
	if n := app.One(desk.Keywords, desktest.Values{"value": "high", "words": `["zzhigh"]`}).GetInt("hits"); n != 1 {
		t.Errorf("%d hits", n)
	}
}

// A fresh shop's own words, in the four languages.
func TestSeededKeywords(t *testing.T) {
	app := desktest.New(t)
	for text, want := range map[string][2]string{
		"我們公司想大量訂購茶壺，請提供報價單":                     {"bulk", "high"},
		"我们公司想批量采购茶壶":                            {"bulk", "high"},
		"大口注文を検討しております":                          {"bulk", "high"},
		"We plan a BULK  ORDER of teapots":       {"bulk", "high"},
		"ｂｕｌｋ ｏｒｄｅｒ, please":                     {"bulk", "high"},
		"再不處理我會寄存證信函":                            {"", "urgent"},
		"我会发律师函":                                 {"", "urgent"},
		"弁護士に相談します":                              {"", "urgent"},
		"You will hear from my lawyer":           {"", "urgent"},
		"我是記者，想採訪老闆":                             {"media", "high"},
		"我是记者，想采访老板":                             {"media", "high"},
		"取材のお願いでご連絡しました":                         {"media", "high"},
		"I am a journalist with a media inquiry": {"media", "high"},
	} {
		c := app.Case(desktest.Values{"message": text, "subject": "", "email": desk.NewReceipt() + "@example.com"})
		if c.Priority() != want[1] || (want[0] != "" && c.Category() != want[0]) {
			t.Errorf("%s: %q, %s; want %v", text, c.Category(), c.Priority(), want)
		}
	}
}
