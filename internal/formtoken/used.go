package formtoken

import (
	"container/heap"
	"crypto/sha256"
	"sync"
	"time"
)

// Used remembers which nonces were taken, until they expire, in bounded
// memory. Any number of goroutines may share it.
type Used struct {
	// Now is the clock; default time.Now. Set it before the first Take.
	Now func() time.Time

	max   int
	mu    sync.Mutex
	taken map[mark]struct{}
	order byUntil
}

// mark is a nonce of any length in a fixed size.
type mark [sha256.Size]byte

type entry struct {
	mark  mark
	until time.Time
}

// NewUsed returns a memory for max nonces at most; below 1 means 1. A nonce
// takes about 150 bytes.
func NewUsed(max int) *Used {
	if max < 1 {
		max = 1
	}
	return &Used{max: max, taken: map[mark]struct{}{}}
}

// Take reports whether the nonce is used for the first time, and remembers it
// until the time given. Of several calls with one nonce, also at the same
// moment, exactly one gets true. When the memory is full, the nonce that would
// expire first is forgotten; that one could then be used again. A time that
// has passed is not remembered: the caller turns away an expired token anyway.
func (u *Used) Take(nonce string, until time.Time) bool {
	m := mark(sha256.Sum256([]byte(nonce)))
	u.mu.Lock()
	defer u.mu.Unlock()
	now := u.now()
	for len(u.order) > 0 && !now.Before(u.order[0].until) {
		u.drop()
	}
	if _, ok := u.taken[m]; ok {
		return false
	}
	if !now.Before(until) {
		return true
	}
	for len(u.order) >= u.max {
		u.drop()
	}
	u.taken[m] = struct{}{}
	heap.Push(&u.order, entry{m, until})
	return true
}

// Len returns how many nonces are remembered, some of them perhaps expired.
func (u *Used) Len() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.order)
}

func (u *Used) drop() {
	delete(u.taken, heap.Pop(&u.order).(entry).mark)
}

func (u *Used) now() time.Time {
	if u.Now != nil {
		return u.Now()
	}
	return time.Now()
}

// byUntil is a heap with the entry that expires first on top.
type byUntil []entry

func (b byUntil) Len() int           { return len(b) }
func (b byUntil) Less(i, j int) bool { return b[i].until.Before(b[j].until) }
func (b byUntil) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b *byUntil) Push(x any)        { *b = append(*b, x.(entry)) }
func (b *byUntil) Pop() any {
	old := *b
	last := old[len(old)-1]
	*b = old[:len(old)-1]
	return last
}
