package casework

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// ReachAutomatic says of many cases why their visitors get no automatic mail,
// whatever its template: by id, and nothing for those that one reaches. It asks
// for all of them together what [Automatic] asks for one; some hundred at most.
func ReachAutomatic(app core.App, cases []*desk.Case) (map[string]string, error) {
	s, err := desk.LoadSettings(app)
	if err != nil {
		return nil, err
	}
	r := reach{app: app, perDay: perDay(s), skip: map[string]string{}, to: map[string]string{}}
	for _, c := range cases {
		r.ids = append(r.ids, c.Id)
		r.contacts = append(r.contacts, c.Contact())
	}
	for _, step := range []func() error{r.typed, func() error { return r.verified(cases) }, r.programs, r.comeBack, r.capped} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("whom mail reaches: %w", err)
		}
	}
	return r.skip, nil
}

// perDay is how many automatic mails of rules a mailbox gets in a day.
func perDay(s *desk.Settings) int {
	if s.Limits.AckDay >= 0 {
		return s.Limits.AckDay
	}
	return automaticDay
}

// reach finds out whom automatic mail reaches, for many cases.
type reach struct {
	app           core.App
	perDay        int
	ids, contacts []any
	to            map[string]string // by case: a normalized address
	skip          map[string]string // by case
}

// typed takes the addresses from what visitors sent, and notes whose mailbox
// answered last by itself.
func (r *reach) typed() error {
	var rows []struct {
		ID    string `db:"id"`
		Email string `db:"email"`
		Auto  string `db:"auto"`
	}
	messages := "{{" + desk.Name(r.app, desk.Messages) + "}} m"
	err := r.app.DB().Select("c.id", "COALESCE([[f.email]], '') AS email",
		"COALESCE((SELECT [[m.auto]] FROM "+messages+" WHERE [[m.case]] = [[c.id]] AND [[m.direction]] = 'in' ORDER BY [[m.created]] DESC, m.rowid DESC LIMIT 1), '') AS auto").
		From("{{"+desk.Name(r.app, desk.Cases)+"}} c").
		LeftJoin("{{"+desk.Name(r.app, desk.Feedbacks)+"}} f", dbx.NewExp("[[f.id]] = [[c.feedback]]")).
		Where(dbx.In("c.id", r.ids...)).All(&rows)
	for _, row := range rows {
		if addr, err := mail.NormalizeAddress(row.Email); err == nil {
			r.to[row.ID] = addr
		}
		if row.Auto != "" {
			r.skip[row.ID] = SkipAutomatic
		}
	}
	return err
}

// verified takes a proven address of the contact where none was typed.
func (r *reach) verified(cases []*desk.Case) error {
	var rows []struct {
		Contact string `db:"contact"`
		Value   string `db:"value"`
	}
	err := r.app.DB().Select("contact", "value").From(desk.Name(r.app, desk.Identities)).
		Where(dbx.And(dbx.In("contact", r.contacts...), dbx.HashExp{"kind": desk.KindEmail, "state": desk.StateVerified})).
		OrderBy("rowid").All(&rows)
	first := map[string]string{}
	for _, row := range rows {
		if first[row.Contact] == "" {
			first[row.Contact] = row.Value
		}
	}
	for _, c := range cases {
		if r.to[c.Id] == "" {
			r.to[c.Id] = first[c.Contact()]
		}
		if r.to[c.Id] == "" {
			r.skip[c.Id] = SkipNoAddress
		}
	}
	return err
}

// programs notes the addresses at which no person reads.
func (r *reach) programs() error {
	for id, addr := range r.to {
		if addr != "" && automatic(addr) {
			r.skip[id] = SkipAutomatic
		}
	}
	return nil
}

// comeBack notes the addresses from which mail comes back.
func (r *reach) comeBack() error {
	by, keys := r.waiting(func(addr string) string {
		key, err := mail.NormalizeAddress(addr)
		if err != nil {
			return ""
		}
		return key
	})
	if len(keys) == 0 {
		return nil
	}
	var dead []string
	err := r.app.DB().Select("value").From(desk.Name(r.app, desk.Identities)).
		Where(dbx.And(dbx.HashExp{"kind": desk.KindEmail, "state": desk.StateUndeliverable}, dbx.In("value", keys...))).Column(&dead)
	r.mark(by, dead, SkipUndeliverable)
	return err
}

// capped notes the mailboxes that had their automatic mails for today; what was
// queued before there were digests is found by its address, as [dayCap] does.
func (r *reach) capped() error {
	if r.perDay < 0 {
		return nil
	}
	since := dbx.NewExp("[[created]] >= {:since} AND [[dedupe_key]] LIKE {:kind}",
		dbx.Params{"since": desk.Date(desk.Now(r.app).Add(-24 * time.Hour)).String(), "kind": desk.KindRule + ":%"})
	count := func(column string, key func(string) string, more dbx.Expression) error {
		by, keys := r.waiting(key)
		if len(keys) == 0 {
			return nil
		}
		var full []string
		err := r.app.DB().Select(column).From(desk.Name(r.app, desk.Outbox)).Where(dbx.And(dbx.In(column, keys...), since, more)).
			GroupBy(column).Having(dbx.NewExp("COUNT(*) >= {:most}", dbx.Params{"most": r.perDay})).Column(&full)
		r.mark(by, full, SkipCapped)
		return err
	}
	if r.perDay == 0 { // nobody gets any
		for id := range r.to {
			if r.skip[id] == "" {
				r.skip[id] = SkipCapped
			}
		}
		return nil
	}
	if err := count("mailbox", func(addr string) string { return desk.MailboxDigest(r.app, addr) }, nil); err != nil {
		return err
	}
	return count("recipient", func(addr string) string { return addr }, dbx.HashExp{"mailbox": ""})
}

// waiting are the cases that nothing speaks against yet, by a key of their address.
func (r *reach) waiting(key func(addr string) string) (by map[string][]string, keys []any) {
	by = map[string][]string{}
	for id, addr := range r.to {
		if r.skip[id] != "" {
			continue
		}
		k := key(addr)
		if k == "" {
			continue
		}
		if by[k] == nil {
			keys = append(keys, k)
		}
		by[k] = append(by[k], id)
	}
	return by, keys
}

func (r *reach) mark(by map[string][]string, keys []string, why string) {
	for _, k := range keys {
		for _, id := range by[k] {
			r.skip[id] = why
		}
	}
}
