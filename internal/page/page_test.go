package page

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/net/html"

	"github.com/pocketdesk/pocketdesk/pb_public"
)

func newRenderer(t testing.TB) *Renderer {
	t.Helper()
	r, err := New(pb_public.Files())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func formView(locale string) FormView {
	return FormView{Locale: locale, Action: "/support/f/contact", Base: "/support", FormSlug: "contact", FormToken: "token",
		Pow: Pow{Salt: "salt", Bits: 8, Signature: "signature"}, ShopName: "山茶選物",
		Categories: []Option{{"product", "商品"}, {"order", "訂單"}, {"other", "其他"}},
		SubmitURL:  "/api/collections/feedback/records", FormsURL: "/api/desk/forms/contact", IdempotencyKey: "first"}
}

func trackView(locale string) TrackView {
	at := time.Date(2025, 11, 24, 10, 0, 0, 0, time.UTC)
	return TrackView{Locale: locale, Base: "/support", ShopName: "山茶選物", Receipt: "K7QX", Status: "pending", Subject: "Cup",
		Opened: at, AnswerBy: at, PostURL: "/support/t/x", Address: "m•••@example.com", Notice: TrackSent,
		Messages: []TrackMessage{{Mine: true, Text: "a", At: at, Files: []TrackFile{{Name: "a.jpg", URL: "/files/a.jpg", Size: 2 << 20, Picture: true}}},
			{Text: "b https://shop.example/c", At: at}, {Line: "called", At: at}, {Text: "d", SMS: true, At: at}}}
}

// every renders each page once, by name.
func every(t testing.TB, r *Renderer, locale string) map[string]*httptest.ResponseRecorder {
	t.Helper()
	pages := map[string]*httptest.ResponseRecorder{}
	render := func(name string, write func(w http.ResponseWriter) error) {
		w := httptest.NewRecorder()
		if err := write(w); err != nil {
			t.Fatalf("%s %s: %v", locale, name, err)
		}
		pages[name] = w
	}
	wrong := formView(locale)
	wrong.Errors = map[string]string{"": "network"}
	for _, field := range fields() {
		wrong.Errors[field] = "required"
	}
	render("form", func(w http.ResponseWriter) error { return r.Form(w, formView(locale)) })
	render("errors", func(w http.ResponseWriter) error { return r.Form(w, wrong) })
	render("success", func(w http.ResponseWriter) error {
		return r.Success(w, SuccessView{Locale: locale, Receipt: "K7QX", AnswerBy: time.Unix(1e9, 0), FormURL: "/"})
	})
	render("success confirm", func(w http.ResponseWriter) error {
		return r.Success(w, SuccessView{Locale: locale, Receipt: "K7QX", AnswerBy: time.Unix(1e9, 0), FormURL: "/", Title: "QQ", Body: "QQ", Confirm: true})
	})
	asking := formView(locale)
	asking.Confirm = true
	render("form confirm", func(w http.ResponseWriter) error { return r.Form(w, asking) })
	for _, state := range []string{ConfirmAsk, ConfirmDone, ConfirmAgain, ConfirmGone, "?"} {
		render("confirm "+state, func(w http.ResponseWriter) error {
			return r.Confirm(w, ConfirmView{Locale: locale, State: state, Receipt: "K7QX", AnswerBy: time.Unix(1e9, 0), FormURL: "/"})
		})
	}
	for _, state := range []string{EscalationAsk, EscalationDone, EscalationAgain, EscalationOver, EscalationGone, "?"} {
		render("escalation "+state, func(w http.ResponseWriter) error {
			return r.Escalation(w, EscalationView{Locale: locale, State: state, Number: 12, ShopName: "Cups", From: "Aiko", Subject: "A <b>cup</b>", Category: "Product", Priority: "high",
				Opened: time.Unix(1e9, 0), Due: time.Unix(1e9, 0), Note: "He waits\nat the airport", Summary: "A cup broke"})
		})
	}
	render("track", func(w http.ResponseWriter) error { return r.Track(w, trackView(locale)) })
	for _, kind := range []string{"not_found", "gone", "joined", "form_disabled", "too_many", "server", "?"} {
		render("error "+kind, func(w http.ResponseWriter) error {
			return r.Error(w, ErrorView{Locale: locale, Kind: kind, RetryAfter: 90 * time.Second, FormURL: "/", Email: "help@shop.example", Secret: kind == "gone"})
		})
	}
	return pages
}

func TestPagesAreSound(t *testing.T) {
	r := newRenderer(t)
	for _, locale := range Locales() {
		for name, w := range every(t, r, locale) {
			page := parse(t, w.Body.String())
			for _, fault := range faults(page) {
				t.Errorf("%s %s: %s", locale, name, fault)
			}
			if got := attr(first(page, "html"), "lang"); got != locale {
				t.Errorf("%s %s: lang %q", locale, name, got)
			}
			if text := w.Body.String(); strings.Contains(text, "ZgotmplZ") || strings.Contains(text, "{n}\"") {
				t.Errorf("%s %s: a placeholder was left", locale, name)
			}
			if w.Header().Get("Content-Security-Policy") != policy || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: headers %v", locale, name, w.Header())
			}
		}
	}
}

// faults lists what breaks the policy or shuts somebody out.
func faults(page *html.Node) []string {
	var out []string
	ids, labelled := map[string]bool{}, map[string]bool{}
	walk(page, func(n *html.Node) {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				out = append(out, "id twice: "+id)
			}
			ids[id] = true
		}
		if n.Data == "label" {
			labelled[attr(n, "for")] = true
		}
	})
	headings := 0
	walk(page, func(n *html.Node) {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(a.Val, "javascript:") {
				out = append(out, "inline "+n.Data+" "+a.Key)
			}
			if a.Key == "aria-describedby" || a.Key == "aria-labelledby" {
				for id := range strings.FieldsSeq(a.Val) {
					if !ids[id] {
						out = append(out, "refers to nothing: "+id)
					}
				}
			}
			if a.Key == "href" && len(a.Val) > 1 && a.Val[0] == '#' && !ids[a.Val[1:]] {
				out = append(out, "leads nowhere: "+a.Val)
			}
		}
		switch n.Data {
		case "style":
			out = append(out, "style element")
		case "script":
			if attr(n, "src") == "" || n.FirstChild != nil {
				out = append(out, "inline script")
			}
		case "h1":
			headings++
		case "input", "select", "textarea":
			if attr(n, "type") != "hidden" && !labelled[attr(n, "id")] && n.Parent.Data != "label" {
				out = append(out, "no label: "+attr(n, "name"))
			}
		}
	})
	if headings != 1 {
		out = append(out, "not one h1")
	}
	if first(page, "title") == nil || first(page, "main") == nil || first(page, "title").FirstChild == nil {
		out = append(out, "no title or main")
	}
	return out
}

func TestFormKeepsAndEscapes(t *testing.T) {
	const evil = `"><script>alert(1)</script>'&</textarea><!--`
	v := formView("en")
	v.ShopName, v.FormToken, v.FormSlug, v.IdempotencyKey, v.Action = evil, evil, evil, evil, "javascript:alert(1)"
	v.Values = FormValues{evil, evil, evil, "order", evil, evil, evil, evil, true}
	v.Texts = FormTexts{Title: evil, Intro: evil, Consent: evil, PrivacyNote: evil, PrivacyURL: "javascript:alert(1)"}
	v.Categories = append(v.Categories, Option{evil, evil})
	v.Pow = Pow{evil, 1, evil}
	v.Errors = map[string]string{"name": evil, evil: evil}
	w := httptest.NewRecorder()
	if err := newRenderer(t).Form(w, v); err != nil {
		t.Fatal(err)
	}
	page := parse(t, w.Body.String())
	for _, fault := range faults(page) {
		if fault != "leads nowhere: #ZgotmplZ" { // what html/template makes of the javascript: link
			t.Error(fault)
		}
	}
	got := map[string]string{}
	walk(page, func(n *html.Node) {
		switch {
		case n.Data == "textarea":
			got["message"] = n.FirstChild.Data
		case n.Data == "option" && has(n, "selected"):
			got["category"] = attr(n, "value")
		case n.Data == "input" && (attr(n, "type") != "checkbox" || has(n, "checked")):
			got[attr(n, "name")] = attr(n, "value")
		}
	})
	for _, name := range []string{"name", "email", "phone", "order_no", "subject", "form", "form_token", "idempotency_key", "member_ref"} {
		if got[name] != evil {
			t.Errorf("%s = %q", name, got[name])
		}
	}
	// The parser drops the line break that HTML ignores after <textarea>.
	if got["message"] != evil || got["category"] != "order" || got["consent"] != "true" {
		t.Errorf("message %q, category %q, consent %q", got["message"], got["category"], got["consent"])
	}
	if form := first(page, "form"); strings.Contains(attr(form, "action"), "alert") {
		t.Errorf("action %q", attr(form, "action"))
	}
}

func TestMessageKeepsItsFirstLineBreak(t *testing.T) {
	v := formView("en")
	v.Values.Message = "\n\nhello"
	w := httptest.NewRecorder()
	if err := newRenderer(t).Form(w, v); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(w.Body.String(), ">\n\n\nhello</textarea>") {
		t.Error("the line breaks before the message are gone")
	}
}

func TestStatusAndHeaders(t *testing.T) {
	r := newRenderer(t)
	pages := every(t, r, "en")
	want := map[string]int{"form": 200, "errors": 422, "success": 200, "track": 200, "success confirm": 200,
		"confirm ask": 200, "confirm done": 200, "confirm again": 200, "confirm gone": 404, "confirm ?": 404, "error not_found": 404, "error gone": 404,
		"error form_disabled": 403, "error too_many": 429, "error server": 500, "error ?": 500}
	for name, status := range want {
		if got := pages[name].Code; got != status {
			t.Errorf("%s: status %d, want %d", name, got, status)
		}
	}
	if got := pages["error too_many"].Header().Get("Retry-After"); got != "90" {
		t.Errorf("Retry-After %q", got)
	}
	if !strings.Contains(pages["error too_many"].Body.String(), "about 2 min") {
		t.Error("the page does not say when to try again")
	}
	form, track := pages["form"].Header(), pages["track"].Header()
	if form.Get("Referrer-Policy") != "same-origin" || form.Get("X-Robots-Tag") != "" {
		t.Errorf("form: %v", form)
	}
	if track.Get("Referrer-Policy") != "no-referrer" || track.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("track: %v", track)
	}
	limited := formView("en")
	limited.Errors = map[string]string{"form": "rate_limited"}
	w := httptest.NewRecorder()
	if err := r.Form(w, limited); err != nil || w.Code != 429 {
		t.Errorf("rate limited: %d, %v", w.Code, err)
	}
}

func TestNewFailsInWords(t *testing.T) {
	for name, broken := range map[string]*fstest.MapFile{
		"templates/form.html":  {Data: []byte(`{{define "form"}}{{.`)},
		"templates/error.html": {Data: []byte(`no page`)},
		"locales/ja.json":      {Data: []byte(`{"form.title": 1}`)},
		"assets/form.css":      {Data: make([]byte, maxFile+1)},
	} {
		if _, err := New(layers{name: broken}); err == nil {
			t.Errorf("%s broken: no error", name)
		}
	}
	if _, err := New(fstest.MapFS{}); err == nil {
		t.Error("empty: no error")
	}
}

func TestFailedTemplateWritesNothing(t *testing.T) {
	r, err := New(layers{"templates/error.html": {Data: []byte(`{{define "error"}}half {{.Nonsense}}{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := r.Error(w, ErrorView{Locale: "en"}); err == nil {
		t.Error("no error")
	}
	if w.Body.Len() > 0 || len(w.Header()) > 0 {
		t.Errorf("written: %q %v", w.Body, w.Header())
	}
}
