package imapbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/emersion/go-imap/v2"
)

// What can be wrong, for errors.Is. The errors of this package wrap one of them and
// add the server's own words, cleaned and short.
var (
	ErrSettings    = errors.New("the mailbox is not set up rightly")
	ErrHost        = errors.New("no server of this name is known")
	ErrUnreachable = errors.New("the server does not take connections at this port")
	ErrNoTLS       = errors.New("the server offers no encrypted connection here, and the password is not sent without one")
	ErrCertificate = errors.New("the server's certificate can't be trusted")
	ErrLogin       = errors.New("the server refused the user name and password or token")
	ErrToken       = errors.New("no access token could be had")
	ErrFolder      = errors.New("the folder can't be opened")
	ErrTimeout     = errors.New("the server did not answer in time")
	ErrClosed      = errors.New("the connection was closed")
	ErrServer      = errors.New("the server answered with something that can't be used")
	ErrHandler     = errors.New("the mail could not be stored")
	ErrAfter       = errors.New("the mail was stored, but it could not be marked or moved")
)

// kinds are the names of the errors above, for programs that have a text for each
// in several languages.
var kinds = []struct {
	err  error
	name string
}{
	{ErrSettings, "settings"}, {ErrHost, "host"}, {ErrUnreachable, "unreachable"}, {ErrNoTLS, "no_tls"},
	{ErrCertificate, "certificate"}, {ErrLogin, "login"}, {ErrToken, "token"}, {ErrFolder, "folder"},
	{ErrTimeout, "timeout"}, {ErrClosed, "closed"}, {ErrHandler, "store"}, {ErrAfter, "after"}, {ErrServer, "server"},
}

// Kind names an error of this package: settings, host, unreachable, no_tls,
// certificate, login, token, folder, timeout, closed, store, after or server (also
// for anything else); "" for nil.
func Kind(err error) string {
	if err == nil {
		return ""
	}
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return k.name
		}
	}
	return "server"
}

// known tells whether an error wraps one of the kinds already.
func known(err error) bool {
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return true
		}
	}
	return false
}

// problem wraps a kind around the words of somebody else, of which nothing else is kept:
// neither a secret that was repeated nor a page of text.
func (s *secrets) problem(kind, err error) error {
	if err == nil || known(err) || errors.Is(err, context.Canceled) {
		return err
	}
	words := err.Error()
	var refusal *imap.Error
	if errors.As(err, &refusal) {
		words = strings.TrimSpace(refusal.Text)
		if refusal.Code != "" {
			words = strings.TrimSpace(string(refusal.Code) + " " + words)
		}
	}
	if words = s.clean(words); words == "" {
		return kind
	}
	return fmt.Errorf("%w: %s", kind, words)
}

// lost says why a connection broke off.
func (s *secrets) lost(err error) error {
	switch {
	case err == nil, known(err):
		return err
	case errors.Is(err, context.DeadlineExceeded):
		return ErrTimeout
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		strings.Contains(err.Error(), "connection closed before greeting"):
		return ErrClosed
	}
	return s.problem(ErrServer, err)
}

// dialProblem says why there is no connection.
func dialProblem(err error) error {
	var (
		none     secrets
		dns      *net.DNSError
		verify   *tls.CertificateVerificationError
		hostname x509.HostnameError
		record   tls.RecordHeaderError
		shake    *handshakeError
		timeout  net.Error
	)
	switch {
	case known(err), errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &dns):
		return none.problem(ErrHost, errors.New(dns.Name))
	case errors.As(err, &verify), errors.As(err, &hostname):
		return none.problem(ErrCertificate, err)
	case errors.As(err, &record):
		return fmt.Errorf("%w: it does not speak TLS at this port; try starttls or another port", ErrNoTLS)
	case errors.As(err, &timeout) && timeout.Timeout():
		return ErrTimeout
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return ErrClosed
	case errors.As(err, &shake):
		return none.problem(ErrNoTLS, err)
	}
	return none.problem(ErrUnreachable, err)
}

// secrets are texts that no error may show.
type secrets []string

// secretsOf lists a secret in the forms in which a server could repeat it.
func secretsOf(c Credentials, username string) secrets {
	var all secrets
	for _, secret := range []string{c.Password, c.Token} {
		if secret == "" {
			continue
		}
		quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(secret)
		all = append(all, secret, quoted)
		for _, whole := range []string{secret, "\x00" + username + "\x00" + secret, xoauth2Response(username, secret)} {
			all = append(all, strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(whole)), "="))
		}
	}
	return all
}

const maxWords = 300

// clean makes another's words fit to be shown: one line, short, no secret.
func (s *secrets) clean(words string) string {
	for _, secret := range *s {
		words = strings.ReplaceAll(words, secret, "…")
	}
	words = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(words, "\ufffd"), func(r rune) bool {
		return r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) || r == ' '
	}), " ")
	if len(words) > maxWords {
		words = strings.ToValidUTF8(words[:maxWords], "") + "…"
	}
	return words
}
