package spam

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

func BenchmarkScreen(b *testing.B) {
	checks := append(DefaultChecks(), TextCheck(textmodel.Base))
	texts := map[string]string{
		"question": "您好，請問這款保溫瓶還有現貨嗎？我想買兩個，謝謝。",
		"letter":   strings.Repeat("I ordered two lamps in March and one of them came broken, 燈罩破了。", 5),
		"long":     strings.Repeat("I ordered two lamps in March and one of them came broken, 燈罩破了。", 300),
		"letters":  strings.Repeat("a", 1<<20),
		"labels":   strings.Repeat("a.", 1<<19),
		"hyphens":  strings.Repeat("a-", 1<<19),
		"links":    strings.Repeat("http://a.b/ ", 1<<16),
		"tags":     strings.Repeat("<a ", 1<<18),
		"brackets": strings.Repeat("[url=", 1<<18),
		"marks":    strings.Repeat("\u0301", 1<<19),
		"growing":  strings.Repeat("\ufdfa", 1<<18),
		"hosts":    strings.Repeat("http://漢", 1<<16),
		"baits":    strings.Repeat("加line", 1<<16),
	}
	for name, text := range texts {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Screen(Input{Message: browser(Message{Name: "王小明", FormLocale: "zh-TW", Text: text}), Checks: checks})
			}
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	var rules []Rule
	for i := range 10_000 {
		rules = append(rules,
			Rule{Kind: KindEmail, Value: fmt.Sprintf("user%d@junk.example", i), Action: ActionBlock},
			Rule{Kind: KindDomain, Value: fmt.Sprintf("junk%d.example", i), Action: ActionBlock},
			Rule{Kind: KindPhone, Value: fmt.Sprintf("+8869%08d", i), Action: ActionBlock},
			Rule{Kind: KindURL, Value: fmt.Sprintf("link%d.example/a", i), Action: ActionBlock},
			Rule{Kind: KindIP, Value: fmt.Sprintf("10.%d.%d.0/%d", i/250, i%250, 20+i%12), Action: ActionBlock})
	}
	set, errs := CompileRules(rules)
	if len(errs) > 0 {
		b.Fatal(errs[0])
	}
	m := Message{Email: "someone@mail.example.com", Phone: "0912345678", IP: netip.MustParseAddr("192.0.2.7"),
		Text: "Is https://shop.example/p/1 in stock?"}
	for b.Loop() {
		set.Match(m, time.Time{})
	}
}
