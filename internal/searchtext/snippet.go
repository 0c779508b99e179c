package searchtext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Part is a piece of a text; Hit marks what was looked for.
type Part struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit"`
}

// Window is how many runes of a text are shown before and from its first hit on.
type Window struct{ Before, After int }

// maxSpans bounds how many hits of one text are marked.
const maxSpans = 200

// span is a hit in bytes of the text, and of which term.
type span struct{ from, to, term int }

// Snippet is the piece of a text where most of the terms stand together, parted
// at the hits, in one line. nil where the text has none of them.
func (f *Folder) Snippet(s string, terms []Term, w Window) []Part {
	spans := f.spans(s, terms)
	if len(spans) == 0 {
		return nil
	}
	first := best(s, spans, w.After)
	from := back(s, spans[first].from, w.Before)
	to := ahead(s, spans[first].from, w.After)
	to = max(to, spans[first].to)
	var parts []Part
	add := func(text string, hit bool) {
		if text != "" {
			parts = append(parts, Part{text, hit})
		}
	}
	at := from
	lead, tail := "", ""
	if from > 0 {
		lead = "…"
	}
	for _, sp := range spans[first:] {
		if sp.to > to {
			break
		}
		if sp.from < at {
			continue
		}
		add(lead+oneLine(s[at:sp.from]), false)
		lead = ""
		add(oneLine(s[sp.from:sp.to]), true)
		at = sp.to
	}
	if to < len(s) {
		tail = "…"
	}
	add(lead+oneLine(s[at:to])+tail, false)
	return parts
}

// Mark is the whole text in one line, parted at the hits.
func (f *Folder) Mark(s string, terms []Term) []Part {
	parts := f.Snippet(s, terms, Window{Before: utf8.RuneCountInString(s), After: utf8.RuneCountInString(s)})
	if parts == nil && s != "" {
		return []Part{{Text: oneLine(s)}}
	}
	return parts
}

// spans finds the hits in order, none overlapping another.
func (f *Folder) spans(s string, terms []Term) []span {
	glyphs := f.scan(s, nil)
	var out []span
	for i := 0; i < len(glyphs) && len(out) < maxSpans; {
		n, which := 0, 0
		for k, t := range terms {
			if t.Empty() {
				continue
			}
			if m := t.match(glyphs, i); m > n {
				n, which = m, k
			}
		}
		if n == 0 {
			i++
			continue
		}
		sp := span{glyphs[i].from, glyphs[i+n-1].to, which}
		if last := len(out) - 1; last >= 0 && sp.from < out[last].to { // ㌔ stands for two
			out[last].to = max(out[last].to, sp.to)
		} else {
			out = append(out, sp)
		}
		i += n
	}
	return out
}

// best is the first hit of the window that holds the most different terms.
func best(s string, spans []span, after int) int {
	top, most := 0, 0
	for i := range spans {
		end := ahead(s, spans[i].from, after)
		seen := map[int]bool{}
		for _, sp := range spans[i:] {
			if sp.to > end {
				break
			}
			seen[sp.term] = true
		}
		if len(seen) > most {
			top, most = i, len(seen)
		}
	}
	return top
}

func back(s string, at, runes int) int {
	for ; runes > 0 && at > 0; runes-- {
		_, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
	}
	return at
}

func ahead(s string, at, runes int) int {
	for ; runes > 0 && at < len(s); runes-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

// oneLine makes runs of white space one space, and drops what shows nothing or
// turns the direction of writing.
func oneLine(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != 0x200D: // joins emoji
			continue
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}
