package orderlookup

import (
	"container/list"
	"time"
)

// Bounds of what is kept.
const (
	maxKept      = 500
	maxKeptBytes = 16 << 20
)

// entry is an answer that is kept for a while.
type entry struct {
	key    string
	answer Answer
	until  time.Time
	size   int // bytes of its JSON
}

// cache keeps answers; the one used longest ago goes first. Its owner holds the lock.
type cache struct {
	by    map[string]*list.Element
	order *list.List // of entry, the last used in front
	bytes int
}

func newCache() cache { return cache{by: map[string]*list.Element{}, order: list.New()} }

func (c *cache) get(key string, now time.Time) (Answer, bool) {
	el := c.by[key]
	if el == nil {
		return Answer{}, false
	}
	e := el.Value.(entry)
	if !now.Before(e.until) {
		c.drop(el)
		return Answer{}, false
	}
	c.order.MoveToFront(el)
	return e.answer, true
}

func (c *cache) put(key string, e entry) {
	e.key = key
	if old := c.by[key]; old != nil {
		c.drop(old)
	}
	c.by[key] = c.order.PushFront(e)
	c.bytes += e.size
	for len(c.by) > maxKept || c.bytes > maxKeptBytes {
		c.drop(c.order.Back())
	}
}

func (c *cache) drop(el *list.Element) {
	e := c.order.Remove(el).(entry)
	delete(c.by, e.key)
	c.bytes -= e.size
}
