// Package imaptest has IMAP servers for tests: one inside the process that can be
// told to fail, and the real Dovecot and Postfix where they are installed.
//
//	srv := imaptest.Start(t, imaptest.Options{})
//	srv.Append(raw)
//	cfg := imapbox.Config{Host: srv.Host, Port: srv.Port, Security: imapbox.TLS,
//		TLSConfig: srv.Client, Username: srv.Username, Auth: imapbox.Password(srv.Password)}
package imaptest

import (
	"bytes"
	"crypto/tls"
	"io"
	"log"
	"net"
	"regexp"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// Options of a server. The zero value is one with TLS that knows IDLE, MOVE and UIDPLUS.
type Options struct {
	Security string   // "tls" (default), "starttls" or "none"
	Without  []string // capabilities that it does not have: "IDLE", "MOVE", "UIDPLUS", "AUTH=PLAIN" …
	Token    string   // if set, XOAUTH2 takes this token, and passwords are refused
	Names    []string // of its certificate; default "127.0.0.1"
}

// Server is an IMAP server with one user, whose folders are in memory.
type Server struct {
	Host               string // 127.0.0.1
	Port               int
	Username, Password string
	Client             *tls.Config // trusts the server's certificate
	*Faults

	t    testing.TB
	user *imapmemserver.User
	opts Options
}

// Start starts a server with an empty INBOX; the test's end stops it.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	if o.Security == "" {
		o.Security = "tls"
	}
	if o.Names == nil {
		o.Names = []string{"127.0.0.1"}
	}
	server, client := Certificate(t, o.Names...)
	s := &Server{
		Host: "127.0.0.1", Username: "desk@shop.test", Password: "p\"a\\ss 密碼 word",
		Client: client, Faults: newFaults(), t: t, opts: o,
	}
	s.user = imapmemserver.NewUser(s.Username, s.Password)
	s.Create("INBOX")
	options := &imapserver.Options{
		NewSession: s.newSession,
		Caps: imap.CapSet{
			imap.CapIMAP4rev1: {}, imap.CapMove: {}, imap.CapUIDPlus: {}, imap.CapNamespace: {},
		},
		Logger: log.New(io.Discard, "", 0),
		// The library sees no TLS where it is beneath what takes capabilities away.
		InsecureAuth: o.Security != "starttls",
	}
	if o.Security == "starttls" {
		options.TLSConfig = server
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Port = listener.Addr().(*net.TCPAddr).Port
	listener = s.Faults.listener(listener)
	if o.Security == "tls" {
		listener = tls.NewListener(listener, server)
	}
	serve(t, imapserver.New(options), s.without(listener))
	return s
}

func serve(t testing.TB, server *imapserver.Server, listener net.Listener) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(listener); err != nil {
			t.Errorf("the IMAP server ended: %v", err)
		}
	}()
	t.Cleanup(func() {
		_ = server.Close()
		listener.Close()
		<-ended
	})
}

// Append puts a mail into INBOX as a delivery does, and returns its UID.
func (s *Server) Append(raw []byte) uint32 {
	s.t.Helper()
	return s.AppendTo("INBOX", raw, &imap.AppendOptions{})
}

// AppendTo puts a mail into a folder.
func (s *Server) AppendTo(folder string, raw []byte, o *imap.AppendOptions) uint32 {
	s.t.Helper()
	data, err := s.user.Append(folder, literal{bytes.NewReader(raw)}, o)
	if err != nil {
		s.t.Fatal(err)
	}
	s.count("append", 1)
	return uint32(data.UID)
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// Create makes a folder.
func (s *Server) Create(folder string) {
	s.t.Helper()
	if err := s.user.Create(folder, nil); err != nil {
		s.t.Fatal(err)
	}
}

// Renew makes a folder anew, empty and with another UIDVALIDITY, and ends all connections.
func (s *Server) Renew(folder string) {
	s.t.Helper()
	if err := s.user.Delete(folder); err != nil {
		s.t.Fatal(err)
	}
	s.Create(folder)
	s.Drop()
}

// Status counts a folder: its mails, those not seen, the next UID, UIDVALIDITY.
func (s *Server) Status(folder string) (mails, unseen int, uidNext, uidValidity uint32) {
	s.t.Helper()
	data, err := s.user.Status(folder, &imap.StatusOptions{NumMessages: true, NumUnseen: true, UIDNext: true, UIDValidity: true})
	if err != nil {
		s.t.Fatal(err)
	}
	return int(*data.NumMessages), int(*data.NumUnseen), uint32(data.UIDNext), data.UIDValidity
}

// without takes capabilities out of what the server says.
func (s *Server) without(l net.Listener) net.Listener {
	if len(s.opts.Without) == 0 {
		return l
	}
	var names []string
	for _, name := range s.opts.Without {
		names = append(names, regexp.QuoteMeta(name))
	}
	return rewriting{l, regexp.MustCompile(` (` + strings.Join(names, "|") + `)\b`)}
}

type rewriting struct {
	net.Listener
	hide *regexp.Regexp
}

// Accept waits for a connection.
func (l rewriting) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return rewritten{conn, l.hide}, nil
}

type rewritten struct {
	net.Conn
	hide *regexp.Regexp
}

// Write says what the server says; lines with capabilities come in one piece.
func (c rewritten) Write(b []byte) (int, error) {
	if !bytes.Contains(b, []byte("CAPABILITY ")) {
		return c.Conn.Write(b)
	}
	if _, err := c.Conn.Write(c.hide.ReplaceAll(b, nil)); err != nil {
		return 0, err
	}
	return len(b), nil
}
