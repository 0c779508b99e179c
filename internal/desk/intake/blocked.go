package intake

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/phone"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// contactBlocked holds what comes under an address of a person from whom staff
// want nothing more.
func contactBlocked(spam.Message) []spam.Signal {
	return []spam.Signal{spam.Noticed("contact_blocked", "Staff have blocked the person with this address.", nil)}
}

func blockedContact(app core.App, f *desk.Feedback) (bool, error) {
	blocked, err := desk.Cached(app, desk.Contacts, "blocked", blockedAddresses)
	if err != nil || len(blocked) == 0 {
		return false, err
	}
	if key, err := mail.NormalizeAddress(f.Email()); err == nil && blocked[key] {
		return true, nil
	}
	key, ok := phone.E164(f.Phone(), phone.Region(f.Locale()), "TW", "JP", "CN")
	return ok && blocked[key], nil
}

// blockedAddresses are those of the contacts that staff have blocked; they are
// few, and kept until staff block or unblock somebody.
func blockedAddresses(app core.App) (map[string]bool, error) {
	var values []string
	err := app.DB().Select("i.value").From(desk.Name(app, desk.Contacts)+" c").
		InnerJoin(desk.Name(app, desk.Identities)+" i", dbx.NewExp("[[i.contact]] = [[c.id]]")).
		Where(dbx.NewExp("[[c.blocked]] = TRUE")).Column(&values)
	set := make(map[string]bool, len(values))
	for _, v := range values {
		set[v] = true
	}
	return set, err
}
