package desktest

import (
	"sync"
	"time"
)

// Clock is a time that only the test moves. It begins on Monday, 16 November
// 2026, at nine in the morning in Taipei.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *Clock { return &Clock{at: time.Date(2026, 11, 16, 1, 0, 0, 0, time.UTC)} }

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Set moves the clock to a time.
func (c *Clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }
