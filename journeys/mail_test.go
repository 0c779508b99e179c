package journeys

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/pocketdesk/pocketdesk/internal/imapbox"
	"github.com/pocketdesk/pocketdesk/internal/imapbox/imaptest"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// letterbox is the way in for mail, as a provider uses it.
type letterbox struct {
	*shop
	secret string
	n      int
}

func openLetterbox(s *shop) *letterbox {
	s.t.Helper()
	return &letterbox{shop: s, secret: s.call(http.MethodPost, "/api/desk/inbound/secret", map[string]any{})["secret"].(string)}
}

// bring hands a mail over; thread is the Message-ID that it answers, if any.
func (b *letterbox) bring(from, subject, words, thread string) {
	b.t.Helper()
	req, err := http.NewRequest(http.MethodPost, b.url+"/api/desk/inbound/email", bytes.NewReader(b.letter(from, subject, words, thread)))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+b.secret)
	req.Header.Set("Content-Type", "message/rfc822")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusAccepted {
		b.t.Fatalf("the webhook answers %s", res.Status)
	}
}

func (b *letterbox) letter(from, subject, words, thread string) []byte {
	b.n++
	head := fmt.Sprintf("Return-Path: <%[1]s>\r\nFrom: <%[1]s>\r\nTo: <desk@example.com>\r\nSubject: %[2]s\r\nMessage-ID: <m%[3]d@visitor.example>\r\n", from, subject, b.n)
	if thread != "" {
		head += "In-Reply-To: " + thread + "\r\nReferences: " + thread + "\r\n"
	}
	return []byte(head + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(words, "\n", "\r\n") + "\r\n")
}

// taken is a case that the superuser has taken, and the Message-ID of its acknowledgement.
func (s *shop) taken(email, subject, text string) (id, thread string) {
	s.t.Helper()
	s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
		"name": "Mei Lin", "email": email, "phone": "0912-345-678", "locale": "en", "subject": subject, "message": text, "consent": true,
	})
	ack, err := mail.ParseCaught(s.mailsTo(email, 1)[0].Raw)
	if err != nil {
		s.t.Fatal(err)
	}
	me := s.call(http.MethodPost, "/api/desk/me", map[string]any{})["agent"].(map[string]any)
	c := s.items("/api/desk/cases?queue=open")[0]
	for _, one := range s.items("/api/desk/cases?queue=open") {
		if one["subject"] == subject {
			c = one
		}
	}
	s.call(http.MethodPatch, "/api/collections/cases/records/"+c["id"].(string), map[string]any{"assignee": me["id"], "status": "open", "version": c["version"]})
	return c["id"].(string), header(ack, "Message-ID")
}

// messages are those of a case, oldest first.
func (s *shop) messages(id string) []map[string]any {
	s.t.Helper()
	var out []map[string]any
	for _, m := range s.call(http.MethodGet, "/api/desk/cases/"+id, nil)["messages"].([]any) {
		out = append(out, m.(map[string]any))
	}
	return out
}

func openCase(t *testing.T, ctx context.Context, s *shop, id string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(s.url+"/_/#/desk/c/"+id+"?queue=mine"), chromedp.WaitVisible(".pd-msg.is-in"), chromedp.WaitVisible(".pd-compose-text"))
}

func words(selector, text string) chromedp.Action[chromedp.Void] {
	return until(fmt.Sprintf(`[...document.querySelectorAll(%q)].some((el) => el.textContent.includes(%q))`, selector, text))
}

// A visitor answers by mail while the case is open on the screen, and again while
// another one is: the words are there without a reload, the row stands out until
// the case is opened, and what the agent writes meanwhile stays in his hands.
func TestMailAnswerComesLive(t *testing.T) {
	s := openShop(t)
	b := openLetterbox(s)
	id, thread := s.taken("mei@example.org", "Lid of the teapot", "The lid is cracked. May I send it back?")
	other, _ := s.taken("tom@example.org", "Opening hours", "Are you open on Sunday?")
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)
	do(t, ctx, chromedp.SendKeys(".pd-compose-text", "Of course, "))
	b.bring("mei@example.org", "Re: Lid of the teapot", "Here is my address: 1 Harbour Road.\n\nOn Sunday you wrote:\n> We have got your message.", thread)
	do(t, ctx, words(".pd-msg.is-in .pd-text", "1 Harbour Road"))
	do(t, ctx, until(`document.activeElement == document.querySelector(".pd-compose-text") && document.activeElement.value == "Of course, "`))
	shot(t, ctx, "mail-live")
	if text := get(t, ctx, chromedp.Text(".pd-messages")); strings.Contains(text, "We have got") {
		t.Errorf("what the mail repeats is not folded away: %s", text)
	}
	do(t, ctx, chromedp.Click(".pd-ellipsis"), words(".pd-quoted", "We have got your message"))

	openCase(t, ctx, s, other)
	do(t, ctx, chromedp.SendKeys(".pd-compose-text", "Yes"))
	b.bring("mei@example.org", "Re: Lid of the teapot", "And thank you!", thread)
	do(t, ctx, words(".pd-said-box", "Mei Lin answered"), until(`!!document.querySelector(".pd-row.is-unread[data-id='`+id+`'] .pd-unread")`))
	do(t, ctx, until(`document.activeElement == document.querySelector(".pd-compose-text") && document.activeElement.value == "Yes"`))
	shot(t, ctx, "mail-news")
	do(t, ctx, click(`document.querySelector(".pd-said-box a")`), words(".pd-msg.is-in .pd-text", "And thank you!"),
		until(`!document.querySelector(".pd-said-box a")`), until(`!document.querySelector(".pd-row[data-id='`+id+`'] .pd-unread")`))
	for _, m := range s.messages(id) {
		if m["direction"] == "in" && m["channel"] == "email" && m["has_raw"] != true {
			t.Errorf("the mail as it came is not at hand: %v", m)
		}
	}
}

// An answer is taken back in time, with the one who gets a copy; nothing leaves
// before it is sent again.
func TestUndoSend(t *testing.T) {
	byway(t)
	s := openShop(t)
	id, _ := s.taken("mei@example.org", "Lid of the teapot", "The lid is cracked. May I send it back?")
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)
	do(t, ctx,
		click(`document.querySelector(".pd-compose-tabs .pd-link")`),
		chromedp.WaitVisible(".pd-copies input"),
		chromedp.SendKeys(".pd-copies input", "not an address,"),
		words(".pd-copies-note", "not a mail address"),
		click(`document.querySelector(".pd-copies .pd-tag.is-bad button")`),
		chromedp.SendKeys(".pd-copies input", "Ann Lee <ann@partner.example>,"),
		words(".pd-copies-note", "ann@partner.example"),
		chromedp.SendKeys(".pd-compose-text", "Please send it to the worng address."),
		chromedp.Click(".pd-compose button[type=submit]"),
		chromedp.WaitVisible(".pd-undo-box .pd-countdown"),
		words(".pd-msg.is-out .pd-delivery", "Leaves in"),
	)
	shot(t, ctx, "undo-send")
	do(t, ctx,
		click(`document.querySelector(".pd-undo-box .pd-btn-small")`),
		until(`document.querySelector(".pd-compose-text").value == "Please send it to the worng address."`),
		words(".pd-copies .pd-tag", "Ann Lee"),
		until(`!document.querySelector(".pd-msg.is-out")`),
	)
	if n := len(s.messages(id)); n != 2 {
		t.Errorf("%d messages after the undo, want the visitor's and the acknowledgement", n)
	}
	do(t, ctx,
		until(`((el) => (el.focus(), el.select(), true))(document.querySelector(".pd-compose-text"))`),
		chromedp.KeyEvent("Please send it to our address."),
		chromedp.Click(".pd-compose button[type=submit]"),
	)
	sent, err := mail.ParseCaught(s.mailsTo("mei@example.org", 2)[1].Raw)
	if err != nil || !strings.Contains(sent.Text, "to our address") || !strings.Contains(header(sent, "Cc"), "ann@partner.example") {
		t.Errorf("sent: %v\n%s\nCc %s", err, sent.Text, header(sent, "Cc"))
	}
	if n := len(s.mailsTo("ann@partner.example", 1)); n != 1 {
		t.Errorf("%d copies", n)
	}
	do(t, ctx, words(".pd-msg.is-out .pd-delivery", "Sent"))
}

// A call is noted with one key, one choice and a line.
func TestCallIsNoted(t *testing.T) {
	byway(t)
	s := openShop(t)
	id, _ := s.taken("mei@example.org", "Lid of the teapot", "The lid is cracked. May I send it back?")
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)
	do(t, ctx,
		press("c"),
		chromedp.WaitVisible(".pd-call"),
		click(`document.querySelector(".pd-call input[value=no_answer]")`),
	)
	shot(t, ctx, "call")
	do(t, ctx, chromedp.Click(".pd-compose button[type=submit]"), words(".pd-call-line", "No answer"))
	do(t, ctx,
		click(`document.querySelector(".pd-compose-tabs .ri-phone-line").closest("button")`),
		chromedp.WaitVisible(".pd-call"),
		click(`[...document.querySelectorAll(".pd-call .pd-segment")].find((b) => b.textContent == "Visitor called")`),
		click(`document.querySelector(".pd-call input[value=answered]")`),
		chromedp.SendKeys(".pd-call-length", "2:05"),
		chromedp.SendKeys(".pd-compose-text", "She wants the new lid by Friday.\r"),
		words(".pd-msg .pd-text", "by Friday"),
	)
	shot(t, ctx, "call-noted")
	var calls []string
	for _, m := range s.messages(id) {
		if m["channel"] == "phone" {
			call := m["call"].(map[string]any)
			calls = append(calls, fmt.Sprint(m["direction"], " ", call["outcome"], " ", call["seconds"], " ", m["body"]))
		}
	}
	if want := "out no_answer 0 |in answered 125 She wants the new lid by Friday."; strings.Join(calls, "|") != want {
		t.Errorf("calls %q, want %q", strings.Join(calls, "|"), want)
	}
}

// Somebody else answers a case: his mail waits with the case's number, and joins
// the case only when staff say so.
func TestSomeoneElseJoinsCase(t *testing.T) {
	byway(t)
	s := openShop(t)
	b := openLetterbox(s)
	id, thread := s.taken("mei@example.org", "Lid of the teapot", "The lid is cracked. May I send it back?")
	b.bring("uncle@example.net", "Re: Lid of the teapot", "I am her uncle, please send it to me.", thread)
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/desk?queue=quarantine"),
		words(".pd-held-row", "answers #1"),
		chromedp.Click(".pd-held-row .pd-row"),
		words(".pd-held-for", "Someone else answered case #1"),
		words(".pd-case-actions", "Open a new case"),
	)
	shot(t, ctx, "someone-else")
	if n := len(s.messages(id)); n != 2 {
		t.Errorf("%d messages on the case before anybody decided", n)
	}
	do(t, ctx, chromedp.KeyEvent("e"), said("Added to case #1"), click(`document.querySelector(".pd-undo-box .pd-btn-small")`),
		words(".pd-msg.is-in .pd-text", "I am her uncle"), words(".pd-msg.is-in strong", "uncle@example.net"))
	shot(t, ctx, "someone-else-joined")
	if n := len(s.items("/api/desk/cases?queue=all")); n != 1 {
		t.Errorf("%d cases", n)
	}
}

// A mailbox is set up, checked with a wrong and a right password, and what lies
// in it becomes a case.
func TestMailboxIsSetUp(t *testing.T) {
	byway(t)
	s := openShop(t)
	b := openLetterbox(s)
	box := imaptest.Start(t, imaptest.Options{Security: imapbox.None})
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	field := func(label, value string) chromedp.Action[chromedp.Void] {
		return until(fmt.Sprintf(`((f) => {
			const el = f?.querySelector("input,select");
			if (!el) return false;
			el.value = %q;
			el.dispatchEvent(new Event(el.tagName == "SELECT" ? "change" : "input", { bubbles: true }));
			return true;
		})([...document.querySelectorAll(".pd-record.is-open .pd-field")].find((f) => f.querySelector("label")?.textContent == %q))`, value, label))
	}
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/settings/desk/mailboxes"),
		chromedp.WaitVisible(".pd-settings-intro .pd-btn-primary"),
		chromedp.Click(".pd-settings-intro .pd-btn-primary"),
		chromedp.WaitVisible(".pd-start"),
	)
	shot(t, ctx, "mailbox-presets")
	do(t, ctx,
		click(`[...document.querySelectorAll(".pd-start")].at(-1)`),
		field("Name", "Support"), field("Address", "desk@example.com"), field("Server (IMAP)", box.Host), field("Security", "none"),
		field("Port", fmt.Sprint(box.Port)), field("User name", box.Username), field("Password", "wrong"),
	)
	shot(t, ctx, "mailbox-editor")
	do(t, ctx,
		chromedp.Click(".pd-record.is-open .pd-form-foot .pd-btn-primary"),
		click(`document.querySelector(".pd-record-top .ri-pulse-line")?.closest("button")`),
		words(".pd-said", "was refused"),
	)
	shot(t, ctx, "mailbox-refused")
	do(t, ctx,
		chromedp.KeyEvent("\u001b"),
		until(`!document.querySelector(".pd-said:popover-open")`),
		chromedp.Click(".pd-record-line"),
		field("Password", box.Password),
		chromedp.Click(".pd-record.is-open .pd-form-foot .pd-btn-primary"),
		until(`!document.querySelector(".pd-record.is-open")`),
		// the list is drawn anew after saving, and a press on the old button is lost
		until(`(() => {
			const said = document.querySelector(".pd-said:popover-open");
			if (said?.textContent.includes("It opens")) return true;
			const button = document.querySelector(".pd-record-top .ri-pulse-line")?.closest("button");
			if (!said && button && !button.disabled && performance.now() - (window.pdPressed ?? -9999) > 3000) {
				window.pdPressed = performance.now();
				button.click();
			}
			return false;
		})()`),
	)
	shot(t, ctx, "mailbox-works")
	box.Append(b.letter("tom@example.org", "Opening hours", "Are you open on Sunday?", ""))
	do(t, ctx, chromedp.Navigate(s.url+"/_/#/desk?queue=open"), words(".pd-row", "Opening hours"))
	kept := s.items("/api/desk/mailboxes")[0]
	for _, v := range kept {
		if v == box.Password || v == "wrong" {
			t.Errorf("the password is shown: %v", kept)
		}
	}
}
