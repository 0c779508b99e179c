package htmlbody

import (
	"regexp"
	"strings"
)

// kind is what a label in the head of a quoted mail names.
type kind int

const (
	kindNone kind = iota
	kindFrom
	kindDate
	kindTo
	kindCopy
	kindSubject
)

// labels are the words that mail programs put before the fields of a quoted mail, lower case.
var labels = labelTable(map[kind]string{
	kindFrom: `from|sender|von|de|da|van|från|fra|lähettäjä|od|kimden|gönderen|от|отправитель|від|feladó|expéditeur|remitente|
		mittente|remetente|afzender|από|מאת|من|จาก|từ|dari|oд|de la|no|
		发件人|发信人|发送人|寄件者|寄件人|發件人|發信人|來自|差出人|送信者|発信者|送信元|보낸 사람|보낸사람|보낸이|발신|발신자|발신인`,
	kindDate: `sent|date|sent at|date sent|gesendet|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviado em|enviada|enviada em|
		enviat|fecha|data|inviato|data invio|verzonden|skickat|skickades|sendt|dato|lähetetty|päivämäärä|wysłano|wysłane|odesláno|odoslané|
		gönderme tarihi|gönderilme tarihi|gönderildi|tarih|отправлено|дата|надіслано|küldve|dátum|ημερομηνία|στάλθηκε|תאריך|نשלח|التاريخ|تاريخ|
		ส่ง|วันที่|đã gửi|ngày|dikirim|tanggal|trimis|
		发送时间|发送日期|发件时间|日期|时间|寄件日期|寄件時間|傳送時間|傳送日期|發送時間|發送日期|已傳送|時間|
		送信日時|送信日|送信|日時|日付|날짜|보낸 날짜|보낸날짜|보낸시간|발신일|일시`,
	kindTo: `to|an|à|a|para|aan|till|til|vastaanottaja|do|komu|kime|alıcı|кому|címzett|destinataire|destinatario|προς|אל|إلى|ถึง|đến|tới|
		kepada|către|per a|pro|
		收件人|收信人|收件者|發送至|宛先|受信者|送信先|받는 사람|받는사람|받는이|수신|수신자|수신인`,
	kindCopy: `cc|bcc|kopie|copie|copia|kopia|kopi|копия|копія|抄送|副本|副本抄送|密件副本|密送|参照|참조|숨은참조|másolat|dw|bilgi|reply-to|答复|回复`,
	kindSubject: `subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|aihe|temat|předmět|predmet|konu|тема|tárgy|
		θέμα|נושא|الموضوع|เรื่อง|chủ đề|subjek|subiect|assumpte|re|主题|標題|标题|主旨|主題|件名|題名|제목`,
})

func labelTable(words map[kind]string) map[string]kind {
	table := map[string]kind{}
	for k, list := range words {
		for _, w := range strings.Split(list, "|") {
			table[strings.TrimSpace(w)] = k
		}
	}
	return table
}

// labelOf reads the label that a line begins with.
func labelOf(text string) kind {
	at := strings.IndexAny(text, ":：")
	if at <= 0 || at > 60 {
		return kindNone
	}
	word := strings.ToLower(strings.Trim(text[:at], " \t*_>\u3000"))
	if k := labels[word]; k != kindNone || word == "" || word[0] < 0x80 {
		return k
	}
	return labels[strings.NewReplacer(" ", "", "\u3000", "").Replace(word)] // 主 旨
}

func phrases(list string) string {
	var all []string
	for _, p := range strings.Split(list, "|") {
		all = append(all, regexp.QuoteMeta(strings.TrimSpace(p)))
	}
	return "(?:" + strings.Join(all, "|") + ")"
}

const notLetter = `(?:^|$|[^\pL])`

// wrote says "somebody wrote" in an introduction.
var wrote = regexp.MustCompile(`(?i)` + notLetter + phrases(`wrote|writes|said|schrieb|geschrieben|a écrit|escribió|ha escrito|ha scritto|
	scrisse|escreveu|schreef|heeft geschreven|het volgende geschreven|skrev|kirjoitti|napisał|napisała|napisał(a)|pisze|napsal|napsala|
	napsal(a)|napísal|napísala|napísal(a)|yazdı|şunları yazdı|írta|ezt írta|a scris|написал|написала|написал(а)|пишет|писал|написав|пише|написа|napisao|napisala|napisao je|napisala je|je napisal|va escriure|kirjutas|rašė|rakstīja|menulis|viết|đã viết|
	έγραψε|כתב|כתבה|מאת|كتب|كتبت`) + notLetter +
	`|` + phrases(`寫道|写道|寫了|写了|写到|寫到|写信说|來信|のメール|のメッセージ|書きました|さんは書|がさんが書|님이 작성|님이 씀|작성|썼습니다|เขียน|ได้เขียน`))

// leads begin an introduction whose first line was broken off.
var leads = regexp.MustCompile(`^(?i:on|am|le|el|il|em|op|den|dnia|w dniu|dne|pe|в|ngày|pada|a|il giorno|tarihinde)\s+[\pL\d]|^(?:在|於|于)\s?\d`)

var (
	dated = regexp.MustCompile(`(?:^|\D)(?:(?:19|20)\d\d|25\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2})(?:\D|$)|(?:令和|民國|平成)\s?\d|民国\s?\d`)
	timed = regexp.MustCompile(`\d{1,2}\s?(?:[:：.h]|時|时|點|点|시)\s?\d{0,2}`)
	ruler = regexp.MustCompile(`^[-_=*–—─━＿]{3,}$`)
	// framed introductions stand between dashes, in Lotus Notes and Zoho.
	framed = regexp.MustCompile(`^-{2,}\s*\S.*-{2,}$`)
)

// original says that the mail being answered begins.
var original = regexp.MustCompile(`(?i)^[-_=*–—\s]{2,}\s*` + phrases(`original message|original|original mail|original e-mail|reply message|replied message|
	ursprüngliche nachricht|original-nachricht|originalnachricht|message d'origine|message d’origine|message original|mensaje original|messaggio originale|
	mensagem original|oorspronkelijk bericht|ursprungligt meddelande|originalmeddelande|oprindelig meddelelse|opprinnelig melding|
	alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna|původní zpráva|pôvodná správa|eredeti üzenet|mesaj original|
	orijinal mesaj|исходное сообщение|оригинальное сообщение|вихідне повідомлення|originalna poruka|αρχικό μήνυμα|הודעה מקורית|
	الرسالة الأصلية|ข้อความต้นฉบับ|thư gốc|pesan asli|
	原始邮件|原始郵件|原始訊息|原始信件|原邮件|原郵件|回复的原邮件|回复邮件|来信|原信|原來的郵件|
	元のメッセージ|元のメール|返信元メッセージ|返信元のメッセージ|受信メール|受信したメッセージ|オリジナルメッセージ|원본 메시지|원본 메일|원본메일|원본 메세지`) + `\s*[-_=*–—\s:：]{0,}$`)

// handedOn are the words that stand above a forwarded mail.
var handedOn = phrases(`forwarded message|begin forwarded message|forwarded mail|forwarded by|fwd message|
	start of forwarded message|weitergeleitete nachricht|anfang der weitergeleiteten nachricht|weitergeleitete e-mail|message transféré|
	début du message transféré|début du message réexpédié|message réexpédié|mensaje reenviado|inicio del mensaje reenviado|
	messaggio inoltrato|inizio messaggio inoltrato|mensagem encaminhada|mensagem reencaminhada|início da mensagem reencaminhada|
	início da mensagem encaminhada|doorgestuurd bericht|begin doorgestuurd bericht|vidarebefordrat meddelande|
	vidarebefordrat brev|videresendt meddelelse|videresendt melding|välitetty viesti|edelleenlähetetty viesti|
	przekazana wiadomość|wiadomość przekazana dalej|přeposlaná zpráva|továbbított üzenet|iletilen mesaj|iletilmiş mesaj|
	пересылаемое сообщение|пересланное сообщение|начало переадресованного сообщения|переслане повідомлення|mesaj redirecționat|
	thư được chuyển tiếp|thư đã chuyển tiếp|pesan terusan|pesan yang diteruskan|ข้อความที่ส่งต่อ|
	转发的邮件|转发邮件|转发信息|转发的消息|被转发邮件|被转发的邮件|下面是被转发的邮件|轉寄的郵件|轉寄郵件|轉寄的信件|轉寄信件|轉寄的訊息|轉寄訊息|
	轉發的郵件|轉發郵件|開始轉寄郵件|以下是轉寄的郵件|已轉寄的郵件|已轉寄的訊息|
	転送されたメッセージ|転送メッセージ|転送されたメール|転送メール|以下は転送されたメッセージです|
	전달된 메시지|전달된 메일|전달 메시지|전달된 전자 메일|포워딩된 메시지`)

// forwarded says that what follows is handed on: it is what the person sends.
var forwarded = regexp.MustCompile(`(?i)^(?:[-_=*–—>\s]{2,}` + handedOn + `.*|\s*` + handedOn + `[\s:：\-_=*–—。]*)$`)

// hashes part old from new in the mails of some desks: "##- … -##".
var hashes = regexp.MustCompile(`^#{2,}\s?-.*-\s?#{2,}$`)

// hasAddress tells whether a mail address stands in a line.
func hasAddress(text string) bool {
	at := strings.IndexByte(text, '@')
	if at <= 0 || at > 1000 || strings.ContainsRune(" <>\"'\t", rune(text[at-1])) {
		return false
	}
	domain := text[at+1 : min(len(text), at+255)]
	if end := strings.IndexAny(domain, " <>\"'\t,;]）"); end >= 0 {
		domain = domain[:end]
	}
	dot := strings.LastIndexByte(domain, '.')
	return dot > 0 && dot < len(domain)-1
}
