package pow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

var (
	testKey = []byte("0123456789abcdef0123456789abcdef")
	start   = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
)

// clock is a time that a test sets.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func solve(t testing.TB, ch Challenge) Solution {
	t.Helper()
	s, err := Solve(t.Context(), ch)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestVerify(t *testing.T) {
	clk := &clock{start}
	i := &Issuer{Key: testKey, Now: clk.now, Bits: 8}
	good := solve(t, i.Issue())
	with := func(change func(*Solution)) Solution {
		s := good
		change(&s)
		return s
	}
	// The next number that does not solve it.
	wrong := with(func(s *Solution) { s.N++ })
	for zeroBits(digest([]byte(wrong.Salt), wrong.N)) >= 8 {
		wrong.N++
	}
	easier := strings.Replace(good.Salt, ".8.", ".1.", 1)
	tests := []struct {
		name  string
		i     *Issuer
		s     Solution
		after time.Duration
		want  error
	}{
		{"solved", i, good, 0, nil},
		{"again, with nobody to remember", i, good, 0, nil},
		{"just before its end", i, good, 24*time.Hour - 1, nil},
		{"at its end", i, good, 24 * time.Hour, ErrExpired},
		{"clock set back a little", i, good, -time.Minute, nil},
		{"from the future", i, good, -time.Hour, ErrInvalid},
		{"nothing", i, Solution{}, 0, ErrMissing},
		{"wrong number", i, wrong, 0, ErrInvalid},
		{"negative number", i, with(func(s *Solution) { s.N = -1 }), 0, ErrInvalid},
		{"no salt", i, with(func(s *Solution) { s.Salt = "" }), 0, ErrInvalid},
		{"no signature", i, with(func(s *Solution) { s.Signature = "" }), 0, ErrInvalid},
		{"made easier", i, with(func(s *Solution) { s.Salt = easier; s.N = 0 }), 0, ErrInvalid},
		{"a digit moved from the number to the salt", i, with(func(s *Solution) { s.Salt += "1" }), 0, ErrInvalid},
		{"huge salt", i, with(func(s *Solution) { s.Salt = strings.Repeat("1", 1<<20) }), 0, ErrInvalid},
		{"another key", &Issuer{Key: []byte("another key of good length"), Now: clk.now}, good, 0, ErrInvalid},
		{"short key", &Issuer{Key: []byte("short"), Now: clk.now}, good, 0, ErrKey},
		{"handed out before the setting was raised", &Issuer{Key: testKey, Now: clk.now, Bits: 20}, good, 0, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			clk.t = start.Add(tt.after)
			if err := tt.i.Verify(tt.s); !errors.Is(err, tt.want) {
				t.Errorf("error = %v, want %v", err, tt.want)
			}
		})
	}
}

func TestVerifyTakesOnce(t *testing.T) {
	clk := &clock{start}
	taken := map[string]time.Time{}
	i := &Issuer{Key: testKey, Now: clk.now, Bits: 4, Life: time.Hour, Take: func(salt string, until time.Time) bool {
		_, seen := taken[salt]
		taken[salt] = until
		return !seen
	}}
	s := solve(t, i.Issue())
	bad := s
	for bad.N++; zeroBits(digest([]byte(bad.Salt), bad.N)) >= 4; bad.N++ {
	}
	if err := i.Verify(bad); !errors.Is(err, ErrInvalid) || len(taken) != 0 {
		t.Errorf("a wrong number: error %v, %d salts taken; want none, or anyone could use up a visitor's salt", err, len(taken))
	}
	if err := i.Verify(s); err != nil {
		t.Fatal(err)
	}
	if err := i.Verify(s); !errors.Is(err, ErrReplayed) {
		t.Errorf("the second time: %v", err)
	}
	if until := taken[s.Salt]; !until.Equal(start.Add(time.Hour)) {
		t.Errorf("remembered until %v", until)
	}
}

func TestIssue(t *testing.T) {
	for _, tt := range []struct{ bits, want int }{{0, 15}, {-3, 15}, {1, 1}, {20, 20}, {99, 24}} {
		ch := (&Issuer{Key: testKey, Bits: tt.bits}).Issue()
		if ch.Bits != tt.want || len(ch.Salt) > maxSalt || ch.Signature == "" {
			t.Errorf("bits %d: %+v", tt.bits, ch)
		}
	}
	if ch := (&Issuer{Key: []byte("short")}).Issue(); ch != (Challenge{}) {
		t.Errorf("a short key signed %+v", ch)
	}
	out, err := json.Marshal(Challenge{Salt: "s", Bits: 15, Signature: "g"})
	if err != nil || string(out) != `{"salt":"s","bits":15,"signature":"g"}` {
		t.Errorf("JSON = %s, %v", out, err)
	}
}

// The rule that a client in any language must follow, checked apart from our own code.
func TestSolveFollowsTheRule(t *testing.T) {
	ch := (&Issuer{Key: testKey}).Issue()
	s := solve(t, ch)
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s%d", ch.Salt, s.N)))
	// 15 bits are three hexadecimal zeros and a fourth digit of 0 or 1.
	if text := hex.EncodeToString(sum[:]); text[:3] != "000" || text[3] > '1' {
		t.Errorf("hash %s does not start with 15 zero bits", text)
	}
	if s.Salt != ch.Salt || s.Signature != ch.Signature {
		t.Errorf("solution %+v is not of challenge %+v", s, ch)
	}
}

func TestSolveEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Solve(ctx, Challenge{Salt: "x", Bits: 256}); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
	for _, ch := range []Challenge{{}, {Salt: "x", Bits: -1}, {Salt: "x", Bits: 257}} {
		if _, err := Solve(t.Context(), ch); !errors.Is(err, ErrInvalid) {
			t.Errorf("Solve(%+v): %v", ch, err)
		}
	}
}

type marshaler string

func (m marshaler) MarshalJSON() ([]byte, error) {
	if m == "" {
		return nil, errors.New("nothing to write")
	}
	return []byte(m), nil
}

func TestParseSolution(t *testing.T) {
	want := Solution{Salt: "s", Signature: "g", N: 42}
	text := `{"salt":"s","signature":"g","n":42}`
	tests := []struct {
		name string
		in   any
		err  error
	}{
		{"text", text, nil},
		{"bytes", []byte(" " + text + "\n"), nil},
		{"raw JSON", json.RawMessage(text), nil},
		{"marshaler", marshaler(text), nil},
		{"text in quotes", `"{\"salt\":\"s\",\"signature\":\"g\",\"n\":42}"`, nil},
		{"number as text", `{"salt":"s","signature":"g","n":"42"}`, nil},
		{"unknown fields", `{"salt":"s","signature":"g","n":42,"bits":15}`, nil},
		{"object", map[string]any{"salt": "s", "signature": "g", "n": 42.0}, nil},
		{"object with int", map[string]any{"salt": "s", "signature": "g", "n": 42}, nil},
		{"solution", want, nil},
		{"nil", nil, ErrMissing},
		{"empty", "", ErrMissing},
		{"blank", "  \n", ErrMissing},
		{"null", "null", ErrMissing},
		{"empty object", "{}", ErrMissing},
		{"empty map", map[string]any{}, ErrMissing},
		{"empty text in quotes", `""`, ErrMissing},
		{"no number", `{"salt":"s","signature":"g"}`, ErrInvalid},
		{"fraction", `{"salt":"s","signature":"g","n":4.2}`, ErrInvalid},
		{"fraction in an object", map[string]any{"salt": "s", "signature": "g", "n": 4.2}, ErrInvalid},
		{"negative", `{"salt":"s","signature":"g","n":-1}`, ErrInvalid},
		{"too large", `{"salt":"s","signature":"g","n":9007199254740992}`, ErrInvalid},
		{"endless", map[string]any{"salt": "s", "signature": "g", "n": 1e300}, ErrInvalid},
		{"salt is a number", `{"salt":1,"signature":"g","n":1}`, ErrInvalid},
		{"array", `[1,2]`, ErrInvalid},
		{"two objects", text + text, ErrInvalid},
		{"not JSON", `salt=s`, ErrInvalid},
		{"long", `{"salt":"` + strings.Repeat("x", 2000) + `"}`, ErrInvalid},
		{"long in an object", map[string]any{"salt": strings.Repeat("x", 2000), "signature": "g", "n": 1}, ErrInvalid},
		{"marshaler fails", marshaler(""), ErrInvalid},
		{"a number", 42, ErrInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseSolution(tt.in)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error = %v, want %v", err, tt.err)
			}
			if err == nil && got != want {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// genuine reports what holds for every solution of a puzzle that the fuzz
// tests hand out; another salt cannot be signed.
func genuine(s Solution, bits int) bool {
	issued, want, ok := readSalt(s.Salt)
	return ok && issued.Equal(start) && want == bits && s.N >= 0 && zeroBits(digest([]byte(s.Salt), s.N)) >= bits
}

func FuzzParseSolution(f *testing.F) {
	i := &Issuer{Key: testKey, Now: func() time.Time { return start }, Bits: 1}
	good := solve(f, i.Issue())
	text, _ := json.Marshal(good)
	f.Add(string(text))
	f.Add(`"{}"`)
	f.Add(`{"salt":"1.a.1.b.","signature":"x","n":1e3}`)
	f.Fuzz(func(t *testing.T, in string) {
		s, err := ParseSolution(in)
		if err != nil {
			if s != (Solution{}) {
				t.Fatalf("both %+v and error %v", s, err)
			}
			return
		}
		if s.N < 0 || s.N > maxN || len(s.Salt) > maxSolution {
			t.Fatalf("out of bounds: %+v", s)
		}
		if i.Verify(s) == nil && !genuine(s, 1) {
			t.Fatalf("forged solution accepted: %+v", s)
		}
	})
}

func FuzzVerify(f *testing.F) {
	i := &Issuer{Key: testKey, Now: func() time.Time { return start }, Bits: 4}
	good := solve(f, i.Issue())
	f.Add(good.Salt, good.Signature, good.N)
	f.Add("1.x.4..", "", int64(-1))
	f.Fuzz(func(t *testing.T, salt, signature string, n int64) {
		s := Solution{salt, signature, n}
		if i.Verify(s) == nil && !genuine(s, 4) {
			t.Fatalf("forged solution accepted: %+v", s)
		}
	})
}

func BenchmarkSolve(b *testing.B) {
	i := &Issuer{Key: testKey}
	for b.Loop() {
		solve(b, i.Issue())
	}
}

func BenchmarkVerify(b *testing.B) {
	i := &Issuer{Key: testKey}
	s := solve(b, i.Issue())
	for b.Loop() {
		if err := i.Verify(s); err != nil {
			b.Fatal(err)
		}
	}
}
