// Package limit counts what came from one key (an address, a mail account, the
// whole site) within the last while, in bounded memory. It only counts; what a
// high count means is the caller's to say.
//
//	perHour := limit.New(limit.Config{Window: time.Hour})
//	n := perHour.Add(limit.IPKey(addr)) // this one included
//
// The window slides in steps of a thirty-second part: nothing is forgotten
// before it is Window old, and everything is at Window + Window/32.
package limit

import (
	"container/list"
	"crypto/sha256"
	"math"
	"net/netip"
	"sync"
	"time"
)

const (
	defaultWindow = time.Hour
	defaultMax    = 10_000
	steps         = 32
	maxKey        = 64
)

// Config says how to count.
type Config struct {
	// Window is the time looked back; default one hour.
	Window time.Duration
	// Max is how many keys are kept; default 10,000. A key takes about 400
	// bytes. Beyond Max, the key that was added to longest ago is forgotten.
	Max int
	// Now is the clock; default time.Now.
	Now func() time.Time
}

// Counter counts by key. Any number of goroutines may share it.
type Counter struct {
	step time.Duration
	max  int
	now  func() time.Time

	mu     sync.Mutex
	latest int64 // the clock's last word, in nanoseconds
	shift  int64 // by how much it was set back: counts are neither revived by that nor kept longer
	keys   map[string]*list.Element
	recent *list.List // of *track, the last added to in front
}

// track is one key's counts by step. slots[n%len] holds step n for the steps
// from head-steps to head.
type track struct {
	key   string
	head  int64
	total int
	slots [steps + 1]uint32
}

// New returns an empty counter.
func New(c Config) *Counter {
	if c.Window <= 0 {
		c.Window = defaultWindow
	}
	if c.Max <= 0 {
		c.Max = defaultMax
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Counter{
		step:   max(c.Window/steps, 1),
		max:    c.Max,
		now:    c.Now,
		keys:   map[string]*list.Element{},
		recent: list.New(),
	}
}

// Add counts one more for the key and returns its count within the window,
// this one included. The empty key is nobody: it is not counted and returns 0.
func (c *Counter) Add(key string) int {
	if key == "" {
		return 0
	}
	key = short(key)
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.tick()
	c.dropIdle(now)
	e, ok := c.keys[key]
	if ok {
		c.recent.MoveToFront(e)
	} else {
		for len(c.keys) >= c.max {
			c.drop(c.recent.Back())
		}
		e = c.recent.PushFront(&track{key: key, head: now})
		c.keys[key] = e
	}
	t := e.Value.(*track)
	t.advance(now)
	t.add()
	return t.total
}

// Count returns the key's count within the window and adds nothing.
func (c *Counter) Count(key string) int {
	key = short(key)
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.keys[key]
	if !ok {
		return 0
	}
	t := e.Value.(*track)
	t.advance(c.tick())
	return t.total
}

// Len returns how many keys are kept, some of them perhaps out of the window.
func (c *Counter) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.keys)
}

func (c *Counter) tick() int64 {
	now := c.now().UnixNano()
	if c.latest > now {
		c.shift += c.latest - now
	}
	c.latest = now
	return (now + c.shift) / int64(c.step)
}

// dropIdle forgets up to two keys that left the window: each Add brings one
// key at most, so the idle ones are gone sooner than they can gather.
func (c *Counter) dropIdle(now int64) {
	for range 2 {
		e := c.recent.Back()
		// A track's head moves with Count too, so the total decides.
		if e == nil || !e.Value.(*track).idle(now) {
			return
		}
		c.drop(e)
	}
}

func (c *Counter) drop(e *list.Element) {
	c.recent.Remove(e)
	delete(c.keys, e.Value.(*track).key)
}

// advance clears the steps that left the window since the last call.
func (t *track) advance(now int64) {
	if now-t.head > steps {
		t.slots, t.total, t.head = [steps + 1]uint32{}, 0, now
		return
	}
	for t.head < now {
		t.head++
		i := slot(t.head)
		t.total -= int(t.slots[i])
		t.slots[i] = 0
	}
}

func (t *track) add() {
	if i := slot(t.head); t.slots[i] < math.MaxUint32 {
		t.slots[i]++
		t.total++
	}
}

func (t *track) idle(now int64) bool {
	t.advance(now)
	return t.total == 0
}

// slot is the place of a step, also for times before 1970.
func slot(n int64) int {
	return int(((n % (steps + 1)) + steps + 1) % (steps + 1))
}

// short keeps long keys from taking more memory than promised.
func short(key string) string {
	if len(key) <= maxKey {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return "#" + string(sum[:])
}

// IPKey is the key under which an address is counted: IPv4 addresses one by
// one (also when written as IPv6), IPv6 by the /64 network, since a single
// household or server holds a whole one (RFC 6177). No address: "".
func IPKey(addr netip.Addr) string {
	addr = addr.Unmap().WithZone("")
	if !addr.IsValid() {
		return ""
	}
	if addr.Is4() {
		return addr.String()
	}
	net, err := addr.Prefix(64)
	if err != nil {
		return ""
	}
	return net.String()
}
