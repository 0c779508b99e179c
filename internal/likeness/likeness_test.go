package likeness

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// faults are reports of three faults in three languages, and what has nothing to
// do with any of them.
var faults = []struct {
	fault, text string
}{
	{"pay", "結帳時刷卡一直失敗，畫面停在處理中"},
	{"pay", "我用信用卡結帳失敗了三次，一直停在處理中的畫面"},
	{"pay", "刷卡結帳失敗，請問是系統有問題嗎？畫面一直處理中"},
	{"", "請問這款茶壺有現貨嗎"},
	{"", "想請問門市週日有營業嗎"},
	{"lid", "昨日届いた水筒の蓋から水が漏れます。"},
	{"lid", "水筒の蓋を閉めても水が漏れてしまいます"},
	{"lid", "届いた水筒ですが、蓋の部分から水漏れがあります"},
	{"", "領収書を発行していただけますか"},
	{"link", "the download link in the confirmation mail does not open, i get page not found"},
	{"link", "confirmation mail download link gives page not found"},
	{"link", "hello, i can't open the download link from my confirmation mail (page not found)"},
	{"", "do you ship to singapore and how long does it take"},
	{"", "i would like to change the address of my order"},
}

func texts() (out []string) {
	for _, f := range faults {
		out = append(out, f.text)
	}
	return out
}

func TestGroup(t *testing.T) {
	found := map[string]int{}
	for _, c := range Group(texts(), Options{Size: 3}) {
		name := faults[c.Texts[0]].fault
		for _, i := range c.Texts {
			if faults[i].fault != name || name == "" {
				t.Errorf("%q is with %q", faults[i].text, faults[c.Texts[0]].text)
			}
		}
		if !slices.Contains(c.Texts, c.Best) || c.Score < Alike || c.Score > 1.0001 {
			t.Errorf("%+v", c)
		}
		found[name] = len(c.Texts)
	}
	for _, name := range []string{"pay", "lid", "link"} {
		if found[name] != 3 {
			t.Errorf("%s: %d of 3 are together", name, found[name])
		}
	}
}

func TestNear(t *testing.T) {
	near := New(texts()).Near("信用卡刷卡失敗，停在處理中，結帳不了", 5)
	if len(near) < 2 {
		t.Fatalf("%v", near)
	}
	for _, m := range near {
		if faults[m.Text].fault != "pay" {
			t.Errorf("%q at %.2f", faults[m.Text].text, m.Score)
		}
	}
	if near := New(texts()).Near("", 5); len(near) > 0 {
		t.Errorf("nothing is like %v", near)
	}
}

// An order's number and its length say nothing of what is wrong.
func TestNumbersAndLength(t *testing.T) {
	x := New([]string{"order 83917 arrived broken", strings.Repeat("完全不同的事情", 400)})
	if near := x.Near("order 22871 arrived broken", 1); len(near) != 1 || near[0].Score < 0.9 {
		t.Errorf("%v", near)
	}
	if got := Group(nil, Options{}); len(got) > 0 {
		t.Errorf("%v", got)
	}
	if got := Group([]string{"", "", " "}, Options{}); len(got) > 0 {
		t.Errorf("empty texts make a group: %v", got)
	}
}

func FuzzGroup(f *testing.F) {
	f.Add("a b c", "結帳失敗", "\xff\x00")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		list := []string{a, b, c, a}
		for _, g := range Group(list, Options{}) {
			if len(g.Texts) < 2 || len(g.Texts) > len(list) {
				t.Errorf("%+v", g)
			}
		}
	})
}

func BenchmarkGroup(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var list []string
	for i := range 2_000 {
		words := make([]string, 30)
		for j := range words {
			words[j] = fmt.Sprintf("w%s", string(rune('a'+r.IntN(26)))+string(rune('a'+r.IntN(26)))+string(rune('a'+r.IntN(4))))
		}
		list = append(list, fmt.Sprint(i, strings.Join(words, " ")))
	}
	for b.Loop() {
		Group(list, Options{})
	}
}
