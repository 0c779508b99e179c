package llm

import (
	"fmt"
	"time"
)

// budget counts the requests of one calendar day. Its owner holds the lock.
type budget struct {
	limit int // below zero: none
	loc   *time.Location
	day   string
	used  int
}

// today is how many requests were sent on the day of now.
func (b *budget) today(now time.Time) int {
	if b.day != b.key(now) {
		return 0
	}
	return b.used
}

func (b *budget) left(now time.Time) error {
	if b.limit >= 0 && b.today(now) >= b.limit {
		return fmt.Errorf("%w: %d requests", ErrBudget, b.limit)
	}
	return nil
}

func (b *budget) spend(now time.Time) {
	b.used = b.today(now) + 1
	b.day = b.key(now)
}

func (b *budget) key(now time.Time) string { return now.In(b.loc).Format(time.DateOnly) }
