package intake

import (
	"net/netip"
	"strconv"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/limit"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// rates count what came within the last hour, and different texts of a day.
type rates struct {
	ip, network, country, mail, overall *limit.Counter
	member                              *limit.Counter
	// mailHere and textsHere count by sender and network: anybody can type the
	// address of another.
	mailHere, textsHere *limit.Counter
	texts, said         *limit.Counter
}

func newRates(now func() time.Time) rates {
	counter := func(window time.Duration) *limit.Counter {
		return limit.New(limit.Config{Window: window, Max: 50_000, Now: now})
	}
	return rates{
		ip: counter(time.Hour), network: counter(time.Hour), country: counter(time.Hour),
		mail: counter(time.Hour), overall: counter(time.Hour), member: counter(time.Hour),
		mailHere: counter(time.Hour), textsHere: counter(24 * time.Hour),
		texts: counter(24 * time.Hour), said: counter(24 * time.Hour),
	}
}

// wall turns away an address that sends far more than a person does.
func (in *Intake) wall(r *Request, settings *desk.Settings) error {
	if r == nil || r.Authenticated || !telling(r) {
		return nil
	}
	n := in.rates.ip.Add(limit.IPKey(r.IP))
	if l := settings.Limits.IPHour; l > 0 && n > l {
		return ErrTooMany
	}
	return nil
}

// telling says whether the address tells one visitor from another. A request
// from this machine or a private network comes through a proxy that PocketBase
// was not told of; all visitors would share one limit.
func telling(r *Request) bool {
	return r.IP.IsValid() && !r.IP.IsLoopback() && !r.IP.IsPrivate() && !r.IP.IsLinkLocalUnicast()
}

// count fills in how much came lately from where a guest's message comes from.
// What is normal follows from the limit of a single address: three times as
// much from its network, as much as one address may send from a country where
// the shop expects nobody.
func (c rates) count(m *spam.Message, r *Request, s *desk.Settings) {
	l := s.Limits
	if telling(r) && l.IPHour > 0 {
		m.IPCount = spam.Rate{Count: c.ip.Count(limit.IPKey(r.IP)), Limit: max(1, l.IPHour/6)}
		m.NetCount = spam.Rate{Count: c.network.Add(networkKey(r.IP)), Limit: max(1, l.IPHour/2)}
		if m.Country != "" && !s.Screening.AtHome(m.Country) {
			m.CountryCount = spam.Rate{Count: c.country.Add(m.Country), Limit: l.IPHour}
		}
	}
	if key, err := mail.NormalizeAddress(m.Email); err == nil && l.EmailHour > 0 {
		m.EmailCount = spam.Rate{Count: c.mail.Add(key), Limit: senderLimit(l)}
		m.EmailHere = c.mailHere.Add(fromHere(key, r))
	}
	if l.OverallHour > 0 {
		m.OverCount = spam.Rate{Count: c.overall.Add("all"), Limit: l.OverallHour}
	}
}

// senderLimit is how many messages of one sender within an hour are normal.
func senderLimit(l desk.Limits) int { return max(1, l.EmailHour/4) }

// fromHere is a sender's key at the network of a request; "" where it tells nothing.
func fromHere(who string, r *Request) string {
	if !telling(r) {
		return ""
	}
	return who + " " + networkKey(r.IP)
}

// countMember fills in how much came under one member's reference, which may be
// passed on.
func (c rates) countMember(m *spam.Message, who member, l desk.Limits) {
	if who.state == validMember && l.EmailHour > 0 {
		m.MemberCount = spam.Rate{Count: c.member.Add(who.id), Limit: senderLimit(l)}
	}
}

// countText fills in how many different texts a guest sent within a day. Ten
// are normal where twenty messages an hour are allowed.
func (c rates) countText(m *spam.Message, r *Request, found *screened, l desk.Limits) {
	if found.sender == "" || !found.hashed || l.EmailHour <= 0 {
		return
	}
	who := string(found.sender)
	here := fromHere(who, r)
	n, near := c.texts.Count(who), c.textsHere.Count(here)
	if c.said.Add(who+strconv.FormatUint(found.hash, 16)) == 1 {
		n, near = c.texts.Add(who), c.textsHere.Add(here)
	}
	m.TextsHere = near
	m.SenderTexts = spam.Rate{Count: n, Limit: max(1, l.EmailHour/2)}
}

// countSaid is countText where no network tells senders apart.
func (c rates) countSaid(m *spam.Message, found *screened, l desk.Limits) {
	if found.sender == "" || !found.hashed {
		return
	}
	who := string(found.sender)
	n := c.texts.Count(who)
	if c.said.Add(who+strconv.FormatUint(found.hash, 16)) == 1 {
		n = c.texts.Add(who)
	}
	m.SenderTexts = spam.Rate{Count: n, Limit: max(1, l.EmailHour/2)}
}

// networkKey is the network of 256 neighbours that an address belongs to: /24 in
// IPv4, and in IPv6 /56, since there a single visitor already holds a /64 (RFC 6177).
func networkKey(ip netip.Addr) string {
	ip = ip.Unmap().WithZone("")
	bits := 24
	if ip.Is6() {
		bits = 56
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}
