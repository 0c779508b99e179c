package demo

import (
	"encoding/binary"
	"hash/fnv"
	"net/netip"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	content "github.com/pocketdesk/pocketdesk/internal/demo"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// filling is how long the visitor had the form open before sending it.
func filling(s content.Submission) time.Duration {
	if s.Bot.Fast {
		return 900*time.Millisecond + time.Duration(dice(s.ID)%900)*time.Millisecond
	}
	return 40*time.Second + time.Duration(dice(s.ID)%200)*time.Second
}

// isBot tells whether a program sent the message; other junk was typed by hand.
func isBot(s content.Submission) bool { return s.Bot.Fast || s.Bot.Honeypot }

// feedback is the message as the form sends it.
func feedback(app core.App, s content.Submission, index int) (*desk.Feedback, error) {
	f, err := desk.NewFeedback(app)
	if err != nil {
		return nil, err
	}
	for name, v := range map[string]any{
		"name": s.Name, "email": s.Email, "phone": s.Phone, "category": s.Category, "order_no": s.OrderNo,
		"subject": s.Subject, "message": s.Message, "locale": s.Locale, "consent": true, "source": desk.SourceDemo,
	} {
		f.Set(name, v)
	}
	if name, data := content.File(s.File, index); name != "" {
		file, err := filesystem.NewFileFromBytes(data, name)
		if err != nil {
			return nil, err
		}
		f.Set("attachments", []*filesystem.File{file})
	}
	return f, nil
}

// visit dresses a message with what its sender's machine says of itself.
func visit(f *desk.Feedback, s content.Submission, form Form) Visit {
	v := Visit{
		Feedback: f, Form: form, IP: address(s), UserAgent: browser(s.ID), AcceptLanguage: languages(s.Locale),
	}
	if isBot(s) {
		v.UserAgent, v.AcceptLanguage = "python-requests/2.32.3", ""
	}
	if s.Bot.Honeypot {
		v.Honeypot = "https://promo.example.com/"
	}
	return v
}

// address is one of the networks that are kept free for examples (RFC 5737 and
// RFC 3849), the same for all messages of one person.
func address(s content.Submission) netip.Addr {
	n := dice(s.Email + s.Phone)
	if n%5 == 0 {
		a := [16]byte{0x20, 0x01, 0x0d, 0xb8}
		binary.BigEndian.PutUint32(a[4:], n)
		a[15] = 1
		return netip.AddrFrom16(a)
	}
	nets := [...][3]byte{{192, 0, 2}, {198, 51, 100}, {203, 0, 113}}
	p := nets[n/5%3]
	return netip.AddrFrom4([4]byte{p[0], p[1], p[2], byte(1 + n/15%254)})
}

func browser(id string) string {
	list := [...]string{
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0",
	}
	return list[dice(id)%uint32(len(list))]
}

func languages(locale string) string {
	switch locale {
	case "zh-TW":
		return "zh-TW,zh;q=0.9,en;q=0.7"
	case "zh-CN":
		return "zh-CN,zh;q=0.9"
	case "ja":
		return "ja,en-US;q=0.7"
	}
	return "en-GB,en;q=0.9"
}

// dice is a number that is always the same for the same text.
func dice(text string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(text))
	return h.Sum32()
}
