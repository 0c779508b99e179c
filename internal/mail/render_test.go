package mail_test

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

func TestFragment(t *testing.T) {
	tests := []struct{ text, want string }{
		{"a\nb\n\n\nc", "<p>a<br>\nb</p>\n<p>c</p>\n"},
		{"<script>alert('1')</script> & \"x\" &copy; &lt;", "<p>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &#34;x&#34; &amp;copy; &amp;lt;</p>\n"},
		{"請看https://example.com/t/abc?x=1&y=2。謝謝", `<p>請看<a href="https://example.com/t/abc?x=1&amp;y=2">https://example.com/t/abc?x=1&amp;y=2</a>。謝謝</p>` + "\n"},
		{"(see http://example.com/a_(b)).", `<p>(see <a href="http://example.com/a_(b)">http://example.com/a_(b)</a>).</p>` + "\n"},
		{"https://example.com/a*b*c_d_e?q=[1]", `<p><a href="https://example.com/a*b*c_d_e?q=%5B1%5D">https://example.com/a*b*c_d_e?q=[1]</a></p>` + "\n"},
		{"https://a.example/\nhttps://b.example/ x", `<p><a href="https://a.example/">https://a.example/</a><br>` + "\n" + `<a href="https://b.example/">https://b.example/</a> x</p>` + "\n"},
		{"javascript:alert(1) data:text/html,x http:// https://user:pw@evil.example/", "<p>javascript:alert(1) data:text/html,x http:// https://user:pw@evil.example/</p>\n"},
		{`https://example.com/"onmouseover="x`, `<p><a href="https://example.com/">https://example.com/</a>&#34;onmouseover=&#34;x</p>` + "\n"},
		{"", ""},

		// marks
		{"這是**重要**的，**注意：**請", "<p>這是<strong>重要</strong>的，<strong>注意：</strong>請</p>\n"},
		{"**see https://a.example**", `<p><strong>see <a href="https://a.example">https://a.example</a></strong></p>` + "\n"},
		{"[退貨說明](https://a.example/r?x=1&y=2)請看", `<p><a href="https://a.example/r?x=1&amp;y=2">退貨說明</a>請看</p>` + "\n"},
		{"[mail](mailto:a@example.com) [call](tel:+88621234)", `<p><a href="mailto:a@example.com">mail</a> <a href="tel:+88621234">call</a></p>` + "\n"},
		{"**[x](https://a.example)**", `<p><strong><a href="https://a.example">x</a></strong></p>` + "\n"},
		{"# Title\ntext", "<h1>Title</h1>\n<p>text</p>\n"},
		{"請準備：\n- 訂單編號\n- 照片\n謝謝", "<p>請準備：</p>\n<ul>\n<li>訂單編號</li>\n<li>照片</li>\n</ul>\n<p>謝謝</p>\n"},
		{"1. a\n2. b\n\n4. d", "<ol>\n<li value=\"1\">\n<p>a</p>\n</li>\n<li value=\"2\">\n<p>b</p>\n</li>\n<li value=\"4\">\n<p>d</p>\n</li>\n</ol>\n"},
		{"> asked\nanswered", "<blockquote>\n<p>asked</p>\n</blockquote>\n<p>answered</p>\n"},
		{"a\n---\nb", "<p>a</p>\n<hr>\n<p>b</p>\n"},

		// what people type without a thought of Markdown
		{"order AB_12_34 __y__ ____ #12 *a* 10*20*30 長*寬*高 2**3**4 5 * 6", "<p>order AB_12_34 __y__ ____ #12 *a* 10*20*30 長*寬*高 2**3**4 5 * 6</p>\n"},
		{"#12\n# 12\n1.\n-\n* note\n+ 5\n2026. 11. 5\n5. 11. 2026", "<p>#12<br>\n# 12<br>\n1.<br>\n-<br>\n* note<br>\n+ 5<br>\n2026. 11. 5<br>\n5. 11. 2026</p>\n"},
		{"100* and 20**, **** 1234, ~~~~, ====\n====", "<p>100* and 20**, **** 1234, ~~~~, ====<br>\n====</p>\n"},
		{"`a` ```b``` ~~c~~\n~~~\n```\nd", "<p>`a` ```b``` ~~c~~<br>\n~~~<br>\n```<br>\nd</p>\n"},
		{"> a\n>        b\n-        c\n\n          d", "<blockquote>\n<p>a<br>\nb</p>\n</blockquote>\n<ul>\n<li>c</li>\n</ul>\n<p>d</p>\n"},
		{"    indented\n\tand\n　　全形", "<p>indented<br>\nand<br>\n　　全形</p>\n"},
		{`C:\dir\_x ¯\_(ツ)_/¯ \*x`, `<p>C:\dir\_x ¯\_(ツ)_/¯ *x</p>` + "\n"},
		{`\**no** \[a](https://a.example)`, "<p>**no** [a](<a href=\"https://a.example\">https://a.example</a>)</p>\n"},
		{"[注](見下) [x] [1]: https://a.example", "<p>[注](見下) [x] [1]: <a href=\"https://a.example\">https://a.example</a></p>\n"},
		{"[x](javascript:alert(1)) [y](https://u:p@a.example) [z](data:text/html,x)", "<p>[x](javascript:alert(1)) [y](https://u:p@a.example) [z](data:text/html,x)</p>\n"},
		{"Anna <anna@example.com>", "<p>Anna &lt;anna@example.com&gt;</p>\n"},
		{"a\uE000b", "<p>ab</p>\n"},

		// images
		{"![the label](cid:label.png) ![照片](<cid:my photo.jpg>)", `<p><img src="cid:i1@shop.example" alt="the label" style="max-width:100%"> <img src="cid:i2@shop.example" alt="照片" style="max-width:100%"></p>` + "\n"},
		{"![\"><script>](cid:label.png)", `<p><img src="cid:i1@shop.example" alt="&#34;&gt;&lt;script&gt;" style="max-width:100%"></p>` + "\n"},
		{"![gone](cid:gone.png)", "<p>gone</p>\n"},
		{"![logo](https://a.example/x.png)", `<p><a href="https://a.example/x.png">logo</a></p>` + "\n"},
		{"[x](cid:label.png)", "<p>[x](cid:label.png)</p>\n"},
	}
	images := map[string]string{"label.png": "i1@shop.example", "my photo.jpg": "i2@shop.example"}
	for _, tt := range tests {
		if got := mail.Fragment(mail.Source{Text: tt.text, Images: images}); got != tt.want {
			t.Errorf("%q:\n got %q\nwant %q", tt.text, got, tt.want)
		}
	}
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"a\r\nb\rc":                              "a\nb\nc",
		"請看[說明](https://a.example/x)。":           "請看說明 (https://a.example/x)。",
		"[](https://a.example)":                  "https://a.example",
		"[https://a.example](https://a.example)": "https://a.example",
		"[write](mailto:a@example.com)":          "write (a@example.com)",
		"![label](cid:label.png)":                "label",
		"![logo](https://a.example/x.png)":       "logo (https://a.example/x.png)",
		"**bold**, AB_12_34, #12, - x\n1.":       "**bold**, AB_12_34, #12, - x\n1.",
		"[注](見下) [x](javascript:a)":              "[注](見下) [x](javascript:a)",
		`\*x\*`:                                  "*x*",
	} {
		if got := mail.Plain(text); got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
	}
}

func TestRenderShell(t *testing.T) {
	for lang, font := range map[string]string{"zh-TW": "PingFang TC", "zh-CN": "PingFang SC", "ja": "Hiragino", "en": "Roboto"} {
		plain, page := mail.Render(mail.Source{Text: "x", Lang: lang})
		if plain != "x" || !strings.HasPrefix(page, "<!DOCTYPE html>\n<html lang=\""+lang+"\">") || !strings.Contains(page, font) || !strings.HasSuffix(page, "<p>x</p>\n</body>\n</html>\n") {
			t.Errorf("%s: %q, %q", lang, plain, page)
		}
	}
	if _, page := mail.Render(mail.Source{Text: "x", Lang: `en" onload="x`}); !strings.HasPrefix(page, "<!DOCTYPE html>\n<html>") {
		t.Errorf("a bad language tag gave %.60q", page)
	}
}

// Quotes in one another end somewhere, so that neither we nor the reader's program
// work without an end. Nothing of the text is lost.
func TestFragmentDepth(t *testing.T) {
	for _, deep := range []string{strings.Repeat(">", 300) + " x", strings.Repeat("> ", 300) + "x", strings.Repeat("> - ", 150) + "x", strings.Repeat("> 1. ", 150) + "x", strings.Repeat("> + > * ", 75) + "x"} {
		got := mail.Fragment(mail.Source{Text: deep})
		if n := strings.Count(got, "<blockquote>") + strings.Count(got, "<ul>") + strings.Count(got, "<ol"); n < 3 || n > 20 {
			t.Errorf("%.20q…: %d levels", deep, n)
		}
		if !strings.Contains(got, "x</p>") && !strings.Contains(got, "x</li>") || strings.Contains(got, "\uE000") {
			t.Errorf("%.20q…: %q", deep, got)
		}
	}
	if got := mail.Fragment(mail.Source{Text: ">>> a"}); strings.Count(got, "<blockquote>") != 3 {
		t.Errorf("three quotes: %q", got)
	}
}

var tagPattern = regexp.MustCompile(`<[^>]*>`)

// letters are those of a text, in order.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

func FuzzRender(f *testing.F) {
	for _, s := range []string{"**a** [b](https://c.example) ![d](cid:e)", "1. a\n- b\n> c\n# d\n---", "https://a.example/[x", `\[\*`, "![", "[](", "** ** **", "\uE000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 5000 {
			return
		}
		plain, page := mail.Render(mail.Source{Text: text, Images: map[string]string{"e": "x@y"}})
		for _, tag := range strings.Split(page, "<")[1:] {
			name := strings.TrimLeft(strings.FieldsFunc(tag+" ", func(r rune) bool { return r == ' ' || r == '>' })[0], "/!")
			switch name {
			case "DOCTYPE", "html", "head", "meta", "body", "p", "br", "strong", "em", "a", "img", "ul", "ol", "li", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6":
			default:
				t.Fatalf("%q made the tag %q", text, name)
			}
		}
		if !strings.Contains(text, "](") && letters(html.UnescapeString(tagPattern.ReplaceAllString(mail.Fragment(mail.Source{Text: text}), ""))) != letters(text) {
			t.Errorf("%q lost letters: %q", text, page)
		}
		if !strings.Contains(text, "](") && plain != mail.Plain(plain) && !strings.Contains(text, `\`) {
			t.Errorf("plain text of %q changes again: %q", text, plain)
		}
	})
}
