package spam

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// link is one link found in a text.
type link struct {
	host string // lower case, ASCII (xn-- for other scripts), no port
	path string // with its slash, query included, unescaped; "" for none
	text string // the ASCII part as written
	idn  bool   // the host has letters beyond ASCII, written or as xn--
	ip   bool   // the host is a bare address
}

const maxLinks = 500

// linkEnd are characters that end a link; brackets belong to BBCode and Markdown.
const linkEnd = " \t\n<>\"'`[]{}|\\^「」、。"

// Domain endings that make a link of a host without a scheme, and those among
// them that are words too.
const (
	endings = " com net org info biz tw cn jp hk kr sg ru uk de ee io me ly cc co gd gl top xyz shop site online club " +
		"vip live link click win bet icu buzz store tech pro app at is in us my tk ml ga cf gq "
	wordEndings = " at is in us my me "
)

// schemeLink finds where a link begins that says that it is one.
var schemeLink = regexp.MustCompile(`(?i)\b(?:https?://|hxxps?://|www\.)`)

// findLinks returns the links in a clean text in their order, each as often as
// it stands there.
func findLinks(s string) []link {
	var out []link
	from := 0
	for _, at := range schemeLink.FindAllStringIndex(s, maxLinks) {
		if at[0] < from {
			continue // inside the last one
		}
		out = append(out, bareLinks(s[from:at[0]])...)
		from = endOfLink(s, at[0])
		if l, ok := readLink(s[at[0]:from]); ok {
			out = append(out, l)
		}
	}
	out = append(out, bareLinks(s[from:])...)
	return out[:min(len(out), maxLinks)]
}

func endOfLink(s string, from int) int {
	if i := strings.IndexAny(s[from:], linkEnd); i >= 0 {
		return from + i
	}
	return len(s)
}

// bareLinks finds hosts without a scheme, as "shop.tw/p/1". They must end in a
// well-known domain and not be part of a mail address or a file name.
func bareLinks(s string) []link {
	var out []link
	for i := 0; i < len(s) && len(out) < maxLinks; i++ {
		if !isHostByte(s[i]) {
			continue
		}
		from := i
		for i < len(s) && isHostByte(s[i]) {
			i++
		}
		host := strings.Trim(s[from:i], ".-_")
		joined := from > 0 && strings.IndexByte("@%+/\\", s[from-1]) >= 0 || i < len(s) && s[i] == '@'
		dot := strings.LastIndexByte(host, '.')
		if joined || dot < 1 || !oneOf(endings, host[dot+1:]) {
			continue
		}
		end := i
		if i < len(s) && strings.IndexByte(":/?#", s[i]) >= 0 {
			end = endOfLink(s, i)
		}
		if end == i && oneOf(wordEndings, host[dot+1:]) {
			continue // a full stop without a space behind it
		}
		if l, ok := readLink(s[from:end]); ok {
			out = append(out, l)
		}
		i = end
	}
	return out
}

// oneOf reports whether the word is in a list between spaces.
func oneOf(list, word string) bool {
	return strings.Contains(list, " "+strings.ToLower(word)+" ")
}

func isHostByte(c byte) bool { return isAlnum(c) || c == '.' || c == '-' || c == '_' }

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// readLink takes a link apart. The path keeps all that follows the host, since
// in Chinese and Japanese the next word often follows without a space; rules
// compare its beginning only.
func readLink(raw string) (link, bool) {
	rest := raw
	if i := strings.Index(rest, "://"); i >= 0 {
		rest = rest[i+3:]
	}
	host, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	host = host[strings.LastIndexByte(host, '@')+1:]
	host = cutHost(host)
	l := link{text: asciiPart(raw), ip: isIP(host)}
	l.host = asciiHost(host)
	if !strings.Contains(l.host, ".") || len(l.host) > 253 {
		return link{}, false
	}
	for label := range strings.SplitSeq(l.host, ".") {
		l.idn = l.idn || strings.HasPrefix(label, "xn--")
	}
	if p, err := url.PathUnescape(path); err == nil && utf8.ValidString(p) {
		path = p
	}
	if path != "/" {
		l.path = path
	}
	return l, true
}

// cutHost ends the host at a port, at punctuation, and, in the last label, at
// the first letter that is not ASCII after some that are: "shop.tw有貨嗎".
func cutHost(host string) string {
	if i := strings.IndexAny(host, ":,;!()*&%$~=+"); i >= 0 {
		host = host[:i]
	}
	host = strings.Trim(host, ".-_")
	dot := strings.LastIndexByte(host, '.')
	last := host[dot+1:]
	for i := range len(last) {
		if i > 0 && last[i] >= utf8.RuneSelf {
			return host[:dot+1+i]
		}
		if last[i] >= utf8.RuneSelf {
			break
		}
	}
	return host
}

func asciiPart(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return s[:i]
		}
	}
	return s
}

func isIP(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// asciiHost is the form in which hosts and mail domains are compared: lower
// case, other scripts as xn-- (RFC 3492), no dots at the ends.
func asciiHost(host string) string {
	host = strings.ToLower(strings.Trim(strings.TrimSpace(host), "."))
	if ascii, err := idna.Punycode.ToASCII(host); err == nil {
		return ascii
	}
	return host
}

// hostWithin reports whether host is the domain or below it.
func hostWithin(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain)
}
