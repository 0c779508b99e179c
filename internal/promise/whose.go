package promise

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Who does what by a date is told by the words beside it, in the same clause:
// the nearest that says one or the other.

var (
	// what ends clauses, and what ends sentences
	clauseMarks   = []string{"，", "、", ",", "；", ";", "。", "！", "？", "!", "?", ". ", "：", ": ", "…", "(", ")"}
	sentenceMarks = []string{"。", "！", "？", "!", "?", ". ", "；", ";"}

	// we say that it is done by us, or comes to the reader.
	we = regexp.MustCompile(`\b(?:we|we'll|we're|i|i'll|i'm|our team|our colleagues?|someone|somebody|(?:please\s+)?allow|please wait|(?:you'll|you will|you should) (?:hear|receive|get|have)|will be|it will|it'll|get back to you|let you know)\b` +
		`|我們|我们|我會|我会|我將|我将|我再|小編|小编|客服(?:人員|人员|專員)?|專人|专人|本店|本公司|敝店|敝公司|同仁|同事|倉庫|仓库|將會|将会|將於|将于|將在|将在|會於|會在|会在|会于|為您|为您|替您|幫您|帮您|給您|给您|回覆您|回复您|回覆你|聯絡您|聯繫您|联系您|通知您|告知您|致電|致电|寄出|出貨|發貨|发货|補寄|补寄|送達|送达|完成退款|處理完|处理完|會再|会再|再跟您|再與您|再和您|會跟您|會與您|会跟您|会与您|請(?:您)?(?:耐心|稍|靜候)|请(?:您)?(?:耐心|稍|静候)|預計|预计|需要?時間|处理时间|處理時間|約需|约需` +
		`|弊社|弊店|当店|当社|私ども|私から|担当者?(?:より|から)|いたします|致します|いたし|致し|差し上げ|さしあげ|させて(?:いただ|頂)|お送りし|お届けし|お届け予定|ご連絡し|ご返信し|ご回答し|回答し|連絡し|対応し|返金し|発送し|手配し|予定で|予定と|見込み|お時間を(?:いただ|頂)|お待ち(?:ください|下さい|いただ)`)
	// you say that it is done by the reader, or was.
	you = regexp.MustCompile(`\b(?:please|kindly|you (?:can|may|must|need|should|could|have|want|wanted|asked|wrote|said|ordered|paid|don't|do not|did|are|were|would|prefer|mentioned|told)|you'd|you've|if you|unless you|your (?:reply|answer|payment|response|order|confirmation|decision|choice)|hear from you|(?:could|can|would|will|do) you|let us know|you to|tell us|send us|asked (?:us|me)|waiting for you|need you)\b` +
		`|請|请|麻煩您|麻烦您|煩請|敬請|敬请|您(?:可|需|須|须|要|在|於|于|已|說|说|提到|希望|想|的訂單|的订单|訂購|订购|下單|下单|付款|匯款|購買|购买)|如果?您|若您|如您|倘若|顧客|买家|買家|付款|匯款|繳費|缴费|下單|下单|訂購|订购|購買|购买|退貨|退货|換貨|换货|申請|申请|取貨|取货|領取` +
		`|ください|下さい|いただけ|頂け|いただいた|頂いた|いただき|頂き|くださった|お願い|願います|お客様(?:が|から|の)|お支払い|ご入金|ご返送|お申し込み|お申込み|ご注文|ご購入|ご希望|お待ちして`)
	// waits beats you, which it contains a word of.
	waits = regexp.MustCompile(`^(?:請(?:您)?(?:耐心|稍|靜候|放心|見諒|諒解)|请(?:您)?(?:耐心|稍|静候|放心|见谅|谅解)|please (?:allow|wait|bear|give us)|お待ち(?:ください|下さい|いただ)|お時間を(?:いただ|頂)|させて(?:いただ|頂))`)

	// never is of other things than of what somebody will do.
	never = regexp.MustCompile(`opening hours|business hours|office hours|we are open|we're open|open (?:mon|from|until|till)|\bclosed\b|\bsale\b|discount|coupon|voucher|special offer|expires?\b|valid (?:until|till)|warranty|\bago\b|last (?:week|month)` +
		`|營業時間|营业时间|服務時間|服务时间|客服時間|客服时间|上班時間|公休|店休|優惠|优惠|折扣|特價|特价|打折|享\d*折|折價|滿額|免運|活動|活动|截止|期限|有效|鑑賞期|保固|保修|無理由|七天鑑賞` +
		`|営業時間|受付時間|定休|休業|セール|割引|クーポン|キャンペーン|有効期限|期限|保証`)
	// future and past are asked of a clause whose date is no deadline by its own words.
	future = regexp.MustCompile(`\b(?:will|'ll|shall|going to|able to|plan to|expect to|aim to|hope to|should)\b|we'll|i'll|you'll|it'll|會|会|將|将|預計|预计|再(?:回|跟|與|次|和|為|为)|約需|约需|需要|給您|给您|可以|可寄|寄出|出貨|发货|回覆|回复|聯絡|联系|聯繫|通知|ます|予定|見込`)
	past   = regexp.MustCompile(`\b(?:shipped|sent|received|ordered|was|were|did|had|have (?:sent|shipped|answered))\b|已|了(?:您|你|一)|收到|ました|でした|しており`)
)

// ours tells whether a match is what its writer will do.
func ours(s string, c candidate) bool {
	start, end := clause(s, c.start, c.end, clauseMarks)
	text := s[start:end]
	if never.MatchString(text) || question(s, c) {
		return false
	}
	who := speaker(text, c.start-start, c.end-start)
	if who == 0 { // the subject may stand in the clause before
		from, to := clause(s, c.start, c.end, sentenceMarks)
		text = s[from:to]
		who = speaker(text, c.start-from, c.end-from)
	}
	switch {
	case who < 0:
		return false
	case c.strong:
		return true
	}
	return who > 0 && future.MatchString(text) && !past.MatchString(s[c.end:end])
}

// speaker is 1 where the writer acts, -1 where the reader does, 0 where the text
// doesn't say. What stands before the date is asked first; Japanese has its verb behind.
func speaker(text string, start, end int) int {
	head, tail := text[:start], text[end:]
	if strings.ContainsFunc(text, kana) {
		if who := first(tail); who != 0 {
			return who
		}
		return last(head)
	}
	if who := last(head); who != 0 {
		return who
	}
	return first(tail)
}

func kana(r rune) bool { return r >= 'ぁ' && r <= 'ヿ' }

// last is whom the last such word of a text names, first whom the first does.
func last(s string) int {
	at, who := -1, 0
	for _, m := range we.FindAllStringIndex(s, -1) {
		at, who = m[0], 1
	}
	for _, m := range you.FindAllStringIndex(s, -1) {
		if m[0] > at && !waits.MatchString(s[m[0]:]) {
			at, who = m[0], -1
		}
	}
	return who
}

func first(s string) int {
	a, b := we.FindStringIndex(s), you.FindStringIndex(s)
	switch {
	case a == nil && b == nil:
		return 0
	case b == nil, a != nil && (a[0] < b[0] || a[0] == b[0] && waits.MatchString(s[b[0]:])):
		return 1
	case waits.MatchString(s[b[0]:]):
		return 1
	}
	return -1
}

// clause is where the clause around a match begins and ends.
func clause(s string, start, end int, marks []string) (int, int) {
	from, to := reach(s, start, end)
	head, tail := s[from:start], s[end:to]
	for _, m := range marks {
		if i := strings.LastIndex(head, m); i >= 0 {
			head = head[i+len(m):]
		}
		if i := strings.Index(tail, m); i >= 0 {
			tail = tail[:i]
		}
	}
	return start - len(head), end + len(tail)
}

// farClause bounds a clause to each side, in bytes, so that a text without marks
// costs no more than another.
const farClause = 240

func reach(s string, start, end int) (from, to int) {
	from, to = max(0, start-farClause), min(len(s), end+farClause)
	for from < start && !utf8.RuneStart(s[from]) {
		from++
	}
	for to < len(s) && !utf8.RuneStart(s[to]) {
		to++
	}
	return from, to
}

// question tells whether the sentence around a match asks something.
func question(s string, c candidate) bool {
	_, end := clause(s, c.start, c.end, sentenceMarks)
	rest := s[end:]
	text := s[c.end:end]
	return strings.HasPrefix(rest, "?") || strings.HasPrefix(rest, "？") || strings.HasSuffix(text, "嗎") || strings.HasSuffix(text, "吗") ||
		strings.HasSuffix(text, "ますか") || strings.HasSuffix(text, "でしょうか")
}
