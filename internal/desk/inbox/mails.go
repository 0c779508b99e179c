package inbox

import (
	"encoding/json"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// MailQuery asks for a page of the mails that came in.
type MailQuery struct {
	Status  string // one of desk.MailReceived …; "" is all
	Outcome string // one of desk.MailCase …; "" is all
	Cursor  string
	Limit   int // 1 to 100; else 40
}

// InboundItem is a mail that came in, as a list shows it.
type InboundItem struct{ *core.Record }

// MarshalJSON leaves out what is for the worker alone, and says whether the mail
// as it came is still kept.
func (m InboundItem) MarshalJSON() ([]byte, error) {
	out := m.PublicExport()
	out["has_raw"] = m.GetString("raw") != ""
	for _, name := range []string{"raw", "uid", "uid_validity", "collectionId", "collectionName"} {
		delete(out, name)
	}
	return json.Marshal(out)
}

// Mails is one page of the mails that came in, latest first.
func Mails(app core.App, ask MailQuery) (Page[InboundItem], error) {
	page := Page[InboundItem]{Items: []InboundItem{}}
	if ask.Limit < 1 || ask.Limit > 100 {
		ask.Limit = 40
	}
	q := app.RecordQuery(desk.InboundMails)
	for field, value := range map[string]string{"status": ask.Status, "outcome": ask.Outcome} {
		if value != "" {
			q.AndWhere(dbx.HashExp{field: value})
		}
	}
	rows, next, err := keyset(q, ask.Cursor, "created", ask.Limit)
	if err != nil {
		return page, err
	}
	page.Next = next
	for _, r := range rows {
		page.Items = append(page.Items, InboundItem{r})
	}
	return page, nil
}
