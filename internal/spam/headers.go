package spam

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// tools are beginnings of the names by which programs that are no browsers go;
// a shop's own app has a name of its own.
var tools = []string{"curl", "wget", "python", "go-http-client", "java/", "apache-httpclient", "libwww-perl", "lwp", "ruby",
	"php", "guzzle", "axios", "node", "undici", "got ", "got/", "aiohttp", "httpx", "scrapy", "postman", "insomnia", "winhttp", "httpie", "perl", "rest-client", "reqwest"}

// automated are words by which browsers say that a program drives them.
var automated = []string{"headless", "phantomjs", "selenium", "puppeteer", "playwright"}

// fetchSince is the version of Chrome from which on requests to a safe origin
// carry Sec-Fetch-Site (W3C Fetch Metadata).
const fetchSince = 80

// checkHeaders notices a request that a browser would have sent otherwise.
// Integrations sign in and are not judged.
func checkHeaders() Check {
	return func(m Message) []Signal {
		if !m.guest() {
			return nil
		}
		odd := oddHeaders(m)
		if len(odd) == 0 {
			return nil
		}
		return hit("headers", grade(min(len(odd), 3), 1, 2, 3),
			fmt.Sprintf("The request is unlike a browser's: %s.", strings.Join(odd, ", ")), map[string]any{"odd": odd})
	}
}

// oddHeaders lists what is odd. A program that gives its own name is twice so,
// whatever else it sends.
func oddHeaders(m Message) (odd []string) {
	ua := strings.ToLower(strings.TrimSpace(clip(m.UserAgent, maxField)))
	for _, t := range tools {
		if strings.HasPrefix(ua, t) {
			return []string{"sent by " + clip(ua, 40), "no browser"}
		}
	}
	if !strings.HasPrefix(ua, "mozilla/") {
		return nil // a guest's own program may send what it likes
	}
	if slices.ContainsFunc(automated, func(word string) bool { return strings.Contains(ua, word) }) {
		odd = append(odd, "driven by a program")
	}
	if strings.TrimSpace(m.AcceptLanguage) == "" {
		odd = append(odd, "no Accept-Language")
	}
	if m.SecFetchSite == "" {
		if strings.TrimSpace(m.Accept) == "*/*" {
			odd = append(odd, "Accept is */*")
		}
		_, version, _ := strings.Cut(ua, " chrome/")
		version, _, _ = strings.Cut(version, ".")
		if n, err := strconv.Atoi(version); err == nil && n >= fetchSince && m.Accept != "" {
			odd = append(odd, "no Sec-Fetch-Site")
		}
	}
	if strangeOrigin(m) {
		odd = append(odd, "sent from another site")
	}
	return odd
}

// strangeOrigin reports whether a post to the form's own page was started on
// another site. A widget stands on other sites by its nature.
func strangeOrigin(m Message) bool {
	if m.Source != "form" {
		return false
	}
	if m.SecFetchSite != "" {
		return m.SecFetchSite == "cross-site"
	}
	u, err := url.Parse(clip(m.Origin, maxField))
	return err == nil && u.Hostname() != "" && len(m.OwnHosts) > 0 && !own(m, asciiHost(u.Hostname()))
}
