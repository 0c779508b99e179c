package topics

// How a text is written, for its own calibration: the rows of each are of
// different kinds.
const (
	alphabet = iota
	hanOnly
	kana
	scripts
)

// scriptOf tells how a folded text is written.
func scriptOf(rs []rune) int {
	var letters, hans, kanas int
	for _, r := range rs {
		switch {
		case isHan(r):
			hans++
		case wide(r):
			kanas++
		case wordish(r) && r != '0':
			letters++
		}
	}
	switch {
	case kanas > 0 && kanas*10 >= hans && kanas*3 >= letters:
		return kana
	case hans > 0 && hans*3 >= letters:
		return hanOnly
	}
	return alphabet
}

// scriptIn reads the script from the features of a text.
func scriptIn(features []uint32) int {
	for _, f := range features {
		if f < scripts {
			return int(f)
		}
	}
	return alphabet
}
