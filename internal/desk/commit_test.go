package desk_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// together gives all work to the committer while its first job holds the
// writer, so that the rest shares one group. It returns each one's error.
func together(t *testing.T, c *desk.Committer, work ...func(core.App) error) []error {
	t.Helper()
	entered, let := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- c.Do(func(core.App) error {
			close(entered)
			<-let
			return nil
		})
	}()
	<-entered
	errs := make([]error, len(work))
	var wg sync.WaitGroup
	for i, w := range work {
		queued := c.Waiting()
		wg.Add(1)
		go func() {
			defer wg.Done()
			errs[i] = c.Do(w)
		}()
		for c.Waiting() == queued { // the order of the group is the order of work
		}
	}
	close(let)
	wg.Wait()
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	return errs
}
