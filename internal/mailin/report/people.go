package report

import (
	"regexp"
	"strings"
)

// leading is an address at the head of a line, behind bullets, brackets or a
// reply code: how most text reports name who was not reached.
var leading = regexp.MustCompile("^[\\s*•>|#-]*(?:[245]\\d\\d[- ](?:[245]\\.\\d{1,3}\\.\\d{1,3} )?)?(?:to:|rcpt to:)?[\\s<\"'\\[(]*([\\pL\\pN!#$%&*+/=?^_`{|}~.-]+@[\\pL\\pN](?:[\\pL\\pN.-]*[\\pL\\pN])?)")

// named is an address found in a report, with the lines that speak of it.
type named struct{ address, block string }

// people finds who a text report is about. It believes in this order: the
// X-Failed-Recipients header, addresses that lead a line, any address in the
// text, the To of the original.
func people(s Source, text section) []named {
	var failed []string
	for _, v := range s.headers("X-Failed-Recipients") {
		failed = append(failed, address.FindAllString(cut(v, 8<<10), maxRecipients)...)
	}
	if len(failed) > 0 {
		return blocks(text, uniq(failed))
	}
	skip := s.bystanders()
	var heads, all []string
	before := ""
	for _, line := range text.lines {
		line = cut(line, 1000)
		if !speaksOfSender(before, line) {
			if m := leading.FindStringSubmatch(line); m != nil && !skip.has(m[1]) {
				heads = append(heads, m[1])
			}
			for _, a := range address.FindAllString(line, 5) {
				if !skip.has(a) && len(all) < maxRecipients {
					all = append(all, a)
				}
			}
		}
		if strings.TrimSpace(line) != "" {
			before = strings.ToLower(strings.TrimSpace(line))
		}
		if len(heads) >= maxRecipients {
			break
		}
	}
	for _, list := range [][]string{heads, all, originalTo(s)} {
		if len(list) > 0 {
			return blocks(text, uniq(list))
		}
	}
	return nil
}

// speaksOfSender tells a line that names who wrote, not who was not reached.
func speaksOfSender(before, line string) bool {
	if strings.HasSuffix(before, "sent by") || strings.HasSuffix(before, "from") {
		return true
	}
	name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(line)), ":")
	switch name {
	case "from", "mail from", "reply-to", "sender", "original sender", "return-path", "message-id", "cc", "original from":
		return true
	}
	return false
}

// crowd is a set of addresses, lower case.
type crowd map[string]bool

// bystanders are the addresses in a report that did not fail: who gets the
// report, who sends it.
func (s Source) bystanders() crowd {
	c := crowd{bare(s.From): true}
	for _, name := range []string{"To", "Delivered-To"} {
		for _, v := range s.headers(name) {
			for _, a := range address.FindAllString(cut(v, 8<<10), 20) {
				c[strings.ToLower(a)] = true
			}
		}
	}
	return c
}

// has tells a bystander, and the addresses of a server's staff.
func (c crowd) has(a string) bool {
	a = strings.ToLower(a)
	local, _, _ := strings.Cut(a, "@")
	switch strip(local) {
	case "postmaster", "mailerdaemon", "abuse", "support", "helpdesk", "hostmaster":
		return true
	}
	return c[a]
}

func uniq(list []string) []string {
	seen := crowd{}
	out := list[:0:0]
	for _, a := range list {
		a = strings.Trim(a, ".'`=/")
		if low := strings.ToLower(a); a != "" && !seen[low] && len(out) < maxRecipients {
			seen[low] = true
			out = append(out, a)
		}
	}
	return out
}

// blocks gives each address the lines from where it first stands to where the
// next one does; a lone address has the whole text from there on.
func blocks(text section, list []string) []named {
	at := map[string]int{}
	for i, a := range list {
		at[strings.ToLower(a)] = i
	}
	out := make([]named, len(list))
	body := make([]strings.Builder, len(list))
	for i, a := range list {
		out[i].address = a
	}
	now := -1
	for _, line := range text.lines {
		for _, a := range address.FindAllString(cut(line, 1000), 5) {
			if i, ok := at[strings.ToLower(strings.Trim(a, ".'`=/"))]; ok {
				now = i
				break
			}
		}
		if now >= 0 && body[now].Len() < 2*maxDiagnostic {
			body[now].WriteString(cut(line, 1000) + "\n")
		}
	}
	for i := range out {
		out[i].block = strings.TrimSpace(body[i].String())
	}
	return out
}
