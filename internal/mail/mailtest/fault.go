package mailtest

import (
	"net"

	"github.com/emersion/go-smtp"
)

// Reply is a refusal. A zero Code means none.
type Reply struct {
	Code     int    // such as 451
	Enhanced [3]int // such as {4, 7, 1}; zero gives class.0.0
	Text     string
}

func (r Reply) err() error {
	if r.Code == 0 {
		return nil
	}
	text := r.Text
	if text == "" {
		text = "refused by the script"
	}
	return &smtp.SMTPError{Code: r.Code, EnhancedCode: smtp.EnhancedCode(r.Enhanced), Message: text}
}

// Drop is a connection that breaks without an answer.
type Drop int

// The kinds of Drop.
const (
	DropNone   Drop = iota
	DropMail        // at MAIL FROM
	DropBody        // after the first line of the message
	DropLost        // after the final dot, the mail not taken
	DropStored      // after the final dot, the mail taken and recorded
)

// Hang is a server that says nothing more until the test ends.
type Hang int

// The kinds of Hang.
const (
	HangNone    Hang = iota
	HangConnect      // before the greeting
	HangHello        // at EHLO; with STARTTLS, the EHLO before it
	HangMail         // at MAIL FROM
	HangRcpt         // at RCPT TO
	HangLost         // after the final dot, the mail not taken
	HangStored       // after the final dot, the mail taken and recorded
)

// Fault is what goes wrong with one mail. Several may be set; the first that
// the session comes to has its way.
type Fault struct {
	NullSender Reply  // to MAIL FROM:<> alone
	Mail       Reply  // to every MAIL FROM
	Rcpt       Reply  // to RCPT TO
	RcptOnly   string // limits Rcpt to this recipient
	Done       Reply  // after the final dot
	Drop       Drop
	Hang       Hang
}

// take is the fault of the mail that begins now.
func (s *Server) take() (f Fault) {
	s.change(func() {
		s.begun++
		f = s.always
		if len(s.next) > 0 {
			f, s.next = s.next[0], s.next[1:]
		}
	})
	return f
}

// takeHang uses up the coming fault when it is a hang of this kind, which
// happens before any mail begins.
func (s *Server) takeHang(kind Hang) (hangs bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.next) == 0 {
		return s.always.Hang == kind
	}
	if s.next[0].Hang != kind {
		return false
	}
	s.next = s.next[1:]
	return true
}

// hang blocks until the server closes.
func (s *Server) hang() error {
	s.change(func() { s.hung++ })
	<-s.closing
	return &smtp.SMTPError{Code: 421, Message: "closing"}
}

// holding is a listener that keeps the connections of HangConnect to itself.
type holding struct {
	net.Listener
	server *Server
}

// Accept implements net.Listener.
func (h *holding) Accept() (net.Conn, error) {
	for {
		conn, err := h.Listener.Accept()
		if err != nil || !h.server.takeHang(HangConnect) {
			return conn, err
		}
		h.server.change(func() {
			h.server.hung++
			h.server.held = append(h.server.held, conn)
		})
	}
}
