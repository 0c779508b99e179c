package mail

import "strings"

// plusMark stands between the mailbox and the token: desk+c-TOKEN@example.com.
const plusMark = "+c-"

// PlusAddress is base with the token of a case in it (subaddressing, RFC 5233).
// An answer to it finds its case whatever becomes of the headers. base comes
// back unchanged when it or the token is malformed, or when the local part would
// pass the 64 octets of RFC 5321, section 4.5.3.1.1.
func PlusAddress(base, token string) string {
	local, domain, err := splitAddress(base)
	token = strings.ToLower(token)
	if err != nil || !validToken(token) || len(local)+len(plusMark)+tokenLength > maxLocal {
		return base
	}
	return local + plusMark + token + "@" + domain
}

// ParsePlusAddress gives the token in an address that PlusAddress made of base,
// in any case of letters, bare or in angle brackets. It does not say whether
// such a token exists.
func ParsePlusAddress(base, addr string) (token string, ok bool) {
	baseLocal, baseDomain, err := splitAddress(base)
	if err != nil {
		return "", false
	}
	addr = strings.TrimSpace(addr)
	if strings.HasPrefix(addr, "<") && strings.HasSuffix(addr, ">") {
		addr = addr[1 : len(addr)-1]
	}
	local, domain, err := splitAddress(addr)
	if err != nil || !strings.EqualFold(domain, baseDomain) {
		return "", false
	}
	cut := len(local) - tokenLength - len(plusMark)
	if cut < 1 || !strings.EqualFold(local[:cut], baseLocal) || !strings.EqualFold(local[cut:cut+len(plusMark)], plusMark) {
		return "", false
	}
	token = strings.ToLower(local[cut+len(plusMark):])
	return token, validToken(token)
}
