package page

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/pb_public"
)

func TestAllLocalesSayTheSame(t *testing.T) {
	r := newRenderer(t)
	holes := regexp.MustCompile(`\{\w+\}`)
	for _, locale := range Locales() {
		if got, want := len(r.texts[locale]), len(r.texts["en"]); got != want {
			t.Errorf("%s has %d texts, en %d", locale, got, want)
		}
		for key, english := range r.texts["en"] {
			text := r.texts[locale][key]
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: %s is blank", locale, key)
			}
			if strings.ContainsAny(text, "\n=") {
				t.Errorf("%s: %s holds a line break or =, which the script reads as an end", locale, key)
			}
			if got, want := holes.FindAllString(text, -1), holes.FindAllString(english, -1); !slices.Equal(got, want) {
				t.Errorf("%s: %s has placeholders %v, en %v", locale, key, got, want)
			}
		}
	}
}

func TestEveryKeyInUseHasAText(t *testing.T) {
	r := newRenderer(t)
	for _, key := range ErrorKeys() {
		if _, ok := r.texts["en"]["error."+key]; !ok {
			t.Errorf("no text for error %s", key)
		}
	}
	use := regexp.MustCompile(`T "([a-z_.]+)"`)
	script := regexp.MustCompile(`say\("([a-z]+)"`)
	find := func(glob, prefix string, pattern *regexp.Regexp) {
		names, _ := fs.Glob(pb_public.Files(), glob)
		for _, name := range names {
			text, err := fs.ReadFile(pb_public.Files(), name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
				if _, ok := r.texts["en"][prefix+m[1]]; !ok {
					t.Errorf("%s uses %s%s, which has no text", name, prefix, m[1])
				}
			}
		}
	}
	find("templates/*.html", "", use)
	find("assets/*.js", "js.", script)
}

func TestMissingTextFallsBack(t *testing.T) {
	r, err := New(layers{"locales/ja.json": {Data: []byte(`{"form.title": "窓口"}`)}})
	if err != nil {
		t.Fatal(err)
	}
	p := r.data("ja", "", "")
	if p.T("form.title") != "窓口" || p.T("form.submit") != "Send message" || p.T("no.such") != "no.such" {
		t.Errorf("%q %q %q", p.T("form.title"), p.T("form.submit"), p.T("no.such"))
	}
}

func TestErrorsInWords(t *testing.T) {
	p := newRenderer(t).data("en", "", "")
	p.setErrors(map[string]string{"contact": "contact_required", "message": "required", "nothing": "never heard", "": "network", "captcha": "network"})
	var got []string
	for _, problem := range p.Problems {
		got = append(got, problem.Name)
	}
	if !slices.Equal(got, []string{"", "", "email", "message"}) {
		t.Errorf("problems at %q", got)
	}
	if p.Field("message").Text != p.T("error.required_message") || p.Field("email").Text != p.T("error.contact_required") {
		t.Errorf("texts %q, %q", p.Field("message").Text, p.Field("email").Text)
	}
}

func TestDate(t *testing.T) {
	r := newRenderer(t)
	at := time.Date(2025, 11, 24, 10, 5, 0, 0, time.UTC)
	for _, c := range []struct {
		locale string
		zone   *time.Location
		want   string
	}{
		{"zh-TW", time.FixedZone("", 8*3600), "2025 年 11 月 24 日（一）18:05 GMT+8"},
		{"zh-CN", time.FixedZone("", 8*3600), "2025年11月24日（周一）18:05 GMT+8"},
		{"ja", time.FixedZone("", 9*3600), "2025年11月24日（月）19:05 GMT+9"},
		{"en", nil, "Mon 24 November 2025, 10:05 UTC"},
		{"en", time.FixedZone("", -12600), "Mon 24 November 2025, 06:35 GMT-3:30"},
		{"en", time.FixedZone("", -11*3600), "Sun 23 November 2025, 23:05 GMT-11"},
	} {
		p := r.data(c.locale, "", "")
		p.location = c.zone
		if got := p.Date(at); got != c.want {
			t.Errorf("%s: %q, want %q", c.locale, got, c.want)
		}
	}
	if p := r.data("en", "", ""); p.Date(time.Time{}) != "" || p.Stamp(time.Time{}) != "" {
		t.Error("the zero time is shown")
	}
}

func TestSize(t *testing.T) {
	p := newRenderer(t).data("en", "", "")
	for n, want := range map[int64]string{-1: "0 B", 0: "0 B", 1023: "1023 B", 1024: "1 KB", 2411000: "2.3 MB"} {
		if got := p.Size(n); got != want {
			t.Errorf("Size(%d) = %s, want %s", n, got, want)
		}
	}
}
