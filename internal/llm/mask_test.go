package llm

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

func TestMask(t *testing.T) {
	for name, tests := range map[string][][2]string{
		"zh-TW": {
			{"你好，我的訂單TW2026110123還沒到，請寄信到wang.daming@example.com.tw或打0912-345-678給我。",
				"你好，我的訂單[number]還沒到，請寄信到[email]或打[phone]給我。"},
			{"市話（０２）２３４５－６７８９轉123", "市話[phone]"},
			{"手機＋８８６－９１２－３４５－６７８", "手機[phone]"},
			{"電話 037-123456、(049)234-5678#12、+886 (0)912 345 678", "電話 [phone]、[phone]、[phone]"},
			{"2026-11-20 14:30 付款 NT$1,280，運費 60 元，刷卡 4111 1111 1111 1111",
				"2026-11-20 14:30 付款 NT$1,280，運費 60 元，刷卡 [card]"},
			{"共 NT$120000 或 120000 元，打 85 折、退 15%", "共 NT$120000 或 120000 元，打 85 折、退 15%"},
			{"身分證 A123456789，統編 12345678，發票 AB-12345678", "身分證 [number]，統編 [number]，發票 [number]"},
			{"信箱：ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "信箱：[email]"},
			{"請回信給王小明@例子.台灣", "[email]"},
			{"2026年11月20日下午3點、11/20、114/11/20、2026.11.20", "2026年11月20日下午3點、11/20、114/11/20、2026.11.20"},
			{"尺寸 120x60x75cm，型號 WH-1000XM5，iPhone15ProMax256GB", "尺寸 120x60x75cm，型號 WH-1000XM5，iPhone15ProMax256GB"},
		},
		"zh-CN": {
			{"您好，快递单号SF1234567890123，手机13812345678，微信同号", "您好，快递单号[number]，手机[phone]，微信同号"},
			{"请打138 1234 5678或010-8765 4321，客服400-123-4567", "请打[phone]或[phone]，客服[phone]"},
			{"+86 138-1234-5678，QQ 123456789，邮箱zhang_san@163.com。", "[phone]，QQ [number]，邮箱[email]。"},
			{"银行卡6222-0211-1111-1111-117扣了￥1200000", "银行卡" + cardOrNot("6222-0211-1111-1111-117") + "扣了￥1200000"},
			{"链接https://shop.example.cn/order?id=8&token=abcdef打不开", "链接https://shop.example.cn/order?[number]打不开"},
			{"价格从100到300元，买了3件，2026/11/20下单", "价格从100到300元，买了3件，2026/11/20下单"},
		},
		"ja": {
			{"注文番号「2026-1101-0123」の件で、０９０－１２３４－５６７８までお電話ください。", "注文番号「[number]」の件で、[phone]までお電話ください。"},
			{"電話は０３ー１２３４ー５６７８です", "電話は[phone]です"},
			{"+81 90-1234-5678 / 0120-123-456 / 0467-22-1234", "[phone] / [phone] / [phone]"},
			{"メールはyamada@example.co.jpまで。価格は¥12,000（税込）、12000円でした", "メールは[email]まで。価格は¥12,000（税込）、12000円でした"},
			{"〒150-0001、11月20日10:30に届きました", "〒150-0001、11月20日10:30に届きました"},
			{"カード 3782-822463-10005 で払いました", "カード [card] で払いました"},
		},
		"en": {
			{"Call (415) 555-2671, 415-555-2671, 415.555.2671 or +1 415 555 2671 ext. 42.", "Call [phone], [phone], [phone] or [phone]."},
			{"1-800-555-1234 or 00886-912-345-678", "[phone] or [phone]"},
			{"Order #250-1234567-7654320 from 11/20/2026, paid $1,280.50 (20%)", "Order #[number] from 11/20/2026, paid $1,280.50 (20%)"},
			{"mail me: \"john smith\"@example.com, o'brien@example.co.uk; mailto:a+b@x.org!", "mail me: [email], [email]; mailto:[email]!"},
			{"see https://user:pw@shop.example/a/TW2026110123/b?reset=aB3#x. Or shop.example/t?k=v)", "see https://[number]@shop.example/a/[number]/b?[number]. Or shop.example/t?[number])"},
			{"id 550e8400-e29b-41d4-a716-446655440000, key sk_live_a1B2c3D4e5F6g7", "id [number], key [number]"},
			{"Really? Is a=b? Version 1.2.3, 24/7, 10-20 days, 2023-2024", "Really? Is a=b? Version 1.2.3, 24/7, 10-20 days, 2023-2024"},
			{"2026-11-20T14:30:00Z 4111111111111111", "2026-11-20T14:30:00Z [card]"},
			{"USD 120000, TWD120000, 120000 JPY, $100000-200000", "USD 120000, TWD120000, 120000 JPY, $100000-200000"},
			{"+49 30 1234567, +33 6 12 34 56 78", "[phone], [phone]"},
			{"@shop thanks, meet @ noon", "@shop thanks, meet @ noon"},
		},
		"hidden": {
			{"4111\u200b1111\u200d1111\u20601111", "[card]"},
			{"4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "[card]"},
			{"٠٩١٢٣٤٥٦٧٨ and 𝟘𝟡𝟙𝟚-𝟛𝟜𝟝-𝟞𝟟𝟠", "[phone] and [phone]"},
			{"wa\u00adng@exam\u200bple.com", "[email]"},
			{"josé@exämple.com and x@example.台灣", "[email] and [email]"},
			{"a\r\nb\x00c\td", "a\nb c\td"},
		},
	} {
		for _, tt := range tests {
			if got := Mask(tt[0]); got != tt[1] {
				t.Errorf("%s: Mask(%q)\n got %q\nwant %q", name, tt[0], got, tt[1])
			}
			if once, twice := Mask(tt[0]), Mask(Mask(tt[0])); once != twice {
				t.Errorf("%s: twice: %q, once: %q", name, twice, once)
			}
		}
	}
}

// cardOrNot: a long row that fails Luhn's check is masked as a number instead.
func cardOrNot(s string) string {
	if luhnByTable(strings.ReplaceAll(s, "-", "")) {
		return "[card]"
	}
	return "[number]"
}

// luhnByTable is a second, differently written check for the tests.
func luhnByTable(d string) bool {
	doubled := [10]int{0, 2, 4, 6, 8, 1, 3, 5, 7, 9}
	sum, twice := 0, len(d)%2 == 0
	for _, c := range d {
		if twice {
			sum += doubled[c-'0']
		} else {
			sum += int(c - '0')
		}
		twice = !twice
	}
	return sum%10 == 0
}

// TestMaskLinear runs long texts made to be looked at again and again; quadratic work on
// them would outlast the time that go test allows.
func TestMaskLinear(t *testing.T) {
	for _, unit := range []string{"1", "1 ", "1-", "a@", "@", "a?", "://a?", "+1 (", "a-1-", "\"@", "1.1.", "¥1-", "台@"} {
		long := strings.Repeat(unit, 300_000/len(unit))
		if Mask(long) == "" {
			t.Errorf("%q: nothing left", unit)
		}
	}
}

var (
	mailLeft = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}`)
	dateLeft = regexp.MustCompile(`(^|\D)(?:(?:19|20|21)\d\d[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./](?:19|20|21)\d\d)(\D|$)`)
	rowLeft  = regexp.MustCompile(`\d+(?:[ -]\d+)*`)
)

// leftOver finds what must not be in a masked text.
func leftOver(s string) error {
	plain := strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s)
	if m := mailLeft.FindString(plain); m != "" {
		return fmt.Errorf("mail address %q", m)
	}
	for range 2 { // dates next to each other share the rune between them
		plain = dateLeft.ReplaceAllString(plain, "$1/$2")
	}
	for _, row := range rowLeft.FindAllString(plain, -1) {
		groups := strings.FieldsFunc(row, func(r rune) bool { return r == ' ' || r == '-' })
		for i := range groups {
			for j := i + 1; j <= len(groups) && j-i <= 6; j++ {
				d := strings.Join(groups[i:j], "")
				if len(d) >= 13 && len(d) <= 19 && luhnByTable(d) {
					return fmt.Errorf("card %q", strings.Join(groups[i:j], " "))
				}
			}
		}
	}
	return nil
}

// masked checks what holds for every text: nothing is left over, and masking again changes nothing.
func masked(t *testing.T, s string) {
	t.Helper()
	once := Mask(s)
	if err := leftOver(once); err != nil {
		t.Errorf("left in %q from %q: %v", once, s, err)
	}
	if twice := Mask(once); twice != once {
		t.Errorf("from %q: once %q, twice %q", s, once, twice)
	}
}

// TestMaskCombinations strings together what the patterns look at, in an order that is random but
// the same each time.
func TestMaskCombinations(t *testing.T) {
	parts := strings.Split("0;1;09;12;345;0912;4111;1111;123456;2026;11;20;00;886;+;(;);-;-; ; ;.;/;,;:;#;ext;x;NT;$;¥;"+
		"USD;元;%;@;a;b.com;wang;A;TW;?;=;&;https://;\";~;_;字;０;－;[number];[phone];];2026-11-20;4111 1111 1111 1111;"+
		"378282246310005;-2026;T10;60x75", ";")
	rnd := rand.New(rand.NewPCG(20, 26))
	for range 30_000 {
		var b strings.Builder
		for range 1 + rnd.IntN(16) {
			b.WriteString(parts[rnd.IntN(len(parts))])
		}
		masked(t, b.String())
	}
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{
		"訂單 TW2026110123，請回電 ０９１２－３４５－６７８ 或 wang@example.com",
		"2026-11-20 4111 1111 1111 1111 NT$1,280 (02) 2345-6789#12",
		"https://u:p@x.tw/a?b=c#d a@b.com@c.com \"q q\"@d.org",
		"NT$1280 1111 1111 1111-2026-11-20-123456 +886 (0)912 345 678 ext. 9",
		"SKU-4111 1111 1111 1111 USD120000 120x60x75cm 1-2-3-4-5",
		"12-2026-11-2026-11-20 0800-000-123-45x (00886-912-345-678",
	} {
		f.Add(s)
	}
	f.Fuzz(masked)
}
