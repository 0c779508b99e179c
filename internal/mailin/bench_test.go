package mailin

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"
)

// corpus is a mix of mails as a shop gets them.
func corpus(t testing.TB) [][]byte {
	head := "Return-Path: <c@example.com>\nReceived: from mx by mx; Tue, 5 Mar 2024 09:02:03 +0800\nFrom: =?utf-8?B?6Zmz5reR6Iqs?= <c@example.com>\nTo: desk+c-abc@example.com\nSubject: =?big5?B?" +
		base64.StdEncoding.EncodeToString([]byte(in(t, big5, "請問訂單"))) + "?=\nDate: Tue, 5 Mar 2024 09:02:03 +0800\nMessage-ID: <1@a>\n"
	words := strings.Repeat("您好，我上週訂的商品還沒收到，請協助查詢，謝謝。\n", 20)
	quote := "\n小店 <shop@example.com> 於 2024年3月5日 週二 下午1:00寫道：\n" + strings.Repeat("> 我們已經收到您的來信。\n", 50)
	page := "<html><body><div dir=\"ltr\">" + strings.Repeat("<p>您好，我上週訂的<b>商品</b>還沒收到。</p>\n", 100) + "</div><div class=\"gmail_quote\"><blockquote>" + strings.Repeat("<p>舊的</p>", 100) + "</blockquote></div></body></html>"
	photo := base64.StdEncoding.EncodeToString(make([]byte, 300_000))
	html := "Content-Type: text/html; charset=utf-8\n\n" + page
	utf := "Content-Type: text/plain; charset=utf-8\n\n" + words + quote
	var out [][]byte
	for _, body := range []string{
		utf,
		"Content-Type: text/plain; charset=big5\n\n" + in(t, big5, words+quote),
		"Content-Type: text/plain; charset=iso-2022-jp\n\n" + in(t, jis, strings.Repeat("お世話になっております。商品が届きません。\n", 40)),
		"\n" + in(t, gb, strings.Repeat("您好，请问我的订单什么时候发货？\n", 40)),
		html,
		mixed("alternative", utf, html),
		mixed("mixed", inside("alternative", "a", utf, html), "Content-Type: image/jpeg; name=\"=?utf-8?B?54Wn54mHLmpwZw==?=\"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n"+photo),
	} {
		out = append(out, []byte(head+body))
	}
	return out
}

// BenchmarkParse reads the mixed corpus and reports the 99th percentile.
func BenchmarkParse(b *testing.B) {
	mails := corpus(b)
	var size int64
	for _, m := range mails { // the first mail pays for tables that all share
		size += int64(len(m))
		if _, err := Parse(context.Background(), m); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(size / int64(len(mails)))
	b.ReportAllocs()
	took := make([]time.Duration, 0, 1024)
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		if _, err := Parse(context.Background(), mails[i%len(mails)]); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
