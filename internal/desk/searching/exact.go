package searching

import (
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// exact finds cases by what is unique about them: #number, receipt, order
// number, mail address, phone; the newest first. only says that nothing else can
// be meant.
func (h *hunt) exact() (numbers []candidateCase, only bool, err error) {
	words := h.whole
	if words == "" {
		return nil, false, nil
	}
	tagged := strings.TrimPrefix(strings.TrimPrefix(words, "#"), "＃")
	n, nan := strconv.Atoi(h.x.folder.Fold(tagged))
	if numbered := nan == nil && n > 0 && len(tagged) < 12; numbered {
		if numbers, err = h.cases("c.number = "+h.param(n), driver{}, "c.id", 1); err != nil || tagged != words {
			return numbers, true, err
		}
	}
	// order numbers are kept as typed; people type them in either case. The
	// conditions on '' let SQLite use the partial indexes.
	feedback := "SELECT id FROM " + table(h.x.app, desk.Feedbacks) + " WHERE "
	asReceipt, asTyped := h.param(receipt(h.x.folder.Fold(words))), h.param(words)
	where := "c.feedback IN (" + feedback + "receipt != '' AND receipt = " + asReceipt + " UNION " +
		feedback + "order_no != '' AND order_no IN (" + asTyped + ", UPPER(" + asTyped + "), LOWER(" + asTyped + ")))"
	found, err := h.cases(where, driver{}, "c.created DESC, c.id DESC", mostExact)
	// an order may bear the number of some case: both are found
	if numbers = append(numbers, found...); err != nil || len(numbers) > 0 {
		return numbers, false, err
	}
	keys := addressKeys(words)
	if len(keys) == 0 {
		return nil, false, nil
	}
	where = "c.contact IN (SELECT contact FROM " + table(h.x.app, desk.Identities) + " WHERE kind IN ('email', 'phone') AND value IN (" + h.list(keys) + ")) OR c.feedback IN (" + h.typed(keys) + ")"
	found, err = h.cases(where, driver{}, "c.created DESC, c.id DESC", mostExact)
	return found, false, err
}

// receipt is a receipt's code in its own spelling: K7QM-4XHE.
func receipt(folded string) string {
	s := strings.ToUpper(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '‐' || r == '−' || r == '–' {
			return -1
		}
		return r
	}, folded))
	if len(s) == 8 {
		return s[:4] + "-" + s[4:]
	}
	return s
}

// candidateCase is a case that may be shown, with why it may.
type candidateCase struct {
	ID      string `db:"id"`
	Number  int    `db:"number"`
	Created string `db:"created"`
	LastIn  string `db:"last_in_at"`
	Done    bool   `db:"done"`

	docs  []doc
	exact bool
	part  int
	score float64
}

const caseColumns = "c.id, c.number, c.created, c.last_in_at, c.status IN ('resolved', 'closed') AS done"

// cases are those that the asker may see and the filters leave.
func (h *hunt) cases(where string, by driver, order string, n int) (out []candidateCase, err error) {
	err = h.db().NewQuery("SELECT " + caseColumns + " FROM " + table(h.x.app, desk.Cases) + " c WHERE (" + where + ") AND " + h.condition(by) +
		" ORDER BY " + order + " LIMIT " + strconv.Itoa(n)).Bind(h.params).WithContext(h.ctx).All(&out)
	return out, err
}

// raw is a builder for expressions that others made.
func (x *Index) raw() *dbx.DB {
	db, _ := x.app.ConcurrentDB().(*dbx.DB)
	return db
}
