package llm

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"
)

const (
	maxBody      = 1 << 20  // bytes of an answer
	maxErrorBody = 64 << 10 // bytes read of an error; the rest is cut off
	maxRedirects = 3
)

var errRedirect = errors.New("redirect to another host")

// doer carries one request and reads the whole answer, within bounds. What goes wrong on the way
// is told by this package's sentinels, so that what the library adds later can only be bad JSON.
type doer struct{ client *http.Client }

func newDoer(cfg Config) doer {
	client := &http.Client{Transport: newTransport(cfg.Concurrent)}
	if cfg.HTTPClient != nil {
		own := *cfg.HTTPClient
		client = &own
	}
	next := client.CheckRedirect
	client.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		// The body is the visitor's message and the header the key: neither goes elsewhere.
		from := via[0].URL
		if req.URL.Host != from.Host || req.URL.Scheme != from.Scheme || len(via) > maxRedirects {
			return errRedirect
		}
		if next != nil {
			return next(req, via)
		}
		return nil
	}
	return doer{client}
}

func newTransport(idle int) *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       60 * time.Second,
		MaxIdleConnsPerHost:   idle,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
	}
}

// Do implements the library's HTTPDoer.
func (d doer) Do(req *http.Request) (*http.Response, error) {
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, connectionError(req.Context(), err)
	}
	defer resp.Body.Close()
	var body []byte
	if resp.StatusCode >= 400 {
		// The status says enough; a cut or endless error page does not change it.
		body, _ = io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
	} else if body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1)); err != nil {
		return nil, connectionError(req.Context(), err)
	}
	if len(body) > maxBody {
		return nil, fmt.Errorf("%w: the body is larger than %d bytes", ErrInvalid, maxBody)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// connectionError names the cause in our own words: the original may quote what the server sent.
func connectionError(ctx context.Context, err error) error {
	var timeout interface{ Timeout() bool }
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var op *net.OpError
	var what string
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("llm: given up: %w", context.Canceled)
	case ctx.Err() != nil:
		return ErrTimeout
	case errors.Is(err, errRedirect):
		what = errRedirect.Error()
	case errors.As(err, &dns):
		what = "name not resolved"
	case errors.As(err, &timeout) && timeout.Timeout():
		return ErrTimeout
	case errors.As(err, &cert):
		what = "certificate not trusted"
	case errors.Is(err, syscall.ECONNREFUSED):
		what = "refused"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		what = "cut"
	case errors.As(err, &op):
		what = "on " + op.Op
	default:
		what = "no usable HTTP answer"
	}
	return fmt.Errorf("%w: %s", ErrConnection, what)
}

func checkBaseURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil, u.Host == "", u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%w: the base URL must start with http:// or https://", ErrConnection)
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return fmt.Errorf("%w: the base URL must have no query, fragment or user", ErrConnection)
	}
	return nil
}
