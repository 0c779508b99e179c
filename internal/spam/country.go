package spam

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"
)

// country is the message's country in capitals, or "" for what is none.
func (m Message) country() string {
	c, err := readCountry(m.Country)
	if err != nil {
		return ""
	}
	return c
}

// ValidCountry tells whether a text is the code of a country in ISO 3166-1 alpha-2, in either case.
func ValidCountry(code string) bool {
	_, err := readCountry(code)
	return err == nil
}

// readCountry reads an ISO 3166-1 alpha-2 code.
func readCountry(value string) (string, error) {
	if len(value) == 2 {
		if r, err := language.ParseRegion(value); err == nil && r.IsCountry() && r == r.Canonicalize() && r.String() == strings.ToUpper(value) {
			return r.String(), nil
		}
	}
	return "", fmt.Errorf("%s is no country: write its two letters of ISO 3166, as TW or JP", quote(value))
}

// chineseRegions are where Chinese is written; people of one often live in another.
var chineseRegions = []string{"TW", "CN", "HK", "MO", "SG", "MY"}

// pageRegions are where the page's language is at home, as told by the page and
// the visitor's choice on it. English is at home anywhere: anywhere is true then,
// and where nothing is known.
func pageRegions(m Message) (regions []string, anywhere bool) {
	for _, tag := range tags(m.Locale + "," + m.FormLocale) {
		base, _ := tag.Base()
		region, sure := tag.Region()
		switch {
		case base.String() == "en":
			return nil, true
		case base.String() == "zh":
			regions = append(regions, chineseRegions...)
		case sure > language.No:
			regions = append(regions, region.String())
		}
	}
	return regions, len(regions) == 0
}

// browserRegions are those that the browser's languages name: "en-GB", not "en".
func browserRegions(m Message) (regions []string) {
	for _, tag := range tags(m.AcceptLanguage) {
		if region, sure := tag.Region(); sure == language.Exact {
			regions = append(regions, region.String())
		}
	}
	return regions
}

// tags reads a list of languages as in Accept-Language (RFC 9110, 12.5.4); what
// is none is left out.
func tags(list string) (out []language.Tag) {
	for part := range strings.SplitSeq(clip(list, maxField), ",") {
		part, _, _ = strings.Cut(part, ";")
		if len(out) == maxTags {
			break
		}
		if tag, err := language.Parse(strings.TrimSpace(part)); err == nil && tag != language.Und {
			out = append(out, tag)
		}
	}
	return out
}

// maxTags is how many languages of a list are read.
const maxTags = 10

// checkPhoneCountry notices a number with the code of a country that neither
// page nor browser nor network speaks for. Numbers without a code are national
// and fit.
func checkPhoneCountry() Check {
	return func(m Message) []Signal {
		regions := phoneRegions(m.Phone)
		if !m.guest() || len(regions) == 0 {
			return nil
		}
		home, anywhere := pageRegions(m)
		if anywhere {
			return nil
		}
		from := m.country()
		known := slices.Concat(home, browserRegions(m), []string{from})
		if slices.ContainsFunc(regions, func(r string) bool { return slices.Contains(known, r) }) {
			return nil
		}
		grade := 0
		if from != "" && !slices.Contains(home, from) {
			grade = 1
		}
		return hit("phone_country", grade, fmt.Sprintf("The phone number is from a country (%s) that fits neither page nor network.", regions[0]),
			map[string]any{"country": regions[0]})
	}
}

// phoneRegions are the countries of an international number's code (ITU-T
// E.164), the main one first, or nothing for a national number.
func phoneRegions(phone string) []string {
	phone = strings.TrimSpace(Fold(clip(phone, 100)))
	if !strings.HasPrefix(phone, "+") && !strings.HasPrefix(phone, "00") {
		return nil
	}
	digits := phoneDigits(phone)
	if len(digits) < minDigits || len(digits) > maxDigits {
		return nil
	}
	code := 0
	for i := range codeDigits {
		code = code*10 + int(digits[i]-'0')
		if regions := phonenumbers.GetRegionCodesForCountryCode(code); len(regions) > 0 && regions[0] != "001" {
			return regions
		}
	}
	return nil
}
