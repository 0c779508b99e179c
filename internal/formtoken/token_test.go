package formtoken

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var (
	testKey = []byte("0123456789abcdef0123456789abcdef")
	start   = time.Date(2026, 3, 1, 9, 0, 0, 123_000_000, time.UTC)
)

const urlSafe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// clock is a time that a test sets.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func TestCheck(t *testing.T) {
	clk := &clock{start}
	s := &Signer{Key: testKey, Now: clk.now}
	token := s.Issue("contact")
	other := &Signer{Key: []byte("another key of sufficient length"), Now: clk.now}
	last := byte('A')
	if token[0] == 'A' {
		last = 'B'
	}
	tests := []struct {
		name  string
		s     *Signer
		token string
		form  string
		after time.Duration
		want  error
	}{
		{"at once", s, token, "contact", 0, nil},
		{"a minute before it expires", s, token, "contact", 24*time.Hour - time.Minute, nil},
		{"at its end", s, token, "contact", 24 * time.Hour, ErrExpired},
		{"long after", s, token, "contact", 1000 * time.Hour, ErrExpired},
		{"clock set back a little", s, token, "contact", -time.Minute, nil},
		{"from the future", s, token, "contact", -time.Hour, ErrInvalid},
		{"missing", s, "", "contact", 0, ErrMissing},
		{"another form", s, token, "contact2", 0, ErrInvalid},
		{"no form", s, token, "", 0, ErrInvalid},
		{"another key", other, token, "contact", 0, ErrInvalid},
		{"one character changed", s, string(last) + token[1:], "contact", 0, ErrInvalid},
		{"cut short", s, token[:len(token)-1], "contact", 0, ErrInvalid},
		{"text behind", s, token + "A", "contact", 0, ErrInvalid},
		{"not base64", s, strings.Repeat("!", len(token)), "contact", 0, ErrInvalid},
		{"line break inside", s, token[:9] + "\n" + token[9:], "contact", 0, ErrInvalid},
		{"far too long", s, strings.Repeat("A", 1<<20), "contact", 0, ErrInvalid},
		{"short key", &Signer{Key: []byte("short")}, token, "contact", 0, ErrKey},
		{"own life", &Signer{Key: testKey, Now: clk.now, Life: time.Minute}, token, "contact", 2 * time.Minute, ErrExpired},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			clk.t = start.Add(tt.after)
			claims, err := tt.s.Check(tt.token, tt.form)
			if !errors.Is(err, tt.want) {
				t.Fatalf("error = %v, want %v", err, tt.want)
			}
			genuine := err == nil || errors.Is(err, ErrExpired)
			if genuine && (!claims.Issued.Equal(start) || len(claims.Nonce) != 16) {
				t.Errorf("claims = %+v", claims)
			}
			if !genuine && claims != (Claims{}) {
				t.Errorf("claims of a false token = %+v", claims)
			}
		})
	}
}

func TestIssue(t *testing.T) {
	s := &Signer{Key: testKey}
	seen := map[string]bool{}
	for range 1000 {
		token := s.Issue("contact")
		if len(token) != 70 {
			t.Fatalf("length of %q = %d, want 70", token, len(token))
		}
		if strings.Trim(token, urlSafe) != "" {
			t.Fatalf("%q is not safe in a URL", token)
		}
		claims, err := s.Check(token, "contact")
		if err != nil || seen[claims.Nonce] {
			t.Fatalf("nonce %q: error %v, seen %v", claims.Nonce, err, seen[claims.Nonce])
		}
		seen[claims.Nonce] = true
	}
	if got := (&Signer{Key: []byte("short")}).Issue("contact"); got != "" {
		t.Errorf("a short key signed %q", got)
	}
}

func FuzzCheck(f *testing.F) {
	s := &Signer{Key: testKey, Now: func() time.Time { return start }}
	good := s.Issue("contact")
	f.Add(good, "contact")
	f.Add("", "")
	f.Add(good[:40], "contact")
	f.Add(strings.Repeat("A", 70), "x")
	f.Fuzz(func(t *testing.T, token, form string) {
		claims, err := s.Check(token, form)
		if err != nil {
			return
		}
		// Only a seed is genuine: issued at the start, for this form, spelled this way.
		if form != "contact" || !claims.Issued.Equal(start) || strings.TrimLeft(token, urlSafe) != "" {
			t.Fatalf("forged token %q accepted for %q: %+v", token, form, claims)
		}
	})
}
