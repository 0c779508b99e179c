package searchtext

// Bounds of tokens: longer words count by their beginning.
const (
	maxWord   = 40 // runes
	minJoined = 4
)

// Tokens cuts a text into the tokens of an index; one may come several times.
func (f *Folder) Tokens(s string, add func(token string)) {
	glyphs := f.scan(s, nil)
	for i := 0; i < len(glyphs); {
		j := runEnd(glyphs, i)
		if glyphs[i].class == dense {
			pairs(glyphs[i:j], add)
		} else {
			add(stem(text(glyphs[i:min(j, i+maxWord)])))
			if tail := tailDigits(glyphs[i:j]); tail > 0 {
				add(text(glyphs[j-tail : j]))
			}
		}
		i = j
	}
	joined(glyphs, add)
}

// runEnd is where the token or dense run ends that begins at i.
func runEnd(glyphs []glyph, i int) int {
	j := i + 1
	for j < len(glyphs) && !glyphs[j].first {
		j++
	}
	return j
}

// tailDigits counts the digits at the end of a word such as TW20260115, which
// people read out without the letters before them; 0 where there are few or no letters.
func tailDigits(run []glyph) int {
	n := 0
	for n < len(run) && digit(run[len(run)-1-n].r) {
		n++
	}
	if n < minJoined || n == len(run) || n > maxWord {
		return 0
	}
	return n
}

func pairs(run []glyph, add func(string)) {
	for i := range run {
		add(text(run[i:min(i+2, len(run))]))
	}
}

// joined adds numbers whose parts are written with signs between them as one
// token: A-10023, 0912-345-678, (02) 2345 6789.
func joined(glyphs []glyph, add func(string)) {
	for i := 0; i < len(glyphs); {
		if glyphs[i].class != word {
			i++
			continue
		}
		tight := tightEnd(glyphs, i)
		if s, ok := asTight(glyphs[i:tight]); ok {
			add(s)
		}
		i = tight
	}
	for i := 0; i < len(glyphs); {
		if !digit(glyphs[i].r) {
			i++
			continue
		}
		end := phoneEnd(glyphs, i)
		if s, ok := asPhone(glyphs[i:end]); ok {
			add(s)
		}
		i = end
	}
}

func tightEnd(glyphs []glyph, i int) int {
	j := i + 1
	for j < len(glyphs) && glyphs[j].tight == glyphs[i].tight {
		j++
	}
	return j
}

func phoneEnd(glyphs []glyph, i int) int {
	j := i + 1
	for j < len(glyphs) && glyphs[j].phone == glyphs[i].phone {
		j++
	}
	return j
}

// asTight is a number such as A-10023 without its signs.
func asTight(glyphs []glyph) (string, bool) {
	s, parts, digits := join(glyphs)
	return s, parts > 1 && digits > 0 && len(glyphs) >= minJoined && len(glyphs) <= maxWord
}

// asPhone is a number such as (02) 2345 6789 without its signs.
func asPhone(glyphs []glyph) (string, bool) {
	s, parts, digits := join(glyphs)
	return s, parts > 1 && digits == len(glyphs) && digits >= 8 && digits <= 15
}

func join(glyphs []glyph) (s string, parts, digits int) {
	for _, g := range glyphs {
		if g.first {
			parts++
		}
		if digit(g.r) {
			digits++
		}
	}
	return text(glyphs), parts, digits
}

func text(glyphs []glyph) string {
	out := make([]rune, len(glyphs))
	for i, g := range glyphs {
		out[i] = g.r
	}
	return string(out)
}

// stem is an English word without the ending of its plural, so that towels and
// towel are one. Other words are left as they are.
func stem(w string) string {
	n := len(w)
	if n < 4 || w[n-1] != 's' {
		return w
	}
	for i := range n {
		if w[i] < 'a' || w[i] > 'z' {
			return w
		}
	}
	switch {
	case w[n-2] == 's' || w[n-2] == 'u' || w[n-2] == 'i':
		return w
	case n > 4 && w[n-3:] == "ies":
		return w[:n-3] + "y"
	case n > 4 && w[n-2] == 'e' && (w[n-3] == 'x' || w[n-3] == 'z' || n > 5 && (w[n-4:n-2] == "ch" || w[n-4:n-2] == "sh" || w[n-4:n-2] == "ss")):
		return w[:n-2]
	}
	return w[:n-1]
}
