package searchtext

import "strings"

// Term is one thing that is looked for, ready to be compared with texts.
type Term struct {
	Word  Word
	units []unit
	joins string // the whole without what stands between its parts, where digits are in it
}

// unit is a word, or a run of a script without spaces.
type unit struct {
	runes []rune
	class class
	stem  string
}

// prefixFrom is how many letters a word needs to stand for longer ones.
const prefixFrom = 3

// Term prepares a word or phrase. One without letters or digits is [Term.Empty].
func (f *Folder) Term(w Word) Term {
	t := Term{Word: w}
	glyphs := f.scan(w.Text, nil)
	digits, words := 0, true
	for i := 0; i < len(glyphs); {
		j := runEnd(glyphs, i)
		u := unit{class: glyphs[i].class}
		for _, g := range glyphs[i:j] {
			if digit(g.r) {
				digits++
			}
			u.runes = append(u.runes, g.r)
		}
		words = words && u.class == word
		if u.class == word {
			u.runes = u.runes[:min(len(u.runes), maxWord)]
			u.stem = stem(string(u.runes))
		}
		t.units = append(t.units, u)
		i = j
	}
	if s := text(glyphs); words && digits > 0 && len(glyphs) >= minJoined && len(glyphs) <= maxWord && !w.Phrase {
		t.joins = s
	}
	return t
}

// Empty tells that there is nothing to look for.
func (t Term) Empty() bool { return len(t.units) == 0 }

// Single tells of one character of a script without spaces: it is looked for as
// the beginning of a token.
func (t Term) Single() bool {
	return len(t.units) == 1 && t.units[0].class == dense && len(t.units[0].runes) == 1
}

// Exact tells that every text with the term's keys has the term: there is no
// need to look at the text itself.
func (t Term) Exact() bool {
	if len(t.units) != 1 || t.Word.Phrase && t.units[0].class == word {
		return false
	}
	return t.units[0].class == word || len(t.units[0].runes) <= 2
}

// Keys are tokens all of which stand in the index for every text that has the
// term. Joined is another one that does where the parts are written as one;
// either is enough. Of a [Term.Single] the only key is the beginning of tokens.
func (t Term) Keys() (keys []string, joined string) {
	for _, u := range t.units {
		switch {
		case u.class == word:
			keys = append(keys, u.stem)
		case len(u.runes) == 1 && len(t.units) > 1: // some text has it only as the beginning of a pair
		case len(u.runes) == 1:
			keys = append(keys, string(u.runes))
		default:
			for i := 0; i+1 < len(u.runes); i++ {
				keys = append(keys, string(u.runes[i:i+2]))
			}
		}
	}
	if len(keys) == 0 { // single characters beside one another, such as 月A月
		keys = append(keys, string(t.units[0].runes))
	}
	return keys, t.joins
}

// Prefix is the beginning of longer words that the term stands for; "" for none.
func (t Term) Prefix() string {
	if t.Word.Phrase || len(t.units) != 1 || t.units[0].class != word || len(t.units[0].runes) < prefixFrom {
		return ""
	}
	return string(t.units[0].runes)
}

// Digits are the term's digits where it is made of nothing else but signs, as
// phone numbers are.
func (t Term) Digits() string {
	var b strings.Builder
	for _, u := range t.units {
		for _, r := range u.runes {
			if !digit(r) {
				return ""
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// match finds where the term stands from glyph i on; n is how many it takes, 0 for none.
func (t Term) match(glyphs []glyph, i int) (n int) {
	if n = t.joinedAt(glyphs, i); n > 0 {
		return n
	}
	at := i
	for _, u := range t.units {
		if at >= len(glyphs) {
			return 0
		}
		m := u.at(glyphs, at, t.Word.Phrase, len(t.units) == 1)
		if m == 0 {
			return 0
		}
		at += m
	}
	return at - i
}

// at tells how many glyphs from i on are the unit.
func (u unit) at(glyphs []glyph, i int, exactly, alone bool) int {
	g := glyphs[i]
	if g.class != u.class {
		return 0
	}
	if u.class == dense {
		for k, r := range u.runes {
			if i+k >= len(glyphs) || glyphs[i+k].r != r || k > 0 && glyphs[i+k].first {
				return 0
			}
		}
		return len(u.runes)
	}
	if !g.first {
		return u.atTail(glyphs, i, exactly || !alone)
	}
	end := runEnd(glyphs, i)
	has := text(glyphs[i:min(end, i+maxWord)])
	want := string(u.runes)
	switch {
	case has == want, !exactly && stem(has) == u.stem:
		return end - i
	case !exactly && alone && len(u.runes) >= prefixFrom && strings.HasPrefix(has, want):
		return end - i
	}
	return 0
}

// atTail matches digits that end a word with letters before them.
func (u unit) atTail(glyphs []glyph, i int, never bool) int {
	if never || !digit(glyphs[i].r) || digit(glyphs[i-1].r) || len(u.runes) < minJoined {
		return 0
	}
	end := runEnd(glyphs, i)
	if text(glyphs[i:end]) != string(u.runes) {
		return 0
	}
	return end - i
}

// joinedAt matches a number whatever signs stand between its parts.
func (t Term) joinedAt(glyphs []glyph, i int) int {
	if t.joins == "" || glyphs[i].class != word || !glyphs[i].first {
		return 0
	}
	if end := runEnd(glyphs, i); text(glyphs[i:end]) == t.joins {
		return end - i
	}
	if end := tightEnd(glyphs, i); i == 0 || glyphs[i-1].tight != glyphs[i].tight {
		if s, ok := asTight(glyphs[i:end]); ok && s == t.joins {
			return end - i
		}
	}
	if end := phoneEnd(glyphs, i); i == 0 || glyphs[i-1].phone != glyphs[i].phone {
		if s, ok := asPhone(glyphs[i:end]); ok && s == t.joins {
			return end - i
		}
	}
	return 0
}

// Has tells whether the text has the term.
func (f *Folder) Has(s string, t Term) bool {
	glyphs := f.scan(s, nil)
	for i := range glyphs {
		if t.match(glyphs, i) > 0 {
			return true
		}
	}
	return false
}

// HasAll tells of each of the terms whether the text has it.
func (f *Folder) HasAll(s string, terms []Term, has []bool) {
	glyphs := f.scan(s, nil)
	for k, t := range terms {
		for i := 0; i < len(glyphs) && !has[k]; i++ {
			has[k] = t.match(glyphs, i) > 0
		}
	}
}
