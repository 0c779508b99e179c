package privacy

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// traces removes what of a person stands elsewhere than in what he sent: the
// block rules about his addresses, the receipts of his messages in the notes of
// others, and what was learned from his messages, also from those that are gone.
func (e eraser) traces(p *person) error {
	under, err := e.addresses(p)
	if err != nil {
		return err
	}
	lessons := map[string]*core.Record{}
	for _, a := range under {
		rows, err := desk.LessonsFrom(e.tx, a.kind, a.value)
		if err != nil {
			return err
		}
		for _, r := range rows {
			lessons[r.Id] = r
		}
	}
	receipts := make([]string, 0, len(p.submissions))
	for _, f := range p.submissions {
		rows, err := e.tx.FindAllRecords(desk.Corrections, dbx.HashExp{"feedback": f.Id})
		if err != nil {
			return err
		}
		for _, r := range rows {
			lessons[r.Id] = r
		}
		receipts = append(receipts, f.GetString("receipt"))
	}
	for _, r := range lessons {
		if err := e.tx.Delete(r); err != nil {
			return err
		}
		e.report.Lessons++
	}
	return errors.Join(e.rules(under, receipts), e.views(under))
}

// addresses are all that the person is known under: those that were asked for,
// those of the contacts that go, and those in his messages unless they are known
// to be somebody else's.
func (e eraser) addresses(p *person) ([]address, error) {
	under := slices.Clone(p.under)
	gone := map[string]bool{}
	for _, c := range p.contacts {
		own, err := addressesOf(e.tx, c)
		if err != nil {
			return nil, err
		}
		under = append(under, own...)
		gone[c.Id] = true
	}
	for _, r := range p.submissions {
		email, number := desk.AddressesOf(desk.AsFeedback(r))
		for kind, value := range map[string]string{desk.KindEmail: email, desk.KindPhone: number} {
			if value == "" {
				continue
			}
			i := &core.Record{}
			err := e.tx.RecordQuery(desk.Identities).AndWhere(dbx.HashExp{"kind": kind, "value": value}).Limit(1).One(i)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return nil, err
			}
			if err != nil || gone[i.GetString("contact")] {
				under = append(under, address{kind, value, value})
			}
		}
	}
	return under, nil
}

// rules deletes the rules about one of the addresses and takes the receipts out
// of the notes of the others.
func (e eraser) rules(under []address, receipts []string) error {
	rows, err := e.tx.FindAllRecords(desk.BlockRules)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if meets(r, under) {
			if err := e.tx.Delete(r); err != nil {
				return err
			}
			e.report.Rules++
			continue
		}
		note := r.GetString("note")
		for _, receipt := range receipts {
			if receipt != "" {
				note = strings.ReplaceAll(strings.ReplaceAll(note, ", after message "+receipt, ""), receipt, "…")
			}
		}
		if note == r.GetString("note") {
			continue
		}
		r.Set("note", note)
		if err := desk.Save(e.tx, r); err != nil {
			return err
		}
	}
	return nil
}

// meets tells whether a rule is about one of the addresses, as screening reads
// it: it may be spelled in many ways.
func meets(rule *core.Record, under []address) bool {
	kind := rule.GetString("kind")
	if kind != spam.KindEmail && kind != spam.KindPhone {
		return false
	}
	set, _ := spam.CompileRules([]spam.Rule{{Kind: kind, Value: rule.GetString("value"), Action: spam.ActionBlock}}) // without its end
	for _, a := range under {
		m := spam.Message{}
		if a.kind == desk.KindEmail {
			m.Email = a.value
		}
		if a.kind == desk.KindPhone {
			m.Phone = a.value
		}
		if len(set.Match(m, time.Time{})) > 0 {
			return true
		}
	}
	return false
}
