package mailin

import (
	"strings"
)

const maxAddresses = 500 // of one header field

// parseAddresses reads an address list (RFC 5322 §3.4) as it is in the world:
// names with commas and no quotes, quotes and brackets without an end,
// semicolons as separators, groups, source routes, addresses hidden in encoded
// words. raw is UTF-8 with its encoded words still in place, so that a comma
// inside a name cannot split it.
func parseAddresses(raw, hint string) []Address {
	var (
		out     []Address
		pending string // a piece without an address: the first half of "Doe, John"
	)
	for _, e := range splitList(raw) {
		a := e.address(hint)
		if a == (Address{}) {
			continue
		}
		switch {
		case a.Addr == "" && !e.quoted:
			pending = join(pending, a.Name, ", ")
			continue
		case pending != "" && e.angle != "":
			a.Name, pending = join(pending, a.Name, ", "), ""
		case pending != "":
			out, pending = append(out, Address{Name: pending}), ""
		}
		if out = append(out, a); len(out) >= maxAddresses {
			return out
		}
	}
	if pending != "" {
		out = append(out, Address{Name: pending})
	}
	return out
}

func join(a, b, sep string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + sep + b
}

// element is one piece of a list before it is understood.
type element struct {
	phrase  string // outside <>, quotes removed
	bare    string // the same with quotes, without comments
	comment string
	angle   string // inside <>
	quoted  bool   // the phrase was in quotes
}

// address makes sense of an element.
func (e element) address(hint string) Address {
	name := decodeWords(strings.TrimSpace(e.phrase), hint)
	comment := decodeWords(strings.TrimSpace(e.comment), hint)
	if addr := cleanAddr(decodeWords(e.angle, hint)); addr != "" {
		if name == "" {
			name = comment
		}
		return Address{Name: tidyName(name), Addr: addr}
	}
	if strings.Contains(e.bare, "=?") {
		if inner, ok := hidden(name); ok {
			return inner
		}
	}
	if addr, rest := addrIn(e.bare); addr != "" {
		rest = decodeWords(rest, hint)
		if rest == "" {
			rest = comment
		}
		return Address{Name: tidyName(rest), Addr: addr}
	}
	return Address{Name: tidyName(name)}
}

// hidden reads an address that was encoded as a whole with its name.
func hidden(decoded string) (Address, bool) {
	if !strings.Contains(decoded, "@") {
		return Address{}, false
	}
	for _, e := range splitList(decoded) {
		if addr := cleanAddr(e.angle); strings.Contains(addr, "@") {
			return Address{Name: tidyName(strings.TrimSpace(e.phrase)), Addr: addr}, true
		}
	}
	if addr, rest := addrIn(decoded); addr != "" {
		return Address{Name: tidyName(rest), Addr: addr}, true
	}
	return Address{}, false
}

// addrIn finds the address in text without brackets: the one word with an "@",
// or the whole where spaces stand around "@" and dots.
func addrIn(bare string) (addr, rest string) {
	at := strings.IndexByte(bare, '@')
	if at < 0 {
		return "", strings.TrimSpace(bare)
	}
	if bare = strings.TrimSpace(bare); strings.HasPrefix(bare, `"`) && strings.Contains(bare, `"@`) {
		return cleanAddr(bare), ""
	}
	var words []string
	for _, w := range strings.Fields(bare) {
		if local, domain, ok := strings.Cut(w, "@"); ok && local != "" && domain != "" && addr == "" {
			addr = cleanAddr(strings.TrimSuffix(strings.TrimPrefix(w, "[mailto:"), "]"))
			if !strings.Contains(bare, " .") && !strings.Contains(bare, ". ") {
				continue
			}
			addr = ""
		}
		words = append(words, w)
	}
	if addr == "" {
		return cleanAddr(bare), ""
	}
	return addr, strings.Join(words, " ")
}

// cleanAddr removes what does not belong to an address and lowers its domain.
func cleanAddr(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "@") { // a source route, RFC 5322 §4.4
		if _, after, ok := strings.Cut(s, ":"); ok {
			s = after
		}
	}
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	if !strings.Contains(s, `"`) || !strings.Contains(s, `"@`) {
		s = strings.Map(func(r rune) rune {
			if strings.ContainsRune(" \t\r\n<>\",;", r) {
				return -1
			}
			return r
		}, s)
		s = strings.Trim(s, "'")
	}
	s = strings.TrimRight(s, ".")
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		return s[:i+1] + strings.ToLower(s[i+1:])
	}
	return s
}

// tidyName brings a display name to one line of single spaces.
func tidyName(s string) string {
	return strings.Join(strings.Fields(s), " ")
}
