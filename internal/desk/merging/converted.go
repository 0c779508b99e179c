package merging

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// convert notes which invitations of a person worked, where it turns out only now
// that a guest who was invited and a member who came later are one. A submission
// alone can't show that: in it an address is only typed.
func convert(tx core.App, agent *desk.Agent, person *desk.Contact) (done []string, err error) {
	since := person.GetDateTime("member_since")
	if since.IsZero() {
		return nil, nil
	}
	open, err := tx.FindAllRecords(desk.Invitations, dbx.HashExp{"contact": person.Id, "converted_at": ""})
	if err != nil {
		return nil, err
	}
	for _, i := range open {
		if i.GetDateTime("created").Time().After(since.Time()) {
			continue // he was a member when he was invited
		}
		i.Set("converted_at", since)
		if err := desk.Save(tx, i); err != nil {
			return nil, err
		}
		done = append(done, i.Id)
		line := desk.Event{Case: i.GetString("case"), Actor: agent.Id, Kind: "converted", After: map[string]any{"invitation": i.Id, "by": "staff"}}
		if err := desk.Record(tx, line); err != nil {
			return nil, err
		}
	}
	return done, nil
}

// unconvert opens invitations again that only a merge showed to have worked.
func unconvert(tx core.App, invitations []string) error {
	for _, id := range invitations {
		i, err := tx.FindRecordById(desk.Invitations, id)
		if err != nil {
			continue // erased
		}
		i.Set("converted_at", "")
		if err := desk.Save(tx, i); err != nil {
			return err
		}
	}
	return nil
}
