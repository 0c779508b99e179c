package ruling

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/filtering"
)

// wild is how many % a pattern may hold.
const wild = 4

// About is what filters of an event are about: the case, or the message that the
// visitor wrote.
func About(event string) *filtering.About {
	of := filtering.OfCase()
	of.Into["feedback"] = filtering.Reach{Only: []string{
		"name", "email", "phone", "subject", "message", "order_no", "locale", "page_url", "referrer", "source", "member_ref",
		"consent", "marketing_consent", "form", "category",
	}}
	a := &filtering.About{Collection: desk.Cases, Alias: "c", Word: "cases", Reach: of, Wild: wild,
		Extra: []filtering.Extra{textOf("feedback.subject", "feedback.message"), unanswered()}}
	switch event {
	case VisitorWrote:
		a.Collection, a.Alias, a.Word = desk.Messages, "m", "messages"
		a.Reach = filtering.Reach{
			Only: []string{"id", "case", "channel", "subject", "body", "from_addr", "from_name", "created"},
			Into: map[string]filtering.Reach{"case": of},
		}
		a.Extra[0] = textOf("subject", "body")
		a.Extra = append(a.Extra, foundIn())
	case StaffChanged:
		a.Extra = append(a.Extra, filtering.Extra{Name: "changed", Type: "select", SQL: func(core.App, func(string) (string, error)) (string, error) {
			return "[[e.kind]]", nil
		}})
	}
	return a
}

// textOf is all that somebody wrote, for a search of words.
func textOf(subject, body string) filtering.Extra {
	return filtering.Extra{Name: "text", Type: "text", SQL: func(_ core.App, column func(string) (string, error)) (string, error) {
		s, err := column(subject)
		if err != nil {
			return "", err
		}
		b, err := column(body)
		return "(COALESCE(" + s + ", '') || char(10) || COALESCE(" + b + ", ''))", err
	}}
}

// foundIn are the tags of keywords that stand in the message, as the audit trail
// tells of it: those of the case may come from an earlier one.
func foundIn() filtering.Extra {
	return filtering.Extra{Name: "tags", Type: "tags", SQL: func(app core.App, _ func(string) (string, error)) (string, error) {
		t := "{{" + desk.Name(app, desk.Events) + "}}"
		return "COALESCE((SELECT json_extract([[w.after]], '$.found') FROM " + t + " w WHERE [[w.case]] = [[m.case]] AND +[[w.kind]] = 'visitor_wrote' AND " +
			"json_extract([[w.after]], '$.message') = [[m.id]] LIMIT 1), '')", nil
	}}
}

// unanswered is how many messages of the visitor came since a person answered last.
func unanswered() filtering.Extra {
	return filtering.Extra{Name: "unanswered", Type: "number", SQL: func(app core.App, _ func(string) (string, error)) (string, error) {
		t := "{{" + desk.Name(app, desk.Messages) + "}}"
		return "(SELECT COUNT(*) FROM " + t + " u WHERE [[u.case]] = [[c.id]] AND [[u.direction]] = 'in' AND [[u.auto]] = '' AND [[u.created]] > " +
			"COALESCE((SELECT MAX([[a.created]]) FROM " + t + " a WHERE [[a.case]] = [[c.id]] AND [[a.direction]] = 'out' AND [[a.author]] != ''), ''))", nil
	}}
}

// FieldsOf lists what a filter of an event may use. What staff may have changed
// has its words among the values.
func FieldsOf(app core.App, event string) ([]filtering.Field, error) {
	list, err := About(event).Fields(app)
	for i := range list {
		if list[i].Name == "changed" {
			list[i].Values = StaffKinds()
		}
	}
	return list, err
}

// from starts a query on what filters of an event are about. The case is c.
func from(app core.App, event string, columns ...string) (q *dbx.SelectQuery, row string) {
	cases := "{{" + desk.Name(app, desk.Cases) + "}} c"
	table, row := cases, "c"
	switch event {
	case VisitorWrote:
		table, row = "{{"+desk.Name(app, desk.Messages)+"}} m", "m"
	case StaffChanged:
		table, row = "{{"+desk.Name(app, desk.Events)+"}} e", "e"
	}
	q = app.DB().Select(columns...).From(table)
	if row != "c" {
		q.InnerJoin(cases, dbx.NewExp("[[c.id]] = [["+row+".case]]"))
	}
	return q, row
}

// Rows is a query for what the rule's filter finds in the past, of cases that are
// done as they were then, to be narrowed further and ordered: the case is c, the
// message m ([VisitorWrote]), the line of the audit trail e ([StaffChanged]). It
// gives "case" and "row", both ids.
//
//	q, err := rule.Rows(app)
//	err = q.AndWhere(dbx.NewExp("[[c.created]] >= {:from}", …)).OrderBy("c.created", "c.id").Limit(500).All(&rows)
func (r *Rule) Rows(app core.App) (*dbx.SelectQuery, error) {
	set, err := About(r.Event).CompileAll(app, append([]string{r.Filter}, r.ahead...))
	if err == nil {
		err = set.Err[0]
	}
	if err != nil {
		return nil, err
	}
	_, row := from(app, r.Event)
	q, err := r.fromPast(app, "c.id AS case", row+".id AS row")
	if err != nil {
		return nil, err
	}
	q.Where(dbx.NewExp("+[[c.merged_into]] = ''")) // by no index: hardly any case is merged
	switch r.Event {
	case VisitorWrote:
		q.AndWhere(dbx.NewExp("[[m.direction]] = 'in' AND [[m.auto]] = ''"))
	case StaffChanged:
		kinds := make([]any, 0, 20)
		for _, k := range StaffKinds() {
			kinds = append(kinds, k)
		}
		q.AndWhere(dbx.NewExp("[[e.actor]] != ''")).AndWhere(dbx.In("e.kind", kinds...))
	}
	if r.Event == TimePassed {
		aged, err := r.ofAge(app)
		if err != nil {
			return nil, err
		}
		q.AndWhere(aged)
		if r.Since == SinceNudged {
			q.AndWhere(dbx.NewExp("[[c.nudged_at]] != ''"))
		}
	}
	for i, where := range set.Where {
		switch {
		case i == 0 && where != nil:
			q.AndWhere(where)
		case i > 0 && set.Err[i] == nil && where == nil: // it keeps everything
			q.AndWhere(dbx.NewExp("1 = 0"))
		case i > 0 && set.Err[i] == nil:
			q.AndWhere(unmet{where})
		}
	}
	set.Join(q)
	return q, nil
}
