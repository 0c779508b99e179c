package presence

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

// clock is a time that the test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func newBoard(c Config) (*Board, *clock) {
	k := &clock{at: time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)}
	c.Now = k.Now
	return New(c), k
}

// there gives the others at a thing as "name state".
func there(b *Board, thing, but string) []string {
	out := []string{}
	for _, e := range b.Others(thing, but) {
		out = append(out, e.Name+" "+string(e.State))
	}
	return out
}

var ann, ben, cho = Person{"a", "Ann"}, Person{"b", "Ben"}, Person{"c", "Cho"}

func TestWhoIsThere(t *testing.T) {
	b, clock := newBoard(Config{})
	for _, step := range []struct {
		who   Person
		state State
		news  bool
	}{
		{ann, Looking, true}, {ann, Looking, false}, {ben, Looking, true}, {cho, Typing, true}, {ben, Typing, true}, {ben, Typing, false},
		{Person{"z", "Nobody"}, Gone, false}, {ann, "dancing", true}, {ann, Gone, false}, {ann, Looking, true}, {Person{"a", "Anne"}, Looking, true},
	} {
		if got := b.Put("x", step.who, step.state); got != step.news {
			t.Errorf("%s %s: news is %v", step.who.Name, step.state, got)
		}
	}
	if got := there(b, "x", "a"); !slices.Equal(got, []string{"Ben typing", "Cho typing"}) {
		t.Errorf("Ann sees %v", got)
	}
	if got := there(b, "x", "b"); !slices.Equal(got, []string{"Cho typing", "Anne looking"}) {
		t.Errorf("Ben sees %v", got)
	}
	if got := there(b, "y", ""); len(got) != 0 {
		t.Errorf("elsewhere are %v", got)
	}
	if !b.Typing("x", "b") || b.Put("x", cho, Gone) != true || b.Typing("x", "b") || !b.Typing("x", "a") || b.Typing("y", "") {
		t.Error("who types is wrong")
	}
	clock.Advance(44 * time.Second)
	b.Put("x", ben, Typing)
	clock.Advance(time.Second)
	if got := there(b, "x", ""); !slices.Equal(got, []string{"Ben typing"}) {
		t.Errorf("after 45 s of silence: %v", got)
	}
	if got := b.Sweep(); !slices.Equal(got, []string{"x"}) || len(b.Sweep()) != 0 {
		t.Errorf("swept %v", got)
	}
	if !b.Put("x", ann, Looking) {
		t.Error("somebody who comes back after a silence is no news")
	}
	clock.Advance(time.Hour)
	if b.Sweep(); b.size != 0 || len(b.things) != 0 || len(b.of) != 0 {
		t.Errorf("%d entries of %d things and %d people are left", b.size, len(b.things), len(b.of))
	}
}

// However many cases somebody opens, the board stays small, and others are seen.
func TestBounds(t *testing.T) {
	b, clock := newBoard(Config{Most: 6, PerPerson: 3})
	for i := range 100 {
		b.Put(fmt.Sprint(i), ann, Looking)
	}
	if b.size != 3 || !b.Put("x", ben, Looking) || !b.Put("y", ben, Looking) || !b.Put("y", cho, Looking) || b.Put("z", cho, Looking) {
		t.Errorf("%d entries", b.size)
	}
	if b.Put("0", ann, Typing) != true { // what is there may change
		t.Error("a full board refuses a change")
	}
	clock.Advance(time.Minute)
	if !b.Put("z", cho, Looking) || b.size != 1 {
		t.Errorf("the silent ones hold %d places", b.size)
	}
}

func TestManyAtOnce(t *testing.T) {
	b, clock := newBoard(Config{Most: 50})
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			me := Person{fmt.Sprint(i), "P"}
			for n := range 300 {
				thing := fmt.Sprint(n % 7)
				b.Put(thing, me, []State{Looking, Typing, Gone}[n%3])
				b.Others(thing, me.ID)
				b.Typing(thing, me.ID)
				if n%50 == 0 {
					clock.Advance(time.Second)
					b.Sweep()
				}
			}
		})
	}
	all.Wait()
	clock.Advance(time.Hour)
	if b.Sweep(); b.size != 0 || len(b.of) != 0 {
		t.Errorf("%d entries are left", b.size)
	}
}

// Whatever comes, the counts stay true.
func FuzzBoard(f *testing.F) {
	f.Add([]byte("ab0c1d2"))
	f.Fuzz(func(t *testing.T, steps []byte) {
		b, clock := newBoard(Config{Most: 9, PerPerson: 4})
		for _, s := range steps {
			thing, who := fmt.Sprint(s&3), fmt.Sprint(s>>2&7)
			switch s >> 5 {
			case 0:
				clock.Advance(20 * time.Second)
			case 1:
				b.Sweep()
			case 2, 3:
				b.Put(thing, Person{ID: who}, Typing)
			case 4:
				b.Put(thing, Person{ID: who}, Gone)
			default:
				b.Put(thing, Person{ID: who}, Looking)
			}
			n, of := 0, 0
			for _, people := range b.things {
				if n += len(people); len(people) == 0 {
					t.Fatal("a thing without people is kept")
				}
			}
			for _, c := range b.of {
				if of += c; c < 1 || c > 4 {
					t.Fatalf("somebody has %d things", c)
				}
			}
			if n != b.size || of != b.size || n > 9 {
				t.Fatalf("%d entries, %d by person, counted %d", n, of, b.size)
			}
		}
	})
}
