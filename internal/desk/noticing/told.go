package noticing

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const (
	// tellHour is how many messages one person gets in an hour; what happens beyond
	// that waits and comes together.
	tellHour = 6
	// tellUntil is how old something may be that is still told: after days without a
	// mail server, or of absence, the bell and the daily mail are enough.
	tellUntil = 24 * time.Hour
	// mostTold bounds what one message is made of; it says how many more there are.
	mostTold = 500
)

// Tell queues what people are to hear of outside the Desk, and returns how many
// messages. Call it every minute. All that waits for a person goes out as one:
// also what could have waited longer. Nothing goes to somebody who looks at the
// Desk, is away, or has quiet hours; what he looks at meanwhile is not sent.
func (s *Station) Tell() (n int, err error) {
	if !s.Channel.On(s.app) {
		return 0, nil
	}
	settings, err := desk.LoadSettings(s.app)
	if err != nil {
		return 0, err
	}
	now := desk.Now(s.app)
	var ids []string
	// by the index of what waits: to ask for each agent once would read them all
	err = s.app.DB().Select("agent").From(desk.Name(s.app, desk.Notices)).
		Where(dbx.NewExp("[[mail_at]] != '' AND [[mail_at]] <= {:now}", dbx.Params{"now": desk.Date(now).String()})).
		OrderBy("mail_at", "id").Column(&ids)
	if err != nil {
		return 0, fmt.Errorf("notices that go out: %w", err)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if s.AtDesk != nil && s.AtDesk(id) {
			continue
		}
		told := false
		oneErr := s.commit.Do(func(tx core.App) (err error) {
			told, err = s.tell(tx, id, settings, now)
			return err
		})
		if oneErr != nil {
			err = errors.Join(err, fmt.Errorf("telling %s: %w", id, oneErr))
		} else if told {
			n++
		}
	}
	return n, err
}

// tell tells one person, unless it is no time for it.
func (s *Station) tell(tx core.App, id string, settings *desk.Settings, now time.Time) (bool, error) {
	agent, err := desk.FindAgent(tx, id)
	if err != nil {
		return false, nil // gone
	}
	serves, err := desk.Serves(tx, id, "")
	if err != nil {
		return false, err
	}
	if !serves || agent.Away(now) {
		return false, over(tx, id)
	}
	if agent.Bell().QuietOf(settings).After(now, settings.Location).After(now) {
		return false, nil // looked at again when they end
	}
	minute := now.Unix() / 60
	key := func(minute int64) string { return fmt.Sprintf("told:%s:%010d", id, minute) }
	var recent []string
	err = tx.DB().Select("dedupe_key").From(desk.Name(tx, desk.Outbox)).
		Where(dbx.NewExp("[[dedupe_key]] != '' AND [[dedupe_key]] > {:from} AND [[dedupe_key]] <= {:to}", dbx.Params{"from": key(minute - 60), "to": key(minute)})).
		OrderBy("dedupe_key DESC").Limit(tellHour).Column(&recent)
	if err != nil {
		return false, err
	}
	if len(recent) >= tellHour || len(recent) > 0 && recent[0] == key(minute) {
		return false, nil
	}
	items, more, err := waiting(tx, agent, now)
	if err != nil {
		return false, err
	}
	if err := over(tx, id); err != nil || len(items) == 0 {
		return false, err
	}
	locale := desk.StaffLocale(agent.GetString("locale"), settings.Locale)
	subject, text := composeTold(items, more, toldLetter{
		words: toldWordsOf(locale), daily: wordsOf(locale), now: now.In(settings.Location), shop: settings.ShopName.In(locale),
		link: func(caseID string) string { return s.link(agent, caseID) },
		name: func(id string) string {
			if a, err := desk.FindAgent(tx, id); err == nil {
				return a.Name()
			}
			return ""
		},
	})
	return true, s.Channel.Tell(tx, Message{Key: key(minute), Agent: agent, Locale: locale, Subject: subject, Text: text})
}

// over notes that nothing waits for a person any more: the column alone, since
// nobody need hear of that.
func over(tx core.App, id string) error {
	_, err := tx.DB().Update(desk.Name(tx, desk.Notices), dbx.Params{"mail_at": ""},
		dbx.NewExp("+[[agent]] = {:agent} AND [[mail_at]] != '' AND [[mail_at]] > ''", dbx.Params{"agent": id})).Execute()
	return err
}

// waiting are the notices that wait for a person and are of cases that he may
// see, what presses most first, then the latest; more is how many are left out.
func waiting(tx core.App, agent *desk.Agent, now time.Time) (items []Item, more int, err error) {
	err = own(tx, agent).Select("n.id", "n.kind", "n.case", "COALESCE([[c.number]], 0) AS number", "COALESCE([[c.subject]], '') AS subject",
		"n.message", "n.actor", "COALESCE([[a.name]], '') AS name", "COALESCE([[n.data]], '') AS data", "n.seen_at", "n.created", "n.count").
		LeftJoin(desk.Name(tx, desk.Agents)+" a", dbx.NewExp("[[a.id]] = [[n.actor]]")).
		AndWhere(dbx.NewExp("[[n.seen_at]] = '' AND [[n.mail_at]] != '' AND [[n.created]] > {:since}", dbx.Params{"since": desk.Date(now.Add(-tellUntil)).String()})).
		OrderBy("n.created DESC", "n.id DESC").Limit(mostTold).All(&items)
	if err != nil {
		return nil, 0, err
	}
	var first, rest []Item
	for _, i := range items {
		if json.Valid([]byte(i.Raw)) {
			i.Data = json.RawMessage(i.Raw)
		}
		if desk.MailByDefault(i.Kind) == desk.MailNow {
			first = append(first, i)
		} else {
			rest = append(rest, i)
		}
	}
	items = append(first, rest...)
	if len(items) > shownLines {
		items, more = items[:shownLines], len(items)-shownLines
	}
	return items, more, nil
}
