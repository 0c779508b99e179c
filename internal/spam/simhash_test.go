package spam

import (
	"strings"
	"testing"
)

func TestSimHash(t *testing.T) {
	en := "Hello, I was on your website and noticed some errors on it. We can place you on the first page with quality links. May I send a quote? Best regards"
	zh := "您好，我們是專業的網路公司，可以幫助貴公司提升排名與曝光，近期有優惠方案，歡迎與我們聯繫洽談合作事宜，謝謝。"
	ja := "突然のご連絡失礼いたします。弊社は集客の支援をしております。一度オンラインでお話しできれば幸いです。"
	tests := []struct {
		name, a, b string
		near       bool
	}{
		{"the same", en, en, true},
		{"spaces, case and width", zh, strings.ReplaceAll(zh, "，", " , "), true},
		{"hidden characters", en, strings.ReplaceAll(en, "o", "o\u200b"), true},
		{"another greeting", en, "Hi Mary, " + en[len("Hello, "):], true},
		{"a name at the end", en, en + " John", true},
		{"another greeting in Chinese", zh, "王經理" + zh, true},
		{"a name in Japanese", ja, ja + "田中", true},
		{"other links", en + " https://a.example/x1", en + " http://other.top/zzz?u=8841 www.third.example", true},
		{"other numbers", zh + "優惠碼 12345", zh + "優惠碼 99", true},
		{"other mail addresses", zh + "mail:a@b.example", zh + "mail:somebody.else@long.example", true},
		{"another language", en, zh, false},
		{"another text", en, "My order arrived with the wrong size and I would like to exchange it for a larger one, how do I do that?", false},
		{"about another product", "請問這款保溫瓶還有現貨嗎，我想買兩個謝謝", "請問這款背包還有現貨嗎，我想買三個謝謝", false},
		{"another request", "您好，我的訂單昨天到貨，但是少了一件商品，請問可以補寄嗎？謝謝", "您好，我的訂單今天到貨，但是商品有破損，請問可以換貨嗎？謝謝", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, okA := SimHash(tt.a)
			b, okB := SimHash(tt.b)
			if !okA || !okB {
				t.Fatal("too short")
			}
			if n := apart(a, b); (n <= nearBits) != tt.near {
				t.Errorf("%d bits apart, want near = %v", n, tt.near)
			}
		})
	}
}

func TestSimHashNeedsText(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "hello": false, "請問有現貨嗎": false, "\n": false,
		"https://junk.example/a-very-long-path/that-goes-on": false,
		strings.Repeat("1234567890 ", 20):                    false,
		"Is this one still in stock today":                   true,
		"請問這款保溫瓶還有現貨嗎":                                       true,
		"!!!! ???? .... ,,,, ;;;; !!!! ????":                 false,
	} {
		if _, ok := SimHash(text); ok != want {
			t.Errorf("%q: ok = %v", text, ok)
		}
	}
}

func FuzzSimHash(f *testing.F) {
	f.Add("Hello, I was on your website and noticed some errors http://a.example on it.", "x")
	f.Add("請問這款保溫瓶還有現貨嗎 a@b.example", "12")
	f.Fuzz(func(t *testing.T, text, more string) {
		hash, ok := SimHash(text)
		if again, okAgain := SimHash(text); again != hash || okAgain != ok {
			t.Fatal("the hash differs from time to time")
		}
		if !ok && hash != 0 {
			t.Fatalf("no hash, but %x", hash)
		}
		SimHash(text + more + text)
	})
}

func BenchmarkSimHash(b *testing.B) {
	for name, text := range map[string]string{"question": "您好，請問這款保溫瓶還有現貨嗎？我想買兩個，謝謝。", "long": strings.Repeat(longLine, 100)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				SimHash(text)
			}
		})
	}
}
