package captcha

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

func newClient(given *http.Client) *http.Client {
	own := http.Client{Transport: &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 3 * time.Second}).DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    3 * time.Second,
		IdleConnTimeout:        60 * time.Second,
		MaxIdleConnsPerHost:    4,
		MaxResponseHeaderBytes: maxBody,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
	}}
	if given != nil {
		own = *given
	}
	// The body holds the secret: it goes nowhere else.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// ask sends one request and judges what comes back.
func (v *Verifier) ask(ctx context.Context, token string, ip netip.Addr) Result {
	ctx, cancel := context.WithTimeout(ctx, v.cfg.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, v.cfg.VerifyURL, strings.NewReader(v.form(token, ip).Encode()))
	if err != nil {
		return Result{State: Down, Detail: "the verify URL is not usable"}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	resp, err := v.client.Do(req)
	if err != nil {
		return Result{State: Down, Detail: cause(ctx, err)}
	}
	defer resp.Body.Close()
	// Some refusals come with status 400 and the usual answer.
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusBadRequest {
		return Result{State: Down, Detail: "status " + strconv.Itoa(resp.StatusCode)}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		return Result{State: Down, Detail: cause(ctx, err)}
	case len(body) > maxBody:
		return Result{State: Down, Detail: "the answer is too large"}
	}
	return v.judge(body, resp.StatusCode)
}

func (v *Verifier) form(token string, ip netip.Addr) url.Values {
	f := url.Values{"secret": {v.cfg.Secret}, "response": {token}}
	if v.provider.siteKey && v.cfg.SiteKey != "" {
		f.Set("sitekey", v.cfg.SiteKey)
	}
	// An address of our own network says nothing of the visitor and may be refused.
	if ip = ip.Unmap().WithZone(""); ip.IsGlobalUnicast() && !ip.IsPrivate() {
		f.Set("remoteip", ip.String())
	}
	return f
}

// cause names what went wrong in our own words.
func cause(ctx context.Context, err error) string {
	var timeout interface{ Timeout() bool }
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return "given up"
	case ctx.Err() != nil, errors.As(err, &timeout) && timeout.Timeout():
		return "timed out"
	case errors.As(err, &dns):
		return "the name was not resolved"
	case errors.As(err, &cert):
		return "the certificate is not trusted"
	}
	return "the connection failed"
}
