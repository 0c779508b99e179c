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
	fold func(string) string
	rows []folded
}

type folded struct {
	row   Row
	words []string // folded, same order as row.Words
}

// Compile prepares the rows. fold is applied to words and messages alike.
func Compile(rows []Row, fold func(string) string) *Set {
	s := &Set{fold: fold}
	for _, r := range rows {
		f := folded{row: r}
		for _, w := range r.Words {
			f.words = append(f.words, strings.TrimSpace(fold(w)))
		}
		s.rows = append(s.rows, f)
	}
	return s
}

// Match returns the rows that apply to a message, in the list's order.
func (s *Set) Match(message string) []Hit {
	text := s.fold(message)
	var hits []Hit
	for _, f := range s.rows {
		for i, w := range f.words {
			if w != "" && contains(text, w) {
				hits = append(hits, Hit{Row: f.row, Word: f.row.Words[i]})
				break
			}
		}
	}
	return hits
}

// contains looks for a word. Where the word begins or ends with a letter of a
// script that parts words by spaces, no such letter may stand next to it: "sue"
// is not in "issue", while 律師 is in 請律師來.
func contains(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(word)
		if edge(text, start) && edge(text, end) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[start:])
		from = start + size
	}
}

func edge(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at:])
	return !spaced(before) || !spaced(after)
}

func spaced(r rune) bool {
	return unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Hangul) || unicode.IsDigit(r)
}
