package page

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

func TestSpans(t *testing.T) {
	p := newRenderer(t).data("en", "", "")
	for text, want := range map[string][]string{
		"":           nil,
		"no address": nil,
		"請看https://shop.example/a?b=1&c=2，謝謝。":             {"https://shop.example/a?b=1&c=2"},
		"See https://shop.example/a. Or http://b.example!": {"https://shop.example/a", "http://b.example"},
		"(https://shop.example/a)":                         {"https://shop.example/a"},
		"https://shop.example/a_(b)":                       {"https://shop.example/a_(b)"},
		"[here](https://shop.example/a)":                   {"https://shop.example/a"},
		"詳しくはhttps://shop.example/aをご覧ください":                {"https://shop.example/a"},
		"javascript:alert(1) ftp://x data:text/html,x":     nil,
		"https://shop.example@evil.example/":               nil,
		"https://":                                         nil,
		`https://shop.example/"onclick=x`:                  {"https://shop.example/"},
		"https://[::1]:8090/t":                             {"https://[::1]:8090/t"},
	} {
		var links []string
		whole := ""
		for _, s := range p.Spans(text) {
			whole += s.Words
			if s.Link != "" {
				links = append(links, s.Link)
			}
		}
		if whole != text || !slices.Equal(links, want) {
			t.Errorf("%q: links %q, text %q", text, links, whole)
		}
	}
}

func FuzzSpans(f *testing.F) {
	f.Add("a https://b.example/c)d。")
	f.Add("https://https://(((")
	p := newRenderer(f).data("en", "", "")
	f.Fuzz(func(t *testing.T, text string) {
		whole := ""
		for _, s := range p.Spans(text) {
			whole += s.Words
			if s.Link != "" && (s.Link != s.Words || !strings.HasPrefix(s.Link, "http")) {
				t.Errorf("%q leads to %q", s.Words, s.Link)
			}
		}
		if whole != text {
			t.Errorf("%q became %q", text, whole)
		}
	})
}

func TestMoment(t *testing.T) {
	r, at := newRenderer(t), time.Date(2026, 11, 16, 20, 5, 0, 0, time.UTC)
	for locale, want := range map[string]string{"zh-TW": "2026/11/17（二）04:05", "zh-CN": "2026/11/17（周二）04:05", "ja": "2026/11/17（火）04:05", "en": "17 Nov 2026, 04:05"} {
		p := r.data(locale, "", "")
		p.location = time.FixedZone("", 8*3600)
		if got := p.Moment(at); got != want || p.Zone(at) != "GMT+8" {
			t.Errorf("%s: %q %q", locale, got, p.Zone(at))
		}
	}
	if p := r.data("ja", "", ""); p.Moment(time.Time{}) != "" || p.Zone(at) != "UTC" {
		t.Error("the zero time is shown")
	}
}

// What a visitor or a member of staff wrote is text, whatever it looks like.
func TestTrackEscapes(t *testing.T) {
	const evil = `"><script>alert(1)</script>'&</textarea><!-- https://shop.example/"onmouseover="x`
	v := trackView("en")
	v.Subject, v.ShopName, v.Receipt, v.FormToken, v.IdempotencyKey, v.Lang, v.Address, v.ReplyText, v.Status = evil, evil, evil, evil, evil, evil, evil, evil, evil
	v.Notice = evil
	v.Errors = map[string]string{"message": evil}
	v.Messages = []TrackMessage{{Mine: true, Text: evil}, {Text: evil, Files: []TrackFile{{Name: evil, URL: "javascript:alert(1)", Picture: true}}}, {Line: evil}}
	w := httptest.NewRecorder()
	if err := newRenderer(t).Track(w, v); err != nil {
		t.Fatal(err)
	}
	page := parse(t, w.Body.String())
	for _, fault := range faults(page) {
		if fault != "leads nowhere: #ZgotmplZ" { // what html/template makes of the javascript: link
			t.Error(fault)
		}
	}
	walk(page, func(n *html.Node) {
		if n.Data == "textarea" && n.FirstChild.Data != evil {
			t.Errorf("textarea %q", n.FirstChild.Data)
		}
		if src := attr(n, "src"); strings.Contains(src, "alert") {
			t.Errorf("src %q", src)
		}
		if href := attr(n, "href"); strings.Contains(href, "alert(1)") && !strings.HasPrefix(href, "#") {
			t.Errorf("href %q", href)
		}
	})
}

// Who else wrote is not named, and where his words lead to is nobody's advice.
func TestTrackOther(t *testing.T) {
	for locale, want := range map[string]string{"zh-TW": "其他人", "zh-CN": "其他人", "ja": "別の方", "en": "Someone else"} {
		v := trackView(locale)
		v.Messages = []TrackMessage{{Other: true, Text: "see https://evil.example/"}}
		w := httptest.NewRecorder()
		if err := newRenderer(t).Track(w, v); err != nil {
			t.Fatal(err)
		}
		page := w.Body.String()
		if !strings.Contains(page, `<strong dir="auto">`+want+"</strong>") || strings.Contains(page, `href="https://evil.example`) || strings.Contains(page, `<li class="mine"`) {
			t.Errorf("%s: %s", locale, page)
		}
	}
}

// What can be done on the page follows from how the case stands.
func TestTrackForms(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*TrackView)
		want   []string
	}{
		"open":       {func(v *TrackView) {}, []string{"reply", "solve", "confirm"}},
		"resolved":   {func(v *TrackView) { v.Status = "resolved" }, []string{"reply", "confirm"}},
		"closed":     {func(v *TrackView) { v.Status, v.Address = "closed", "" }, []string{"reply"}},
		"read alone": {func(v *TrackView) { v.PostURL = "" }, nil},
	} {
		v := trackView("en")
		tt.change(&v)
		w := httptest.NewRecorder()
		if err := newRenderer(t).Track(w, v); err != nil {
			t.Fatal(err)
		}
		var got []string
		walk(parse(t, w.Body.String()), func(n *html.Node) {
			if attr(n, "name") == "do" {
				got = append(got, attr(n, "value"))
			}
		})
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: forms %q", name, got)
		}
	}
	v := trackView("en")
	v.Late, v.AnswerBy = true, time.Time{}
	w := httptest.NewRecorder()
	if err := newRenderer(t).Track(w, v); err != nil || !strings.Contains(w.Body.String(), "keep you waiting") || strings.Contains(w.Body.String(), "hear from us by") {
		t.Errorf("late: %v", err)
	}
}
