package doctor

import (
	"context"
	"strconv"
	"strings"
)

// maxLookups is how many names a receiver looks up for one record (RFC 7208, section 4.6.4).
const maxLookups = 10

// providers are mail services whose servers a domain must name in its record.
var providers = []struct{ host, include string }{
	{"gmail.com", "_spf.google.com"},
	{"googlemail.com", "_spf.google.com"},
	{"google.com", "_spf.google.com"},
	{"office365.com", "spf.protection.outlook.com"},
	{"outlook.com", "spf.protection.outlook.com"},
	{"sendgrid.net", "sendgrid.net"},
	{"mailgun.org", "mailgun.org"},
	{"zoho.com", "zoho.com"},
	{"zoho.jp", "zoho.jp"},
	{"mtasv.net", "spf.mtasv.net"},
	{"postmarkapp.com", "spf.mtasv.net"},
}

// SPF tells whether a domain's record lets servers send for it (RFC 7208). host
// is the mail server that the desk hands its mail to; "" if it has none.
func SPF(ctx context.Context, r Resolver, domain, host string) Finding {
	records, err := txt(ctx, r, domain, "v=spf1")
	switch {
	case err != nil:
		return New("spf", Off, "dns_failed", "name", domain)
	case len(records) == 0:
		return New("spf", Warn, "spf_missing", "domain", domain, "record", suggestion(host))
	case len(records) > 1:
		return New("spf", Fail, "spf_several", "domain", domain, "count", strconv.Itoa(len(records)))
	}
	record := strings.ToLower(records[0])
	w := &walk{ctx: ctx, r: r, seen: map[string]bool{domain: true}}
	w.read(record)
	include := includeFor(host)
	switch {
	case w.open:
		return New("spf", Warn, "spf_open", "domain", domain)
	case w.lookups > maxLookups:
		return New("spf", Fail, "spf_lookups", "domain", domain, "count", strconv.Itoa(w.lookups))
	case include != "" && !w.seen[include]:
		return New("spf", Warn, "spf_provider", "domain", domain, "include", include, "host", host)
	}
	return New("spf", OK, "spf_ok", "domain", domain)
}

// walk follows the names of a record, each once, as a receiver would count them.
type walk struct {
	ctx     context.Context
	r       Resolver
	seen    map[string]bool
	lookups int
	open    bool // anybody may send
}

func (w *walk) read(record string) {
	for _, term := range strings.Fields(record)[1:] {
		name := strings.TrimLeft(term, "+-~?")
		kind, value, _ := strings.Cut(strings.Replace(name, "=", ":", 1), ":")
		switch kind {
		case "include", "redirect":
			w.lookups++
			w.follow(value)
		case "a", "mx", "ptr", "exists":
			w.lookups++
		case "all":
			w.open = w.open || !strings.ContainsAny(term[:1], "-~?")
		default:
			if strings.HasPrefix(kind, "a/") || strings.HasPrefix(kind, "mx/") {
				w.lookups++
			}
		}
	}
}

func (w *walk) follow(name string) {
	name = strings.TrimSuffix(name, ".")
	if name == "" || w.seen[name] || w.lookups > maxLookups {
		return
	}
	w.seen[name] = true
	if records, err := txt(w.ctx, w.r, name, "v=spf1"); err == nil && len(records) == 1 {
		open := w.open
		w.read(strings.ToLower(records[0]))
		w.open = open // what an included record says of "all" doesn't count (section 5.2)
	}
}

func includeFor(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, p := range providers {
		if host == p.host || strings.HasSuffix(host, "."+p.host) {
			return p.include
		}
	}
	return ""
}

func suggestion(host string) string {
	if include := includeFor(host); include != "" {
		return "v=spf1 include:" + include + " ~all"
	}
	return "v=spf1 mx ~all"
}
