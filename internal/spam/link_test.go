package spam

import (
	"fmt"
	"strings"
	"testing"
)

func TestFindLinks(t *testing.T) {
	tests := []struct{ in, want string }{
		{"no links here. None.", ""},
		{"https://Shop.Example/p/1?a=b", "shop.example/p/1?a=b"},
		{"http://shop.example/", "shop.example"},
		{"see www.shop.example, please", "www.shop.example"},
		{"shop.com.", "shop.com"},
		{"看shop.tw/p/1，謝謝", "shop.tw/p/1,謝謝"},
		{"請看https://shop.tw有貨嗎", "shop.tw"},
		{"請看https://shop.tw。", "shop.tw"},
		{"<https://a.example/x>", "a.example/x"},
		{"[url=https://a.example/x]y[/url]", "a.example/x"},
		{"(https://a.example)", "a.example"},
		{"https://a.example:8080/x", "a.example/x"},
		{"https://bank.example@evil.example/x", "evil.example/x"},
		{"http://192.0.2.7/x", "192.0.2.7/x"},
		{"http://例え.jp/x", "xn--r8jz45g.jp/x"},
		{"ｈｔｔｐｓ：／／ａ．ｅｘａｍｐｌｅ／ｘ", "a.example/x"},
		{"ht\u200btps://a.exa\u200bmple", "a.example"},
		{"hxxps://a.example", "a.example"},
		{"https://a.example/%E5%95%86?q=1", "a.example/商?q=1"},
		{"https://a.example/%zz", "a.example/%zz"},
		{"me@shop.com", ""},
		{"first.last@mail.shop.com", ""},
		{"shop.community file.config.js v1.2.3 3.5", ""},
		{"I paid.is it sent?", ""},
		{"t.me/junk", "t.me/junk"},
		{"a.com b.net/c a.com", "a.com b.net/c a.com"},
		{"https:// http://x www.", ""},
		{"http://a.example/http://b.example", "a.example/http://b.example"},
	}
	for _, tt := range tests {
		var got []string
		for _, l := range findLinks(clean(tt.in, maxText)) {
			got = append(got, l.host+l.path)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("findLinks(%q) = %q, want %q", tt.in, strings.Join(got, " "), tt.want)
		}
	}
	if n := len(findLinks(strings.Repeat("http://a.example b.com ", 5000))); n != maxLinks {
		t.Errorf("%d links, want %d", n, maxLinks)
	}
}

func TestLinkChecks(t *testing.T) {
	list := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "some more words that people write between links https://s%d.example/a ", i)
		}
		return b.String()
	}
	tests := []struct {
		name  string
		check Check
		text  string
		want  string
	}{
		{"none", checkLinks(), "hello", ""},
		{"one", checkLinks(), list(1), "links 0.5"},
		{"one twice", checkLinks(), list(1) + list(1), "links 0.5"},
		{"two", checkLinks(), list(2), "links 1"},
		{"three", checkLinks(), list(3), "links 2"},
		{"five", checkLinks(), list(5), "links 3"},
		{"ten", checkLinks(), list(10), "links 4"},
		{"to the shop itself", checkLinks(), "https://shop.example/1 https://www.SHOP.example/2", ""},
		{"to a look-alike of the shop", checkLinks(), "https://notshop.example/1", "links 0.5"},
		{"shortener", checkShorteners(), "https://bit.ly/abc", "link_shortener 1"},
		{"shorteners", checkShorteners(), "bit.ly/abc reurl.cc/x", "link_shortener 2"},
		{"no shortener", checkShorteners(), "https://rabbit.ly/abc", ""},
		{"chat", checkChatLinks(), "https://t.me/abc t.me/x", "link_chat 1"},
		{"the shop's chat", checkChatLinks(), "https://line.me/R/ti/p/@shop", ""},
		{"other letters", checkLinkHosts(), "http://例え.jp", "link_punycode 1"},
		{"punycode", checkLinkHosts(), "http://xn--r8jz45g.jp", "link_punycode 1"},
		{"bare address", checkLinkHosts(), "http://192.0.2.7/x", "link_ip 1.5"},
		{"cheap ending", checkLinkHosts(), "http://a.top", "link_ending 1"},
		{"normal host", checkLinkHosts(), "http://a.com", ""},
		{"only a link", checkLinkDensity(), "https://a.example/x", "link_density 1"},
		{"link and words", checkLinkDensity(), list(1), ""},
		{"link and Chinese", checkLinkDensity(), "https://a.tw/1請問這個商品還有現貨嗎我想買兩個", ""},
		{"only the shop's link", checkLinkDensity(), "https://shop.example/x", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := Message{Text: tt.text, OwnHosts: []string{"Shop.Example"}}
			if got := signals(t, tt.check, m); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
