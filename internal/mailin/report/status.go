package report

import (
	"strings"
)

// statusTypes are the parts that hold fields of RFC 3464 (RFC 6533 for UTF-8).
var statusTypes = []string{"message/delivery-status", "message/global-delivery-status"}

// fields are one recipient's lines of a delivery status, names in lower case.
type fields map[string]string

// statusParts reads the delivery-status parts of a mail.
func statusParts(s Source) []fields {
	var list []fields
	for _, p := range s.Parts {
		for _, t := range statusTypes {
			if p.kind() == t && len(list) < maxRecipients {
				list = append(list, parseStatus(cut(string(p.Body), maxText))...)
			}
		}
	}
	return list[:min(len(list), maxRecipients)]
}

// perRecipient are the fields that belong to a recipient (RFC 3464, section
// 2.3); once per recipient, so a second one begins the next recipient even
// where the blank line between them is missing.
var perRecipient = []string{
	"final-recipient", "original-recipient", "action", "status", "diagnostic-code", "remote-mta", "x-actual-recipient",
}

// parseStatus reads fields in blocks. A block without blank lines around it, one
// torn apart by them, and folded lines without their indent are all read.
func parseStatus(text string) []fields {
	var list []fields
	block, last := fields{}, ""
	seen := map[string]bool{}
	end := func() {
		key := strings.ToLower(block.address()) + "\x00" + block["status"] + "\x00" + block["action"]
		if block.address() != "" && !seen[key] && len(list) < maxRecipients {
			list = append(list, block)
			seen[key] = true
		}
		block, last = fields{}, ""
	}
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		name, value, ok := strings.Cut(trimmed, ":")
		name = strings.ToLower(strings.TrimSpace(name))
		switch {
		case trimmed == "":
			if block.address() != "" && block["action"] != "" && block["status"] != "" {
				end()
			}
			last = ""
		case last != "" && (line[0] == ' ' || line[0] == '\t' || !ok || strings.Contains(name, " ")):
			if len(block[last]) < maxDiagnostic {
				block[last] += "\n" + cut(trimmed, maxDiagnostic)
			}
		case ok && isField(name):
			if _, twice := block[name]; twice {
				end()
			}
			block[name], last = strings.TrimSpace(cut(value, maxDiagnostic)), name
		default:
			last = ""
		}
	}
	end()
	return list
}

func isField(name string) bool {
	for _, f := range perRecipient {
		if name == f {
			return true
		}
	}
	return false
}

// address is the block's failed address, "" where it has none.
func (f fields) address() string {
	for _, name := range []string{"final-recipient", "original-recipient", "x-actual-recipient"} {
		if a := recipient(f[name]); a != "" {
			return a
		}
	}
	return ""
}

// recipient takes the address out of "rfc822; <a@example.com>".
func recipient(v string) string {
	if i := strings.IndexByte(v, ';'); i >= 0 {
		v = v[i+1:]
	}
	v = strings.Trim(strings.TrimSpace(cut(v, 500)), "<>\"")
	if a := addressIn(v); a != "" {
		return a
	}
	if strings.ContainsAny(v, " \t\n") {
		return ""
	}
	return v // a local name without a domain, "@host" or an X.400 form
}

// code takes "5.1.1" out of "5.1.1 (unknown user)", "" where there is none.
func code(v string) string {
	if list := codesIn(v); len(list) > 0 {
		return list[0]
	}
	return ""
}
