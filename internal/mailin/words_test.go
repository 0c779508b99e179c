package mailin

import (
	"encoding/base64"
	"fmt"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// in writes text in a charset.
func in(t testing.TB, e encoding.Encoding, text string) string {
	t.Helper()
	out, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatalf("encoding %q: %v", text, err)
	}
	return out
}

// b64 is an encoded word of raw bytes.
func b64(label, raw string) string {
	return fmt.Sprintf("=?%s?B?%s?=", label, base64.StdEncoding.EncodeToString([]byte(raw)))
}

var (
	big5  = traditionalchinese.Big5
	gb    = simplifiedchinese.GB18030
	sjis  = japanese.ShiftJIS
	eucjp = japanese.EUCJP
	jis   = japanese.ISO2022JP
	euckr = korean.EUCKR
)

func TestSubject(t *testing.T) {
	utf := "訂單尚未收到"
	for _, c := range []struct{ name, raw, want string }{
		{"plain", "Hello", "Hello"},
		{"Big5", b64("big5", in(t, big5, "請問退貨")), "請問退貨"},
		{"Big5 in capitals with language", "=?BIG5*zh-TW?B?" + base64.StdEncoding.EncodeToString([]byte(in(t, big5, "請問"))) + "?=", "請問"},
		{"GB2312 with a traditional character", b64("gb2312", in(t, gb, "訂單号")), "訂單号"},
		{"ISO-2022-JP with ①", b64("iso-2022-jp", in(t, jis, "①お見積")), "①お見積"},
		{"Shift_JIS", b64("Shift_JIS", in(t, sjis, "ご注文")), "ご注文"},
		{"EUC-JP", b64("EUC-JP", in(t, eucjp, "ご注文")), "ご注文"},
		{"KS_C_5601", b64("ks_c_5601-1987", in(t, euckr, "회원님께")), "회원님께"},
		{"neighbours", b64("utf-8", utf[:9]) + "\n " + b64("utf-8", utf[9:]), utf},
		{"split in a character", b64("utf-8", utf[:4]) + "\n " + b64("utf-8", utf[4:]), utf},
		{"split in a character of Big5", b64("big5", in(t, big5, "測試")[:3]) + " " + b64("Big5", in(t, big5, "測試")[3:]), "測試"},
		{"text and word", "Re: " + b64("utf-8", "退貨") + " (2)", "Re: 退貨 (2)"},
		{"two charsets", b64("big5", in(t, big5, "測")) + " " + b64("gbk", in(t, gb, "试")), "測试"},
		{"Q", "=?utf-8?Q?=E6=B8=AC_=E8=A9=A6?=", "測 試"},
		{"Q with spaces inside", "=?utf-8?Q?a b c?=", "a b c"},
		{"Q with question marks", "=?utf-8?Q?why=3F?= ok?", "why? ok?"},
		{"B without padding", "=?utf-8?B?5ris6Kmm6YCZ6KOh5aW9?= =?utf-8?b?YQ?=", "測試這裡好a"},
		{"word without end", "=?utf-8?B?5ris6Kmm", "測試"},
		{"no word", "a =? b ?= c", "a =? b ?= c"},
		{"word that is garbage", "=?UTF-8?B?nnDusSNdG92w6Fuw61fMjA?=", "=?UTF-8?B?nnDusSNdG92w6Fuw61fMjA?="},
		{"glued words", "a=?utf-8?Q?b?=c", "abc"},
		{"line break inside a word's text", "=?utf-8?Q?one=0D=0Atwo?=", "one two"},
		{"raw UTF-8", "訂單", "訂單"},
		{"raw Big5", in(t, big5, "請問訂單"), "請問訂單"},
		{"raw GBK", in(t, gb, "请问发货"), "请问发货"},
		{"raw Shift_JIS", in(t, sjis, "お問い合わせ"), "お問い合わせ"},
		{"raw ISO-2022-JP", in(t, jis, "お問い合わせ"), "お問い合わせ"},
		{"raw EUC-KR", in(t, euckr, "안녕하세요"), "안녕하세요"},
		{"raw Latin", "Gr\xfc\xdfe", "Grüße"},
		{"folded", "one\n  two\n\tthree", "one two three"},
	} {
		m := parse(t, "From: a@example.com\nSubject: "+c.raw+"\n\nbody")
		if m.Subject != c.want {
			t.Errorf("%s: got %q, want %q", c.name, m.Subject, c.want)
		}
	}
}

// TestRawSubjectSpeaksAsBody reads raw bytes of a header in the charset that the
// body declares, which no guess could know.
func TestRawSubjectSpeaksAsBody(t *testing.T) {
	for _, c := range []struct {
		label string
		enc   encoding.Encoding
		text  string
	}{
		{"big5", big5, "許"}, {"gb2312", gb, "镕"}, {"shift_jis", sjis, "﨑"}, {"euc-kr", euckr, "뷁"},
	} {
		raw := in(t, c.enc, c.text)
		for _, head := range []string{
			"Content-Type: text/plain; charset=" + c.label + "\n\nbody",
			"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain;\n charset=\"" + c.label + "\"\n\nbody\n--x--",
		} {
			if m := parse(t, "Subject: "+raw+"\n"+head); m.Subject != c.text {
				t.Errorf("%s: %q, want %q", c.label, m.Subject, c.text)
			}
		}
	}
}
