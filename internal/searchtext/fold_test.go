package searchtext_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pocketdesk/pocketdesk/internal/searchtext"
)

var han = map[rune]rune{'訂': '订', '單': '单', '貨': '货', '壺': '壶', '蓋': '盖', '費': '费', '電': '电', '調': '调'}

func simplify(r rune) rune {
	if s, ok := han[r]; ok {
		return s
	}
	return r
}

var folder = searchtext.New(simplify)

func TestFold(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"width", "ＡＢＣ １２３", "abc 123"},
		{"case", "Hello", "hello"},
		{"marks", "Crédit Ñandú Ångström", "credit nandu angstrom"},
		{"marks apart", "Cre\u0301dit", "credit"},
		{"letters written as two", "Straße Æble", "strasse aeble"},
		{"Vietnamese", "Đặng Thị", "dang thi"},
		{"Cyrillic and Greek", "Йод Ἀθῆναι", "иод αθηναι"},
		{"katakana", "カタカナ", "かたかな"},
		{"half-width katakana", "ｶﾞｰﾄﾞ ﾊﾟﾝ", "がーど ぱん"},
		{"voiced apart", "カ\u3099", "が"},
		{"small ke", "３ヶ月と3カ月と3ヵ月", "3か月と3か月と3か月"},
		{"traditional", "訂單退貨", "订单退货"},
		{"units", "㌔㍿", "きろ株式会社"},
		{"zero width", "sea\u200brch\ufeff", "search"},
		{"variation selectors", "葛\U000e0100城", "葛城"},
		{"Thai vowels stay", "ที่", "ที่"},
		{"invalid bytes", "a\xffb", "a\ufffdb"},
	} {
		if got := folder.Fold(c.in); got != c.want {
			t.Errorf("%s: %q is %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func tokens(s string) []string {
	var out []string
	folder.Tokens(s, func(t string) { out = append(out, t) })
	slices.Sort(out)
	return slices.Compact(out)
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"茶壺破了", "了 破了 茶壶 壶破"},
		{"訂單A-10023已出貨", "10023 a a10023 出货 单 已出 订单 货"},
		{"返品に ついて！に", "いて つい て に につ 品に 返品"},
		{"早餐\n太貴", "太貴 早餐 貴 餐太"},
		{"早餐\n\n太貴", "太貴 早餐 貴 餐"},
		{"山田 太郎", "太郎 山田 田太 郎"},
		{"Two towels, three boxes", "box three towel two"},
		{"The address is less glass", "address glass is less the"},
		{"0912-345-678", "0912 0912345678 345 678"},
		{"(02) 2345 6789", "02 0223456789 2345 6789"},
		{"+886 912 345 678", "345 678 886 886912345678 912"},
		{"anna.berg@example.com", "anna berg com example"},
		{"rooms 12 13", "12 13 room"},
		{"100%", "100"},
		{"月", "月"},
		{"3月A", "3 a 月"},
		{"안녕하세요", "녕하 세요 안녕 요 하세"},
		{"", ""},
		{"!?…", ""},
		{strings.Repeat("x", 100), strings.Repeat("x", 40)},
	} {
		want := strings.Fields(c.want)
		slices.Sort(want)
		if got := tokens(c.in); !slices.Equal(got, want) {
			t.Errorf("%q gives %q, want %q", c.in, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"茶壺 ｶﾞ Crédit\u0301", "\xff\xfe", "A-1\u200b0", "ẛ̣ﬁ", strings.Repeat("\u0301", 50), "가\u11a8"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 2_000 {
			return
		}
		if got := folder.Fold(s); !utf8.ValidString(got) {
			t.Fatalf("%q folds into broken text", s)
		}
		folder.Tokens(s, func(tok string) {
			if tok == "" || strings.ContainsAny(tok, " \"") || !utf8.ValidString(tok) {
				t.Fatalf("%q gives the token %q", s, tok)
			}
		})
	})
}
