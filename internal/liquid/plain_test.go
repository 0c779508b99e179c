package liquid

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestPlain(t *testing.T) {
	e := NewPlain("to", "text", "report.url")
	for _, c := range []struct{ src, want string }{
		{"to={{ to | url_encode }}&text={{ text | url_encode }}", "to=%2B886912345678&text=a%26b%3D%22%E6%82%A8%22%0A%7B%7B%20to%20%7D%7D"},
		{`{"to":{{ to | json }},"text":{{ text | json }}}`, `{"to":"+886912345678","text":"a&b=\"您\"\n{{ to }}"}`},
		{"Basic {{ to | base64 }}", "Basic Kzg4NjkxMjM0NTY3OA=="},
		{`{{ report.url | default: "none" }}`, "none"},
		{"{% if report.url %}yes{% else %}no{% endif %}", "no"},
	} {
		got, err := e.Render(c.src, map[string]string{"to": "+886912345678", "text": "a&b=\"您\"\n{{ to }}", "other": "x"})
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.src, got, err, c.want)
		}
	}
	var unknown *UnknownVariableError
	if err := e.Check("{% if false %}{{ tex }}{% endif %}"); !errors.As(err, &unknown) || !slices.Equal(unknown.Near, []string{"text"}) {
		t.Errorf("a slip: %v", err)
	}
	if err := e.Check("{{ contact.name }}"); !errors.As(err, &unknown) {
		t.Errorf("a letter's name: %v", err)
	}
	for _, src := range []string{"{% assign text = to %}", "{% capture report %}{% endcapture %}", "{{ to", "{{ to | html }}"} {
		if e.Check(src) == nil {
			t.Errorf("%s passes", src)
		}
	}
	if err := New().Check("{{ to }}"); !errors.As(err, &unknown) {
		t.Errorf("its name in a letter: %v", err)
	}
}

func TestBare(t *testing.T) {
	e := NewPlain("to", "text", "id")
	rule := Escape{Filters: []string{"url_encode", "json"}, Exempt: []string{"id"}}
	for src, want := range map[string]string{
		"":                                     "",
		"{{ text | url_encode }}":              "",
		"{{ text | truncate: 9 | json }}":      "",
		`{{ "x" }} {{ id }} {{ id | upcase }}`: "",
		"{{ text }}":                           "text",
		"{{ text | json | append: to }}":       "text to",
		`{{ id | default: text }}`:             "text",
		"{{ text | base64 }}":                  "text",
		"{% if id %}{% else %}{% for c in text %}{{ c }}{% endfor %}{% endif %}":     "c",
		"{% case id %}{% when 'a' %}{{ text }}{% when 'b' %}{{ to }}{% endcase %}":   "text to",
		"{% assign x = text | json %}{{ x }}{% capture y %}{{ to }}{% endcapture %}": "x to",
		"{% for i in (1..2) %}{{ forloop.index }}{% endfor %}":                       "forloop.index",
		"{% comment %}{{ text }}{% endcomment %}{% raw %}{{ text }}{% endraw %}":     "",
	} {
		got, err := e.Bare(src, rule)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %q, %v; want %q", src, got, err, want)
		}
	}
	if _, err := e.Bare("{{ tex | json }}", rule); err == nil {
		t.Error("a slip passes")
	}
}

// Whatever a value holds, it stays one string of the JSON around it.
func FuzzJSON(f *testing.F) {
	f.Add("a\"b\\\n\u2028\x00")
	f.Add(`","to":"`)
	f.Fuzz(func(t *testing.T, text string) {
		out, err := NewPlain("text").Render(`{"text":{{ text | json }}}`, map[string]string{"text": text})
		if err != nil {
			if len(text) < maxText/6 {
				t.Fatal(err)
			}
			return
		}
		var back map[string]string
		if err := json.Unmarshal([]byte(out), &back); err != nil || len(back) != 1 || back["text"] != strings.ToValidUTF8(back["text"], "") {
			t.Errorf("%q: %q, %v", text, out, err)
		}
	})
}
