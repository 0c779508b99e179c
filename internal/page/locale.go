package page

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// Locales are the languages of the visitor's pages, in the order of the language switch.
func Locales() []string { return []string{"zh-TW", "zh-CN", "ja", "en"} }

// Locale chooses the page's language: what the address asks for (q), else the cookie, else the best of
// Accept-Language (RFC 9110 section 12.5.4), else fallback, else en. Traditional Chinese, also zh-HK and zh-MO,
// is zh-TW; other Chinese is zh-CN. All arguments may be hostile.
func Locale(q, cookie, acceptLanguage, fallback string) string {
	wishes := append([]string{q, cookie}, accepted(acceptLanguage)...)
	for _, wish := range append(wishes, fallback) {
		if locale := match(wish); locale != "" {
			return locale
		}
	}
	return "en"
}

// match is the locale that serves a language tag (BCP 47), or "".
func match(tag string) string {
	if tag = strings.TrimSpace(tag); tag == "" || len(tag) > 35 {
		return ""
	}
	parsed, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	base, _ := parsed.Base()
	switch base.String() {
	case "ja", "en":
		return base.String()
	case "zh", "yue", "cmn", "nan", "hak":
		// The script is guessed from the region where it is not said: Hant for TW, HK and MO.
		if script, _ := parsed.Script(); script.String() == "Hant" {
			return "zh-TW"
		}
		return "zh-CN"
	}
	return ""
}

// accepted lists the tags of an Accept-Language header, most wanted first. A malformed entry is
// passed over, not the whole header.
func accepted(header string) []string {
	type wish struct {
		tag     string
		quality float64
	}
	var wishes []wish
	for entry := range strings.SplitSeq(header[:min(len(header), 1000)], ",") {
		tag, params, _ := strings.Cut(entry, ";")
		quality := 1.0
		if value, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q="); ok {
			q, err := strconv.ParseFloat(value, 64)
			if err != nil || !(q > 0 && q <= 1) {
				continue
			}
			quality = q
		}
		wishes = append(wishes, wish{tag, quality})
	}
	slices.SortStableFunc(wishes, func(a, b wish) int { return cmp.Compare(b.quality, a.quality) })
	tags := make([]string, len(wishes))
	for i, w := range wishes {
		tags[i] = w.tag
	}
	return tags
}

// known is locale if the pages have it, else en.
func known(locale string) string {
	if slices.Contains(Locales(), locale) {
		return locale
	}
	return "en"
}

// localeLinks is the switch for all languages, on whatever page it stands.
func localeLinks(current string) []LocaleLink {
	labels := map[string]string{"zh-TW": "繁體中文", "zh-CN": "简体中文", "ja": "日本語", "en": "English"}
	var links []LocaleLink
	for _, locale := range Locales() {
		links = append(links, LocaleLink{Locale: locale, Label: labels[locale], URL: "?lang=" + locale,
			Current: locale == current})
	}
	return links
}

// KeepMember adds a member_ref to a form's address, so that a change of language or another message keeps it. A
// blank ref leaves the address as it is.
func KeepMember(address, ref string) string {
	if ref == "" {
		return address
	}
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + "member_ref=" + url.QueryEscape(ref)
}
