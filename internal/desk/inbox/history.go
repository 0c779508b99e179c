package inbox

import (
	"encoding/base64"
	"encoding/json"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Past is one case of a person, with how it came and the order that it names.
type Past struct {
	CaseLine
	ResolvedAt string `db:"resolved_at" json:"resolved_at"`
	MergedInto string `db:"merged_into" json:"merged_into"`
	OrderNo    string `db:"order_no" json:"order_no"`
	Source     string `db:"source" json:"source"`
	PageURL    string `db:"page_url" json:"page_url"`
	Referrer   string `db:"referrer" json:"referrer"`
	Country    string `db:"country" json:"country"`
}

// History is one page of a person's cases, the latest first: those that the asker
// may see.
func History(app core.App, agent *desk.Agent, contact, cursor string) (Page[Past], error) {
	page := Page[Past]{Items: []Past{}}
	const limit = 20
	q := app.DB().Select("c.id", "c.number", "c.subject", "c.status", "c.created", "c.resolved_at", "c.merged_into",
		"COALESCE(f.order_no, '') AS order_no", "COALESCE(f.source, '') AS source", "COALESCE(f.page_url, '') AS page_url",
		"COALESCE(f.referrer, '') AS referrer", "COALESCE(v.country, '') AS country").
		From(desk.Name(app, desk.Cases)+" c").
		LeftJoin(desk.Name(app, desk.Feedbacks)+" f", dbx.NewExp("[[f.id]] = [[c.feedback]]")).
		LeftJoin(desk.Name(app, desk.Verdicts)+" v", dbx.NewExp("[[v.feedback]] = [[f.id]]")).
		Where(dbx.HashExp{"c.contact": contact}).OrderBy("c.created DESC", "c.id DESC").Limit(limit + 1)
	if team := ofTeam(agent); team != nil {
		q.AndWhere(team)
	}
	if cursor != "" {
		var at [2]string
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil || json.Unmarshal(raw, &at) != nil {
			return page, ErrQuery
		}
		q.AndWhere(dbx.NewExp("([[c.created]], [[c.id]]) < ({:at}, {:id})", dbx.Params{"at": at[0], "id": at[1]}))
	}
	if err := q.All(&page.Items); err != nil {
		return page, err
	}
	if len(page.Items) > limit {
		page.Items = page.Items[:limit]
		last := page.Items[limit-1]
		raw, _ := json.Marshal([2]string{last.Created, last.ID})
		page.Next = base64.RawURLEncoding.EncodeToString(raw)
	}
	return page, nil
}
