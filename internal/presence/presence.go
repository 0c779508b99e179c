// Package presence remembers who looks at a thing, or writes in it, at this
// moment. It is kept in memory: after a restart everybody says so again within
// one [Config.TTL].
//
//	board := presence.New(presence.Config{})
//	board.Put("case1", presence.Person{ID: "a", Name: "Aiko"}, presence.Looking)
//	board.Others("case1", "b") // Aiko is looking
package presence

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// State is what somebody does.
type State string

// The states. Gone is told and never kept.
const (
	Looking State = "looking"
	Typing  State = "typing"
	Gone    State = "gone"
)

// Known tells whether s is one of the states.
func (s State) Known() bool { return s == Looking || s == Typing || s == Gone }

// Person is somebody who may be present.
type Person struct{ ID, Name string }

// Entry is what somebody does with a thing.
type Entry struct {
	Person
	State State
}

// Config is what a board may be told. The zero Config works.
type Config struct {
	TTL       time.Duration    // after which somebody who is silent is gone; default 45 s
	Most      int              // entries of all things together; default 5,000
	PerPerson int              // things that one person may have; default 20
	Now       func() time.Time // default time.Now
}

// Board says who is present where. It is safe for use by many at once.
type Board struct {
	config Config

	mu     sync.Mutex
	things map[string]map[string]stamped // by thing and person
	of     map[string]int                // things by person
	size   int
}

type stamped struct {
	Entry
	at time.Time
}

// New makes an empty board.
func New(c Config) *Board {
	if c.TTL <= 0 {
		c.TTL = 45 * time.Second
	}
	if c.Most <= 0 {
		c.Most = 5_000
	}
	if c.PerPerson <= 0 {
		c.PerPerson = 20
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Board{config: c, things: map[string]map[string]stamped{}, of: map[string]int{}}
}

// Put says what a person does with a thing, and tells whether that is news to
// the others. A full board keeps what it has: then nobody is told, and no more
// is lost than a notice.
func (b *Board) Put(thing string, who Person, state State) (news bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.config.Now()
	old, known := b.things[thing][who.ID]
	if known && b.over(old, now) {
		b.drop(thing, who.ID)
		known = false
	}
	if state == Gone || !state.Known() {
		if known {
			b.drop(thing, who.ID)
		}
		return known
	}
	if !known && (b.size >= b.config.Most || b.of[who.ID] >= b.config.PerPerson) {
		b.sweep(now)
		if b.size >= b.config.Most || b.of[who.ID] >= b.config.PerPerson {
			return false
		}
	}
	if b.things[thing] == nil {
		b.things[thing] = map[string]stamped{}
	}
	if !known {
		b.size++
		b.of[who.ID]++
	}
	b.things[thing][who.ID] = stamped{Entry{who, state}, now}
	return !known || old.State != state || old.Name != who.Name
}

// Others are the people who are at a thing, but for one; those who write come
// first, then by name.
func (b *Board) Others(thing, but string) []Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.config.Now()
	var out []Entry
	for id, e := range b.things[thing] {
		if id != but && !b.over(e, now) {
			out = append(out, e.Entry)
		}
	}
	slices.SortFunc(out, func(x, y Entry) int {
		return cmp.Or(-cmp.Compare(x.State, y.State), cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID))
	})
	return out
}

// Typing tells whether somebody else than this person writes in a thing.
func (b *Board) Typing(thing, but string) bool {
	for _, e := range b.Others(thing, but) {
		if e.State == Typing {
			return true
		}
	}
	return false
}

// Sweep forgets those who have been silent for too long, and names the things
// that they were at.
func (b *Board) Sweep() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sweep(b.config.Now())
}

func (b *Board) sweep(now time.Time) []string {
	var things []string
	for thing, people := range b.things {
		before := b.size
		for id, e := range people {
			if b.over(e, now) {
				b.drop(thing, id)
			}
		}
		if b.size != before {
			things = append(things, thing)
		}
	}
	return things
}

func (b *Board) over(e stamped, now time.Time) bool { return now.Sub(e.at) >= b.config.TTL }

func (b *Board) drop(thing, id string) {
	delete(b.things[thing], id)
	if len(b.things[thing]) == 0 {
		delete(b.things, thing)
	}
	b.size--
	if b.of[id]--; b.of[id] == 0 {
		delete(b.of, id)
	}
}
