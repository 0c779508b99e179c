package merging

import (
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/text/unicode/norm"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// noted are the contacts that the door itself found when the case was opened.
func (l *looking) noted() error {
	var rows []*core.Record
	err := l.app.RecordQuery(desk.Events).AndWhere(dbx.HashExp{"case": l.of.Id, "kind": desk.EventTwin}).Limit(mostOf).All(&rows)
	for _, r := range rows {
		var after struct{ Contact, Same string }
		_ = r.UnmarshalJSONField("after", &after)
		stands, err := standingContact(l.app, after.Contact)
		if err != nil {
			return err
		}
		if stands == "" {
			continue
		}
		value := ""
		if l.feedback != nil {
			email, number := desk.AddressesOf(l.feedback)
			value = map[string]string{desk.KindEmail: email, desk.KindPhone: number}[after.Same]
		}
		add(l.contacts, stands, Why{after.Same, value})
	}
	return err
}

// standingContact is a contact or the one that took it over; "" where it is gone.
func standingContact(app core.App, id string) (string, error) {
	for range 10 {
		r, err := app.FindRecordById(desk.Contacts, id)
		if errors.Is(err, sql.ErrNoRows) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		if r.GetString("merged_into") == "" {
			return r.Id, nil
		}
		id = r.GetString("merged_into")
	}
	return "", nil
}

// addresses are contacts that hold an address which was typed with the case.
func (l *looking) addresses() error {
	if l.feedback == nil {
		return nil
	}
	email, number := desk.AddressesOf(l.feedback)
	for kind, value := range map[string]string{desk.KindEmail: email, desk.KindPhone: number} {
		if value == "" {
			continue
		}
		var of []string
		err := l.app.DB().Select("contact").From(desk.Name(l.app, desk.Identities)).
			Where(dbx.HashExp{"kind": kind, "value": value}).Limit(1).Column(&of)
		if err != nil {
			return err
		}
		for _, id := range of {
			add(l.contacts, id, Why{kind, value})
		}
	}
	return nil
}

// spelling are contacts with a mail address of the same mailbox.
func (l *looking) spelling() error {
	var own []string
	err := l.app.DB().Select("mailbox").From(desk.Name(l.app, desk.Identities)).
		Where(dbx.HashExp{"contact": l.of.Contact(), "kind": desk.KindEmail}).Limit(mostOf).Column(&own)
	if err != nil {
		return err
	}
	if l.feedback != nil && l.feedback.Email() != "" {
		own = append(own, mail.Mailbox(l.feedback.Email()))
	}
	slices.Sort(own)
	for _, box := range slices.Compact(own) {
		if box == "" {
			continue
		}
		var rows []struct{ Contact, Value string }
		err := l.app.DB().Select("contact", "value").From(desk.Name(l.app, desk.Identities)).
			Where(dbx.HashExp{"mailbox": box}).AndWhere(dbx.NewExp("[[mailbox]] != ''")).Limit(mostOf).All(&rows)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if slices.Contains(l.contacts[r.Contact], Why{WhyEmail, r.Value}) {
				continue // it is the same to the letter
			}
			add(l.contacts, r.Contact, Why{WhySpelling, r.Value})
		}
	}
	return nil
}

// name are contacts of the same name who were here at about the same time. A name
// alone says little: there are many of each.
func (l *looking) name() error {
	own, err := l.app.FindRecordById(desk.Contacts, l.of.Contact())
	if err != nil {
		return err
	}
	name, at := own.GetString("name"), own.GetDateTime("last_seen").Time()
	if len([]rune(name)) < 2 || at.IsZero() {
		return nil
	}
	var ids []string
	err = l.app.DB().Select("id").From(desk.Name(l.app, desk.Contacts)).
		Where(dbx.HashExp{"name": name, "merged_into": ""}).
		AndWhere(dbx.Between("last_seen", desk.Date(at.AddDate(0, 0, -nameDays)).String(), desk.Date(at.AddDate(0, 0, nameDays)).String())).
		Limit(mostOf).Column(&ids)
	if len(ids) > mostTwins+1 {
		return err // a name that everybody has, or types
	}
	for _, id := range ids {
		add(l.contacts, id, Why{WhyName, name})
	}
	return err
}

// order are cases that name the same order number, as typed, or folded.
func (l *looking) order() error {
	if l.feedback == nil || l.feedback.OrderNo() == "" {
		return nil
	}
	typed := l.feedback.OrderNo()
	return l.bySubmission(dbx.And(dbx.In("f.order_no", typed, norm.NFKC.String(typed)), dbx.NewExp("[[f.order_no]] != ''")), Why{WhyOrder, typed})
}

// bySubmission adds the cases that the submissions opened.
func (l *looking) bySubmission(which dbx.Expression, why Why) error {
	var ids []string
	err := l.app.DB().Select("c.id").From(desk.Name(l.app, desk.Feedbacks)+" f").
		InnerJoin(desk.Name(l.app, desk.Cases)+" c", dbx.NewExp("[[c.feedback]] = [[f.id]]")).
		Where(which).OrderBy("f.created DESC").Limit(mostOf).Column(&ids)
	for _, id := range ids {
		add(l.cases, id, why)
	}
	return err
}

// person are other cases of the same person of these days, while both are open.
func (l *looking) person() error {
	if l.of.Done() {
		return nil
	}
	at := l.of.GetDateTime("created").Time()
	var ids []string
	err := l.app.DB().Select("id").From(desk.Name(l.app, desk.Cases)).
		Where(dbx.And(dbx.HashExp{"contact": l.of.Contact(), "merged_into": ""},
			dbx.Between("created", desk.Date(at.AddDate(0, 0, -textDays)).String(), desk.Date(at.AddDate(0, 0, textDays)).String()),
			dbx.NotIn("status", desk.Resolved, desk.Closed))).
		OrderBy("created DESC").Limit(mostOf).Column(&ids)
	for _, id := range ids {
		add(l.cases, id, Why{WhyPerson, ""})
	}
	return err
}

// text are cases that were opened with near the same words.
func (l *looking) text(near Near) error {
	if near == nil || l.feedback == nil {
		return nil
	}
	v, err := desk.FindVerdictOf(l.app, l.feedback.Id)
	if err != nil {
		return nil // of an import, for instance
	}
	hash, err := strconv.ParseUint(v.GetString("simhash"), 16, 64)
	if err != nil {
		return nil // too short to be compared
	}
	ids := near(hash, l.feedback.GetDateTime("created").Time(), textDays*24*time.Hour, mostOf)
	if len(ids) == 0 {
		return nil
	}
	return l.bySubmission(dbx.In("f.id", anys(ids)...), Why{WhyText, ""})
}
