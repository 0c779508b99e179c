package spam

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"case", "SEO Services", "seo services"},
		{"sharp s", "Straße", "strasse"},
		{"full width", "ＬＩＮＥ　ＩＤ：ａｂｃ", "line id:abc"},
		{"half-width kana", "ﾊﾟﾁﾝｺ", "パチンコ"},
		{"split voice mark", "か\u3099", "が"},
		{"ligature", "oﬃce", "office"},
		{"mathematical letters", "𝗙𝗿𝗲𝗲 𝓶𝓸𝓷𝓮𝔂", "free money"},
		{"circled letters", "Ⓕⓡⓔⓔ", "free"},
		{"zero width", "ca\u200bsi\u2060no\ufeff", "casino"},
		{"soft hyphen", "ca\u00adsino", "casino"},
		{"bidi controls", "\u202eonisac\u202c", "onisac"},
		{"variation selector", "加\ufe00賴", "加賴"},
		{"spaces between Chinese", "加 賴　賺\n錢", "加賴賺錢"},
		{"spaces between kana", "お 金 を", "お金を"},
		{"space beside Latin stays", "加 LINE 賺 錢", "加 line 賺錢"},
		{"Korean keeps its spaces", "무료 상담", "무료 상담"},
		{"white space", "  a \t\r\n\u00a0 b ", "a b"},
		{"broken UTF-8", "a\xffb\xc3", "ab"},
		{"control characters", "a\x00b\x1b", "ab"},
		{"piled marks", "a" + strings.Repeat("\u0301", 100), "á" + strings.Repeat("\u0301", 5)},
		{"empty", "", ""},
		{"nothing to see", "\u200b\u200d\ufe0f", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Fold(tt.in); got != tt.want {
				t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestFoldIsBounded(t *testing.T) {
	for _, in := range []string{
		strings.Repeat("a", 1<<20),
		strings.Repeat("漢", 1<<20),
		strings.Repeat("\ufdfa", 1<<20), // one character that becomes eighteen
		strings.Repeat("\u0301", 1<<20),
		strings.Repeat("\xff", 1<<20),
		strings.Repeat(" ", 1<<20),
	} {
		if n := utf8.RuneCountInString(Fold(in)); n > maxText {
			t.Errorf("%.6q…: %d characters", in, n)
		}
	}
	if n := len(Fold(strings.Repeat("a", 1<<20))); n != maxText {
		t.Errorf("kept %d of a long text, want %d", n, maxText)
	}
}
