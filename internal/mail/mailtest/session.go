package mailtest

import (
	"bufio"
	"crypto/subtle"
	"io"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// session is one connection; it implements AuthSession only when the script
// has a user.
type session struct {
	server *Server
	conn   *smtp.Conn
	fault  Fault
	user   string
	mail   Mail
}

type authSession struct{ *session }

var (
	_ smtp.Session     = (*session)(nil)
	_ smtp.AuthSession = authSession{}
)

func (s *Server) open(conn *smtp.Conn) (smtp.Session, error) {
	if s.takeHang(HangHello) {
		return nil, s.hang()
	}
	x := &session{server: s, conn: conn}
	if s.script.Username != "" {
		return authSession{x}, nil
	}
	return x, nil
}

// Mail implements smtp.Session.
func (x *session) Mail(from string, _ *smtp.MailOptions) error {
	x.fault = x.server.take()
	if x.server.script.Username != "" && x.user == "" {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	_, tls := x.conn.TLSConnectionState()
	x.mail = Mail{From: from, Auth: x.user, TLS: tls, EHLO: x.conn.Hostname()}
	switch {
	case x.fault.Hang == HangMail:
		return x.server.hang()
	case x.fault.Drop == DropMail:
		return x.conn.Conn().Close()
	case from == "" && x.fault.NullSender.Code != 0:
		return x.fault.NullSender.err()
	}
	return x.fault.Mail.err()
}

// Rcpt implements smtp.Session.
func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if x.fault.Hang == HangRcpt {
		return x.server.hang()
	}
	if x.fault.RcptOnly == "" || x.fault.RcptOnly == to {
		if err := x.fault.Rcpt.err(); err != nil {
			return err
		}
	}
	x.mail.To = append(x.mail.To, to)
	return nil
}

// Data implements smtp.Session.
func (x *session) Data(r io.Reader) error {
	if x.fault.Drop == DropBody {
		if _, err := bufio.NewReader(r).ReadString('\n'); err != nil {
			return err
		}
		return x.conn.Conn().Close()
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	x.mail.Raw = raw
	if err := x.fault.Done.err(); err != nil {
		return err
	}
	lost := x.fault.Drop == DropLost || x.fault.Hang == HangLost
	if !lost {
		mail := x.mail
		x.server.change(func() { x.server.mails = append(x.server.mails, mail) })
	}
	switch {
	case x.fault.Drop != DropNone:
		return x.conn.Conn().Close()
	case x.fault.Hang != HangNone:
		return x.server.hang()
	}
	return nil
}

// Reset implements smtp.Session.
func (x *session) Reset() { x.mail = Mail{} }

// Logout implements smtp.Session.
func (x *session) Logout() error { return nil }

// AuthMechanisms implements smtp.AuthSession.
func (x authSession) AuthMechanisms() []string {
	if methods := x.server.script.AuthMethods; len(methods) > 0 {
		return methods
	}
	return []string{sasl.Plain, sasl.Login}
}

// Auth implements smtp.AuthSession.
func (x authSession) Auth(mech string) (sasl.Server, error) {
	switch mech {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return x.login(user, password) }), nil
	case sasl.Login:
		return &loginServer{login: x.login}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (x *session) login(user, password string) error {
	script := x.server.script
	if user != script.Username || subtle.ConstantTimeCompare([]byte(password), []byte(script.Password)) != 1 {
		return smtp.ErrAuthFailed
	}
	x.user = user
	return nil
}

// loginServer is the server's half of LOGIN. It asks in words that not every
// client expects, as servers in the field do.
type loginServer struct {
	login func(user, password string) error
	turn  int
	user  string
}

var _ sasl.Server = (*loginServer)(nil)

// Next implements sasl.Server.
func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if l.turn == 0 && response != nil {
		l.turn = 1 // the user name came with the command
	}
	l.turn++
	switch l.turn {
	case 1:
		return []byte("User Name"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Pass word"), false, nil
	}
	return nil, true, l.login(l.user, string(response))
}
