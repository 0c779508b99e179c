package spam

import (
	"slices"
	"sync"
	"time"
)

const (
	// recentDays is how long a text is remembered.
	recentDays = 30
	// recentMax is how many texts are remembered where no number is given.
	recentMax = 50_000
	// nearBits is up to how many bits apart texts are the same: another
	// greeting or signature under a letter makes three to eight, the same
	// question about another product twenty; texts of one language that have
	// nothing to do with each other stay above fourteen.
	nearBits = 8
	// bands is into how many parts hashes are cut. Two that differ in nearBits
	// at most have one part in common, so that only those with a common part
	// need to be compared.
	bands = nearBits + 1
	// manyMatches ends the count; more change nothing.
	manyMatches = 1000
)

// Entry is one message as Recent remembers it: no word of it.
type Entry struct {
	// Hash is SimHash's.
	Hash uint64
	// Sender tells senders apart: a hash of the mail address, or of the
	// network address where there is none. 0 is one that is not known, or not
	// any more; nobody counts him.
	Sender uint64
	At     time.Time
	// Junk is true for a message that staff confirmed as junk, Good for one that
	// they released, or answered. What screening decides by itself is neither:
	// it would prove itself right.
	Junk, Good bool
	// ID is the message's record, for Mark.
	ID string

	marked bool // by Mark, Unmark or Answered
}

// Recent remembers the texts of the last 30 days by their hashes, in memory:
// some 150 bytes each. Any number of goroutines may use it. A look compares with
// about a fourteenth of what is there, some ten microseconds among 50,000.
type Recent struct {
	most int
	now  func() time.Time

	mu      sync.RWMutex
	entries []Entry
	next    int // the place of the oldest, once all are taken
	at      map[string]int
	buckets [bands][256][]int32 // places in entries by the bits of each band
	early   map[string]mark     // what was said meanwhile of messages still to be filled in; nil when not filling
}

// mark is what was said of a message.
type mark int

const (
	markAnswered mark = iota
	markGood
	markJunk
	markUndecided
	markForgotten
)

// NewRecent makes an empty index that forgets the oldest text when it holds that
// many (50,000 for 0 or less). A nil clock is time.Now.
func NewRecent(most int, now func() time.Time) *Recent {
	if most <= 0 {
		most = recentMax
	}
	if now == nil {
		now = time.Now
	}
	return &Recent{most: most, now: now, at: map[string]int{}}
}

// Fill runs what reads stored messages and adds them, from the oldest to the
// newest. What is marked or forgotten meanwhile, which may be later than what was
// read, holds for what is added then.
func (r *Recent) Fill(read func() error) error {
	r.mu.Lock()
	r.early = map[string]mark{}
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.early = nil
	}()
	return read()
}

// Add remembers a message. One with an ID that is known takes its place, but for
// what Mark, Unmark and Answered said of it. An entry of more than 30 days ago, or with
// the hash 0 of a text too short to be compared, is left out.
func (r *Recent) Add(e Entry) {
	if e.Hash == 0 || e.At.Before(r.since()) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	m, said := r.early[e.ID]
	if said && m == markForgotten {
		return
	}
	i, known := r.at[e.ID]
	if known && r.entries[i].marked {
		old := r.entries[i]
		e.Junk, e.Good, e.marked = old.Junk, old.Good, true
	} else if said {
		e.say(m)
	}
	switch {
	case known:
		r.clear(i)
	case len(r.entries) < r.most:
		i = len(r.entries)
		r.entries = append(r.entries, Entry{})
	default:
		i = r.next
		r.next = (i + 1) % r.most
		r.clear(i)
	}
	r.entries[i] = e
	if e.ID != "" {
		r.at[e.ID] = i
	}
	for b := range bands {
		k := band(e.Hash, b)
		r.buckets[b][k] = append(r.buckets[b][k], int32(i))
	}
}

// clear empties a place.
func (r *Recent) clear(i int) {
	e := r.entries[i]
	if e.Hash == 0 {
		return
	}
	delete(r.at, e.ID)
	for b := range bands {
		bucket := &r.buckets[b][band(e.Hash, b)]
		if at := slices.Index(*bucket, int32(i)); at >= 0 { // the oldest stand in front
			*bucket = slices.Delete(*bucket, at, at+1)
		}
	}
	r.entries[i] = Entry{}
}

// band returns the bits of a part of a hash: seven, and eight for the last.
func band(hash uint64, b int) uint8 {
	bits := uint8(hash >> (7 * b))
	if b < bands-1 {
		bits &= 0x7F
	}
	return bits
}

// Find counts who else sent a text with this hash or one near it.
func (r *Recent) Find(hash, sender uint64) Near {
	var near Near
	if hash == 0 {
		return near
	}
	since, left := r.since(), manyMatches
	others := map[uint64]struct{}{}
	r.mu.RLock()
	defer r.mu.RUnlock()
	for b := range bands {
		for _, i := range r.buckets[b][band(hash, b)] {
			e := &r.entries[i]
			if apart(e.Hash, hash) > nearBits || sharesBefore(e.Hash, hash, b) || e.At.Before(since) {
				continue
			}
			if e.Sender != sender && e.Sender != 0 {
				others[e.Sender] = struct{}{}
			}
			if e.Junk {
				near.Junk++
			} else if e.Good {
				near.Good++
			}
			if left--; left == 0 {
				near.Others = len(others)
				return near
			}
		}
	}
	near.Others = len(others)
	return near
}

// sharesBefore reports whether two hashes have a band before this one in
// common: they were compared there.
func sharesBefore(x, y uint64, b int) bool {
	for earlier := range b {
		if band(x, earlier) == band(y, earlier) {
			return true
		}
	}
	return false
}

// Mark says what staff decided of a message: it is junk, or it is good. One that
// is not remembered is passed over.
func (r *Recent) Mark(id string, isJunk bool) {
	if isJunk {
		r.note(id, markJunk)
	} else {
		r.note(id, markGood)
	}
}

// Unmark takes Mark back: nobody decided on the message. One that is not
// remembered is passed over.
func (r *Recent) Unmark(id string) { r.note(id, markUndecided) }

// Answered says that staff answered a message, which makes it good unless they
// said that it is junk.
func (r *Recent) Answered(id string) { r.note(id, markAnswered) }

// Forget takes a message out, for one that was erased. One that is not
// remembered is passed over.
func (r *Recent) Forget(id string) { r.note(id, markForgotten) }

func (r *Recent) note(id string, m mark) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if before, said := r.early[id]; r.early != nil && !(said && m == markAnswered && before != markAnswered) {
		r.early[id] = m
	}
	i, ok := r.at[id]
	switch {
	case !ok:
	case m == markForgotten:
		r.clear(i)
	default:
		r.entries[i].say(m)
	}
}

// say notes what was said of a message.
func (e *Entry) say(m mark) {
	if m == markAnswered && e.Junk {
		return
	}
	e.Junk, e.Good, e.marked = m == markJunk, m == markGood || m == markAnswered, true
}

// ForgetSenders keeps the texts of messages that came before a time, and no
// longer from whom they came.
func (r *Recent) ForgetSenders(before time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.entries {
		if r.entries[i].At.Before(before) {
			r.entries[i].Sender = 0
		}
	}
}

// since is from when on texts are remembered.
func (r *Recent) since() time.Time { return r.now().AddDate(0, 0, -recentDays) }
