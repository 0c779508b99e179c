package hooks

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/imapbox/imaptest"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// fullDisk makes the folder of files a small disk of its own, or, where no test may
// mount one, a place in which nothing can be made. It returns what cures that.
func (s *mailShop) fullDisk() (room func()) {
	s.t.Helper()
	storage := filepath.Join(s.App.DataDir(), core.LocalStorageDirName)
	if err := os.MkdirAll(storage, 0o755); err != nil {
		s.t.Fatal(err)
	}
	mount := func(args ...string) error { return exec.Command("mount", append(args, "tmpfs", storage)...).Run() }
	if mount("-t", "tmpfs", "-o", "size=256k") == nil {
		s.t.Cleanup(func() {
			if out, err := exec.Command("umount", "-l", storage).CombinedOutput(); err != nil {
				s.t.Errorf("umount: %v %s", err, out)
			}
		})
		return func() {
			if err := mount("-o", "remount,size=64m"); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	if err := os.RemoveAll(storage); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(storage, nil, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return func() {
		if err := os.Remove(storage); err != nil {
			s.t.Fatal(err)
		}
	}
}

// The disk is full: the webhook says so, the mailbox's position stays where it
// is, and once there is room all are there, once.
func TestMailWithoutRoom(t *testing.T) {
	box := imaptest.Start(t, imaptest.Options{})
	s := newMailShop(t)
	if err := desk.SetSecret(s.App, desk.SecretInbound, hookSecret); err != nil {
		t.Fatal(err)
	}
	id := s.bind(box, nil)
	s.idle(box)
	room := s.fullDisk()
	long := strings.Repeat("It is a long story about a cup.\n", 2_000)
	letter := func(i int) []byte {
		return letterFrom(fmt.Sprintf("v%d@example%d.com", i, i), "service@shop.example", fmt.Sprintf("Cup %d", i), fmt.Sprintf("Question %d about cups.\n%s", i, long))
	}
	var refused [][]byte
	for i := range 8 {
		raw := letter(i)
		if status, _ := s.bring(raw); status >= 500 {
			refused = append(refused, raw)
		}
	}
	if len(refused) == 0 {
		t.Fatal("the disk took everything")
	}
	at := s.box(id)["last_uid"]
	for i := range 4 {
		box.Append(letter(100 + i))
	}
	s.pass("the failure", func() bool { return s.box(id)["state"] == desk.MailboxFailing })
	if got := s.box(id); got["last_uid"] != at || got["last_error"] == "" {
		t.Errorf("mailbox %v, before at %v", got, at)
	}
	room()
	for _, raw := range refused {
		if status, _ := s.bring(raw); status != http.StatusAccepted {
			t.Errorf("brought again: %d", status)
		}
	}
	for range 9 { // what could be stored and not be read for want of room
		s.timers.advance(6 * time.Hour)
		s.pass("all of it", func() bool {
			_, err := s.plugin.inbound.Drain(t.Context())
			return err == nil && len(s.Rows(desk.InboundMails)) == 12
		})
	}
	subjects := map[string]int{}
	for _, r := range s.Rows(desk.InboundMails) {
		subjects[r.GetString("subject")]++
		if r.GetString("status") != desk.MailDone {
			t.Errorf("%s is %s: %s", r.GetString("subject"), r.GetString("status"), r.GetString("error"))
		}
	}
	if len(subjects) != 12 || len(s.Rows(desk.Feedbacks)) != 12 {
		t.Errorf("%d mails, %d submissions", len(subjects), len(s.Rows(desk.Feedbacks)))
	}
}

// The machine's clock is set back by hours: what was put off, for a mail in and for
// one out, does not wait for that time to come again, and what was counted leaves
// its window as ever.
func TestMailWhenClockIsSetBack(t *testing.T) {
	s := newMailShop(t)
	if err := desk.SetSecret(s.App, desk.SecretInbound, hookSecret); err != nil {
		t.Fatal(err)
	}
	s.SMTP.Always(mailtest.Fault{Mail: mailtest.Reply{Code: 451, Text: "later"}})
	s.Submit(nil)
	for range 6 { // tries are an hour apart by now
		s.Drain()
		s.Clock.Advance(time.Hour)
	}
	s.Drain()
	_, id := s.bring(letterFrom("anna@example.com", "service@shop.example", "Cups", "Do you have blue cups in stock?"))
	row, err := s.App.FindRecordById(desk.InboundMails, id)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(s.Rows(desk.Feedbacks)); n != 2 {
		t.Fatalf("%d submissions", n)
	}
	// a mail that has to wait, as one does after a fault
	row.Set("status", desk.MailReceived)
	row.Set("message_id", "<later@example.com>")
	row.Set("next_attempt", desk.Date(s.Clock.Now().Add(6*time.Hour)))
	if err := s.App.Save(row); err != nil {
		t.Fatal(err)
	}
	guess := func() int {
		status, _ := s.bring([]byte("x"), "Authorization", "Bearer guess")
		return status
	}
	for range wrongMinute {
		guess()
	}
	if guess() != http.StatusTooManyRequests {
		t.Error("guesses are not counted")
	}

	s.Clock.Advance(-9 * time.Hour)
	s.SMTP.Always(mailtest.Fault{})
	s.Drain()
	if n := len(s.SMTP.Mails()); n == 0 {
		t.Error("the acknowledgement waits for the time to come again")
	}
	if _, err := s.plugin.inbound.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if row, err = s.App.FindRecordById(desk.InboundMails, id); err != nil || row.GetString("status") == desk.MailReceived {
		t.Errorf("the mail waits: %s, %v", row.GetString("status"), err)
	}
	guess()
	s.Clock.Advance(2 * time.Minute)
	if status := guess(); status != http.StatusUnauthorized {
		t.Errorf("two minutes later a guess gets %d", status)
	}

	// and a year ahead, and back again
	s.Clock.Advance(365 * 24 * time.Hour)
	s.bring(letterFrom("bob@example.net", "service@shop.example", "Tea", "Is this year's tea on sale already?"))
	s.Clock.Advance(-365 * 24 * time.Hour)
	s.bring(letterFrom("eve@example.org", "service@shop.example", "Saucers", "Which saucers go with the blue cups?"))
	s.Clock.Advance(time.Hour)
	s.Drain()
	var to []string
	for i := range s.SMTP.Mails() {
		to = append(to, header(s.mail(i).View, "To"))
	}
	for _, who := range []string{"ming@example.com", "bob@example.net", "eve@example.org"} {
		if n := len(slices.DeleteFunc(slices.Clone(to), func(a string) bool { return !strings.Contains(a, who) })); n != 1 {
			t.Errorf("%d acknowledgements to %s", n, who)
		}
	}
}

// Programs that answer by themselves: none is answered, and a list that sends our
// own mail back to us neither.
func TestNobodyAnswersPrograms(t *testing.T) {
	s := newMailShop(t)
	if err := desk.SetSecret(s.App, desk.SecretInbound, hookSecret); err != nil {
		t.Fatal(err)
	}
	c := s.CaseOf(s.Submit(map[string]any{"email": "anna@example.com"})["id"].(string))
	ack := s.sent(1)[0]
	to := replyAddress(t, ack.View)
	threaded := "In-Reply-To: " + header(ack.View, "Message-ID") + "\r\n"
	for name, v := range map[string]struct {
		subject string
		headers []string
	}{
		"RFC 3834":               {"Out of office", []string{"Auto-Submitted: auto-replied\r\n"}},
		"with a parameter":       {"Away", []string{"Auto-Submitted: auto-replied; vacation\r\n"}},
		"generated":              {"Ticket 17", []string{"Auto-Submitted: auto-generated\r\n"}},
		"X-Autoreply":            {"Hello", []string{"X-Autoreply: yes\r\n"}},
		"X-Autorespond":          {"Hello", []string{"X-Autorespond: Re: your mail\r\n"}},
		"X-AutoReply-From":       {"Hello", []string{"X-AutoReply-From: anna@example.com\r\n"}},
		"Exchange":               {"Automatic reply: Cups", []string{"X-Auto-Response-Suppress: All\r\n"}},
		"bulk":                   {"News", []string{"Precedence: bulk\r\n"}},
		"X-Loop":                 {"Hello", []string{"X-Loop: anna@example.com\r\n"}},
		"a list":                 {"[cups] Re: hello", []string{"List-Id: <cups.lists.example>\r\n"}},
		"a subject alone, zh-TW": {"自動回覆：休假中", nil},
		"a subject alone, zh-CN": {"自动回复：我在休假", nil},
		"a subject alone, ja":    {"自動返信：不在のお知らせ", nil},
		"a subject alone, en":    {"Out of Office: Re: Cups", nil},
	} {
		for _, address := range []string{to, "service@shop.example"} {
			if _, id := s.bring(letterFrom("anna@example.com", address, v.subject, "I am away until the tenth.", append(v.headers, threaded)...)); id == "" {
				t.Errorf("%s was not taken", name)
			}
		}
	}
	// a list that echoes what we sent, as it was and under its own name
	echo := func(from string) []byte {
		raw := append([]byte("Return-Path: <cups-bounces@lists.example>\r\n"), s.SMTP.Mails()[0].Raw...)
		if from != "" {
			raw = bytes.Replace(raw, []byte("service@shop.example"), []byte(from), 1)
		}
		return raw
	}
	s.bring(echo(""))
	s.bring(echo("cups@lists.example"))
	s.Clock.Advance(time.Hour)
	s.Drain()
	if n := len(s.SMTP.Mails()); n != 1 {
		t.Errorf("%d mails left", n-1)
	}
	if len(s.Cases()) != 1 || len(s.words(c.Id)) != 1 {
		t.Errorf("%d cases, %q", len(s.Cases()), s.words(c.Id))
	}
	// one that bears no mark at all, and never answers to the address for answers
	for i := range 10 {
		s.bring(letterFrom("robot@machines.example", "service@shop.example", fmt.Sprintf("Your request %d", i), fmt.Sprintf("Thank you for writing to us. Your number is %d. We will come back to you.", i)))
		s.Drain()
	}
	if n := len(s.SMTP.Mails()) - 1; n > 3 {
		t.Errorf("%d acknowledgements to a program without marks", n)
	}
}
