package htmlbody

import (
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"empty", "", ""},
		{"no markup", "just  words\nin two", "just words in two"},
		{"paragraphs", "<p>a</p><p>b<br>c</p><div>d</div><div>e</div>", "a\n\nb\nc\n\nd\ne"},
		{"empty lines fold", "a<br><br><br><br>b<p>&nbsp;</p><p>&nbsp;</p>c", "a\n\nb\n\nc"},
		{"Word's paragraphs", `<p class="MsoNormal">a</p><p class="MsoNormal">b</p>`, "a\nb"},
		{"line break in Chinese is no space", "<p>您好，\n我的訂單\n還沒到</p><p>Order\n12</p>", "您好，我的訂單還沒到\n\nOrder 12"},
		{"line break in Korean is a space", "<p>안녕\n하세요</p>", "안녕 하세요"},
		{"invisible marks", "a\u200bb\ufeffc\u00add&shy;e", "abcde"},
		{"emoji with joiners stay", "👨‍👩‍👧 ok", "👨‍👩‍👧 ok"},
		{"nbsp", "a&nbsp;&nbsp;b &nbsp; c", "a b c"},
		{"link", `see <a href="https://shop.example/a">the page</a>.`, "see the page (https://shop.example/a)."},
		{"link that says so", `<a href="https://www.shop.example/">shop.example</a> <a href="mailto:a@b.example?subject=x">a@b.example</a>`, "shop.example a@b.example"},
		{"script link", `<a href="javascript:x()">x</a>`, "x"},
		{"list", `<ol start="3"><li>a<li>b<ul><li>c</ul></ol>d`, "3. a\n4. b\n  - c\n\nd"},
		{"quote", `a<blockquote type="cite">b<blockquote type="cite">c</blockquote></blockquote>d`, "a\n\n> b\n\n> > c\n\nd"},
		{"table", "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td></td><td>3</td></tr></table>", "A\tB\n1\t3"},
		{"pre", "<pre>a  b\n  c\n\nd</pre>", "a  b\nc\n\nd"},
		{"style and title", "<head><title>T</title><style>p{}</style></head><p>a</p>", "a"},
		{"hidden", `<div style="display:none!important">x</div><span hidden>y</span><div style="max-height:0;overflow:hidden">z</div>a`, "a"},
		{"tiny around normal", `<td style="font-size:0">x<p style="font-size:14px">a</p></td>`, "a"},
		{"only pictures", `<img src="cid:1" alt="receipt.jpg"><br><img src="cid:2" alt="">`, "[receipt.jpg]"},
		{"inline elements", "<b>中</b><i>文</i> <u>字</u>", "中文 字"},
	} {
		if got := Text(c.body); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct{ name, body, fresh, quoted string }{
		{"empty", "", "", ""},
		{"all new", `<p>a</p>`, `<p>a</p>`, ""},
		{"introduction goes with its quote", `<p>a</p><p><br></p><p>On 04/03/2024 10:12, Bo wrote:</p><blockquote type="cite"><p>q</p></blockquote><p>&nbsp;</p>`,
			`<p>a</p>`, `<p>On 04/03/2024 10:12, Bo wrote:</p><blockquote type="cite"><p>q</p></blockquote>`},
		{"within one element", `<div>a<br>On 04/03/2024 10:12, Bo &lt;bo@x.example&gt; wrote:<br>q<br>r</div>`,
			`<div>a<br/></div>`, `<div>On 04/03/2024 10:12, Bo &lt;bo@x.example&gt; wrote:<br/>q<br/>r</div>`},
		{"pictures stay", `<p>a</p><img src="cid:1"/><div class="gmail_quote"><div class="gmail_attr">x:</div><blockquote>q<img src="cid:2"/></blockquote></div>`,
			`<p>a</p><img src="cid:1"/>`, `<div class="gmail_quote"><div class="gmail_attr">x:</div><blockquote>q<img src="cid:2"/></blockquote></div>`},
		{"only a picture", `<img src="cid:1"/><blockquote type="cite">q</blockquote>`, `<img src="cid:1"/>`, `<blockquote type="cite">q</blockquote>`},
		{"signature stays", `<p>a</p><div class="gmail_signature">S</div><blockquote type="cite">q</blockquote>`,
			`<p>a</p><div class="gmail_signature">S</div>`, `<blockquote type="cite">q</blockquote>`},
		{"empty cells hold their column", `<table><tr><td></td><td>a</td></tr></table>`, `<table><tr><td></td><td>a</td></tr></table>`, ""},
		{"plain text as HTML", `<pre>a` + "\n&gt; q\n</pre>", "<pre>a\n</pre>", "<pre>&gt; q\n</pre>"},
	} {
		fresh, quoted := Split(c.body)
		if fresh != c.fresh || strings.ReplaceAll(quoted, "<p><br/></p>", "") != c.quoted {
			t.Errorf("%s\n got %q\nand %q\nwant %q\nand %q", c.name, fresh, quoted, c.fresh, c.quoted)
		}
	}
}

// TestNothingIsLost: each word of a body stands in the new part or in the rest.
func TestNothingIsLost(t *testing.T) {
	for _, s := range samples(t) {
		whole := strings.Join(strings.Fields(join(readLines(parse(s.body), false), func(int) bool { return true }, func(int) string { return "" })), " ")
		text, rest := Reply(s.body)
		both := " " + strings.Join(strings.Fields(text+" "+rest), " ") + " "
		for _, word := range strings.Fields(whole) {
			if !strings.Contains(both, " "+word+" ") {
				t.Errorf("%s %s: %q is in neither part", s.file, s.name, word)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	deep := strings.Repeat("<div>", 10_000) + "in" + strings.Repeat("</div>", 10_000) + "<p>after</p>"
	if got := Text(deep); got != "in\n\nafter" {
		t.Errorf("deep: %q", got)
	}
	if got := Text(`<img src="data:image/png;base64,` + strings.Repeat("AAAA", maxInput) + `"><p>words</p>`); got != "words" {
		t.Errorf("behind a large picture: %.50q", got)
	}
	pictures := readLines(parse(strings.Repeat("<img src=https://a.example/b.png alt=picture>", 20_000)), false)
	if len(pictures) != 1 || len(pictures[0].alt) > 2000 {
		t.Errorf("%d lines of pictures, %d bytes stand for them", len(pictures), len(pictures[0].alt))
	}
	if n := len(readLines(parse(strings.Repeat("a<br>", 50_000)), false)); n > maxLines+1 {
		t.Errorf("%d lines", n)
	}
	if got, _ := Reply("a\xff\xfe<b>b"); got != "a\ufffdb" {
		t.Errorf("broken UTF-8: %q", got)
	}
}

// TestDoubt: what only might be a signature stays.
func TestDoubt(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{"<p>Two things:</p><p>--</p><p>Where is my order?</p><p>Which size is it</p>", "Two things:\n\n--\n\nWhere is my order?\n\nWhich size is it"},
		{"<p>Two things:</p><p>--</p><ul><li>my order</li><li>its size</li></ul>", "Two things:\n\n--\n\n- my order\n- its size"},
		{"<p>How did it travel?</p><p>Sent by mail last week</p>", "How did it travel?\n\nSent by mail last week"},
		{"<p>Please call.</p><p>--</p><p>Bob<br>+886 912 345 678</p>", "Please call."},
		{"<p>Please call.</p><p>Sent from my iPhone</p>", "Please call."},
	} {
		if got, _ := Reply(c.body); got != c.want {
			t.Errorf("%s: %q, want %q", c.body, got, c.want)
		}
	}
}
