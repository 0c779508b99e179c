package mx

import (
	"context"
	"errors"
	"net"
)

// ask looks for mail exchangers and, if the DNS says for sure that there are none, for an address.
// With an error the state is Unknown.
func ask(ctx context.Context, r Resolver, fqdn string) (State, error) {
	mxs, err := r.LookupMX(ctx, fqdn)
	if len(mxs) > 0 {
		// Exchangers whose names cannot be read come as an error beside the others.
		if isNull(mxs) && err == nil {
			return NoMail, nil
		}
		return OK, nil
	}
	if err != nil && !notFound(err) {
		return Unknown, err
	}
	addrs, err := r.LookupNetIP(ctx, "ip", fqdn)
	switch {
	case len(addrs) > 0:
		return OK, nil
	case err == nil, notFound(err):
		return NoMail, nil
	}
	return Unknown, err
}

// isNull: a single exchanger without a name (RFC 7505 §3).
func isNull(mxs []*net.MX) bool {
	return len(mxs) == 1 && mxs[0] != nil && (mxs[0].Host == "." || mxs[0].Host == "")
}

func notFound(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// timedOut: nobody answered. An error that somebody answered with is another matter.
func timedOut(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}
