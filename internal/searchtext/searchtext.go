// Package searchtext makes texts findable that people write in different ways:
// full and half width, capitals, marks over letters, katakana and hiragana,
// traditional and simplified characters. It cuts texts into the tokens of an
// index, reads what people type into a search box, and finds the places to
// highlight in the text as it was written.
//
//	f := searchtext.New(simplified)
//	f.Tokens("ｶｰﾄﾞの返品", add)                  // かー ーど どの の返 返品 品
//	q := searchtext.Parse(`返品 from:hanako -領収書`)
//	term := f.Term(q.Words[0])
//	parts := f.Snippet(body, []searchtext.Term{term}, searchtext.Window{Before: 20, After: 100})
//
// Scripts that are written without spaces are cut into pairs of characters, so
// that a word of two is found inside any sentence; the last character of a run
// also stands alone, so that one character is the beginning of some token
// wherever it stands.
package searchtext

// Folder folds texts. It is safe for concurrent use.
type Folder struct {
	simplify func(rune) rune
}

// New makes a folder. simplify gives the simplified form of a Chinese character
// and every other rune unchanged; nil leaves all as they are.
func New(simplify func(rune) rune) *Folder {
	if simplify == nil {
		simplify = func(r rune) rune { return r }
	}
	return &Folder{simplify}
}
