// Package keyword finds a shop's words in a message and says what they mean for it.
//
//	set := keyword.Compile(rows, strings.ToLower)
//	for _, hit := range set.Match(message) { … hit.Row.Effect, hit.Word … }
package keyword

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Row is one line of the shop's list. One word that stands in the message is enough.
type Row struct {
	ID     string
	Words  []string
	Effect string // priority, category, tag or team
	Value  string
	Note   string
}

// Hit is a row that applies, with the word that was found, as the shop wrote it.
type Hit struct {
	Row  Row
	Word string
}

// Set is a compiled list, safe for use by many at once.
type Set struct {
	fold  func(string) string
	rows  []Row
	begin map[rune][]folded // by the word's first character
}

// folded is one word of a row.
type folded struct {
	word     string
	row, nth int // rows[row].Words[nth]
}

// Compile prepares the rows. fold is applied to words and messages alike.
func Compile(rows []Row, fold func(string) string) *Set {
	s := &Set{fold: fold, rows: rows, begin: map[rune][]folded{}}
	for i, r := range rows {
		for n, w := range r.Words {
			if w = strings.TrimSpace(fold(w)); w != "" {
				first, _ := utf8.DecodeRuneInString(w)
				s.begin[first] = append(s.begin[first], folded{w, i, n})
			}
		}
	}
	return s
}

// Match returns the rows that apply to a message, in the list's order, each with
// the first of its words that stands there.
func (s *Set) Match(message string) []Hit {
	text := s.fold(message)
	found := map[int]int{} // word by row
	for at, first := range text {
		for _, f := range s.begin[first] {
			if n, ok := found[f.row]; ok && n <= f.nth {
				continue
			}
			if strings.HasPrefix(text[at:], f.word) && edge(text, at) && edge(text, at+len(f.word)) {
				found[f.row] = f.nth
			}
		}
	}
	hits := make([]Hit, 0, len(found))
	for i, row := range s.rows {
		if n, ok := found[i]; ok {
			hits = append(hits, Hit{Row: row, Word: row.Words[n]})
		}
	}
	return hits
}

// edge tells whether a word may begin or end here. Where it begins or ends with
// a letter of a script that parts words by spaces, no such letter may stand next
// to it: "sue" is not in "issue", while 律師 is in 請律師來.
func edge(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at:])
	return !spaced(before) || !spaced(after)
}

func spaced(r rune) bool {
	return unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Hangul) || unicode.IsDigit(r)
}
