package reply

import "strings"

// openers begin an attribution, before a date: "On", "Am", "於". Lower case.
var openers = strings.Fields(`
on at le am el em il op den på w dnia dne dňa pe v vào pada στις în
在 於 于 dana kl. a`)

// openerPhrases are openers of more than one word.
var openerPhrases = []string{
	"in data", "il giorno", "el día", "el dia", "no dia", "w dniu", "în data de", "dňa", "dana",
	"на", "ngày", "เมื่อ", "בתאריך", "ב-", "في",
}

// verbs say that somebody wrote. Lower case; where words are parted by
// spaces they count as whole words only.
var verbs = []string{
	"wrote", "writes", "a écrit", "a ecrit", "schrieb", "geschrieben", "escribió", "escribio", "escreveu",
	"ha scritto", "scrisse", "schreef", "het volgende geschreven", "skrev", "skreiv", "kirjoitti",
	"napisał", "napisała", "pisze", "napsal", "napsala", "napísal", "napísala", "írta", "a scris",
	"yazdı", "şunu yazdı", "написал", "написала", "пишет", "писал", "писала", "пише", "написав",
	"писав", "написа", "έγραψε", "napisao", "napisala", "je napisal", "je napisala", "piše", "kirjutas", "rašė",
	"rakstīja", "va escriure", "ha escrit", "idatzi", "escribiu", "đã viết", "menulis", "skrifaði",
	"เขียนว่า", "เขียน", "כתב", "כתבה", "כתב/ה", "كتب", "كتبت", "نوشت", "लिखा",
	"寫道", "写道", "寫到", "写到", "來信", "来信", "撰寫", "のメール", "のメッセージ", "書きました", "書いた",
	"님이 작성", "님이 쓴 글", "작성", "썼습니다", "쓰셨습니다",
}

// field is a line of a mail's header as mail programs repeat it above a quote.
type field uint8

const (
	noField field = iota
	fieldFrom
	fieldTo
	fieldDate
	fieldSubject
	fieldOther // Cc, Reply-To, attachments: never decides anything
)

// fieldNames are the names of header fields, language by language, in lower
// case and without the colon.
var fieldNames = index([]fieldList{
	{fieldFrom, `from|von|de|da|van|fra|från|od|lähettäjä|feladó|de la|expéditeur|expediteur|remitente|mittente|afzender|
		absender|nadawca|kimden|gönderen|от|от кого|відправник|від|από|saatja|nuo|no|pošiljatelj|šalje|dari|từ|người gửi|จาก|מאת|من|
		寄件者|寄件人|发件人|發件人|發信人|发信人|差出人|送信者|送信元|発信者|보낸 사람|보낸사람|발신자|보낸이|发送人`},
	{fieldTo, `to|an|à|a|para|aan|til|till|do|komu|pro|vastaanottaja|címzett|către|destinataire|destinatario|destinatário|
		ontvanger|empfänger|adresat|kime|alıcı|кому|до|для|προς|za|kam|kepada|đến|tới|người nhận|ถึง|אל|إلى|
		收件者|收件人|收信人|宛先|受信者|送信先|받는 사람|받는사람|수신자|받는이|收件者名单`},
	{fieldDate, `date|sent|gesendet|datum|envoyé|envoyé le|date d'envoi|message du|enviado|enviado el|enviada|enviada em|enviado em|fecha|data|
		inviato|data invio|verzonden|verstuurd|sendt|dato|skickat|sänt|lähetetty|päivämäärä|päiväys|wysłano|wyslano|data wysłania|odesláno|odoslané|dátum|
		elküldve|trimis|gönderildi|tarih|gönderilme tarihi|отправлено|дата|дата отправки|надіслано|изпратено|στάλθηκε|ημερομηνία|saadetud|poslano|
		dikirim|tanggal|ngày|đã gửi|วันที่|ส่ง|נשלח|תאריך|تاريخ الإرسال|التاريخ|תאריך שליחה|
		寄件日期|傳送日期|發送日期|日期|時間|时间|傳送時間|傳送|發送時間|寄送時間|发送时间|发送日期|已傳送|已发送|送信日時|送信日|日時|日付|送信時刻|
		보낸 날짜|보낸날짜|날짜|보낸 시간|보낸시간|일시`},
	{fieldSubject, `subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|emne|ämne|aihe|temat|předmět|predmet|tárgy|
		subiect|konu|тема|θέμα|teema|tema|zadeva|assumpte|gaia|perihal|subjek|chủ đề|tiêu đề|เรื่อง|หัวเรื่อง|נושא|الموضوع|
		主旨|主題|主题|标题|標題|件名|題名|제목`},
	{fieldOther, `cc|bcc|kopie|copie|copie à|copia|kopia|kopi|dw|kopio|másolat|cópia|copia per conoscenza|копия|копія|κοιν|bilgi|
		reply-to|reply to|antwort an|répondre à|responder a|rispondi a|risposta|svar til|svara till|antwoord aan|
		importance|wichtigkeit|importancia|priority|attachments|anlagen|pièces jointes|adjuntos|allegati|organization|
		副本|密件副本|抄送|密送|回覆|回复|回覆至|附件|重要性|ｃｃ|返信先|添付ファイル|重要度|참조|숨은 참조|첨부`},
})

type fieldList struct {
	field field
	names string // parted by |
}

func index(lists []fieldList) map[string]field {
	all := map[string]field{}
	for _, l := range lists {
		for name := range strings.SplitSeq(l.names, "|") {
			all[strings.TrimSpace(name)] = l.field
		}
	}
	return all
}

// originals are words for "original message", as they stand between dashes.
var originals = []string{
	"original message", "original mail", "original email", "original e-mail", "originalnachricht", "original-nachricht",
	"original nachricht", "ursprüngliche nachricht", "ursprüngliche mail", "message d'origine", "message d’origine", "message original",
	"message initial", "mensaje original", "mensagem original", "messaggio originale", "messaggio original", "oorspronkelijk bericht",
	"origineel bericht", "opprinnelig melding", "ursprungligt meddelande", "originalmeddelande", "oprindelig meddelelse",
	"oprindelig besked", "oprindelig mail", "alkuperäinen viesti", "oryginalna wiadomość", "wiadomość oryginalna",
	"wiadomość pierwotna", "původní zpráva", "původní e-mail", "pôvodná správa", "eredeti üzenet", "mesajul original", "mesaj original",
	"orijinal ileti", "özgün ileti", "orijinal mesaj", "исходное сообщение", "оригинальное сообщение", "исходное письмо",
	"вихідне повідомлення", "оригінальне повідомлення", "αρχικό μήνυμα", "izvorna poruka", "izvirno sporočilo", "missatge original",
	"pesan asli", "thư gốc", "ข้อความต้นฉบับ", "הודעה מקורית", "الرسالة الأصلية",
	"原始郵件", "原始邮件", "原郵件", "原邮件", "郵件原件", "邮件原件", "原始訊息", "原始信件", "原來的郵件", "原始消息",
	"元のメッセージ", "元のメール", "オリジナルメッセージ", "オリジナル メッセージ", "원본 메시지", "원본 메일", "원본메일", "원래 메시지",
}

// forwardWords are words for "forwarded".
var forwardWords = []string{
	"forwarded", "weitergeleitet", "transféré", "réexpédié", "réacheminé", "reenviado", "encaminhada", "reencaminhada", "inoltrat",
	"doorgestuurd", "vidarebefordra", "videresendt", "videresend", "välitetty", "przekazan", "przesłan", "přeposlan", "preposlan",
	"továbbított", "redirecționat", "iletilen", "пересылаем", "переадресован", "пересланн", "переслан", "προωθ", "diteruskan",
	"chuyển tiếp", "轉寄", "轉發", "转发", "转寄", "転送", "전달된", "전달",
}
