package llm

import (
	"slices"
	"strconv"
	"strings"
)

// plusDigit gives the first digit behind a plus sign at i, as in +886, + 886 and +(886).
func plusDigit(f []rune, i int) (int, bool) {
	at := i + 1
	for at < len(f) && at-i < 3 && (f[at] == '(' || f[at] == ' ') {
		at++
	}
	return at, at < len(f) && isDigit(f[at])
}

// phoneAt finds a phone number that starts at i, with a plus sign or with the row w of digits: the
// international form, and the forms in use in Taiwan, Japan, China and North America. What it gives
// takes in an opening bracket before i and an extension behind.
func phoneAt(f []rune, i int, w *row) (from, to int, ok bool) {
	n := 0
	switch d := string(w.digits); {
	case f[i] == '+':
		n = worldwide(w.groups, d, 0)
	case strings.HasPrefix(d, "00"):
		if n = worldwide(w.groups, d, 2); n == 0 {
			n = domestic(w.groups)
		}
	case d[0] == '0':
		n = domestic(w.groups)
	default:
		n = shaped(w.groups, d)
	}
	if n == 0 {
		return 0, 0, false
	}
	from, to = i, w.groups[n-1].to
	if from > 0 && f[from-1] == '(' && contains(f[from:to], ')') && !contains(f[from:to], '(') {
		from--
	}
	return from, extension(f, to), true
}

// lengths gives how many digits a number has after the country code, without the trunk zero.
func lengths(d string) (code, least, most int) {
	for _, c := range []struct {
		code        string
		least, most int
	}{
		{"886", 8, 9}, {"852", 8, 8}, {"853", 8, 8}, {"81", 9, 10}, {"86", 10, 11}, {"82", 8, 10},
		{"65", 8, 8}, {"60", 8, 10}, {"66", 8, 9}, {"84", 9, 10}, {"44", 9, 10}, {"61", 9, 9}, {"64", 8, 10},
		{"62", 9, 11}, {"63", 10, 10}, {"91", 10, 10}, {"33", 9, 9}, {"34", 9, 9}, {"31", 9, 9}, {"1", 10, 10},
	} {
		if strings.HasPrefix(d, c.code) {
			return len(c.code), c.least, c.most
		}
	}
	return 0, 0, 0
}

// worldwide gives how many groups make an international number (E.164: at most 15 digits), after
// skip digits of a dialling prefix; 0 if none do.
func worldwide(gs []group, d string, skip int) int {
	known, other, size := 0, 0, 0
	for n, g := range gs {
		if g.sum <= skip {
			continue
		}
		if code, least, most := lengths(d[skip:g.sum]); code > 0 {
			national := len(strings.TrimPrefix(d[skip+code:g.sum], "0"))
			if national >= least && national <= most {
				known = n + 1
			}
		}
		// Of a country that is not in the table: until nine digits are there.
		if size < 9 && g.sum-skip <= 15 {
			other, size = n+1, g.sum-skip
		}
	}
	switch {
	case known > 0:
		return known
	case size >= 7:
		return other
	}
	return 0
}

// domestic: with a trunk zero, 9 to 12 digits, not written in pairs only.
func domestic(gs []group) int {
	long := false
	for n, g := range gs {
		long = long || g.to-g.from >= 3
		if g.sum > 12 || n >= 6 {
			return 0
		}
		if g.sum >= 9 && long {
			return n + 1
		}
	}
	return 0
}

// shaped: without a zero, only the customary groupings count.
func shaped(gs []group, d string) int {
	gs = gs[:min(len(gs), 4)]
	if len(gs) == 0 || gs[len(gs)-1].sum < 10 {
		return 0
	}
	shape := ""
	for n, g := range gs {
		if n > 0 {
			shape += "-"
		}
		shape += strconv.Itoa(g.to - g.from)
		if slices.Contains(shapes(d[:g.sum]), shape) {
			return n + 1
		}
	}
	return 0
}

// shapes gives how the digits d would be grouped if they were a phone number.
func shapes(d string) []string {
	switch {
	case len(d) == 11 && d[0] == '1' && d[1] >= '3': // mobile in China; a few are long distance in North America
		return []string{"11", "3-4-4", "3-8", "4-3-4", "3-3-5", "1-3-3-4"}
	case len(d) == 11 && d[0] == '1': // North America with its trunk 1
		return []string{"1-3-3-4"}
	case len(d) == 10 && (d[:3] == "400" || d[:3] == "800"): // service numbers
		return []string{"10", "3-3-4", "3-4-3", "4-3-3", "3-7"}
	case len(d) == 10 && d[0] >= '2' && d[3] >= '2': // North America
		return []string{"3-3-4"}
	}
	return nil
}

// extension takes in what follows a number: #123, ext. 123, 分機 123, -123.
func extension(f []rune, to int) int {
	i := to
	if i < len(f) && f[i] == ' ' {
		i++
	}
	word := 0
	for _, w := range []string{"#", "ext.", "ext", "x", "分機", "分机", "內線", "内線", "内线", "轉", "转"} {
		r := []rune(w)
		if i+len(r) <= len(f) && strings.EqualFold(string(f[i:i+len(r)]), w) {
			word = len(r)
			break
		}
	}
	switch {
	case word > 0:
		i += word
		for i < len(f) && i-to < 12 && (f[i] == ' ' || f[i] == ':') {
			i++
		}
	case i == to && i < len(f) && f[i] == '-':
		if _, ok := dateAt(f, i+1); ok {
			return to
		}
		i++
	default:
		return to
	}
	end := i
	for end < len(f) && isDigit(f[end]) {
		end++
	}
	if end == i || end-i > 6 {
		return to
	}
	return end
}
