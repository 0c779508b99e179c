package desk

import (
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Feed reads the audit trail from where a reader left off, in the order in which
// it was written, so that nothing that happens is missed and nothing comes twice:
// the reader saves what follows from an event and [Feed.Moved] in one transaction.
//
//	feed := desk.NewFeed(app, "webhooks")
//	for lines, err := feed.Next(100); len(lines) > 0; lines, err = feed.Next(100) {
//		err = commit.Do(func(tx core.App) error { …; return feed.Moved(tx, lines[len(lines)-1]) })
//	}
//	<-feed.Wake()
type Feed struct {
	app core.App
	key string
}

// Line is one event of the audit trail as a feed gives it.
type Line struct {
	Row int64  `db:"row"`
	ID  string `db:"id"`

	Case     string `db:"case"`
	Feedback string `db:"feedback"`
	Actor    string `db:"actor"` // agent id; "" is the system or the visitor
	Kind     string `db:"kind"`
	Before   string `db:"before"` // JSON, or ""
	After    string `db:"after"`
	Created  string `db:"created"`
	Version  int    `db:"version"` // of the case, after this; 0 where no field that staff write changed
}

// NewFeed is the feed of one reader; key is an id of 1 to 40 letters.
func NewFeed(app core.App, key string) *Feed { return &Feed{app, key} }

// Next gives up to limit events after the reader's place. A reader who comes for
// the first time starts after what is there.
func (f *Feed) Next(limit int) ([]Line, error) {
	at, err := f.place()
	if err != nil {
		return nil, err
	}
	var lines []Line
	err = f.app.DB().Select("rowid AS row", "id", "case", "feedback", "actor", "kind", "COALESCE([[before]], '') AS before", "COALESCE([[after]], '') AS after", "created", "version").
		From(Name(f.app, Events)).Where(dbx.NewExp("[[rowid]] > {:at}", dbx.Params{"at": at})).OrderBy("rowid").Limit(int64(limit)).All(&lines)
	if err != nil {
		return nil, fmt.Errorf("feed %s: %w", f.key, err)
	}
	return lines, nil
}

// place is the row of the last event that was dealt with.
func (f *Feed) place() (int64, error) {
	r, err := f.app.FindRecordById(Places, f.key)
	if errors.Is(err, sql.ErrNoRows) {
		return f.begin()
	}
	if err != nil {
		return 0, fmt.Errorf("feed %s: %w", f.key, err)
	}
	row, id := int64(r.GetInt("row")), r.GetString("event")
	var last struct {
		Row int64 `db:"row"`
	}
	// a rebuilt file (VACUUM) gives other rows to the same events
	err = f.app.DB().Select("rowid AS row").From(Name(f.app, Events)).Where(dbx.HashExp{"id": id}).One(&last)
	switch {
	case err == nil:
		return last.Row, nil
	case errors.Is(err, sql.ErrNoRows): // erased meanwhile
		return f.erased(row, r.GetString("updated"))
	}
	return 0, fmt.Errorf("feed %s: %w", f.key, err)
}

// erased is the place of a reader whose last event is gone. SQLite gives the rows
// of the newest events, once they are removed, to those that come next, so that
// the number alone doesn't tell what was dealt with: what is older than the
// reader's note of it was.
func (f *Feed) erased(row int64, noted string) (int64, error) {
	var at int64
	err := f.app.DB().Select("rowid").From(Name(f.app, Events)).
		Where(dbx.NewExp("[[rowid]] <= {:row} AND [[created]] < {:noted}", dbx.Params{"row": row, "noted": noted})).
		OrderBy("rowid DESC").Limit(1).Row(&at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("feed %s: %w", f.key, err)
	}
	return at, nil
}

func (f *Feed) begin() (int64, error) {
	var last []Line
	err := f.app.DB().Select("rowid AS row", "id").From(Name(f.app, Events)).OrderBy("rowid DESC").Limit(1).All(&last)
	if err != nil {
		return 0, fmt.Errorf("feed %s: %w", f.key, err)
	}
	at := Line{}
	if len(last) > 0 {
		at = last[0]
	}
	return at.Row, f.app.RunInTransaction(func(tx core.App) error {
		if _, err := tx.FindRecordById(Places, f.key); err == nil {
			return nil
		}
		return f.Moved(tx, at)
	})
}

// Moved notes that all up to this event was dealt with.
func (f *Feed) Moved(tx core.App, to Line) error {
	r, err := tx.FindRecordById(Places, f.key)
	if errors.Is(err, sql.ErrNoRows) {
		if r, err = New(tx, Places); err == nil {
			r.Id = f.key
		}
	}
	if err != nil {
		return fmt.Errorf("feed %s: %w", f.key, err)
	}
	r.Set("row", to.Row)
	r.Set("event", to.ID)
	return Save(tx, r)
}

const wakesKey = "pocketdesk.wakes"

// wakes are the readers that wait for events of one app.
type wakes struct {
	mu   sync.Mutex
	list []chan struct{}
}

func wakesOf(app core.App) *wakes {
	w, _ := app.Store().GetOrSet(wakesKey, func() any { return &wakes{} }).(*wakes)
	return w
}

// Wake is told after every commit that wrote events; one that is told while it
// is busy is told once. Call it once for each reader.
func (f *Feed) Wake() <-chan struct{} {
	c := make(chan struct{}, 1)
	w := wakesOf(f.app)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, c)
	return c
}

// written wakes the readers once the transaction is committed.
func written(app core.App) {
	w := wakesOf(app)
	AfterCommit(app, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, c := range w.list {
			select {
			case c <- struct{}{}:
			default:
			}
		}
	})
}
