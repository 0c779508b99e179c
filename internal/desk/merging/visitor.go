package merging

import (
	"maps"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// sameVisitor tells whether the one who holds the link to one case surely is the
// one who holds the link to the other: they stand under one contact, and both
// links went to the same address, or to two that he proved to be his. A contact
// alone is not enough: an address in a form is only claimed.
func sameVisitor(app core.App, a, b *desk.Case) (bool, error) {
	if a.Contact() == "" || a.Contact() != b.Contact() {
		return false, nil
	}
	if a.Feedback() != "" && a.Feedback() == b.Feedback() {
		return true, nil
	}
	fa, errA := desk.FindFeedback(app, a.Feedback())
	fb, errB := desk.FindFeedback(app, b.Feedback())
	if errA != nil || errB != nil {
		return false, nil // erased
	}
	kindA, linkA := linkOf(fa)
	kindB, linkB := linkOf(fb)
	if linkA == "" || linkB == "" {
		return false, nil
	}
	if kindA == kindB && linkA == linkB {
		return true, nil
	}
	okA, err := verified(app, a.Contact(), kindA, linkA)
	if !okA || err != nil {
		return false, err
	}
	return verified(app, b.Contact(), kindB, linkB)
}

// linkOf is where the link to a submission's page went: by mail, or by SMS where
// no mail address was typed.
func linkOf(f *desk.Feedback) (kind, value string) {
	email, number := desk.AddressesOf(f)
	if email != "" {
		return desk.KindEmail, email
	}
	return desk.KindPhone, number
}

func verified(app core.App, contact, kind, value string) (bool, error) {
	i, err := desk.IdentityOf(app, contact, kind, value)
	return i != nil && i.State() == desk.StateVerified, err
}

func sortedNames(f desk.Fields) []string { return slices.Sorted(maps.Keys(f)) }
