package mail_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

const plainRaw = "From: desk@example.com\r\nTo: a@example.org\r\nSubject: x\r\n\r\nhello\r\n.dot\r\n"

// hangLimit ends the sessions that a server leaves hanging; anyLimit is far from
// anything that a working session needs.
const (
	hangLimit = 300 * time.Millisecond
	anyLimit  = time.Minute
)

func settings(s *mailtest.Server) mail.Server {
	return mail.Server{Host: s.Host, Port: s.Port, Timeout: anyLimit}
}

func envelope() mail.Envelope {
	return mail.Envelope{From: "bounce@example.com", To: []string{"a@example.org"}, Raw: []byte(plainRaw)}
}

func fault(t *testing.T, err error) *mail.SendError {
	t.Helper()
	var out *mail.SendError
	if !errors.As(err, &out) {
		t.Fatalf("error %v (%T) is no SendError", err, err)
	}
	if n := count(out.Temporary(), out.Permanent(), out.Unknown()); n != 1 {
		t.Fatalf("%v: temporary %v, permanent %v, unknown %v", err, out.Temporary(), out.Permanent(), out.Unknown())
	}
	return out
}

func count(list ...bool) (n int) {
	for _, b := range list {
		if b {
			n++
		}
	}
	return n
}

func TestSendDelivers(t *testing.T) {
	srv := mailtest.NewServer(t, mailtest.Script{})
	e := envelope()
	e.To = append(e.To, "foo..bar.@docomo.ne.jp", "b@例え.jp", "山田@example.jp")
	reply, err := mail.Send(t.Context(), settings(srv), e)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(reply, "queued") {
		t.Errorf("reply %q", reply)
	}
	got := srv.Mails()
	if len(got) != 1 || got[0].From != "bounce@example.com" || string(got[0].Raw) != plainRaw {
		t.Fatalf("got %+v", got)
	}
	want := "a@example.org foo..bar.@docomo.ne.jp b@xn--r8jz45g.jp 山田@example.jp"
	if to := strings.Join(got[0].To, " "); to != want {
		t.Errorf("recipients %s, want %s", to, want)
	}
	if got[0].EHLO != "[127.0.0.1]" {
		t.Errorf("EHLO %q", got[0].EHLO)
	}
}

func TestSendNullSender(t *testing.T) {
	srv := mailtest.NewServer(t, mailtest.Script{})
	e := envelope()
	e.From = ""
	if _, err := mail.Send(t.Context(), settings(srv), e); err != nil {
		t.Fatal(err)
	}
	if got := srv.Mails(); len(got) != 1 || got[0].From != "" {
		t.Fatalf("got %+v", got)
	}
}

func TestSendLineEnds(t *testing.T) {
	srv := mailtest.NewServer(t, mailtest.Script{})
	e := envelope()
	e.Raw = []byte("Subject: x\n\na\r.\rMAIL FROM:<b@example.com>\r\n.\nend")
	if _, err := mail.Send(t.Context(), settings(srv), e); err != nil {
		t.Fatal(err)
	}
	want := "Subject: x\r\n\r\na\r\n.\r\nMAIL FROM:<b@example.com>\r\n.\r\nend\r\n"
	if got := srv.Mails(); len(got) != 1 || string(got[0].Raw) != want {
		t.Fatalf("got %+v", got)
	}
}

// outcome is what the outbox must be told: temporary, permanent or unknown.
type outcome string

func outcomeOf(e *mail.SendError) outcome {
	switch {
	case e.Temporary():
		return "temporary"
	case e.Permanent():
		return "permanent"
	}
	return "unknown"
}

func TestSendFaults(t *testing.T) {
	large := []byte(plainRaw + strings.Repeat("0123456789abcdef\r\n", 1<<20))
	reply := func(code, class, subject, detail int) mailtest.Reply {
		return mailtest.Reply{Code: code, Enhanced: [3]int{class, subject, detail}, Text: "so it is"}
	}
	tests := []struct {
		name     string
		fault    mailtest.Fault
		null     bool
		raw      []byte
		limit    time.Duration
		stage    string
		code     int
		enhanced string
		outcome  outcome
		refused  bool // the null sender
		stored   int
	}{
		{name: "mail 4xx", fault: mailtest.Fault{Mail: reply(451, 4, 3, 0)}, stage: "mail", code: 451, enhanced: "4.3.0", outcome: "temporary"},
		{name: "mail 5xx", fault: mailtest.Fault{Mail: reply(550, 5, 7, 1)}, stage: "mail", code: 550, enhanced: "5.7.1", outcome: "permanent"},
		{name: "mail wants login", fault: mailtest.Fault{Mail: reply(530, 5, 7, 0)}, null: true, stage: "mail", code: 530, enhanced: "5.7.0", outcome: "temporary"},
		{name: "null sender refused", fault: mailtest.Fault{NullSender: reply(550, 5, 1, 7)}, null: true, stage: "mail", code: 550, enhanced: "5.1.7", outcome: "permanent", refused: true},
		{name: "null sender deferred", fault: mailtest.Fault{NullSender: reply(450, 4, 7, 1)}, null: true, stage: "mail", code: 450, enhanced: "4.7.1", outcome: "temporary"},
		{name: "null sender refused late", fault: mailtest.Fault{Rcpt: mailtest.Reply{Code: 553, Enhanced: [3]int{5, 7, 1}, Text: "<>: Sender address rejected: not here"}}, null: true, stage: "rcpt", code: 553, enhanced: "5.7.1", outcome: "permanent", refused: true},
		{name: "other sender refused late", fault: mailtest.Fault{Rcpt: mailtest.Reply{Code: 553, Enhanced: [3]int{5, 7, 1}, Text: "Sender address rejected"}}, stage: "rcpt", code: 553, enhanced: "5.7.1", outcome: "permanent"},
		{name: "too large from null", fault: mailtest.Fault{Mail: reply(552, 5, 3, 4)}, null: true, stage: "mail", code: 552, enhanced: "5.3.4", outcome: "permanent"},
		{name: "rcpt 4xx", fault: mailtest.Fault{Rcpt: reply(450, 4, 2, 1)}, stage: "rcpt", code: 450, enhanced: "4.2.1", outcome: "temporary"},
		{name: "rcpt 5xx", fault: mailtest.Fault{Rcpt: reply(550, 5, 1, 1)}, null: true, stage: "rcpt", code: 550, enhanced: "5.1.1", outcome: "permanent"},
		{name: "done 4xx", fault: mailtest.Fault{Done: reply(452, 4, 3, 1)}, stage: "done", code: 452, enhanced: "4.3.1", outcome: "temporary"},
		{name: "done 5xx", fault: mailtest.Fault{Done: reply(554, 5, 7, 1)}, stage: "done", code: 554, enhanced: "5.7.1", outcome: "permanent"},
		{name: "dropped at mail", fault: mailtest.Fault{Drop: mailtest.DropMail}, stage: "mail", outcome: "temporary"},
		{name: "dropped in a large body", fault: mailtest.Fault{Drop: mailtest.DropBody}, raw: large, stage: "data", outcome: "temporary"},
		{name: "dropped after data, taken", fault: mailtest.Fault{Drop: mailtest.DropStored}, stage: "done", outcome: "unknown", stored: 1},
		{name: "dropped after data, not taken", fault: mailtest.Fault{Drop: mailtest.DropLost}, stage: "done", outcome: "unknown"},
		{name: "hangs before the greeting", fault: mailtest.Fault{Hang: mailtest.HangConnect}, limit: hangLimit, stage: "connect", outcome: "temporary"},
		{name: "hangs at EHLO", fault: mailtest.Fault{Hang: mailtest.HangHello}, limit: hangLimit, stage: "connect", outcome: "temporary"},
		{name: "hangs at mail", fault: mailtest.Fault{Hang: mailtest.HangMail}, limit: hangLimit, stage: "mail", outcome: "temporary"},
		{name: "hangs at rcpt", fault: mailtest.Fault{Hang: mailtest.HangRcpt}, limit: hangLimit, stage: "rcpt", outcome: "temporary"},
		{name: "hangs after data, taken", fault: mailtest.Fault{Hang: mailtest.HangStored}, limit: hangLimit, stage: "done", outcome: "unknown", stored: 1},
		{name: "hangs after data, not taken", fault: mailtest.Fault{Hang: mailtest.HangLost}, limit: hangLimit, stage: "done", outcome: "unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			srv := mailtest.NewServer(t, mailtest.Script{Fault: tt.fault})
			s, e := settings(srv), envelope()
			if tt.limit > 0 {
				s.Timeout = tt.limit
			}
			if tt.null {
				e.From = ""
			}
			if tt.raw != nil {
				e.Raw = tt.raw
			}
			_, err := mail.Send(t.Context(), s, e)
			got := fault(t, err)
			if got.Stage != tt.stage || got.Code != tt.code || got.Enhanced != tt.enhanced {
				t.Errorf("got %s %d %s (%v)", got.Stage, got.Code, got.Enhanced, err)
			}
			if o := outcomeOf(got); o != tt.outcome {
				t.Errorf("outcome %s, want %s (%v)", o, tt.outcome, err)
			}
			if got.NullSenderRefused() != tt.refused {
				t.Errorf("null sender refused: %v", got.NullSenderRefused())
			}
			if tt.limit > 0 && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v is no deadline error", err)
			}
			if n := len(srv.Mails()); n != tt.stored {
				t.Errorf("%d mails taken, want %d", n, tt.stored)
			}
		})
	}
}

func TestSendAllOrNone(t *testing.T) {
	srv := mailtest.NewServer(t, mailtest.Script{Fault: mailtest.Fault{
		Rcpt: mailtest.Reply{Code: 550, Enhanced: [3]int{5, 1, 1}}, RcptOnly: "gone@example.org"}})
	e := envelope()
	e.To = []string{"a@example.org", "gone@example.org"}
	_, err := mail.Send(t.Context(), settings(srv), e)
	if got := fault(t, err); got.Recipient != "gone@example.org" || !got.Permanent() {
		t.Errorf("got %+v", got)
	}
	if n := len(srv.Mails()); n != 0 {
		t.Errorf("%d mails taken", n)
	}
}

func TestSendCancelled(t *testing.T) {
	tests := []struct {
		hang    mailtest.Hang
		outcome outcome
	}{
		{mailtest.HangConnect, "temporary"}, {mailtest.HangRcpt, "temporary"}, {mailtest.HangStored, "unknown"},
	}
	for _, tt := range tests {
		srv := mailtest.NewServer(t, mailtest.Script{Fault: mailtest.Fault{Hang: tt.hang}})
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			srv.WaitHung(t.Context(), 1)
			cancel()
		}()
		_, err := mail.Send(ctx, settings(srv), envelope())
		if got := fault(t, err); !errors.Is(err, context.Canceled) || outcomeOf(got) != tt.outcome {
			t.Errorf("hang %d: %v, %s", tt.hang, err, outcomeOf(got))
		}
	}
}

func TestSendTalkativeServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		line := bytes.Repeat([]byte("220-never mind\r\n"), 1000)
		for err == nil {
			_, err = conn.Write(line)
		}
	}()
	port := listener.Addr().(*net.TCPAddr).Port
	_, err = mail.Send(t.Context(), mail.Server{Host: "127.0.0.1", Port: port, Timeout: anyLimit}, envelope())
	if got := fault(t, err); got.Stage != "connect" || !got.Temporary() || !strings.Contains(err.Error(), "too long") {
		t.Errorf("got %v", err)
	}
}

func TestSendNoServer(t *testing.T) {
	srv := mailtest.NewServer(t, mailtest.Script{})
	srv.Close()
	for _, s := range []mail.Server{settings(srv), {}} {
		_, err := mail.Send(t.Context(), s, envelope())
		if got := fault(t, err); got.Stage != "connect" || !got.Temporary() {
			t.Errorf("got %v", err)
		}
	}
}

func TestSendBadEnvelope(t *testing.T) {
	srv := mailtest.NewServer(t, mailtest.Script{})
	tests := []struct {
		name     string
		envelope mail.Envelope
		stage    string
	}{
		{"no recipient", mail.Envelope{}, "rcpt"},
		{"second command", mail.Envelope{To: []string{"a@example.org>\r\nRCPT TO:<b@example.org"}}, "rcpt"},
		{"second path", mail.Envelope{To: []string{"a@example.org> <b@example.org"}}, "rcpt"},
		{"no domain", mail.Envelope{To: []string{"a"}}, "rcpt"},
		{"sender", mail.Envelope{From: "a\nb@example.org", To: []string{"a@example.org"}}, "mail"},
	}
	for _, tt := range tests {
		_, err := mail.Send(t.Context(), settings(srv), tt.envelope)
		if got := fault(t, err); got.Stage != tt.stage || !got.Permanent() || got.NullSenderRefused() {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if srv.Begun() != 0 {
		t.Error("a mail was begun")
	}
}

// scripted is a server that says lines by heart, for what no library would say.
func scripted(t *testing.T, replies ...string) mail.Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		buf := make([]byte, 4096)
		for _, reply := range replies {
			if _, err := conn.Write([]byte(reply + "\r\n")); err != nil {
				return
			}
			if _, err := conn.Read(buf); err != nil {
				return
			}
		}
	}()
	return mail.Server{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Timeout: anyLimit, TLSConfig: &tls.Config{}}
}

func TestSendOddReplies(t *testing.T) {
	hello := []string{"220 hi", "500 what", "500 what", "250 hello"} // knows HELO alone
	with := func(more ...string) []string { return append(hello[:len(hello):len(hello)], more...) }
	tests := []struct {
		name    string
		replies []string
		stage   string
		outcome outcome
	}{
		{"refuses all", []string{"554 5.3.2 no service"}, "connect", "temporary"},
		{"nonsense", []string{"HTTP/1.1 400 Bad Request"}, "connect", "temporary"},
		{"refuses STARTTLS", []string{"220 hi", "250-x\r\n250 STARTTLS", "554 not now"}, "tls", "temporary"},
		{"refuses DATA for now", with("250 a", "250 b", "451 later"), "data", "temporary"},
		{"refuses DATA", with("250 a", "250 b", "554 no valid recipients"), "data", "permanent"},
		{"closes", with("250 a", "421 closing"), "rcpt", "temporary"},
		{"nonsense at the end", with("250 a", "250 b", "354 go", "thanks"), "done", "unknown"},
		{"a strange answer at the end", with("250 a", "250 b", "354 go", "354 more"), "done", "unknown"},
		{"another kind of yes", with("250 a", "250 b", "354 go", "251 taken", "221 bye"), "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := mail.Send(t.Context(), scripted(t, tt.replies...), envelope())
			if tt.stage == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if got := fault(t, err); got.Stage != tt.stage || outcomeOf(got) != tt.outcome {
				t.Errorf("%s %s: %v", got.Stage, outcomeOf(got), err)
			}
		})
	}
}

func TestSendSpeaksBeforeTLS(t *testing.T) {
	s := scripted(t, "220 hi", "250-x\r\n250 STARTTLS", "220 go\r\n250 injected")
	_, err := mail.Send(t.Context(), s, envelope())
	if got := fault(t, err); got.Stage != "tls" || !strings.Contains(err.Error(), "out of turn") {
		t.Errorf("got %v", err)
	}
}

func TestSendErrorHidesPassword(t *testing.T) {
	s := scripted(t, "220 hi", "250 AUTH PLAIN", "250-x\r\n250 AUTH PLAIN", "535 5.7.8 no: hunter2hunter2 and AGRlc2sAaHVudGVyMmh1bnRlcjI=\x07", "501 ok", "221 bye")
	s.Username, s.Password = "desk", "hunter2hunter2"
	_, err := mail.Send(t.Context(), s, envelope())
	got := fault(t, err)
	if got.Stage != "auth" || got.Code != 535 || got.Enhanced != "5.7.8" || !got.Temporary() {
		t.Errorf("got %v", err)
	}
	if err.Error() != "smtp auth: 535 5.7.8 no: *** and ***" {
		t.Errorf("got %q", err)
	}
}
