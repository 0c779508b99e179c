package phone

import (
	"strings"
	"testing"
)

func TestE164(t *testing.T) {
	for _, c := range []struct {
		raw     string
		regions []string
		want    string
		ok      bool
	}{
		{"0912-345-678", []string{"TW"}, "+886912345678", true},
		{"０９１２－３４５－６７８", []string{"TW"}, "+886912345678", true},
		{"+886 912 345 678", []string{"JP"}, "+886912345678", true},
		{"(02) 2712-3456", []string{"TW"}, "+886227123456", true},
		{"090-1234-5678", []string{"JP"}, "+819012345678", true},
		{"138 0013 8000", []string{"CN"}, "+8613800138000", true},
		{"090-1234-5678", []string{"US", "JP"}, "+819012345678", true},
		{"12", []string{"TW"}, "", false},
		{"not a number", []string{"TW"}, "", false},
		{"", []string{"TW"}, "", false},
		{strings.Repeat("9", 5000), []string{"TW"}, "", false},
	} {
		got, ok := E164(c.raw, c.regions...)
		if got != c.want || ok != c.ok {
			t.Errorf("E164(%.20q, %v) = %q, %v; want %q, %v", c.raw, c.regions, got, ok, c.want, c.ok)
		}
	}
}

func TestNational(t *testing.T) {
	for _, c := range []struct {
		number, region, want string
		ok, mobile           bool
	}{
		{"+886912345678", "TW", "0912345678", true, true},
		{"+886227123456", "TW", "0227123456", true, false},
		{"+819012345678", "JP", "09012345678", true, true},
		{"+819012345678", "TW", "", false, true}, // dialled so in Taiwan it would reach somebody else
		{"+8613800138000", "CN", "13800138000", true, true},
		{"+12025550123", "US", "2025550123", true, true}, // nobody can tell there
		{"0912345678", "TW", "", false, false},
		{"", "TW", "", false, false},
	} {
		got, ok := National(c.number, c.region)
		if got != c.want || ok != c.ok || Mobile(c.number) != c.mobile {
			t.Errorf("%s in %s: %q, %v, mobile %v", c.number, c.region, got, ok, Mobile(c.number))
		}
	}
}

func FuzzE164(f *testing.F) {
	f.Add("0912-345-678")
	f.Add("+81 90 1234 5678 ext. 9")
	f.Fuzz(func(t *testing.T, raw string) {
		got, ok := E164(raw, "TW", "JP")
		if ok && !strings.HasPrefix(got, "+") {
			t.Fatalf("E164(%q) = %q", raw, got)
		}
		if again, _ := E164(got, "US"); ok && again != got {
			t.Fatalf("E164 of its own result %q is %q", got, again)
		}
	})
}
