package reply

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// blockLines is how far a header block is followed.
const blockLines = 24

var (
	// "----- Original Message -----" in any language
	dashedRE = regexp.MustCompile(`^[*_> ]*[-_=~—–―─]{2,} *([^-_=~—–―─].{1,78}?) *[-_=~—–―─]{2,} *\*?(.*)$`)
	// a line of one ornament or several, as between mail and quote
	ruleRE = regexp.MustCompile(`^(?:[-*#~=_+─━═―—–＿＝－＊～•·◇◆☆★□■○●◎♪♡♥⋆・▼▲][ 　]?){3,}$`)
	// "From: Bob <b…" with an address in brackets
	bracketRE = regexp.MustCompile(`[<\[(][^<>\[\]()]*@`)
	digitRE   = regexp.MustCompile(`\d`)
)

// headerBlock tells how many lines from i on repeat the header of a mail, as
// Outlook and many webmailers do above a quote; 0 for none.
func headerBlock(ls []line, i int) int {
	if f := fieldOf(ls[i].text); f == noField || f == fieldOther {
		return 0
	}
	var seen [fieldOther + 1]bool
	var address, fromAddress, dated bool
	end, loose, gap := i, 0, 0
	for j := i; j < len(ls) && j < i+blockLines; j++ {
		l := &ls[j]
		if l.kind == blank {
			gap++
			continue
		}
		f := fieldOf(l.text)
		if f == noField {
			// the rest of a long address or subject
			if loose++; gap > 0 || loose > 2 || l.kind == code {
				break
			}
			address = address || strings.Contains(l.text, "@")
			continue
		}
		if gap > 1 || seen[f] && f != fieldOther {
			break
		}
		seen[f] = true
		for _, more := range fieldsWithin(l.text) {
			seen[more] = true
		}
		address = address || strings.Contains(l.text, "@")
		fromAddress = fromAddress || f == fieldFrom && bracketRE.MatchString(l.text)
		dated = dated || f == fieldDate && digitRE.MatchString(l.text)
		end, loose, gap = j+1, 0, 0
	}
	if end < len(ls) && end > i && strings.HasPrefix(ls[end].text, "<") && strings.Contains(ls[end].text, "@") {
		end++
	}
	n := 0
	for f := fieldFrom; f <= fieldSubject; f++ {
		if seen[f] {
			n++
		}
	}
	switch {
	case n >= 3 && (address || seen[fieldSubject]) && (seen[fieldFrom] || n == 3 && !seen[fieldFrom] && address):
		return end - i
	case n >= 2 && seen[fieldFrom] && (fromAddress && dated || announced(ls, i)):
		return end - i
	case fromAddress && i > 0 && ls[i-1].kind == block:
		return end - i
	}
	return 0
}

// announced tells whether a rule or a separator stands right above line i.
func announced(ls []line, i int) bool {
	for j := i - 1; j >= 0 && j >= i-2; j-- {
		if ls[j].kind != blank {
			return ls[j].kind == block || ls[j].ruled()
		}
	}
	return false
}

// fieldOf tells which header field a line states: "From: …", "*寄件者：* …",
// "| 发件人 | … |".
func fieldOf(s string) field {
	if len(s) > longest {
		return noField
	}
	s = strings.TrimLeft(s, "*_ \"'•·")
	if cells, ok := strings.CutPrefix(s, "|"); ok {
		name, _, more := strings.Cut(strings.TrimSpace(cells), "|")
		if !more {
			return noField
		}
		return fieldNames[strings.ToLower(strings.Trim(name, " *:："))]
	}
	at := strings.IndexAny(s, ":：")
	if at <= 0 || at > 48 {
		return noField
	}
	return fieldNames[strings.ToLower(strings.Trim(s[:at], " *_\"'"))]
}

// fieldsWithin finds the fields that follow the first one in a line, since some
// clients put a whole header into one: "From: … Date: … To: … Subject: …".
func fieldsWithin(s string) []field {
	var found []field
	if len(s) > longest {
		return nil
	}
	for i, r := range s {
		if r != ':' && r != '：' {
			continue
		}
		before := s[max(0, i-40):i]
		if at := strings.LastIndexAny(strings.TrimRight(before, " "), " >"); at > 0 {
			if f := fieldNames[strings.ToLower(strings.Trim(before[at+1:], " *"))]; f != noField {
				found = append(found, f)
			}
		}
	}
	return found
}

// separator tells whether line i announces an old mail, like "-----Original
// Message-----" or "Begin forwarded message:"; it counts as one line.
func separator(ls []line, i int) int {
	s := strings.ToLower(ls[i].text)
	if m := dashedRE.FindStringSubmatch(s); m != nil && (m[2] == "" || fieldOf(m[2]) != noField) {
		if containsAny(m[1], originals) || containsAny(m[1], forwardWords) {
			return 1
		}
		return 0
	}
	core, colon := ending(s)
	if !colon && fieldOf(nextText(ls, i)) == noField || utf8.RuneCountInString(core) > 50 {
		return 0
	}
	if !containsAny(core, forwardWords) && !containsAny(core, originals) {
		return 0
	}
	if n := next(ls, i+1); n < len(ls) && headerBlock(ls, n) > 0 {
		return 1
	}
	return 0
}

// forwards tells whether line i announces a mail that is passed on.
func forwards(ls []line, i int) bool {
	return containsAny(strings.ToLower(ls[i].text), forwardWords) && separator(ls, i) > 0
}

func nextText(ls []line, i int) string {
	if n := next(ls, i+1); n < len(ls) {
		return ls[n].text
	}
	return ""
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// aboveRE finds the line that help desks put on top of what they send.
var aboveRE = regexp.MustCompile(`(?i)(?:reply|respon\w*|write|type|answer)\b.{0,30}\babove th(?:is|e) (?:dotted )?line|above this line to (?:reply|respond)|` +
	`(?:ober|über)(?:halb)? dieser (?:linie|zeile)|au-dessus de cette ligne|encima de esta línea|acima desta linha|sopra questa (?:riga|linea)|boven deze (?:regel|lijn)|` +
	`(?:此|這|这)(?:條|条)?(?:行|線|线)(?:之上|以上|上方|的上方|上面).{0,6}(?:回|答|寫|写|輸)|(?:回覆|回复|回信).{0,6}(?:此|這|这)(?:行|線|线)(?:之上|以上|上方|上面)|` +
	`この(?:行|線)(?:より|の)上.{0,8}(?:返信|回答|記入|入力)|이 (?:줄|선) 위에`)

// aboveHints are quick to look for: one of them stands in all that aboveRE finds.
var aboveHints = []string{"bove th", "eile", "inie", "ligne", "línea", "linha", "riga", "linea", "regel", "lijn", "BOVE TH", "Bove Th", "上", "위에"}

// Above tells whether a line says that answers belong above it, as help desks
// write into their mails: "## Reply above this line ##".
func Above(s string) bool {
	return len(s) <= 300 && containsAny(s, aboveHints) && aboveRE.MatchString(s)
}
