package reply

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	// things that mail is sent from, in any script; all patterns are for lower case
	thingRE = regexp.MustCompile(`i ?phon|i ?pad|i ?pod|android|galaxy|samsung|huawei|xiaomi|redmi|oppo|\bvivo\b|\bhtc\b|sony|xperia|nokia|pixel|oneplus|motorola|\blg\b|blackberry|windows|outlook|` +
		`\bmail\b|e-?mail app|yahoo|gmail|\bgmx\b|web\.de|\baol\b|proton|\bspark\b|airmail|mailbox|mailbird|typeapp|bluemail|blue mail|k-9|k9|thunderbird|superhuman|\bhey\b|\bfront\b|missive|\btuta|mymail|mailspring|mailtrack|em client|postbox|mobil|phone|handy|\bcell|tablet|smartphone|` +
		`\bmac(?:book)?\b|apple|\bpc\b|notebook|laptop|\bti-\d|telefon|téléphone|teléfono|celular|móvil|telefoon|puhelin|яндекс|почт|айфон|телефон|` +
		`手机|手機|行動|华为|荣耀|小米|三星|郵件|邮件|邮箱|信箱|携帯|スマホ|スマートフォン|アプリ|メール|タブレット|휴대|메일|아이폰|갤럭시`)
	// "Sent from my …" in English
	sentRE    = regexp.MustCompile(`^(?:message )?sent (?:from|via|with|using|on|through) `)
	sentMyRE  = regexp.MustCompile(`^sent (?:from|via|with|using|on) (?:my|our) `)
	apologyRE = regexp.MustCompile(`[,.;:!–-]+ *(?:so |and )?(?:please|pls|excuse|sorry|apolog|forgive|pardon|typos?\b|brevity).*$`)
	getAppRE  = regexp.MustCompile(`^(?:get|télécharge[rz]|obtenir|obtener|obtenga|obtén|obter|obtenha|ottieni|scarica|descarga|download|hämta|hent|pobierz|скачать|загрузить|holen sie sich|laden sie|nabij|stáhnout|lataa|hanki) .{0,12}outlook\b|` +
		`^get blue ?mail for |^outlook (?:für|voor|for|pour|para|per) .{1,12}(?:beziehen|herunterladen|downloaden|ophalen|入手)|(?:取得|下載|下载|获取|獲取|使用).{0,16}outlook|outlook.{0,20}(?:取得|下載|下载|入手|ダウンロード|다운로드|받기)`)
	otherRE = regexp.MustCompile(`^(?:message )?(?:envoyée? (?:de|depuis|à partir|avec|via|par)|gesendet (?:von|mit|aus|über|via)|von meinem .* gesendet|(?:diese |die )?(?:nachricht|mail|e-mail) wurde (?:von|mit)|` +
		`enviad[oa] (?:desde|de|do|da|a partir|com|con|por|via)|inviat[oa] (?:da|dal|dall|con|tramite)|verzonden (?:vanaf|vanuit|met|via|van)|verstuurd (?:vanaf|met|via|vanuit)|` +
		`sendt (?:fra|med|via)|skicka(?:t|des|d) från|lähetetty |wysłan[eoy] (?:z|ze|za|przy|przez)|odesl[aá]no z|odoslané z|poslano (?:iz|sa|s|z)|küldve|elküldve|trimis (?:de|din|prin)|` +
		`отправлено (?:с|из|от|через)|надіслано (?:з|із)|відправлено (?:з|із)|изпратено от|στάλθηκε|dikirim dari|(?:đã |được )gửi từ|gửi từ|ส่งจาก|נשלח מ|أرسلت|مرسل|تم الإرسال)`)
	turkishRE = regexp.MustCompile(`(?:den|dan|ten|tan|ile) gönderildi[.]?$`)
	// Chinese, Japanese and Korean
	zhRE   = regexp.MustCompile(`^(?:[發发傳传寄](?:送)?自|[來来]自|[由從从以用].{1,40}(?:[傳传發发]送|寄出|送出|寄送|發出|发出)|使用.{1,30}(?:[傳传發发]送|寄出))`)
	jaRE   = regexp.MustCompile(`(?:から|より|で)(?:の)?(?:送信|返信|発信)(?:しました|しています|されました|しております)?[。.]?$`)
	koRE   = regexp.MustCompile(`(?:에서|으로|로) (?:보냄|보냈습니다|보낸 메일|발송|전송됨|전송)`)
	linkRE = regexp.MustCompile(`\]?\(?<?https?://[^\s<>]*>?\)?`)
	mineRE = regexp.MustCompile(`我的|\b(?:my|our)\b|私の|나의|내 |\b(?:mon|meinem?|mi|meu|mio|mijn|min|mojego|mojí|mého|telefonumdan)\b|моего|мого`)
)

// Device tells whether a line is one that a device or mail program adds below
// what is written: "Sent from my iPhone", "從我的 iPhone 傳送".
func Device(text string) bool {
	if len(text) > 300 {
		return false
	}
	s := strings.ToLower(text)
	if strings.Contains(s, "http") {
		s = linkRE.ReplaceAllString(s, "")
	}
	s = strings.Map(unbracket, strings.Trim(s, " <>()[]*_「」“”\"-–—|"))
	if s == "" || utf8.RuneCountInString(s) > 100 {
		return false
	}
	if (strings.Contains(s, "outlook") || strings.HasPrefix(s, "get blue")) && utf8.RuneCountInString(s) <= 60 && getAppRE.MatchString(s) {
		return true
	}
	if strings.HasPrefix(s, "sent") {
		s = apologyRE.ReplaceAllString(s, "")
	}
	s = strings.TrimRight(strings.Replace(s, "yahoo!", "yahoo", 1), " .。")
	words := len(strings.Fields(s))
	if words > 12 || strings.ContainsAny(s, ",，;；?？!！") {
		return false
	}
	switch {
	case sentMyRE.MatchString(s):
		return words <= 9
	case strings.HasPrefix(s, "from my "):
		return words <= 5 && thingRE.MatchString(s)
	case sentRE.MatchString(s):
		return words <= 8 && thingRE.MatchString(s)
	case otherRE.MatchString(s), strings.HasSuffix(s, "gönderildi") && turkishRE.MatchString(s):
		return thingRE.MatchString(s) || words <= 7 && mineRE.MatchString(s)
	}
	return utf8.RuneCountInString(s) <= 40 && !strings.ContainsAny(s, "。、：:") && eastern(s) &&
		(thingRE.MatchString(s) || mineRE.MatchString(s))
}

// eastern tells the forms of Chinese, Japanese and Korean.
func eastern(s string) bool {
	return zhRE.MatchString(s) ||
		strings.Contains(s, "信") && jaRE.MatchString(s) ||
		strings.ContainsAny(s, "서로") && koRE.MatchString(s)
}

func unbracket(r rune) rune {
	if r == '[' || r == ']' {
		return -1
	}
	return r
}

// ownDevice tells the one form that nobody writes by hand.
func ownDevice(text string) bool { return sentMyRE.MatchString(strings.ToLower(text)) }
