// Package safehttp asks web servers whose addresses people typed in: a gateway,
// a shop's own service. What is inside the machine or the network it stands in
// can't be reached through it, by whatever name or redirect.
//
//	client := safehttp.New(safehttp.Config{Timeout: 10 * time.Second})
//	resp, err := client.Do(req)
//	if errors.Is(err, safehttp.ErrForbidden) { … } // tell the person who typed it
package safehttp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// ErrForbidden is wrapped by every refusal to go somewhere.
var ErrForbidden = errors.New("this address must not be asked")

// Defaults and bounds.
const (
	defaultTimeout = 15 * time.Second
	dialTimeout    = 10 * time.Second
	maxHeader      = 64 << 10 // bytes of an answer's header
)

// Config says how to ask. The zero Config is right.
type Config struct {
	Timeout time.Duration // of a whole exchange with its body; default 15 s
	// Allow lets an address through that is refused otherwise, such as a gateway
	// in the shop's own network. Default: none. It is for whoever runs the
	// machine to say, not for who types the address.
	Allow func(netip.AddrPort) bool
	// TLS is for tests with an authority of their own. Default: the system's.
	TLS *tls.Config
	// Resolver looks names up. Default: the system's.
	Resolver *net.Resolver
}

// New makes a client. It follows no redirect, since the body may hold secrets;
// takes http and https only; keeps no cookies; uses no proxy, which would look
// the name up elsewhere; and checks the network address at the moment of the
// connection, so that a name that changes its mind gets nowhere.
func New(c Config) *http.Client {
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.TLS != nil {
		config = c.TLS.Clone()
		config.MinVersion = max(config.MinVersion, tls.VersionTLS12)
	}
	dialer := &net.Dialer{Timeout: dialTimeout, Resolver: c.Resolver, ControlContext: c.control}
	return &http.Client{
		Timeout: c.Timeout,
		Transport: checked{&http.Transport{
			DialContext:            dialer.DialContext,
			ForceAttemptHTTP2:      true,
			TLSClientConfig:        config,
			TLSHandshakeTimeout:    dialTimeout,
			ResponseHeaderTimeout:  c.Timeout,
			MaxResponseHeaderBytes: maxHeader,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        30 * time.Second,
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// control looks at the address that is about to be connected to.
func (c Config) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || (network != "tcp4" && network != "tcp6") {
		return fmt.Errorf("%w: %s %s", ErrForbidden, network, address)
	}
	if c.Allow != nil && c.Allow(netip.AddrPortFrom(to.Addr().Unmap(), to.Port())) {
		return nil
	}
	if !Public(to.Addr()) {
		return fmt.Errorf("%w: it is inside this machine or its network", ErrForbidden)
	}
	return nil
}

// checked looks at every request before it leaves.
type checked struct{ next *http.Transport }

// RoundTrip implements [http.RoundTripper].
func (t checked) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := checkURL(req.URL); err != nil {
		return nil, err
	}
	return t.next.RoundTrip(req)
}

// CloseIdleConnections gives up what is kept open.
func (t checked) CloseIdleConnections() { t.next.CloseIdleConnections() }

// Check tells whether an address may be typed in at all: http or https, a host,
// no user in it. Where its name leads is seen only when it is asked.
func Check(raw string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return fmt.Errorf("%w: it is no web address", ErrForbidden)
	}
	if err := checkURL(u); err != nil {
		return err
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !Public(ip) {
		return fmt.Errorf("%w: it is inside this machine or its network", ErrForbidden)
	}
	return nil
}

func checkURL(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%w: it must begin with https:// or http://", ErrForbidden)
	case u.Hostname() == "":
		return fmt.Errorf("%w: it names no host", ErrForbidden)
	case u.User != nil:
		return fmt.Errorf("%w: it must hold no user and no password", ErrForbidden)
	}
	return nil
}
