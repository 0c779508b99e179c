package llm

import "strings"

// dateAt recognises a date at i: year-month-day or day-month-year (also month first), of the years
// 1900 to 2199, with hyphens, dots or slashes.
func dateAt(f []rune, i int) (int, bool) {
	var v, size [3]int
	var sep rune
	for n := range 3 {
		start := i
		for i < len(f) && isDigit(f[i]) && i-start < 5 {
			v[n] = v[n]*10 + int(f[i]-'0')
			i++
		}
		size[n] = i - start
		if n == 2 {
			break
		}
		if i >= len(f) || !strings.ContainsRune("-./", f[i]) || n == 1 && f[i] != sep {
			return 0, false
		}
		sep = f[i]
		i++
	}
	year := func(n int) bool { return size[n] == 4 && v[n] >= 1900 && v[n] <= 2199 }
	part := func(n, most int) bool { return size[n] >= 1 && size[n] <= 2 && v[n] >= 1 && v[n] <= most }
	ymd := year(0) && part(1, 12) && part(2, 31)
	dmy := year(2) && (part(0, 31) && part(1, 12) || part(0, 12) && part(1, 31))
	return i, ymd || dmy
}

const priceDigits = 8 // a longer number is no price

// priceAt recognises a sum at i: a currency before or after it, a percent sign, or the second half
// of a range of sums.
func (n *numbers) priceAt(i int) (int, bool) {
	to := i
	for to < len(n.f) && isDigit(n.f[to]) && to-i <= priceDigits {
		to++
	}
	if to-i > priceDigits {
		return 0, false
	}
	joint := n.before(i)
	ranged := n.priceEnd == i-1 && (joint == '-' || joint == '~')
	return to, ranged || currencyBefore(n.f[:i]) || currencyAfter(n.f[to:])
}

func currencyBefore(f []rune) bool {
	i := len(f)
	if i > 0 && f[i-1] == ' ' {
		i--
	}
	if i > 0 && strings.ContainsRune("$¥€£₩฿", f[i-1]) {
		return true
	}
	from := i
	for from > 0 && i-from < 8 && isLetter(f[from-1]) {
		from--
	}
	return isCurrency(f[from:i]) && (from == 0 || !inToken(f[from-1]))
}

func currencyAfter(f []rune) bool {
	i := 0
	if len(f) > 2 && f[0] == '.' && isDigit(f[1]) { // 120000.50元
		for i = 1; i < len(f) && i < 3 && isDigit(f[i]); i++ {
		}
	}
	if i < len(f) && f[i] == ' ' {
		i++
	}
	if i < len(f) && strings.ContainsRune("元圓円圆塊块원萬万%$¥€£", f[i]) {
		return true
	}
	to := i
	for to < len(f) && to-i < 8 && isLetter(f[to]) {
		to++
	}
	return isCurrency(f[i:to]) && (to == len(f) || !inToken(f[to]))
}

// inToken: a code that is part of a longer word or id names no currency.
func inToken(r rune) bool { return isAlnum(r) || r == '-' || r == '_' }

func isCurrency(f []rune) bool {
	switch strings.ToUpper(string(f)) {
	case "NT", "NTD", "TWD", "JPY", "YEN", "CNY", "RMB", "HKD", "USD", "US", "EUR", "GBP", "KRW", "SGD", "DOLLARS", "EUROS":
		return true
	}
	return false
}

// isPriceToken recognises NTD120000 and 120000JPY.
func isPriceToken(s []rune) bool {
	i, j := 0, len(s)
	for i < j && isLetter(s[i]) {
		i++
	}
	for j > i && isLetter(s[j-1]) {
		j--
	}
	for _, r := range s[i:j] {
		if !isDigit(r) {
			return false
		}
	}
	one := i == 0 || j == len(s) // letters on one side only
	return one && j-i <= priceDigits && (isCurrency(s[:i]) || isCurrency(s[j:]))
}
