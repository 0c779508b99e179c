package spam

import "fmt"

// Near is how often the same or nearly the same text came in the last 30 days.
type Near struct {
	// Others is how many other senders sent it.
	Others int
	// Junk is how many of these messages, the sender's own too, staff confirmed
	// as junk, and Good how many they released, or answered.
	Junk, Good int
}

// longText is from how many letters on two people are unlikely to write the
// same by chance; East Asian ones count twice.
const longText = 80

// checkNear notices a text that others sent too. Many guests ask the same short
// question, and robots copy it: of short texts that lead nowhere only junk
// counts, and weighs little until it was confirmed several times. A text that
// staff found good counts for nothing.
func checkNear() Check {
	return func(m Message) []Signal {
		n := m.Near
		if n == (Near{}) {
			return nil
		}
		data := map[string]any{"others": n.Others, "junk": n.Junk}
		short := letters(m.seen().body, 2) < longText && len(foreign(m)) == 0
		switch {
		case n.Junk > n.Good:
			g := 3 + grade(n.Junk, 1, 3)
			if short {
				g = []int{1, 3}[g-3]
			}
			return hit("near_duplicate", g,
				fmt.Sprintf("Staff confirmed nearly the same text as junk %d times.", n.Junk), data)
		case n.Others < 2 || n.Good > n.Junk || short:
			return nil
		}
		return hit("near_duplicate", grade(n.Others, 2, 5, 15),
			fmt.Sprintf("%d other senders sent nearly the same text lately.", n.Others), data)
	}
}
