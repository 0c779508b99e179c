package charset

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// encode writes s in a charset, for tests.
func encode(t testing.TB, e encoding.Encoding, s string) string {
	t.Helper()
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatalf("encoding %q: %v", s, err)
	}
	return out
}

var (
	big5  = traditionalchinese.Big5
	gb    = simplifiedchinese.GB18030
	sjis  = japanese.ShiftJIS
	eucjp = japanese.EUCJP
	jis   = japanese.ISO2022JP
	euckr = korean.EUCKR
)

func TestLabelled(t *testing.T) {
	for _, c := range []struct {
		label string
		enc   encoding.Encoding
		text  string
	}{
		{"big5", big5, "您好，我想請問訂單的出貨時間，謝謝。"},
		{"Big5-HKSCS", big5, "喺度嘅嘢，唔該晒"},
		{"cp950", big5, "碁銹裏墻恒粧嫺"}, // the seven characters of ETEN
		{"x-big5", big5, "①②③㈱"[:3] + "許功蓋"},
		{"gb2312", gb, "镕喆瑠，發貨"}, // outside GB2312: names and traditional characters
		{"GBK", gb, "請問退貨"},
		{"gb18030", gb, "㐀𠀀😀 表情"},
		{"GB_2312-80", gb, "订单已发货"},
		{"shift_jis", sjis, "お問い合わせありがとうございます。①髙﨑ﾊﾝｶｸ"},
		{"x-sjis", sjis, "能表ソ申"}, // second bytes that look like a backslash
		{"windows-31j", sjis, "㈱〜Ⅲ"[:3] + "Ⅲ"},
		{"euc-jp", eucjp, "注文番号を確認してください。"},
		{"iso-2022-jp", jis, "本日はお世話になっております。"},
		{"ISO-2022-JP-MS", jis, "㈱髙島屋"},
		{"ks_c_5601-1987", euckr, "안녕하세요, 똠방각하 뷁"}, // beyond KS C 5601: CP949
		{"euc-kr", euckr, "배송 문의드립니다"},
		{"windows-1251", charmap.Windows1251, "Здравствуйте"},
		{"koi8-r", charmap.KOI8R, "Здравствуйте"},
		{"iso-8859-1", charmap.Windows1252, "“Grüße” – 10 €"}, // read as its superset
		{"iso-8859-15", charmap.ISO8859_15, "10 € œuvre"},
		{"iso-8859-2", charmap.ISO8859_2, "Příliš žluťoučký"},
		{"windows-1250", charmap.Windows1250, "Dobrý den, děkuji"},
		{"iso-8859-7", charmap.ISO8859_7, "Καλημέρα"},
		{"windows-1255", charmap.Windows1255, "שלום"},
		{"windows-1256", charmap.Windows1256, "مرحبا"},
		{"iso-8859-9", charmap.ISO8859_9, "Teşekkürler"},
		{"tis-620", charmap.Windows874, "สวัสดี"},
		{"cp850", charmap.CodePage850, "Grüße"},
		{"utf-16", unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "測試 test"},
		{"utf-16le", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "測試 test"},
		{"utf-16", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "plain text, no mark"},
		{"\"UTF-8\"", encoding.Nop, "引號裡的標籤"},
		{"utf8", encoding.Nop, "沒有連字號"},
	} {
		got, _ := Decode([]byte(encode(t, c.enc, c.text)), c.label)
		if got != c.text {
			t.Errorf("%s: got %q, want %q", c.label, got, c.text)
		}
	}
}

// TestBytes decodes what an encoder of Go does not write.
func TestBytes(t *testing.T) {
	for _, c := range []struct{ name, raw, label, want string }{
		{"NEC row in ISO-2022-JP", "\x1b$B-!-j\x1b(B", "iso-2022-jp", "①㈱"},
		{"IBM character in ISO-2022-JP", "\x1b$B|b\x1b(B", "iso-2022-jp", "髙"},
		{"half-width kana by escape", "\x1b(I6E\x1b(B", "iso-2022-jp", "ｶﾅ"},
		{"half-width kana by SO", "\x0e6E\x0f!", "iso-2022-jp", "ｶﾅ!"},
		{"half-width kana with eight bits", "\xb6\xc5", "iso-2022-jp", "ｶﾅ"},
		{"ISO-2022-JP without its last escape", "\x1b$B$\"\nplain", "iso-2022-jp", "あ\nplain"},
		{"ISO-2022-JP said to be ASCII", "\x1b$B$\"$$\x1b(B", "us-ascii", "あい"},
		{"ISO-2022-JP without label", "Re: \x1b$B$\"$$\x1b(B", "", "Re: あい"},
		{"ISO-2022-JP cut in a character", "\x1b$B$\"$", "iso-2022-jp", "あ\uFFFD"},
		{"JIS X 0201 Roman", "\x1b(Jabc\x1b(B", "iso-2022-jp", "abc"},
		{"ISO-2022-KR", "\x1b$)C\x0e>H3g\x0f", "iso-2022-kr", "안녕"},
		{"HZ", "~{<:~}", "hz-gb-2312", "己"},
		{"carrier emoji in Shift_JIS", "\x82\xa0\xf8\x9f\x82\xa2", "shift_jis", "あ\uFFFDい"},
		{"carrier emoji in ISO-2022-JP", "\x1b$B$\"uA$$\x1b(B", "iso-2022-jp", "あ\uFFFDい"},
		{"UTF-7", "Hi +ZeVnLIqe-!", "utf-7", "Hi 日本語!"},
		{"UTF-7 plus", "1 +- 1", "unicode-1-1-utf-7", "1 + 1"},
		{"UTF-7 broken", "a+b c", "utf-7", "a+b c"},
		{"UTF-8 mark", "\xef\xbb\xbfabc", "iso-8859-1", "abc"},
		{"UTF-16 mark", "\xff\xfea\x00b\x00", "", "ab"},
		{"UTF-16 that is none", "plain text", "utf-16", "plain text"},
		{"UTF-8 cut at the end", "測試\xe6\xb8", "utf-8", "測試\uFFFD"},
		{"Big5 cut at the end", "\xb4\xfa\xb8", "big5", "測\uFFFD"},
		{"GB18030 cut at the end", "\xb2\xe2\xca", "gb2312", "测\uFFFD"},
		{"Shift_JIS cut at the end", "\x83e\x83", "shift_jis", "テ\uFFFD"},
		{"ASCII escape alone", "\x1b[0m", "", "\x1b[0m"},
		{"empty", "", "big5", ""},
	} {
		if got, _ := Decode([]byte(c.raw), c.label); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestGuess reads text without a label, down to a name of two characters.
func TestGuess(t *testing.T) {
	for _, c := range []struct {
		enc  encoding.Encoding
		text string
	}{
		{big5, "您好，我想請問訂單"}, {big5, "陳淑芬"}, {big5, "測試"}, {big5, "Re: 退貨"}, {big5, "收據"},
		{big5, "關於上週的包裹，尚未收到，請協助查詢。"},
		{gb, "张伟"}, {gb, "请问发货"}, {gb, "测试"}, {gb, "退货"}, {gb, "订单号"}, {gb, "您好，我的快递一直没有收到"},
		{sjis, "お問い合わせ"}, {sjis, "注文"}, {sjis, "山田太郎"}, {sjis, "ﾃｽﾄです"}, {sjis, "返品をお願いします。"},
		{eucjp, "テスト"}, {eucjp, "田中"}, {eucjp, "返品について"}, {eucjp, "商品が届きません。確認してください。"},
		{euckr, "안녕하세요"}, {euckr, "김 현진"}, {euckr, "배송 문의드립니다"},
		{charmap.Windows1251, "Привет, как дела?"}, {charmap.KOI8R, "Привет, как дела?"},
		{charmap.Windows1252, "Grüße aus Köln"}, {charmap.Windows1252, "café"}, {charmap.Windows1252, "Über Ökologie"},
		{charmap.Windows1252, "L’été à la mer, c’est déjà fini"},
	} {
		for _, label := range []string{"", "unknown-8bit", "us-ascii"} {
			got, note := Decode([]byte(encode(t, c.enc, c.text)), label)
			if got != c.text {
				t.Errorf("%q %q: got %q (%s)", label, c.text, got, note)
			}
			if note == "" {
				t.Errorf("%q: a guess without a note", c.text)
			}
		}
	}
}

// TestWrongLabel holds which labels are not believed, and which are.
func TestWrongLabel(t *testing.T) {
	for _, c := range []struct{ name, raw, label, want string }{
		{"UTF-8 said to be Latin", "測試", "iso-8859-1", "測試"},
		{"UTF-8 said to be Big5", "您好，這是測試", "big5", "您好，這是測試"},
		{"UTF-8 said to be Shift_JIS", "お問い合わせ", "shift_jis", "お問い合わせ"},
		{"UTF-8 said to be GB2312", "您好", "gb2312", "您好"},
		{"Big5 said to be UTF-8", encode(t, big5, "您好，我想請問訂單"), "utf-8", "您好，我想請問訂單"},
		{"Big5 said to be Latin", encode(t, big5, "請問訂單什麼時候出貨"), "iso-8859-1", "請問訂單什麼時候出貨"},
		{"GBK said to be UTF-8", encode(t, gb, "请问什么时候发货"), "utf-8", "请问什么时候发货"},
		{"Shift_JIS said to be Latin", encode(t, sjis, "返品をお願いします"), "iso-8859-1", "返品をお願いします"},
		{"Latin said to be UTF-8", "Gr\xfc\xdfe aus K\xf6ln", "utf-8", "Grüße aus Köln"},
		{"mostly UTF-8", "訂單編號 \xff 已出貨", "utf-8", "訂單編號 \uFFFD 已出貨"},
		{"Latin stays Latin", "\xc4\xd6\xdc\xdf\xe4", "iso-8859-1", "ÄÖÜßä"},
		{"French stays Latin", "h\xe9\xe9 o\xf9 \xe7a", "iso-8859-1", "héé où ça"},
		{"Cyrillic stays itself", "\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251", "Привет"},
		{"one lost character", encode(t, big5, "您好，我想請問") + "\xff", "big5", "您好，我想請問\uFFFD"},
	} {
		if got, note := Decode([]byte(c.raw), c.label); got != c.want {
			t.Errorf("%s: got %q, want %q (%s)", c.name, got, c.want, note)
		}
	}
}

func TestLongText(t *testing.T) {
	text := strings.Repeat("請問訂單什麼時候出貨？\n", 40_000)
	if got, _ := Decode([]byte(encode(t, big5, text)), ""); got != text {
		t.Error("long unlabelled text was not read whole")
	}
}

func FuzzDecode(f *testing.F) {
	for _, label := range []string{"", "big5", "gb18030", "iso-2022-jp", "shift_jis", "euc-jp", "utf-7", "utf-16", "utf-32", "utf-8", "iso-2022-kr", "hz-gb-2312", "x'y"} {
		f.Add([]byte("\x1b$B$\"\x1b(B +ZeU- \xb4\xfa~{<:~}"), label)
	}
	f.Fuzz(func(t *testing.T, b []byte, label string) {
		if got, _ := Decode(b, label); !utf8.ValidString(got) {
			t.Errorf("%q as %q: %q is not UTF-8", b, label, got)
		}
	})
}
