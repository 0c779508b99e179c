package searchtext_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pocketdesk/pocketdesk/internal/searchtext"
)

func term(s string) searchtext.Term { return folder.Term(searchtext.Word{Text: s}) }

func phrase(s string) searchtext.Term { return folder.Term(searchtext.Word{Text: s, Phrase: true}) }

func TestHas(t *testing.T) {
	for _, c := range []struct {
		text string
		term searchtext.Term
		want bool
	}{
		{"收到時茶壺蓋碎了", term("茶壶"), true},
		{"收到時茶壺蓋碎了", term("壺"), true},
		{"收到時茶壺蓋碎了", term("茶蓋"), false},
		{"早餐不好，太貴", term("早餐太貴"), false},
		{"早餐\n太貴", term("早餐太貴"), true},
		{"ｶｯﾌﾟが割れた", term("カップ"), true},
		{"カップが割れた", term("割れ"), true},
		{"Two towels", term("towel"), true},
		{"One towel", term("towels"), true},
		{"refunded", term("refund"), true},
		{"prefund", term("refund"), false},
		{"at", term("a"), false},
		{"CRÉDIT", term("credit"), true},
		{"order A-10023.", term("a10023"), true},
		{"order A10023", term("A-10023"), true},
		{"order A-10023", term("10023"), true},
		{"order A10023", term("10023"), true},
		{"order TW10023", term("0023"), false},
		{"order A10023b", term("10023"), false},
		{"order A10023", phrase("10023"), false},
		{"order A123", term("123"), false},
		{"order A-100234", term("A-10023"), false},
		{"call 0912-345-678", term("0912345678"), true},
		{"call 0912 345 678", term("0912-345-678"), true},
		{"room 12 13", term("1213"), false},
		{"write to anna.berg@example.com!", term("anna.berg@example.com"), true},
		{"write to anna@berg.example.com!", term("anna.berg@example.org"), false},
		{"the big blue kettle", phrase("blue kettle"), true},
		{"the big blue kettles", phrase("blue kettle"), false},
		{"blue old kettle", phrase("blue kettle"), false},
		{"買iPhone手機", term("iphone手機"), true},
		{"買 iPhone 手機", term("iphone手機"), true},
		{"3月15日", term("3月"), true},
		{"13月", term("3月"), false},
	} {
		if got := folder.Has(c.text, c.term); got != c.want {
			t.Errorf("%q has %q: %v, want %v", c.text, c.term.Word.Text, got, c.want)
		}
	}
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		term           searchtext.Term
		keys, joined   string
		single, exact  bool
		prefix, digits string
	}{
		{term("茶壺"), "茶壶", "", false, true, "", ""},
		{term("茶壺蓋"), "茶壶 壶盖", "", false, false, "", ""},
		{term("蓋"), "盖", "", true, true, "", ""},
		{term("Towels"), "towel", "", false, true, "towels", ""},
		{term("A-10023"), "a 10023", "a10023", false, false, "", ""},
		{term("10023"), "10023", "10023", false, true, "10023", "10023"},
		{term("0912-345-678"), "0912 345 678", "0912345678", false, false, "", "0912345678"},
		{term("3月"), "3", "", false, false, "", ""},
		{phrase("towel"), "towel", "", false, false, "", ""},
	} {
		keys, joined := c.term.Keys()
		if strings.Join(keys, " ") != c.keys || joined != c.joined || c.term.Single() != c.single || c.term.Exact() != c.exact ||
			c.term.Prefix() != c.prefix || c.term.Digits() != c.digits {
			t.Errorf("%q: %q %q single %v exact %v prefix %q digits %q", c.term.Word.Text, keys, joined, c.term.Single(), c.term.Exact(), c.term.Prefix(), c.term.Digits())
		}
	}
	if !term("%").Empty() || !term("").Empty() {
		t.Error("signs alone are something to look for")
	}
}

func show(parts []searchtext.Part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("before ", 30)
	for _, c := range []struct {
		text  string
		terms []searchtext.Term
		want  string
	}{
		{"收到時茶壺蓋碎了", []searchtext.Term{term("茶壶")}, "收到時[茶壺]蓋碎了"},
		{"ﾌﾟﾘﾝﾀｰが壊れた", []searchtext.Term{term("プリンター"), term("壊れ")}, "[ﾌﾟﾘﾝﾀｰ]が[壊れ]た"},
		{"3㌔の米", []searchtext.Term{term("キロ")}, "3[㌔]の米"},
		{"Un CRÉDIT\r\n  rapide", []searchtext.Term{term("credit")}, "Un [CRÉDIT] rapide"},
		{long + "the kettle is blue" + long, []searchtext.Term{term("kettle")}, "…ore before the [kettle] is bluebefore before before…"},
		{long + "kettle " + long + "a blue kettle", []searchtext.Term{term("kettle"), term("blue")}, "…efore before a [blue] [kettle]"},
		{"nothing", []searchtext.Term{term("kettle")}, ""},
		{"evil \u202etxt.exe", []searchtext.Term{term("evil")}, "[evil] txt.exe"},
	} {
		got := show(folder.Snippet(c.text, c.terms, searchtext.Window{Before: 15, After: 34}))
		if got != c.want {
			t.Errorf("%.40q: %q, want %q", c.text, got, c.want)
		}
	}
	if got := show(folder.Mark("早餐 OK", []searchtext.Term{term("ok")})); got != "早餐 [OK]" {
		t.Errorf("marked: %q", got)
	}
}

// What the texts' comparison finds, the index must have: for each term that a
// text has, all keys (or the joined one) are among the text's tokens.
func FuzzTerm(f *testing.F) {
	f.Add("訂單 A-10023 已出貨，請問 0912-345-678", "A10023")
	f.Add("山田 太郎\n様 ｶﾞｰﾄﾞ", "田太")
	f.Add("(02) 2345 6789", "0223456789")
	f.Add("3㌔の米を5kg", "キロの")
	f.Add("x̂y 1.2.3/4", "1234")
	f.Fuzz(func(t *testing.T, text, typed string) {
		if len(text) > 1_000 || len(typed) > 100 {
			return
		}
		for _, quoted := range []bool{false, true} {
			w := searchtext.Word{Text: typed, Phrase: quoted}
			tm := folder.Term(w)
			if tm.Empty() {
				continue
			}
			parts := folder.Snippet(text, []searchtext.Term{tm}, searchtext.Window{Before: 10, After: 20})
			for _, p := range parts {
				if utf8.ValidString(text) && !utf8.ValidString(p.Text) {
					t.Fatalf("%q in %q: the part %q is cut inside a character", typed, text, p.Text)
				}
			}
			if has := folder.Has(text, tm); has != (parts != nil) {
				t.Fatalf("%q in %q: found %v, snippet %v", typed, text, has, parts)
			} else if !has {
				continue
			}
			all := tokens(text)
			keys, joined := tm.Keys()
			begins := func(key string) bool {
				return slices.ContainsFunc(all, func(s string) bool { return strings.HasPrefix(s, key) })
			}
			missing := slices.ContainsFunc(keys, func(k string) bool {
				return !slices.Contains(all, k) && !(begins(k) && (tm.Single() || len(keys) == 1))
			})
			if missing && !slices.Contains(all, joined) && (tm.Prefix() == "" || !begins(tm.Prefix())) {
				t.Fatalf("%q is in %q but not in its tokens %q: keys %q, joined %q", typed, text, all, keys, joined)
			}
		}
	})
}
