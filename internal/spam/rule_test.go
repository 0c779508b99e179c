package spam

import (
	"strings"
	"testing"
)

func TestValidateRule(t *testing.T) {
	tests := []struct {
		kind, value string
		wrong       string // part of the sentence; "" means good
	}{
		{KindIP, "192.0.2.7", ""},
		{KindIP, " 192.0.2.0/24 ", ""},
		{KindIP, "2001:db8::/32", ""},
		{KindIP, "::ffff:192.0.2.0/120", ""},
		{KindIP, "0.0.0.0/0", "too wide"},
		{KindIP, "::/0", "too wide"},
		{KindIP, "::ffff:0.0.0.0/96", "too wide"},
		{KindIP, "192.0.2", "no network address"},
		{KindEmail, "Junk@Example.COM", ""},
		{KindEmail, "junk@", "no mail address"},
		{KindEmail, "@example.com", "no mail address"},
		{KindEmail, "a b@example.com", "no mail address"},
		{KindDomain, "example.com", ""},
		{KindDomain, "*.example.com", ""},
		{KindDomain, "@example.com", ""},
		{KindDomain, "例え.jp", ""},
		{KindDomain, ".ru", ""},
		{KindDomain, "com", "whole domain ending"},
		{KindDomain, "http://example.com", "no domain"},
		{KindDomain, "*", "no domain"},
		{KindPhone, "0912-345-678", ""},
		{KindPhone, "12345", "no phone number"},
		{KindPhone, "call me", "no phone number"},
		{KindKeyword, "代開發票", ""},
		{KindKeyword, "x", "2 to 200"},
		{KindKeyword, "\u200b\u200b\u200b", "2 to 200"},
		{KindKeyword, strings.Repeat("x", 201), "2 to 200"},
		{KindRegex, `casino\d+`, ""},
		{KindRegex, `(`, "missing closing )"},
		{KindRegex, `(?=x)`, "mistake"},
		{KindRegex, `x*`, "match every message"},
		{KindRegex, strings.Repeat("x", 513), "too long"},
		{KindRegex, `(x{1000}){1000}`, "mistake"},
		{KindRegex, `(x{30}y{0,5}){20,28}`, ""},
		{KindRegex, `(x{1,100}y{1,100}){1,9}`, "repeats too much"},
		{KindRegex, strings.Repeat("x", 512), ""},
		{KindURL, "junk.example", ""},
		{KindURL, "https://www.junk.example/a/", ""},
		{KindURL, "junk", "no web address"},
		{KindURL, "/a", "no web address"},
		{KindKeyword, "  ", "empty"},
		{KindKeyword, "a\xff", "UTF-8"},
		{KindKeyword, strings.Repeat("漢", 2000), "too long"},
		{"color", "red", "kind"},
	}
	for _, tt := range tests {
		err := ValidateRule(Rule{Kind: tt.kind, Value: tt.value, Action: ActionBlock})
		switch {
		case tt.wrong == "" && err != nil:
			t.Errorf("%s %.40q: %v", tt.kind, tt.value, err)
		case tt.wrong != "" && (err == nil || !strings.Contains(err.Error(), tt.wrong)):
			t.Errorf("%s %.40q: error %v, want one with %q", tt.kind, tt.value, err, tt.wrong)
		case err != nil && len(err.Error()) > 300:
			t.Errorf("%s %.40q: the sentence has %d bytes", tt.kind, tt.value, len(err.Error()))
		}
	}
	for _, action := range []string{"", "delete"} {
		if err := ValidateRule(Rule{Kind: KindKeyword, Value: "word", Action: action}); err == nil {
			t.Errorf("action %q is taken", action)
		}
	}
}

func TestSamePhone(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"+886 912-345-678", "0912345678", true},
		{"0912 345 678", "00886912345678", true},
		{"０９１２３４５６７８", "0912345678", true},
		{"+81 (0)90-1234-5678", "090-1234-5678", true},
		{"+81 90-1234-5678", "09012345679", false},
		{"+1 212 555 1234", "555 1234", false},
		{"555 1234", "555-1234", true},
		{"912345678", "99999912345678", false},
		{"", "", false},
		{"12", "12", false},
	}
	for _, tt := range tests {
		a, b := phoneDigits(tt.a), phoneDigits(tt.b)
		if samePhone(a, b) != tt.want || samePhone(b, a) != tt.want {
			t.Errorf("%q and %q: want same = %v", tt.a, tt.b, tt.want)
		}
		if tt.want && phoneKey(a) != phoneKey(b) {
			t.Errorf("%q and %q have different keys", tt.a, tt.b)
		}
	}
}
