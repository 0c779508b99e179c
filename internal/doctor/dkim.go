package doctor

import (
	"context"
	"strings"
)

// NoDKIM is the finding where the desk signs nothing itself.
func NoDKIM(domain string) Finding { return New("dkim", Off, "dkim_off", "domain", domain) }

// DKIM compares what the DNS holds under a key's name, such as
// s1._domainkey.example.com, with the record that it should hold (RFC 6376,
// section 3.6.1).
func DKIM(ctx context.Context, r Resolver, name, record string) Finding {
	public := bare(tags(record)["p"])
	records, err := r.LookupTXT(ctx, name)
	if err != nil && !missing(err) {
		return New("dkim", Off, "dns_failed", "name", name)
	}
	for _, record := range records {
		held, ok := tags(record)["p"]
		switch held = bare(held); {
		case !ok:
			continue
		case held == "":
			return New("dkim", Fail, "dkim_revoked", "name", name)
		case held == public:
			return New("dkim", OK, "dkim_ok", "name", name)
		default:
			return New("dkim", Fail, "dkim_other", "name", name)
		}
	}
	return New("dkim", Fail, "dkim_missing", "name", name)
}

// bare is a key without the spaces that a DNS form puts in.
func bare(key string) string { return strings.Join(strings.Fields(key), "") }
