package desk

import "github.com/pocketbase/pocketbase/core"

// NextNumber is the number of the next case. It is free of a race because the
// caller's transaction holds the only writer.
func NextNumber(tx core.App) (int, error) {
	var n int
	err := Row(tx, `SELECT COALESCE(MAX("number"), 0) FROM "`+Name(tx, Cases)+`"`, nil, &n)
	return n + 1, err
}
