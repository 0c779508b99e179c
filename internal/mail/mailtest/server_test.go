package mailtest_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// send speaks to the server with the standard library's client, so that these
// tests lean on no code of ours.
func send(s *mailtest.Server, from string, to ...string) error {
	return smtp.SendMail(fmt.Sprintf("%s:%d", s.Host, s.Port), nil, from, to, []byte("Subject: x\r\n\r\nhello\r\n"))
}

func TestNextThenAlways(t *testing.T) {
	srv := mailtest.NewServer(t, mailtest.Script{})
	refuse := func(code int) mailtest.Fault { return mailtest.Fault{Rcpt: mailtest.Reply{Code: code}} }
	srv.Next(2, refuse(450))
	srv.Next(1, refuse(550))
	for i, ok := range []bool{false, false, false, true, true} {
		if err := send(srv, "a@example.com", "b@example.com"); (err == nil) != ok {
			t.Errorf("mail %d: %v", i, err)
		}
	}
	srv.Next(5, refuse(450))
	srv.Always(mailtest.Fault{Done: mailtest.Reply{Code: 554, Enhanced: [3]int{5, 7, 1}, Text: "spam"}})
	var reply *textproto.Error
	if err := send(srv, "a@example.com", "b@example.com"); !errors.As(err, &reply) || reply.Code != 554 || reply.Msg != "5.7.1 spam" {
		t.Errorf("got %v", err)
	}
	srv.Always(mailtest.Fault{})
	if err := send(srv, "", "b@example.com", "c@example.com"); err != nil {
		t.Error(err)
	}
	mails, err := srv.Wait(t.Context(), 3)
	if err != nil || len(mails) != 3 || mails[2].From != "" || len(mails[2].To) != 2 || string(mails[2].Raw) != "Subject: x\r\n\r\nhello\r\n" {
		t.Errorf("got %+v, %v", mails, err)
	}
	if srv.Begun() != 7 {
		t.Errorf("%d mails begun", srv.Begun())
	}
}

func TestRefusesNullSenderAlone(t *testing.T) {
	srv := mailtest.NewServer(t, mailtest.Script{Fault: mailtest.Fault{NullSender: mailtest.Reply{Code: 550}}})
	if err := send(srv, "", "b@example.com"); err == nil {
		t.Error("the null sender passed")
	}
	if err := send(srv, "a@example.com", "b@example.com"); err != nil {
		t.Error(err)
	}
}

func TestDrops(t *testing.T) {
	for drop, stored := range map[mailtest.Drop]int{mailtest.DropMail: 0, mailtest.DropBody: 0, mailtest.DropLost: 0, mailtest.DropStored: 1} {
		srv := mailtest.NewServer(t, mailtest.Script{})
		srv.Next(1, mailtest.Fault{Drop: drop})
		if err := send(srv, "a@example.com", "b@example.com"); err == nil {
			t.Errorf("drop %d: no error", drop)
		}
		if err := srv.WaitBegun(t.Context(), 1); err != nil {
			t.Error(err)
		}
		if n := len(srv.Mails()); n != stored {
			t.Errorf("drop %d: %d mails stored", drop, n)
		}
	}
}

func TestHangsUntilClosed(t *testing.T) {
	for _, hang := range []mailtest.Hang{mailtest.HangConnect, mailtest.HangHello, mailtest.HangMail, mailtest.HangRcpt, mailtest.HangLost, mailtest.HangStored} {
		srv := mailtest.NewServer(t, mailtest.Script{Fault: mailtest.Fault{Hang: hang}})
		done := make(chan error, 1)
		go func() { done <- send(srv, "a@example.com", "b@example.com") }()
		if err := srv.WaitHung(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-done:
			t.Errorf("hang %d ended by itself: %v", hang, err)
		default:
		}
		srv.Close()
		if err := <-done; err == nil {
			t.Errorf("hang %d: no error", hang)
		}
	}
}

func TestWaitEnds(t *testing.T) {
	srv := mailtest.NewServer(t, mailtest.Script{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := srv.Wait(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	srv.Close()
	if _, err := srv.Wait(t.Context(), 1); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestCertificate(t *testing.T) {
	srv := mailtest.NewServer(t, mailtest.Script{ImplicitTLS: true})
	config := srv.TLSConfig()
	config.ServerName = "localhost"
	conn, err := tls.Dial("tcp", fmt.Sprintf("%s:%d", srv.Host, srv.Port), config)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if _, err := tls.Dial("tcp", fmt.Sprintf("%s:%d", srv.Host, srv.Port), nil); err == nil {
		t.Error("the system's authorities trust it")
	}
}
