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
		if numbers, err = h.cases("c.number = "+h.param(n), driver{}, byAge, 1); err != nil || tagged != words {
			return numbers, true, err
		}
	}
	// order numbers are kept as typed; people type them in either case. The
	// conditions on '' let SQLite use the partial indexes.
	sent, err := h.submissions("receipt != '' AND receipt = {:receipt}", "order_no != '' AND order_no IN ({:typed}, UPPER({:typed}), LOWER({:typed}))",
		dbx.Params{"receipt": receipt(h.x.folder.Fold(words)), "typed": words})
	if err != nil {
		return nil, false, err
	}
	// an order may bear the number of some case: both are found
	found, err := h.openedBy(sent)
	if numbers = append(numbers, found...); err != nil || len(numbers) > 0 {
		return numbers, false, err
	}
	keys := addressKeys(words)
	if len(keys) == 0 {
		return nil, false, nil
	}
	numbers, err = h.cases("c.contact IN (SELECT contact FROM "+table(h.x.app, desk.Identities)+" WHERE kind IN ('email', 'phone') AND value IN ("+h.list(keys)+"))", driver{}, byAge, mostExact)
	if err != nil {
		return nil, false, err
	}
	if sent, err = h.typed(keys); err == nil {
		found, err = h.openedBy(sent)
	}
	return append(numbers, found...), false, err
}

// submissions are those of either condition.
func (h *hunt) submissions(one, other string, params dbx.Params) (ids []string, err error) {
	from := "SELECT id FROM " + table(h.x.app, desk.Feedbacks) + " WHERE "
	err = h.db().NewQuery(from + one + " UNION " + from + other + " LIMIT " + strconv.Itoa(mostExact)).Bind(params).WithContext(h.ctx).Column(&ids)
	return ids, err
}

// openedBy are the cases that submissions opened. The ids are found before: how
// many cases have no submission any more must not change the way to them.
func (h *hunt) openedBy(sent []string) ([]candidateCase, error) {
	if len(sent) == 0 {
		return nil, nil
	}
	return h.cases("c.feedback IN ("+h.list(sent)+")", driver{}, byAge, mostExact)
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

// byAge orders few rows, the newest first. The plus keeps SQLite from walking all
// cases by the index of that order, in the hope to meet these soon.
const byAge = "+c.created DESC, c.id DESC"

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
