package seed

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/pocketdesk/pocketdesk/internal/liquid"
)

func must[T any](t *testing.T, read func() (T, error)) T {
	t.Helper()
	v, err := read()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// complete fails if a locale is missing, blank or strange.
func complete(t *testing.T, what string, texts map[string]string) {
	t.Helper()
	if len(texts) != len(Locales()) {
		t.Errorf("%s has %d locales", what, len(texts))
	}
	for _, locale := range Locales() {
		if s := texts[locale]; s == "" || s != strings.TrimSpace(s) {
			t.Errorf("%s in %s is blank or has blanks around it: %q", what, locale, s)
		}
	}
}

func TestForm(t *testing.T) {
	f := must(t, Form)
	if f.Slug != "contact" || f.ConsentVersion == "" {
		t.Errorf("slug %q, consent version %q", f.Slug, f.ConsentVersion)
	}
	for what, field := range map[string]func(FormText) string{
		"title": func(x FormText) string { return x.Title }, "intro": func(x FormText) string { return x.Intro },
		"success_title": func(x FormText) string { return x.SuccessTitle }, "success_body": func(x FormText) string { return x.SuccessBody },
		"consent": func(x FormText) string { return x.Consent }, "privacy_note": func(x FormText) string { return x.PrivacyNote },
	} {
		texts := map[string]string{}
		for locale, x := range f.Texts {
			texts[locale] = field(x)
		}
		complete(t, what, texts)
	}
	for locale, word := range map[string]string{"zh-TW": "隱私", "zh-CN": "隐私", "ja": "プライバシー", "en": "privacy"} {
		if !strings.Contains(f.Texts[locale].Consent, word) {
			t.Errorf("consent in %s does not mention privacy", locale)
		}
	}
}

func TestCategories(t *testing.T) {
	want := map[string]string{"product": "normal", "order": "normal", "return": "normal", "complaint": "high", "cooperation": "normal",
		"bulk": "high", "technical": "normal", "account": "normal", "media": "high", "other": "normal"}
	rows := must(t, Categories)
	last := 0
	for _, c := range rows {
		if want[c.Key] != c.DefaultPriority {
			t.Errorf("%s has priority %q", c.Key, c.DefaultPriority)
		}
		delete(want, c.Key)
		if c.Position <= last {
			t.Errorf("%s is at %d after %d", c.Key, c.Position, last)
		}
		last = c.Position
		complete(t, c.Key+" label", c.Labels)
		n := len(c.Checklist["zh-TW"])
		if n < 3 || len(c.Checklist) != len(Locales()) {
			t.Errorf("%s: checklist too short, or in %d locales", c.Key, len(c.Checklist))
		}
		for i := range n {
			texts := map[string]string{}
			for locale, list := range c.Checklist {
				if len(list) != n {
					t.Fatalf("%s: %d questions in %s, %d in zh-TW", c.Key, len(list), locale, n)
				}
				texts[locale] = list[i]
			}
			complete(t, c.Key+" checklist", texts)
		}
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}

func TestTemplatesAreComplete(t *testing.T) {
	keys := map[string]bool{"ack": true}
	for _, c := range must(t, Categories) {
		keys[c.Key] = c.Key != "other"
	}
	have := map[string]bool{}
	shortcuts := map[string]string{}
	for _, r := range must(t, Templates) {
		id := r.Key + " " + r.Locale
		if have[id] || !keys[r.Key] || !slices.Contains(Locales(), r.Locale) {
			t.Errorf("%s is double or strange", id)
		}
		have[id] = true
		if r.Subject == "" || r.Body == "" || r.Body != strings.TrimSpace(r.Body) {
			t.Errorf("%s is blank or has blanks around it", id)
		}
		if wantKind := map[bool]string{true: "ack", false: "reply"}[r.Key == "ack"]; r.Kind != wantKind {
			t.Errorf("%s is of kind %q", id, r.Kind)
		}
		if r.Kind == "reply" && r.Category != r.Key {
			t.Errorf("%s has category %q", id, r.Category)
		}
		if !regexp.MustCompile(`^[a-z]{2,8}$`).MatchString(r.Shortcut) {
			t.Errorf("%s has shortcut %q", id, r.Shortcut)
		}
		if other, ok := shortcuts[r.Shortcut]; ok && other != r.Key {
			t.Errorf("%s and %s share a shortcut", other, r.Key)
		}
		shortcuts[r.Shortcut] = r.Key
	}
	for key, wanted := range keys {
		for _, locale := range Locales() {
			if wanted && !have[key+" "+locale] {
				t.Errorf("%s %s is missing", key, locale)
			}
		}
	}
}

func TestTemplateTexts(t *testing.T) {
	markers := regexp.MustCompile(`(?m)^［(請填寫|请填写|要記入|fill in)[：:] ?[^［］]+］$`)
	e := liquid.New()
	for _, r := range must(t, Templates) {
		id := r.Key + " " + r.Locale
		for _, src := range []string{r.Subject, r.Body} {
			if err := e.Check(src); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		if !strings.HasPrefix(r.Body, "{{ contact.salutation }}") {
			t.Errorf("%s does not start with the salutation", id)
		}
		n := len(markers.FindAllString(r.Body, -1))
		if n != strings.Count(r.Body, "［") {
			t.Errorf("%s has a line to fill in that is not marked as such", id)
		}
		if r.Kind == "reply" {
			if !strings.HasSuffix(r.Body, "\n\n{{ agent.signature }}") {
				t.Errorf("%s does not end with the signature", id)
			}
			if n < 1 || n > 2 {
				t.Errorf("%s has %d lines to fill in", id, n)
			}
			continue
		}
		for _, name := range []string{"case.reference", "case.answer_by", "tracking_url", "shop.name", "shop.email"} {
			if !strings.Contains(r.Body, "{{ "+name+" }}") {
				t.Errorf("%s lacks %s", id, name)
			}
		}
		for _, name := range []string{"case.subject", "contact.name", "contact.email", "contact.phone"} {
			if n != 0 || strings.Contains(r.Subject+r.Body, name) {
				t.Errorf("%s repeats %s of the visitor, or has a line to fill in", id, name)
			}
		}
	}
}

func TestTemplatesRender(t *testing.T) {
	for _, full := range []bool{true, false} {
		for _, r := range must(t, Templates) {
			v := liquid.Vars{Locale: r.Locale, TrackingURL: "https://example.com/t/abc"}
			v.Case.Reference = "K7QF-2M9D"
			v.Shop.Name = must(t, Settings).ShopName[r.Locale]
			v.Agent.Signature = "Lin"
			if full {
				v.Contact.Name = "Anna Berg"
				v.Case.AnswerBy = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
				v.Shop.Email, v.Shop.Phone, v.Shop.Hours = "a@example.com", "02 1234", "9-18"
			}
			out, err := liquid.New().Render(r.Body, v)
			if err != nil || strings.Contains(out, "\n\n\n") || strings.Contains(out, "{") || strings.Contains(out, " \n") {
				t.Errorf("%s %s: %v\n%s", r.Key, r.Locale, err, out)
			}
			if r.Kind == "ack" && strings.Contains(out, "2026") != full {
				t.Errorf("%s %s: the promised time\n%s", r.Key, r.Locale, out)
			}
		}
	}
}

func TestKeywords(t *testing.T) {
	categories := map[string]bool{}
	for _, c := range must(t, Categories) {
		categories[c.Key] = true
	}
	seen := map[string]bool{}
	locales := map[string]map[string]bool{}
	for _, r := range must(t, Keywords) {
		switch {
		case r.Effect == "priority" && (r.Value == "high" || r.Value == "urgent"):
		case r.Effect == "category" && categories[r.Value]:
		case r.Effect == "tag" && r.Value != "":
		default:
			t.Errorf("effect %q with value %q", r.Effect, r.Value)
		}
		what := r.Effect + " " + r.Value
		if locales[what] == nil {
			locales[what] = map[string]bool{}
		}
		locales[what][r.Locale] = true
		if len(r.Words) == 0 || strings.TrimSpace(r.Note) == "" {
			t.Errorf("%s %s has no words or no note", what, r.Locale)
		}
		for _, w := range r.Words {
			id := what + r.Locale + fold(w)
			if seen[id] || w == "" || w != strings.TrimSpace(w) {
				t.Errorf("%s %s: %q is double or blank", what, r.Locale, w)
			}
			seen[id] = true
		}
	}
	for what, have := range locales {
		if len(have) != len(Locales()) {
			t.Errorf("%s exists in %d locales", what, len(have))
		}
	}
}

func fold(s string) string { return strings.ToLower(norm.NFKC.String(s)) }

// hits gives the effects of the keywords that occur anywhere in a message.
func hits(rows []KeywordRow, message string) []string {
	var out []string
	for _, r := range rows {
		for _, w := range r.Words {
			if strings.Contains(fold(message), fold(w)) && !slices.Contains(out, r.Effect+" "+r.Value) {
				out = append(out, r.Effect+" "+r.Value)
			}
		}
	}
	return out
}

func TestKeywordsHit(t *testing.T) {
	rows := must(t, Keywords)
	for message, want := range map[string]string{
		"再不處理我就寄存證信函，也會找消保官":                                   "tag legal",
		"小孩用了你們的椅子受傷了，剛從醫院回來":                                  "tag safety",
		"我要把對話 PO 上網，讓大家看看":                                    "tag reputation",
		"想跟貴公司洽談合作":                                            "category cooperation",
		"公司尾牙禮品想訂 200 份":                                       "category bulk",
		"你好，我是記者，想採訪店長":                                        "category media",
		"再不退款我就投诉12315":                                        "tag reputation",
		"孩子涂了以后皮肤过敏":                                           "tag safety",
		"我们公司想批量采购一批水杯":                                        "category bulk",
		"内容証明を送らせていただきます":                                      "tag legal",
		"充電中に煙が出てきました":                                         "tag safety",
		"ポットでやけどをしました":                                         "tag safety",
		"このことはSNSに投稿します":                                       "tag reputation",
		"番組の取材のお願いでご連絡しました":                                    "category media",
		"My lawyer will be in touch.":                          "tag legal",
		"The charger caught fire last night":                   "tag safety",
		"My son had an ALLERGIC REACTION to the cream":         "tag safety",
		"I'll leave a negative review everywhere":              "tag reputation",
		"I have asked my bank for a chargeback":                "tag dispute",
		"I was charged twice":                                  "tag dispute",
		"We would like to place a bulk order of 500 tote bags": "priority high",
		"我的帳號被盜了":                                              "tag privacy",
	} {
		if got := hits(rows, message); !slices.Contains(got, want) {
			t.Errorf("%q: %v; want %s", message, got, want)
		}
	}
}

func TestOrdinaryMailHitsNothing(t *testing.T) {
	rows := must(t, Keywords)
	for _, message := range []string{
		"請問這件外套有 M 號嗎？謝謝合作", "我的訂單 20123154 什麼時候會到？", "想退貨，尺寸不合，請問流程", "朋友在 Dcard 推薦你們家", "登入時一直出現錯誤，收不到驗證信",
		"看到很多好評，想問保固多久", "可以開統編嗎？", "請問有實體門市嗎", "商品有一點瑕疵，可以換一個嗎？",
		"你好，请问这款有现货吗？", "快递显示已签收但是我没收到", "想改一下收货地址", "收到的颜色和图片不一样，想换货", "看评价有好评也有差评，质量到底怎么样",
		"届いた商品のサイズが合わないので交換できますか", "注文番号12345の配送状況を教えてください", "パスワードを忘れてログインできません", "ギフト包装はできますか", "口コミを見て購入しました",
		"There is an issue with my order, the parcel has not arrived", "Do you ship to Germany?", "I pursued the courier but got no answer", "Is the fire sale still on?",
		"The review on your site was helpful. Is the blue one in stock?", "I would like to return these shoes", "Can I change my delivery address?", "How do I reset my password?",
	} {
		if got := hits(rows, message); len(got) > 0 {
			t.Errorf("%q: %v", message, got)
		}
	}
}

func TestSettings(t *testing.T) {
	s := must(t, Settings)
	if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone != "Asia/Taipei" || s.Locale != "zh-TW" {
		t.Errorf("%+v, %v", s, err)
	}
	complete(t, "shop_name", s.ShopName)
	complete(t, "service_hours", s.ServiceHours)
}
