package demo

import (
	"sync"
	"time"
)

// clock is a time that is moved by hand and never goes back. It ticks a
// millisecond at every look, so that what happens at one moment keeps its order,
// and a record that is changed twice in it bears two times.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Millisecond)
	return c.at
}

func (c *clock) move(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if to.After(c.at) {
		c.at = to
	}
}
