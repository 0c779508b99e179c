package textmodel

import (
	"slices"
	"testing"
)

func TestConcepts(t *testing.T) {
	l := concepts()
	if len(l.names) >= conceptMax {
		t.Fatalf("%d concepts, room for %d", len(l.names), conceptMax-1)
	}
	sorted := slices.Sorted(slices.Values(l.names))
	if n := len(slices.Compact(sorted)); n != len(l.names) {
		t.Errorf("%d concepts, %d names", len(l.names), n)
	}
	for _, c := range []struct{ text, concept string }{
		{"a business LOAN for you", "loan"},
		{"貸款免保人", "loan"},
		{"即日審査のローン", "loan"},
		{"возьмите кредитование", "loan"},
		{"work from home today", "job"},
		{"message me now", "contactme"},
		{"c4s1no", "gamble"},
		{"thanks a lot", "thanks"},
	} {
		if !hasConcept(c.text, c.concept) {
			t.Errorf("%q has no %q", c.text, c.concept)
		}
	}
	for _, c := range []struct{ text, concept string }{
		{"the loaner car", "crypto"}, {"betterment", "gamble"}, {"", "free"},
	} {
		if hasConcept(c.text, c.concept) {
			t.Errorf("%q has %q", c.text, c.concept)
		}
	}
	if !l.junk[slices.Index(l.names, "loan")+1] || l.junk[slices.Index(l.names, "order")+1] {
		t.Error("junk and ordinary concepts are mixed up")
	}
}

func hasConcept(text, name string) bool {
	id := slices.Index(concepts().names, name) + 1
	return id > 0 && slices.Contains(Features(text), uint32(conceptsAt+4*id))
}
