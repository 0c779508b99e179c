package report

import "strings"

// awaySaid: the subject is the set one of an answering machine.
func awaySaid(s Source) string {
	if which, ok := awaySubject(s.Subject); ok {
		return "subject " + which
	}
	return ""
}

// awayWords open the subject of an answering machine, lower case. They count
// only before a colon, inside brackets or as the whole subject: people write
// "automatic reply does not arrive", and answer to such subjects with Re:.
var awayWords = []string{
	// English
	"automatic reply", "auto reply", "auto-reply", "autoreply", "automated reply", "auto response", "auto-response", "autoresponse",
	"automated response", "out of office", "out of the office",
	"out-of-office", "out of office reply", "out of office autoreply", "out of office auto-reply", "out of office notification",
	"out of office message", "out of office automatic reply", "out of the office reply", "vacation reply", "vacation response",
	"away from office", "away from my mail", "ooo", "autoreply message", "automatically generated reply",
	// Chinese
	"自動回覆", "自動回復", "自动回复", "自动答复", "自動答覆", "自动回覆", "不在辦公室", "不在办公室", "外出自動回覆", "外出自动回复", "休假自動回覆", "假期自动回复", "休假回覆", "自動答复", "來自自動回覆", "来自自动回复",
	// Japanese
	"自動返信", "自動応答", "自動返答", "自動回答", "不在通知", "不在返信", "不在応答", "不在自動返信", "外出中", "休暇中", "不在のお知らせ", "不在連絡", "自動返信メール", "自動送信", "自動配信",
	// Korean
	"자동 회신", "자동회신", "자동 응답", "자동응답", "자동 답장", "부재중", "부재 중", "부재중 자동 회신", "부재중 자동 응답", "외출 중",
	// German
	"automatische antwort", "automatische rückantwort", "abwesenheitsnotiz", "abwesenheitsnachricht", "abwesenheitsmeldung", "abwesend",
	"abwesenheitsassistent", "automatische abwesenheitsnotiz", "automatisch generierte antwort", "nicht im büro", "out of office antwort",
	// French
	"réponse automatique", "reponse automatique", "absence du bureau", "message d'absence", "absent du bureau", "avis d'absence",
	"réponse automatique d'absence",
	// Spanish, Portuguese, Italian
	"respuesta automática", "respuesta automatica", "autorespuesta", "auto-respuesta", "fuera de la oficina", "fuera de oficina",
	"ausente de la oficina", "resposta automática", "resposta automatica", "fora do escritório", "ausência temporária",
	"ausência do escritório", "risposta automatica", "fuori sede", "fuori ufficio", "assenza dall'ufficio", "assente dall'ufficio",
	// Dutch
	"automatisch antwoord", "automatische beantwoording", "automatische reactie", "afwezig", "afwezigheidsbericht", "niet aanwezig",
	// Polish, Czech, Slovak, Hungarian
	"automatyczna odpowiedź", "odpowiedź automatyczna", "autoodpowiedź", "poza biurem", "automatická odpověď", "mimo kancelář",
	"automatická odpoveď", "automatikus válasz",
	// Swedish, Norwegian, Danish, Finnish
	"autosvar", "automatiskt svar", "automatsvar", "frånvaromeddelande", "frånvarande", "automatisk svar", "ikke til stede", "fraværsmelding",
	"fraværende", "fraværsbesked", "ikke på kontoret", "automaattinen vastaus", "automaattivastaus", "poissaoloilmoitus", "poissa toimistosta",
	// Russian, Ukrainian
	"автоматический ответ", "автоответ", "нет на месте", "вне офиса", "отсутствие на рабочем месте", "автоматична відповідь",
	// Turkish, Greek
	"otomatik yanıt", "otomatik cevap", "ofis dışında", "αυτόματη απάντηση",
}

// bracketed are words of answering machines that people write too, alone and
// before a colon: only brackets around them count.
var bracketed = map[string]bool{"自動送信": true, "自動配信": true, "自動返信メール": true, "外出中": true, "休暇中": true, "ooo": true}

// awaySubject gives the set words that a subject begins with.
func awaySubject(subject string) (string, bool) {
	s := strings.ToLower(strings.TrimSpace(cut(subject, 300)))
	s = strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "’", "'")
	open := strings.TrimLeft(s, "[【(（<《「* ")
	bracket := len(open) < len(s)
	for _, w := range awayWords {
		rest, ok := strings.CutPrefix(open, w)
		if !ok {
			continue
		}
		rest = strings.TrimLeft(rest, " ")
		switch {
		case bracket && startsWith(rest, "]", "】", ")", "）", ">", "》", "」", "*"),
			!bracketed[w] && (rest == "" || startsWith(rest, ":", "：", "(re:", "re:")):
			return w, true
		}
	}
	return "", false
}

func startsWith(s string, heads ...string) bool {
	for _, h := range heads {
		if strings.HasPrefix(s, h) {
			return true
		}
	}
	return false
}
