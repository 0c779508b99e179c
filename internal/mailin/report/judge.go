package report

import "strings"

// evidence is all that a report says of one recipient.
type evidence struct {
	action string // RFC 3464
	status string // the field, "" without
	said   string // what the other server said
	around string // the report's words around the address
	stage  string // the SMTP command that was refused: mail, rcpt, data, ""
}

// judgeStatus weighs every block of a delivery status.
func judgeStatus(s Source, status []fields, text section) []Recipient {
	names := make([]string, 0, len(status))
	for _, f := range status {
		names = append(names, f.address())
	}
	around := blocks(text, uniq(names))
	block := func(a string) string {
		for _, n := range around {
			if strings.EqualFold(n.address, a) {
				return n.block
			}
		}
		return ""
	}
	list := make([]Recipient, 0, len(status))
	for _, f := range status {
		r := Recipient{
			Address: f.address(), Original: recipient(f["original-recipient"]),
			Status: code(f["status"]), Action: firstWord(f["action"]), Diagnostic: oneLine(f["diagnostic-code"]),
		}
		e := evidence{action: r.Action, status: r.Status, said: afterType(f["diagnostic-code"]), around: block(r.Address)}
		if len(status) == 1 {
			e.around = text.upTo(8 << 10)
		}
		if !speaks(e.said) {
			_, comment, _ := strings.Cut(f["status"], "(")
			e.said += " " + comment
		}
		e.stage = stage(e.said, e.around)
		if !speaks(r.Diagnostic) {
			r.Diagnostic = oneLine(reason(e.around, r.Address))
		}
		if !strings.Contains(r.Address, "@") || strings.HasPrefix(r.Address, "@") {
			r.Address = mended(s, text, r)
		}
		r.Kind = judge(e)
		list = append(list, r)
	}
	return list
}

// mended finds a whole address for a recipient whose field holds a torn one.
func mended(s Source, text section, r Recipient) string {
	if strings.Contains(r.Original, "@") {
		return r.Original
	}
	if found := people(s, text); len(found) == 1 {
		return found[0].address
	}
	return r.Address
}

// judgeText weighs a report that has words alone.
func judgeText(s Source, text section) []Recipient {
	whole := text.upTo(8 << 10)
	delay := isDelay(s.Subject, whole)
	arrived := replyIn(whole) == "" && (code(whole) == "" || code(whole)[0] == '2') && plain(s.Subject+"\n"+cut(whole, 1000)).any(success)
	found := people(s, text)
	if len(found) == 0 {
		found = []named{{}}
	}
	list := make([]Recipient, 0, len(found))
	for _, n := range found {
		e := evidence{said: n.block, around: n.block}
		if len(found) == 1 {
			e.around = whole
			if replyIn(n.block) == "" && code(n.block) == "" {
				e.said = ""
			}
		}
		switch {
		case arrived:
			e.action = "delivered"
		case delay:
			e.action = "delayed"
		}
		e.stage = stage(e.said, e.around)
		r := Recipient{Address: n.address, Diagnostic: oneLine(reason(n.block, n.address)), Kind: judge(e)}
		if codes := codesIn(n.block); len(codes) > 0 {
			r.Status = codes[0]
		}
		list = append(list, r)
	}
	return list
}

// judge decides. A status of class 5 alone never makes an address hard: most of
// them are spam filters, full mailboxes and sender policies.
func judge(e evidence) string {
	switch e.action {
	case "delayed":
		return Delayed
	case "delivered", "relayed", "expanded":
		return None
	}
	if e.action == "" && strings.HasPrefix(e.status, "2.") {
		return None
	}
	if !speaks(e.said) {
		e.said += "\n" + telling(e.around)
	}
	if temporary(e.status, e.said) {
		return Soft
	}
	codes := append(codesIn(cut(e.said, maxDiagnostic)), e.status)
	said := plain(e.said)
	switch {
	case said.any(surelyGone), has(codes, "5.4.1") && said.any([]string{"recipient address rejected: access denied"}):
		return Hard
	case reasons(said):
		return Soft
	}
	for _, c := range codes {
		if hardCodes[c] {
			return Hard
		}
	}
	if said.any(softOff) {
		return Soft
	}
	if r := replyIn(e.said); r == "521" || r == "556" { // RFC 7504: this host takes no mail
		return Hard
	}
	return judgeGone(e, codes, said)
}

// judgeGone decides about a reason that names the address and has no code of
// its own for it.
func judgeGone(e evidence, codes []string, said words) string {
	gone := gonePhrase(said) || said.any(goneMaybe) && (has(codes, "5.5.0") || has(codes, "5.1.0") || e.stage == "rcpt" && uncoded(codes))
	switch {
	case !gone:
		return Soft
	case e.stage == "data" && !said.any(goneAccount):
		return Soft // the address was taken, the mail was not: a filter in its owner's name
	case (has(codes, "5.2.1") || has(codes, "5.7.1")) && e.stage != "rcpt":
		return Soft // RFC 3463: mailbox disabled, delivery not authorized; it is there
	}
	return Hard
}

// uncoded tells that no code says more than "permanent".
func uncoded(codes []string) bool {
	for _, c := range codes {
		if c != "" && c != "5.0.0" {
			return false
		}
	}
	return true
}

func gonePhrase(w words) bool { return w.any(goneEnglish) || w.any(goneEast) || w.any(goneEurope) }

// hardCodes are the codes of RFC 3463 and its registry for an address, host or
// path that does not exist: bad mailbox, bad system, has moved, null MX
// (RFC 7505), no route.
var hardCodes = map[string]bool{"5.1.1": true, "5.1.2": true, "5.1.6": true, "5.1.10": true, "5.4.4": true}

// reasons tells any reason that is not the address itself.
func reasons(w words) bool {
	return w.any(softEnglish) || w.any(softSender) || w.any(softEast) || w.any(softEurope)
}

// temporary tells a failure of class 4, by its field, else by what was said
// first.
func temporary(status, said string) bool {
	if strings.HasPrefix(status, "4.") {
		return true
	}
	said = cut(said, maxDiagnostic)
	if r := replyIn(said); r != "" {
		return r[0] == '4'
	}
	if c := code(said); c != "" {
		return c[0] == '4'
	}
	return false
}

func has(list []string, want string) bool {
	for _, v := range list {
		if v == want {
			return true
		}
	}
	return false
}

func firstWord(s string) string {
	for _, w := range strings.FieldsFunc(strings.ToLower(cut(s, 200)), func(r rune) bool { return r < 'a' || r > 'z' }) {
		return w
	}
	return ""
}
