package llm

// row is a row of groups of digits, joined by up to three separators.
type row struct {
	groups []group
	digits []byte
}

type group struct {
	from, to int
	sum      int  // digits of the row up to here
	plain    bool // only spaces and hyphens stand before it
}

const rowDigits = 20

// read takes the row that starts at i, until it exceeds 20 digits or a date begins. It looks at a
// bounded stretch, and uses the room of the row that it replaces.
func (w *row) read(f []rune, i int) {
	w.groups, w.digits = w.groups[:0], w.digits[:0]
	plain := true
	for {
		from := i
		for i < len(f) && isDigit(f[i]) && len(w.digits) <= rowDigits {
			w.digits = append(w.digits, byte(f[i]))
			i++
		}
		if len(w.digits) > rowDigits {
			return
		}
		w.groups = append(w.groups, group{from, i, len(w.digits), plain})
		next := i
		plain = true
		for next < len(f) && next-i < 3 && isSeparator(f[next]) {
			plain = plain && (f[next] == ' ' || f[next] == '-')
			next++
		}
		if next == i || next >= len(f) || !isDigit(f[next]) {
			return
		}
		if _, ok := dateAt(f, next); ok {
			return
		}
		i = next
	}
}

func isSeparator(r rune) bool {
	return r == ' ' || r == '-' || r == '.' || r == '(' || r == ')'
}

// card gives the end of the card number that the row starts with: 13 to 19 digits that pass Luhn's
// check (ISO/IEC 7812-1), in one run, in up to six groups, or digit by digit.
func (w *row) card() (int, bool) {
	end := 0
	for n, g := range w.groups {
		single := g.sum == n+1
		if !g.plain || n >= 6 && !single {
			break
		}
		if g.sum >= 13 && g.sum <= 19 && luhn(w.digits[:g.sum]) {
			end = g.to
		}
	}
	return end, end > 0
}

func luhn(d []byte) bool {
	sum := 0
	for i := range len(d) {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}
