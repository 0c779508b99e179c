package seed

// ReplyRow is a rule that looks in what visitors write later for what one of the
// first rules looks for in what opens a case.
type ReplyRow struct {
	Of   string  `json:"of"` // key of that rule
	Rule RuleRow `json:"rule"`
}

// Replies reads the rules about what visitors write later.
func Replies() ([]ReplyRow, error) { return read[[]ReplyRow]("replies.json") }
