package intake

import (
	_ "embed"
	"net/netip"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/net/publicsuffix"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/phone"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// What a person may block of a message.
const (
	BlockSender  = "sender"
	BlockDomain  = "domain"
	BlockNetwork = "network"
	BlockPhrase  = "phrase"
)

// Characters of a phrase, folded. A shorter one would hit half of all messages.
const minPhrase, maxPhrase = 3, 200

// freeMail are mail domains that thousands of strangers share.
//
//go:embed freemail.txt
var freeMail string

// findRule is the rule that a request asks for. It is tried on the message that
// it was made from: a rule that doesn't find even that would only seem to block.
func findRule(app core.App, f *desk.Feedback, v *desk.Verdict, q BlockRequest) (spam.Rule, error) {
	r := spam.Rule{ID: "new", Action: spam.ActionBlock}
	var err error
	switch q.Kind {
	case BlockSender:
		r.Kind, r.Value, err = senderOf(app, f, q.Value)
	case BlockDomain:
		r.Kind = spam.KindDomain
		r.Value, err = domainOf(app, f, q.Value)
	case BlockNetwork:
		r.Kind = spam.KindIP
		r.Value, err = networkOf(v)
	case BlockPhrase:
		r.Kind = spam.KindKeyword
		r.Value, err = phraseOf(q.Value)
	default:
		err = &BlockError{"kind", "kind_unknown", "Use sender, domain, network or phrase."}
	}
	if err != nil {
		return r, err
	}
	ip, _ := netip.ParseAddr(v.GetString("ip"))
	set, faults := spam.CompileRules([]spam.Rule{r})
	found := set.Match(spam.Message{
		Name: f.Name(), Email: f.Email(), Phone: f.Phone(), Subject: f.Subject(), Text: f.Message(), IP: ip,
	}, desk.Now(app))
	if len(faults) > 0 || len(found) == 0 {
		return r, &BlockError{"value", "not_found", "This does not stand in the message."}
	}
	return r, nil
}

// senderOf is the mail address that the message came under, else the phone number.
func senderOf(app core.App, f *desk.Feedback, value string) (kind, address string, err error) {
	email, mailErr := mail.NormalizeAddress(f.Email())
	number, hasPhone := phone.E164(f.Phone(), phone.Region(f.Locale()), "TW", "JP", "CN")
	given, givenErr := mail.NormalizeAddress(value)
	switch {
	case mailErr == nil && (value == "" || (givenErr == nil && given == email)):
		if ownAddresses(app)[email] {
			return "", "", &BlockError{"value", "own", "This is the shop's own address."}
		}
		return spam.KindEmail, email, nil
	case hasPhone && (value == "" || value == number || value == strings.TrimSpace(f.Phone())):
		return spam.KindPhone, number, nil
	case value == "":
		return "", "", &BlockError{"kind", "no_sender", "This message bears no address that can be blocked."}
	}
	return "", "", &BlockError{"value", "not_found", "This is not the address of the message."}
}

// domainOf is the domain of the message's mail address, or a wider one that holds it.
func domainOf(app core.App, f *desk.Feedback, value string) (string, error) {
	domain := ""
	if email, err := mail.NormalizeAddress(f.Email()); err == nil {
		domain = mail.Domain(email)
	}
	if domain == "" {
		return "", &BlockError{"kind", "no_domain", "This message bears no mail address."}
	}
	if value != "" {
		wider := mail.Domain("x@" + strings.TrimPrefix(strings.TrimSpace(value), "@"))
		if wider == "" || !within(domain, wider) {
			return "", &BlockError{"value", "not_found", "This is not the domain of the message's address."}
		}
		domain = wider
	}
	if suffix, _ := publicsuffix.PublicSuffix(domain); suffix == domain {
		return "", &BlockError{"value", "public_suffix", "Under this ending stand the domains of many. Block a domain below it."}
	}
	for free := range strings.FieldsSeq(freeMail) {
		if within(domain, free) {
			return "", &BlockError{"value", "free_mail", "Many people have their mail at " + free + ". Block the sender instead."}
		}
	}
	for own := range ownDomains(app) {
		if within(domain, own) || within(own, domain) {
			return "", &BlockError{"value", "own", "This is the shop's own domain."}
		}
	}
	return domain, nil
}

// within tells whether a domain is another one or stands below it.
func within(domain, other string) bool {
	return domain == other || strings.HasSuffix(domain, "."+other)
}

// shared is the room that providers put many customers into (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

// networkOf is the network that the message came from: what one customer of a
// provider usually has, and for IPv4 his neighbours.
func networkOf(v *desk.Verdict) (string, error) {
	ip, err := netip.ParseAddr(v.GetString("ip"))
	if err != nil {
		return "", ErrNoNetwork
	}
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || shared.Contains(ip) {
		return "", &BlockError{"kind", "own", "This message came from the shop's own network."}
	}
	bits := 24
	if ip.Is6() {
		bits = 64
	}
	network, err := ip.Prefix(bits)
	return network.String(), err
}

func phraseOf(value string) (string, error) {
	phrase := spam.Fold(value)
	if n := utf8.RuneCountInString(phrase); n < minPhrase || n > maxPhrase {
		return "", &BlockError{"value", "phrase_length", "A phrase has 3 to 200 characters that can be seen."}
	}
	return phrase, nil
}

// ownAddresses are those under which the shop itself writes.
func ownAddresses(app core.App) map[string]bool {
	own := map[string]bool{}
	add := func(address string) {
		if a, err := mail.NormalizeAddress(address); err == nil {
			own[a] = true
		}
	}
	add(app.Settings().Meta.SenderAddress)
	if s, err := desk.LoadSettings(app); err == nil {
		add(s.ServiceEmail)
		add(s.ReplyFrom)
	}
	return own
}

func ownDomains(app core.App) map[string]bool {
	own := map[string]bool{}
	for address := range ownAddresses(app) {
		own[mail.Domain(address)] = true
	}
	if u, err := url.Parse(app.Settings().Meta.AppURL); err == nil && strings.Contains(u.Hostname(), ".") {
		own[strings.ToLower(u.Hostname())] = true
	}
	return own
}
