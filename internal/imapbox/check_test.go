package imapbox

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"

	"github.com/pocketdesk/pocketdesk/internal/imapbox/imaptest"
)

func TestCheck(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{})
	srv.Create("客服/已完成")
	srv.Append(note(1))
	folders, err := Check(t.Context(), config(srv))
	if err != nil || !slices.Equal(folders, []string{"INBOX", "客服/已完成"}) {
		t.Errorf("got %q, %v", folders, err)
	}
	cfg := config(srv)
	cfg.Folder = "客服/已完成"
	if _, err := Check(t.Context(), cfg); err != nil {
		t.Error(err)
	}
	cfg.Folder = "客服/沒有"
	if folders, err = Check(t.Context(), cfg); !errors.Is(err, ErrFolder) || Kind(err) != "folder" || len(folders) != 2 {
		t.Errorf("got %q, %v", folders, err)
	}
	if _, unseen, _, _ := srv.Status("INBOX"); unseen != 1 {
		t.Error("the check changed the mailbox")
	}
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	srv := imaptest.Start(t, imaptest.Options{})
	clear := imaptest.Start(t, imaptest.Options{Security: "none"})
	start := imaptest.Start(t, imaptest.Options{Security: "starttls"})
	stranger := imaptest.Start(t, imaptest.Options{Names: []string{"imap.shop.test"}})
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	for name, c := range map[string]struct {
		kind   string
		srv    *imaptest.Server
		change func(*Config)
	}{
		"password":    {"login", srv, func(c *Config) { c.Auth = Password("wrong") }},
		"no password": {"login", srv, func(c *Config) { c.Auth = Password("") }},
		"no token": {"token", srv, func(c *Config) {
			c.Auth = func(context.Context) (Credentials, error) { return Credentials{}, errors.New("none") }
		}},
		"name":              {"host", srv, func(c *Config) { c.Host = "imap.shop.invalid" }},
		"port":              {"unreachable", srv, func(c *Config) { c.Port = closed.Addr().(*net.TCPAddr).Port }},
		"unknown authority": {"certificate", srv, func(c *Config) { c.TLSConfig = nil }},
		"tried to skip it":  {"certificate", srv, func(c *Config) { c.TLSConfig = &tls.Config{InsecureSkipVerify: true} }},
		"another's name":    {"certificate", stranger, func(c *Config) {}},
		"no TLS":            {"no_tls", clear, func(c *Config) {}},
		"no STARTTLS":       {"no_tls", clear, func(c *Config) { c.Security = STARTTLS }},
		"TLS asked for":     {"no_tls", start, func(c *Config) { c.Security = None }},
		"settings":          {"settings", srv, func(c *Config) { c.After = "burn" }},
	} {
		cfg := config(c.srv)
		c.change(&cfg)
		folders, err := Check(t.Context(), cfg)
		if Kind(err) != c.kind || folders != nil {
			t.Errorf("%s: %q, %v", name, Kind(err), err)
		}
	}
	if Kind(nil) != "" || Kind(io.EOF) != "server" {
		t.Error("Kind of nothing and of anything")
	}
}

// TestOldTLS: TLS 1.1 is no protection any more.
func TestOldTLS(t *testing.T) {
	server, client := imaptest.Certificate(t, "127.0.0.1")
	server.MinVersion, server.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	l, err := tls.Listen("tcp", "127.0.0.1:0", server)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		fmt.Fprint(conn, "* OK old\r\n")
		conn.Close()
	}()
	client.MinVersion = tls.VersionTLS10
	cfg := Config{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLSConfig: client, Auth: Password("x")}
	if _, err := Check(t.Context(), cfg); Kind(err) != "no_tls" {
		t.Errorf("got %q, %v", Kind(err), err)
	}
}

// TestWordsBeforeTLS: what stands behind the answer to STARTTLS is not read as part of
// the protected conversation, and PREAUTH does not get around TLS.
func TestWordsBeforeTLS(t *testing.T) {
	for name, script := range map[string][2]string{
		"behind the answer": {"* OK ready\r\n", "S OK go\r\n* PREAUTH you are in\r\n"},
		"PREAUTH":           {"* PREAUTH you are in\r\n", "S OK go\r\n"},
		"without an end":    {"* OK ready\r\n", strings.Repeat("* OK again\r\n", 500)},
		"a long line":       {strings.Repeat("*", 9000), ""},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		heard := make(chan string, 1)
		go func() {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			io.WriteString(conn, script[0])
			r := bufio.NewReader(conn)
			r.ReadString('\n')
			io.WriteString(conn, script[1])
			rest, _ := io.ReadAll(r)
			heard <- string(rest)
		}()
		cfg := Config{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: STARTTLS, Username: "desk", Auth: Password("secret")}
		if _, err := Check(t.Context(), cfg); !errors.Is(err, ErrServer) {
			t.Errorf("%s: %v", name, err)
		}
		if rest := <-heard; strings.Contains(rest, "secret") || strings.Contains(rest, "LOGIN") {
			t.Errorf("%s: it went on with %q", name, rest)
		}
		l.Close()
	}
}

// TestNoTLSToElsewhere: a server that is not on this machine gets no password in the clear.
func TestNoTLSToElsewhere(t *testing.T) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range addrs {
		ip, ok := addr.(*net.IPNet)
		if !ok || ip.IP.IsLoopback() || ip.IP.To4() == nil {
			continue
		}
		l, err := net.Listen("tcp", net.JoinHostPort(ip.IP.String(), "0"))
		if err != nil {
			continue
		}
		defer l.Close()
		cfg := Config{Host: ip.IP.String(), Port: l.Addr().(*net.TCPAddr).Port, Security: None, Auth: Password("x")}
		if _, err := Check(t.Context(), cfg); !errors.Is(err, ErrNoTLS) {
			t.Errorf("got %v", err)
		}
		return
	}
	t.Skip("this machine has no other address")
}

// TestNoSecretInErrors: a server repeats what it was told, in every form.
func TestNoSecretInErrors(t *testing.T) {
	secret := `geh"eim\密碼`
	for _, caps := range []string{"AUTH=PLAIN", "AUTH=PLAIN SASL-IR", ""} {
		if caps == "" {
			secret = `geh"eim\` // LOGIN, in quotes
		}
		s := &script{caps: caps}
		s.answer = func(c *talk, command string) bool {
			if strings.HasPrefix(command, "AUTHENTICATE PLAIN") && caps == "AUTH=PLAIN" {
				c.say("+ ")
				line, _ := c.r.ReadString('\n')
				command = strings.TrimSpace(line)
			}
			if strings.HasPrefix(command, "CAPABILITY") {
				return false
			}
			c.say("%s NO I don't know %s or %s", c.tag, command, base64.StdEncoding.EncodeToString([]byte(secret)))
			return true
		}
		cfg := s.start(t)
		cfg.Auth = Password(secret)
		_, err := Check(t.Context(), cfg)
		if !errors.Is(err, ErrLogin) || !strings.Contains(err.Error(), "I don't know") {
			t.Errorf("%q: %v", caps, err)
			continue
		}
		whole := base64.StdEncoding.EncodeToString([]byte("\x00desk\x00" + secret))
		for _, form := range []string{"geh", "eim", whole[:len(whole)-4], base64.StdEncoding.EncodeToString([]byte(secret))[:8]} {
			if strings.Contains(err.Error(), form) {
				t.Errorf("%q: it tells %q: %v", caps, form, err)
			}
		}
	}
	c := Credentials{Password: secret, Token: secret}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "c", c)
	if text := fmt.Sprintf("%v %+v %#v %s", c, c, c, log.String()); strings.Contains(text, "eim") {
		t.Errorf("printed as %s", text)
	}
}

func TestWordsOfOthersAreCleaned(t *testing.T) {
	var none secrets
	err := none.problem(ErrServer, &imap.Error{Type: "NO", Code: "ALERT", Text: "two\r\nlines \x1b[31m\xff " + strings.Repeat("信", 500)})
	if text := err.Error(); len(text) > 500 || strings.ContainsAny(text, "\r\n\x1b") || !strings.Contains(text, "ALERT two lines") || strings.ToValidUTF8(text, "") != text {
		t.Errorf("%q", text)
	}
}
