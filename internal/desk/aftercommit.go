package desk

import "github.com/pocketbase/pocketbase/core"

// AfterCommit runs f once the transaction that app may be is committed, and never
// if it is rolled back; at once where app is none.
func AfterCommit(app core.App, f func()) {
	tx := app.TxInfo()
	if tx == nil {
		f()
		return
	}
	tx.OnComplete(func(err error) error {
		if err == nil {
			f()
		}
		return nil
	})
}
