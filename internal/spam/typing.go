package spam

import (
	"fmt"
	"unicode/utf8"
)

const (
	// typedText is from how many characters on a text without keys is odd.
	typedText = 80
	// fewKeys is up to how many keys a text is put in rather than typed.
	fewKeys = 4
)

// checkTyping notices a long text that came into the field without keys. Input
// methods, dictation and drafts that a browser restores do it too.
func checkTyping() Check {
	return func(m Message) []Signal {
		n := utf8.RuneCountInString(m.seen().text)
		if !m.guest() || !m.Typed || m.Keys > fewKeys || n < typedText {
			return nil
		}
		data := map[string]any{"keys": m.Keys, "characters": n}
		if m.Pastes > 0 {
			return hit("pasted", 0, fmt.Sprintf("The text of %d characters was pasted in one go.", n), data)
		}
		return hit("pasted", 1, fmt.Sprintf("The text of %d characters came into the field without typing or pasting.", n), data)
	}
}
