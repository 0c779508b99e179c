package searchtext

import "unicode"

// glyph is a folded rune of a token with the bytes of the text that it stands for.
type glyph struct {
	r        rune
	class    class
	from, to int
	first    bool  // something other than a letter of the same kind stands before it
	thin     bool  // and that is one connector, or nothing: - _ . / and the like
	loose    bool  // or a space or bracket, as in a phone number
	tight    int32 // one number for all words that are joined by thin connectors
	phone    int32 // one number for all that are digits only and stand loosely together
}

// scan folds a text into the glyphs of its tokens. One white space between two
// letters of a script without spaces counts for nothing: lines are wrapped
// inside of words, and names are written 山田 太郎.
func (f *Folder) scan(s string, into []glyph) []glyph {
	out := into[:0]
	gaps, connector, blank := 2, false, false
	f.each(s, func(r rune, from, to int) {
		c := classOf(r)
		if c == gap {
			gaps++
			connector, blank = connects(r), unicode.IsSpace(r)
			if r == '(' || r == ')' || r == '+' {
				connector = true
			}
			return
		}
		g := glyph{r: r, class: c, from: from, to: to}
		var last class
		if n := len(out); n > 0 {
			last = out[n-1].class
		}
		bridged := gaps == 1 && blank && c == dense && last == dense
		g.first = gaps > 0 && !bridged || last != c
		g.thin = gaps == 0 || gaps == 1 && connector
		g.loose = gaps <= 2 && (g.thin || blank || connector)
		out = append(out, g)
		gaps = 0
	})
	group(out)
	return out
}

// group numbers the words that are one when what stands between them is left out.
func group(glyphs []glyph) {
	var tight, phone int32
	digits := false // the word before is of digits only
	for i := 0; i < len(glyphs); {
		j := runEnd(glyphs, i)
		g := glyphs[i]
		after := i > 0 && g.class == word && glyphs[i-1].class == word
		only := g.class == word
		for k := i; k < j; k++ {
			only = only && digit(glyphs[k].r)
		}
		if !after || !g.thin {
			tight++
		}
		if !after || !g.loose || !only || !digits {
			phone++
		}
		for k := i; k < j; k++ {
			glyphs[k].tight, glyphs[k].phone = tight, phone
		}
		digits = only
		i = j
	}
}

func connects(r rune) bool {
	switch r {
	case '-', '_', '.', '/', '‐', '‑', '–', '−':
		return true
	}
	return false
}

func digit(r rune) bool { return r >= '0' && r <= '9' }
