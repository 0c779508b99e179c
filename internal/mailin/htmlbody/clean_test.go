package htmlbody

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestClean(t *testing.T) {
	const link = ` rel="noopener noreferrer nofollow" target="_blank"`
	for _, c := range []struct{ name, body, want string }{
		{"words", `<p class="x" id="y" onclick="a()">Hello <b>there</b></p>`, `<p>Hello <b>there</b></p>`},
		{"script", `a<script>alert(1)</script><SCRIPT src=//x>b</SCRIPT>c`, `ac`},
		{"style sheet", `<style>p{background:url(//x)}</style>a`, `a`},
		{"event", `<img src=cid:a onerror=alert(1)>`, `<img src="cid:a"/>`},
		{"svg", `a<svg onload=alert(1)><a href="javascript:alert(1)"><text>b</text></a></svg>c`, `ac`},
		{"math", `<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>z`, `z`},
		{"noscript", `<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>z`, `&#34;&gt;z`},
		{"template", `<template><script>alert(1)</script></template>z`, `z`},
		{"comment", `a<!--><script>alert(1)</script>-->b`, `a--&gt;b`},
		{"conditional comment", `a<!--[if mso]><script>x</script><![endif]-->b<![if !mso]>c<![endif]>`, `abc`},
		{"textarea", `<textarea><script>x</script></textarea>z`, `z`},
		{"title that breaks out", `<title><a href="</title><img src=x onerror=alert(1)>">z`, `&#34;&gt;z`},
		{"form", `<form action="https://evil.example"><input name=p value=1><button>Go</button></form>`, `Go`},
		{"iframe", `<iframe src="https://evil.example">x</iframe>z`, `z`},
		{"object", `<object data=x><embed src=y></object>z`, `z`},
		{"base, meta, link", `<base href=//evil.example><meta http-equiv=refresh content="0;url=//x"><link rel=stylesheet href=//x>z`, `z`},
		{"javascript", `<a href="javascript:alert(1)">x</a>`, `x`},
		{"javascript in pieces", "<a href=\"java\tscript:alert(1)\">x</a><a href=' &#x6A;avascript:alert(1)'>y</a>", `xy`},
		{"vbscript, data, file, cid", `<a href="vbscript:x">1</a><a href="data:text/html,x">2</a><a href="file:///etc">3</a><a href="cid:x">4</a>`, `1234`},
		{"relative link", `<a href="/admin">x</a><a href="//x.example/">y</a><a href="#top">z</a>`, `xyz`},
		{"link", `<a href="HTTPS://shop.example/a?b=1&amp;c=2" target=_top rel=opener>x</a>`, `<a href="https://shop.example/a?b=1&amp;c=2"` + link + `>x</a>`},
		{"link with CJK", `<a href="https://shop.example/商品">商品</a>`, `<a href="https://shop.example/%E5%95%86%E5%93%81"` + link + `>商品</a>`},
		{"mailto, tel", `<a href="mailto:a@b.example">a</a><a href="tel:+886 2 1234">b</a>`, `<a href="mailto:a@b.example"` + link + `>a</a><a href="tel:+886%202%201234"` + link + `>b</a>`},
		{"remote picture", `<img src="http://x.example/a.png" srcset="http://y.example/b.png 2x" alt="Logo" width="20" height="9999999">`,
			`<img data-remote-src="http://x.example/a.png" alt="Logo" width="20"/>`},
		{"remote picture without scheme", `<img src="//x.example/a.png">`, `<img data-remote-src="https://x.example/a.png"/>`},
		{"picture in the mail", `<img src="cid:image001.png@01DA.7" data-remote-src="javascript:x">`, `<img src="cid:image001.png@01DA.7"/>`},
		{"data-remote-src from outside", `<img data-remote-src="javascript:alert(1)" alt="x">`, `x`},
		{"data picture", `<img src="data:image/png;base64,AAAA" alt="Foto">`, `Foto`},
		{"tracking pixel", `a<img src="https://t.example/o.gif" width=1 height=1>`, `a`},
		{"remote by style", `<div style="background:url(https://t.example/x); color: RED; position:fixed; font-weight:bold">a</div>`,
			`<div style="color: red; font-weight: bold">a</div>`},
		{"expression", `<p style="color: expression(alert(1)); width: calc(1px)">a</p>`, `<p>a</p>`},
		{"background attribute", `<table background="https://t.example/x"><tr><td background="//t.example/y" colspan=2>a</td></tr></table>`,
			`<table><tr><td colspan="2">a</td></tr></table>`},
		{"hidden words", `<div style="display:none">secret</div><span style="font-size:0">tiny</span>a`, `<span></span>a`},
		{"old elements", `<center><font color="#FF0000">a</font></center>`, `<div style="text-align: center"><span style="color: #ff0000">a</span></div>`},
		{"unclosed", `<table><tr><td><b>a`, `<table><tr><td><b>a</b></td></tr></table>`},
		{"closed too often", `</div></td></table></body></html>a</p>`, `a`},
		{"unclosed attribute", `<p>a</p><img src="x onerror=alert(1)`, `<p>a</p>`},
		{"entities", `&lt;script&gt;alert(1)&lt;/script&gt;`, `&lt;script&gt;alert(1)&lt;/script&gt;`},
		{"plaintext and xmp", `a<xmp><script>x</script></xmp>b<plaintext><b>c`, `ab`},
		{"lists", `<ol start=3><li>a<li>b</ol>`, `<ol start="3"><li>a</li><li>b</li></ol>`},
		{"controls", "a\x00\x01b\u0085c", `abc`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Clean(c.body)
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			checkClean(t, c.body)
		})
	}
}

// checkClean reads a cleaned body as a browser would, and looks for anything that may not be there.
func checkClean(t *testing.T, body string) {
	t.Helper()
	out := Clean(body)
	if len(out) > MaxClean {
		t.Errorf("%d bytes", len(out))
	}
	if again := Clean(out); again != out {
		t.Errorf("not the same again:\n%q\n%q", out, again)
	}
	root, err := html.Parse(strings.NewReader(out))
	if err != nil {
		t.Fatalf("%v: %.300q", err, out)
	}
	allowed := map[string]string{
		"a": " href rel target ", "img": " src data-remote-src alt width height ", "td": " colspan rowspan width height ",
		"th": " colspan rowspan width height ", "table": " width height ", "ol": " start ",
	}
	for n := range root.Descendants() {
		switch n.Type {
		case html.CommentNode, html.DoctypeNode, html.RawNode:
			t.Errorf("a node of kind %v in %q", n.Type, out)
		}
		if n.Type != html.ElementNode {
			continue
		}
		// colgroup is what a browser adds to a table by itself
		if !shown.has(n.Data) && !setOf("html head body span div code colgroup").has(n.Data) || n.Namespace != "" {
			t.Errorf("<%s> in %q", n.Data, out)
		}
		for _, a := range n.Attr {
			if !strings.Contains(allowed[n.Data]+" dir lang style ", " "+a.Key+" ") {
				t.Errorf("<%s %s> in %q", n.Data, a.Key, out)
			}
			checkValue(t, a)
		}
	}
}

func checkValue(t *testing.T, a html.Attribute) {
	t.Helper()
	has := func(prefixes ...string) bool {
		for _, p := range prefixes {
			if strings.HasPrefix(a.Val, p) {
				return true
			}
		}
		return false
	}
	switch a.Key {
	case "href":
		if !has("http://", "https://", "mailto:", "tel:") {
			t.Errorf("href %q", a.Val)
		}
	case "src":
		if !has("cid:") {
			t.Errorf("src %q", a.Val)
		}
	case "data-remote-src":
		if !has("http://", "https://") {
			t.Errorf("data-remote-src %q", a.Val)
		}
	case "style":
		if strings.ContainsAny(a.Val, `\/"'<>@*`) || strings.Count(a.Val, "(") != strings.Count(a.Val, "rgb(") {
			t.Errorf("style %q", a.Val)
		}
	}
}

func TestCleanIsBounded(t *testing.T) {
	for name, body := range map[string]string{
		"long":       strings.Repeat("漢字 & words < ", 100_000),
		"no spaces":  strings.Repeat("漢", 300_000),
		"links":      strings.Repeat(`<a href="https://shop.example/">x</a>`, 20_000),
		"quotes":     strings.Repeat(`"`, 1_000_000),
		"deep":       strings.Repeat("<div>", 10_000) + "x" + strings.Repeat("</div>", 10_000) + "y",
		"deep cells": strings.Repeat("<table><tr><td>", 10_000) + "x",
		"deep font":  strings.Repeat("<font size=1><p>", 10_000) + "x",
	} {
		t.Run(name, func(t *testing.T) {
			checkClean(t, body)
			if len(Clean(body)) < 5 {
				t.Errorf("nothing is left: %q", Clean(body))
			}
		})
	}
}
