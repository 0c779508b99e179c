package liquid

import (
	"strings"
	"unicode"
)

// localeOf brings a BCP 47 tag to one of zh-TW, zh-CN, ja and en, which is what texts exist in.
// Chinese without a region is taken as Taiwan's, and every other language as English.
func localeOf(tag string) string {
	tag = strings.ToLower(strings.ReplaceAll(tag, "_", "-"))
	language, rest, _ := strings.Cut(tag, "-")
	switch language {
	case "ja":
		return "ja"
	case "zh":
		for part := range strings.SplitSeq(rest, "-") {
			switch part {
			case "hant", "tw", "hk", "mo":
				return "zh-TW"
			case "hans", "cn", "sg", "my":
				return "zh-CN"
			}
		}
		return "zh-TW"
	default:
		return "en"
	}
}

// salutation is the greeting for a whole name; it is never blank, never cuts a name in parts, and adds
// no second title to a name that was written with one.
func salutation(locale, name string) string {
	if strings.IndexFunc(name, unicode.IsLetter) < 0 {
		name = ""
	}
	switch locale {
	case "ja":
		switch {
		case name == "":
			return "お客様"
		case endsIn(name, "様", "さま", "さん", "殿", "先生", "御中"):
			return name
		}
		return name + " 様"
	case "zh-TW":
		return chinese(name, " ")
	case "zh-CN":
		return chinese(name, "，")
	default:
		lower := strings.ToLower(name)
		switch {
		case name == "":
			return "Hello"
		case strings.HasPrefix(lower, "hello "), strings.HasPrefix(lower, "dear "):
			return name
		}
		return "Hello " + name
	}
}

func chinese(name, sep string) string {
	switch {
	case name == "":
		return "您好"
	case endsIn(name, "您好", "你好"):
		return name
	}
	return name + sep + "您好"
}

func endsIn(s string, ends ...string) bool {
	for _, end := range ends {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}
