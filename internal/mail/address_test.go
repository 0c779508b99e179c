package mail_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

var normalizeCases = []struct{ in, want string }{ // want "" means refused
	{"A.User@Example.COM", "a.user@example.com"},
	{"  a@example.com\u3000\n", "a@example.com"},
	{"\uFEFFa@example.com\u200B", "a@example.com"},
	{"ａｂｃ＠ｅｘａｍｐｌｅ．ｃｏｍ", "abc@example.com"},
	{"a@例え。jp", "a@xn--r8jz45g.jp"},
	{"a@Bücher.example", "a@xn--bcher-kva.example"},
	{"山田@example.jp", "山田@example.jp"},
	{"a.b.c+tag@gmail.com", "a.b.c+tag@gmail.com"},
	{"foo..bar.@docomo.ne.jp", "foo..bar.@docomo.ne.jp"},
	{`"quoted"@example.com`, "quoted@example.com"},
	{"a@example.com.", "a@example.com"},
	{"o'brien@example.ie", "o'brien@example.ie"},
	{"", ""}, {"a", ""}, {"@example.com", ""}, {"a@", ""}, {"a@b", ""}, {"a@localhost", ""},
	{"a@b@example.com", ""}, {"a b@example.com", ""}, {"a@exam ple.com", ""}, {"a\u00A0b@example.com", ""},
	{"a\r\nb@example.com", ""}, {"a\x00@example.com", ""}, {"a\u202Eb@example.com", ""}, {"a\u200Bb@example.com", ""},
	{"Name <a@example.com>", ""}, {"<a@example.com>", ""}, {"a@example.com,b@example.com", ""},
	{`"a b"@example.com`, ""}, {`a\@example.com`, ""}, {"a＂b@example.com", ""}, {"a@192.0.2.1", ""}, {"a@[192.0.2.1]", ""},
	{"a@-x.example.com", ""}, {"a@ex_ample.com", ""}, {"a@example..com", ""}, {"...@example.com", ""},
	{strings.Repeat("a", 65) + "@example.com", ""},
	{strings.Repeat("a", 64) + "@" + strings.Repeat("b.", 100) + "com", ""},
	{"a@" + strings.Repeat("b", 64) + ".com", ""},
	{strings.Repeat("x", 5000), ""}, {"a\xff@example.com", ""},
}

func TestNormalizeAddress(t *testing.T) {
	for _, tt := range normalizeCases {
		got, err := mail.NormalizeAddress(tt.in)
		if got != tt.want || (err == nil) != (tt.want != "") || err != nil && !errors.Is(err, mail.ErrAddress) {
			t.Errorf("%q: %q, %v; want %q", tt.in, got, err, tt.want)
		}
	}
}

var parseCases = []struct {
	in   string
	want mail.Address // zero means refused
}{
	{"A@Example.com", mail.Address{Addr: "A@example.com"}},
	{`"Doe, Jane" <jane@example.com>`, mail.Address{Name: "Doe, Jane", Addr: "jane@example.com"}},
	{"=?utf-8?b?5bGx55Sw?= <y@example.jp>", mail.Address{Name: "山田", Addr: "y@example.jp"}},
	{"=?iso-2022-jp?b?GyRCOzNFRBsoQg==?= <y@example.jp>", mail.Address{Name: "山田", Addr: "y@example.jp"}},
	{"=?big5?b?pPSk6w==?= <y@example.tw>", mail.Address{Name: "水月", Addr: "y@example.tw"}},
	{"山田 <y@例え.jp>", mail.Address{Name: "山田", Addr: "y@xn--r8jz45g.jp"}},
	{"foo..bar@docomo.ne.jp", mail.Address{Addr: "foo..bar@docomo.ne.jp"}},
	{"Foo [shop] <foo.@docomo.ne.jp>", mail.Address{Name: "Foo [shop]", Addr: "foo.@docomo.ne.jp"}},
	{"evil\u202E name <a@example.com>", mail.Address{Name: "evil name", Addr: "a@example.com"}},
	{"=?utf-8?q?two=0D=0Alines?= <a@example.com>", mail.Address{Name: "two lines", Addr: "a@example.com"}},
	{"", mail.Address{}}, {"nobody", mail.Address{}}, {"undisclosed-recipients:;", mail.Address{}},
	{"a@example.com, b@example.com", mail.Address{}}, {"<>", mail.Address{}}, {"x <a@localhost>", mail.Address{}},
	{`"a@evil.example" b@example.com <`, mail.Address{}},
}

func TestParseAddress(t *testing.T) {
	for _, tt := range parseCases {
		got, err := mail.ParseAddress(tt.in)
		if got != tt.want || (err == nil) != (tt.want != mail.Address{}) || err != nil && !errors.Is(err, mail.ErrAddress) {
			t.Errorf("%q: %+v, %v; want %+v", tt.in, got, err, tt.want)
		}
	}
}

func TestDomain(t *testing.T) {
	for in, want := range map[string]string{"a@Example.COM": "example.com", "a@例え.jp": "xn--r8jz45g.jp", "a@localhost": "localhost", "a": "", "a@": ""} {
		if got := mail.Domain(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// checkKey holds what every accepted key must be.
func checkKey(t *testing.T, in, key string) {
	t.Helper()
	again, err := mail.NormalizeAddress(key)
	if err != nil || again != key {
		t.Errorf("%q gave %q, which gives %q, %v", in, key, again, err)
	}
	if len(key) > 254 || strings.ContainsAny(key, " \t\r\n<>\"(),:;\\[]") || strings.Count(key, "@") != 1 {
		t.Errorf("%q gave %q", in, key)
	}
	if domain := mail.Domain(key); !strings.Contains(domain, ".") {
		t.Errorf("%q has the domain %q", key, domain)
	}
}

func FuzzNormalizeAddress(f *testing.F) {
	for _, tt := range normalizeCases {
		f.Add(tt.in)
	}
	f.Add("İ@example.com")
	f.Add("ǅ\u0345@example.com")
	f.Fuzz(func(t *testing.T, in string) {
		if key, err := mail.NormalizeAddress(in); err == nil {
			checkKey(t, in, key)
		}
	})
}

func FuzzParseAddress(f *testing.F) {
	for _, tt := range parseCases {
		f.Add(tt.in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		a, err := mail.ParseAddress(in)
		if err != nil {
			return
		}
		if strings.ContainsAny(a.Addr, " \r\n<>\",") || strings.ContainsAny(a.Name, "\r\n\t") || len([]rune(a.Name)) > 200 {
			t.Errorf("%q gave %+v", in, a)
		}
		m := sample()
		m.To = a
		if _, err := mail.Build(m); err != nil {
			t.Errorf("%q gave %+v, which can't be written to: %v", in, a, err)
		}
	})
}
