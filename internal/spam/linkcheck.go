package spam

import (
	"fmt"
	"strings"
	"unicode"
)

// foreign returns the links that do not lead to the shop itself, each once.
func foreign(m Message) []link {
	seen := map[string]bool{}
	var out []link
	for _, l := range m.seen().links {
		key := l.host + l.path
		if seen[key] || own(m, l.host) {
			continue
		}
		seen[key] = true
		out = append(out, l)
	}
	return out
}

func own(m Message, host string) bool {
	for _, o := range m.OwnHosts {
		if o = asciiHost(o); o != "" && hostWithin(host, o) {
			return true
		}
	}
	return false
}

// checkLinks counts: one link is what a customer pastes.
func checkLinks() Check {
	return func(m Message) []Signal {
		links := foreign(m)
		n := len(links)
		if n == 0 {
			return nil
		}
		return hit("links", grade(n, 1, 2, 3, 5, 10), fmt.Sprintf("The text holds %d links.", n),
			map[string]any{"count": n, "hosts": hosts(links, 5)})
	}
}

// checkShorteners notices services that hide where a link leads. Customers in
// Taiwan share photos by them, so it is mild.
func checkShorteners() Check {
	services := words(`bit.ly tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly cutt.ly rb.gy rebrand.ly t.ly
		shorturl.at tiny.cc bl.ink short.io reurl.cc lihi.cc lihi1.com lihi2.com lihi3.com pse.is ppt.cc
		supr.link psee.io s.yam.com 0rz.tw goo.su clck.ru vk.cc u.to qrco.de shorturl.com x.gd urlz.fr
		t.cn url.cn dwz.cn suo.im w.url.cn tb.cn bitly.com soo.gd adf.ly`)
	return func(m Message) []Signal {
		var found []link
		for _, l := range foreign(m) {
			if services[l.host] || services[strings.TrimPrefix(l.host, "www.")] {
				found = append(found, l)
			}
		}
		if len(found) == 0 {
			return nil
		}
		return hit("link_shortener", grade(len(found), 1, 2), "A link hides where it leads behind a shortening service.",
			map[string]any{"hosts": hosts(found, 5)})
	}
}

// checkChatLinks notices invitations to a chat elsewhere. A shop's own LINE
// account is in many customers' questions and is not among them.
func checkChatLinks() Check {
	services := words(`t.me telegram.me telegram.dog wa.me chat.whatsapp.com api.whatsapp.com discord.gg`)
	return func(m Message) []Signal {
		for _, l := range foreign(m) {
			if services[l.host] {
				return hit("link_chat", 0, fmt.Sprintf("A link invites to a chat elsewhere (%s).", l.host), map[string]any{"host": l.host})
			}
		}
		return nil
	}
}

// checkLinkHosts looks at the hosts themselves: letters of other scripts, bare
// addresses, domain endings that are given away.
func checkLinkHosts() Check {
	endings := words(`top xyz click icu buzz cyou rest monster sbs cfd loan win bid tk ml ga cf gq bet casino quest lol`)
	return func(m Message) []Signal {
		var idn, ip, cheap []link
		for _, l := range foreign(m) {
			switch {
			case l.ip:
				ip = append(ip, l)
			case l.idn:
				idn = append(idn, l)
			case endings[l.host[strings.LastIndexByte(l.host, '.')+1:]]:
				cheap = append(cheap, l)
			}
		}
		var out []Signal
		if len(idn) > 0 {
			out = append(out, hit("link_punycode", 0, "The host of a link is written in letters beyond a to z.",
				map[string]any{"hosts": hosts(idn, 5)})...)
		}
		if len(ip) > 0 {
			out = append(out, hit("link_ip", 0, "A link leads to a bare network address.",
				map[string]any{"hosts": hosts(ip, 5)})...)
		}
		if len(cheap) > 0 {
			out = append(out, hit("link_ending", 0, "A link leads to a domain ending that is often used for junk.",
				map[string]any{"hosts": hosts(cheap, 5)})...)
		}
		return out
	}
}

// checkLinkDensity notices a text that is links and little else.
func checkLinkDensity() Check {
	return func(m Message) []Signal {
		inLinks, all := 0, 0
		for _, l := range m.seen().links {
			if !own(m, l.host) {
				inLinks += len(l.text)
			}
		}
		for _, r := range m.seen().body {
			if !unicode.IsSpace(r) {
				all++
			}
		}
		if inLinks == 0 || inLinks*2 <= all {
			return nil
		}
		percent := min(100, inLinks*100/all)
		return hit("link_density", 0, fmt.Sprintf("%d %% of the text is links.", percent), map[string]any{"percent": percent})
	}
}

// hosts lists the first hosts, for the Data of a signal.
func hosts(links []link, most int) []string {
	out := []string{}
	for _, l := range links[:min(most, len(links))] {
		out = append(out, l.host)
	}
	return out
}

// words makes a set of the words in a list.
func words(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}
