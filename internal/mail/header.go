package mail

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// A header line is best kept under 78 characters and must stay under 998
// (RFC 5322, section 2.1.1); an encoded word under 76 (RFC 2047, section 2).
const (
	lineWidth = 76
	wordBytes = 45 // UTF-8 bytes a word: 60 characters of base64 and 12 around
)

// encodeHeader is text as the value of the header called name, folded. Plain
// ASCII stays readable; anything else becomes encoded words that never cut a
// character in two.
func encodeHeader(name, text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\t", " "))
	if plainHeader(text) {
		return foldWords(name, text)
	}
	first := wordBytes - (len(name)+2)*3/4
	return strings.Join(encodedWords(text, max(first, 12), wordBytes), "\r\n ")
}

// plainHeader reports whether text may stand as it is. Text that looks like an
// encoded word, a very long run without a space and doubled spaces (a place to
// fold there would lose one) need encoding.
func plainHeader(text string) bool {
	if strings.Contains(text, "=?") || strings.Contains(text, "  ") {
		return false
	}
	run := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c < ' ' || c > '~' {
			return false
		}
		run++
		if c == ' ' {
			run = 0
		}
		if run > lineWidth-2 {
			return false
		}
	}
	return true
}

// foldWords breaks text at spaces so that no line passes lineWidth.
func foldWords(name, text string) string {
	var out strings.Builder
	used := len(name) + 2
	for i, word := range strings.Split(text, " ") {
		switch {
		case i == 0:
		case used+1+len(word) > lineWidth:
			out.WriteString("\r\n ")
			used = 1
		default:
			out.WriteByte(' ')
			used++
		}
		out.WriteString(word)
		used += len(word)
	}
	return out.String()
}

// encodedWords cuts text into RFC 2047 words of at most first, then rest,
// bytes of UTF-8 each.
func encodedWords(text string, first, rest int) []string {
	var words []string
	for limit := first; text != ""; limit = rest {
		n := 0
		for n < len(text) {
			_, size := utf8.DecodeRuneInString(text[n:])
			if n+size > limit {
				break
			}
			n += size
		}
		words = append(words, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(text[:n]))+"?=")
		text = text[n:]
	}
	return words
}
