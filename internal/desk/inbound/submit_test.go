package inbound_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

var marksOfMachines = regexp.MustCompile(`(?mi)^(auto-submitted|x-auto-response-suppress|precedence|return-path|list-[a-z-]+):.*\r\n(?:[ \t].*\r\n)*`)

// unmarked is a mail without the headers by which machines know each other.
func unmarked(raw []byte) []byte {
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	return slices.Concat(marksOfMachines.ReplaceAll(append(head, "\r\n"...), nil), []byte("\r\n"), body)
}

func TestAcknowledgedTo(t *testing.T) {
	for name, c := range map[string]struct {
		h  head
		to string
	}{
		"the sender":                 {nil, "anna@example.com"},
		"his other address":          {head{"Return-Path": "<a.berg@mail.example.com>"}, "a.berg@mail.example.com"},
		"another organisation":       {head{"Return-Path": "<x@bulk.example>"}, "anna@example.com"},
		"a path for bounces":         {head{"Return-Path": "<bounces+12=anna@example.com>"}, "anna@example.com"},
		"somebody else's mailbox":    {head{"From": "anna@gmail.com", "Return-Path": "<eve@gmail.com>"}, "anna@gmail.com"},
		"the same at a provider":     {head{"From": "anna@gmail.com", "Return-Path": "<an.na@gmail.com>"}, "an.na@gmail.com"},
		"no path":                    {head{"Return-Path": ""}, "anna@example.com"},
		"never to Reply-To":          {head{"Reply-To": "eve@lure.example"}, "anna@example.com"},
		"nor within the same domain": {head{"Reply-To": "all@example.com"}, "anna@example.com"},
	} {
		app := desktest.New(t)
		m := app.Take(desktest.Letter("Do you have blue cups?", c.h))
		if d := app.Delivery(m.Case(), "ack"); d.Recipient() != c.to {
			t.Errorf("%s: to %s, want %s", name, d.Recipient(), c.to)
		}
	}
}

func TestAcknowledgementsOfADay(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"limits": map[string]any{"ack_day": -1}}) // no limit for forms
	for i := range 5 {
		app.Take(desktest.Letter(fmt.Sprintf("Question number %d: do you have cups of colour %d?", i, i*7), nil))
	}
	if cases, acks := len(app.All(desk.Cases, nil)), len(app.All(desk.Outbox, nil)); cases != 5 || acks != 3 {
		t.Errorf("%d cases, %d acknowledgements", cases, acks)
	}
}

// The acknowledgement of a mail is its answer in the visitor's mail program.
func TestAcknowledgementThreads(t *testing.T) {
	a := newSide(t, "desk@shop.example")
	m := a.app.Take(desktest.Letter("Do you have blue cups?", head{"Message-ID": "<q1@example.com>"}))
	if _, err := a.app.Outbox.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	raw := string(a.smtp.Mails()[0].Raw)
	if !strings.Contains(raw, "In-Reply-To: <q1@example.com>") || !strings.Contains(raw, "References: <q1@example.com>") || a.smtp.Mails()[0].From != "" {
		t.Errorf("mail %s\n%s", m.Id, raw)
	}
}

func TestLocales(t *testing.T) {
	for text, want := range map[string]string{
		"請問這個茶杯還有貨嗎？我想訂兩個。":           "zh-TW",
		"请问这个茶杯还有货吗？我想订两个。":           "zh-CN",
		"この湯呑みはまだ在庫がありますか。":           "ja",
		"Do you still have this cup?": "en",
		"你好，茶杯有嗎 iPhone Safari 14":    "zh-TW",
		"123":                         "zh-TW", // the shop's own
	} {
		app := desktest.New(t)
		app.Choose(desktest.Values{"locale": "zh-TW"})
		m := app.Take(desktest.Letter(text, head{"Subject": ""}))
		if f := desk.AsFeedback(app.Find(desk.Feedbacks, m.Feedback())); f.Locale() != want {
			t.Errorf("%s: %s, want %s", text, f.Locale(), want)
		}
	}
}

// withFiles is a mail with a picture inside its text, a document and one thing
// that no form would take.
func withFiles(words string, h head) []byte {
	png := base64.StdEncoding.EncodeToString([]byte("\x89PNG\r\n\x1a\n" + strings.Repeat("x", 100)))
	html := "<p>" + words + "</p><img src=\"cid:pic1@x\">"
	all := head{"Content-Type": "multipart/related; boundary=b"}
	for k, v := range h {
		all[k] = v
	}
	return desktest.Letter("--b\nContent-Type: text/html; charset=utf-8\n\n"+html+"\n"+
		"--b\nContent-Type: image/png; name=\"cup.png\"\nContent-ID: <pic1@x>\nContent-Disposition: inline; filename=\"cup.png\"\nContent-Transfer-Encoding: base64\n\n"+png+"\n"+
		"--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename*=UTF-8''%E7%99%BC%E7%A5%A8.pdf\n\n%PDF-1.4 invoice\n"+
		"--b\nContent-Type: text/html\nContent-Disposition: attachment; filename=\"page.html\"\n\n<script>alert(1)</script>\n--b--\n", all)
}

func TestFilesOfANewMail(t *testing.T) {
	app := desktest.New(t)
	m := app.Take(withFiles("This is the cup that I mean.", nil))
	f := desk.AsFeedback(app.Find(desk.Feedbacks, m.Feedback()))
	var names []string
	for _, n := range f.Files() {
		names = append(names, desk.OriginalName(f.Record, n))
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"cup.png", "page.html", "發票.pdf"}) {
		t.Errorf("files %v", names)
	}
}

func TestFilesOfAnAnswer(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	m := app.Take(withFiles("Here is the <b>cup</b>.", head{"To": desktest.AnswerTo(c)}))
	is(t, m, desk.MailDone, desk.MailJoined, "answer")
	said := incoming(app, c)[0]
	if len(said.Files()) != 3 || app.StoredFiles() != 4 {
		t.Fatalf("files %v, %d stored", said.Files(), app.StoredFiles())
	}
	html := said.GetString("html")
	at := slices.IndexFunc(said.Files(), func(n string) bool { return strings.HasPrefix(n, "cup") })
	if !strings.Contains(html, "<b>cup</b>") || !strings.Contains(html, "cid:"+said.Files()[at]) {
		t.Errorf("html %s", html)
	}
}

func TestOddTexts(t *testing.T) {
	app := desktest.New(t)
	long := strings.Repeat("茶杯很好。", 5_000)
	m := app.Take(desktest.Letter(long, nil))
	f := desk.AsFeedback(app.Find(desk.Feedbacks, m.Feedback()))
	if n := len([]rune(f.Message())); n != 20_000 || len(f.Files()) != 1 || desk.OriginalName(f.Record, f.Files()[0]) != "message.txt" {
		t.Errorf("%d characters, files %v", n, f.Files())
	}
	m = app.Take(desktest.Letter("", head{"From": "bob@example.net", "Subject": ""}))
	is(t, m, desk.MailDone, desk.MailCase, "new")
	if f := desk.AsFeedback(app.Find(desk.Feedbacks, m.Feedback())); f.Message() == "" {
		t.Error("a mail without words has no message")
	}
	m = app.Take(desktest.Letter("bell \x07 and null \x00 in it, and more words", head{"From": "carl@example.org", "Subject": strings.Repeat("long ", 200)}))
	is(t, m, desk.MailDone, desk.MailCase, "new")
}

// What is forwarded belongs to a new message; the name is kept whole.
func TestForwarded(t *testing.T) {
	app := desktest.New(t)
	m := app.Take(desktest.Letter("Is this from you?\n\n---------- Forwarded message ---------\nFrom: Bank <bank@lure.example>\nSubject: Pay now\n\nPay the open sum today.\n",
		head{"From": "=?utf-8?B?546L5bCP5piO?= <ming@example.com>", "Subject": "Fwd: Pay now"}))
	f := desk.AsFeedback(app.Find(desk.Feedbacks, m.Feedback()))
	if !strings.Contains(f.Message(), "Pay the open sum") || f.Name() != "王小明" {
		t.Errorf("%q from %q", f.Message(), f.Name())
	}
}

// Where one picture's name begins like another's, each stays what it is.
func TestPicturesWithLikeNames(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	picture := func(id, name string) string {
		return "--b\nContent-Type: image/png; name=\"" + name + "\"\nContent-ID: <" + id + ">\nContent-Disposition: inline; filename=\"" + name + "\"\nContent-Transfer-Encoding: base64\n\n" +
			base64.StdEncoding.EncodeToString([]byte("\x89PNG\r\n\x1a\n"+name)) + "\n"
	}
	app.Take(desktest.Letter("--b\nContent-Type: text/html; charset=utf-8\n\n<p>Both cups: <img src=\"cid:pic1\"><img src=\"cid:pic10\"></p>\n"+
		picture("pic1", "red.png")+picture("pic10", "blue.png")+"--b--\n", head{"To": desktest.AnswerTo(c), "Content-Type": "multipart/related; boundary=b"}))
	html := incoming(app, c)[0].GetString("html")
	if red, blue := strings.Index(html, "cid:red"), strings.Index(html, "cid:blue"); red < 0 || blue < red || strings.Contains(html, "cid:pic") {
		t.Errorf("html %s", html)
	}
}
