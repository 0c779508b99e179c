package mailin

import (
	"strings"
	"testing"
)

// TestFileNames reads the names of attachments in RFC 2231's form and in those
// that programs in the world use instead.
func TestFileNames(t *testing.T) {
	const plain = "Content-Disposition: attachment; "
	for _, c := range []struct{ name, head, want string }{
		{"plain", plain + `filename="a b.pdf"`, "a b.pdf"},
		{"no quotes", plain + `filename=a b.pdf`, "a b.pdf"},
		{"of the type", `Content-Type: application/pdf; name="a.pdf"`, "a.pdf"},
		{"disposition before type", plain + "filename=b.pdf\nContent-Type: application/pdf; name=a.pdf", "b.pdf"},
		{"RFC 2231", plain + `filename*=UTF-8''%E8%A8%82%E5%96%AE.pdf`, "訂單.pdf"},
		{"RFC 2231 in Big5", plain + `filename*=big5''%ADq%B3%E6.pdf`, "訂單.pdf"},
		{"RFC 2231 in Shift_JIS", plain + `filename*=Shift_JIS'ja'%92%8D%95%B6.pdf`, "注文.pdf"},
		{"RFC 2231 in ISO-2022-JP", plain + `filename*=ISO-2022-JP''%1B%24B%43%6D%4A%38%1B%28B.pdf`, "注文.pdf"},
		{"RFC 2231 in quotes", plain + `filename*="utf-8''%E8%A8%82%E5%96%AE.pdf"`, "訂單.pdf"},
		{"continuations", plain + "filename*0*=UTF-8''%E8%A8%82;\n filename*1*=%E5%96%AE;\n filename*2=.pdf", "訂單.pdf"},
		{"continuations out of order", plain + "filename*1*=%E5%96%AE.pdf; filename*0*=UTF-8''%E8%A8%82", "訂單.pdf"},
		{"continuations split in a character", plain + "filename*0*=UTF-8''%E8%A8; filename*1*=%82.pdf", "訂.pdf"},
		{"continuations without charset", plain + `filename*0="long "; filename*1="name.pdf"`, "long name.pdf"},
		{"continued encoded word", plain + `filename*0="=?UTF-8?B?6KiC5Zau"; filename*1="LnBkZg==?="`, "訂單.pdf"},
		{"both forms", plain + `filename="fallback.pdf"; filename*=UTF-8''%E8%A8%82%E5%96%AE.pdf`, "訂單.pdf"},
		{"charset missing", plain + `filename*=%E8%A8%82%E5%96%AE.pdf`, "訂單.pdf"},
		{"star missing", plain + `filename=UTF-8''%E8%A8%82%E5%96%AE.pdf`, "訂單.pdf"},
		{"percent alone", plain + `filename="%E8%A8%82%E5%96%AE.pdf"`, "訂單.pdf"},
		{"percent that is none", plain + `filename="50%20off 100%.pdf"`, "50%20off 100%.pdf"},
		{"word in quotes", plain + `filename="=?UTF-8?B?6KiC5ZauLnBkZg==?="`, "訂單.pdf"},
		{"word without quotes", plain + `filename==?UTF-8?B?6KiC5ZauLnBkZg==?=`, "訂單.pdf"},
		{"words folded in quotes", plain + "filename=\"=?UTF-8?B?6KiC?=\n =?UTF-8?B?5ZauLnBkZg==?=\"", "訂單.pdf"},
		{"word with its end outside", plain + `filename="=?UTF-8?Q?=E8=A8=82=E5=96=AE?=.pdf"`, "訂單.pdf"},
		{"word of Big5", plain + `filename="` + b64("big5", in(t, big5, "發票.jpg")) + `"`, "發票.jpg"},
		{"word of GB2312", plain + `filename="` + b64("gb2312", in(t, gb, "发票.jpg")) + `"`, "发票.jpg"},
		{"word of ISO-2022-JP", plain + `filename="` + b64("iso-2022-jp", in(t, jis, "写真①.jpg")) + `"`, "写真①.jpg"},
		{"raw UTF-8", plain + `filename="訂單.pdf"`, "訂單.pdf"},
		{"raw Big5", plain + `filename="` + in(t, big5, "許功蓋.doc") + `"`, "許功蓋.doc"},
		{"raw GBK", plain + `filename="` + in(t, gb, "订单.xls") + `"`, "订单.xls"},
		{"raw Shift_JIS", plain + `filename="` + in(t, sjis, "能力表.xls") + `"`, "能力表.xls"},
		{"raw EUC-JP", plain + `filename="` + in(t, eucjp, "写真について.jpg") + `"`, "写真について.jpg"},
		{"raw EUC-KR", plain + `filename="` + in(t, euckr, "사진.jpg") + `"`, "사진.jpg"},
		{"raw ISO-2022-JP", plain + `filename="` + in(t, jis, "写真.jpg") + `"`, "写真.jpg"},
		{"raw ISO-2022-JP without quotes", plain + `filename=` + in(t, jis, "写真.jpg"), "写真.jpg"},
		{"quotes inside", plain + `filename="say \"hi\".txt"`, `say "hi".txt`},
		{"quotes inside, not escaped", plain + `filename="say "hi".txt"`, `say "hi".txt`},
		{"no closing quote", plain + `filename="a.pdf`, "a.pdf"},
		{"semicolon in quotes", plain + `filename="a;b.pdf"; size=3`, "a;b.pdf"},
		{"Windows path", plain + `filename="C:\My Files\a.pdf"`, "a.pdf"},
		{"Unix path", plain + `filename="../../etc/passwd"`, "passwd"},
		{"turned around", plain + "filename=\"a\u202efdp.exe\"", "afdp.exe"},
		{"control characters", plain + "filename=\"a\x01\x02b.pdf\"", "ab.pdf"},
		{"dots", plain + `filename=".."; name=x`, "x"},
		{"empty", plain + `filename=""` + "\nContent-Type: application/pdf", "attachment.pdf"},
		{"long", plain + `filename="` + strings.Repeat("長", 100) + `.pdf"`, strings.Repeat("長", 65) + ".pdf"},
		{"case", "CONTENT-DISPOSITION: ATTACHMENT; FILENAME=A.PDF", "A.PDF"},
	} {
		m := parse(t, "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\n"+c.head+"\n\ndata\n--b--\n")
		if len(m.Attachments) != 1 {
			t.Errorf("%s: %d attachments", c.name, len(m.Attachments))
			continue
		}
		if got := m.Attachments[0].Name; got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if got := string(m.Attachments[0].Data); got != "data" {
			t.Errorf("%s: data %q", c.name, got)
		}
	}
}
