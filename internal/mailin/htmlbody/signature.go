package htmlbody

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"github.com/pocketdesk/pocketdesk/internal/mailin/reply"
)

// dashes separate a signature (RFC 3676, 4.3); clients lose the space.
var dashes = regexp.MustCompile(`^(?:--|—|––|__|-- --)$`)

// maxSignature bounds what may follow the dashes, in lines: more than that was written by hand.
const maxSignature = 20

// signatures marks the signature lines of what is not quoted, those of clients and those of habit.
func signatures(lines []line, fresh func(int) bool) map[int]bool {
	sign := map[int]bool{}
	var own []int // lines with words, outside of marked signatures
	for i := range lines {
		switch {
		case fresh(i) && lines[i].rule && foxmail(lines[i].nodes[0]):
			own = append(own, i)
		case !fresh(i) || lines[i].blank():
		case lines[i].at.sign:
			sign[i] = true
		default:
			own = append(own, i)
		}
	}
	own = dropDevices(lines, own, sign)
	for k := len(own) - 1; k >= 0 && len(own)-k <= maxSignature+1; k-- {
		if lines[own[k]].rule || dashes.MatchString(lines[own[k]].text) {
			if asks(lines, own[k:]) {
				break
			}
			for _, i := range own[k:] {
				sign[i] = true
			}
			own = own[:k]
			break
		}
	}
	dropDevices(lines, own, sign)
	return sign
}

// asks tells lines of a letter from a signature: a question, or a list.
func asks(lines []line, own []int) bool {
	for _, i := range own {
		if t := lines[i].text; lines[i].prefix != "" || strings.HasSuffix(t, "?") || strings.HasSuffix(t, "？") {
			return true
		}
	}
	return false
}

// dropDevices marks the last lines, while they are a device's, and returns the rest.
func dropDevices(lines []line, own []int, sign map[int]bool) []int {
	for n := 0; n < maxSignature && len(own) > 0 && reply.Device(lines[own[len(own)-1]].text); n++ {
		sign[own[len(own)-1]] = true
		own = own[:len(own)-1]
	}
	return own
}

// foxmail tells whether a rule is the one that Foxmail draws above a signature.
func foxmail(rule *html.Node) bool { return styles(rule)["width"] == "210px" }
