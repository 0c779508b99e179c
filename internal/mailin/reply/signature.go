package reply

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// How many lines a signature may have below its mark. Below "-- " it may
// have any number.
const (
	shortMarkLines = 15 // below "--", "__", "—"
	underlineLines = 8  // below "________"
	cardLines      = 15 // below other rules, when they look like a card
)

var (
	shortMarkRE = regexp.MustCompile(`^(?:--|__|—|――|ーー|–|ᐧ)$`)
	numberedRE  = regexp.MustCompile(`^(?:\d{1,2}[.)、．]|[(（]\d{1,2}[)）]|[①-⑳])\s*\pL`)
	underlineRE = regexp.MustCompile(`^_{3,}$`)
	// what stands on business cards: phone, address, site, company, office
	contactRE = regexp.MustCompile(`(?i)\b(?:tel|phone|telefon|téléphone|mobile|mobil|mob|cell|fax)\b ?[.:：)/]|電話|电话|手機[:： ]|手机[:： ]|傳真|传真|携帯[:： ]|ＴＥＬ|전화|` +
		`(?:\+|\b0|\()\d[\d ().-]{6,}\d\b|[^\s@]+@[^\s@]+\.[a-z]{2,}|https?://|\bwww\.|〒|` +
		`\b(?:inc|ltd|llc|gmbh|corp|pty|s\.a\.|b\.v\.|plc|kk)\b|株式会社|有限会社|合同会社|有限公司|주식회사|` +
		`\b(?:ceo|cto|cfo|coo|manager|director|engineer|founder|co-founder|president|consultant|specialist|geschäftsführer|directeur|gerente)\b|經理|经理|課長|部長|代表取締役|總監|总监|協理|업무팀`)
	closingRE = regexp.MustCompile(`(?i)^(?:(?:best|kind|kindest|warm|warmest|with (?:best|kind|warm))? ?(?:regards|wishes)|regards|best|all the best|cheers|many thanks|thanks|thank you|thx|` +
		`(?:yours )?sincerely(?: yours)?|yours (?:truly|faithfully)|mit (?:freundlichen|besten|lieben|herzlichen) grü(?:ß|ss)en|(?:viele|beste|liebe|freundliche|schöne) grü(?:ß|ss)e|mfg|lg|` +
		`(?:bien )?(?:cordialement|amicalement)|(?:un )?(?:cordial|atento) saludo|saludos(?: cordiales)?|atentamente|atenciosamente|abraços|cordiali saluti|distinti saluti|saluti|` +
		`(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?|groeten|mvg|(?:med )?(?:venlig(?:e)?|vennlig|vänliga?) hils(?:en|ninger|ningar|ning)|hilsen|mvh|hälsningar|ystävällisin terveisin|` +
		`z (?:poważaniem|powazaniem)|pozdrawiam|s pozdravem|с уважением|з повагою)[,.!:]?$`)
	noticeRE = regexp.MustCompile(`(?i)^[*_ ]*(?:confidentiality|disclaimer|legal notice|important notice|this (?:e-?mail|message|communication|transmission)|the (?:information|contents?) (?:contained |of |in )|` +
		`diese e-?mail|die(?:se)? information|ce (?:message|courriel|mail)|este (?:mensaje|correo|e-?mail|mensagem)|le informazioni|questo messaggio|dit (?:bericht|e-?mail)|virus-free|` +
		`(?:本|此)(?:電子|电子)?(?:郵件|邮件|信件|信函|訊息)|(?:本|この|当)(?:電子)?メール)`)
	noticeWordRE = regexp.MustCompile(`(?i)intended (?:recipient|only|solely|for)|privileged|recipient|viru[se]|vertraulich|adressat|destinatai?r|destinatari|confidenti[ae]l|geadresseerde|機密|机密|保密|秘密|受信者|收件人`)
	sentenceRE   = regexp.MustCompile(`[。！？]$|^(?:\S+ ){5,}\S*[.!?]$|(?:ます|です|ください)[。！]?$`)
)

// footers puts signatures that begin with a mark, and the lines that
// programs add, into their part. A signature ends where a quote begins.
func footers(ls []line) {
	written := false
	for i := 0; i < len(ls); i++ {
		l := &ls[i]
		if !l.words() || l.part != partText {
			continue
		}
		if l.kind == code || len(l.text) > longest || l.far || !marks(l) && !Device(l.text) {
			written = true
			continue
		}
		var end int
		switch {
		case marks(l):
			if end = footerEnd(ls, i); !signs(ls, i, ls[i+1:end]) {
				continue
			}
		case !apart(ls, i):
			written = true
			continue
		case written:
			end = footerEnd(ls, i)
		default:
			end = i + 1
		}
		assign(ls[i:end], partSignature)
		i = end - 1
	}
}

// marks tells whether a signature may begin with this line.
func marks(l *line) bool {
	return l.dash || shortMarkRE.MatchString(l.text) || l.ruled()
}

// apart tells whether line i stands alone as what programs add does, not as a
// part of a paragraph of somebody who tells what he sent from where.
func apart(ls []line, i int) bool {
	before := i == 0 || !ls[i-1].words() || ls[i-1].part != partText
	after := i+1 == len(ls) || !ls[i+1].words() || marks(&ls[i+1]) || Device(ls[i+1].text)
	return after && (before || next(ls, i+1) == len(ls) || !ls[next(ls, i+1)].words()) || before && ownDevice(ls[i].text)
}

// footerEnd is where the footer that begins at i ends. Below "-- " that may be
// far; for all else what is longer than a footer need not be read.
func footerEnd(ls []line, i int) int {
	end := i + 1
	for end < len(ls) && ls[end].part == partText && (ls[end].words() || ls[end].kind == blank) {
		end++
		if end-i > 200 && marks(&ls[i]) && !ls[i].dash {
			break
		}
	}
	return end
}

// wrote tells whether text stands in these lines.
func wrote(ls []line) bool {
	for i := range ls {
		if ls[i].words() && ls[i].part == partText {
			return true
		}
	}
	return false
}

// signs tells whether line i is a mark that a signature follows.
func signs(ls []line, i int, tail []line) bool {
	l := &ls[i]
	if l.dash {
		return true
	}
	short := shortMarkRE.MatchString(l.text)
	n := filled(tail, cardLines)
	switch {
	case n == 0 || onlyRules(tail):
		return true
	case n > cardLines, asks(tail):
		return false
	case short:
		return n <= shortMarkLines
	case underlineRE.MatchString(l.text) && n <= underlineLines:
		return true
	case cardLike(tail), notice(tail):
		return true
	}
	heading := i > 0 && ls[i-1].kind != blank
	return !heading && n <= 3 && !sentences(tail) && !framed(tail)
}

// asks tells lines of a letter from a signature: a question, or a list.
func asks(ls []line) bool {
	items := 0
	for i := range ls {
		t := clip(ls[i].text)
		if strings.HasSuffix(t, "?") || strings.HasSuffix(t, "？") || numberedRE.MatchString(t) {
			return true
		}
		if strings.HasPrefix(t, "- ") || strings.HasPrefix(t, "• ") || strings.HasPrefix(t, "・") {
			items++
		}
	}
	return items > 1
}

// framed tells a box: a second rule, and words below it.
func framed(ls []line) bool {
	for i := range ls {
		if ls[i].ruled() {
			return filled(ls[i+1:], 0) > 0
		}
	}
	return false
}

// filled counts the lines that are not blank, to one above most.
func filled(ls []line, most int) int {
	n := 0
	for i := 0; i < len(ls) && n <= most; i++ {
		if ls[i].kind != blank {
			n++
		}
	}
	return n
}

func onlyRules(ls []line) bool {
	for i := range ls {
		if ls[i].kind != blank && !ls[i].ruled() && !shortMarkRE.MatchString(ls[i].text) {
			return false
		}
	}
	return true
}

// cardLike tells lines as on a business card from sentences.
func cardLike(ls []line) bool {
	contact := false
	for i := range ls {
		if len(ls[i].text) > 200 {
			return false
		}
		contact = contact || contactRE.MatchString(ls[i].text)
	}
	return contact && !sentences(ls)
}

func sentences(ls []line) bool {
	for i := range ls {
		if t := ls[i].text; len(t) > 200 || sentenceRE.MatchString(t) || len(strings.Fields(t)) > 9 && !contactRE.MatchString(t) {
			return true
		}
	}
	return false
}

// notice tells whether lines are a legal or virus scanner's notice.
func notice(ls []line) bool {
	i := next(ls, 0)
	if i == len(ls) || len(ls[i].text) > 4*longest || !noticeRE.MatchString(ls[i].text) {
		return false
	}
	for ; i < len(ls) && ls[i].kind != blank; i++ {
		if noticeWordRE.MatchString(clip(ls[i].text)) {
			return true
		}
	}
	return false
}

func clip(s string) string {
	if len(s) > 4*longest {
		return s[:4*longest]
	}
	return s
}

func closing(s string) bool {
	return utf8.RuneCountInString(s) <= 60 && closingRE.MatchString(strings.TrimRight(s, " ,;-"))
}

// signOff is a closing with or without a name on its line.
func signOff(s string) bool {
	words, name, _ := strings.Cut(s, ",")
	return closing(s) || closing(words) && len(strings.Fields(name)) <= 3 && len(name) <= 60
}

// card takes a notice and closing words with a business card off the end. A
// closing with a bare name stays: it is the person's own.
func card(ls []line) {
	end := len(ls)
	seen := 0
	for i := len(ls) - 1; i >= 0 && seen <= cardLines; i-- {
		l := &ls[i]
		if l.kind == blank {
			continue
		}
		if l.part != partText {
			if seen == 0 {
				end = i
				continue
			}
			return
		}
		if l.kind != plain {
			return
		}
		seen++
		top := i == 0 || ls[i-1].kind == blank
		switch {
		case top && notice(ls[i:end]) && wrote(ls[:i]):
			assign(ls[i:end], partSignature)
			end, seen = i, 0
		case closing(l.text) && seen >= 3 && cardLike(ls[i+1:end]):
			assign(ls[i:end], partSignature)
			return
		}
	}
}
