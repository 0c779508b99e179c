package mx

import (
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

const (
	maxTyped = 1024 // bytes as typed; other scripts grow shorter than their bytes
	maxName  = 253  // bytes in ASCII without the final dot (RFC 1035 §2.3.4)
)

// special are top-level names that the public DNS does not have (RFC 6761, 6762, 7686, 9476, ICANN's
// "internal") or that hold no mail.
var special = []string{"alt", "arpa", "example", "internal", "invalid", "local", "localhost", "onion", "test"}

// profile maps as browsers do (UTS 46) and takes letters, digits and hyphens alone.
var profile = idna.New(
	idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(),
	idna.StrictDomainName(true), idna.VerifyDNSLength(true), idna.CheckHyphens(false),
)

// normal returns the domain in ASCII and small letters without the final dot, or "" for what nobody
// should be asked about.
func normal(name string) string {
	if len(name) > maxTyped || !utf8.ValidString(name) {
		return ""
	}
	name = strings.TrimSuffix(strings.TrimSpace(name), ".")
	if name == "" {
		return ""
	}
	ascii, err := profile.ToASCII(name)
	if err != nil || len(ascii) > maxName {
		return ""
	}
	ascii = strings.ToLower(ascii)
	// The profile leaves hyphens alone, since it would refuse two in the middle as well.
	if dotted := "." + ascii + "."; strings.Contains(dotted, ".-") || strings.Contains(dotted, "-.") {
		return ""
	}
	if _, err := netip.ParseAddr(ascii); err == nil {
		return ""
	}
	dot := strings.LastIndexByte(ascii, '.')
	if dot < 1 {
		return ""
	}
	top := ascii[dot+1:]
	// No top-level name is of digits (RFC 3696 §2): "1.2.3" is an address of a kind.
	if top == "" || strings.Trim(top, "0123456789") == "" || strings.HasPrefix(top, "0x") || slices.Contains(special, top) {
		return ""
	}
	return ascii
}
