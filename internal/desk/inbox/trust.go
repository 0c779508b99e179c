package inbox

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// where is an address of a contact.
type where struct{ contact, kind, value string }

// addTrust says how far each case's address can be believed: the one that an
// answer goes to, which is the mail address typed with the case, else a verified
// one of the contact's; without any, the phone number, found alike. What else is
// known of the person, such as a member number, says nothing of that address, and
// neither does one of the same spelling that stands under another contact: such a
// one is only claimed.
func addTrust(app core.App, rows []Row, contacts []any) error {
	var known []struct{ Contact, Kind, Value, State string }
	err := app.DB().Select("contact", "kind", "value", "state").From(desk.Name(app, desk.Identities)).
		Where(dbx.In("contact", contacts...)).OrderBy("created", "id").All(&known)
	if err != nil {
		return err
	}
	states, verified := map[where]string{}, map[where]bool{}
	for _, k := range known {
		states[where{k.Contact, k.Kind, k.Value}] = k.State
		if k.State == desk.StateVerified {
			verified[where{contact: k.Contact, kind: k.Kind}] = true
		}
	}
	typed, err := addressesTyped(app, rows)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		for _, kind := range []string{desk.KindEmail, desk.KindPhone} {
			if value := typed[r.FeedbackID][kind]; value != "" {
				if r.Trust = states[where{r.ContactID, kind, value}]; r.Trust == "" {
					r.Trust = desk.StateClaimed
				}
				break
			}
			if verified[where{contact: r.ContactID, kind: kind}] {
				r.Trust = desk.StateVerified
				break
			}
		}
	}
	return nil
}

// addressesTyped are the addresses that stand with the submissions of cases, by
// submission and kind, as identities hold them.
func addressesTyped(app core.App, rows []Row) (map[string]map[string]string, error) {
	ids := make([]any, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.FeedbackID)
	}
	sent, err := app.FindCachedCollectionByNameOrId(desk.Feedbacks)
	if err != nil {
		return nil, err
	}
	var typed []struct{ ID, Email, Phone, Locale string }
	err = app.DB().Select("id", "email", "phone", "locale").From(desk.Name(app, desk.Feedbacks)).Where(dbx.In("id", ids...)).All(&typed)
	out := make(map[string]map[string]string, len(typed))
	for _, t := range typed {
		r := core.NewRecord(sent)
		r.Set("email", t.Email)
		r.Set("phone", t.Phone)
		r.Set("locale", t.Locale)
		email, number := desk.AddressesOf(desk.AsFeedback(r))
		out[t.ID] = map[string]string{desk.KindEmail: email, desk.KindPhone: number}
	}
	return out, err
}
