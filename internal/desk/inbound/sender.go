package inbound

import (
	"slices"
	"strings"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mailin"
	"github.com/pocketdesk/pocketdesk/internal/mailin/report"
)

// author is who wrote a mail: From, else Sender. A mailing list that stands
// before one of our addresses may put itself into From and the person into
// X-Original-From or Reply-To, so that DMARC holds; then it is that person, and
// listed.
func author(m *mailin.Mail, own []string) (who mailin.Address, listed bool) {
	for _, list := range [][]mailin.Address{m.From, m.Sender} {
		for _, a := range list {
			key, err := mail.NormalizeAddress(a.Addr)
			if err != nil {
				continue
			}
			if desk.IsOwn(own, key) && ownList(m, own) {
				if person, ok := behindList(m, own); ok {
					return person, true
				}
			}
			return mailin.Address{Name: desk.Clip(desk.OneLine(plain(a.Name)), 200), Addr: key}, false
		}
	}
	return mailin.Address{}, false
}

func behindList(m *mailin.Mail, own []string) (mailin.Address, bool) {
	list := slices.Clone(m.ReplyTo)
	if a, err := mail.ParseAddress(m.Header.Get("X-Original-From")); err == nil {
		list = slices.Insert(list, 0, mailin.Address{Name: a.Name, Addr: a.Addr})
	}
	for _, a := range list {
		if key, err := mail.NormalizeAddress(a.Addr); err == nil && !desk.IsOwn(own, key) {
			return mailin.Address{Name: desk.Clip(desk.OneLine(plain(a.Name)), 200), Addr: key}, true
		}
	}
	return mailin.Address{}, false
}

// ownList tells whether a mail came by a mailing list that is one of our own
// addresses: shops put a group before their mailbox, and each visitor's mail
// then bears the headers of a list (RFC 2919, RFC 2369).
func ownList(m *mailin.Mail, own []string) bool {
	for _, name := range []string{"List-Id", "List-Post"} {
		v := strings.ToLower(m.Header.Get(name))
		if open := strings.LastIndexByte(v, '<'); open >= 0 {
			v, _, _ = strings.Cut(v[open+1:], ">")
		}
		v = strings.TrimPrefix(strings.TrimSpace(v), "mailto:")
		for _, addr := range own {
			if v != "" && (v == addr || v == strings.Replace(addr, "@", ".", 1)) {
				return true
			}
		}
	}
	return false
}

// listHeaders are those that a mailing list adds.
func listHeader(name string) bool {
	name = strings.ToLower(name)
	return name == "precedence" || strings.HasPrefix(name, "list-") || name == "mailing-list" || name == "x-google-group-id"
}

// automatic says why no person wrote a mail; "" for one that a person wrote. That
// it came by a list of our own says nothing.
func automatic(m *mailin.Mail, own []string) string {
	if !m.Auto.Is {
		return ""
	}
	if ownList(m, own) {
		person, ok := behindList(m, own)
		source := report.Source{From: m.Header.Get("From"), Subject: m.Subject, Header: func(name string) []string {
			if listHeader(name) {
				return nil
			}
			return m.Header.Values(name)
		}}
		if ok {
			source.From = person.Addr
		}
		is, why := report.Automatic(source, nil)
		if !is {
			return ""
		}
		return orSome(why)
	}
	return orSome(m.Auto.Why)
}

func orSome(why string) string {
	if why == "" {
		return "automatic"
	}
	return desk.Clip(why, 200)
}

// own tells whether we sent the mail ourselves: from an address of ours, under an
// id that we signed, or under one of a domain that only programs of the shop use.
func (s *Station) own(m *mailin.Mail, from string, own []string, settings desk.Mail) bool {
	if desk.IsOwn(own, from) {
		return true
	}
	if _, ok := s.signer.ParseMessageID(m.MessageID); ok {
		return true
	}
	if m.MissingID {
		return false
	}
	_, domain, _ := strings.Cut(strings.Trim(m.MessageID, "<>"), "@")
	return settings.OwnDomain(domain)
}

// machine tells the addresses of mail servers (RFC 2142, RFC 5321 section 4.5.1).
func machine(addr string) bool {
	local, _, _ := strings.Cut(strings.ToLower(addr), "@")
	local = strings.NewReplacer("-", "", "_", "", ".", "").Replace(local)
	return local == "mailerdaemon" || local == "postmaster"
}

// resultsOf are what the shop's mail server found out about the sender.
func resultsOf(m *mailin.Mail, authserv string) authentication {
	if authserv == "" {
		return authentication{}
	}
	a := m.Auth(authserv)
	return authentication{strings.ToLower(a.SPF), strings.ToLower(a.DKIM), strings.ToLower(a.DMARC)}
}

// elsewhere is an address at another organisation's domain to which the sender
// wants answers; "" for none. Nothing is ever sent there by itself.
func elsewhere(m *mailin.Mail, from string) string {
	for _, a := range m.ReplyTo {
		key, err := mail.NormalizeAddress(a.Addr)
		if err == nil && organisation(mail.Domain(key)) != organisation(mail.Domain(from)) {
			return key
		}
	}
	return ""
}
