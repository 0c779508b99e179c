package desk

import (
	"errors"
	"sync"

	"github.com/pocketbase/pocketbase/core"
)

// maxGroup bounds the work that shares one commit, and so how long the one
// writer is held.
const maxGroup = 64

// Committer lets writers that come at the same moment share one transaction:
// with synchronous=FULL the commit is what costs. Work that fails takes nobody
// along: its group is rolled back and each part is tried on its own.
//
//	err := committer.Do(func(tx core.App) error { return desk.Save(tx, record) })
type Committer struct {
	app core.App

	mu      sync.Mutex
	waiting []*job
	busy    bool
}

type job struct {
	run  func(tx core.App) error
	done chan error
}

// NewCommitter makes a committer for the app's data.
func NewCommitter(app core.App) *Committer { return &Committer{app: app} }

// Do runs work inside a transaction and returns after it was committed. work
// may run twice and must build its records anew each time.
func (c *Committer) Do(work func(tx core.App) error) error {
	j := &job{run: work, done: make(chan error, 1)}
	c.mu.Lock()
	c.waiting = append(c.waiting, j)
	lead := !c.busy
	c.busy = true
	c.mu.Unlock()
	if lead {
		go c.drain()
	}
	return <-j.done
}

func (c *Committer) drain() {
	for {
		c.mu.Lock()
		n := min(len(c.waiting), maxGroup)
		if n == 0 {
			c.busy = false
			c.mu.Unlock()
			return
		}
		group := c.waiting[:n:n]
		c.waiting = append([]*job(nil), c.waiting[n:]...)
		c.mu.Unlock()
		c.commit(group)
	}
}

func (c *Committer) commit(group []*job) {
	err := c.transact(group)
	for _, j := range group {
		if err != nil && len(group) > 1 {
			j.done <- c.transact([]*job{j})
			continue
		}
		j.done <- err
	}
}

// transact runs a group in one transaction. What hooks say once it is
// committed is for the log alone: the work is done, and must not be done again.
func (c *Committer) transact(group []*job) error {
	committed := false
	err := guard(func(app core.App) error {
		return app.RunInTransaction(func(tx core.App) error {
			tx.TxInfo().OnComplete(func(txErr error) error {
				committed = txErr == nil
				return nil
			})
			for _, j := range group {
				if err := guard(j.run, tx); err != nil {
					return err
				}
			}
			return nil
		})
	}, c.app)
	if err != nil && committed {
		c.app.Logger().Error("a hook failed after the commit", "error", err)
		return nil
	}
	return err
}

// guard turns a panic into an error, since it would take the whole process
// along from this goroutine instead of one request.
func guard(run func(core.App) error, tx core.App) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.Join(ErrPanic, toError(p))
		}
	}()
	return run(tx)
}

// ErrPanic marks work that panicked inside a shared transaction.
var ErrPanic = errors.New("work inside the transaction panicked")

func toError(p any) error {
	if err, ok := p.(error); ok {
		return err
	}
	return errors.New("panic value is not an error")
}
