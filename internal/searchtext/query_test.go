package searchtext_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/searchtext"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"茶壺 退貨", "茶壺|退貨"},
		{"茶壺　退貨", "茶壺|退貨"},
		{`"blue kettle" big`, "«blue kettle»|big"},
		{"「早餐太貴」", "«早餐太貴»"},
		{`"never closed`, "«never closed»"},
		{"kettle -blue -\"not this\"", "kettle|-blue|-«not this»"},
		{"- x", "-|x"},
		{"A-10023", "A-10023"},
		{"from:anna kettle", "kettle|from=anna"},
		{"From：王小明", "from=王小明"},
		{`from:"Ben O'Neil" x`, "x|from=Ben O'Neil"},
		{"-category:return", "-category=return"},
		{"分類:退貨 差出人:花子 カテゴリ:返品", "category=退貨|from=花子|category=返品"},
		{"is:late before:2026-01-02", "is=late|before=2026-01-02"},
		{"from:", ""},
		{"order:A-10023 -phone:0912345678 電話：0912", "A-10023|0912|-0912345678"},
		{"in:inbox kettle", "kettle|?in:inbox"},
		{"mail://x", "mail://x"},
		{"http://shop.example/x", "http://shop.example/x"},
		{"Re:Hello", "Re:Hello"},
		{"", ""},
		{"  ", ""},
	} {
		q := searchtext.Parse(c.in)
		if got := spell(q); got != c.want || q.Cut {
			t.Errorf("%q is %q, want %q (cut: %v)", c.in, got, c.want, q.Cut)
		}
	}
	if q := searchtext.Parse(strings.Repeat("a ", 40)); len(q.Words) != searchtext.MaxTerms || !q.Cut {
		t.Errorf("%d words, cut %v", len(q.Words), q.Cut)
	}
	if q := searchtext.Parse(strings.Repeat("茶", 300)); len([]rune(q.Words[0].Text)) != searchtext.MaxRunes || !q.Cut {
		t.Errorf("%d runes, cut %v", len([]rune(q.Words[0].Text)), q.Cut)
	}
	if q := searchtext.Parse("kettle -Category:Return"); q.Filters[0].Typed != "-Category:Return" {
		t.Errorf("typed as %q", q.Filters[0].Typed)
	}
}

func spell(q searchtext.Query) string {
	var out []string
	one := func(w searchtext.Word) string {
		if w.Phrase {
			return "«" + w.Text + "»"
		}
		return w.Text
	}
	for _, w := range q.Words {
		out = append(out, one(w))
	}
	for _, w := range q.Not {
		out = append(out, "-"+one(w))
	}
	for _, f := range q.Filters {
		s := f.Name + "=" + f.Value
		if f.Not {
			s = "-" + s
		}
		out = append(out, s)
	}
	for _, typed := range q.Unknown {
		out = append(out, "?"+typed)
	}
	return strings.Join(out, "|")
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`from:"a b" -「x」 is:late`, "-", "--x", "：", `""`, "from:from:x", "\xff:\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := searchtext.Parse(s)
		if n := len(q.Words) + len(q.Not) + len(q.Filters); n > searchtext.MaxTerms {
			t.Fatalf("%d terms", n)
		}
		for _, w := range append(q.Words, q.Not...) {
			if w.Text == "" || len([]rune(w.Text)) > searchtext.MaxRunes {
				t.Fatalf("%q gives %s", s, fmt.Sprint(w))
			}
			_ = folder.Term(w)
		}
	})
}
