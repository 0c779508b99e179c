package searching

import (
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/phone"
	"github.com/pocketdesk/pocketdesk/internal/searchtext"
)

// person is from: or to:. From is the visitor, by name or address; to is who got
// mail of the case: the visitor, once he was answered, or somebody with a copy.
func (h *hunt) person(f searchtext.Filter) (word, condition string, err error) {
	t := h.x.folder.Term(searchtext.Word{Text: f.Value})
	if t.Empty() {
		return "", "", nil
	}
	contacts, err := h.contacts(t)
	if err != nil {
		return "", "", err
	}
	condition = "c.contact IN (" + h.list(contacts) + ")"
	if keys := addressKeys(f.Value); len(keys) > 0 {
		sent, err := h.typed(keys)
		if err != nil {
			return "", "", err
		}
		if len(sent) > 0 {
			condition += " OR c.feedback IN (" + h.list(sent) + ")"
		}
	}
	if f.Name == "from" && !f.Not && len(contacts) <= fewPeople {
		h.lead = condition
	}
	if f.Name == "from" {
		return f.Value, condition, nil
	}
	answered := "EXISTS (SELECT 1 FROM " + table(h.x.app, desk.Messages) + ` m WHERE m."case" = c.id AND m.direction = 'out' AND m.channel != '` + desk.ChannelSystem + "')"
	return f.Value, "(" + condition + ") AND " + answered + " OR c.number IN (" + h.copied(t) + ")", nil
}

// contacts are those whose name or address has the term, the newest first.
func (h *hunt) contacts(t searchtext.Term) (ids []string, err error) {
	for _, longer := range []bool{false, true} {
		if longer && (t.Prefix() == "" || len(ids) > 0) {
			break
		}
		var docs []doc
		expr := "(" + match(t, longer) + ") AND " + quoted(markPerson)
		if docs, err = h.documents(expr, mostPeople); err != nil {
			return nil, err
		}
		h.more = h.more || len(docs) == mostPeople
		if ids, err = h.owners(docs, t); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// owners are the contacts of documents of people that indeed have the term: the
// index knows its parts only, and not whether they stand together.
func (h *hunt) owners(docs []doc, t searchtext.Term) ([]string, error) {
	var names, values []any
	for _, d := range docs {
		if d.Kind == kindContact {
			names = append(names, d.Record)
		} else {
			values = append(values, d.Record)
		}
	}
	var rows []struct {
		ID    string `db:"id"`
		Value string `db:"value"`
	}
	err := h.db().NewQuery("SELECT id, name AS value FROM " + table(h.x.app, desk.Contacts) + " WHERE id IN (" + h.anys(names) +
		") UNION ALL SELECT contact, value FROM " + table(h.x.app, desk.Identities) + " WHERE id IN (" + h.anys(values) + ")").
		Bind(h.params).WithContext(h.ctx).All(&rows)
	var ids []string
	seen := map[string]bool{}
	for _, r := range rows {
		if !seen[r.ID] && h.x.personHas(r.Value, t) {
			seen[r.ID] = true
			ids = append(ids, r.ID)
		}
	}
	return ids, err
}

func (h *hunt) anys(values []any) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i], _ = v.(string)
	}
	return h.list(out)
}

// personHas compares a name or address with a term; digits may be a phone
// number's as it is dialled, or its end.
func (x *Index) personHas(value string, t searchtext.Term) bool {
	if x.folder.Has(value, t) {
		return true
	}
	digits := t.Digits()
	if len(digits) < 4 || len(value) == 0 || value[0] != '+' {
		return false
	}
	for _, d := range dialled(value) {
		if len(d) >= len(digits) && (d[:len(digits)] == digits || d[len(d)-len(digits):] == digits) {
			return true
		}
	}
	return false
}

// copied selects the numbers of cases of which a message went to the term as a copy.
func (h *hunt) copied(t searchtext.Term) string {
	keys, _ := t.Keys()
	expr := ""
	for i, k := range keys {
		if i > 0 {
			expr += " AND "
		}
		expr += quoted(markCopy + k)
		if t.Single() {
			expr += " *"
		}
	}
	return "SELECT d.number FROM (SELECT rowid AS id FROM " + desk.SearchTable + " WHERE " + desk.SearchTable + " MATCH " + h.param(expr) +
		" ORDER BY rowid DESC LIMIT 20000) s JOIN " + desk.SearchDocs + " d ON d.id = s.id"
}

// typed are the submissions in which one of the addresses was typed: a contact in
// doubt has less than was typed.
func (h *hunt) typed(keys []string) ([]string, error) {
	in, params := make([]string, len(keys)), dbx.Params{}
	for i, k := range keys {
		name := "k" + strconv.Itoa(i)
		in[i], params[name] = "{:"+name+"}", k
	}
	list := " IN (" + strings.Join(in, ", ") + ")"
	return h.submissions("email != '' AND email"+list, "phone != '' AND phone"+list, params)
}

// addressKeys are the forms under which an address may stand: as typed and as a
// key. A phone number is read as dialled in each of the regions, since a number
// of one may look like that of another.
func addressKeys(words string) []string {
	if key, err := mail.NormalizeAddress(words); err == nil {
		return []string{key, words}
	}
	var keys []string
	for _, region := range regions() {
		if key, ok := phone.E164(words, region); ok {
			keys = append(keys, key)
		}
	}
	if len(keys) > 0 {
		keys = append(keys, words)
	}
	return keys
}

// documents are the newest that an expression finds.
func (h *hunt) documents(expr string, n int) (docs []doc, err error) {
	err = h.db().NewQuery("SELECT d.id, d.number, d.kind, d.record FROM " + desk.SearchTable + " s CROSS JOIN " + desk.SearchDocs + " d ON d.id = s.rowid WHERE s." +
		desk.SearchTable + " MATCH {:expr} ORDER BY s.rowid DESC LIMIT {:n}").
		Bind(dbx.Params{"expr": expr, "n": n}).WithContext(h.ctx).All(&docs)
	return docs, err
}
