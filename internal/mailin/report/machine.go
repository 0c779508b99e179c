package report

import (
	"slices"
	"strings"
)

// daemons are the local parts, without punctuation, that mail servers sign with.
var daemons = []string{
	"mailerdaemon", "postmaster", "poostmaster", "maildaemon", "mdaemon", "maildeliverysystem", "maildeliverysubsystem",
	"mailsystem", "mailrouter", "deliverydaemon", "smtpdaemon",
}

// offices are local parts that servers and people sign with.
var offices = []string{"mailadministrator", "mailadmin", "systemadministrator"}

// daemonNames are the names, lower case, that mail servers alone sign with.
var daemonNames = []string{
	"mailer-daemon", "mailer daemon", "mail delivery sub", "mail delivery sys", "mail deliver sys", "mail delivery service",
	"mail daemon", "content-filter at",
}

// officeNames are names that servers sign with, and the people who run them: they
// count above no address, or above the mail that failed.
var officeNames = []string{
	"postmaster", "mail administrator", "system administrator", "mail router", "interscan", "systemadministrator", "administrateur syst",
	"administrador del sistema", "amministratore di sistema", "administrador do sistema", "システム管理者", "メール配信", "系统管理员", "系統管理員",
	"邮件系统", "郵件系統", "system administratör",
}

// strip leaves the letters and digits of a local part.
func strip(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(".-_ \"'", r) {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// fromDaemon tells a mail that a mail server signs, by its address or its name.
func (s Source) fromDaemon() bool {
	local, _, addressed := strings.Cut(bare(s.From), "@")
	if slices.Contains(daemons, strip(local)) {
		return true
	}
	name := strings.ToLower(s.From)
	if i := strings.LastIndexByte(name, '<'); i > 0 {
		name = name[:i]
	} else if !strings.Contains(name, "(") {
		return false
	}
	holds := func(part string) bool { return strings.Contains(name, part) }
	return slices.ContainsFunc(daemonNames, holds) ||
		slices.ContainsFunc(officeNames, holds) && (!addressed || s.has("message/rfc822", "text/rfc822-headers"))
}

// fromMachine tells that a mail server made this mail: it signs so, or the
// envelope says so. A person's client can do neither.
func (s Source) fromMachine() bool {
	if s.fromDaemon() || s.nullPath() || s.header("X-Failed-Recipients") != "" {
		return true
	}
	for _, v := range s.headers("Received") {
		if strings.Contains(v, "invoked for bounce") {
			return true
		}
	}
	local, _, _ := strings.Cut(bare(s.From), "@")
	return s.refusedByList() || s.opensAsReport() || robot(local) || slices.Contains(offices, strip(local)) || submitted(s) != ""
}

// tellsFailure tells that a machine's mail speaks of failed delivery: in the
// subject, or in the words before the original. A mail server's own signature
// is taken on a word. Any other machine must also show the mail that failed, a
// code of SMTP or the null sender: a parcel that "could not be delivered" is no
// bounce, and neither is an out-of-office note.
func (s Source) tellsFailure(text section) bool {
	if _, ok := awaySubject(s.Subject); ok {
		return false
	}
	if s.refusedByList() || s.opensAsReport() {
		return true
	}
	head := text.upTo(8 << 10)
	body := plain(head)
	says := plain(s.Subject).any(bounceSubjects) || body.any(bounceOpeners)
	codes := len(codesIn(head)) > 0
	if s.fromDaemon() || s.header("X-Failed-Recipients") != "" {
		return says || codes || body.any(bounceWords)
	}
	return says && (codes || s.nullPath() || s.has("message/rfc822", "text/rfc822-headers"))
}

// opensAsReport tells a report by its first words, whoever signs it: those of
// servers that have opened their reports in the same way for decades. A person
// who pastes one has a sender on the envelope, a mail client, or says Fwd: or Re:.
func (s Source) opensAsReport() bool {
	for _, name := range []string{"X-Mailer", "User-Agent", "In-Reply-To", "X-Originating-IP"} {
		if s.header(name) != "" {
			return false
		}
	}
	if v := s.header("Return-Path"); v != "" && !s.nullPath() {
		return false
	}
	if len(s.Parts) == 0 || s.Parts[0].kind() != "text/plain" || answered(s.Subject) {
		return false
	}
	body := s.Parts[0].Body
	head := strings.TrimSpace(strings.ToLower(cut(string(body[:min(len(body), 400)]), 400)))
	return startsWith(head, "hi. this is the qmail-send program at", "this message was created automatically by mail delivery software",
		"this is the mail system at host", "this is the postfix program at host", "this is the mail delivery agent at")
}

// answered tells a subject that a person's client wrote: Re:, Fwd:, AW:, 回复：.
func answered(subject string) bool {
	s := strings.ToLower(strings.TrimSpace(cut(subject, 300)))
	return startsWith(s, "re:", "re：", "fwd:", "fw:", "aw:", "wg:", "tr:", "rv:", "rif:", "i:", "sv:", "vs:", "vb:", "antw:", "odp:", "res:", "enc:", "回复", "回覆", "答复", "转发", "轉寄", "轉發", "返信", "転送")
}

// refusedByList tells a mailing list's server that did not take a mail. People's
// mail through such a list carries the same headers under a subject of theirs.
func (s Source) refusedByList() bool {
	if s.header("X-MLServer") == "" && s.header("X-Mailman-Version") == "" {
		return false
	}
	return plain(s.Subject).any([]string{"not member", "not a member", "loop alert", "post by non-member", "message rejected", "awaits moderator"})
}

// bounceSubjects, bounceOpeners and bounceWords tell a report from another mail.
// Subjects and openers are taken from every machine, words only from a mail server.
var (
	bounceSubjects = []string{
		"undeliver", "returned mail", "mail delivery fail", "delivery fail", "delivery status notification", "failure notice",
		"failure delivery", "failed delivery", "delivery notification: delivery has failed", "delivery problem", "delivery error",
		"mail delivery", "mail system error", "could not send message", "could not be delivered", "not delivered", "returned to sender", "message delivery",
		"delayed mail", "delivery delayed", "mail failure", "nondeliverable", "non-delivery", "delivery report", "unzustellbar", "zustellung",
		"nicht zugestellt", "non remis", "échec de", "non recapitabil", "mancata consegna", "mancato recapito", "no se puede entregar", "no entregado",
		"não entregue", "falha na entrega", "onbestelbaar", "niet bezorgd", "niet afgeleverd", "kan inte levereras", "olevererbart", "kan ikke leveres",
		"ikke leveret", "nelze doručit", "nedoručitelné", "niedostarczon", "не доставлен", "недоставлен", "配信できません", "配信不能",
		"配送できません", "配送エラー", "送信できません", "送信エラー", "メールエラー", "エラー通知", "未配達", "返信不能", "届きません",
		"退信", "未送达", "未送達", "无法送达", "無法送達", "投递失败", "投遞失敗", "发送失败", "傳送失敗", "传递失败", "傳遞失敗", "退回", "无法投递", "無法投遞", "无法传递", "無法傳遞",
		"배달되지", "반송", "전송 실패", "배달 실패", "teslim edilemedi",
	}
	bounceOpeners = []string{
		"this is the qmail-send program", "created automatically by mail delivery software", "your message could not be delivered",
		"could not be delivered to", "wasn't able to deliver your message", "unable to deliver your message", "unable to deliver message to",
		"delivery to the following recipient", "the following addresses had", "was not delivered to", "message wasn't delivered",
		"message was not delivered",
		"undeliverable message", "delivery has failed", "did not reach the following recipient", "error was encountered while trying to deliver",
		"an error occurred while trying to deliver", "error delivering your mail", "was undeliverable", "couldn't be delivered",
		"konnte nicht zugestellt werden", "n'a pas pu être remis", "n'a pas été remis", "no se pudo entregar", "impossibile recapitare",
		"não pôde ser entregue",
		"не может быть доставлено", "配信できませんでした", "お届けできませんでした", "送信できませんでした", "无法送达", "無法送達", "退信", "未能送达", "无法投递", "無法投遞",
	}
	bounceWords = []string{
		"undeliver", "not be delivered", "not delivered", "failed", "failure", "rejected", "unable to deliver", "unknown user", "user unknown", "returned",
		"could not", "cannot", "couldn't", "wasn't", "error", "invalid", "not relayed", "delayed", "エラー", "できません", "失败", "失敗", "不存在",
	}
)
