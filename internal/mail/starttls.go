package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
)

// greeted is a connection whose greeting was read already. The SMTP client
// waits for one, so that it gets a greeting of ours first.
type greeted struct {
	net.Conn
	greeting io.Reader
}

func newGreeted(conn net.Conn) *greeted {
	return &greeted{Conn: conn, greeting: strings.NewReader("220 ready\r\n")}
}

// Read implements net.Conn.
func (g *greeted) Read(b []byte) (int, error) {
	if n, err := g.greeting.Read(b); err != io.EOF {
		return n, err
	}
	return g.Conn.Read(b)
}

// secure brings the connection to the point where a client may say EHLO, inside
// TLS when the settings or the server's offer call for it. The client library
// either demands STARTTLS or ignores it, and announces itself as localhost
// before it, so that these few lines of the dialogue (RFC 3207) are spoken here.
func (x *session) secure(ctx context.Context) error {
	if x.server.ImplicitTLS {
		return x.handshake(ctx, false)
	}
	x.stage = StageConnect
	text := textproto.NewConn(x.wire)
	if _, _, err := text.ReadResponse(220); err != nil {
		return err
	}
	offered, err := offersTLS(text, x.server.localName(x.wire))
	if err != nil {
		return err
	}
	if !offered && x.server.RequireTLS {
		x.stage = StageTLS
		return errors.New("TLS is required and the server doesn't offer STARTTLS")
	}
	if offered {
		x.stage = StageTLS
		if err := command(text, 220, "STARTTLS"); err != nil {
			return err
		}
	}
	// Anything that is here already was sent by someone before TLS began.
	if text.R.Buffered() > 0 {
		return errors.New("the server spoke out of turn")
	}
	if offered {
		return x.handshake(ctx, true)
	}
	x.conn = newGreeted(x.wire)
	return nil
}

// handshake starts TLS; hello says whether the greeting is already behind us.
func (x *session) handshake(ctx context.Context, hello bool) error {
	x.stage = StageTLS
	conn := tls.Client(x.wire, x.server.tlsConfig())
	if err := conn.HandshakeContext(ctx); err != nil {
		return fmt.Errorf("handshake: %w", err)
	}
	x.conn, x.tls = conn, true
	if hello {
		x.conn = newGreeted(conn)
	}
	return nil
}

// offersTLS says EHLO and looks for STARTTLS. A server that knows no EHLO
// offers nothing.
func offersTLS(text *textproto.Conn, name string) (bool, error) {
	if err := text.PrintfLine("EHLO %s", name); err != nil {
		return false, err
	}
	_, reply, err := text.ReadResponse(250)
	var refused *textproto.Error
	if errors.As(err, &refused) && refused.Code/100 == 5 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, line := range strings.Split(reply, "\n") {
		if strings.EqualFold(strings.TrimSpace(line), "STARTTLS") {
			return true, nil
		}
	}
	return false, nil
}

func command(text *textproto.Conn, want int, line string) error {
	if err := text.PrintfLine("%s", line); err != nil {
		return err
	}
	_, _, err := text.ReadResponse(want)
	return err
}
