package desk

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// Undeliverable tells whether mail to an address came back for good, or a number
// in E.164 turned out to be somebody else's, so that nothing automatic goes there
// any more. A mail that comes from an address lifts that.
func Undeliverable(app core.App, addr string) (bool, error) {
	kind, key := KindPhone, addr
	if !strings.HasPrefix(addr, "+") || strings.Contains(addr, "@") {
		var err error
		if key, err = mail.NormalizeAddress(addr); err != nil {
			return false, nil
		}
		kind = KindEmail
	}
	var n int
	err := Row(app, `SELECT COUNT(*) FROM "`+Name(app, Identities)+`" WHERE "kind" = ? AND "value" = ? AND "state" = ?`,
		[]any{kind, key, StateUndeliverable}, &n)
	return n > 0, err
}
