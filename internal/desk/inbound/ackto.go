package inbound

import (
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// acknowledge says where the acknowledgement of a mail goes, or why there is
// none. RFC 3834, section 4, wants the envelope sender, and never a Reply-To; a
// return path of another organisation, or one that a program made for bounces, is
// read by nobody, and another mailbox of a provider is somebody else's, who must not
// get the link to the case: then it is the From address. A null return path is never
// answered (section 2).
func (l *letter) acknowledge() (to, skip string) {
	switch {
	case l.row.Quiet():
		return "", "old mail"
	case l.mail.NullPath:
		return "", "its sender takes no answers"
	case l.auth.dmarc == "fail": // it would go to whose name was misused
		return "", "its sender is not who he says"
	}
	path, err := mail.NormalizeAddress(l.mail.ReturnPath)
	if err != nil || path == l.from.Addr || forBounces(path) || provider(mail.Domain(path)) && mail.Mailbox(path) != mail.Mailbox(l.from.Addr) ||
		organisation(mail.Domain(path)) != organisation(mail.Domain(l.from.Addr)) {
		return l.from.Addr, ""
	}
	return path, ""
}

// provider tells the domains under which everybody gets a mailbox.
func provider(domain string) bool {
	switch name, _, _ := strings.Cut(organisation(domain), "."); name {
	case "gmail", "googlemail", "outlook", "hotmail", "live", "msn", "yahoo", "ymail", "icloud", "me", "aol", "gmx", "proton", "protonmail", "fastmail", "mail", "yandex",
		"qq", "foxmail", "163", "126", "yeah", "sina", "sohu", "139", "189", "aliyun", "hinet", "seed", "pchome", "kimo",
		"docomo", "ezweb", "au", "uqmobile", "softbank", "ymobile", "rakuten", "nifty", "ocn", "biglobe", "naver", "hanmail", "daum":
		return true
	}
	return false
}

// forBounces tells the addresses that programs make for what comes back: with
// the recipient or a serial number in them (VERP, SRS, BATV).
func forBounces(addr string) bool {
	local, _, _ := strings.Cut(addr, "@")
	return strings.ContainsAny(local, "=+") || strings.Contains(local, "bounce") || strings.HasPrefix(local, "srs") || len(local) > 40
}

// organisation is the domain that an organisation has registered.
func organisation(domain string) string {
	if d, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return d
	}
	return domain
}

// standing is what is known now of the sender's address: that mail came from it,
// and whether its domain vouches for that (DMARC, RFC 7489); "" where the domain
// says that it did not.
func (l *letter) standing() string {
	switch l.auth.dmarc {
	case "pass":
		return desk.StateVerified
	case "fail":
		return ""
	}
	return desk.StateReachable
}
