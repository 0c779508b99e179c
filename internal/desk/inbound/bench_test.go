package inbound_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/mailin"
)

// BenchmarkTakeIn takes a mixed post in: each mail is stored durably, read, screened
// or put on its case, and settled. Four doors bring mails at a time, as mailboxes do.
//
//	go test ./internal/desk/inbound -run '^$' -bench TakeIn -benchtime 2000x
func BenchmarkTakeIn(b *testing.B) {
	app := desktest.New(b)
	// as the ready binary does it
	if _, err := app.NonconcurrentDB().NewQuery("PRAGMA synchronous = FULL").Execute(); err != nil {
		b.Fatal(err)
	}
	var cases []*desk.Case
	for i := range 50 {
		cases = append(cases, app.Case(desktest.Values{"email": visitorAt(i)}))
	}
	post := make([][]byte, b.N)
	size := 0
	for i := range post {
		post[i] = mailNumber(i, cases)
		size += len(post[i])
	}
	b.SetBytes(int64(size / b.N))
	app.Mail.Start()
	defer app.Mail.Stop()
	b.ResetTimer()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= b.N {
					return
				}
				if _, _, err := app.Mail.Take(inbound.Raw{Source: desk.FromWebhook, Data: post[i]}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	stored := b.Elapsed()
	if _, err := app.Mail.Drain(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
	b.ReportMetric(float64(b.N)/stored.Seconds(), "stored/s")
	rows := app.All(desk.InboundMails, nil)
	if len(rows) != b.N {
		b.Fatalf("%d of %d mails", len(rows), b.N)
	}
	for _, r := range rows {
		if s := r.GetString("status"); s != desk.MailDone {
			b.Fatalf("a mail is %s: %s", s, r.GetString("error"))
		}
	}
}

// BenchmarkParsePost reads the same post and reports the 99th percentile of one mail.
func BenchmarkParsePost(b *testing.B) {
	var post [][]byte
	for i := range 60 {
		post = append(post, mailNumber(i, nil))
		if _, err := mailin.Parse(b.Context(), post[i]); err != nil {
			b.Fatal(err)
		}
	}
	took := make([]time.Duration, 0, 4096)
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		if _, err := mailin.Parse(b.Context(), post[i%len(post)]); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

func visitorAt(i int) string { return fmt.Sprintf("visitor%d@mail%d.example", i, i%200) }

// mailNumber is one of a post as shops get it: two in five answer a mail on one of
// the cases, one in six has a file, half have HTML, and each was written by another
// program in another place.
func mailNumber(i int, cases []*desk.Case) []byte {
	head := func(from, to, subject string) string {
		return fmt.Sprintf("Return-Path: <%[1]s>\r\nReceived: from mx.example by mx.shop.example; Mon, 16 Nov 2026 09:00:00 +0800\r\nFrom: %[1]s\r\nTo: %[2]s\r\nSubject: %[3]s\r\nDate: Mon, 16 Nov 2026 09:00:00 +0800\r\nMessage-ID: <%[4]d.post@mail.example>\r\nMIME-Version: 1.0\r\n",
			from, to, subject, i)
	}
	from, to := visitorAt(1_000+i), "desk@shop.example"
	if len(cases) > 0 && i%5 < 2 {
		at := i % len(cases)
		from, to = visitorAt(at), desktest.AnswerTo(cases[at])
	}
	word := fmt.Sprintf("%d 號", i)
	switch i % 6 {
	case 0: // a web mailer in Taiwan
		text := "您好，訂單 " + word + " 的茶杯收到了，可是杯口有缺角，想請問怎麼換貨？\n謝謝您。\n" + strings.Repeat("另外也想問一下別的顏色。", 20)
		return mime(head(from, to, encoded("關於訂單 "+word)), "alternative",
			part("text/plain; charset=UTF-8", []byte(text+"\n\n山嵐選物 <desk@shop.example> 於 2026年11月15日 週日 下午3:10寫道：\n\n"+strings.Repeat("> 我們已經收到您的來信。\n", 20))),
			part("text/html; charset=UTF-8", []byte("<div dir=\"ltr\">"+strings.ReplaceAll(text, "\n", "<br>")+"</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">山嵐選物 於 2026年11月15日 週日 下午3:10寫道：<br></div><blockquote class=\"gmail_quote\">"+strings.Repeat("<p>我們已經收到您的來信。</p>", 20)+"</blockquote></div>")))
	case 1: // a phone in Japan
		return append([]byte(head(from, to, encoded("ご注文 "+word)+"")+"Content-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"),
			in(japanese.ISO2022JP, "お世話になっております。"+word+"の件です。\r\n急須の在庫はありますでしょうか。\r\nよろしくお願いいたします。\r\n\r\n2026/11/15 15:10 desk@shop.example:\r\n> お問い合わせありがとうございます。\r\n")...)
	case 2: // a mail service in China
		text := "你好，请问我的订单 " + word + " 什么时候可以发货？已经等了一个星期了。"
		return mime(head(from, to, encoded("询问订单 "+word)), "alternative",
			part("text/plain; charset=\"gb18030\"", in(simplifiedchinese.GB18030, text+"\r\n\r\n------------------ 原始邮件 ------------------\r\n发件人: \"山岚\" <desk@shop.example>;\r\n发送时间: 2026年11月15日(星期天) 下午3:10\r\n\r\n我们已经收到您的来信。\r\n")),
			part("text/html; charset=\"gb18030\"", in(simplifiedchinese.GB18030, "<div>"+text+"</div><div><br></div><div style=\"font-size: 12px;\">------------------ 原始邮件 ------------------</div><div>发件人: \"山岚\"</div>")))
	case 3: // a program of an office, with a picture
		text := "Hello, the cup of order " + word + " arrived broken. A picture is with this mail.\n\nBest regards\nAnna"
		return mime(head(from, to, "Broken cup "+fmt.Sprint(i)), "mixed",
			part("text/html; charset=utf-8", []byte("<html><head><style>p{margin:0}</style></head><body><p>"+strings.ReplaceAll(text, "\n", "</p><p>")+"</p></body></html>")),
			"Content-Type: image/jpeg; name=\"=?UTF-8?B?54Wn54mHLmpwZw==?=\"\r\nContent-Disposition: attachment; filename*=UTF-8''%E7%85%A7%E7%89%87.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n"+
				lines(append([]byte{0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0}, bytes.Repeat([]byte{byte(i), byte(i >> 8), 7}, 40_000)...)))
	case 4: // an older program in Taiwan
		return append([]byte(head(from, to, encoded("退貨 "+word))+"Content-Type: text/plain; charset=big5\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"),
			in(traditionalchinese.Big5, "您好，我想退回訂單 "+word+"，請問運費由誰負擔？\r\n")...)
	}
	return append([]byte(head(from, to, fmt.Sprintf("Opening hours %d", i))+"Content-Type: text/plain; charset=utf-8\r\n\r\n"),
		fmt.Sprintf("Hi, are you open on Sunday the %d? I would come by with two friends.\r\n\r\nOn Sun, Nov 15, 2026 at 3:10 PM Shop <desk@shop.example> wrote:\r\n%s", i%28, strings.Repeat("> Thank you for your message.\r\n", 30))...)
}

func encoded(s string) string {
	return "=?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?="
}

func in(e encoding.Encoding, s string) []byte {
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(err)
	}
	return b
}

func lines(b []byte) string {
	var out strings.Builder
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(b)), 76) {
		out.Write(line)
		out.WriteString("\r\n")
	}
	return out.String()
}

func part(kind string, body []byte) string {
	return "Content-Type: " + kind + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines(body)
}

func mime(head, kind string, parts ...string) []byte {
	var b strings.Builder
	b.WriteString(head + "Content-Type: multipart/" + kind + "; boundary=\"=_next\"\r\n\r\n")
	for _, p := range parts {
		b.WriteString("--=_next\r\n" + p + "\r\n")
	}
	b.WriteString("--=_next--\r\n")
	return []byte(b.String())
}
