// Package phone turns what people type as their phone number into E.164, the
// form by which a number is known again.
//
//	phone.E164("０９１２-345-678", "TW") // "+886912345678", true
package phone

import (
	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"
)

// maxLen bounds what is looked at, in bytes; E.164 itself has 15 digits.
const maxLen = 64

// E164 reads a number as dialled in one of the regions (ISO 3166 codes), tried
// in order, and returns it as +countrycode… (ITU-T E.164). ok is false where it
// is no valid number of any.
func E164(raw string, regions ...string) (number string, ok bool) {
	raw = norm.NFKC.String(raw)
	if len(raw) > maxLen {
		return "", false
	}
	for _, region := range regions {
		n, err := phonenumbers.Parse(raw, region)
		if err == nil && phonenumbers.IsValidNumber(n) {
			return phonenumbers.Format(n, phonenumbers.E164), true
		}
	}
	return "", false
}

// Region is where a number typed by a reader of this locale is most likely dialled.
func Region(locale string) string {
	switch locale {
	case "zh-TW":
		return "TW"
	case "zh-CN":
		return "CN"
	case "ja":
		return "JP"
	}
	return "US"
}

// National is an E.164 number as it is dialled within its own region, digits
// only: 0912345678. ok is false for a number of another region.
func National(number, region string) (dialled string, ok bool) {
	n, err := phonenumbers.Parse(number, "")
	if err != nil || phonenumbers.GetRegionCodeForNumber(n) != region {
		return "", false
	}
	return phonenumbers.NormalizeDigitsOnly(phonenumbers.Format(n, phonenumbers.NATIONAL)), true
}

// Mobile tells whether an E.164 number may be a mobile phone's.
func Mobile(number string) bool {
	n, err := phonenumbers.Parse(number, "")
	if err != nil {
		return false
	}
	switch phonenumbers.GetNumberType(n) {
	case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE:
		return true
	}
	return false
}
