package mx

import (
	"strings"
	"testing"
)

func TestNormal(t *testing.T) {
	long := strings.Repeat("a", 63)
	for in, want := range map[string]string{
		"Shop.TW":    "shop.tw",
		" shop.tw. ": "shop.tw",
		"商店.台灣":      "xn--czrs0t.xn--kpry57d",
		"商店。台灣":      "xn--czrs0t.xn--kpry57d",
		"ｓｈｏｐ．ｔｗ":    "shop.tw",
		"straße.de":  "xn--strae-oqa.de",
		"a--b.tw":    "a--b.tw",
		"1.tw":       "1.tw",
		long + "." + long + "." + long + "." + long[:58] + ".tw": long + "." + long + "." + long + "." + long[:58] + ".tw",

		"":                                 "",
		".":                                "",
		"shop":                             "",
		"localhost":                        "",
		"tw.":                              "",
		".tw":                              "",
		"shop..tw":                         "",
		"shop.tw..":                        "",
		"-shop.tw":                         "",
		"shop_1.tw":                        "",
		"sh op.tw":                         "",
		"shop.tw\n":                        "shop.tw", // the white space around
		"shop\n.tw":                        "",
		"shop\x00.tw":                      "",
		"shop.tw\xff":                      "",
		"a@shop.tw":                        "",
		"shop.tw/":                         "",
		"shop.tw:25":                       "",
		"[192.0.2.1]":                      "",
		"192.0.2.1":                        "",
		"192.0.2":                          "",
		"１９２．０．２．１":                        "",
		"[IPv6:2001:db8::1]":               "",
		"2001:db8::1":                      "",
		"x.0x7f":                           "",
		"shop.test":                        "",
		"Shop.Invalid.":                    "",
		"printer.local":                    "",
		"1.2.0.192.in-addr.arpa":           "",
		"\u200f.tw":                        "",
		"xn--a.tw":                         "",
		long + "a.tw":                      "",
		strings.Repeat(long+".", 4) + "tw": "",
		strings.Repeat("商", 1000) + ".tw":  "",
		strings.Repeat("a.", 1<<20):        "",
	} {
		if got := normal(in); got != want {
			t.Errorf("%.60q: got %q, want %q", in, got, want)
		}
	}
}

func TestNonsenseIsNotAskedAbout(t *testing.T) {
	r := &stub{mx: answer("mail.")}
	c := checker(r, newClock())
	for _, name := range []string{"", "localhost", "[192.0.2.1]", "192.0.2.1", "a b.tw", "x.test", strings.Repeat("a", 1<<20)} {
		if got := c.Check(name); got != Unknown {
			t.Errorf("%.20q: %q", name, got)
		}
	}
	if r.count() != 0 || len(c.domains) != 0 {
		t.Errorf("asked about %q", r.asked)
	}
}

func FuzzNormal(f *testing.F) {
	for _, s := range []string{"shop.tw", "商店.台灣", "[192.0.2.1]", "xn--czrs0t.tw", "a.b.c.", "1.2.3.4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := normal(in)
		if got == "" {
			return
		}
		if len(got) > maxName || !strings.Contains(got, ".") || strings.Trim(got, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" ||
			strings.Contains(got, "..") || got[0] == '.' || got[len(got)-1] == '.' {
			t.Errorf("%q became %q", in, got)
		}
		if again := normal(got); again != got {
			t.Errorf("%q became %q, then %q", in, got, again)
		}
	})
}
