// Package mailtest is a real SMTP server on a loopback port for tests, with
// faults by script.
//
//	srv := mailtest.NewServer(t, mailtest.Script{})
//	srv.Next(2, mailtest.Fault{Rcpt: mailtest.Reply{Code: 450, Text: "greylisted"}})
//	// … the third mail goes through:
//	mails, err := srv.Wait(ctx, 1)
//
// The test ends the server; nothing of it outlives the test.
package mailtest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// Script is how the server behaves from the start. The zero Script takes every
// mail, without TLS or login.
type Script struct {
	Username, Password string   // when set, MAIL is refused with 530 before a login
	AuthMethods        []string // offered with Username; default PLAIN and LOGIN
	STARTTLS           bool     // offered, with a self-made certificate
	ImplicitTLS        bool     // TLS from the first byte
	Fault              Fault    // of every mail, until Always or Next says else
}

// Mail is one mail that the server took responsibility for.
type Mail struct {
	From string // "" for the null sender
	To   []string
	Raw  []byte // CRLF line ends
	Auth string // user name of the session, "" without a login
	TLS  bool
	EHLO string // the name the client gave
}

// Server is the running server.
type Server struct {
	Host string // 127.0.0.1
	Port int

	script   Script
	server   *smtp.Server
	listener net.Listener
	served   chan struct{}
	closing  chan struct{}
	certs    *x509.CertPool

	mu      sync.Mutex
	always  Fault
	next    []Fault
	mails   []Mail
	begun   int
	hung    int
	held    []net.Conn
	changed chan struct{} // closed and replaced at every change
}

// NewServer starts a server that the end of the test closes.
func NewServer(t testing.TB, script Script) *Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("mailtest: %v", err)
	}
	addr := listener.Addr().(*net.TCPAddr)
	s := &Server{
		Host: addr.IP.String(), Port: addr.Port, script: script, always: script.Fault,
		served: make(chan struct{}), closing: make(chan struct{}), changed: make(chan struct{}),
	}
	s.listener = &holding{Listener: listener, server: s}
	s.server = smtp.NewServer(smtp.BackendFunc(s.open))
	s.server.Domain = "mailtest"
	s.server.AllowInsecureAuth = true
	s.server.EnableSMTPUTF8 = true
	s.server.MaxMessageBytes = 64 << 20
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	if script.STARTTLS || script.ImplicitTLS {
		config, pool, err := certificate()
		if err != nil {
			listener.Close()
			t.Fatalf("mailtest: %v", err)
		}
		s.certs = pool
		if script.STARTTLS {
			s.server.TLSConfig = config
		}
		if script.ImplicitTLS {
			s.listener = tls.NewListener(s.listener, config)
		}
	}
	go func() {
		defer close(s.served)
		s.server.Serve(s.listener)
	}()
	t.Cleanup(s.Close)
	return s
}

// TLSConfig is a client configuration that trusts the server's certificate,
// which is made for 127.0.0.1 and localhost. Without TLS it trusts nothing.
func (s *Server) TLSConfig() *tls.Config {
	pool := s.certs
	if pool == nil {
		pool = x509.NewCertPool()
	}
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

// Always sets the fault of every mail from the next one on and forgets what
// Next had planned. Always(Fault{}) makes the server behave.
func (s *Server) Always(f Fault) {
	s.change(func() { s.always, s.next = f, nil })
}

// Next plans f for the next n mails, after those planned before; then Always
// holds again. A mail begins at MAIL FROM; for HangConnect and HangHello at the
// connection.
func (s *Server) Next(n int, f Fault) {
	s.change(func() {
		for range n {
			s.next = append(s.next, f)
		}
	})
}

// Mails is a copy of what the server took, in order.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Begun is how many mails were begun with MAIL FROM, refused ones included.
func (s *Server) Begun() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.begun
}

// Wait returns Mails once there are n of them.
func (s *Server) Wait(ctx context.Context, n int) ([]Mail, error) {
	err := s.until(ctx, func() bool { return len(s.mails) >= n })
	if err != nil {
		return nil, fmt.Errorf("mailtest: waiting for %d mails: %w", n, err)
	}
	return s.Mails(), nil
}

// WaitBegun returns once n mails were begun, refused ones included.
func (s *Server) WaitBegun(ctx context.Context, n int) error {
	return s.until(ctx, func() bool { return s.begun >= n })
}

// WaitHung returns once n sessions hang.
func (s *Server) WaitHung(ctx context.Context, n int) error {
	return s.until(ctx, func() bool { return s.hung >= n })
}

// Close ends the server, its connections and whatever hangs. Again is harmless.
func (s *Server) Close() {
	s.mu.Lock()
	select {
	case <-s.closing:
		s.mu.Unlock()
		return
	default:
	}
	close(s.closing)
	for _, conn := range s.held {
		conn.Close()
	}
	s.mu.Unlock()
	s.server.Close()
	s.listener.Close()
	<-s.served
}

func (s *Server) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Server) until(ctx context.Context, ok func() bool) error {
	for {
		s.mu.Lock()
		done, changed := ok(), s.changed
		s.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-s.closing:
			return net.ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
