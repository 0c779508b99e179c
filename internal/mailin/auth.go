package mailin

import "strings"

// Auth is what the receiving server found out about a mail's origin, each word
// as in RFC 8601 §2.7 ("pass", "fail", "none", …), "" where it said nothing.
type Auth struct {
	SPF, DKIM, DMARC string
	DKIMDomain       string // of the signature that DKIM speaks of, lower case
}

// Auth reads the topmost Authentication-Results that bears exactly authserv,
// the name of the shop's own mail server (RFC 8601 §2.5). Fields of any other
// name may have been written by the sender and count for nothing; so does every
// field when authserv is "". With several DKIM signatures the one that passed
// counts, first the one of the From address' domain.
//
// DMARC vouches for one author (RFC 7489 §6.6.1). Its pass counts as "none" where
// the server read another From than we do, and where From stands twice or can be
// read as more than one address.
func (m *Mail) Auth(authserv string) Auth {
	authserv = strings.ToLower(strings.TrimSpace(authserv))
	if authserv == "" {
		return Auth{}
	}
	for _, v := range m.Header.raws("Authentication-Results") {
		if id, results := splitAuth(v); id == authserv {
			return m.readAuth(results)
		}
	}
	return Auth{}
}

func (m *Mail) fromDomain() string {
	if len(m.From) == 0 {
		return ""
	}
	return domainOf(m.From[0].Addr)
}

func domainOf(addr string) string { return strings.ToLower(addr[strings.LastIndexByte(addr, '@')+1:]) }

// authored tells whether a DMARC result is about the author that we read: the
// server names his domain, or every program reads the same address in From.
func (m *Mail) authored(props [][2]string) bool {
	fields := m.Header.raws("From")
	if len(fields) != 1 || len(m.From) != 1 {
		return false
	}
	for _, p := range props {
		if p[0] == "header.from" {
			return domainOf(p[1]) == m.fromDomain()
		}
	}
	bare := withoutQuotes(withoutComments(fields[0]))
	return strings.Count(bare, "<") <= 1 && strings.Count(bare, "@") == 1 && !strings.Contains(bare, ":")
}

// withoutQuotes removes quoted strings.
func withoutQuotes(s string) string {
	var out strings.Builder
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case !quoted:
			out.WriteByte(s[i])
		}
	}
	return out.String()
}

// splitAuth parts a field into its authserv-id and its results, comments gone.
func splitAuth(v string) (id string, results []string) {
	pieces := splitOutside(withoutComments(v), ';')
	fields := strings.Fields(pieces[0]) // the id may be followed by a version
	if len(fields) == 0 {
		return "", nil
	}
	return strings.ToLower(strings.Trim(fields[0], `"`)), pieces[1:]
}

// readAuth reads results like "dkim=pass header.d=example.com".
func (m *Mail) readAuth(results []string) Auth {
	from := m.fromDomain()
	var a Auth
	rank := -1
	for _, r := range results {
		props := authProps(r)
		if len(props) == 0 {
			continue
		}
		method, value := props[0][0], props[0][1]
		method, _, _ = strings.Cut(method, "/")
		switch method {
		case "spf":
			a.SPF = keepFirst(a.SPF, value)
		case "dmarc":
			if value == "pass" && !m.authored(props) {
				value = "none"
			}
			a.DMARC = worse(a.DMARC, value)
		case "dkim":
			domain := ""
			for _, p := range props[1:] {
				switch p[0] {
				case "header.d":
					domain = p[1]
				case "header.i":
					if _, d, ok := strings.Cut(p[1], "@"); ok && domain == "" {
						domain = d
					}
				}
			}
			n := 0
			if value == "pass" {
				n += 2
			}
			if domain != "" && domain == from {
				n++
			}
			if n > rank {
				rank, a.DKIM, a.DKIMDomain = n, value, domain
			}
		}
	}
	return a
}

// worse gives the one of two results that is no pass: a second one may have been
// written into an address that the server repeats.
func worse(have, found string) string {
	if have == "" || have == "pass" {
		return found
	}
	return have
}

func keepFirst(have, found string) string {
	if have != "" {
		return have
	}
	return found
}

// authProps reads the name=value pairs of one result, in lower case. Spaces may
// stand around "=".
func authProps(s string) (out [][2]string) {
	for {
		s = strings.TrimLeft(s, " \t")
		name, rest, ok := strings.Cut(s, "=")
		if !ok {
			return out
		}
		words := strings.Fields(name)
		if len(words) == 0 {
			return out
		}
		rest = strings.TrimLeft(rest, " \t")
		value := rest
		if strings.HasPrefix(rest, `"`) {
			value, rest, _ = strings.Cut(rest[1:], `"`)
		} else if i := strings.IndexAny(rest, " \t"); i >= 0 {
			value, rest = rest[:i], rest[i:]
		} else {
			rest = ""
		}
		out = append(out, [2]string{strings.ToLower(words[len(words)-1]), strings.ToLower(value)})
		s = rest
	}
}

// withoutComments removes comments (RFC 5322 §3.2.2), nested ones too, outside
// quotes.
func withoutComments(s string) string {
	var out strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s) && (quoted || depth > 0):
			i++
			if depth == 0 && s[i] != '"' { // an escaped quote must not end its string later
				out.WriteByte(s[i])
			}
		case c == '"' && depth == 0:
			quoted = !quoted
			out.WriteByte(c)
		case c == '(' && !quoted:
			depth++
		case c == ')' && !quoted && depth > 0:
			depth--
			out.WriteByte(' ')
		case depth == 0:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// splitOutside cuts at sep outside quotes.
func splitOutside(s string, sep byte) []string {
	var out []string
	start, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == sep && !quoted:
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}
