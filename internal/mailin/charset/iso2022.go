package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// set is a character set that an escape has made current.
type set int

const (
	setASCII set = iota
	setKana      // JIS X 0201, right half
	setJIS0208
	setJIS0212
	setKSC
	setGB
	setUnknown // two bytes a character, no table here (CNS 11643 and others)
)

// shifter decodes the ISO-2022 family as it is in mail: RFC 1468 (JP) with the
// NEC and IBM rows and half-width kana that Microsoft and the Japanese carriers
// added, RFC 1557 (KR), RFC 1922 (CN). Its g1 is what SO brings in.
type shifter struct {
	out    strings.Builder
	g0, g1 set
	out1   bool // SO was seen
	tables [setUnknown]*encoding.Decoder
}

// iso2022Start tells what SO brings in before any escape has said so.
func iso2022Start(name string) set {
	switch {
	case strings.HasPrefix(name, "iso-2022-kr"):
		return setKSC
	case strings.HasPrefix(name, "iso-2022-cn"):
		return setGB
	}
	return setKana
}

// hasShift says whether b holds an escape of ISO-2022 to a set other than ASCII.
func hasShift(b []byte) bool {
	for {
		i := bytes.IndexByte(b, 0x1b)
		if i < 0 || i+2 >= len(b) {
			return false
		}
		b = b[i+1:]
		if s, n, _ := escape(b); n > 0 && s != setASCII {
			return true
		}
	}
}

// escape reads what follows an ESC: the set, the length, and whether it is one
// that SO brings in. Length 0 means that it is none we know.
func escape(b []byte) (s set, n int, g1 bool) {
	has := func(p string) bool { return bytes.HasPrefix(b, []byte(p)) }
	switch {
	case has("$@"), has("$B"):
		return setJIS0208, 2, false
	case has("$A"):
		return setGB, 2, false
	case has("$(D"):
		return setJIS0212, 3, false
	case has("$(@"), has("$(B"):
		return setJIS0208, 3, false
	case has("$(C"):
		return setKSC, 3, false
	case has("$(O"), has("$(P"), has("$(Q"):
		return setJIS0208, 3, false // JIS X 0213: equal to 0208 where 0208 is defined
	case has("$)C"):
		return setKSC, 3, true
	case has("$)A"):
		return setGB, 3, true
	case has("$)G"), has("$)E"), has("$*H"):
		return setUnknown, 3, true
	case has("(I"), has(")I"):
		return setKana, 2, b[0] == ')'
	case has("(B"), has("(J"), has("(H"):
		return setASCII, 2, false
	}
	return setASCII, 0, false
}

// decodeISO2022 reads the whole text. A new line goes back to ASCII, as RFC 1468
// asks senders to do, so that a lost escape spoils one line at most.
func decodeISO2022(b []byte, g1 set) string {
	d := shifter{g1: g1}
	d.out.Grow(len(b) + len(b)/2)
	for len(b) > 0 {
		b = b[d.step(b):]
	}
	return d.out.String()
}

// step reads one character or escape and gives its length.
func (d *shifter) step(b []byte) int {
	c := b[0]
	switch {
	case c == 0x1b:
		s, n, second := escape(b[1:])
		switch {
		case n == 0:
			return 1
		case second:
			d.g1 = s
		default:
			d.g0 = s
		}
		return n + 1
	case c == '\n' || c == '\r':
		d.g0, d.out1 = setASCII, false
	case c == 0x0e:
		d.out1 = true
		return 1
	case c == 0x0f:
		d.out1 = false
		return 1
	}
	if c <= 0x20 || c == 0x7f {
		d.out.WriteByte(c)
		return 1
	}
	if c >= 0x80 {
		return d.high(b)
	}
	s := d.g0
	if d.out1 {
		s = d.g1
	}
	switch s {
	case setASCII:
		d.out.WriteByte(c)
		return 1
	case setKana:
		d.kana(c | 0x80)
		return 1
	}
	if len(b) < 2 || b[1] <= 0x20 || b[1] >= 0x7f {
		d.out.WriteRune(utf8.RuneError)
		return 1
	}
	d.pair(s, b[0]|0x80, b[1]|0x80)
	return 2
}

// high reads a byte that has no place in a seven-bit charset: half-width kana by
// Outlook Express, or a stretch of Shift_JIS.
func (d *shifter) high(b []byte) int {
	if b[0] >= 0xa1 && b[0] <= 0xdf {
		d.kana(b[0])
		return 1
	}
	if len(b) > 1 {
		if text := decodeWith(japanese.ShiftJIS, b[:2]); !strings.ContainsRune(text, utf8.RuneError) && utf8.RuneCountInString(text) == 1 {
			d.out.WriteString(text)
			return 2
		}
	}
	d.out.WriteRune(utf8.RuneError)
	return 1
}

func (d *shifter) kana(c byte) {
	if c < 0xa1 || c > 0xdf {
		d.out.WriteRune(utf8.RuneError)
		return
	}
	d.out.WriteRune(rune(c) - 0xa1 + 0xff61)
}

// pair writes the character of two bytes, by way of the EUC form of its set.
func (d *shifter) pair(s set, hi, lo byte) {
	if s == setUnknown {
		d.out.WriteRune(utf8.RuneError)
		return
	}
	if d.tables[s] == nil {
		d.tables[s] = eucOf(s).NewDecoder()
	}
	raw := [3]byte{0x8f, hi, lo}
	src := raw[1:]
	if s == setJIS0212 {
		src = raw[:]
	}
	var dst [16]byte
	n, _, err := d.tables[s].Transform(dst[:], src, true)
	if err != nil || n == 0 {
		d.out.WriteRune(utf8.RuneError)
		return
	}
	r, _ := utf8.DecodeRune(dst[:n])
	d.out.WriteRune(r)
}

func eucOf(s set) encoding.Encoding {
	switch s {
	case setKSC:
		return korean.EUCKR
	case setGB:
		return simplifiedchinese.GBK
	}
	return japanese.EUCJP
}

// decodeHZ reads HZ (RFC 1843); a broken shift is left as it is.
func decodeHZ(b []byte) string {
	return decodeWith(simplifiedchinese.HZGB2312, b)
}
