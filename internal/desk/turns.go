package desk

import "sync"

// Turns lets one caller at a time do what bears the same key: two that bring the
// same thing at once would both find that nobody knows it. It holds within this
// process; between processes a unique index does. The zero value is ready.
//
//	defer turns.Take(key)()
//
// Whoever is inside a transaction must not wait for a turn: the one whose turn it
// is may be waiting for that transaction.
type Turns struct {
	mu   sync.Mutex
	busy map[string]chan struct{}
}

// Take waits until no other has the key; done gives it on.
func (t *Turns) Take(key string) (done func()) {
	for {
		t.mu.Lock()
		other := t.busy[key]
		if other == nil {
			if t.busy == nil {
				t.busy = map[string]chan struct{}{}
			}
			mine := make(chan struct{})
			t.busy[key] = mine
			t.mu.Unlock()
			return func() {
				t.mu.Lock()
				delete(t.busy, key)
				t.mu.Unlock()
				close(mine)
			}
		}
		t.mu.Unlock()
		<-other
	}
}
