package webhooks

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const (
	pageSize  = 30
	mostCount = 1_000 // beyond it a count only says that there are more
)

// Row is a delivery as a list shows it.
type Row struct {
	ID       string `db:"id" json:"id"`
	Type     string `db:"type" json:"type"`
	Msg      string `db:"msg" json:"msg"` // the webhook-id
	Case     string `db:"case" json:"case"`
	Number   int    `db:"number" json:"number"` // of the case; 0: none
	Status   string `db:"status" json:"status"`
	Attempts int    `db:"attempts" json:"attempts"`
	Next     string `db:"next_attempt" json:"next_attempt"`
	Code     int    `db:"code" json:"code"` // of the last answer; 0: there was none
	Said     string `db:"said" json:"said"`
	Sent     string `db:"sent_at" json:"sent_at"`
	Created  string `db:"created" json:"created"`
}

// Page is a part of the list, the newest first.
type Page struct {
	Items []Row  `json:"items"`
	Next  string `json:"next"`
}

// List gives deliveries of a webhook, of one status or all, from a cursor on. The
// error is [ErrSpan] for a cursor or a status that is none.
func List(app core.App, hook, status, after string) (Page, error) {
	page := Page{Items: []Row{}}
	q := app.DB().Select("d.id", "d.type", "d.msg", "d.case", "COALESCE([[c.number]], 0) AS number", "d.status", "d.attempts", "d.next_attempt", "d.code", "d.said", "d.sent_at", "d.created").
		From(desk.Name(app, desk.WebhookDeliveries)+" d").LeftJoin(desk.Name(app, desk.Cases)+" c", dbx.NewExp("[[c.id]] = [[d.case]]")).
		Where(dbx.HashExp{"d.webhook": hook}).OrderBy("d.created DESC", "d.id DESC").Limit(pageSize + 1)
	switch status {
	case "":
	case Queued, Sent, Failed:
		q.AndWhere(dbx.HashExp{"d.status": status})
	default:
		return page, ErrSpan
	}
	if after != "" {
		created, id, err := readCursor(after)
		if err != nil {
			return page, ErrSpan
		}
		q.AndWhere(dbx.NewExp("([[d.created]], [[d.id]]) < ({:created}, {:id})", dbx.Params{"created": created, "id": id}))
	}
	if err := q.All(&page.Items); err != nil {
		return page, fmt.Errorf("deliveries: %w", err)
	}
	if len(page.Items) > pageSize {
		page.Items = page.Items[:pageSize]
		last := page.Items[pageSize-1]
		page.Next = cursor(last.Created, last.ID)
	}
	return page, nil
}

func cursor(created, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(created + "|" + id))
}

func readCursor(s string) (created, id string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	created, id, ok := strings.Cut(string(raw), "|")
	if err != nil || !ok || len(raw) > 100 {
		return "", "", errBadCursor
	}
	return created, id, nil
}

// Counts says how many deliveries of a webhook wait and were given up; each is
// 1000 at most.
func Counts(app core.App, hook string) (queued, failed int, err error) {
	count := func(status string) (n int, err error) {
		err = app.DB().Select("COUNT(*)").From("(SELECT 1 FROM {{" + desk.Name(app, desk.WebhookDeliveries) + "}} WHERE [[webhook]] = {:hook} AND [[status]] = {:status} LIMIT {:most})").
			Bind(dbx.Params{"hook": hook, "status": status, "most": mostCount}).Row(&n)
		return n, err
	}
	if queued, err = count(Queued); err == nil {
		failed, err = count(Failed)
	}
	if err != nil {
		err = fmt.Errorf("deliveries: %w", err)
	}
	return queued, failed, err
}
