package mail

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxName is the longest name, in characters, that automatic mail repeats.
const maxName = 40

// maxMarks is how many combining marks may follow one letter; Vietnamese needs two.
const maxMarks = 3

// namePunctuation is what stands in names: O'Brien, Jean-Luc, J. R. Smith,
// 約翰·史密斯, ジョン・スミス, Smith, John.
const namePunctuation = "'’-‐‑.,·・･‧•゠"

// A name that holds one of these is an advertisement or an address. Latin words
// are matched whole, and words that are names as well (Loan, Top, Net) are left out.
var (
	advertLatin = regexp.MustCompile(`(?i)https?|www|\b(?:com|click|bonus|casino|crypto|bitcoin|viagra|porn|sex|telegram|whatsapp|wechat|weixin|line id)\b`)
	dottedWord  = regexp.MustCompile(`\pL\.\pL{2}`)
	advertCJK   = regexp.MustCompile(`免費|免费|優惠|优惠|點擊|点击|點我|点我|加賴|加赖|加line|line群|微信|賺錢|赚钱|貸款|贷款|博彩|賭場|赌场|娛樂城|娱乐城|紅包|红包|代購|代购|無料|クリック|キャンペーン|副業|稼げ|当選|當選|中獎|中奖|무료|클릭|대출|카지노`)
)

// SafeName says whether the name that a visitor typed may be repeated in mail
// that no person reads before it leaves; otherwise the form is a way to send
// text of one's choice to a stranger. It returns the name trimmed, its spaces
// single, else unchanged. Safe is: up to 40 characters of letters and marks in
// any script, single spaces and the punctuation of names. Not safe are numbers
// of any script, links, addresses, symbols, advertising words, control, invisible
// and bidirectional characters. When in doubt it says no; a salutation without
// a name hurts nobody.
func SafeName(name string) (string, bool) {
	if len(name) > 4*maxName*2 || !utf8.ValidString(name) {
		return "", false
	}
	if strings.ContainsAny(name, "\r\n\v\f\u0085\u2028\u2029") {
		return "", false
	}
	name = strings.Join(strings.Fields(name), " ")
	folded := norm.NFKC.String(name) // full-width ｗｗｗ and ＠ are caught as what they are
	if utf8.RuneCountInString(name) > maxName || utf8.RuneCountInString(folded) > maxName {
		return "", false
	}
	if !nameRunes(name) || !nameRunes(folded) {
		return "", false
	}
	lower := strings.ToLower(folded)
	closed := strings.ReplaceAll(lower, " ", "")
	if dottedWord.MatchString(folded) || advertLatin.MatchString(lower) || advertCJK.MatchString(closed) {
		return "", false
	}
	return name, true
}

// nameRunes reports whether s has a letter and nothing that a name hasn't.
func nameRunes(s string) bool {
	letters, marks, dots := 0, 0, 0
	for _, r := range s {
		switch {
		case invisibleLetter(r):
			return false
		case unicode.IsLetter(r):
			letters++
			marks, dots = 0, 0
		case unicode.IsMark(r):
			if marks++; marks > maxMarks || letters == 0 {
				return false
			}
		case r == ' ':
			marks, dots = 0, 0
		case strings.ContainsRune(namePunctuation, r):
			if dots++; dots > 1 {
				return false
			}
		default:
			return false
		}
	}
	return letters > 0
}

// invisibleLetter reports the Hangul fillers, which are letters by class and
// blank by look.
func invisibleLetter(r rune) bool {
	return r == '\u115F' || r == '\u1160' || r == '\u3164' || r == '\uFFA0'
}
