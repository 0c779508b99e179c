package spam

import (
	"fmt"
	"strings"
	"unicode"
)

// Letters of Cyrillic and Greek that are drawn like Latin ones, and the Latin
// letters that they look like.
const (
	lookalikes = "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅοανιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
	lookedLike = "aeopcyxijshdqwABEKMHOPCTYXIJSvZN"
)

// checkHomoglyphs notices words in which letters of one alphabet stand in for
// those of another that look the same: they are made to escape word lists.
func checkHomoglyphs() Check {
	return func(m Message) []Signal {
		v := m.seen()
		var found []string
		for w := range strings.FieldsFuncSeq(v.name+"\n"+v.body, func(r rune) bool { return !unicode.IsLetter(r) }) {
			if disguised(w) {
				found = append(found, clip(w, 40))
			}
		}
		if len(found) == 0 {
			return nil
		}
		return hit("homoglyphs", grade(len(found), 1, 3), fmt.Sprintf("%d words mix letters of two alphabets that look alike.", len(found)),
			map[string]any{"count": len(found), "words": found[:min(5, len(found))]})
	}
}

// disguised reports a word of four letters and more in Latin and in Cyrillic
// or Greek, where all letters of the one or of the other could stand in for
// its neighbours' alphabet. Units such as kΩ and µm are shorter, a forgotten
// space between two words does not look alike, and CJK beside Latin is normal.
func disguised(w string) bool {
	latin, other, n := 0, 0, 0
	latinFits, otherFits := true, true
	for _, r := range w {
		n++
		switch {
		case unicode.Is(unicode.Latin, r):
			latin++
			latinFits = latinFits && strings.ContainsRune(lookedLike, r)
		case unicode.In(r, unicode.Cyrillic, unicode.Greek):
			other++
			otherFits = otherFits && strings.ContainsRune(lookalikes, r)
		}
	}
	return n >= 4 && latin > 0 && other > 0 && (latinFits || otherFits)
}
