package htmlbody

import "strings"

// set is a fixed list of names. The sets of this package are written once, here and in phrases.go, and only read.
type set map[string]struct{}

func setOf(words string) set {
	s := set{}
	for _, w := range strings.Fields(words) {
		s[w] = struct{}{}
	}
	return s
}

func (s set) has(name string) bool {
	_, ok := s[name]
	return ok
}

var (
	// voids have no content and no end tag (HTML Living Standard, 13.1.2).
	voids = setOf("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr")

	// dropped elements go with all that is in them: code, style, foreign content, and what a browser
	// would read by other rules than the rest.
	dropped = setOf(`applet area audio base basefont bgsound canvas datalist embed frame frameset iframe input keygen
		link map math meta noembed noframes noscript object optgroup option param plaintext progress script
		select source style svg template textarea title track video xml xmp`)

	// ignored tags leave no node: what they hold stands in their parent.
	ignored = setOf("html head body")

	// blocks begin and end a line.
	blocks = setOf(`address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
		figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr includetail legend li main menu nav ol p pre
		section sign summary table tbody td tfoot th thead tr ul`)

	// spaced blocks stand apart from their neighbours by an empty line.
	spaced = setOf("p h1 h2 h3 h4 h5 h6 blockquote pre dl")

	// closesP lists the blocks whose start ends an open paragraph (HTML Living Standard, 13.2.6.4.7).
	closesP = setOf(`address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer
		form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre section summary table ul`)

	cells = setOf("td th")

	// known attributes; all others are forgotten while reading.
	known = setOf(`align alt aria-hidden bgcolor border cite class color colspan data-emoji data-marker data-remote-src
		data-signature data-signatureblock data-smartmail dir face height hidden href id lang name rowspan size src start
		style title type width`)
)

// role is what an open element means for the tags that come after it, as bits.
type role uint16

const (
	isBlock role = 1 << iota
	isCellWall
	isTablePart
	isTable
	isP
	isLi
	isDl
	isCell
	isTr
	isGroup
	isA
	isList
)

// rowWalls and the like are what the search for an implied end may not leave.
const (
	listWalls  = isList | isCellWall
	rowWalls   = isTable | isGroup | isTr
	tableWalls = isTable | isGroup
)

var roles = rolesOf()

func rolesOf() map[string]role {
	all := map[string]role{}
	for name := range blocks {
		all[name] |= isBlock
	}
	for bits, names := range map[role]string{
		isCellWall: "table caption td th", isTablePart: "table caption tbody tfoot thead tr td th", isTable: "table",
		isP: "p", isLi: "li", isDl: "dt dd", isCell: "td th", isTr: "tr", isGroup: "tbody thead tfoot caption", isA: "a",
		isList: "ul ol dl menu dir blockquote",
	} {
		for name := range setOf(names) {
			all[name] |= bits
		}
	}
	return all
}

// implied tells which open element a start tag ends, and which elements that search may not leave.
func implied(name string) (ends, walls role) {
	switch name {
	case "li":
		return isLi, listWalls
	case "dt", "dd":
		return isDl, listWalls
	case "td", "th":
		return isCell, rowWalls
	case "tr":
		return isTr, tableWalls
	case "tbody", "thead", "tfoot":
		return isGroup, isTable
	case "a":
		return isA, isBlock
	}
	return 0, 0
}
