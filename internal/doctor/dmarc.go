package doctor

import (
	"context"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// DMARC tells what receivers do with mail that only claims to come from a
// domain (RFC 7489). A record of the organisation's own domain counts for those below it.
func DMARC(ctx context.Context, r Resolver, domain string) Finding {
	names := []string{domain}
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil && org != domain {
		names = append(names, org)
	}
	for i, name := range names {
		records, err := txt(ctx, r, "_dmarc."+name, "v=DMARC1")
		switch {
		case err != nil:
			return New("dmarc", Off, "dns_failed", "name", "_dmarc."+name)
		case len(records) > 1:
			return New("dmarc", Fail, "dmarc_several", "domain", name)
		case len(records) == 0:
			continue
		}
		t := tags(records[0])
		policy := strings.ToLower(t["p"])
		if sub := strings.ToLower(t["sp"]); i > 0 && sub != "" {
			policy = sub
		}
		switch policy {
		case "none":
			return New("dmarc", OK, "dmarc_watch", "domain", name)
		case "quarantine", "reject":
			return New("dmarc", OK, "dmarc_ok", "domain", name, "policy", policy)
		}
		return New("dmarc", Fail, "dmarc_broken", "domain", name)
	}
	return New("dmarc", Warn, "dmarc_missing", "domain", names[len(names)-1])
}
