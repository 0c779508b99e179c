package inbox

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// decorate adds what stands in other collections, with one query for each.
func decorate(app core.App, rows []Row) error {
	if len(rows) == 0 {
		return nil
	}
	ids, contacts, sent := make([]any, len(rows)), make([]any, 0, len(rows)), make([]any, len(rows))
	at := map[string]*Row{}
	for i := range rows {
		r := &rows[i]
		r.Tags = []string{}
		if json.Unmarshal([]byte(r.RawTags), &r.Tags) != nil || r.Tags == nil {
			r.Tags = []string{}
		}
		ids[i], at[r.ID], sent[i] = r.ID, r, r.FeedbackID
		if r.ContactID != "" && !slices.Contains(contacts, any(r.ContactID)) {
			contacts = append(contacts, r.ContactID)
		}
	}
	return errors.Join(addPeople(app, rows, contacts), addTrust(app, rows, contacts), addMessages(app, at, ids), addFiles(app, rows, sent))
}

func addPeople(app core.App, rows []Row, contacts []any) error {
	var people []Person
	err := app.DB().Select("id", "name").From(desk.Name(app, desk.Contacts)).Where(dbx.In("id", contacts...)).All(&people)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, p := range people {
		names[p.ID] = p.Name
	}
	for i := range rows {
		rows[i].Contact = Person{rows[i].ContactID, names[rows[i].ContactID]}
	}
	return nil
}

// addFiles counts what the visitor sent with his first words; it stands with the submission.
func addFiles(app core.App, rows []Row, sent []any) error {
	var counts []struct {
		ID    string `db:"id"`
		Files int    `db:"files"`
	}
	err := app.DB().Select("[[id]]", "json_array_length([[attachments]]) AS [[files]]").From(desk.Name(app, desk.Feedbacks)).
		Where(dbx.In("id", sent...)).AndWhere(dbx.NewExp("[[attachments]] NOT IN ('', '[]')")).All(&counts)
	for _, c := range counts {
		for i := range rows {
			if rows[i].FeedbackID == c.ID {
				rows[i].Files += c.Files
			}
		}
	}
	return err
}

func addMessages(app core.App, at map[string]*Row, ids []any) error {
	var messages []struct {
		Case      string `db:"case"`
		Direction string `db:"direction"`
		Channel   string `db:"channel"`
		Body      string `db:"body"`
		Delivery  string `db:"delivery"`
		Auto      string `db:"auto"`
		Files     int    `db:"files"`
	}
	err := app.DB().Select("[[case]]", "[[direction]]", "[[channel]]", "substr([[body]], 1, 400) AS [[body]]", "[[delivery]]", "[[auto]]",
		"json_array_length(CASE WHEN [[attachments]] = '' THEN '[]' ELSE [[attachments]] END) AS [[files]]").
		From(desk.Name(app, desk.Messages)).Where(dbx.In("case", ids...)).OrderBy("created", "rowid").All(&messages)
	if err != nil {
		return err
	}
	for _, m := range messages {
		row := at[m.Case]
		row.Files += m.Files
		if m.Direction == desk.In && (m.Auto == "" || row.Snippet == "") { // an absence note is not what he said last
			row.Snippet, row.Channel = desk.Clip(desk.OneLine(m.Body), 160), m.Channel
		}
		row.HasFailed = row.HasFailed || m.Delivery == desk.DeliveryFailed || m.Delivery == "bounced"
	}
	return nil
}
