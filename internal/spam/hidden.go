package spam

import (
	"fmt"
	"unicode"
)

// checkHidden notices characters that show nothing between letters of scripts
// that need none, and those that turn the direction of the text by force. A
// few come along when text is copied from a page. Joiners in emoji, Persian or
// Indian words and marks in right-to-left text are as they should be.
func checkHidden() Check {
	return func(m Message) []Signal {
		text := clip(m.Name, maxField) + "\n" + clip(m.Subject, maxField) + "\n" + clip(m.Text, maxText)
		hidden, forced := countHidden(text)
		var out []Signal
		if hidden > 0 {
			out = append(out, hit("hidden_chars", grade(hidden, 1, 3, 10), fmt.Sprintf("%d invisible characters stand between letters.", hidden),
				map[string]any{"count": hidden})...)
		}
		if forced > 0 {
			out = append(out, hit("bidi_override", 0, "Characters force the text to run the other way.",
				map[string]any{"count": forced})...)
		}
		return out
	}
}

// countHidden counts invisible characters right behind a plain letter with
// another one following, and direction overrides.
func countHidden(s string) (hidden, forced int) {
	pending, behind := 0, false
	for _, r := range s {
		switch {
		case r == 0x202D || r == 0x202E:
			forced++
		case r == 0x200B || r == 0x200C || r == 0x200D || r == 0x2060 || r == 0xFEFF || r == 0xAD || r == 0x2063 || r == 0x180E || r == 0x3164 || r == 0xFFA0:
			if behind {
				pending++
			}
		default:
			plain := unicode.IsLetter(r) && (unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek) || isCJK(r))
			if plain {
				hidden += pending
			}
			pending, behind = 0, plain
		}
	}
	return hidden, forced
}

// checkStyled notices letters borrowed from mathematics and enclosed letters
// (𝗙𝗿𝗲𝗲, Ⓕⓡⓔⓔ), which word lists would miss. Full-width letters are normal in
// East Asia and do not count.
func checkStyled() Check {
	return func(m Message) []Signal {
		n := 0
		for _, r := range clip(m.Name, maxField) + clip(m.Subject, maxField) + clip(m.Text, maxText) {
			if r >= 0x1D400 && r <= 0x1D7FF || r >= 0x24B6 && r <= 0x24E9 || r >= 0x1F130 && r <= 0x1F189 {
				n++
			}
		}
		if n < 5 {
			return nil
		}
		return hit("styled_letters", 0, fmt.Sprintf("%d letters are drawn with look-alike symbols.", n),
			map[string]any{"count": n})
	}
}
