package textmodel

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestAttacks writes junk with the tricks that hide words from filters: none
// may cost more than one text in a hundred.
func TestAttacks(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	replace := func(from, to string) func(string) string {
		pairs := map[rune]rune{}
		for i, r := range []rune(from) {
			pairs[r] = []rune(to)[i]
		}
		return func(s string) string {
			return strings.Map(func(r rune) rune {
				if p, ok := pairs[r]; ok {
					return p
				}
				return r
			}, s)
		}
	}
	between := func(marks string, only func(rune) bool) func(string) string {
		list := []rune(marks)
		return func(s string) string {
			var b strings.Builder
			for _, r := range s {
				b.WriteRune(r)
				if only(r) {
					b.WriteRune(list[rng.IntN(len(list))])
				}
			}
			return b.String()
		}
	}
	spam := junkTexts(t)
	before := caught(spam, func(s string) string { return s })
	if before < len(spam)/2 {
		t.Fatalf("only %d of %d texts are caught at all", before, len(spam))
	}
	for name, trick := range map[string]func(string) string{
		"zero width": between("\u200b\u200c\u200d\u2060\ufeff", func(rune) bool { return rng.IntN(2) == 0 }),
		"homoglyphs": replace("aeocpxyisAEOCPHBTMK", "аеосрхуіѕАЕОСРНВТМК"),
		"spacing":    between(" ", wide),
		"full width": func(s string) string {
			return strings.Map(func(r rune) rune {
				if r > ' ' && r < 0x7F {
					return r + 0xFEE0
				}
				return r
			}, s)
		},
		"leet": replace("aeiostAEIOST", "431057431057"),
	} {
		after := caught(spam, trick)
		t.Logf("%s: %d of %d, %d before", name, after, len(spam), before)
		if lost := before - after; lost*100 > len(spam) {
			t.Errorf("%s: %d of %d texts slip through that did not before", name, lost, len(spam))
		}
	}
}

// junkTexts are all junk texts of this project, trained on or not.
func junkTexts(t *testing.T) []string {
	var out []string
	for _, r := range formRows(t) {
		if r.Label == "spam" {
			out = append(out, r.Text)
		}
	}
	files, err := own.ReadDir("own")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		h, err := own.Open("own/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		err = ReadRows(h, func(r Row) error {
			if r.Label == "spam" {
				out = append(out, r.Text)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func caught(texts []string, trick func(string) string) int {
	n := 0
	for _, s := range texts {
		if Base().Score(trick(s)) > 0 {
			n++
		}
	}
	return n
}
