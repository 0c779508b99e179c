package desk

import "regexp"

var blank = regexp.MustCompile(`(?i)[\[［]\s*(?:請填寫|请填写|要記入|fill in)\s*[:：][^\]］]*[\]］]`)

// Blank is the first place in a text that a template leaves to whoever writes,
// "[fill in: …]", or "". A text that nobody reads before it leaves must have none.
func Blank(text string) string { return blank.FindString(text) }
