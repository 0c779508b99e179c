package inbound

import (
	"strings"
	"unicode"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// guess is the language of a mail among those in which the desk writes: kana is
// Japanese; Chinese is told by the characters that only Taiwan's or only the
// mainland's writing has, where there are none by what the mail says of itself, and
// then by the shop; other letters are taken for English, which most can read.
func guess(text, declared, shop string) string {
	var han, kana, latin int
	for i, r := range text {
		if i > 20_000 {
			break
		}
		switch {
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.IsLetter(r):
			latin++
		}
	}
	first, _, _ := strings.Cut(declared, ",")
	known := desk.KnownLocale(strings.TrimSpace(first))
	switch {
	case kana > 2 && kana*10 > han:
		return "ja"
	case han > 0 && han*4 > latin:
		traditional, simplified := textmodel.Written(text)
		switch {
		case traditional > simplified:
			return "zh-TW"
		case simplified > traditional:
			return "zh-CN"
		case known != "" && known != "en":
			return known
		case shop == "zh-CN" || shop == "ja":
			return shop
		}
		return "zh-TW"
	case latin > 0:
		return "en"
	case known != "":
		return known
	}
	return shop
}
