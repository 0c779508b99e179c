package searching

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// How many records one transaction takes up: in the background, where visitors
// wait for the same writer, and where nobody does.
const (
	smallPart = 150
	largePart = 3_000
)

// Start fills the index in the background if it is empty or of another version,
// the newest records first, until [Index.Stop].
func (x *Index) Start() {
	x.life.Lock()
	defer x.life.Unlock()
	if x.stop != nil || !x.ready(x.app) {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	x.stop = func() {
		cancel()
		<-done
	}
	go func() {
		defer close(done)
		if err := x.fill(ctx); err != nil && ctx.Err() == nil {
			x.app.Logger().Error("search: the index could not be filled; \"search rebuild\" makes it anew", "error", err)
		}
	}()
}

// Stop ends the background work; the next start goes on from there.
func (x *Index) Stop() {
	x.life.Lock()
	defer x.life.Unlock()
	if x.stop != nil {
		x.stop()
		x.stop = nil
	}
}

func (x *Index) fill(ctx context.Context) error {
	p, err := loadProgress(x.app.DB())
	if err != nil {
		return err
	}
	if p.Version != version {
		if err := x.begin(); err != nil {
			return err
		}
	} else if p.Done {
		return nil
	}
	for ctx.Err() == nil {
		begin := time.Now()
		done, err := x.step(smallPart)
		if err != nil || done {
			return err
		}
		wait := time.NewTimer(x.config.Pause(time.Since(begin)))
		select {
		case <-ctx.Done():
			wait.Stop()
		case <-wait.C:
		}
	}
	return ctx.Err()
}

// Rebuild makes the index anew, and tells now and then how far it is.
func (x *Index) Rebuild(ctx context.Context, tell func(State)) (State, error) {
	if !x.ready(x.app) {
		return State{State: "off"}, ErrOff
	}
	if err := x.begin(); err != nil {
		return State{}, err
	}
	for {
		if err := ctx.Err(); err != nil {
			return State{}, err
		}
		done, err := x.step(largePart)
		if err != nil {
			return State{}, err
		}
		s, err := x.Look()
		if err != nil {
			return s, err
		}
		if tell != nil {
			tell(s)
		}
		if done {
			return s, x.Tidy(ctx)
		}
	}
}

// Tidy merges the pieces that many small writes leave, a part at a time.
func (x *Index) Tidy(ctx context.Context) error {
	// a negative number begins to merge all, positive ones go on (FTS5 manual, 6.8)
	for pages := -200; ; pages = 200 {
		if err := ctx.Err(); err != nil {
			return err
		}
		var before, after int64
		err := x.config.Commit.Do(func(tx core.App) error {
			changes := func(n *int64) error { return desk.Row(tx, "SELECT total_changes()", nil, n) }
			if err := changes(&before); err != nil {
				return err
			}
			if _, err := desk.Exec(tx, "INSERT INTO "+desk.SearchTable+" ("+desk.SearchTable+", rank) VALUES ('merge', ?)", pages); err != nil {
				return err
			}
			return changes(&after)
		})
		if err != nil || after-before < 2 { // as the manual says: nothing was merged
			return err
		}
	}
}

// sources are what is taken up, each with what it gives to the index.
func (x *Index) sources() []string {
	return []string{desk.Messages, desk.Cases, desk.Contacts, desk.Identities}
}

// begin empties the index. What comes from now on gets ids above those that are
// kept free for what is there already.
func (x *Index) begin() error {
	total, room := 0, 1_000
	for _, id := range x.sources() {
		var n int
		if err := x.app.DB().NewQuery("SELECT COUNT(*) FROM " + table(x.app, id)).Row(&n); err != nil {
			return err
		}
		total += n
		room += n
		if id == desk.Cases {
			room += n // their submissions
		}
	}
	return x.config.Commit.Do(func(tx core.App) error {
		for _, sql := range []string{
			"INSERT INTO " + desk.SearchTable + " (" + desk.SearchTable + ") VALUES ('delete-all')",
			"DELETE FROM " + desk.SearchDocs,
			"DELETE FROM sqlite_sequence WHERE name = '" + desk.SearchDocs + "'",
		} {
			if _, err := desk.Exec(tx, sql); err != nil {
				return fmt.Errorf("search index: %w", err)
			}
		}
		p := &progress{Version: version, Total: total, At: map[string]int64{}}
		for _, id := range x.sources() {
			var last int64
			if err := desk.Row(tx, "SELECT COALESCE(MAX(rowid), 0) FROM "+table(tx, id), nil, &last); err != nil {
				return err
			}
			p.At[id] = last + 1
		}
		if total == 0 {
			p.Done = true
			return p.save(tx)
		}
		p.Next = int64(room)
		// a row that comes and goes moves the counter of ids
		if _, err := desk.Exec(tx, insertDoc, p.Next, 0, 0, ""); err != nil {
			return err
		}
		if _, err := desk.Exec(tx, deleteDoc, p.Next); err != nil {
			return err
		}
		return p.save(tx)
	})
}

// candidate is a record that waits to be taken up.
type candidate struct {
	Row        int64  `db:"row"`
	ID         string `db:"id"`
	Created    string `db:"created"`
	collection string
}

// step takes the next older records up. They are walked by the order in which
// they were stored, which survives a VACUUM where the numbers may not: those that
// come by twice are known.
func (x *Index) step(part int) (done bool, err error) {
	err = x.config.Commit.Do(func(tx core.App) error {
		p, err := loadProgress(tx.NonconcurrentDB())
		if err != nil || p.Done {
			done = true
			return err
		}
		next, err := x.next(tx, p, part)
		if err != nil {
			return err
		}
		done = len(next) == 0
		p.Done = done
		for _, c := range next {
			p.At[c.collection] = c.Row
		}
		p.Count += len(next)
		if err := x.takeAll(tx, p, next); err != nil {
			return err
		}
		return p.save(tx)
	})
	return done, err
}

// next are the newest records that were not looked at, newest first.
func (x *Index) next(tx core.App, p *progress, part int) ([]candidate, error) {
	var all []candidate
	for _, id := range x.sources() {
		var rows []candidate
		err := tx.NonconcurrentDB().NewQuery("SELECT rowid AS row, id, created FROM " + table(tx, id) + " WHERE rowid < {:at} ORDER BY rowid DESC LIMIT {:n}").
			Bind(dbx.Params{"at": p.At[id], "n": part}).All(&rows)
		if err != nil {
			return nil, err
		}
		created := "" // never older than what follows: the order of rows is the one that counts
		for i := len(rows) - 1; i >= 0; i-- {
			rows[i].collection = id
			created = max(created, rows[i].Created)
			rows[i].Created = created
		}
		all = append(all, rows...)
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return strings.Compare(b.Created, a.Created) })
	return all[:min(part, len(all))], nil
}

// takeAll stores the entries of records, the oldest first, so that the index
// writes them in one go.
func (x *Index) takeAll(tx core.App, p *progress, newestFirst []candidate) error {
	var entries []*entry
	for _, c := range newestFirst {
		e, err := x.entryOf(tx, c.collection, c.ID)
		if err != nil {
			return err
		}
		found := []*entry{e}
		if c.collection == desk.Cases {
			o, err := x.sentOf(tx, c.ID)
			if err != nil {
				return err
			}
			found = append(found, o)
		}
		for _, e := range found {
			if e == nil {
				continue
			}
			id, err := docOf(tx, e)
			if err != nil {
				return err
			}
			if id == 0 {
				entries = append(entries, e)
			}
		}
	}
	first := p.Next - int64(len(entries))
	for i, e := range slices.Backward(entries) {
		if err := x.put(tx, e, first+int64(len(entries)-1-i)); err != nil {
			return err
		}
	}
	p.Next = first
	return nil
}
