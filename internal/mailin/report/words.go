package report

import (
	"regexp"
	"strings"
)

// words is a text made ready for looking up phrases: lower case, one blank
// between words, no links, hosts, addresses or reply codes, straight apostrophes.
// tight is the same without any blank, since folded Chinese and Japanese has
// blanks anywhere.
type words struct{ flat, tight string }

var (
	link     = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>()]+`)
	address  = regexp.MustCompile("[\\pL\\pN!#$%&*+/=?^_`{|}~.-]+@[\\pL\\pN](?:[\\pL\\pN.-]*[\\pL\\pN])?")
	dotted   = regexp.MustCompile(`(?i)\b[a-z0-9-]+(?:\.[a-z0-9-]+){2,}\.?(?:\[[^\]\s]*\])?`)
	reply    = regexp.MustCompile(`(?:^|[^\d.])(4[2-57]\d|5[0-57]\d)(?:[- ]|$)`)
	enhanced = regexp.MustCompile(`(?:^|[^\d.])([245]\.[0-7]\.\d{1,3})(?:$|[^\d.]|\.(?:$|\D))`)
	repeated = regexp.MustCompile(`(?:^|\s)[245]\d\d[- ](?:#?[245]\.\d{1,3}\.\d{1,3}\b)?`)
)

// noise are set phrases that say nothing of this mail, or only what may be.
var noise = strings.NewReplacer(
	"’", "'", "‘", "'", "unknown address error", " ", "or is unable to receive mail", " ", "may not exist", " ", "might not exist", " ",
	"may no longer exist", " ",
	"550 : user unknown", "message filtered", // a mobile carrier's filter, set by the owner of the address
	"groups.google", " googlegroups ",
	"可能不存在", " ", "或许不存在", " ", "也許不存在", " ", "是否存在", " ", "存在しない可能性", " ", "<", " ", ">", " ", "\"", " ", "“", " ", "”", " ",
)

// plain makes a text ready for phrases.
func plain(s string) words {
	s = noise.Replace(strings.ToLower(s))
	s = link.ReplaceAllString(s, " ")
	s = address.ReplaceAllString(s, "@")
	s = dotted.ReplaceAllStringFunc(s, func(host string) string {
		if strings.HasPrefix(host, "resolver.") {
			return host
		}
		return " "
	})
	s = repeated.ReplaceAllString(s, " ")
	flat := strings.Join(strings.Fields(s), " ")
	return words{flat: flat, tight: strings.ReplaceAll(flat, " ", "")}
}

// any tells whether one of the phrases is there. A phrase in a script without
// blanks between words is looked up without them.
func (w words) any(phrases []string) bool {
	folded := len(w.flat) != len(w.tight)
	for _, p := range phrases {
		if strings.Contains(w.flat, p) || folded && spaceless(p) && strings.Contains(w.tight, p) {
			return true
		}
	}
	return false
}

// spaceless tells a phrase that begins in Chinese or Japanese: the first octet
// of every kana and of every common Han character in UTF-8 is E3 to E9.
func spaceless(p string) bool { return p[0] >= 0xE3 && p[0] <= 0xE9 }

// codesIn gives the status codes of RFC 3463 in a text, in order.
func codesIn(s string) []string {
	var codes []string
	for _, m := range enhanced.FindAllStringSubmatch(s, 20) {
		codes = append(codes, m[1])
	}
	return codes
}

// replyIn gives the first three-digit SMTP reply of failure in a text.
func replyIn(s string) string {
	if m := reply.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

// addressIn gives the first mail address in a text, "" without one.
func addressIn(s string) string {
	return strings.Trim(address.FindString(s), ".'`=/")
}

// cut shortens a text to n octets and leaves no half character.
func cut(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.ToValidUTF8(s, "")
}

// oneLine folds a reason into one line of bounded length.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(cut(s, 2*maxDiagnostic)), " ")
	return strings.TrimSpace(cut(s, maxDiagnostic))
}
