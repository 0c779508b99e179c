package mail_test

import (
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

func TestReturnPath(t *testing.T) {
	s := mail.Signer{Key: []byte(strings.Repeat("k", 32))}
	const id = "abc123def456ghi"
	for _, base := range []string{"desk@shop.example", "Support.Team@店.example", "a+b@shop.example"} {
		addr := s.ReturnPath(base, id)
		local, _, _ := strings.Cut(addr, "@")
		if !strings.Contains(local, "+b-"+id+"-") || len(local) > 64 {
			t.Fatalf("%s gave %q", base, addr)
		}
		if again := s.ReturnPath(base, id); again != addr {
			t.Errorf("%q and %q", addr, again)
		}
		for _, seen := range []string{addr, strings.ToUpper(addr), " <" + addr + "> "} {
			if got, ok := s.ParseReturnPath(base, seen); !ok || got != id {
				t.Errorf("%q gave %q %v", seen, got, ok)
			}
		}
		if _, ok := mail.ParsePlusAddress(base, addr); ok {
			t.Errorf("%q passes for a case's address", addr)
		}
		for _, seen := range []string{"", base, addr + "x", "x" + addr, strings.Replace(addr, id, "abc123def456ghj", 1),
			strings.Replace(addr, "+b-", "+c-", 1), strings.TrimSuffix(addr, "example") + "test", strings.Replace(addr, "-"+id+"-", "-"+id, 1)} {
			if got, ok := s.ParseReturnPath(base, seen); ok {
				t.Errorf("%q gave %q", seen, got)
			}
		}
		if _, ok := (mail.Signer{Key: []byte(strings.Repeat("o", 32))}).ParseReturnPath(base, addr); ok {
			t.Error("another key takes it")
		}
	}
}

func TestReturnPathRefuses(t *testing.T) {
	s := mail.Signer{Key: []byte(strings.Repeat("k", 32))}
	for name, got := range map[string]string{
		"no address": s.ReturnPath("desk", "abc"),
		"no id":      s.ReturnPath("desk@shop.example", ""),
		"bad id":     s.ReturnPath("desk@shop.example", "a-b"),
		"capitals":   s.ReturnPath("desk@shop.example", "ABC"),
		"long id":    s.ReturnPath("desk@shop.example", strings.Repeat("a", 21)),
		"long base":  s.ReturnPath(strings.Repeat("a", 40)+"@shop.example", "abc123def456ghi"),
		"short key":  mail.Signer{Key: []byte("short")}.ReturnPath("desk@shop.example", "abc"),
	} {
		if got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func FuzzParseReturnPath(f *testing.F) {
	s := mail.Signer{Key: []byte(strings.Repeat("k", 32))}
	const base = "desk@shop.example"
	f.Add(s.ReturnPath(base, "abc123"))
	f.Add("desk+b-@shop.example")
	f.Add("<>")
	f.Fuzz(func(t *testing.T, addr string) {
		id, ok := s.ParseReturnPath(base, addr)
		if ok && !strings.EqualFold(s.ReturnPath(base, id), strings.Trim(strings.TrimSpace(addr), "<>")) {
			t.Errorf("%q passes as %q", addr, id)
		}
	})
}
