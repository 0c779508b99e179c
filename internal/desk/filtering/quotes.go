package filtering

// quotes follows a filter byte by byte and knows what stands in quotation marks.
type quotes struct {
	mark    byte // that is open; 0 for none
	escaped bool
}

// inside takes the next byte, and tells whether it belongs to a text: its marks do.
func (q *quotes) inside(c byte) bool {
	switch {
	case q.escaped:
		q.escaped = false
	case q.mark != 0 && c == '\\':
		q.escaped = true
	case q.mark != 0:
		if c == q.mark {
			q.mark = 0
		}
	case c == '"' || c == '\'':
		q.mark = c
	default:
		return false
	}
	return true
}
