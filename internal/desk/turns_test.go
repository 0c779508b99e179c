package desk_test

import (
	"sync"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func TestTurns(t *testing.T) {
	var turns desk.Turns
	var wg sync.WaitGroup
	n, most := 0, 0 // guarded by the turn alone: -race sees a mistake
	for range 50 {
		wg.Go(func() {
			defer turns.Take("a")()
			n++
			most = max(most, n)
			n--
		})
	}
	wg.Wait()
	if most != 1 {
		t.Errorf("%d at a time", most)
	}
	a := turns.Take("a")
	turns.Take("b")() // another key waits for nobody
	a()
	turns.Take("a")()
}
