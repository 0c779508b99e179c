package orderlookup

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Bounds of a search for numbers.
const (
	maxSearched = 20_000 // bytes of one text
	maxNumbers  = 10
)

var (
	// after a word that means an order number
	afterWord = regexp.MustCompile(`(?i)(?:訂單|订单|定單|定单|注文|ご注文|オーダー|\border)[\s　]*(?:編號|编号|號碼|号码|番号|id|no\.?|number|ナンバー|号|號)?[\s　]*(?:是|為|为|は|is)?[\s　]*[:#＃：]?[\s　]*([a-z0-9][a-z0-9_-]{3,29})`)
	// letters and a row of digits, as most shops write theirs
	byForm = regexp.MustCompile(`\b[A-Z]{1,6}-?[0-9]{4,20}(?:-[0-9]{1,10})?\b`)
)

// Numbers finds what looks like an order's number in the words of a visitor,
// those first that stand after a word such as "order". own is the form of the shop's
// numbers, or nil for the usual ones. At most 10, each once.
func Numbers(text string, own *regexp.Regexp) []string {
	if len(text) > maxSearched {
		text = strings.ToValidUTF8(text[:maxSearched], "")
	}
	text = norm.NFKC.String(text)
	var found []string
	add := func(s string) {
		s = strings.Trim(s, "-_ ")
		if len(found) < maxNumbers && strings.ContainsAny(s, "0123456789") && plain(s, 40) != "" {
			for _, f := range found {
				if strings.EqualFold(f, s) {
					return
				}
			}
			found = append(found, s)
		}
	}
	if own != nil {
		for _, s := range own.FindAllString(text, maxNumbers) {
			add(s)
		}
		return found
	}
	for _, m := range afterWord.FindAllStringSubmatch(text, maxNumbers) {
		add(m[1])
	}
	for _, s := range byForm.FindAllString(text, maxNumbers) {
		add(s)
	}
	return found
}
