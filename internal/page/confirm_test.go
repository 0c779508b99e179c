package page

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// The button stands on one page alone, and that page says nothing of the message.
func TestConfirmPages(t *testing.T) {
	r := newRenderer(t)
	for _, locale := range Locales() {
		pages := every(t, r, locale)
		for _, state := range []string{ConfirmAsk, ConfirmDone, ConfirmAgain, ConfirmGone} {
			w := pages["confirm "+state]
			page := parse(t, w.Body.String())
			if button := first(page, "button"); (button != nil) != (state == ConfirmAsk) {
				t.Errorf("%s %s: a button: %v", locale, state, button != nil)
			}
			if form := first(page, "form"); form != nil && (attr(form, "method") != "post" || attr(form, "action") != "") {
				t.Errorf("%s %s: the form posts to %q", locale, state, attr(form, "action"))
			}
			if h := w.Header(); h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Robots-Tag") != "noindex" || h.Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: %v", locale, state, h)
			}
			if got := attr(first(page, "html"), "lang"); got != locale || len(links(page)) < 4 {
				t.Errorf("%s %s: language %q, links %v", locale, state, got, links(page))
			}
		}
		if a, b := pages["confirm gone"].Body.String(), pages["confirm ?"].Body.String(); a != b {
			t.Errorf("%s: an unknown state is shown in another way", locale)
		}
	}
}

func links(page *html.Node) []string {
	var out []string
	walk(page, func(n *html.Node) {
		if n.Data == "a" {
			out = append(out, attr(n, "href"))
		}
	})
	return out
}

// Whoever must confirm his address is told nothing else, least of all a time,
// nor that a mail was sent: some get none, and must not learn why.
func TestSuccessThatAsks(t *testing.T) {
	r := newRenderer(t)
	claims := map[string]string{"en": "sent", "zh-TW": "寄了", "zh-CN": "已向", "ja": "お送りしました"}
	for _, locale := range Locales() {
		pages := every(t, r, locale)
		text := pages["success confirm"].Body.String()
		title, body := r.texts[locale]["success.confirm_title"], r.texts[locale]["success.confirm_body"]
		if !strings.Contains(text, title) || !strings.Contains(text, body) || !strings.Contains(text, "K7QX") ||
			strings.Contains(text, "QQ") || strings.Contains(text, "<time") {
			t.Errorf("%s: %s", locale, text)
		}
		if strings.Contains(body, claims[locale]) || !strings.Contains(body, "7") {
			t.Errorf("%s claims that a mail was sent: %s", locale, body)
		}
		with, without := pages["form confirm"].Body.String(), pages["form"].Body.String()
		if !strings.Contains(with, `<template id="confirm">`) || !strings.Contains(with, body) || !strings.Contains(with, `<template id="done">`) {
			t.Errorf("%s: the form does not bring the text along", locale)
		}
		if strings.Contains(without, `id="confirm"`) || strings.Contains(without, body) {
			t.Errorf("%s: a shop that asks nobody pays for the text", locale)
		}
	}
}

func TestMemberRefStays(t *testing.T) {
	const ref = `m-1.1764000000.a"b&c`
	v := formView("en")
	v.Values.MemberRef = ref
	w := httptest.NewRecorder()
	if err := newRenderer(t).Form(w, v); err != nil {
		t.Fatal(err)
	}
	page, got := parse(t, w.Body.String()), ""
	walk(page, func(n *html.Node) {
		if attr(n, "name") == "member_ref" {
			got = attr(n, "value")
		}
	})
	const query = "member_ref=m-1.1764000000.a%22b%26c"
	if got != ref || !strings.Contains(strings.Join(links(page), " "), "?lang=ja&"+query) || !strings.Contains(w.Body.String(), "/support/f/contact?"+query) {
		t.Errorf("field %q, links %v", got, links(page))
	}
	v.Errors = map[string]string{"member_ref": "members_only"}
	w = httptest.NewRecorder()
	if err := newRenderer(t).Form(w, v); err != nil || w.Code != 422 || !strings.Contains(w.Body.String(), "Only members can write here") {
		t.Errorf("%d %v", w.Code, err)
	}
	for in, want := range map[[2]string]string{{"/", ""}: "/", {"/", "a b"}: "/?member_ref=a+b", {"?lang=ja", "x"}: "?lang=ja&member_ref=x"} {
		if got := KeepMember(in[0], in[1]); got != want {
			t.Errorf("KeepMember(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestConfirmShowsTimeInTheShopsZone(t *testing.T) {
	w := httptest.NewRecorder()
	at := time.Date(2025, 11, 24, 10, 0, 0, 0, time.UTC)
	if err := newRenderer(t).Confirm(w, ConfirmView{Locale: "en", State: ConfirmDone, Receipt: "R", AnswerBy: at, Location: time.FixedZone("", 8*3600)}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(w.Body.String(), "Mon 24 November 2025, 18:00 GMT&#43;8") {
		t.Error(w.Body.String())
	}
}
