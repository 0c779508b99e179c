package sms

import "unicode/utf16"

// Length is how a text travels.
type Length struct {
	Unicode bool // UCS-2; else GSM 7-bit (3GPP TS 23.038)
	Units   int  // septets, or 16-bit units
	Parts   int  // messages that are paid; 0 for no text
	Left    int  // units that still fit into the last part
}

// Units that one message holds, alone and as a part of several: the header that
// joins parts takes six octets (3GPP TS 23.040, section 9.2.3.24.1).
const (
	gsmSingle, gsmPart   = 160, 153
	ucs2Single, ucs2Part = 70, 67
)

// Measure counts a text. One character outside the GSM alphabet makes all of it
// UCS-2, as phones and gateways do. No character is torn: one of two units that
// would lie across the end of a part moves to the next.
func Measure(text string) Length {
	if widths, ok := gsmWidths(text); ok {
		return measure(widths, gsmSingle, gsmPart, false)
	}
	widths := make([]int, 0, len(text))
	for _, r := range text {
		widths = append(widths, max(1, utf16.RuneLen(r)))
	}
	return measure(widths, ucs2Single, ucs2Part, true)
}

func measure(widths []int, single, part int, unicode bool) Length {
	l := Length{Unicode: unicode}
	for _, w := range widths {
		l.Units += w
	}
	if l.Units == 0 {
		return Length{Left: gsmSingle}
	}
	if l.Units <= single {
		l.Parts, l.Left = 1, single-l.Units
		return l
	}
	l.Parts, l.Left = 1, part
	for _, w := range widths {
		if w > l.Left {
			l.Parts++
			l.Left = part
		}
		l.Left -= w
	}
	return l
}
