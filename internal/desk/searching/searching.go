// Package searching finds cases by what stands in them, in any spelling of
// Chinese, Japanese and Latin writing, and keeps the index that this takes in
// step with the records, inside the transactions that change them.
//
//	index := searching.New(app, searching.Config{Commit: committer})
//	desk.SetIndexer(app, index)
//	index.Start() // fills an index that is empty or of another version
//	found, err := index.Find(ctx, searching.Question{Agent: agent, Text: "茶壺 from:anna is:open"})
//
// The index holds tokens and where they stand, and no text: what is found is
// compared with the text itself before anybody sees it. Its documents are
// numbered in the order in which they came, so that the newest are read first.
package searching

import (
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/searchtext"
	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// version is of the tokens: an index of another one is made anew.
const version = "2"

// Config is what [New] needs.
type Config struct {
	Commit *desk.Committer
	// Unread is true of a case c that the agent has not read; nil: is:unread is
	// not understood.
	Unread func(app core.App, agent *desk.Agent) dbx.Expression
	// Patience bounds one search. Default: 2 s.
	Patience time.Duration
	// Pause is how long the filling of an index rests after each part, so that
	// visitors don't wait. Default: as long as the part took.
	Pause func(took time.Duration) time.Duration
}

// Index is the search index of one app.
type Index struct {
	app    core.App
	config Config
	folder *searchtext.Folder

	off   atomic.Bool // the tables are not there
	known atomic.Bool // they are
	life  sync.Mutex
	stop  func()
}

// New makes the station; nothing runs before [Index.Start].
func New(app core.App, c Config) *Index {
	if c.Patience <= 0 {
		c.Patience = 2 * time.Second
	}
	if c.Pause == nil {
		c.Pause = func(took time.Duration) time.Duration { return took }
	}
	return &Index{app: app, config: c, folder: searchtext.New(textmodel.Simplified)}
}

// ErrOff says that there is no index: the SQLite driver has no FTS5.
var ErrOff = errors.New("the search is off: this SQLite driver was built without FTS5")

// on tells whether the tables are there.
func (x *Index) on(app core.App) bool {
	if x.off.Load() {
		return false
	}
	var one int
	err := app.DB().NewQuery("SELECT 1 FROM sqlite_schema WHERE name = {:name}").Bind(dbx.Params{"name": desk.SearchTable}).Row(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false
	}
	return err == nil
}
