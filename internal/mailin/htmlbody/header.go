package htmlbody

import "strings"

// headLines bounds the head of a quoted mail, in lines with words.
const headLines = 10

// isHead tells whether the head of a mail begins at line i: From with two more fields, and either a subject,
// a mail address or Outlook's line above, so that "From: Taipei, To: Tokyo, Date: 3 May" is no head. From and a
// date are enough below a rule or with bold labels.
func isHead(lines []line, i int) bool {
	if labelOf(lines[i].text) == kindNone {
		return false
	}
	if oneLineHead(lines[i].text) {
		return true
	}
	marked := lines[i].at.bold || lines[i].at.box != nil || ruleBefore(lines, i)
	h := readHead(lines, i)
	if !h.seen[kindFrom] {
		return false
	}
	address := h.address || lines[i].at.box != nil
	return len(h.seen) >= 3 && (h.seen[kindSubject] || address) ||
		len(h.seen) == 2 && marked && address && h.date
}

// head is what stands in the lines of a head: kinds of fields, without copies.
type head struct {
	seen          map[kind]bool
	address, date bool
}

func readHead(lines []line, i int) head {
	h := head{seen: map[kind]bool{}}
	strange, words, open := 0, 0, false
	for ; i < len(lines) && words < headLines; i++ {
		text := lines[i].text
		if text == "" {
			continue
		}
		words++
		k := labelOf(text)
		if again := h.seen[k]; !open && (k == kindNone || again) {
			if strange++; strange > 2 || len(h.seen) >= 4 {
				break
			}
		}
		if k != kindNone && k != kindCopy {
			h.seen[k] = true
		}
		open = k != kindNone && endsWithColon(text) // its value stands on the next line
		h.address = h.address || hasAddress(text)
		h.date = h.date || k == kindDate && (dated.MatchString(text) || timed.MatchString(text))
	}
	return h
}

func ruleBefore(lines []line, i int) bool {
	for i--; i >= 0 && lines[i].blank(); i-- {
		if lines[i].rule {
			return true
		}
	}
	return i >= 0 && ruler.MatchString(lines[i].text)
}

// oneLineHead: some programs put the whole head into one line.
func oneLineHead(text string) bool {
	if len(text) > 1000 || !hasAddress(text) {
		return false
	}
	seen := map[kind]bool{}
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ';' || r == '\t' })
	for _, w := range words {
		if strings.HasSuffix(w, ":") || strings.Contains(w, "：") {
			seen[labelOf(w)] = true
		}
	}
	return seen[kindFrom] && seen[kindSubject] && (seen[kindDate] || seen[kindTo])
}

// isBox tells whether line i begins a head in a language we have no words for: under Outlook's line above,
// three lines with a bold label each, and an address or a date.
func isBox(lines []line, i int) bool {
	box := lines[i].at.box
	if box == nil || i > 0 && lines[i-1].at.box == box {
		return false
	}
	fields, told := 0, false
	for n := 0; i < len(lines) && lines[i].at.box == box && n < headLines; i++ {
		if lines[i].text == "" {
			continue
		}
		n++
		if at := strings.IndexAny(lines[i].text, ":："); lines[i].at.bold && at > 0 && at < 60 {
			fields++
		}
		told = told || hasAddress(lines[i].text) || dated.MatchString(lines[i].text)
	}
	return fields >= 3 && told
}

// maxIntro bounds an introduction, in bytes.
const maxIntro = 500

// isIntro tells whether text introduces a quote by itself: a date with an address, or with an hour and "wrote";
// or "Bo <bo@shop.example> wrote:".
func isIntro(text string) bool {
	if len(text) > maxIntro || len(text) < 8 {
		return false
	}
	if strings.HasPrefix(text, "--") && framed.MatchString(text) {
		return (hasAddress(text) || dated.MatchString(text)) && wrote.MatchString(text)
	}
	if !endsWithColon(text) {
		return false
	}
	address := hasAddress(text)
	if !dated.MatchString(text) {
		return address && strings.Contains(text, "<") && len(text) < 200 && wrote.MatchString(text)
	}
	if address {
		return true
	}
	return timed.MatchString(text) && wrote.MatchString(text)
}

// isWeakIntro tells whether text introduces the quote that follows it.
func isWeakIntro(text string) bool {
	if len(text) > maxIntro {
		return false
	}
	if strings.HasPrefix(text, "--") && (framed.MatchString(text) || original.MatchString(text)) {
		return true
	}
	told := hasAddress(text) || dated.MatchString(text)
	if endsWithColon(text) {
		return told || wrote.MatchString(text)
	}
	return told && len(text) < 200 && wrote.MatchString(text)
}

func endsWithColon(text string) bool {
	return strings.HasSuffix(text, ":") || strings.HasSuffix(text, "：")
}

// introStart finds where the introduction that ends at line i begins; -1 where there is none.
func introStart(lines []line, i int, is func(string) bool) int {
	text := ""
	for k := i; k >= 0 && k > i-4; k-- {
		if lines[k].text == "" || !sameQuote(&lines[k], &lines[i]) {
			break
		}
		text = strings.TrimSpace(lines[k].text + " " + text)
		if !is(text) {
			continue
		}
		if k > 0 && sameQuote(&lines[k-1], &lines[i]) && leads.MatchString(lines[k-1].text) && len(lines[k-1].text) < 80 && !leads.MatchString(lines[k].text) {
			k--
		}
		return k
	}
	return -1
}

// sameQuote tells whether two lines are of one mail: neither is quoted by the other.
func sameQuote(a, b *line) bool {
	return a.at.cite == b.at.cite && a.at.quote == b.at.quote && strings.HasPrefix(a.text, ">") == strings.HasPrefix(b.text, ">")
}
