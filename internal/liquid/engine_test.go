package liquid

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func sample() Vars {
	var v Vars
	v.Contact = Contact{Name: "王小明", Email: "ming@example.com", Locale: "zh-TW"}
	v.Case = Case{Reference: "K7QF-2M9D", Number: 1042, Subject: "退貨", Category: "return",
		Opened:   time.Date(2026, 11, 23, 2, 5, 0, 0, time.UTC),
		AnswerBy: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)}
	v.Shop = Shop{Name: "小島選物", Email: "hi@example.com", Hours: "週一至週五", URL: "https://example.com",
		Location: time.FixedZone("Taipei", 8*3600)}
	v.Agent = Agent{Name: "怡君", Signature: "客服部\n怡君"}
	v.TrackingURL = "https://example.com/t/abc"
	v.Now = time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)
	v.Locale = "zh-TW"
	return v
}

func TestRender(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"plain text", "您好\n", "您好\n"},
		{"values", "{{ contact.salutation }}，{{ case.reference }} #{{case.number}}", "王小明 您好，K7QF-2M9D #1042"},
		{"date in the shop's zone", "{{ case.answer_by }}", "2026年11月24日 18:00"},
		{"today is a date, in the shop's zone", "{{ today }}", "2026年11月24日"},
		{"date filter", `{{ case.answer_by | date: "%Y/%m/%d %-H:%M %A %p" }}`, "2026/11/24 18:00 星期二 下午"},
		{"named formats", `{{ case.answer_by | date: "full" }} {{ case.answer_by | date: 'time' }}`, "2026年11月24日（星期二） 18:00"},
		{"multi-line value", "{{ agent.signature }}", "客服部\n怡君"},
		{"empty is false", "{% if shop.phone %}T {{ shop.phone }}{% else %}none{% endif %}", "none"},
		{"empty is false within and", "{% if shop.name and shop.phone %}a{% else %}b{% endif %}", "b"},
		{"empty is false within or", "{% if shop.phone or shop.name %}a{% else %}b{% endif %}", "a"},
		{"empty filter result is false within and", "{% if shop.phone | strip and shop.name %}a{% else %}b{% endif %}", "b"},
		{"empty is the empty text", `{% if shop.phone == "" and shop.phone == blank %}a{% endif %}`, "a"},
		{"unless and elsif", "{% unless shop.name %}a{% elsif shop.email %}b{% endunless %}", "b"},
		{"brackets", `{% if (shop.phone or shop.email) and case.category == "return" %}a{% endif %}`, "a"},
		{"contains", `{% if case.subject contains "退" %}a{% endif %}`, "a"},
		{"numbers", "{% if case.number > 1000 %}a{% endif %}{% if case.number == 5 %}b{% endif %}", "a"},
		{"moments compare", "{% if case.opened < case.answer_by %}a{% endif %}{% if case.opened == case.answer_by %}b{% endif %}", "a"},
		{"case", `{% case case.category %} {% when "order", "return" %}a{% else %}b{% endcase %}`, "a"},
		{"case else", `{% case shop.phone %}{% when "1" %}a{% else %}b{% endcase %}`, "b"},
		{"case on a text of its own", `{% assign x = case.category %}{% case x %}{% when case.category %}a{% endcase %}`, "a"},
		{"assign", `{% assign x = shop.name | append: "!" %}{{ x }}`, "小島選物!"},
		{"assigned empty is false", `{% assign x = shop.phone %}{% if x %}a{% else %}b{% endif %}`, "b"},
		{"assigned moment", `{% assign x = case.opened %}{{ x | date: "%H:%M" }}`, "10:05"},
		{"capture", `{% capture x %}[{{ shop.name }}]{% endcapture %}{{ x | replace: "[", "(" }}`, "(小島選物]"},
		{"for range", "{% for i in (1..3) %}{{ forloop.index }}{{ i }}{% if forloop.last %}.{% endif %}{% endfor %}", "112233."},
		{"for backwards is empty", "{% for i in (3..1) %}x{% else %}none{% endfor %}", "none"},
		{"for list", `{% assign l = "a,b" | split: "," %}{% for x in l %}<{{ x }}>{% endfor %}`, "<a><b>"},
		{"nested loops", "{% for i in (1..2) %}{% for j in (1..2) %}{{ i }}{{ j }} {% endfor %}{{ forloop.index }};{% endfor %}", "11 12 1;21 22 2;"},
		{"for empty", `{% for x in shop.phone | split: "," %}x{% else %}none{% endfor %}`, "none"},
		{"comment", "a{% comment %}{{ nothing.known }} {% if %}{% endcomment %}b", "ab"},
		{"raw", "{% raw %}{{ shop.name }} {%{% endraw %}", "{{ shop.name }} {%"},
		{"trim", "a \n{%- if shop.name -%}\n b \n{%- endif -%}\n c", "abc"},
		{"trim objects", "a {{- case.number -}} b", "a1042b"},
		{"default", `{{ shop.phone | default: "—" }}{{ shop.name | default: "x" }}`, "—小島選物"},
		{"default with a value", `{{ shop.phone | default: shop.email }}`, "hi@example.com"},
		{"text filters count characters", `{{ "小島選物店" | truncate: 3 }} {{ "小島" | size }} {{ "écrit" | capitalize }}`, "小島… 2 Écrit"},
		{"truncate longer than the mark", `{{ "abcdef" | truncate: 1, "..." }}|{{ "ab" | truncate: 0 }}|{{ "ab" | truncate: 9 }}`, ".||ab"},
		{"more filters", `{{ " aB " | strip | upcase | downcase | prepend: ">" | remove: "b" }}{{ "a b" | url_encode }}`, ">aa+b"},
		{"lists", `{{ "a,b,c" | split: "," | join: "、" }}{{ "a,b" | split: "," | first }}{{ "a,b" | split: "," | last }}{{ "a,b" | split: "," | size }}`, "a、b、cab2"},
		{"date of no date", `{{ "soon" | date: "%Y" }}`, "soon"},
		{"known on every branch", `{% if shop.phone %}{% assign x = "a" %}{% else %}{% assign x = "b" %}{% endif %}{{ x }}`, "b"},
		{"semicolon in a text", `{{ "a;b" }}`, "a;b"},
		{"single braces", "{ } }} %} {", "{ } }} %} {"},
	}
	e := New()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := e.Check(tt.src); err != nil {
				t.Fatalf("Check: %v", err)
			}
			got, err := e.Render(tt.src, sample())
			if err != nil || got != tt.want {
				t.Errorf("Render = %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestRenderWithoutValues(t *testing.T) {
	src := "{{ contact.salutation }}|"
	for _, v := range Variables() {
		if v.Name != "contact.salutation" {
			src += "{{ " + v.Name + " }}"
		}
	}
	src += `{{ case.answer_by | date: "%Y" }}{% if case.answer_by %}x{% endif %}{% if case.opened == "" %}|{% endif %}`
	got, err := New().Render(src, Vars{})
	if err != nil || got != "Hello||" {
		t.Errorf("Render = %q, %v", got, err)
	}
}

func TestValuesAreNeverEvaluated(t *testing.T) {
	v := sample()
	v.Contact.Name = `{{ shop.email }}{% assign x = "y" %}`
	v.Case.Subject = "{% raw %}\r\nBcc: all@example.com"
	v.Agent.Signature = "{{ contact.email }}"
	src := "{% capture x %}{{ contact.name }}{% endcapture %}{{ x }}|{{ contact.salutation }}|{{ case.subject }}|{{ agent.signature }}"
	want := `{{ shop.email }}{% assign x = "y" %}|{{ shop.email }}{% assign x = "y" %} 您好|{% raw %}  Bcc: all@example.com|{{ contact.email }}`
	if got, err := New().Render(src, v); err != nil || got != want {
		t.Errorf("Render = %q, %v", got, err)
	}
}

func TestOneLineDropsDirectionMarks(t *testing.T) {
	if got := oneLine(" a\u202Eb\u2066c\x00d\u2028e\xff "); got != "abc d e" {
		t.Errorf("oneLine = %q", got)
	}
}

func TestLimits(t *testing.T) {
	grow := `{% assign x = "0123456789abcdef" %}` + strings.Repeat(`{% assign x = x | append: x %}`, 30)
	captured := `{% assign x = "0123456789abcdef" %}` + strings.Repeat(`{% capture x %}{{x}}{{x}}{% endcapture %}`, 40)
	kilobyte := strings.Repeat("x", 1<<10)
	tests := []struct {
		name, src string
		want      error
	}{
		{"source", strings.Repeat("x", MaxSource+1), ErrSourceTooLarge},
		{"output of a loop", "{% for i in (1..100) %}{% for j in (1..3) %}" + kilobyte + "{% endfor %}{% endfor %}", ErrOutputTooLarge},
		{"output inside blocks", "{% if shop.name %}{% for i in (1..100) %}" + strings.Repeat(kilobyte, 3) + "{% endfor %}{% endif %}", ErrOutputTooLarge},
		{"growing assign", grow, ErrTooMuchWork},
		{"growing capture", captured, ErrTooMuchWork},
		{"growing replace", `{% assign x = "` + kilobyte + `" | replace: "x", "` + kilobyte + `" %}`, ErrTooMuchWork},
		{"growing join", `{% assign x = "` + kilobyte + `" | split: "" | join: "` + kilobyte + `" %}`, ErrTooMuchWork},
		{"long loop", `{% for c in "` + kilobyte + `" | split: "" %}{% endfor %}`, ErrTooMuchWork},
		{"much filtering", `{% assign x = "` + strings.Repeat("x", 30<<10) + `" %}{% for i in (1..100) %}{{ x | upcase | downcase | upcase | size }}{% endfor %}`, ErrTooMuchWork},
	}
	e := New()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if out, err := e.Render(tt.src, sample()); !errors.Is(err, tt.want) || out != "" {
				t.Errorf("Render = %d bytes, %v; want %v", len(out), err, tt.want)
			}
		})
	}
	full := strings.Repeat("x", MaxSource)
	if out, err := e.Render(full, Vars{}); err != nil || out != full {
		t.Errorf("a template of just MaxSource: %v", err)
	}
	exact := "{% for i in (1..64) %}" + strings.Repeat("x", 4<<10) + "{% endfor %}"
	if out, err := e.Render(exact, Vars{}); err != nil || len(out) != MaxOutput {
		t.Errorf("a text of just MaxOutput: %d, %v", len(out), err)
	}
}

func TestEmpty(t *testing.T) {
	v := sample()
	v.Agent.Signature = ""
	v.Case.AnswerBy = time.Time{}
	src := "{{ contact.salutation }}{{ shop.phone }}{{ shop.phone }}{{ case.answer_by | date: 'time' }}" +
		"{{ contact.phone | default: '—' }}{% if shop.phone %}{{ contact.phone }}{% endif %}{% assign x = '' %}{{ x }}{{ agent.signature }}"
	got, err := New().Empty(src, v)
	want := []string{"shop.phone", "case.answer_by", "agent.signature"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Empty = %v, %v; want %v", got, err, want)
	}
	if _, err := New().Empty("{{ nope }}", v); err == nil {
		t.Error("Empty takes an unknown variable")
	}
}

func TestVariables(t *testing.T) {
	have := values(sample())
	list := Variables()
	if len(list) != len(have) {
		t.Errorf("%d variables listed, %d have values", len(list), len(have))
	}
	for _, v := range list {
		if _, ok := have[v.Name]; !ok {
			t.Errorf("%s has no value", v.Name)
		}
		if err := New().Check("{{ " + v.Name + " }}"); err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
		for _, locale := range []string{"en", "zh-TW", "ja"} {
			if v.Labels[locale] == "" || v.Example == "" {
				t.Errorf("%s lacks a label in %s, or an example", v.Name, locale)
			}
		}
	}
	list[0].Labels["en"] = "changed"
	if Variables()[0].Labels["en"] == "changed" {
		t.Error("callers share one list")
	}
}

// What passes Check renders, or passes a limit; what does not pass, never renders.
func FuzzRender(f *testing.F) {
	for _, src := range []string{
		"", "{{ contact.salutation }}", "{{ x }}", "{% if shop.phone and (case.number > 3 or today) %}a{% elsif true %}b{% else %}c{% endif %}",
		`{% for i in (1..3) %}{{ forloop.index | append: i }}{% else %}{% endfor %}`, `{% case case.category %}{% when "a", 1.5 %}x{% endcase %}`,
		`{% assign a = "x,y" | split: "," | join %}{% capture b %}{{ a | truncate: 1, "." }}{% endcapture %}{{ b | default: today | date: "%Y" }}`,
		"{%- raw -%}{{{% endraw %}{% comment %}{% endcomment %}", "{{ case.opened | date: '%-d %B %e%%' | url_encode }}", "{{ blank }}{{ 999999999 }}{{ -1 }}",
		"{% unless a.b %}", "{{ 'a' | first | last | size }}{{ true }}", "{% if today == case.opened or 'a' contains today %}{% endif %}", "{{{{ }} }}{%%}",
	} {
		f.Add(src, "王小明")
	}
	f.Fuzz(func(t *testing.T, src, name string) {
		e, v := New(), sample()
		v.Contact.Name, v.Case.Subject = name, name
		checked := e.Check(src)
		out, err := e.Render(src, v)
		switch {
		case checked != nil && err == nil:
			t.Fatalf("Check says %v but it renders", checked)
		case checked == nil && err != nil && !errors.Is(err, ErrOutputTooLarge) && !errors.Is(err, ErrTooMuchWork):
			t.Fatalf("Check passes but Render says %v", err)
		case len(out) > MaxOutput:
			t.Fatalf("%d bytes of output", len(out))
		case err == nil && !utf8.ValidString(out):
			t.Fatalf("output is not UTF-8: %q", out)
		}
		if _, err := e.Empty(src, v); (err == nil) != (checked == nil) {
			t.Fatalf("Empty says %v, Check %v", err, checked)
		}
	})
}
