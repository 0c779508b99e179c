package reply

import "strings"

// arrange gives every line its part.
func arrange(ls []line) {
	body := ls[:aboveMarker(ls)]
	body = body[:unmarked(body)]
	footers(body)
	interleave(body)
	card(body)
}

// aboveMarker is where the old mail begins by its own "reply above this
// line", or len(ls). A marker with nothing written above it says nothing.
func aboveMarker(ls []line) int {
	written := false
	for i := range ls {
		if written && ls[i].kind != code && ls[i].kind != quote && !ls[i].far && Above(ls[i].text) {
			i = climb(ls, i)
			assign(ls[i:], partQuoted)
			return i
		}
		written = written || ls[i].kind == plain && !ls[i].ruled()
	}
	return len(ls)
}

// handedOn is where a mail begins that the person passes on, or len(ls): at the
// line that mail programs put above one, unless it is in a mail that was
// answered.
func handedOn(ls []line) int {
	for i := range ls {
		switch l := &ls[i]; {
		case l.kind == block && forwards(ls, i):
			return i
		case l.kind == quote && quotesForward(ls[i:]):
			return i
		case l.kind == header, l.kind == block, l.kind == quote, !l.far && Above(l.text):
			return len(ls)
		}
	}
	return len(ls)
}

// unmarked is where a quote without marks begins: below a header block, a
// separator, or an attribution that no marked quote follows. All below is the
// old mail. When nothing was written above, what follows is all there is: then
// only the headers are taken out.
func unmarked(ls []line) int {
	written := false
	for i := range ls {
		l := &ls[i]
		if l.span == 0 {
			written = written || l.words() && l.part == partText && !l.ruled()
			continue
		}
		if written && bareBelow(ls, i) {
			i = climb(ls, i)
			assign(ls[i:], partQuoted)
			return i
		}
		if l.kind == block {
			assign(ls[climb(ls, i):i], partQuoted)
		}
		assign(ls[i:i+l.span], partQuoted)
	}
	return len(ls)
}

// bareBelow tells whether the header or block that begins at i stands above
// lines without quote marks.
func bareBelow(ls []line, i int) bool {
	below := next(ls, i+ls[i].span)
	for below < len(ls) && ls[i].kind == block && ls[below].kind == block && ls[below].span > 0 {
		i, below = below, next(ls, below+ls[below].span)
	}
	if below < len(ls) && elision(ls[below].text) {
		below = next(ls, below+1)
	}
	return below == len(ls) || ls[below].kind != quote
}

// elision tells a line that stands for what was left out: "...", "[…]", "[snip]".
func elision(s string) bool {
	inner := strings.Trim(s, ".…[]<> ")
	return len(s) <= 12 && (inner == "" || inner == "snip" || inner == "cut") && s != ""
}

// climb takes rules and blank lines above line i along, and an attribution.
func climb(ls []line, i int) int {
	top := i
	for j := i - 1; j >= 0; j-- {
		switch {
		case ls[j].kind == blank:
		case ls[j].kind == header, ls[j].kind == plain && ls[j].ruled():
			top = j
		default:
			return top
		}
	}
	return top
}

func assign(ls []line, p part) {
	for i := range ls {
		ls[i].part = p
	}
}

// segment is a run of lines in the text that are all quoted or all not.
type segment struct {
	ls     []line
	quote  bool
	headed bool // a quote with an attribution above or in it
	count  int  // lines that are not blank
}

// mostQuotes is in how many runs a header is looked for.
const mostQuotes = 60

func segments(ls []line) []segment {
	var segs []segment
	headed, open := false, false
	from := 0
	flush := func(to int) {
		if open {
			s := &segs[len(segs)-1]
			s.ls = ls[from:to]
			s.headed = s.headed || s.quote && len(segs) <= mostQuotes && quotesMail(s.ls)
		}
		open = false
	}
	for i := range ls {
		l := &ls[i]
		if l.kind == blank {
			continue
		}
		if l.part != partText {
			flush(i)
			headed = headed || l.kind == header || l.kind == block
			continue
		}
		q := l.kind == quote
		if !open || segs[len(segs)-1].quote != q {
			flush(i)
			segs, from, open = append(segs, segment{quote: q, headed: q && headed}), i, true
			headed = false
		}
		segs[len(segs)-1].count++
	}
	flush(len(ls))
	return segs
}

// interleave decides which marked quotes stay with the text. Answers between
// quotes need them; a quote below the answer, or one whole quote above it,
// only repeats the old mail.
func interleave(ls []line) {
	segs := segments(ls)
	words, quotes := 0, 0
	headed := false
	for _, s := range segs {
		if s.quote {
			quotes++
			headed = headed || s.headed
		} else {
			words++
		}
	}
	if words == 0 {
		for _, s := range segs {
			if headed {
				assign(s.ls, partQuoted)
			}
		}
		return
	}
	segs = dropTail(segs)
	if n := len(segs); n >= 3 && segs[n-2].quote && segs[n-2].headed {
		switch last := segs[n-1]; {
		case last.count <= 8 && (cardLike(last.ls) || notice(last.ls)):
			assign(last.ls, partSignature)
			segs = dropTail(segs[:n-1])
		case last.count <= 4 && signOff(last.ls[0].text):
			assign(segs[n-2].ls, partQuoted)
			segs = segs[:n-2]
		}
	}
	if len(segs) == 2 && segs[0].quote && segs[0].headed {
		assign(segs[0].ls, partQuoted)
	}
}

// dropTail takes quotes at the end out of the text.
func dropTail(segs []segment) []segment {
	for n := len(segs); n > 1 && segs[n-1].quote; n-- {
		s, before := segs[n-1], segs[n-2].ls
		if !s.headed {
			lead := before[len(before)-1].text
			if _, colon := ending(lead); colon && lead != "" || s.count == 1 && n == 2 {
				break // the person's own citation
			}
		}
		assign(s.ls, partQuoted)
		segs = segs[:n-1]
	}
	return segs
}
