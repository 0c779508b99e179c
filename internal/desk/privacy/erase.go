package privacy

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/text/unicode/norm"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/phone"
)

// Report counts what was removed.
type Report struct {
	Contacts    int `json:"contacts"`
	Cases       int `json:"cases"`
	Messages    int `json:"messages"`
	Submissions int `json:"submissions"`
	Lessons     int `json:"lessons"` // of the text model
	Mails       int `json:"mails"`   // as they came in
	Rules       int `json:"rules"`   // that blocked, held or let through an address of the person
}

// ErrNobody says that no record bears the address.
var ErrNobody = errors.New("nobody with this address is known")

// ErrAddress says that what was given is neither a mail address nor a phone number.
var ErrAddress = errors.New("give a mail address or a phone number")

// Erase removes a person: contact, addresses, words, files and mails, the block
// rules about the addresses and what the text model learned from the messages.
// Of each case an anonymous line stays, with its number, times and states, so
// that reports still add up.
func Erase(app core.App, typed string) (Report, error) {
	kind, value, err := parse(app, typed)
	if err != nil {
		return Report{}, err
	}
	var report Report
	var dirs []string
	err = app.RunInTransaction(func(tx core.App) error {
		report, dirs = Report{}, nil
		p, err := find(tx, address{kind, value, typed})
		if err != nil {
			return err
		}
		e := eraser{tx: tx, report: &report, dirs: &dirs}
		if err := e.run(p); err != nil {
			return err
		}
		if report == (Report{}) {
			return ErrNobody
		}
		return nil
	})
	if err != nil {
		return Report{}, err
	}
	desk.Forget(app, desk.BlockRules)
	app.Logger().Info("a person was erased", "contacts", report.Contacts, "cases", report.Cases,
		"messages", report.Messages, "submissions", report.Submissions, "lessons", report.Lessons, "mails", report.Mails, "rules", report.Rules)
	return report, desk.RemoveFiles(app, dirs)
}

func parse(app core.App, address string) (kind, value string, err error) {
	address = strings.TrimSpace(address)
	if v, err := mail.NormalizeAddress(address); err == nil {
		return desk.KindEmail, v, nil
	}
	region := "TW"
	if s, err := desk.LoadSettings(app); err == nil {
		region = phone.Region(s.Locale)
	}
	if v, ok := phone.E164(address, region, "TW", "JP", "CN"); ok {
		return desk.KindPhone, v, nil
	}
	return "", "", ErrAddress
}

// address is a mail address or phone number as a key and as it was typed.
type address struct{ kind, value, typed string }

// person is all that was found of somebody.
type person struct {
	under                 []address // the one given, and the others of the contacts
	contacts, submissions []*core.Record
}

// find gathers the person's contacts and all that was sent under the address or
// another one of these contacts, also what never became a case and what stands
// under another contact.
func find(tx core.App, given address) (*person, error) {
	identities, err := tx.FindAllRecords(desk.Identities, dbx.HashExp{"kind": given.kind, "value": given.value})
	if err != nil {
		return nil, err
	}
	p := &person{under: []address{given}}
	seen := map[string]bool{}
	add := func(f *core.Record) {
		if !seen[f.Id] {
			seen[f.Id] = true
			p.submissions = append(p.submissions, f)
		}
	}
	for _, i := range identities {
		c, err := tx.FindRecordById(desk.Contacts, i.GetString("contact"))
		if err != nil {
			return nil, err
		}
		p.contacts = append(p.contacts, c)
		taken, err := takenOver(tx, c.Id)
		if err != nil {
			return nil, err
		}
		p.contacts = append(p.contacts, taken...)
		own, err := addressesOf(tx, c)
		if err != nil {
			return nil, err
		}
		p.under = append(p.under, own...)
		cases, err := tx.FindAllRecords(desk.Cases, dbx.HashExp{"contact": c.Id})
		if err != nil {
			return nil, err
		}
		for _, one := range cases {
			if f, err := tx.FindRecordById(desk.Feedbacks, one.GetString("feedback")); err == nil {
				add(f)
			}
		}
	}
	for _, a := range p.under {
		loose, err := submissionsUnder(tx, a)
		if err != nil {
			return nil, err
		}
		for _, f := range loose {
			add(f)
		}
	}
	return p, nil
}

// addressesOf are the identities of a contact.
func addressesOf(tx core.App, contact *core.Record) (out []address, err error) {
	rows, err := tx.FindAllRecords(desk.Identities, dbx.HashExp{"contact": contact.Id})
	for _, r := range rows {
		out = append(out, address{r.GetString("kind"), r.GetString("value"), r.GetString("value")})
	}
	return out, err
}

// submissionsUnder compares by key, since addresses are kept as typed.
func submissionsUnder(tx core.App, a address) ([]*core.Record, error) {
	var rows []*core.Record
	q := tx.RecordQuery(desk.Feedbacks)
	switch a.kind {
	case desk.KindEmail:
		q.AndWhere(dbx.NewExp("[[email]] != '' AND LOWER(TRIM([[email]])) IN ({:value}, {:typed})",
			dbx.Params{"value": a.value, "typed": strings.ToLower(strings.TrimSpace(a.typed))}))
		return rows, q.All(&rows)
	case desk.KindPhone:
	default:
		return nil, nil
	}
	ids, err := samePhone(tx, a.value)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return rows, q.AndWhere(dbx.In("id", ids...)).All(&rows)
}

// samePhone compares every number that was ever typed. Only what is needed is
// read, row by row: there may be a million.
func samePhone(tx core.App, value string) ([]any, error) {
	found, err := tx.DB().Select("id", "phone", "locale").From(desk.Name(tx, desk.Feedbacks)).
		Where(dbx.NewExp("[[phone]] != ''")).Rows()
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var ids []any
	for found.Next() {
		var id, typed, locale string
		if err := found.Scan(&id, &typed, &locale); err != nil {
			return nil, err
		}
		if !mayBe(typed, value) {
			continue
		}
		if v, ok := phone.E164(typed, phone.Region(locale), "TW", "JP", "CN"); ok && v == value {
			ids = append(ids, id)
		}
	}
	return ids, found.Err()
}

// mayBe tells at once of most numbers that they are others: the last six digits
// stay the same whatever stands before and behind them. What has letters in it
// must be read properly.
func mayBe(typed, value string) bool {
	digits := make([]byte, 0, len(typed))
	for _, r := range norm.NFKC.String(typed) {
		switch {
		case r >= '0' && r <= '9':
			digits = append(digits, byte(r))
		case unicode.IsLetter(r) || r >= utf8.RuneSelf && unicode.IsDigit(r):
			return true
		}
	}
	return strings.Contains(string(digits), value[max(0, len(value)-6):])
}

type eraser struct {
	tx     core.App
	report *Report
	dirs   *[]string // folders of files that go after the commit
}

// remove deletes a record that may have files.
func (e eraser) remove(r *core.Record) error {
	if r.Collection().Id == desk.Messages {
		if err := e.quotes(r.Id); err != nil {
			return err
		}
	}
	if len(r.GetStringSlice("attachments")) > 0 {
		*e.dirs = append(*e.dirs, r.BaseFilesPath())
	}
	return e.tx.Delete(r)
}

func (e eraser) run(p *person) error {
	ids := map[string]bool{}
	for field, list := range map[string][]*core.Record{"contact": p.contacts, "feedback": p.submissions} {
		for _, one := range list {
			rows, err := e.tx.FindAllRecords(desk.Cases, dbx.HashExp{field: one.Id})
			if err != nil {
				return err
			}
			for _, r := range rows {
				ids[r.Id] = true
			}
		}
	}
	left, err := e.orphans(p.contacts, ids)
	if err != nil {
		return err
	}
	p.contacts = append(p.contacts, left...)
	if err := e.traces(p); err != nil {
		return err
	}
	sent := make([]string, len(p.submissions))
	for i, f := range p.submissions {
		sent[i] = f.Id
	}
	if err := desk.KeepCounts(e.tx, sent...); err != nil {
		return err
	}
	if err := e.mails(p, ids); err != nil {
		return err
	}
	if err := e.unmerge(p, ids); err != nil {
		return err
	}
	if err := e.digests(ids); err != nil {
		return err
	}
	for id := range ids {
		if err := e.emptyCase(id); err != nil {
			return err
		}
	}
	for _, f := range p.submissions {
		if err := e.remove(f); err != nil { // the verdict and the files go along
			return err
		}
		e.report.Submissions++
	}
	for _, c := range p.contacts {
		if err := e.tx.Delete(c); err != nil { // the identities go along
			return err
		}
		e.report.Contacts++
	}
	return nil
}

// orphans are the contacts, beside those given, that have no case outside of these:
// the same person under another address.
func (e eraser) orphans(contacts []*core.Record, cases map[string]bool) ([]*core.Record, error) {
	seen := map[string]bool{"": true}
	for _, c := range contacts {
		seen[c.Id] = true
	}
	var out []*core.Record
	for id := range cases {
		c, err := desk.FindCase(e.tx, id)
		if err != nil {
			return nil, err
		}
		if seen[c.Contact()] {
			continue
		}
		seen[c.Contact()] = true
		all, err := e.tx.FindAllRecords(desk.Cases, dbx.HashExp{"contact": c.Contact()})
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(r *core.Record) bool { return !cases[r.Id] }) {
			continue
		}
		r, err := e.tx.FindRecordById(desk.Contacts, c.Contact())
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// emptyCase leaves number, times and states of a case and removes its words.
func (e eraser) emptyCase(id string) error {
	for _, collection := range []string{desk.Messages, desk.Events, desk.Notices, desk.CaseEscalations, desk.WebhookDeliveries} {
		rows, err := e.tx.FindAllRecords(collection, dbx.HashExp{"case": id})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := e.remove(r); err != nil { // deliveries and files go along
				return err
			}
		}
		if collection == desk.Messages {
			e.report.Messages += len(rows)
		}
	}
	if err := e.wordless(id); err != nil {
		return err
	}
	c, err := desk.FindCase(e.tx, id)
	if err != nil {
		return err
	}
	for _, field := range []string{"contact", "feedback", "subject", "summary", "follow_up_note", "sentiment", "track_token", "mail_token", "begun_email", "begun_phone"} {
		c.Set(field, "")
	}
	for _, field := range []string{"tags", "reasons", "suggestion"} {
		c.Set(field, nil)
	}
	c.Set("follow_up_at", "")
	c.Set("follow_up_for", "")
	c.Set("reminded_at", "")
	c.Set("promised_at", "")
	if !c.Done() {
		c.Set("status", desk.Closed)
		c.Set("resolved_at", desk.Date(desk.Now(e.tx)))
	}
	c.Touch()
	if err := desk.Save(e.tx, c.Record); err != nil {
		return err
	}
	e.report.Cases++
	return desk.Record(e.tx, desk.Event{Case: id, Kind: "erased"})
}
