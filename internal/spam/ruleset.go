package spam

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"
)

// maxRegexRules bounds how many expressions run over each message.
const maxRegexRules = 200

// Hit is a rule that a message met, with the signal to show.
type Hit struct {
	Rule   Rule
	Signal Signal
}

// Ruleset is a set of rules made ready for matching: addresses, domains,
// networks, numbers and hosts are looked up, only keywords and expressions are
// gone through. It does not change; any number of goroutines may use it.
type Ruleset struct {
	rules []Rule

	// The lists hold places in rules.
	prefixes map[int]map[netip.Prefix][]int // by length: IPv4 as is, IPv6 plus 1000
	emails   map[string][]int
	domains  map[string][]int
	phones   map[string][]phoneRule
	urls     map[string][]urlRule
	lands    map[string][]int
	keywords []keywordRule
	regexes  []regexRule
}

type phoneRule struct {
	digits string
	at     int
}

type urlRule struct {
	path string
	at   int
}

type keywordRule struct {
	word string
	at   int
}

type regexRule struct {
	re *regexp.Regexp
	at int
}

// CompileRules makes the rules ready. A rule that cannot be used is left out
// and told in an error that begins with its ID; the others work. Expressions
// beyond the first 200 are left out in the same way.
func CompileRules(rules []Rule) (*Ruleset, []error) {
	s := &Ruleset{
		prefixes: map[int]map[netip.Prefix][]int{},
		emails:   map[string][]int{},
		domains:  map[string][]int{},
		phones:   map[string][]phoneRule{},
		urls:     map[string][]urlRule{},
		lands:    map[string][]int{},
	}
	var errs []error
	for _, r := range rules {
		if err := s.put(r); err != nil {
			errs = append(errs, fmt.Errorf("rule %s: %w", r.ID, err))
		}
	}
	return s, errs
}

// put checks one rule and files it.
func (s *Ruleset) put(r Rule) error {
	if err := ValidateRule(r); err != nil {
		return err
	}
	value, err := readRule(r)
	if err != nil {
		return err
	}
	at := len(s.rules)
	switch v := value.(type) {
	case netip.Prefix:
		n := prefixKey(v.Addr(), v.Bits())
		if s.prefixes[n] == nil {
			s.prefixes[n] = map[netip.Prefix][]int{}
		}
		s.prefixes[n][v] = append(s.prefixes[n][v], at)
	case *regexp.Regexp:
		if len(s.regexes) >= maxRegexRules {
			return fmt.Errorf("there are already %d expressions, which is the most that can be used", maxRegexRules)
		}
		s.regexes = append(s.regexes, regexRule{v, at})
	case link:
		s.urls[v.host] = append(s.urls[v.host], urlRule{v.path, at})
	case string:
		s.putText(r.Kind, v, at)
	}
	s.rules = append(s.rules, r)
	return nil
}

func (s *Ruleset) putText(kind, v string, at int) {
	switch kind {
	case KindEmail:
		s.emails[v] = append(s.emails[v], at)
	case KindDomain:
		s.domains[v] = append(s.domains[v], at)
	case KindPhone:
		key := phoneKey(v)
		s.phones[key] = append(s.phones[key], phoneRule{v, at})
	case KindKeyword:
		s.keywords = append(s.keywords, keywordRule{v, at})
	case KindCountry:
		s.lands[v] = append(s.lands[v], at)
	}
}

// prefixKey tells networks of one length and family from others.
func prefixKey(addr netip.Addr, bits int) int {
	if addr.Is6() {
		return 1000 + bits
	}
	return bits
}

// Match returns a hit for every rule that the message meets and that has not
// expired, in the order of the rules. A nil Ruleset matches nothing.
func (s *Ruleset) Match(m Message, now time.Time) []Hit {
	if s == nil || len(s.rules) == 0 {
		return nil
	}
	var found []int
	found = append(found, s.matchIP(m.IP)...)
	found = append(found, s.matchEmail(m.Email)...)
	found = append(found, s.matchPhone(m.Phone)...)
	found = append(found, s.lands[m.country()]...)
	v := m.seen()
	found = append(found, s.matchLinks(v)...)
	found = append(found, s.matchText(m, v)...)
	slices.Sort(found)
	var out []Hit
	for _, at := range slices.Compact(found) {
		r := s.rules[at]
		if r.Expires.IsZero() || now.Before(r.Expires) {
			out = append(out, Hit{Rule: r, Signal: r.signal()})
		}
	}
	return out
}

func (s *Ruleset) matchIP(addr netip.Addr) (found []int) {
	addr = addr.Unmap().WithZone("")
	if !addr.IsValid() {
		return nil
	}
	for n, nets := range s.prefixes {
		bits := n % 1000
		if prefixKey(addr, bits) != n {
			continue
		}
		if p, err := addr.Prefix(bits); err == nil {
			found = append(found, nets[p]...)
		}
	}
	return found
}

func (s *Ruleset) matchEmail(email string) (found []int) {
	if email == "" || len(s.emails)+len(s.domains) == 0 {
		return nil
	}
	address := foldEmail(email)
	found = append(found, s.emails[address]...)
	if local, domain, ok := strings.Cut(address, "@"); ok {
		if plain, _, tagged := strings.Cut(local, "+"); tagged {
			found = append(found, s.emails[plain+"@"+domain]...)
		}
	}
	for domain := range parents(mailDomain(email)) {
		found = append(found, s.domains[domain]...)
	}
	return found
}

func (s *Ruleset) matchPhone(phone string) (found []int) {
	digits := phoneDigits(phone)
	for _, r := range s.phones[phoneKey(digits)] {
		if samePhone(digits, r.digits) {
			found = append(found, r.at)
		}
	}
	return found
}

func (s *Ruleset) matchLinks(v *view) (found []int) {
	if len(s.urls) == 0 {
		return nil
	}
	for _, l := range slices.Concat(v.links, v.nameLinks) {
		path := Fold(l.path)
		for host := range parents(l.host) {
			for _, r := range s.urls[host] {
				if pathBegins(path, r.path) {
					found = append(found, r.at)
				}
			}
		}
	}
	return found
}

// pathBegins reports whether the path is the prefix or goes on from it with
// something else than the same word: "/a" begins "/a/b" and "/a?x", not "/ab".
func pathBegins(path, prefix string) bool {
	rest, ok := strings.CutPrefix(path, prefix)
	if !ok || rest == "" || prefix == "" {
		return ok
	}
	return !isAlnum(rest[0]) && rest[0] != '_' && rest[0] != '-'
}

func (s *Ruleset) matchText(m Message, v *view) (found []int) {
	for _, k := range s.keywords {
		if strings.Contains(v.folded, k.word) {
			found = append(found, k.at)
		}
	}
	if len(s.regexes) == 0 {
		return found
	}
	// As written, and without width and invisible characters: whoever writes
	// a rule may have copied from either.
	tidy := v.body + "\n" + v.name
	plain := clip(m.Subject, maxField) + "\n" + clip(m.Text, maxText) + "\n" + clip(m.Name, maxField)
	for _, r := range s.regexes {
		if r.re.MatchString(tidy) || plain != tidy && r.re.MatchString(plain) {
			found = append(found, r.at)
		}
	}
	return found
}

// signal weighs as much as the action alone takes at the default thresholds;
// Screen lets the action decide at any.
func (r Rule) signal() Signal {
	grade, said := 0, "holds"
	switch r.Action {
	case ActionBlock:
		grade, said = 1, "blocks"
	case ActionAllow:
		grade, said = 2, "lets through"
	}
	name := "rule"
	if r.Kind == KindCountry {
		name = "country"
	}
	return Signal{
		Name:     name,
		Weight:   points(name, grade),
		Sentence: fmt.Sprintf("A rule of the shop %s this: %s %s.", said, r.Kind, quote(r.Value)),
		Data:     map[string]any{"rule": r.ID, "kind": r.Kind, "value": clip(r.Value, 200), "action": r.Action},
	}
}
