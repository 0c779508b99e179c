package textmodel

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestAttacks writes junk with the tricks that hide words from filters: none
// may cost more than one text in a hundred, of those that the model was trained
// on and of those that it was not.
func TestAttacks(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	trained, unseen := junkTexts(t)
	t.Run("unseen", func(t *testing.T) { attack(t, rng, unseen) })
	t.Run("trained", func(t *testing.T) { attack(t, rng, trained[:200]) })
}

func attack(t *testing.T, rng *rand.Rand, spam []string) {
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
		"hidden padding": func(s string) string { return strings.Repeat("\u200b\u00ad", 8_000) + s },
		"long padding": func(s string) string {
			return strings.Repeat("I wrote to you last week about the blue teapot. ", 130) + s
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

// junkTexts are the junk texts of this project.
func junkTexts(t *testing.T) (trained, unseen []string) {
	for _, r := range formRows(t) {
		if r.Label == "spam" {
			unseen = append(unseen, r.Text)
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
				trained = append(trained, r.Text)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return trained, unseen
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
