package desk

import "github.com/pocketbase/pocketbase/core"

// Tables of the search index, which are no collections: nobody reads them over
// the API. Their names bear no prefix of the host's.
const (
	SearchTable = "pocketdesk_search"       // the words
	SearchDocs  = "pocketdesk_search_docs"  // what they stand in
	SearchState = "pocketdesk_search_state" // how far the index was made
)

const indexerKey = "pocketdesk.indexer"

// Indexer keeps an index in step, inside the transaction of the change.
type Indexer interface {
	// Added is told of every record that [Save] inserts past PocketBase's
	// handlers. Whoever is told also binds one handler of OnRecordCreateExecute,
	// for the records that come another way.
	Added(tx core.App, r *core.Record) error
	// Moved is told of messages that were moved to another case row by row.
	Moved(tx core.App, messages []string, from, to string) error
}

// SetIndexer names who is told.
func SetIndexer(app core.App, i Indexer) { app.Store().Set(indexerKey, i) }

func indexer(app core.App) Indexer {
	i, _ := app.Store().Get(indexerKey).(Indexer)
	return i
}

// MessagesMoved tells that messages were moved from one case to another by SQL alone.
// A change that is saved as a record need not be told.
func MessagesMoved(tx core.App, messages []string, from, to string) error {
	if i := indexer(tx); i != nil {
		return i.Moved(tx, messages, from, to)
	}
	return nil
}
