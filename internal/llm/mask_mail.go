package llm

import "unicode"

// mailMarks finds mail addresses, those with international parts too (RFC 6531). Each rune is
// looked at a bounded number of times: neither part of an address holds an "@".
func mailMarks(f []rune) []mark {
	var marks []mark
	last := 0
	for i, r := range f {
		if r != '@' || i < last {
			continue
		}
		from, to := mailStart(f[last:i])+last, mailEnd(f, i+1)
		if from < i && to > i+1 {
			marks = append(marks, mark{from, to, maskedMail})
			last = to
		}
	}
	return marks
}

// mailStart gives where the local part starts that ends with before.
func mailStart(before []rune) int {
	end := len(before)
	if end > 0 && before[end-1] == '"' {
		return quoteStart(before)
	}
	i := end
	for i > 0 && isLocal(before[i-1]) {
		i--
	}
	// 請寄wang@… ends at the w; only 王小明@… is taken as a whole.
	if i == end {
		for i > 0 && (isLocal(before[i-1]) || isDense(before[i-1])) {
			i--
		}
	}
	return i
}

// quoteStart finds the opening quote of a local part such as "john smith" (RFC 5321, 4.1.2: at most
// 64 characters).
func quoteStart(before []rune) int {
	end := len(before)
	for i := end - 2; i >= 0 && i >= end-66; i-- {
		if before[i] == '"' {
			return i
		}
	}
	return end
}

func isLocal(r rune) bool {
	switch r {
	case '.', '_', '%', '+', '-', '\'':
		return true
	}
	return isAlnum(r) || isForeign(r)
}

// isForeign reports letters outside ASCII of scripts that put spaces between words.
func isForeign(r rune) bool {
	return r >= 0x80 && (unicode.IsLetter(r) || unicode.IsMark(r)) && !isDense(r)
}

// mailEnd gives the end of the domain that starts at from, or from if there is none with a dot.
func mailEnd(f []rune, from int) int {
	i := from
	for i < len(f) && isDomain(f[i]) {
		i++
	}
	// 例子.台灣 and example.台灣
	if i < len(f) && isDense(f[i]) && (i == from || f[i-1] == '.' && !hasInnerDot(f[from:i-1])) {
		for i < len(f) && (isDomain(f[i]) || isDense(f[i])) {
			i++
		}
	}
	for i > from && (f[i-1] == '.' || f[i-1] == '-' || f[i-1] == '_') {
		i--
	}
	if !hasInnerDot(f[from:i]) {
		return from
	}
	return i
}

func isDomain(r rune) bool {
	return r == '.' || r == '-' || r == '_' || isAlnum(r) || isForeign(r)
}

func hasInnerDot(f []rune) bool {
	for i := 1; i < len(f)-1; i++ {
		if f[i] == '.' {
			return true
		}
	}
	return false
}
