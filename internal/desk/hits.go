package desk

import (
	"errors"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Hits counts in memory how often rules and keywords applied, so that the line
// needs no write for it. [Hits.Flush] adds the counts to the records.
type Hits struct {
	mu     sync.Mutex
	counts map[hitKey]int
}

type hitKey struct{ collection, id string }

// NewHits makes an empty counter.
func NewHits() *Hits { return &Hits{counts: map[hitKey]int{}} }

// Add notes that these records of a collection applied once more.
func (h *Hits) Add(collection string, ids ...string) {
	if len(ids) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		h.counts[hitKey{collection, id}]++
	}
}

// Flush adds what was counted to the field hits of the records. It goes past
// PocketBase's hooks: a counter is no change that anybody must hear of.
func (h *Hits) Flush(app core.App) error {
	h.mu.Lock()
	counts := h.counts
	h.counts = map[hitKey]int{}
	h.mu.Unlock()
	var errs []error
	for key, n := range counts {
		_, err := app.NonconcurrentDB().Update(Name(app, key.collection),
			dbx.Params{"hits": dbx.NewExp("[[hits]] + {:n}", dbx.Params{"n": n})},
			dbx.HashExp{"id": key.id}).Execute()
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
