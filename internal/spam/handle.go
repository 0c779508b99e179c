package spam

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The names of messengers, folded. After strong ones an id may follow without
// any word between; after the others only where somebody asks to be added.
const (
	messengers = "line 賴 赖 wechat weixin 微信 薇信 威信 v信 電報 电报 飛機 飞机 viber вайбер skype kakaotalk カカオ zalo"
	strong     = "telegram телеграм телеграмм tg тг whatsapp вотсап ватсап вацап vx wx qq 扣扣 加微 加v"
)

// The patterns read what follows the name. An id needs a word or a mark before
// it, or must not be a plain word: "line pay" and "line客服" are no ids.
var (
	handleNamed = regexp.MustCompile(`^ ?((?:的? ?(?:id|號|号|帳號|账号|搜尋|搜索|号码|號碼)[はが是为為]? ?)?)([:=は是@]? ?@?)([a-z0-9+][a-z0-9_.+-]{3,40})`)
	handleBare  = regexp.MustCompile(`^ ?[:@]? ?(@[a-z][a-z0-9_]{4,31}|[a-z_.-]{0,20}[0-9][a-z0-9_.-]{1,30}|\+[0-9][0-9 -]{6,18}[0-9])`)
	// handleAsked ends what stands before the name where somebody asks to be added.
	handleAsked = regexp.MustCompile(`加我?(?:的|个|個)? ?$`)
	// handleLure are words by which somebody asks to be written to elsewhere.
	handleLure = regexp.MustCompile(`加我|加賴|加赖|加微|加薇|加威|加v|加qq|加tg|加飛機|加飞机|加電報|加电报|加line ?(?:id)? ?[:@]|咨詢|咨询|詳談|详谈|私聊|私訊我|(?:add|contact|message|text|dm) (?:me|us) |пиши|追加してください|友だち追加`)
	// dateLike is a day or an hour: "2026-03-01", "12.30".
	dateLike = regexp.MustCompile(`^[0-9]{1,4}[./-][0-9]{1,2}(?:[./-][0-9]{1,4})?$`)
)

// afterName is how many bytes behind a messenger's name are read.
const afterName = 100

// checkChatHandle notices an id on a messenger. Guests leave theirs to be
// called back, so by itself it is little; asking to be added, or an id in the
// name, is what junk does.
func checkChatHandle() Check {
	weak, strong := strings.Fields(messengers), strings.Fields(strong)
	handleIn := func(folded string, there *pairs) string {
		for _, name := range strong {
			if id := findHandle(folded, name, true, there); id != "" {
				return id
			}
		}
		for _, name := range weak {
			if id := findHandle(folded, name, false, there); id != "" {
				return id
			}
		}
		return ""
	}
	return func(m Message) []Signal {
		v := m.seen()
		id := handleIn(v.folded, v.pairs)
		if id == "" {
			return nil
		}
		grade := 0
		if handleLure.MatchString(v.folded) || handleIn(v.foldedName, v.pairs) != "" {
			grade = 1
		}
		return hit("chat_handle", grade, fmt.Sprintf("The text names an id on a messenger (%s).", id), map[string]any{"handle": id})
	}
}

// findHandle returns the first id behind a messenger's name, with the name, or "".
func findHandle(folded, name string, strong bool, there *pairs) string {
	if !there.may(name) {
		return ""
	}
	from := 0
	for range maxTries {
		i := strings.Index(folded[from:], name)
		if i < 0 {
			break
		}
		at := from + i
		from = at + len(name)
		if isAlnum(name[0]) && at > 0 && isAlnum(folded[at-1]) {
			continue // "online", "deadline"
		}
		asked := strong || handleAsked.MatchString(folded[max(0, at-12):at])
		if id := handleAfter(folded[from:min(len(folded), from+afterName)], name, asked); id != "" {
			return clip(name+" "+id, 60)
		}
	}
	return ""
}

// handleAfter returns the id with which the text behind a messenger's name begins, or "".
func handleAfter(after, name string, asked bool) string {
	if at := handleNamed.FindStringSubmatch(after); at != nil {
		named, mark, id := at[1] != "", at[2] != "" && at[2] != " ", strings.Trim(at[3], ".-_ ")
		// "line: please call" is no id, "微信:please" is.
		plain := name[0] < utf8.RuneSelf && !strings.ContainsAny(id, "0123456789_")
		if len(id) >= 4 && !dateLike.MatchString(id) && (named || mark && !plain) {
			return id
		}
	}
	if at := handleBare.FindStringSubmatch(after); at != nil && asked {
		if id := strings.Trim(at[1], ".-_ "); len(id) >= 4 && !dateLike.MatchString(id) {
			return id
		}
	}
	return ""
}
