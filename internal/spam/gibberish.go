package spam

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkGibberish notices words that nobody could say. It is mild: product
// codes, abbreviations and languages written without their vowels exist.
func checkGibberish() Check {
	return func(m Message) []Signal {
		v := m.seen()
		name, nameShare := gibberish(v.name)
		text, textShare := gibberish(v.body)
		var out []Signal
		if textShare > 0.5 {
			grade := 0
			if nameShare > 0.5 {
				grade = 1
			}
			out = append(out, hit("gibberish_text", grade, fmt.Sprintf("The text looks like random letters (%q).", text),
				map[string]any{"word": text})...)
		}
		if nameShare > 0.5 {
			out = append(out, hit("gibberish_name", 0, fmt.Sprintf("The name looks like random letters (%q).", name),
				map[string]any{"word": name})...)
		}
		return out
	}
}

// gibberish returns the first word that cannot be said, and what share of all
// letters such words make up. Links and mail addresses are not read, and what
// looks like a product code, with digits or a hyphen in it, is not judged.
func gibberish(s string) (first string, share float64) {
	bad, all := 0, 0
	for field := range strings.FieldsSeq(s) {
		if strings.ContainsAny(field, "@/") {
			continue
		}
		code := len(field) <= 24 && strings.ContainsAny(field, "0123456789-_#")
		for w := range strings.FieldsFuncSeq(field, func(r rune) bool { return !unicode.IsLetter(r) }) {
			n := utf8.RuneCountInString(w)
			all += n
			if n == len(w) && n <= 100 && !code && unsayable(w) {
				bad += n
				if first == "" {
					first = w
				}
			}
		}
	}
	if all == 0 {
		return "", 0
	}
	return first, float64(bad) / float64(all)
}

// unsayable reports ASCII words of seven letters and more without a vowel,
// with seven consonants in a row (Knightsbridge has six), or that change
// between capitals and small letters all the time, and words of five letters
// and more in which letters meet that never do. Short words in capitals are
// taken for codes.
func unsayable(w string) bool {
	if len(w) < 5 || len(w) <= 10 && w == strings.ToUpper(w) {
		return false
	}
	vowels, run, longest, turns := 0, 0, 0, 0
	for i := range len(w) {
		if strings.IndexByte("aeiouyAEIOUY", w[i]) >= 0 {
			vowels++
			run = 0
		} else {
			run++
			longest = max(longest, run)
		}
		if i > 0 && (w[i] < 'a') != (w[i-1] < 'a') {
			turns++
		}
	}
	// One capital in front is how names are written, and one inside a brand.
	rare, mixed := rarePairs(w), turns >= 3
	if rare >= 2 && rare*6 >= len(w) || rare >= 1 && mixed {
		return true
	}
	if len(w) < 7 {
		return false
	}
	wild := turns*10 >= (len(w)-1)*6 || len(w) >= 10 && turns >= 4 && vowels*4 < len(w)
	return vowels == 0 || longest >= 7 || wild
}

// rareAfter lists for each letter those that do not follow it within a word of
// a European language, or of Chinese or Japanese in Latin letters.
var rareAfter = [26]string{
	'b' - 'a': "qxz", 'c' - 'a': "jpvx", 'd' - 'a': "qx", 'f' - 'a': "pqvxz", 'g' - 'a': "jqvxz",
	'h' - 'a': "jqxz", 'j' - 'a': "bcdfghjklmnpqrstvwxyz", 'k' - 'a': "cqxz", 'l' - 'a': "qxj",
	'm' - 'a': "jqxz", 'n' - 'a': "", 'p' - 'a': "jqvxz", 'q' - 'a': "bcdfghjklmnopqrstvwxyze",
	'r' - 'a': "", 's' - 'a': "xj", 't' - 'a': "jqx", 'v' - 'a': "bcdfghjkmnpqtwxz",
	'w' - 'a': "cgjqvxz", 'x' - 'a': "bdfgjklmnqrsvwxz", 'z' - 'a': "bcdfgjkmnpqrsvx",
}

// rarePairs counts places where two letters meet that hardly ever do.
func rarePairs(w string) (n int) {
	for i := 1; i < len(w); i++ {
		a, b := w[i-1]|0x20, w[i]|0x20
		if strings.IndexByte(rareAfter[a-'a'], b) >= 0 {
			n++
		}
	}
	return n
}
