package reply

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An attribution is the sentence that a mail program puts above a quote: who
// wrote, when. Programs wrap it, so that it spans up to headerLines lines.
const (
	headerLines = 6
	headerBytes = 600
	mostTries   = 150 // lines that begin like one and are none; behind them no more are looked for
)

var (
	// numbers of a day in any common order and script
	dateRE = regexp.MustCompile(`\d{4} ?[-/.年년] ?\d{1,2}|\d{1,2} ?[-/.] ?\d{1,2} ?[-/.] ?\d{2,4}|\d{1,2} ?[月월]|` +
		`\d{1,2}(?:st|nd|rd|th|er|º|ª)?[.,]? (?:de |d'|d’|of )?\p{L}[\p{L}\p{M}]{2,}[.,]?(?: de| del)?,? '?\d{2,4}|` +
		`\p{L}[\p{L}\p{M}]{2,}[.,]? \d{1,2}(?:st|nd|rd|th)?[.,]? (?:at )?\d{1,4}|` +
		`\d{4}\.? \p{L}{3,}\.? \d{1,2}|\d{1,2}-\p{L}{3,}-\d{2,4}|\d{1,2} \p{L}\.\p{L}\.? \d{4}|\d{1,2}\.? tháng \d`)
	timeRE  = regexp.MustCompile(`\d{1,2} ?[:.h時时點点시] ?\d{2}`)
	clockRE = regexp.MustCompile(`\d{1,2}:\d{2}`)
	yearRE  = regexp.MustCompile(`\b(?:19|20)\d{2}(?:\D|$)`)
	// an address in brackets, whole or cut off by a wrap
	addressRE = regexp.MustCompile(`(?:<|&lt;|\(|\[)[^<>()\[\]]*@[^<>()\[\]]+|[^\s<>"']+@[^\s<>"']+\.[a-z]{2,}`)
	// an address in brackets that ends the sentence
	endAddressRE = regexp.MustCompile(`(?:<|&lt;|\(|\[)[^<>()\[\]]*@[^<>()\[\]]+(?:>|&gt;|\)|\]|<mailto:[^<>]*>>)+["']?$`)
	// how a sentence begins that begins with a date: weekday, bracket, time
	startDateRE = regexp.MustCompile(`^[(\["']*(?:\p{L}{1,4}[.,]+ ?|\p{L}{1,3} |\p{L}+, ?|\d{1,2}:\d{2}(?::\d{2})?(?: [ap]m)?,? (?:on )?)?(?:\d|\p{L}{3,9}\.? \d)`)
	// "Name <address" or "address" first
	startNameRE = regexp.MustCompile(`^(?:[^<>]{0,80}(?:<|&lt;|\[)\s*(?:(?:mailto:)?[^<>\s]*@|$)|["']?[^\s<>"']+@)`)
	// "2016-03-03 17:21 GMT+01:00 Name", which ends without a colon
	offsetRE = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2} (?:GMT|UTC)[+-]\d{1,2}:\d{2} \S`)
	// "Quoting Name <address>:" and "* Name <address> [date]:"
	quotingRE = regexp.MustCompile(`^(?:quoting|zitat von|citando(?: a)?|citation de|citazione|citat|цитирование) [^:]{0,80}@\S+$|^[^<>]{0,60}<[^<>\s]+@[^<>\s]+> ?[\[(][^\[\]()]*\d{4}[^\[\]()]*[\])]$`)
	// "2013/7/20 Name <address>", likewise
	shortRE = regexp.MustCompile(`^\d{4}[-/]\d{1,2}[-/]\d{1,2} [^<>]{1,80}<[^<>\s]+@[^<>\s]+>:?$`)
	// somebody who tells of a letter names its writer so; a program does not
	pronounRE   = regexp.MustCompile(`(?i)(?:^|[\s,，])(?:i|you|he|she|we|they|it|your?s?|my|our|the|this|ich|sie|du|ihr|wir|er|je|tu|vous|il|nous|yo|usted|ustedes|tú|eu|você|io|lei|tu|voi|jij|u|ik|jullie|я|вы|ты|мы)(?: \p{L}+)?$`)
	toMeRE      = regexp.MustCompile(`^\S+(?: \S+)? to (?:me|us)$`)
	zhPronounRE = regexp.MustCompile(`[我你您]們?$|[我你您]们?$|貴(?:公司|社|店)|贵(?:公司|店)|御社|貴社|私|客服|店家|店员|店員`)
)

// markHeaders finds attributions, header blocks and separators outside code.
func markHeaders(ls []line) {
	failed := 0
	for i := 0; i < len(ls) && !ls[i].far; {
		if !looked(&ls[i]) {
			i++
			continue
		}
		k, n := block, separator(ls, i)
		if n == 0 {
			n = headerBlock(ls, i)
		}
		if s, ok := opening(ls[i].text); n == 0 && failed < mostTries && ok {
			if k, n = header, attribution(ls, i, s); n == 0 {
				failed++
			}
		}
		if n == 0 {
			i++
			continue
		}
		ls[i].span = n
		for j := i; j < i+n; j++ {
			if ls[j].kind != blank {
				ls[j].kind = k
			}
		}
		i += n
	}
}

func looked(l *line) bool {
	return l.kind == plain && !l.far && len(l.text) <= longest && !strings.HasPrefix(l.text, ">")
}

// attribution tells how many lines from i on, of which the first begins as s
// says, are one attribution; 0 for none.
func attribution(ls []line, i int, s start) int {
	joined := ""
	most := headerLines
	if s == startOther {
		most = 1
	}
	for n := 1; n <= most && i+n <= len(ls); n++ {
		l := &ls[i+n-1]
		if l.kind == code || l.kind == blank && !mayGap(ls, i+n-1, joined) {
			return 0
		}
		if n > 1 && strings.HasPrefix(l.text, ">") && strings.Count(joined, "<") <= strings.Count(joined, ">") {
			return 0
		}
		joined = strings.TrimSpace(joined + " " + bare(l.text))
		if len(joined) > headerBytes || n == 2 && !wraps(ls[i].text, s) {
			return 0
		}
		if l.kind == blank {
			continue
		}
		if attributes(joined, s, ls, i, n) {
			return n
		}
		if over(joined) && nextText(ls, i+n-1) != ":" {
			return 0
		}
	}
	return 0
}

// wraps tells whether an attribution that begins with this line may go on in
// the next: its date, or the bracket of its address, stands in the first.
func wraps(text string, s start) bool {
	if s == startName {
		return strings.Contains(text, "<")
	}
	low := strings.ToLower(bare(text))
	at := dateRE.FindStringIndex(low)
	if at == nil {
		return false
	}
	year := yearRE.MatchString(low) || clockRE.MatchString(low)
	return utf8.RuneCountInString(low[:at[0]]) <= 30 && (s == startOpener || year)
}

// over tells whether a sentence ends with its verb, so that no more belongs to it.
func over(joined string) bool {
	core, ends := ending(strings.ToLower(joined))
	return !ends && verbLast(core)
}

// mayGap lets one blank line stand inside an attribution, before an address.
func mayGap(ls []line, i int, joined string) bool {
	return i+1 < len(ls) && strings.HasPrefix(ls[i+1].text, "<") && dateRE.MatchString(joined)
}

// start is how a line that may be an attribution begins.
type start uint8

const (
	startOpener start = iota
	startDate
	startName
	startOther
)

// opening tells cheaply whether a line can begin an attribution at all.
func opening(text string) (start, bool) {
	s := strings.ToLower(bare(text))
	first, _, _ := strings.Cut(s, " ")
	for _, o := range openers {
		if first == o {
			return startOpener, true
		}
		if r, _ := utf8.DecodeRuneInString(o); unicode.Is(unicode.Han, r) && strings.HasPrefix(s, o) && firstDigit(s[len(o):]) {
			return startOpener, true
		}
	}
	for _, o := range openerPhrases {
		if strings.HasPrefix(s, o) {
			return startOpener, true
		}
	}
	switch {
	case !strings.ContainsAny(s, "0123456789@<"):
	case startDateRE.MatchString(s):
		return startDate, true
	case startNameRE.MatchString(s):
		return startName, true
	}
	core, ends := ending(s)
	if ends && quotingRE.MatchString(core) {
		return startName, true
	}
	return startOther, ends && utf8.RuneCountInString(s) <= 120
}

func firstDigit(s string) bool {
	s = strings.TrimLeft(s, " ")
	return s != "" && s[0] >= '0' && s[0] <= '9'
}

// attributes judges the sentence that the n lines from i on make together.
func attributes(joined string, s start, ls []line, i, n int) bool {
	low := strings.ToLower(joined)
	core, ends := ending(low)
	if core == "" || !ends && !verbLast(core) {
		return lone(joined, s)
	}
	if s == startName && quotingRE.MatchString(core) {
		return true
	}
	verb := verbAt(core)
	if verb < 0 && (s == startName || s == startOther) {
		return lone(joined, s)
	}
	e := evidence{core: core, verb: verb, start: s, address: addressRE.MatchString(core)}
	e.date, e.hour = dateRE.MatchString(core), timeRE.MatchString(core)
	if !ends && !(e.address && e.date) {
		return lone(joined, s)
	}
	return e.enough(quotedBelow(ls, i+n), n)
}

// evidence is what an attribution holds, in lower case and without its colon.
type evidence struct {
	core                string
	verb                int // where, or -1
	start               start
	address, date, hour bool
}

// enough weighs it; below tells whether a marked quote follows, which is the
// strongest sign of all. A sentence over several lines needs a date, else it
// may be a line of text above a short attribution.
func (e evidence) enough(below bool, lines int) bool {
	long := utf8.RuneCountInString(e.core)
	if e.verb >= 0 && below && long <= 300 && (e.date || lines == 1 && (e.hour || e.address || e.start == startOpener || long <= 80)) {
		return true
	}
	switch e.start {
	case startOpener, startDate:
		if e.address && (e.date || e.hour) && (e.verb >= 0 || endAddressRE.MatchString(e.core)) {
			return true
		}
		when := e.date && (e.hour || e.start == startOpener && yearRE.MatchString(e.core))
		return e.verb >= 0 && when && !told(e.core, e.verb)
	case startName:
		return e.address && e.verb >= 0 && !manyWords(e)
	}
	return false
}

// lone accepts the few attributions that end without verb and colon.
func lone(joined string, s start) bool {
	return s == startDate && (offsetRE.MatchString(joined) && utf8.RuneCountInString(joined) <= 100 || shortRE.MatchString(joined))
}

// told tells whether the writer of the mail himself says who wrote, as in
// "on 5 May at 10:00 your agent wrote:", with his own words below.
func told(core string, verb int) bool {
	before := strings.TrimSpace(core[:verb])
	if pronounRE.MatchString(before) || zhPronounRE.MatchString(before) || toMeRE.MatchString(core[verb:]) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(core[verb:])
	return unicode.Is(unicode.Han, r)
}

// manyWords tells a sentence that only mentions an address from "Name
// <address> wrote": many words before the address, or between it and the verb.
func manyWords(e evidence) bool {
	name, rest, _ := strings.Cut(e.core[:e.verb], "@")
	return len(strings.Fields(name)) > 9 || !e.date && len(strings.Fields(rest)) > 3
}

// ending strips what closes an attribution and tells whether a colon did.
func ending(s string) (core string, colon bool) {
	s = strings.TrimRight(s, "-*_ ")
	if c := strings.TrimRight(s, ":：﹕ "); c != s && strings.ContainsAny(s[len(c):], ":：﹕") {
		return strings.TrimSpace(c), true
	}
	return s, false
}

// bare strips emphasis, dashes and bullets that stand around a header.
func bare(s string) string { return strings.TrimSpace(strings.Trim(s, "*_- ")) }

// verbAt is the place of the last verb in a sentence in lower case, or -1.
func verbAt(s string) int {
	at := -1
	for _, v := range verbs {
		i := strings.LastIndex(s, v)
		if i <= at || i < 0 {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(v); !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai) {
			before, _ := utf8.DecodeLastRuneInString(s[:i])
			after, _ := utf8.DecodeRuneInString(s[i+len(v):])
			if i > 0 && unicode.IsLetter(before) || unicode.IsLetter(after) {
				continue
			}
		}
		at = i
	}
	return at
}

// verbLast tells whether a verb is the last word of s.
func verbLast(s string) bool {
	from := max(0, len(s)-48)
	for from < len(s) && !utf8.RuneStart(s[from]) {
		from++
	}
	i := verbAt(s[from:])
	return i >= 0 && !strings.ContainsAny(s[from+i:], "<@0123456789")
}

// quotedBelow tells whether a marked quote follows, at most two lines down.
func quotedBelow(ls []line, i int) bool {
	n := next(ls, i)
	return n < len(ls) && n <= i+4 && quoteMark(ls[n].text) != ""
}
