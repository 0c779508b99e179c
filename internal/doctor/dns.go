package doctor

import (
	"context"
	"errors"
	"net"
	"strings"
)

// Resolver is what is asked; *net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
}

// txt are the texts of a name that begin with a mark; none where the name has none.
func txt(ctx context.Context, r Resolver, name, mark string) ([]string, error) {
	all, err := r.LookupTXT(ctx, name)
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []string
	for _, s := range all {
		s = strings.TrimSpace(s)
		if len(s) >= len(mark) && strings.EqualFold(s[:len(mark)], mark) && (len(s) == len(mark) || strings.ContainsRune(" ;", rune(s[len(mark)]))) {
			out = append(out, s)
		}
	}
	return out, nil
}

// missing tells a name that does not exist from one that can't be asked for.
func missing(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// tags reads a list such as v=DMARC1; p=none (RFC 6376, section 3.2). Names are in lower case.
func tags(record string) map[string]string {
	out := map[string]string{}
	for part := range strings.SplitSeq(record, ";") {
		if name, value, ok := strings.Cut(part, "="); ok {
			out[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
		}
	}
	return out
}

// MX tells whether answers to a domain can arrive.
func MX(ctx context.Context, r Resolver, domain string) Finding {
	all, err := r.LookupMX(ctx, domain)
	switch {
	case missing(err), err == nil && len(all) == 0:
		return New("mx", Warn, "mx_missing", "domain", domain)
	case err != nil:
		return New("mx", Off, "dns_failed", "name", domain)
	case len(all) == 1 && strings.Trim(all[0].Host, ".") == "": // RFC 7505
		return New("mx", Fail, "mx_null", "domain", domain)
	}
	return New("mx", OK, "mx_ok", "domain", domain, "host", strings.TrimSuffix(all[0].Host, "."))
}
