package imapbox

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
)

// dial connects with the protection that the configuration asks for; never with less.
func dial(ctx context.Context, cfg Config) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", cfg.address())
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	protected, err := protect(ctx, cfg, conn)
	if err != nil {
		conn.Close()
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, err
	}
	return protected, nil
}

func protect(ctx context.Context, cfg Config, conn net.Conn) (net.Conn, error) {
	switch cfg.Security {
	case None:
		if !loopback(conn) {
			return nil, fmt.Errorf("%w: only a server on this machine can be used without TLS", ErrNoTLS)
		}
		return conn, nil
	case STARTTLS:
		if err := startTLS(conn); err != nil {
			return nil, err
		}
	}
	secure := tls.Client(conn, cfg.tls())
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, &handshakeError{err}
	}
	if cfg.Security == STARTTLS {
		// The greeting came before TLS and counts for nothing any more.
		return &prefixed{Conn: secure, r: io.MultiReader(strings.NewReader("* OK encrypted\r\n"), secure)}, nil
	}
	return secure, nil
}

// handshakeError is an error of TLS, of which not all have a type of their own.
type handshakeError struct{ error }

func (e *handshakeError) Unwrap() error { return e.error }

func (c Config) tls() *tls.Config {
	t := &tls.Config{}
	if c.TLSConfig != nil {
		t = c.TLSConfig.Clone()
	}
	if t.ServerName == "" {
		t.ServerName = c.Host
	}
	t.MinVersion = max(t.MinVersion, tls.VersionTLS12)
	t.InsecureSkipVerify = false
	return t
}

func loopback(conn net.Conn) bool {
	addr, ok := conn.RemoteAddr().(*net.TCPAddr)
	return ok && addr.IP.IsLoopback()
}

// startTLS asks for TLS (RFC 9051, 6.2.1) by hand, before anything else is said: what
// somebody on the way puts behind the answer must not count as part of the protected
// conversation, and a PREAUTH that skips TLS is refused.
func startTLS(conn net.Conn) error {
	r := bufio.NewReaderSize(conn, 4096)
	greeting, err := shortLine(r)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(strings.ToUpper(greeting), "* OK") {
		return fmt.Errorf("%w: it did not greet as an IMAP server does", ErrServer)
	}
	if _, err := io.WriteString(conn, "S STARTTLS\r\n"); err != nil {
		return err
	}
	for range 100 {
		line, err := shortLine(r)
		if err != nil {
			return err
		}
		if strings.HasPrefix(line, "* ") {
			continue
		}
		if !strings.HasPrefix(strings.ToUpper(line), "S OK") {
			return ErrNoTLS
		}
		if r.Buffered() > 0 {
			return fmt.Errorf("%w: somebody put words between the server and TLS", ErrServer)
		}
		return nil
	}
	return fmt.Errorf("%w: no answer to STARTTLS", ErrServer)
}

// shortLine reads a line of up to 4 KB.
func shortLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", fmt.Errorf("%w: a line without an end", ErrServer)
	}
	return string(line), err
}

// prefixed is a connection whose first bytes were put there.
type prefixed struct {
	net.Conn
	r io.Reader
}

// Read reads the prefix, then the connection.
func (p *prefixed) Read(b []byte) (int, error) { return p.r.Read(b) }
