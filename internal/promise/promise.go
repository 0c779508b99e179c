// Package promise finds the dates by which a writer says that he will answer or
// do something, in Traditional and Simplified Chinese, Japanese and English.
//
//	found := promise.Find("我們會在 3-5 個工作天內回覆您。", promise.Options{Now: now, Zone: taipei})
//	found[0].Text // "3-5 個工作天內"
//	found[0].Due  // the fifth working day from now, at six in the evening
//
// What somebody else is to do by a date ("please pay by Friday"), what has been,
// opening hours, offers, questions and quoted lines are left alone, as are words
// that name no date ("soon", "後日", "儘快"). It reads no further than MaxText.
package promise

import (
	"slices"
	"strings"
	"time"
)

// MaxText is how many bytes of a text are read, and MaxFound how much is found in it.
const (
	MaxText  = 20_000
	MaxFound = 20
)

// maxLooked bounds how many dates are looked at, with what stands around them.
const maxLooked = 200

// farthest is how far away a promise may lie.
const farthest = 2 * 366 * 24 * time.Hour

// Options say when and where a text is written.
type Options struct {
	Now  time.Time
	Zone *time.Location // the shop's; nil is UTC
	// Locale is the text's: en-GB and its like write the day before the month.
	// Every language is looked for in any case.
	Locale string
	// Working tells of a day, at noon in Zone, whether it is a working day. Default:
	// Monday to Friday.
	Working func(day time.Time) bool
	// Closes tells when a day of work ends, in minutes since midnight. Default: 18:00.
	Closes func(day time.Time) int
}

// Found is a promise in a text. Start and End are offsets in bytes.
type Found struct {
	Start, End int
	Text       string
	Due        time.Time // in Options.Zone; after Options.Now
}

// Find lists the promises in a text, in their order in it.
func Find(text string, o Options) []Found {
	w := newWhen(o)
	var out []Found
	looked := 0
	for _, l := range lines(text) {
		for _, h := range hits(l, w, &looked) {
			start, end := l.at(h.start), l.at(h.end)
			out = append(out, Found{Start: start, End: end, Text: text[start:end], Due: h.due})
			if len(out) == MaxFound {
				return out
			}
		}
	}
	return out
}

// hit is a promise in a folded line.
type hit struct {
	start, end int
	due        time.Time
}

// candidate is what a rule has matched.
type candidate struct {
	hit
	strong bool // it is a deadline by its own words, and needs no verb beside it
	ok     bool // it names a date to come; else it only keeps others out of its place
}

// hits are a line's promises. Where matches overlap, the one that begins first
// counts, of those the longest.
func hits(l line, w when, looked *int) []hit {
	var all []candidate
	for _, r := range rules {
		for _, at := range r.re.FindAllStringSubmatchIndex(l.text, -1) {
			m := match{l.text, at, r.re.SubexpNames()}
			due, verdict := r.due(m, w)
			if verdict == none || !wholeWord(l.text, at[0], at[1]) {
				continue
			}
			c := candidate{hit: hit{at[0], at[1], due}, strong: r.strong || m.has("by"), ok: verdict == dated}
			if c.ok && (!due.After(w.now) || due.Sub(w.now) > farthest) {
				c.ok = false
			}
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	var out []hit
	end := 0
	for _, c := range all {
		if c.start < end {
			continue
		}
		end = c.end
		if *looked++; *looked > maxLooked {
			break
		}
		if c.ok && ours(l.text, c) {
			h := c.hit
			h.start, h.end = trim(l.text, h.start, h.end)
			out = append(out, h)
		}
	}
	return out
}

// trim takes spaces off both ends of a match, and the dot that ends the sentence.
func trim(s string, start, end int) (int, int) {
	for start < end && s[start] == ' ' {
		start++
	}
	for end > start && (s[end-1] == ' ' || s[end-1] == '.' && !strings.HasSuffix(s[:end], "m.")) {
		end--
	}
	return start, end
}
