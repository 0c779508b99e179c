package mail

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"
)

// Defaults of Server.
const (
	defaultTimeout = 5 * time.Minute
	dialTimeout    = 30 * time.Second
	quitTimeout    = 5 * time.Second

	maxReplyBytes = 1 << 20 // of one session, all replies together
)

// Server says where mail is handed over.
type Server struct {
	Host        string
	Port        int           // default 465 with ImplicitTLS, else 587
	Username    string        // "" means no login
	Password    string        // sent inside TLS, or to this machine
	ImplicitTLS bool          // TLS from the first byte (RFC 8314)
	RequireTLS  bool          // give up when STARTTLS isn't offered; else TLS is used where offered
	AuthMethod  string        // PLAIN or LOGIN; "" takes PLAIN where offered, else LOGIN
	LocalName   string        // for EHLO; default the local address as [192.0.2.1] (RFC 5321, section 4.1.4)
	Timeout     time.Duration // of a whole session; default 5 minutes
	TLSConfig   *tls.Config   // default: verify against Host with the system's authorities
}

func (s Server) timeout() time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	return defaultTimeout
}

func (s Server) address() string {
	port := s.Port
	switch {
	case port != 0:
	case s.ImplicitTLS:
		port = 465
	default:
		port = 587
	}
	return net.JoinHostPort(s.Host, strconv.Itoa(port))
}

func (s Server) tlsConfig() *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.TLSConfig != nil {
		config = s.TLSConfig.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = s.Host
	}
	return config
}

// localName is what EHLO says, never with a space or a line break in it.
func (s Server) localName(conn net.Conn) string {
	if s.LocalName != "" {
		return strings.Join(strings.FieldsFunc(s.LocalName, func(r rune) bool { return r <= ' ' }), "-")
	}
	host, _, err := net.SplitHostPort(conn.LocalAddr().String())
	ip := net.ParseIP(host)
	switch {
	case err != nil || ip == nil:
		return "localhost"
	case ip.To4() != nil:
		return "[" + ip.String() + "]"
	}
	return "[IPv6:" + ip.String() + "]"
}

// local reports a server on this machine, to which a password may go in the clear.
func (s Server) local() bool {
	ip := net.ParseIP(s.Host)
	return strings.EqualFold(s.Host, "localhost") || ip != nil && ip.IsLoopback()
}

// hide takes the credentials out of a server's words, which may repeat them.
func (s Server) hide(text string) string {
	if len(s.Password) < 4 {
		return text
	}
	plain := base64.StdEncoding.EncodeToString([]byte("\x00" + s.Username + "\x00" + s.Password))
	login := base64.StdEncoding.EncodeToString([]byte(s.Password))
	return strings.NewReplacer(s.Password, "***", plain, "***", login, "***").Replace(text)
}

// wire limits what is read in a session. The libraries above it collect the
// lines of a reply without a limit.
type wire struct {
	net.Conn
	left int
}

var errTalkative = errors.New("the server's replies are too long")

func (w *wire) Read(b []byte) (int, error) {
	if w.left <= 0 {
		return 0, errTalkative
	}
	if len(b) > w.left {
		b = b[:w.left]
	}
	n, err := w.Conn.Read(b)
	w.left -= n
	return n, err
}

// dial connects within ctx.
func dial(ctx context.Context, s Server) (*wire, error) {
	if s.Host == "" {
		return nil, errors.New("no host is set")
	}
	dialer := net.Dialer{Timeout: dialTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", s.address())
	if err != nil {
		return nil, err
	}
	return &wire{Conn: conn, left: maxReplyBytes}, nil
}
