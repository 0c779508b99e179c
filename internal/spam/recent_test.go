package spam

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

const day = 24 * time.Hour

func TestRecent(t *testing.T) {
	clock := now
	r := NewRecent(0, func() time.Time { return clock })
	const hash = 0xF0F0_1234_5678_9ABC
	add := func(id string, hash, sender uint64, ago time.Duration) {
		r.Add(Entry{ID: id, Hash: hash, Sender: sender, At: now.Add(-ago)})
	}
	find := func(what string, hash, sender uint64, want Near) {
		t.Helper()
		if got := r.Find(hash, sender); got != want {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	find("empty", hash, 1, Near{})
	add("a", hash, 1, 2*day)
	add("b", hash^0x8040201008040201, 2, day)   // eight bits away
	add("c", hash^0x8040201008040201^2, 3, day) // nine
	add("d", hash^1<<63, 2, time.Hour)          // the same sender again
	add("old", hash, 4, 31*day)
	add("short", 0, 5, 0)
	find("a first sender", hash, 9, Near{Others: 2})
	find("one of them", hash, 2, Near{Others: 1})
	find("another text", ^uint64(hash), 9, Near{})
	find("a text too short", 0, 9, Near{})

	r.Mark("a", true)
	r.Mark("b", true)
	r.Mark("nobody", true)
	find("two are junk", hash, 9, Near{Others: 2, Junk: 2})
	find("own junk counts", hash, 1, Near{Others: 1, Junk: 2})
	r.Mark("b", false)
	find("one was released", hash, 9, Near{Others: 2, Junk: 1, Good: 1})
	r.Add(Entry{ID: "b", Hash: hash, Sender: 2, At: now, Junk: true})
	find("what was read before staff spoke", hash, 9, Near{Others: 2, Junk: 1, Good: 1})
	r.Mark("b", true)
	r.Answered("b")
	find("an answer does not make junk good", hash, 9, Near{Others: 2, Junk: 2})
	r.Answered("d")
	find("an answer speaks for what was not decided", hash, 9, Near{Others: 2, Junk: 2, Good: 1})
	r.Mark("d", true)
	find("and may be taken back", hash, 9, Near{Others: 2, Junk: 3})
	r.Add(Entry{ID: "d", Hash: hash, Sender: 2, At: now.Add(-time.Hour)})
	r.Mark("d", false)
	find("released after all", hash, 9, Near{Others: 2, Junk: 2, Good: 1})
	r.Unmark("d")
	r.Unmark("nobody")
	r.Add(Entry{ID: "d", Hash: hash, Sender: 2, At: now.Add(-time.Hour), Good: true}) // read before
	find("undecided after all", hash, 9, Near{Others: 2, Junk: 2})
	r.Mark("d", false)
	r.Forget("b")
	r.Forget("b")
	find("one was erased", hash, 9, Near{Others: 2, Junk: 1, Good: 1})

	r.ForgetSenders(now.Add(-day)) // those of a and c; d came later
	find("senders are forgotten, texts are not", hash, 9, Near{Others: 1, Junk: 1, Good: 1})

	clock = now.Add(28*day + time.Minute)
	find("28 days on", hash, 9, Near{Others: 1, Good: 1})
	clock = now.Add(31 * day)
	find("31 days on", hash, 9, Near{})
}

// What staff say while stored messages are read holds, though those were read before.
func TestRecentFill(t *testing.T) {
	r := NewRecent(0, func() time.Time { return now })
	broken := errors.New("broken")
	add := func(id string, junk bool) { r.Add(Entry{ID: id, Hash: 7, Sender: 1, At: now, Junk: junk}) }
	err := r.Fill(func() error {
		r.Mark("confirmed", true)
		r.Answered("confirmed")
		r.Mark("released", false)
		r.Answered("junk")
		r.Forget("erased")
		add("confirmed", false)
		add("released", true)
		add("junk", true)
		add("erased", true)
		add("new", false)
		return broken
	})
	if got := r.Find(7, 9); !errors.Is(err, broken) || got != (Near{Others: 1, Junk: 2, Good: 1}) {
		t.Errorf("%+v, %v", got, err)
	}
	r.Mark("later", true) // is not remembered, and not waited for
	add("later", false)
	if got := r.Find(7, 9); got.Junk != 2 {
		t.Errorf("afterwards: %+v", got)
	}
}

func TestRecentForgetsTheOldest(t *testing.T) {
	r := NewRecent(3, func() time.Time { return now })
	for i := range uint64(5) {
		r.Add(Entry{ID: fmt.Sprint(i), Hash: 1 << (10 * i) * 0x3FF, Sender: i, At: now})
	}
	for i := range uint64(5) {
		want := Near{}
		if i >= 2 {
			want.Others = 1
		}
		if got := r.Find(1<<(10*i)*0x3FF, 99); got != want {
			t.Errorf("text %d: %+v, want %+v", i, got, want)
		}
	}
	r.Mark("0", true) // gone; its place is another's
	for i := range uint64(5) {
		if r.Find(1<<(10*i)*0x3FF, 99).Junk != 0 {
			t.Errorf("text %d was marked for one that is gone", i)
		}
	}
	filed := 0
	for b := range r.buckets {
		for _, bucket := range r.buckets[b] {
			filed += len(bucket)
		}
	}
	if len(r.at) != 3 || len(r.entries) != 3 || filed != 3*bands {
		t.Errorf("%d ids, %d entries, filed %d times", len(r.at), len(r.entries), filed)
	}
}

// Whatever eight bits differ, the bands find it.
func TestBands(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	r := NewRecent(1, func() time.Time { return now })
	for range 2000 {
		hash := rng.Uint64() | 1
		other := hash
		for range rng.IntN(nearBits + 3) {
			other ^= 1 << rng.IntN(64)
		}
		r.Add(Entry{Hash: hash, Sender: 1, At: now})
		want := Near{}
		if other != 0 && apart(hash, other) <= nearBits {
			want.Others = 1
		}
		if got := r.Find(other, 2); got != want {
			t.Fatalf("%x and %x, %d apart: %+v", hash, other, apart(hash, other), got)
		}
	}
}

func TestRecentTogether(t *testing.T) {
	r := NewRecent(100, nil)
	var all sync.WaitGroup
	for g := range uint64(8) {
		all.Go(func() {
			for i := range uint64(200) {
				id := fmt.Sprint(g, "-", i)
				r.Add(Entry{ID: id, Hash: 42, Sender: g, At: time.Now()})
				r.Find(42, g)
				r.Mark(id, i%2 == 0)
				if i%3 == 0 {
					r.Forget(id)
				}
			}
		})
	}
	all.Wait()
	if n := r.Find(42, 99).Others; n == 0 || n > 8 {
		t.Errorf("%d senders", n)
	}
}

func BenchmarkFind(b *testing.B) {
	r := NewRecent(0, func() time.Time { return now })
	for i := range uint64(recentMax) {
		r.Add(Entry{ID: fmt.Sprint(i), Hash: mix(i), Sender: i, At: now})
	}
	b.Run("strangers", func(b *testing.B) {
		for b.Loop() {
			r.Find(12345, 1)
		}
	})
	for i := range uint64(recentMax) {
		r.Add(Entry{ID: fmt.Sprint("x", i), Hash: 12345, Sender: i, At: now})
	}
	b.Run("all the same", func(b *testing.B) {
		for b.Loop() {
			r.Find(12345, 1)
		}
	})
}
