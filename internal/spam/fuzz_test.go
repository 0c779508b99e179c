package spam

import (
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func FuzzFold(f *testing.F) {
	for _, s := range []string{"加 LINE 賺 錢", "ﾊﾟ\uff9e\uff9e", "\u0345ᾳ", "İſß", "\ufdfa", "か \u3099", "a\xff\u200b\u0301", "ﬀ\u00a8"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if !utf8.ValidString(once) {
			t.Fatalf("Fold(%q) = %q is not valid", s, once)
		}
		if twice := Fold(once); twice != once {
			t.Fatalf("Fold(%q) = %q, folded again %q", s, once, twice)
		}
	})
}

func FuzzScreen(f *testing.F) {
	checks := DefaultChecks()
	f.Add("王小明", "a@b.example", "請問有現貨嗎", "https://shop.tw這個 www.a.b/c", "0912345678")
	f.Add("http://x.y", "@", "[url=", "<a href=x>\u202e𝗙", "xn--")
	f.Add("", "a@xn--", "http://[::1]/", "http://@:/ a.com b@a.com c.co.", "%zz")
	f.Fuzz(func(t *testing.T, name, email, subject, text, phone string) {
		m := Message{Name: name, Email: email, Subject: subject, Text: text, Phone: phone,
			Network: true, FormLocale: subject, AcceptLanguage: name, OrderNo: phone, Country: phone, UserAgent: name,
			Origin: text, Category: subject, Typed: true, Near: Near{Others: len(text), Junk: len(name)}}
		v := Screen(Input{Message: m, Checks: checks})
		sum := 0.0
		for _, s := range v.Signals {
			if s.Name == "" || s.Sentence == "" || s.Weight == 0 && s.Name != "pitch" {
				t.Fatalf("empty signal %+v", s)
			}
			sum += s.Weight
		}
		if math.Abs(sum-v.Score) > 0.01 {
			t.Fatalf("score %v is not the sum %v", v.Score, sum)
		}
	})
}

func FuzzRules(f *testing.F) {
	f.Add(KindIP, "192.0.2.0/24", "buy", "192.0.2.7")
	f.Add(KindIP, "::ffff:1.2.3.4/100", "x", "fe80::1%a")
	f.Add(KindRegex, "a{1,9}b", "aab", "")
	f.Add(KindURL, "https://junk.example/a", "see junk.example/a/b", "")
	f.Add(KindPhone, "+886912345678", "0912345678", "")
	f.Add(KindDomain, ".ru", "a@b.ru", "")
	f.Add(KindEmail, "a@b.ru", "A+x@B.ru", "")
	f.Add(KindKeyword, "加賴", "加 賴", "")
	f.Add(KindCountry, "tw", "TW", "")
	f.Fuzz(func(t *testing.T, kind, value, text, ip string) {
		r := Rule{ID: "r", Kind: kind, Value: value, Action: ActionBlock}
		err := ValidateRule(r)
		set, errs := CompileRules([]Rule{r})
		if (err == nil) != (len(errs) == 0) {
			t.Fatalf("ValidateRule says %v, CompileRules %v", err, errs)
		}
		addr, _ := netip.ParseAddr(ip)
		m := Message{Name: text, Email: text, Phone: text, Subject: text, Text: text, IP: addr, Country: text}
		hits := set.Match(m, time.Unix(0, 0))
		if err != nil && len(hits) > 0 {
			t.Fatalf("a bad rule hit: %+v", hits)
		}
		if got := set.Match(Message{}, time.Unix(0, 0)); len(got) > 0 && kind != KindRegex {
			t.Fatalf("%s rule %q hits an empty message", kind, value)
		}
	})
}

func FuzzLinks(f *testing.F) {
	f.Add("see https://shop.tw這個 www.a.b/c and bit.ly/x, http://[::1]:80/ hxxps://例え.jp a@b.example")
	f.Add("http://http://a.b.c@d.e:/?#%zz www. .com a..com -.top")
	f.Fuzz(func(t *testing.T, s string) {
		text := clean(s, maxText)
		links := findLinks(text)
		if len(links) > maxLinks {
			t.Fatalf("%d links", len(links))
		}
		for _, l := range links {
			if l.host == "" || len(l.host) > 253 || !strings.Contains(text, l.text) {
				t.Fatalf("link %+v of %q", l, text)
			}
		}
		if rest := withoutLinks(text); len(rest) > len(text)+len(links) {
			t.Fatalf("%q without links is %q", text, rest)
		}
	})
}
