package charset

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// kind is the way in which a charset is decoded.
type kind int

const (
	unlabelled  kind = iota // none, unknown, or one that says nothing ("8bit")
	labelled                // a table of x/text
	utf8Kind                // UTF-8
	utf7Kind                // RFC 2152
	utf16Kind               // UTF-16, byte order in the name or guessed
	utf32Kind               // UTF-32, the same
	iso2022Kind             // ISO-2022-JP, -KR, -CN
	hzKind                  // HZ, RFC 1843
)

// label is a charset as a mail declares it.
type label struct {
	name string
	kind kind
	enc  encoding.Encoding
	wide bool // more than one byte a character
}

// latin tells the labels that programs write when they know none.
func (l label) latin() bool {
	return l.name == "iso-8859-1" || l.name == "windows-1252" || l.name == "iso-8859-15"
}

// find reads a declared charset with all its disguises. A label nobody knows is
// the same as none.
func find(declared string) label {
	name := fold(declared)
	if alias, ok := aliases[name]; ok {
		name = alias
	}
	switch {
	case name == "":
		return label{}
	case name == "utf-8":
		return label{name: name, kind: utf8Kind}
	case strings.Contains(name, "utf-7"):
		return label{name: name, kind: utf7Kind}
	case strings.HasPrefix(name, "utf-16") || strings.HasPrefix(name, "iso-10646-ucs-2") || name == "ucs-2" || name == "unicode":
		return label{name: name, kind: utf16Kind}
	case strings.HasPrefix(name, "utf-32") || strings.HasPrefix(name, "iso-10646-ucs-4"):
		return label{name: name, kind: utf32Kind}
	case strings.HasPrefix(name, "iso-2022"):
		return label{name: name, kind: iso2022Kind}
	case name == "hz-gb-2312":
		return label{name: name, kind: hzKind}
	}
	if e := wideTable(name); e != nil {
		return label{name: name, kind: labelled, enc: e, wide: true}
	}
	if e := narrowTable(name); e != nil {
		return label{name: name, kind: labelled, enc: e}
	}
	return label{}
}

// fold brings a label to one form: lower case, no quotes, hyphens for
// underscores, nothing after a space, a semicolon or RFC 2231's language.
func fold(declared string) string {
	s := strings.ToLower(strings.Trim(declared, " \t\r\n\"'=<>;,"))
	if i := strings.IndexAny(s, " \t\r\n;*\"'"); i >= 0 {
		s = s[:i]
	}
	if len(s) > 40 {
		return ""
	}
	s = strings.ReplaceAll(s, "_", "-")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "charset="), "x-x-")
	return s
}

// aliases are names that neither the WHATWG nor IANA lists, and those that say
// nothing of the bytes.
var aliases = map[string]string{
	"utf8": "utf-8", "utf-8mb4": "utf-8", "utf8mb4": "utf-8", "unicode-1-1-utf-8": "utf-8", "x-utf-8": "utf-8", "utf": "utf-8", "cp65001": "utf-8", "65001": "utf-8", "utf-8n": "utf-8",
	"us-ascii": "", "ascii": "", "ansi-x3.4-1968": "", "646": "", "iso646-us": "", "ansi": "", "usascii": "",
	"default": "", "unknown": "", "unknown-8bit": "", "x-unknown": "", "8bit": "", "7bit": "", "binary": "", "none": "", "null": "", "default-charset": "", "x-user-defined": "", "default-charset-value": "", "x-default": "", "us": "",
	"cp936": "gbk", "ms936": "gbk", "936": "gbk", "windows-936": "gbk", "x-gbk": "gbk", "euc-cn": "gbk", "euccn": "gbk", "cp54936": "gb18030", "gb-18030": "gb18030", "x-gb18030": "gb18030", "gb18030-2000": "gb18030", "x-euc-cn": "gbk", "gb": "gbk", "gb231280": "gbk",
	"cp950": "big5", "ms950": "big5", "950": "big5", "windows-950": "big5", "big-5": "big5", "big5-eten": "big5", "big5-2003": "big5", "cp951": "big5", "x-big5": "big5", "x-big5-hkscs": "big5", "big5hkscs": "big5", "big5-hkscs:2004": "big5", "x-big5-eten": "big5", "tca": "big5",
	"cp932": "shift-jis", "932": "shift-jis", "x-ms-cp932": "shift-jis", "windows-932": "shift-jis", "shiftjis": "shift-jis", "shift-jis-2004": "shift-jis", "shift-jisx0213": "shift-jis", "sjis": "shift-jis", "x-sjis": "shift-jis", "x-shift-jis": "shift-jis", "ms932": "shift-jis", "windows-31j": "shift-jis", "ms-kanji": "shift-jis", "csshiftjis": "shift-jis", "cswindows31j": "shift-jis", "sjis-win": "shift-jis", "sjis-mobile#docomo": "shift-jis", "x-sjis-docomo": "shift-jis",
	"eucjp": "euc-jp", "eucjp-win": "euc-jp", "eucjp-ms": "euc-jp", "cp51932": "euc-jp", "x-euc-jp": "euc-jp", "ujis": "euc-jp", "cseucpkdfmtjapanese": "euc-jp", "x-eucjp": "euc-jp",
	"cp50220": "iso-2022-jp", "cp50221": "iso-2022-jp", "cp50222": "iso-2022-jp", "csiso2022jp": "iso-2022-jp", "jis": "iso-2022-jp", "iso2022jp": "iso-2022-jp", "iso2022-jp": "iso-2022-jp", "x-iso-2022-jp": "iso-2022-jp", "csiso2022kr": "iso-2022-kr", "iso2022kr": "iso-2022-kr", "cp50225": "iso-2022-kr",
	"cp949": "euc-kr", "ms949": "euc-kr", "949": "euc-kr", "uhc": "euc-kr", "x-windows-949": "euc-kr", "euckr": "euc-kr", "x-euc-kr": "euc-kr", "ks-c-5601": "euc-kr", "ksc-5601": "euc-kr", "ks-c-5601-1987": "euc-kr", "ks-c-5601-1989": "euc-kr", "ksc5601": "euc-kr", "cp51949": "euc-kr", "ks-x-1001": "euc-kr", "ksx1001": "euc-kr",
	"hz": "hz-gb-2312", "hzgb2312": "hz-gb-2312",
	"latin-1": "iso-8859-1", "iso8859": "iso-8859-1", "iso-8859": "iso-8859-1", "8859-1": "iso-8859-1", "8859": "iso-8859-1", "latin1": "iso-8859-1", "iso-latin-1": "iso-8859-1",
	"ansi-1252": "windows-1252", "cp-1252": "windows-1252", "1252": "windows-1252", "win-1252": "windows-1252", "win-1251": "windows-1251", "win1251": "windows-1251", "cp-1251": "windows-1251", "win-1250": "windows-1250",
	"koi8r": "koi8-r", "koi8": "koi8-r", "koi": "koi8-r", "tis620": "windows-874", "cp874": "windows-874", "tis-620": "windows-874", "iso-8859-11": "windows-874",
	"mac": "macintosh", "macroman": "macintosh", "x-mac-roman": "macintosh", "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "iso-8859-6-i": "iso-8859-6",
}

// wideTable gives the superset that senders mean by a multi-byte name.
func wideTable(name string) encoding.Encoding {
	switch name {
	case "big5", "big5-hkscs", "cn-big5":
		return traditionalchinese.Big5
	case "gbk", "gb2312", "gb-2312-80", "gb-2312", "gb18030", "iso-ir-58", "chinese":
		return simplifiedchinese.GB18030
	case "shift-jis":
		return japanese.ShiftJIS
	case "euc-jp":
		return japanese.EUCJP
	case "euc-kr", "korean", "iso-ir-149":
		return korean.EUCKR
	}
	return nil
}

func isWideName(name string) bool { return wideTable(name) != nil }

// narrowTable finds a charset of one byte a character.
func narrowTable(name string) encoding.Encoding {
	switch name {
	case "cp437", "437":
		return charmap.CodePage437
	case "cp850", "850":
		return charmap.CodePage850
	case "cp852", "852":
		return charmap.CodePage852
	case "cp858":
		return charmap.CodePage858
	}
	for _, try := range []string{name, strings.ReplaceAll(name, "iso8859", "iso-8859"), strings.ReplaceAll(name, "-", "_")} {
		if e, err := htmlindex.Get(try); err == nil && e != encoding.Replacement {
			return e
		}
		if e, err := ianaindex.MIME.Encoding(try); err == nil && e != nil {
			return e
		}
	}
	return nil
}
