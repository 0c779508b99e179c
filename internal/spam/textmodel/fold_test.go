package textmodel

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func folded(s string) string { return string(fold(s, nil)) }

func TestFold(t *testing.T) {
	for _, c := range []struct{ name, a, b string }{
		{"width", "ＦＲＥＥ　ｇｉｆｔ", "free gift"},
		{"case and marks", "Crédit RÁPIDO", "credit rapido"},
		{"zero width", "f\u200br\u2060e\ufeffe", "free"},
		{"strokes over letters", "f\u0336r\u0336e\u0336e", "free"},
		{"Cyrillic look-alikes", "сrурtо", "crypto"},
		{"Greek look-alikes", "lοαn", "loan"},
		{"drawn letters", "𝐟𝗋𝓮𝒆 ⓖⓘⓕⓣ", "free gift"},
		{"leet", "fr33 g1ft c4s1no", "free gift casino"},
		{"one and l", "1ottery", "lottery"},
		{"spelled out", "v i a g r a now", "viagra now"},
		{"traditional characters", "貸款賺錢", "贷款赚钱"},
		{"Taiwan's other forms", "這裡", "這裏"},
		{"spaces between characters", "加 微　信", "加微信"},
		{"spaces beside characters", "加 LINE 好友", "加line好友"},
		{"signs between characters", "加*微.信", "加微信"},
		{"half-width kana", "ｶｰﾄﾞ", "カード"},
		{"digits", "call 555-1234", "call 999-8888"},
		{"long runs", "freeeeeee!!!!!!!!", "freeee!!!!"},
	} {
		if folded(c.a) != folded(c.b) {
			t.Errorf("%s: %q and %q are two: %q, %q", c.name, c.a, c.b, folded(c.a), folded(c.b))
		}
	}
	for _, c := range []struct{ name, a, b string }{
		{"words", "free", "fee"},
		{"kana", "かき", "がき"},
		{"spaces between words", "no where", "nowhere"},
		{"lines", "one\ntwo", "one two"},
		{"numbers by length", "99", "999"},
	} {
		if folded(c.a) == folded(c.b) {
			t.Errorf("%s: %q and %q are one", c.name, c.a, c.b)
		}
	}
}

func TestFoldReadsSoMuch(t *testing.T) {
	if n := len(fold(strings.Repeat("長い ab ", 100_000), nil)); n > maxRunes {
		t.Errorf("%d characters", n)
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "ＦＲＥＥ v i a g r a", "加*微.信 1ottery", "\xff\xfe", "ﷺﷺ", "a\u0300\u0301\u0302", "0l1|!$@+"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := fold(s, nil)
		if len(out) > maxRunes {
			t.Fatalf("%d characters", len(out))
		}
		for _, r := range out {
			if !utf8.ValidRune(r) || r >= 'A' && r <= 'Z' || r >= '1' && r <= '9' {
				t.Fatalf("%q holds %q", s, r)
			}
		}
		v := Features(s)
		if w, err := DecodeVector(v.Encode()); err != nil || len(w) != len(v) {
			t.Fatalf("%d features came back as %d: %v", len(v), len(w), err)
		}
		Base().Explain(s, 3)
	})
}
