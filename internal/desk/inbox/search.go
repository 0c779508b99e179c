package inbox

import (
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/phone"
)

// recent is how many of the latest cases a search by words reads.
const recent = 20_000

// exactLimit bounds the cases of one address or order.
const exactLimit = 500

// exact finds cases by what is unique about them: #number, receipt, order
// number, mail address, phone.
func exact(app core.App, words string) ([]any, error) {
	if n, err := strconv.Atoi(strings.TrimPrefix(words, "#")); err == nil && n > 0 && len(words) < 9 {
		if ids, err := caseIDs(app, "[[c.number]] = {:v}", n); err != nil || len(ids) > 0 {
			return ids, err
		}
	}
	feedback := func(column, value string) string {
		return "[[c.feedback]] IN (SELECT [[id]] FROM {{" + desk.Name(app, desk.Feedbacks) + "}} WHERE [[" + column + "]] = " + value + ")"
	}
	// order numbers are kept as typed; people type them in either case
	where := feedback("receipt", "UPPER({:v})") + " OR " + feedback("order_no", "{:v}") + " OR " + feedback("order_no", "UPPER({:v})")
	if ids, err := caseIDs(app, where, words); err != nil || len(ids) > 0 {
		return ids, err
	}
	key, err := mail.NormalizeAddress(words)
	if err != nil {
		var ok bool
		if key, ok = phone.E164(words, "TW", "JP", "CN"); !ok {
			return nil, nil
		}
	}
	return caseIDs(app, "[[c.contact]] IN (SELECT [[contact]] FROM {{"+desk.Name(app, desk.Identities)+"}} WHERE [[kind]] IN ('email', 'phone') AND [[value]] = {:v})", key)
}

func caseIDs(app core.App, where string, value any) ([]any, error) {
	var ids []string
	err := app.DB().Select("c.id").From(desk.Name(app, desk.Cases) + " c").
		Where(dbx.NewExp(where, dbx.Params{"v": value})).Limit(exactLimit).Column(&ids)
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out, err
}

// fuzzy looks for every word in subject, messages or the contact's name of the
// latest cases. Chinese and Japanese words need no spaces around them.
func fuzzy(app core.App, words string) dbx.Expression {
	all := []dbx.Expression{dbx.NewExp("[[c.number]] > (SELECT MAX([[number]]) FROM {{"+desk.Name(app, desk.Cases)+"}}) - {:recent}",
		dbx.Params{"recent": recent})}
	for i, word := range strings.Fields(words) {
		if i == 5 {
			break
		}
		key := "w" + strconv.Itoa(i)
		like := "LIKE {:" + key + "} ESCAPE '\\'"
		all = append(all, dbx.NewExp("([[c.subject]] "+like+
			" OR EXISTS (SELECT 1 FROM {{"+desk.Name(app, desk.Messages)+"}} m WHERE [[m.case]] = [[c.id]] AND [[m.body]] "+like+")"+
			" OR EXISTS (SELECT 1 FROM {{"+desk.Name(app, desk.Contacts)+"}} p WHERE [[p.id]] = [[c.contact]] AND [[p.name]] "+like+"))",
			dbx.Params{key: "%" + escapeLike.Replace(word) + "%"}))
	}
	return dbx.And(all...)
}

var escapeLike = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
