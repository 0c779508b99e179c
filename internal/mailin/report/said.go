package report

import "strings"

// telling gives the lines of a report that hold a reply, a code or a reason,
// with those after them while a sentence goes on: the set phrases around them
// speak of spam, limits and addresses in general.
func telling(text string) string {
	var out strings.Builder
	n, seen := 0, 0
	for para := range strings.SplitSeq(cut(text, 8<<10), "\n") {
		if para = strings.TrimSpace(para); para != "" {
			seen++
		}
		if seen > 150 {
			break
		}
		if para == "" || len(para) > 2000 || speaksOfSender("", para) {
			continue
		}
		w := plain(para)
		if replyIn(para) != "" || code(para) != "" || w.any(surelyGone) || gonePhrase(w) || reasons(w) || w.any(goneMaybe) || w.any(softOff) {
			out.WriteString(para + "\n")
			if n++; n == 40 {
				break
			}
		}
	}
	return out.String()
}

// afterType drops the type of a Diagnostic-Code: "smtp; 550 no".
func afterType(v string) string {
	if i := strings.IndexByte(v, ';'); i >= 0 && i < 40 && !strings.ContainsAny(v[:i], " \t") {
		return strings.TrimSpace(v[i+1:])
	}
	return v
}

// speaks tells a diagnostic that has words or a reply, not a bare number.
func speaks(s string) bool {
	s = afterType(s)
	letters := 0
	for _, r := range s {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0x7f {
			letters++
		}
	}
	return letters > 2 || replyIn(s) != "" || code(s) != ""
}

// stage finds the SMTP command that the other server refused.
func stage(said, around string) string {
	text := strings.ToLower(cut(said, 4<<10) + "\n" + cut(around, 4<<10))
	for _, m := range stages {
		for _, mark := range m.marks {
			if strings.Contains(text, mark) {
				return m.name
			}
		}
	}
	name := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, ">>> rcpt"), strings.HasPrefix(line, "sent <<< rcpt"):
			name = "rcpt"
		case strings.HasPrefix(line, ">>> data"), strings.HasPrefix(line, "sent <<< data"):
			name = "data"
		case strings.HasPrefix(line, ">>> mail"), strings.HasPrefix(line, "sent <<< mail"):
			name = "mail"
		case strings.HasPrefix(line, "<<< 5") && name != "":
			if name == "data" && (strings.Contains(text, "need rcpt") || strings.Contains(text, "no valid recipients")) {
				return "rcpt" // the commands went out together, the address was refused
			}
			return name
		}
	}
	return name
}

var stages = []struct {
	name  string
	marks []string
}{
	{"data", []string{"in reply to end of data", "end of data", "in reply to data", "final data", "after data", "after i sent the message", "other mail system problem"}},
	{"rcpt", []string{"in reply to rcpt", "after rcpt", "our rcpt to", "rcpt command", "in rcpt to", "smtp:rcpt", "does not like recipient", "unknown address error"}},
	{"mail", []string{"in reply to mail from", "after mail from", "our mail from", "sender was rejected", "in mail from"}},
}

// reason is the part of a block that follows the address.
func reason(block, addr string) string {
	lines := strings.SplitN(block, "\n", 12)
	var out []string
	for i, l := range lines[:min(len(lines), 11)] {
		if i == 0 && addr != "" {
			if j := strings.Index(l, addr); j >= 0 {
				l = strings.TrimLeft(l[j+len(addr):], ">\"')]}:,; \t")
			}
		}
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		} else if len(out) > 0 {
			break
		}
	}
	return strings.Join(out, " ")
}

// isDelay tells a warning that mail is still being tried.
func isDelay(subject, text string) bool {
	w, s := plain(text), plain(subject)
	if w.any(gaveUp) {
		return false
	}
	return w.any(stillTrying) || s.any(delaySubjects)
}
