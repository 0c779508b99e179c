package report_test

import (
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/mailin/report"
)

// Text reports as the servers of this world write them; the words are ours.
var families = []struct {
	name   string
	source report.Source
	kind   string
	people []string // address=kind
}{
	{"qmail", source("Received: (qmail 7 invoked for bounce); 1 Jan 2026 00:00:00 -0000\nFrom: MAILER-DAEMON@mx.shop.example\nTo: desk@shop.example\nSubject: failure notice",
		"text/plain\n\nHi. This is the qmail-send program at mx.shop.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<mei@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n<ken@example.jp>:\n192.0.2.1 does not like recipient.\nRemote host said: 552 5.2.2 mailbox full\nGiving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <desk@shop.example>\nTo: mei@example.net\n"),
		report.Hard, []string{"mei@example.net=hard", "ken@example.jp=soft"}},
	{"qmail, queue too old", daemon("failure notice", "Hi. This is the qmail-send program at mx.\n\n<mei@example.net>:\nConnected to 192.0.2.1 but greeting failed.\nRemote host said: 421 busy\nI'm not going to try again; this message has been in the queue too long.\n"),
		report.Soft, []string{"mei@example.net=soft"}},
	{"Exim", source("From: Mail Delivery System <Mailer-Daemon@mx.shop.example>\nX-Failed-Recipients: mei@example.net, ken@example.jp\nAuto-Submitted: auto-replied\nTo: desk@shop.example\nSubject: Mail delivery failed: returning message to sender",
		"text/plain\n\nThis message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  mei@example.net\n    host mx.example.net [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<mei@example.net>:\n    550 No such person\n  ken@example.jp\n    retry timeout exceeded\n\n------ This is a copy of the message, including all the headers. ------\n\nReturn-path: <desk@shop.example>\n"),
		report.Hard, []string{"mei@example.net=hard", "ken@example.jp=soft"}},
	{"Exim, delayed", source("From: Mail Delivery System <Mailer-Daemon@mx.shop.example>\nTo: desk@shop.example\nSubject: Warning: message 1abc delayed 24 hours",
		"text/plain\n\nThis message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue.\n\nThe address to which the message has not yet been delivered is:\n\n  mei@example.net\n\nNo action is required on your part. Delivery attempts will continue.\n"),
		report.Delayed, []string{"mei@example.net=delayed"}},
	{"Sendmail 5", daemon("Returned mail: Host unknown", "   ----- Transcript of session follows -----\n550 shop.invalid (smtp)... 550 Host unknown\n554 <mei@shop.invalid>... 550 Host unknown (Authoritative answer from name server)\n\n   ----- Unsent message follows -----\nReceived: by mx\nFrom: desk@shop.example\n"),
		report.Hard, []string{"mei@shop.invalid=hard"}},
	{"Sendmail, warning", daemon("Warning: could not send message for past 4 hours", "**  THIS IS A WARNING MESSAGE ONLY  **\n**  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n\n   ----- The following addresses had transient non-fatal errors -----\n<mei@example.net>\n\nWill keep trying until message is 5 days old\n"),
		report.Delayed, []string{"mei@example.net=delayed"}},
	{"Domino", source("From: Postmaster@example.net\nTo: Desk <desk@shop.example>\nSubject: DELIVERY FAILURE: User mei (mei@example.net) not listed in Domino Directory",
		"text/plain\n\nYour message\n\n  Subject: Your order\n\nwas not delivered to:\n\n  mei@example.net\n\nbecause:\n\n  User mei (mei@example.net) not listed in Domino Directory\n"),
		report.Hard, []string{"mei@example.net=hard"}},
	{"Exchange 5.5", source("Return-Path: <>\nFrom: System Administrator <postmaster@example.net>\nTo: desk@shop.example\nSubject: Undeliverable: Your order",
		"text/plain\n\nYour message did not reach some or all of the intended recipients.\n\n      To:\tdesk@shop.example\n      Subject:\tYour order\n\nThe following recipient(s) could not be reached:\n\n      mei@example.net on 1/1/26 0:00 AM\n            The recipient name is not recognized\n"),
		report.Hard, []string{"mei@example.net=hard"}},
	{"Exchange in German", source("From: Microsoft Outlook <postmaster@example.net>\nReturn-Path: <>\nTo: desk@shop.example\nSubject: Unzustellbar: Ihre Bestellung",
		"text/plain\n\nFehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\nmei@example.net<mailto:mei@example.net>\nDie eingegebene E-Mail-Adresse wurde nicht gefunden.\n\nDiagnoseinformationen für Administratoren:\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'\n\nUrsprüngliche Nachrichtenkopfzeilen:\nReceived: from x\n"),
		report.Hard, []string{"mei@example.net=hard"}},
	{"Exchange in Japanese", source("From: Microsoft Outlook <postmaster@example.jp>\nReturn-Path: <>\nTo: desk@shop.example\nSubject: 配信不能: ご注文について",
		"text/plain\n\n次の受信者またはグループへの配信に失敗しました:\n\nken@example.jp\n入力した電子メール アドレスが見つかりませんでした。受信者の電子メール アドレスを確認してください。\n\n元のメッセージ ヘッダー:\nReceived: from x\n"),
		report.Hard, []string{"ken@example.jp=hard"}},
	{"Gmail, old", daemon("Delivery Status Notification (Failure)", "Delivery to the following recipient failed permanently:\n\n     mei@example.net\n\nTechnical details of permanent failure:\nGoogle tried to deliver your message, but it was rejected by the server.\nThe error that the other server returned was: 550 550 unknown user (state 14).\n\n   ----- Original message -----\n\nMessage-ID: <1@shop.example>\n"),
		report.Hard, []string{"mei@example.net=hard"}},
	{"Google Groups", daemon("Delivery Status Notification (Failure)", "Hello desk@shop.example,\n\nWe're writing to let you know that the group you tried to contact (club) may not exist, or you may not have permission to post messages to the group.\n\nhttps://groups.google.com/support\n"),
		report.Soft, nil},
	{"Yahoo", daemon("Failure Notice", "Sorry, we were unable to deliver your message to the following address.\n\n<mei@example.net>:\n554: delivery error: dd This user doesn't have an example.net account (mei@example.net) [0]\n\n--- Below this line is a copy of the message.\n"),
		report.Hard, []string{"mei@example.net=hard"}},
	{"IMail", source("From: \"Postmaster\" <postmaster@example.net>\nTo: desk@shop.example\nSubject: Undeliverable Mail", "text/plain\n\nUnknown user: mei@example.net\n\nOriginal message follows.\n\nMessage-ID: <1@shop.example>\n"),
		report.Hard, []string{"mei@example.net=hard"}},
	{"gateway, reason first", source("From: postmaster@example.net\nTo: desk@shop.example\nSubject: Undeliverable Mail: \"Your order\"", "text/plain\n\nYour message:\n   From:    desk@shop.example\n\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected: \n    mei@example.net\n"),
		report.Hard, []string{"mei@example.net=hard"}},
	{"OpenSMTPD", daemon("Delivery status notification: failed", "Hi!\n\nThis is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\nAn error has occurred while attempting to deliver a message for\nthe following list of recipients:\n\nmei@example.net: 550 5.1.1 no such user\n\nBelow is a copy of the original message:\n"),
		report.Hard, []string{"mei@example.net=hard"}},
	{"gateway that says it is over", daemon("Mail delivery failed", "Unable to deliver the message to: <mei@example.net>\nThe server said: 550 No such user here\n\nNo further delivery attempts will be made.\n"),
		report.Hard, []string{"mei@example.net=hard"}},
	{"mobile carrier", source("From: <Postmaster@carrier.example>\nReturn-Path: <>\nTo: desk@shop.example\nSubject: Mail System Error - Returned Mail", "text/plain\n\nThe user(s) account is temporarily over quota.\n\n<ken@carrier.example>\n\n-----------\nReceived: from mx\n"),
		report.Soft, []string{"ken@carrier.example=soft"}},
	{"Japanese provider", source("From: no-reply@mail.example.jp\nTo: desk@shop.example\nSubject: メールエラー通知", "text/plain\n\nお客様が送信したメールは、下記の理由により配信できませんでした。\n\nken@example.jp\n受信者のメールボックスの容量がいっぱいです。\n", "message/rfc822\n\nTo: ken@example.jp\n\nhello"),
		report.Soft, []string{"ken@example.jp=soft"}},
	{"Japanese unknown", source("From: MAILER-DAEMON@example.jp\nTo: desk@shop.example\nSubject: 送信エラーのお知らせ", "text/plain\n\n以下の宛先に届けることができませんでした。\n\n<ken@example.jp>\n宛先のメールアドレスが存在しません。\n"),
		report.Hard, []string{"ken@example.jp=hard"}},
	{"Chinese provider", source("From: PostMaster@mail.example.cn\nTo: desk@shop.example\nSubject: 来自mail.example.cn的退信", "text/plain\n\n很抱歉，您的邮件被退回来了……\n\n原邮件信息\n收件人 mei@example.cn\n\n退信原因\n收件人邮箱不存在，邮件无法送达。\nhost mx.example.cn said: 550 5.1.1 no such user\n"),
		report.Hard, []string{"mei@example.cn=hard"}},
	{"Chinese, filtered", source("From: postmaster@mail.example.cn\nTo: desk@shop.example\nSubject: 系统退信", "text/plain\n\n抱歉，您的邮件未能送达以下收件人：\n\nmei@example.cn\n\n错误原因：邮件被对方服务器当作垃圾邮件拒收，可能收件人不存在。\n"),
		report.Soft, []string{"mei@example.cn=soft"}},
	{"Taiwan", source("From: Mail Delivery Subsystem <mailer-daemon@mail.example.tw>\nTo: desk@shop.example\nSubject: 郵件無法送達", "text/plain\n\n您的郵件無法送達下列收件者：\n\n<mei@example.tw>\n查無此使用者\n"),
		report.Hard, []string{"mei@example.tw=hard"}},
	{"page alone", source("From: Mail Delivery Subsystem <mailer-daemon@example.net>\nTo: desk@shop.example\nSubject: Undeliverable: hello", "text/html\n\n<html><style>p {color: red}</style><p>Your message to</p><b>mei@example.net</b><br>couldn&#39;t be delivered.<p>550 5.1.1 User unknown</p></html>"),
		report.Hard, []string{"mei@example.net=hard"}},
	{"the original knows the address", daemon("Returned mail: Cannot send message for 4 days", "   ----- Transcript of session follows -----\n421 (smtp)... Deferred: Connection timed out\n\n   ----- Unsent message follows -----\nReceived: by mx\nFrom: desk@shop.example\nTo: mei@example.net\n"),
		report.Soft, []string{"mei@example.net=soft"}},
	{"its own words, an odd sender", source("From: Robot <robot@mx.shop.example>\nTo: desk@shop.example\nSubject: notice", "text/plain\n\nHi. This is the qmail-send program at mx.\n\n<mei@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n"),
		report.Hard, []string{"mei@example.net=hard"}},
	{"list server", source("X-MLServer: fml\nFrom: club-admin@example.jp\nTo: desk@shop.example\nSubject: You desk@shop.example are not member (club ML)", "text/plain\n\nYou are not a member of this mailing list <club@example.jp>.\n"),
		report.Soft, []string{"club@example.jp=soft"}},
	{"SES notice", source("From: AWS <no-reply@sns.amazonaws.com>\nTo: desk@shop.example\nSubject: AWS Notification Message", "text/plain\n\n{\"Type\":\"Notification\",\"Message\":\"{\\\"notificationType\\\":\\\"Bounce\\\",\\\"bounce\\\":{\\\"bounceType\\\":\\\"Permanent\\\",\\\"bouncedRecipients\\\":[{\\\"emailAddress\\\":\\\"mei@exam\n ple.net\\\",\\\"action\\\":\\\"failed\\\",\\\"status\\\":\\\"5.1.1\\\",\\\"diagnosticCode\\\":\\\"smtp; 550 no such user\\\"}]}}\"}"),
		report.Hard, []string{"mei@example.net=hard"}},
}

func TestFamilies(t *testing.T) {
	for _, tt := range families {
		b := report.Read(tt.source)
		var got []string
		for _, r := range b.Recipients {
			got = append(got, r.Address+"="+r.Kind)
		}
		if b.Kind != tt.kind || !same(got, tt.people) {
			t.Errorf("%s: %s %v; want %s %v", tt.name, b.Kind, got, tt.kind, tt.people)
		}
		if ok, why := report.Automatic(tt.source, nil); !ok {
			t.Errorf("%s: not automatic (%s)", tt.name, why)
		}
	}
}

func same(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
