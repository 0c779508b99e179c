package privacy

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// sweepNetwork removes addresses, browsers and the senders' digests, by which one
// visitor's messages can be told to be his, and the network in the signal of a
// rule about networks. It goes past the records' hooks: nobody is to be told of
// it.
func sweepNetwork(app core.App, before time.Time) (int, error) {
	total := 0
	for {
		n := 0
		err := app.RunInTransaction(func(tx core.App) (err error) {
			n, err = sweepSome(tx, before)
			return err
		})
		total += n
		if err != nil || n < part {
			return total, err
		}
	}
}

// sweepSome is sweepNetwork for one part of the verdicts.
func sweepSome(tx core.App, before time.Time) (int, error) {
	table := desk.Name(tx, desk.Verdicts)
	var rows []struct {
		ID      string `db:"id"`
		Signals string `db:"signals"`
	}
	err := tx.DB().NewQuery("SELECT [[id]], COALESCE([[signals]], '') [[signals]] FROM {{" + table + "}} WHERE " + desk.NetworkKept +
		" AND [[created]] < {:before} LIMIT {:part}").Bind(dbx.Params{"before": desk.Date(before).String(), "part": part}).All(&rows)
	if err != nil {
		return 0, err
	}
	ids := make([]any, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
		signals, changed := withoutNetworks(r.Signals)
		if !changed {
			continue
		}
		if _, err := tx.DB().Update(table, dbx.Params{"signals": signals}, dbx.HashExp{"id": r.ID}).Execute(); err != nil {
			return 0, err
		}
	}
	if len(ids) == 0 {
		return 0, nil
	}
	_, err = tx.DB().Update(table, dbx.Params{"ip": "", "user_agent": "", "sender": ""}, dbx.In("id", ids...)).Execute()
	return len(ids), err
}

// withoutNetworks is a verdict's signals without the networks that rules were about.
func withoutNetworks(raw string) (out string, changed bool) {
	if !strings.Contains(raw, `"`+spam.KindIP+`"`) {
		return raw, false
	}
	var signals []spam.Signal
	if json.Unmarshal([]byte(raw), &signals) != nil {
		return raw, false // no list of signals: it can't hold what one says
	}
	for i, s := range signals {
		if s.Data["kind"] != spam.KindIP || s.Data["value"] == "" {
			continue
		}
		changed = true
		signals[i].Data["value"] = ""
		if said, _, found := strings.Cut(s.Sentence, ": "+spam.KindIP+" "); found {
			signals[i].Sentence = said + ": " + spam.KindIP + "."
		}
	}
	if !changed {
		return raw, false
	}
	b, err := json.Marshal(signals)
	if err != nil {
		return raw, false
	}
	return string(b), true
}
