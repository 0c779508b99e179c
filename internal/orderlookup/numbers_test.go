package orderlookup

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestNumbers(t *testing.T) {
	cases := []struct {
		text string
		want []string
	}{
		{"請問訂單編號：TW20261101 到哪了", []string{"TW20261101"}},
		{"訂單號碼是 88001234，謝謝", []string{"88001234"}},
		{"订单号 2026110100012345 什么时候发货", []string{"2026110100012345"}},
		{"注文番号：ＡＢ－１２３４５６の件です", []string{"AB-123456"}},
		{"Where is my order #10482? I wrote about order no. 10483 too.", []string{"10482", "10483"}},
		{"Order number: tw1001 and TW1001 again", []string{"tw1001"}},
		{"SO-2026110100 還沒收到", []string{"SO-2026110100"}},
		{"call me at 0912345678 or 02-2345-6789", nil},
		{"I would like to order something nice", nil},
		{"in order to return this", nil},
		{"iPhone 15, HTML5, COVID-19", nil},
		{"", nil},
	}
	for _, c := range cases {
		if got := Numbers(c.text, nil); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q", c.text, got)
		}
	}
	if got := Numbers("order 12345 or Z99/2026", regexp.MustCompile(`Z\d+/\d{4}`)); !slices.Equal(got, []string{"Z99/2026"}) {
		t.Errorf("by the shop's own form: %q", got)
	}
	if got := Numbers(strings.Repeat("AB1234567 訂單 ", 10_000)+"中", nil); !slices.Equal(got, []string{"AB1234567"}) {
		t.Errorf("a long text: %q", got)
	}
}

func FuzzNumbers(f *testing.F) {
	f.Add("訂單編號：TW20261101")
	f.Fuzz(func(t *testing.T, text string) {
		found := Numbers(text, nil)
		if len(found) > maxNumbers {
			t.Fatalf("%d numbers", len(found))
		}
		for _, n := range found {
			if n == "" || plain(n, maxAsked) != n {
				t.Fatalf("%q can't be asked", n)
			}
		}
	})
}
