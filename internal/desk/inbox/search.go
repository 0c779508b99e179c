package inbox

import (
	"slices"
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

// search narrows the query to cases that bear the words. Numbers, receipts,
// order numbers, addresses and phones are looked up exactly, by index, and found
// is true; other words are looked for in the latest cases' subjects, messages
// and names.
func search(app core.App, agent *desk.Agent, query *dbx.SelectQuery, words string) (found bool, err error) {
	words = strings.TrimSpace(words)
	if words == "" {
		return false, nil
	}
	ids, err := exact(app, agent, words)
	if err != nil {
		return false, err
	}
	if len(ids) > 0 {
		query.AndWhere(dbx.In("c.id", ids...))
		return true, nil
	}
	query.AndWhere(fuzzy(app, words))
	return false, nil
}

// exact finds cases by what is unique about them: #number, receipt, order
// number, mail address, phone.
func exact(app core.App, agent *desk.Agent, words string) ([]any, error) {
	var numbered []any
	if n, err := strconv.Atoi(strings.TrimPrefix(words, "#")); err == nil && n > 0 && len(words) < 9 {
		if numbered, err = findIDs(app, agent, "[[c.number]] = {:v}", dbx.Params{"v": n}); err != nil {
			return nil, err
		}
	}
	// order numbers are kept as typed; people type them in either case. The
	// conditions on '' let SQLite use the partial indexes.
	feedback := "SELECT [[id]] FROM {{" + desk.Name(app, desk.Feedbacks) + "}} WHERE "
	where := "[[c.feedback]] IN (" + feedback + "[[receipt]] != '' AND [[receipt]] = UPPER({:v}) UNION " +
		feedback + "[[order_no]] != '' AND [[order_no]] IN ({:v}, UPPER({:v})))"
	// an order may bear the number of some case: both are found
	ids, err := findIDs(app, agent, where, dbx.Params{"v": words})
	if ids = append(numbered, ids...); err != nil || len(ids) > 0 {
		return ids, err
	}
	return byAddress(app, agent, words)
}

// byAddress finds the cases of contacts that have the address, and those whose
// visitor typed it: a contact in doubt has less than was typed.
func byAddress(app core.App, agent *desk.Agent, words string) ([]any, error) {
	keys := addressKeys(words)
	if len(keys) == 0 {
		return nil, nil
	}
	params, marks := dbx.Params{}, make([]string, len(keys))
	for i, key := range keys {
		name := "k" + strconv.Itoa(i)
		params[name], marks[i] = key, "{:"+name+"}"
	}
	in := " IN (" + strings.Join(marks, ", ") + ")"
	return findIDs(app, agent, "[[c.contact]] IN (SELECT [[contact]] FROM {{"+desk.Name(app, desk.Identities)+"}} WHERE [[kind]] IN ('email', 'phone') AND [[value]]"+in+")"+
		" OR [[c.feedback]] IN (SELECT [[id]] FROM {{"+desk.Name(app, desk.Feedbacks)+"}} WHERE [[email]] != '' AND [[email]]"+in+
		" UNION ALL SELECT [[id]] FROM {{"+desk.Name(app, desk.Feedbacks)+"}} WHERE [[phone]] != '' AND [[phone]]"+in+")", params)
}

// addressKeys are the forms under which an address may stand: as typed and as a
// key. A phone number is read as dialled in each of the regions, since a number
// of one may look like that of another.
func addressKeys(words string) []string {
	if key, err := mail.NormalizeAddress(words); err == nil {
		return []string{key, words}
	}
	var keys []string
	for _, region := range []string{"TW", "JP", "CN"} {
		if key, ok := phone.E164(words, region); ok && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	if len(keys) > 0 {
		keys = append(keys, words)
	}
	return keys
}

// findIDs finds cases that the agent may see.
func findIDs(app core.App, agent *desk.Agent, where string, params dbx.Params) ([]any, error) {
	var ids []string
	q := app.DB().Select("c.id").From(desk.Name(app, desk.Cases) + " c").Where(dbx.NewExp(where, params)).Limit(exactLimit)
	if team := ofTeam(agent); team != nil {
		q.AndWhere(team)
	}
	err := q.Column(&ids)
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out, err
}

// fuzzy looks for every word in subject, messages of people or the contact's
// name of the latest cases. Chinese and Japanese words need no spaces around them.
func fuzzy(app core.App, words string) dbx.Expression {
	// the bound is on created, in whose order the list is read: the walk ends there
	all := []dbx.Expression{dbx.NewExp("[[c.created]] >= COALESCE((SELECT [[created]] FROM {{"+desk.Name(app, desk.Cases)+"}} ORDER BY [[created]] DESC LIMIT 1 OFFSET {:recent}), '')",
		dbx.Params{"recent": recent})}
	for i, word := range searchWords(words) {
		key := "w" + strconv.Itoa(i)
		like := "LIKE {:" + key + "} ESCAPE '\\'"
		all = append(all, dbx.NewExp("([[c.subject]] "+like+
			" OR EXISTS (SELECT 1 FROM {{"+desk.Name(app, desk.Messages)+"}} m WHERE [[m.case]] = [[c.id]] AND [[m.channel]] != 'system' AND [[m.body]] "+like+")"+
			" OR EXISTS (SELECT 1 FROM {{"+desk.Name(app, desk.Contacts)+"}} p WHERE [[p.id]] = [[c.contact]] AND [[p.name]] "+like+"))",
			dbx.Params{key: "%" + escapeLike.Replace(word) + "%"}))
	}
	return dbx.And(all...)
}

var escapeLike = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
