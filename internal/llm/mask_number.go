package llm

const (
	longDigits  = 6  // digits that make a number or an id private
	chainDigits = 9  // digits that make a chain such as 2026-1101-0123 private
	secretRunes = 20 // length from which a mix of letters and digits is a token
)

// numbers walks over a folded text and marks what is private in it.
type numbers struct {
	f     []rune
	marks []mark
	// The token under way: letters and digits, joined by single hyphens or underscores.
	token    token
	row      row // the one that starts at the digit under way
	priceEnd int // where the last price ended
}

type token struct {
	from, to int
	letters  int
	digits   int
	groups   int
	shortest int // digits of the shortest group
	lastLong int // start of the last group of longDigits or more; -1 if none
	run      int // length of the longest stretch without a joint
}

func numberMarks(f []rune) []mark {
	n := &numbers{f: f, priceEnd: -1}
	for i := 0; i < len(f); {
		i = n.step(i)
	}
	return n.marks
}

// step deals with what starts at i and gives where to go on.
func (n *numbers) step(i int) int {
	r := n.f[i]
	if r == '+' {
		if digit, ok := plusDigit(n.f, i); ok {
			n.row.read(n.f, digit)
			if from, to, ok := phoneAt(n.f, i, &n.row); ok {
				return n.mark(from, to, maskedPhone)
			}
		}
		return i + 1
	}
	if !isAlnum(r) {
		return i + 1
	}
	if to, ok := dateAt(n.f, i); ok && !isAlnum(n.before(i)) {
		return n.keep(to)
	}
	if i >= n.token.to {
		n.token = readToken(n.f, i)
		if n.isID(n.token) {
			return n.mark(i, n.token.to, maskedNumber)
		}
	}
	if !isDigit(r) || isDigit(n.before(i)) {
		return i + 1
	}
	return n.digits(i)
}

// digits deals with a group of digits that starts at i.
func (n *numbers) digits(i int) int {
	n.row.read(n.f, i)
	if to, ok := n.row.card(); ok {
		return n.mark(i, to, maskedCard)
	}
	if from, to, ok := phoneAt(n.f, i, &n.row); ok {
		return n.mark(from, to, maskedPhone)
	}
	t := n.token
	if to, ok := n.priceAt(i); ok {
		n.priceEnd = to
		if t.letters > 0 {
			return to
		}
		return n.keep(to)
	}
	chain := i == t.from && t.groups > 1 && t.shortest >= 3 && t.digits >= chainDigits
	if t.letters == 0 && (i <= t.lastLong || chain) {
		return n.mark(i, t.to, maskedNumber)
	}
	return i + 1
}

func (n *numbers) before(i int) rune {
	if i == 0 {
		return ' '
	}
	return n.f[i-1]
}

// mark takes out a stretch; keep leaves one alone. A new token starts behind either.
func (n *numbers) mark(from, to int, with string) int {
	n.marks = append(n.marks, mark{from, to, with})
	return n.keep(to)
}

func (n *numbers) keep(to int) int {
	n.token.to = to
	return to
}

func readToken(f []rune, from int) token {
	t := token{from: from, shortest: len(f), lastLong: -1}
	i, group, stretch := from, 0, 0
	endGroup := func() {
		if group > 0 {
			t.groups++
			t.shortest = min(t.shortest, group)
		}
		if group >= longDigits {
			t.lastLong = i - group
		}
		group = 0
	}
	for ; i < len(f); i++ {
		switch r := f[i]; {
		case isDigit(r):
			group++
			t.digits++
		case isLetter(r):
			endGroup()
			t.letters++
		case (r == '-' || r == '_') && i+1 < len(f) && isAlnum(f[i+1]):
			endGroup()
			stretch = -1
		default:
			endGroup()
			t.to = i
			return t
		}
		stretch++
		t.run = max(t.run, stretch)
	}
	endGroup()
	t.to = i
	return t
}

// isID reports a mix of letters and digits that names one order, person or session.
func (n *numbers) isID(t token) bool {
	if t.letters == 0 {
		return false
	}
	s := n.f[t.from:t.to]
	if t.digits >= longDigits {
		return !isPriceToken(s) && !isSize(s)
	}
	return t.run >= secretRunes && t.digits >= 3
}

// isSize reports measures such as 120x60x75cm.
func isSize(s []rune) bool {
	group, unit, times := 0, 0, 0
	for _, r := range s {
		switch {
		case isDigit(r) && unit == 0:
			group++
		case (r == 'x' || r == 'X') && group > 0 && unit == 0:
			times++
			group = 0
		case isLetter(r) && group > 0:
			unit++
		default:
			return false
		}
		if group > 4 || unit > 2 {
			return false
		}
	}
	return times > 0 // 120x60x is one whose last part was taken for something else
}
