package mail

import (
	"errors"
	"fmt"
	"io"
	"mime"
	netmail "net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/unicode/norm"
)

// Sizes of RFC 5321, section 4.5.3.1, in octets; 254 is what is left of a path
// of 256 without its angle brackets.
const (
	maxLocal   = 64
	maxAddress = 254
)

// ErrAddress is wrapped by every error of ParseAddress and NormalizeAddress.
var ErrAddress = errors.New("not a mail address")

// ParseAddress reads a bare address or one with a name, as in a From header:
// Name <a@example.com>, encoded words decoded. The name is cleaned of control
// and bidirectional characters, the domain becomes lower-case ASCII, the local
// part keeps its case, since the receiving server may care.
func ParseAddress(s string) (Address, error) {
	if len(s) > 1000 {
		return Address{}, fmt.Errorf("%w: too long", ErrAddress)
	}
	s = strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
	name, addr := "", s
	parser := netmail.AddressParser{WordDecoder: wordDecoder()}
	if a, err := parser.Parse(s); err == nil {
		name, addr = a.Name, a.Address
	} else if open := strings.LastIndexByte(s, '<'); open >= 0 && strings.HasSuffix(s, ">") {
		// The strict parser refuses much that is sent every day.
		name, addr = strings.Trim(s[:open], " \t\"'"), s[open+1:len(s)-1]
		if decoded, err := wordDecoder().DecodeHeader(name); err == nil {
			name = decoded
		}
	}
	local, domain, err := splitAddress(addr)
	if err == nil {
		err = checkPublic(domain)
	}
	if err != nil {
		return Address{}, err
	}
	return Address{Name: cleanName(name), Addr: local + "@" + domain}, nil
}

// NormalizeAddress is s as a key: NFKC, trimmed, lower case, the domain in ASCII
// (IDNA). Two spellings that a person would call the same give the same key; no
// rule of a single provider is applied. It refuses names around the address,
// control characters, spaces, more than 254 octets and a domain without a dot.
// For sending, keep the spelling of ParseAddress.
func NormalizeAddress(s string) (string, error) {
	if len(s) > 4*maxAddress {
		return "", fmt.Errorf("%w: too long", ErrAddress)
	}
	for range 4 { // folding one character can call for folding the next
		local, domain, err := splitAddress(norm.NFKC.String(s))
		if err == nil {
			err = checkPublic(domain)
		}
		if err != nil {
			return "", err
		}
		key := norm.NFKC.String(strings.ToLower(local)) + "@" + domain
		if key == s {
			return key, nil
		}
		s = key
	}
	return "", fmt.Errorf("%w: has no stable spelling", ErrAddress)
}

// Domain is the domain of addr in lower-case ASCII, or "" when addr is no address.
func Domain(addr string) string {
	_, domain, err := splitAddress(addr)
	if err != nil {
		return ""
	}
	return domain
}

// splitAddress takes an address apart and checks both sides. Dots may stand
// anywhere in the local part: Japanese carriers gave out such addresses for years.
func splitAddress(s string) (local, domain string, err error) {
	if !utf8.ValidString(s) {
		return "", "", fmt.Errorf("%w: not UTF-8", ErrAddress)
	}
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\u200B' || r == '\uFEFF' })
	at := strings.LastIndexByte(s, '@')
	if at < 1 {
		return "", "", fmt.Errorf("%w: it has no @ with a name before it", ErrAddress)
	}
	local, domain = s[:at], s[at+1:]
	if len(local) > 2 && local[0] == '"' && local[len(local)-1] == '"' {
		local = local[1 : len(local)-1]
	}
	if len(local) > maxLocal || strings.Trim(local, ".") == "" {
		return "", "", fmt.Errorf("%w: the part before @ is empty or over %d octets", ErrAddress, maxLocal)
	}
	for _, r := range local {
		if !localRune(r) {
			return "", "", fmt.Errorf("%w: the character %q can't stand before @", ErrAddress, r)
		}
	}
	if domain, err = asciiDomain(domain); err != nil {
		return "", "", err
	}
	if len(local)+1+len(domain) > maxAddress {
		return "", "", fmt.Errorf("%w: over %d octets", ErrAddress, maxAddress)
	}
	return local, domain, nil
}

// localRune allows the atoms of RFC 5322 with dots, and the letters, marks and
// numbers of RFC 6531. Quoted specials are refused: no mailbox that people type
// has them, and they are a way to smuggle.
func localRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
			strings.ContainsRune("!#$%&'*+-/=?^_`{|}~.", r)
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r))
}

// lookup is the profile for names to be looked up (RFC 5891, section 5).
var lookup = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(),
	idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// asciiDomain maps a domain to lower-case ASCII and checks its labels.
func asciiDomain(domain string) (string, error) {
	domain = strings.TrimSuffix(domain, ".")
	ascii, err := lookup.ToASCII(domain)
	if err != nil || ascii == "" || !isASCII(ascii) {
		return "", fmt.Errorf("%w: the part after @ is no domain", ErrAddress)
	}
	return ascii, nil
}

// checkPublic refuses what no public mailbox has: a bare host and an IP number.
func checkPublic(domain string) error {
	dot := strings.LastIndexByte(domain, '.')
	if dot < 1 || dot == len(domain)-1 || domain[dot+1] >= '0' && domain[dot+1] <= '9' {
		return fmt.Errorf("%w: the domain has no ending such as .com", ErrAddress)
	}
	return nil
}

// cleanName is a display name without what would deceive or break a line.
func cleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
			return -1
		}
		return r
	}, name)
	name = strings.Join(strings.Fields(name), " ")
	if runes := []rune(name); len(runes) > 200 {
		name = string(runes[:200])
	}
	return name
}

// wordDecoder decodes the encoded words of every charset that browsers know.
func wordDecoder() *mime.WordDecoder {
	return &mime.WordDecoder{CharsetReader: func(charset string, r io.Reader) (io.Reader, error) {
		enc, err := htmlindex.Get(charset)
		if err != nil {
			return nil, fmt.Errorf("charset %q: %w", charset, err)
		}
		return enc.NewDecoder().Reader(r), nil
	}}
}
