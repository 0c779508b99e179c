package mail

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/emersion/go-smtp"
)

// Envelope is one mail on its way: who gets it and who hears of a failure.
type Envelope struct {
	From   string   // "" is the null sender <> (RFC 5321, section 4.5.5)
	To     []string // at least one; the mail goes to all of them or to nobody
	Copies []string // who else gets it, if the server takes the address
	Raw    []byte   // as Build makes it
}

// Receipt is what the server said to a mail that it took.
type Receipt struct {
	Reply   string       // to the final dot; often holds the server's queue id
	Refused []*SendError // a copy that it refused, each with its Recipient
}

// Send is Deliver for a mail without copies; reply is the server's answer to the
// final dot.
func Send(ctx context.Context, s Server, e Envelope) (reply string, err error) {
	r, err := Deliver(ctx, s, e)
	return r.Reply, err
}

// Deliver transmits e in one session. Every error is a *SendError. It ends by the
// deadline or cancellation of ctx or by s.Timeout, whichever is first.
//
// When one of e.To is refused, nothing is sent and the error names it. A refused
// copy keeps nobody else from the mail.
func Deliver(ctx context.Context, s Server, e Envelope) (Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout())
	defer cancel()
	x := &session{server: s, null: e.From == ""}
	err := x.plan(e)
	reply := ""
	if err == nil {
		reply, err = x.run(ctx, canonical(e.Raw))
	}
	if err != nil {
		return Receipt{}, x.fault(ctx, err)
	}
	return Receipt{Reply: oneLine(reply), Refused: x.refused}, nil
}

// session is one connection to a server; stage is where it stands.
type session struct {
	server Server
	route  route
	wire   *wire
	conn   net.Conn
	tls    bool
	client *smtp.Client
	stage  string
	rcpt   string
	null   bool // the null sender is used

	refused []*SendError // copies
}

// plan checks the envelope before anyone is called.
func (x *session) plan(e Envelope) error {
	x.stage = StageMail
	if err := x.route.sender(e.From); err != nil {
		return err
	}
	x.stage = StageRcpt
	if err := x.route.recipients(e.To); err != nil {
		return err
	}
	x.route.addCopies(e.Copies, func(addr string, err error) {
		x.rcpt = addr
		x.refused = append(x.refused, x.fault(context.Background(), err))
	})
	x.rcpt = ""
	return nil
}

func (x *session) run(ctx context.Context, raw []byte) (reply string, err error) {
	x.stage = StageConnect
	if x.wire, err = dial(ctx, x.server); err != nil {
		return "", err
	}
	defer x.wire.Close()
	// Closing is what ends a session in time. Deadlines won't do: the libraries
	// set theirs anew at every command.
	stop := context.AfterFunc(ctx, func() { x.wire.Close() })
	defer stop()

	if err := x.secure(ctx); err != nil {
		return "", err
	}
	x.stage = StageConnect
	x.client = smtp.NewClient(x.conn)
	x.client.CommandTimeout = x.server.timeout() + time.Minute // never before ours
	x.client.SubmissionTimeout = x.client.CommandTimeout
	if err := x.client.Hello(x.server.localName(x.wire)); err != nil {
		return "", err
	}
	if err := x.login(); err != nil {
		return "", err
	}
	if err := x.address(len(raw)); err != nil {
		x.quit()
		return "", err
	}
	reply, err = x.data(ctx, raw)
	if err == nil {
		x.quit()
	}
	return reply, err
}

// address gives the server the envelope.
func (x *session) address(size int) error {
	x.stage = StageMail
	opts := &smtp.MailOptions{Size: int64(size)}
	if x.route.utf8 {
		if ok, _ := x.client.Extension("SMTPUTF8"); !ok {
			return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 6, 7},
				Message: "the server takes no address with characters outside ASCII (no SMTPUTF8)"}
		}
		opts.UTF8 = true
	}
	if err := x.client.Mail(x.route.from, opts); err != nil {
		return err
	}
	x.stage = StageRcpt
	for i, to := range x.route.to {
		x.rcpt = to
		err := x.client.Rcpt(to, nil)
		var reply *smtp.SMTPError
		if err != nil && i >= x.route.firm && errors.As(err, &reply) && reply.Code != 421 {
			x.refused = append(x.refused, x.fault(context.Background(), err))
			continue
		}
		if err != nil {
			return err
		}
	}
	x.rcpt = ""
	return nil
}

// data sends the mail. The client's writer flushes as it fills and writes the
// final dot in Close alone: a failure before Close leaves the server without a
// whole mail, a failure from there on leaves us without knowledge. After a
// failed write nothing more may be said on the connection, since the client
// would end the message with a dot before any other command.
func (x *session) data(ctx context.Context, raw []byte) (string, error) {
	x.stage = StageData
	w, err := x.client.Data()
	if err != nil {
		x.quit()
		return "", err
	}
	if _, err := w.Write(raw); err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	x.stage = StageDone
	answer, err := w.CloseWithResponse()
	var other *smtp.SMTPError
	if errors.As(err, &other) && other.Code/100 == 2 {
		return other.Message, nil // any 2xx means taken (RFC 5321, section 4.2.1)
	}
	if err != nil {
		return "", err
	}
	return answer.StatusText, nil
}

// quit is polite and brief; what it hears changes nothing any more.
func (x *session) quit() {
	x.client.CommandTimeout = quitTimeout
	x.client.Quit()
}

// fault is err with all that is known of the session.
func (x *session) fault(ctx context.Context, err error) *SendError {
	out := newSendError(x.stage, err)
	out.null = x.null
	if x.stage == StageRcpt {
		out.Recipient = x.rcpt
	}
	if out.Err != nil {
		if hidden := x.server.hide(err.Error()); hidden != err.Error() {
			out.Err = errors.New(hidden)
		}
		if cause := ctx.Err(); cause != nil && !errors.Is(out.Err, cause) {
			out.Err = errors.Join(cause, out.Err)
		}
	}
	out.Message = x.server.hide(out.Message)
	return out
}

// canonical is raw with CRLF as the only line end. A lone CR or LF is read as a
// line end by some servers and not by others, which lets text pass for a second
// mail.
func canonical(raw []byte) []byte {
	clean := true
	for i, c := range raw {
		if c == '\n' && (i == 0 || raw[i-1] != '\r') || c == '\r' && (i+1 == len(raw) || raw[i+1] != '\n') {
			clean = false
			break
		}
	}
	if clean {
		return raw
	}
	return []byte(crlf(string(raw)))
}
