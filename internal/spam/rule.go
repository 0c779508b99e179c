package spam

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"regexp/syntax"
	"strings"
	"time"
	"unicode/utf8"
)

// The kinds of block rules: what of a message a rule looks at.
const (
	KindIP      = "ip"      // network address: "192.0.2.7" or "192.0.2.0/24"
	KindEmail   = "email"   // whole mail address; one without a +tag also means the same with any
	KindDomain  = "domain"  // domain of the mail address and all below: "junk.example"; ".ru" for a whole ending
	KindPhone   = "phone"   // phone number; national and international spelling are the same
	KindKeyword = "keyword" // folded text anywhere in name, subject or text
	KindRegex   = "regex"   // RE2 expression over subject, text and name, any case
	KindURL     = "url"     // host and all below, or host/path and all that goes on from there, in any link
	KindCountry = "country" // country of the network address, as ISO 3166-1 alpha-2: "VN"
)

// The actions of block rules. Allow wins over block, block over quarantine.
const (
	ActionBlock      = "block"
	ActionQuarantine = "quarantine"
	ActionAllow      = "allow"
)

const (
	maxRegex   = 512  // bytes
	maxSteps   = 1500 // instructions of a compiled expression: it is run over long texts
	maxKeyword = 200  // characters
	maxValue   = 1024
	minDigits  = 7 // of a phone number
	maxDigits  = 15
)

// Rule is one block rule as staff wrote it.
type Rule struct {
	ID, Kind, Value, Action string
	// Expires ends the rule; the zero time never does.
	Expires time.Time
}

// ValidateRule tells what is wrong with a rule, in a sentence for the person
// who wrote it, or nil.
func ValidateRule(r Rule) error {
	switch r.Action {
	case ActionBlock, ActionQuarantine, ActionAllow:
	default:
		return fmt.Errorf("the action %s is unknown: choose block, quarantine or allow", quote(r.Action))
	}
	_, err := readRule(r)
	return err
}

// readRule checks the value by its kind and brings it into the form in which
// it is compared.
func readRule(r Rule) (any, error) {
	value := strings.TrimSpace(r.Value)
	switch {
	case value == "":
		return nil, errors.New("the value is empty")
	case len(value) > maxValue:
		return nil, fmt.Errorf("the value is too long: up to %d bytes", maxValue)
	case !utf8.ValidString(value):
		return nil, errors.New("the value is not valid text (UTF-8)")
	}
	switch r.Kind {
	case KindIP:
		return readPrefix(value)
	case KindEmail:
		return readEmail(value)
	case KindDomain:
		return readDomain(value)
	case KindPhone:
		return readPhone(value)
	case KindKeyword:
		return readKeyword(value)
	case KindRegex:
		return readRegex(value)
	case KindURL:
		return readURL(value)
	case KindCountry:
		return readCountry(value)
	}
	return nil, fmt.Errorf("the kind %s is unknown: choose ip, email, domain, phone, keyword, regex, url or country", quote(r.Kind))
}

func readPrefix(value string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(value); err == nil {
		addr = addr.Unmap().WithZone("")
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(value)
	if err != nil {
		return p, fmt.Errorf("%s is no network address: write it like 192.0.2.7, 192.0.2.0/24 or 2001:db8::/48", quote(value))
	}
	if p.Addr().Is4In6() {
		if p.Bits() < 96 {
			return p, errors.New("the network is too wide: an IPv4 network needs at least /8")
		}
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	least := 8
	if p.Addr().Is6() {
		least = 16
	}
	if p.Bits() < least {
		return p, fmt.Errorf("the network is too wide: at least /%d", least)
	}
	return p.Masked(), nil
}

func readEmail(value string) (string, error) {
	address := foldEmail(value)
	local, domain, _ := strings.Cut(address, "@")
	if local == "" || !strings.Contains(domain, ".") || strings.ContainsAny(address, " <>,;") || strings.Contains(domain, "@") {
		return "", fmt.Errorf("%s is no mail address: write it like name@example.com", quote(value))
	}
	return address, nil
}

// foldEmail is the form in which mail addresses are compared.
func foldEmail(email string) string {
	email = Fold(clip(email, maxField))
	i := strings.LastIndexByte(email, '@')
	if i < 0 {
		return email
	}
	return email[:i+1] + asciiHost(email[i+1:])
}

func readDomain(value string) (string, error) {
	ending := strings.HasPrefix(value, ".")
	value = strings.TrimPrefix(strings.TrimPrefix(value, "*"), "@")
	domain := asciiHost(Fold(value))
	switch {
	case domain == "" || strings.ContainsAny(domain, " @/:*"):
		return "", fmt.Errorf("%s is no domain: write it like example.com", quote(value))
	case !strings.Contains(domain, ".") && !ending:
		return "", fmt.Errorf("%s would match a whole domain ending: if you mean that, write .%s", quote(domain), domain)
	}
	return domain, nil
}

func readPhone(value string) (string, error) {
	digits := phoneDigits(value)
	if len(digits) < minDigits || len(digits) > maxDigits {
		return "", fmt.Errorf("%s is no phone number: write %d to %d digits, as +886912345678", quote(value), minDigits, maxDigits)
	}
	return digits, nil
}

func readKeyword(value string) (string, error) {
	word := Fold(value)
	n := utf8.RuneCountInString(word)
	if n < 2 || n > maxKeyword {
		return "", fmt.Errorf("a keyword has 2 to %d characters that can be seen; this one has %d", maxKeyword, n)
	}
	return word, nil
}

func readRegex(value string) (*regexp.Regexp, error) {
	if len(value) > maxRegex {
		return nil, fmt.Errorf("the expression is too long: %d bytes, up to %d are allowed", len(value), maxRegex)
	}
	re, err := regexp.Compile("(?i)" + value)
	if err != nil {
		var bad *syntax.Error
		if errors.As(err, &bad) {
			return nil, fmt.Errorf("the expression has a mistake: %s near %s", bad.Code, quote(bad.Expr))
		}
		return nil, errors.New("the expression has a mistake")
	}
	if steps(re) > maxSteps {
		return nil, errors.New("the expression repeats too much to be run over every message: use smaller numbers in {}")
	}
	if re.MatchString("") {
		return nil, errors.New("the expression also matches nothing at all, so it would match every message")
	}
	return re, nil
}

// steps is how many instructions an expression is compiled to.
func steps(re *regexp.Regexp) int {
	tree, err := syntax.Parse(re.String(), syntax.Perl)
	if err != nil {
		return maxSteps + 1
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return maxSteps + 1
	}
	return len(prog.Inst)
}

func readURL(value string) (link, error) {
	l, ok := readLink(strings.TrimSuffix(clean(value, maxValue), "/"))
	if !ok || strings.ContainsAny(l.host, " @") {
		return link{}, fmt.Errorf("%s is no web address: write it like example.com or example.com/path", quote(value))
	}
	l.host = strings.TrimPrefix(l.host, "www.")
	l.path = Fold(l.path)
	return l, nil
}

// quote shows a value in a sentence, cut to what a line holds.
func quote(s string) string {
	if short := clip(s, 60); short != s {
		s = short + "…"
	}
	return fmt.Sprintf("%q", s)
}
