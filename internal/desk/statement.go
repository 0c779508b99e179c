package desk

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// statements are kept by transaction, which closes them at its end: a group of
// submissions makes the same ten records over and over, and parsing SQL costs
// more than running it.
type statements struct {
	mu sync.Mutex
	of map[*core.TxAppInfo]*prepared
}

// prepared is what one transaction, which is one goroutine's, has parsed.
type prepared struct {
	inserts map[*core.Collection]*insertion
	queries map[string]*sql.Stmt
}

// insertion is a collection's INSERT.
type insertion struct {
	*sql.Stmt
	columns []string
}

const statementsKey = "pocketdesk.statements"

func preparedFor(tx core.App) *prepared {
	all := tx.Store().GetOrSet(statementsKey, func() any {
		return &statements{of: map[*core.TxAppInfo]*prepared{}}
	}).(*statements)
	info := tx.TxInfo()
	all.mu.Lock()
	defer all.mu.Unlock()
	if p := all.of[info]; p != nil {
		return p
	}
	p := &prepared{inserts: map[*core.Collection]*insertion{}, queries: map[string]*sql.Stmt{}}
	all.of[info] = p
	info.OnComplete(func(error) error {
		all.mu.Lock()
		defer all.mu.Unlock()
		delete(all.of, info)
		return nil
	})
	return p
}

// insertInto is the collection's INSERT in this transaction.
func insertInto(tx core.App, c *core.Collection) (*insertion, error) {
	p := preparedFor(tx)
	if st := p.inserts[c]; st != nil {
		return st, nil
	}
	st := &insertion{}
	for _, f := range c.Fields {
		st.columns = append(st.columns, f.GetName())
	}
	var err error
	st.Stmt, err = prepare(tx, `INSERT INTO "`+c.Name+`" ("`+strings.Join(st.columns, `", "`)+`") VALUES (?`+
		strings.Repeat(", ?", len(st.columns)-1)+`)`)
	if err == nil {
		p.inserts[c] = st
	}
	return st, err
}

// Row runs a query for one row and reads it into dest; sql.ErrNoRows where there
// is none. Inside a transaction it is parsed once for all of it.
func Row(tx core.App, query string, args []any, dest ...any) error {
	if db, ok := tx.ConcurrentDB().(*dbx.DB); ok && tx.TxInfo() == nil {
		return db.DB().QueryRow(query, args...).Scan(dest...)
	}
	st, err := preparedQuery(tx, query)
	if err != nil {
		return err
	}
	return st.QueryRow(args...).Scan(dest...)
}

// Exec runs a statement inside a transaction, which parses it once, and gives
// the id of the row that it inserted.
func Exec(tx core.App, query string, args ...any) (id int64, err error) {
	st, err := preparedQuery(tx, query)
	if err != nil {
		return 0, err
	}
	res, err := st.Exec(args...)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

func preparedQuery(tx core.App, query string) (*sql.Stmt, error) {
	p := preparedFor(tx)
	if st := p.queries[query]; st != nil {
		return st, nil
	}
	st, err := prepare(tx, query)
	if err == nil {
		p.queries[query] = st
	}
	return st, err
}

func prepare(tx core.App, query string) (*sql.Stmt, error) {
	db, ok := tx.NonconcurrentDB().(*dbx.Tx)
	if !ok {
		return nil, errors.New("no transaction is open")
	}
	if b, ok := db.Builder.(interface{ Executor() dbx.Executor }); ok {
		if raw, ok := b.Executor().(*sql.Tx); ok {
			return raw.PrepareContext(context.Background(), query)
		}
	}
	return nil, errors.New("the database's builder gives no access to its transaction")
}
