package mail_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

var safeNames = []string{
	"王小明", "陳 怡君", "欧阳娜娜", "山田 太郎", "佐々木", "ヤマダ タロウ", "ﾔﾏﾀﾞ ﾊﾅｺ", "やまだ", "髙﨑 瀞", "葛\U000E0100城",
	"김철수", "José María Núñez", "Nguyễn Thị Ánh", "Loan Trần", "O'Brien", "O’Brien", "Jean-Luc", "J. R. Smith", "Smith, John", "Martin Luther King Jr.",
	"約翰·史密斯", "ジョン・スミス", "Müller", "Åsa", "Владимир", "محمد", "อรทัย", "李", "Frederica", "Top", "Ｊｏｈｎ", "三郎", "一",
	"Nguye\u0302\u0303n", "Maria da Conceição dos Santos Oliveira",
}

var unsafeNames = []string{
	"", "   ", "http://evil.example", "https", "visit www evil", "evil.com", "evil．com", "ｗｗｗ．ｅｖｉｌ．ｃｏｍ", "a@b", "a＠b", "dot com",
	"John 3", "٣", "Ⅷ", "①", "電話０９１２", "५", "免費領取", "免 費 貸 款", "加LINE領好康", "點我看", "优惠大促", "無料キャンペーン", "【王】", "王★", "100%", "王$", "王￥", "五折%", "bonus",
	"two\nlines", "two\r\nlines", "tab\x0bx", "line\u2028sep", "zero\x00", "rtl\u202Eevil", "zw\u200Bsp", "zwj\u200Dx", "bom\uFEFFx", "tag\U000E0041x",
	"<b>x</b>", "{{ name }}", "a/b", "a\\b", "a:b", "x=y", "x & y", "#tag", "wow!", "why?", "(x)", "~", "...", "---", "a--b", "😀", "王😀", "\u3164", "\u2800",
	"Z\u0300\u0301\u0302\u0303\u0304", "\u0301a", strings.Repeat("a", 41), strings.Repeat("王", 41), strings.Repeat("\uFDFA", 3), "\xff", "a\xffb",
}

func TestSafeName(t *testing.T) {
	for _, name := range safeNames {
		if got, ok := mail.SafeName("  " + name + " "); !ok || got != name {
			t.Errorf("%q: %q, %v", name, got, ok)
		}
	}
	for _, name := range unsafeNames {
		if got, ok := mail.SafeName(name); ok || got != "" {
			t.Errorf("%q passed as %q", name, got)
		}
	}
	if got, ok := mail.SafeName("王　小明"); !ok || got != "王 小明" {
		t.Errorf("ideographic space: %q, %v", got, ok)
	}
}

func FuzzSafeName(f *testing.F) {
	for _, name := range append(append([]string{}, safeNames...), unsafeNames...) {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got, ok := mail.SafeName(name)
		if !ok {
			return
		}
		if utf8.RuneCountInString(got) > 40 || !utf8.ValidString(got) {
			t.Errorf("%q gave %q", name, got)
		}
		for _, r := range got {
			if unicode.IsNumber(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.IsSymbol(r) || strings.ContainsRune("@/:<>{}&%", r) {
				t.Errorf("%q gave %q with %q", name, got, r)
			}
		}
		if again, ok := mail.SafeName(got); !ok || again != got {
			t.Errorf("%q gave %q, then %q, %v", name, got, again, ok)
		}
	})
}
