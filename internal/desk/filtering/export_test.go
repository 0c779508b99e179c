package filtering

// Diagnose is what is wrong with a filter, and where.
func Diagnose(filter string) (how string, at int) {
	s := &scan{text: []rune(filter)}
	s.filter()
	return s.how, s.at
}
