package mailin

import (
	"context"
	"encoding/base64"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
)

// files lists attachments as "name type inline".
func files(m *Mail) []string {
	var out []string
	for _, a := range m.Attachments {
		s := a.Name + " " + a.Type
		if a.Inline {
			s += " inline"
		}
		out = append(out, s)
	}
	return out
}

func TestStructure(t *testing.T) {
	for _, c := range []struct {
		name, raw, text, html string
		files                 []string
	}{
		{"plain", "\nhello", "hello", "", nil},
		{"html alone", "Content-Type: text/html\n\n<p>hello</p>", "hello", "<p>hello</p>", nil},
		{"alternative", mixed("alternative", "\n\nhello", "Content-Type: text/html\n\n<p>hello!</p>"), "hello", "<p>hello!</p>", nil},
		{"related", mixed("related", "Content-Type: text/html\n\n<img src=\"cid:x@y\">", "Content-Type: image/png; name=a.png\nContent-ID: <x@y>\n\nPNG"),
			"", `<img src="cid:x@y">`, []string{"a.png image/png inline"}},
		{"image said to be an attachment, yet shown", mixed("related", "Content-Type: text/html\n\n<img src=\"cid:x\">", "Content-Type: image/png; name=a.png\nContent-ID: <x>\nContent-Disposition: attachment\n\nPNG"),
			"", `<img src="cid:x">`, []string{"a.png image/png inline"}},
		{"image without a name", mixed("mixed", "\n\nhello", "Content-Type: image/jpeg\n\nJPG"), "hello", "", []string{"image.jpg image/jpeg"}},
		{"text file", mixed("mixed", "\n\nhello", "Content-Disposition: attachment; filename=a.txt\n\nfile"), "hello", "", []string{"a.txt text/plain"}},
		{"text file without disposition", mixed("mixed", "\n\nhello", "Content-Type: text/plain; name=a.txt\n\nfile"), "hello", "", []string{"a.txt text/plain"}},
		{"text after a file", mixed("mixed", "\n\none", "Content-Type: application/pdf; name=a.pdf\n\nPDF", "\n\ntwo"), "one\n\ntwo", "", []string{"a.pdf application/pdf"}},
		{"forwarded mail", mixed("mixed", "\n\nhello", "Content-Type: message/rfc822\n\nSubject: =?utf-8?B?6KiC5Zau?=\n\ninner"), "hello", "", []string{"訂單.eml message/rfc822"}},
		{"forwarded mail in base64", mixed("mixed", "\n\nhello", "Content-Type: message/rfc822; name=fwd\nContent-Transfer-Encoding: base64\n\n"+base64.StdEncoding.EncodeToString([]byte("Subject: a\n\ninner"))), "hello", "", []string{"fwd.eml message/rfc822"}},
		{"only a forwarded mail", "Content-Type: message/rfc822\n\nSubject: a/b\n\ninner", "", "", []string{"a-b.eml message/rfc822"}},
		{"digest", mixed("digest", "\n\nSubject: one\n\n1", "\n\nSubject: two\n\n2"), "", "", []string{"one.eml message/rfc822", "two.eml message/rfc822"}},
		{"part of a mail", "Content-Type: message/partial; number=2; total=3; id=x\n\nmiddle", "", "", []string{"message.eml message/partial"}},
		{"invitation", mixed("alternative", "\n\nmeet", "Content-Type: text/html\n\nmeet", "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR"), "meet", "meet", []string{"invite.ics text/calendar"}},
		{"TNEF", mixed("mixed", "\n\nhello", "Content-Type: application/octet-stream; name=winmail.dat\n\nTNEF"), "hello", "", []string{"winmail.dat application/ms-tnef"}},
		{"signed with OpenPGP", mixed("signed", "\n\nhello", "Content-Type: application/pgp-signature\n\nSIG"), "hello", "", []string{"signature.asc application/pgp-signature"}},
		{"signed with S/MIME", mixed("signed", "\n\nhello", "Content-Type: application/pkcs7-signature; name=smime.p7s\n\nSIG"), "hello", "", []string{"smime.p7s application/pkcs7-signature"}},
		{"encrypted with S/MIME", "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nBER", "", "", []string{"smime.p7m application/pkcs7-mime"}},
		{"encrypted with OpenPGP", mixed("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1", "Content-Type: application/octet-stream; name=encrypted.asc\n\nPGP"), "", "", []string{"encrypted.asc application/octet-stream"}},
		{"AppleDouble", mixed("mixed", "\n\nhello", strings.TrimSuffix(inside("appledouble", "z", "Content-Type: application/applefile; name=a.pdf\n\nres", "Content-Type: application/pdf; name=a.pdf\n\nPDF"), "\n")), "hello", "", []string{"a.pdf application/pdf"}},
		{"AMP", mixed("alternative", "\n\nhello", "Content-Type: text/x-amp-html\n\n<html amp>", "Content-Type: text/html\n\nhello"), "hello", "hello", nil},
		{"nameless nothing", mixed("mixed", "\n\nhello", "Content-Type: application/octet-stream\n\n  "), "hello", "", nil},
		{"uuencoded", "\nhello\n\nbegin 644 a.txt\n#0V%T\n`\nend\nbye", "hello\n\nbye", "", []string{"a.txt text/plain"}},
		{"delivery status", mixed("report; report-type=delivery-status", "\n\nsorry", "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x", "Content-Type: message/rfc822\n\nSubject: lost\n\nx"), "sorry", "", []string{"delivery-status.txt message/delivery-status", "lost.eml message/rfc822"}},
		{"alternative inside mixed inside related", mixed("mixed", inside("related", "r", strings.TrimSuffix(inside("alternative", "a", "\n\nhello", "Content-Type: text/html\n\n<b>hello</b>"), "\n"), "Content-Type: image/gif\nContent-ID: <g>\n\nGIF"), "Content-Type: application/pdf; name=a.pdf\n\nPDF"),
			"hello", "<b>hello</b>", []string{"image.gif image/gif", "a.pdf application/pdf"}},
	} {
		m := parse(t, "From: a@example.com\nSubject: x\n"+c.raw)
		if strings.TrimSpace(m.Text) != c.text || strings.TrimSpace(m.HTML) != c.html {
			t.Errorf("%s: text %q, html %q", c.name, m.Text, m.HTML)
		}
		if got := files(m); !reflect.DeepEqual(got, c.files) {
			t.Errorf("%s: files %q, want %q", c.name, got, c.files)
		}
	}
}

// mixed is a multipart of the kind.
func mixed(kind string, parts ...string) string { return inside(kind, "b", parts...) }

func inside(kind, boundary string, parts ...string) string {
	return "Content-Type: multipart/" + kind + "; boundary=" + boundary + "\n\n--" + boundary + "\n" + strings.Join(trimmed(parts), "\n--"+boundary+"\n") + "\n--" + boundary + "--\n"
}

// trimmed drops the first line end of parts that have no header.
func trimmed(parts []string) []string {
	var out []string
	for _, p := range parts {
		out = append(out, strings.TrimPrefix(p, "\n"))
	}
	return out
}

// TestBodyCharsets reads whole bodies, as text and as HTML, in the charsets that
// mail in Chinese, Japanese and Korean comes in.
func TestBodyCharsets(t *testing.T) {
	for _, c := range []struct {
		label, text string
		enc         encoding.Encoding
	}{
		{"big5", "您好：\n我上週訂的商品①還沒收到，請協助查詢。\n碁", big5},
		{"gb2312", "您好：\n请问发货了吗？朱镕", gb},
		{"gb18030", "您好：\n𠮷野家的訂單", gb},
		{"iso-2022-jp", "お世話になっております。\n髙橋です。①番の商品が届きません。", jis},
		{"shift_jis", "注文した商品ﾊﾝｶｸが届きません。\n﨑山", sjis},
		{"euc-jp", "返品をお願いいたします。", eucjp},
		{"ks_c_5601-1987", "안녕하세요.\n배송 문의드립니다. 뷁", euckr},
	} {
		raw := in(t, c.enc, c.text)
		for _, e := range []struct{ name, body string }{
			{"8bit", raw},
			{"base64", base64.StdEncoding.EncodeToString([]byte(raw))},
		} {
			head := "Subject: x\nContent-Transfer-Encoding: " + e.name + "\nContent-Type: text/"
			if m := parse(t, head+"plain; charset="+c.label+"\n\n"+e.body); m.Text != c.text {
				t.Errorf("%s, %s: %q", c.label, e.name, m.Text)
			}
			if m := parse(t, head+"html; charset=\""+c.label+"\"\n\n"+e.body); m.HTML != c.text {
				t.Errorf("%s, %s, html: %q", c.label, e.name, m.HTML)
			}
		}
		page := "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=" + c.label + "\"></head><body>" + raw + "</body></html>"
		if m := parse(t, "Content-Type: text/html\n\n"+page); !strings.Contains(m.HTML, c.text) {
			t.Errorf("%s named by the page: %q", c.label, m.HTML)
		}
	}
}

func TestIDsAndDates(t *testing.T) {
	m := parse(t, "Message-ID: <1@a>\nIn-Reply-To: Your message of \"Mon\" <2@b>\nReferences: <1@x>\n\t<2@b> 3@c <1@x>\nDate: Fri, 21 Nov 1997 09:55:06 -0600 (CST)\n\nx")
	if m.MessageID != "<1@a>" || m.MissingID {
		t.Errorf("id %q", m.MessageID)
	}
	if !reflect.DeepEqual(m.InReplyTo, []string{"<2@b>"}) || !reflect.DeepEqual(m.References, []string{"<1@x>", "<2@b>", "<3@c>"}) {
		t.Errorf("in reply to %q, references %q", m.InReplyTo, m.References)
	}
	none := parse(t, "Subject: a\n\nx")
	if !none.MissingID || !strings.HasSuffix(none.MessageID, "@missing>") || len(none.MessageID) != 32+len("<@missing>") {
		t.Errorf("missing id: %q", none.MessageID)
	}
	if again := parse(t, "Subject: a\n\nx"); again.MessageID != none.MessageID {
		t.Error("the same mail twice has two ids")
	}
	if other := parse(t, "Subject: a\n\ny"); other.MessageID == none.MessageID {
		t.Error("two mails have one id")
	}
	want := time.Date(2024, 3, 5, 1, 2, 3, 0, time.UTC)
	for _, s := range []string{
		"Tue, 5 Mar 2024 09:02:03 +0800", "Tue, 05 Mar 2024 09:02:03 +0800 (CST)", "5 Mar 2024 01:02:03 GMT",
		"Tue, 05 Mar 2024 09:02:03 +08:00", "Tue, 5 Mar 2024 09:02:03 GMT+0800", "Tue, 5 Mar 2024 09:02:03 GMT+08:00 (台北標準時間)",
		"2024-03-05T09:02:03+08:00", "2024-03-05 01:02:03", "Tue Mar 5 01:02:03 2024", "Tue, 5 Mar 24 01:02:03 +0000",
	} {
		if m := parse(t, "Date: "+s+"\n\nx"); !m.Date.Equal(want) {
			t.Errorf("%q: %v", s, m.Date)
		}
	}
	for _, s := range []string{"", "yesterday", "Tue, 99 Foo 2024", "Tue, 5 Mar 99999 01:02:03 +0000"} {
		if m := parse(t, "Date: "+s+"\n\nx"); !m.Date.IsZero() {
			t.Errorf("%q: %v", s, m.Date)
		}
	}
}

func TestHeader(t *testing.T) {
	h := parse(t, "X-A: one\nx-a: =?utf-8?B?5LqM?=\n folded\n\nx").Header
	if h.Get("X-a") != "one" || !reflect.DeepEqual(h.Values("X-A"), []string{"one", "二 folded"}) || h.Get("none") != "" {
		t.Errorf("%q", h.Values("X-A"))
	}
}

func TestKindOfMail(t *testing.T) {
	m := parse(t, "From: a@example.com\nSubject: Re: order\nMessage-ID: <1@a>\n\nhello")
	if m.Auto.Is || m.Receipt || m.Bounce.Kind != "none" {
		t.Errorf("a person's mail: %+v, receipt %v, %+v", m.Auto, m.Receipt, m.Bounce)
	}
	m = parse(t, "From: a@example.com\nAuto-Submitted: auto-replied\n\naway")
	if !m.Auto.Is || m.Auto.Why == "" {
		t.Errorf("automatic mail: %+v", m.Auto)
	}
	m = parse(t, "From: a@example.com\n"+mixed("report; report-type=disposition-notification", "\n\nread", "Content-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed"))
	if !m.Receipt || !m.Auto.Is {
		t.Errorf("read receipt: %v %+v", m.Receipt, m.Auto)
	}
	m = parse(t, "From: MAILER-DAEMON@example.com\nSubject: Undelivered\n"+mixed("report; report-type=delivery-status", "\n\nsorry",
		"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; gone@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown"))
	if m.Bounce.Kind != "hard" || len(m.Bounce.Recipients) != 1 || m.Bounce.Recipients[0].Address != "gone@example.net" || !m.Auto.Is {
		t.Errorf("bounce: %+v %+v", m.Bounce, m.Auto)
	}
}

func TestBody(t *testing.T) {
	m, err := Body(context.Background(), []byte("yes, please\r\n\r\nOn Mon, Jan 1, 2024 at 1:00 PM Shop <shop@example.com> wrote:\r\n> really?\r\n"), "text")
	if err != nil || m.Reply != "yes, please" || !strings.Contains(m.Quoted, "really?") {
		t.Errorf("text: %v, %q, %q", err, m.Reply, m.Quoted)
	}
	m, err = Body(context.Background(), []byte(`<div>yes, please</div><div class="gmail_quote">On Mon Shop wrote:<blockquote>really?</blockquote></div>`), "html")
	if err != nil || m.Reply != "yes, please" || strings.Contains(m.ReplyHTML, "really") {
		t.Errorf("html: %v, %q, %q", err, m.Reply, m.ReplyHTML)
	}
	if _, err := Body(context.Background(), nil, "rtf"); err == nil {
		t.Error("a body of another kind was taken")
	}
}
