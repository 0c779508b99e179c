package noticing

import (
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// Station tells people who are not at the Desk.
type Station struct {
	// Channel is by what they hear of what happened. Default: mail.
	Channel Channel
	// AtDesk tells whether an agent looks at the Desk at this moment. nil is never.
	AtDesk func(agent string) bool

	app    core.App
	commit *desk.Committer
	// Link is the address of a case for an agent, or of the Desk for "". It must be set.
	link func(agent *desk.Agent, caseID string) string
}

// New makes the station.
func New(app core.App, commit *desk.Committer, link func(*desk.Agent, string) string) *Station {
	return &Station{Channel: byMail{}, app: app, commit: commit, link: link}
}

// Daily queues the mails whose time of the day has come, in the shop's zone, and
// returns how many. Whoever has nothing due gets none that day. While no mail
// server is set up nobody's day is over: the mail leaves once there is one.
func (s *Station) Daily() (n int, err error) {
	if !desk.MailOn(s.app) {
		return 0, nil
	}
	settings, err := desk.LoadSettings(s.app)
	if err != nil {
		return 0, err
	}
	now := desk.Now(s.app).In(settings.Location)
	day := now.Format(time.DateOnly)
	var ids []string
	err = s.app.DB().Select("id").From(desk.Name(s.app, desk.Agents)).
		Where(dbx.NewExp("[[daily_sent]] != {:day} AND [[notify]] LIKE '%\"daily\":true%'", dbx.Params{"day": day})).
		OrderBy("id").Column(&ids)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		sent := false
		oneErr := s.commit.Do(func(tx core.App) (err error) {
			sent, err = s.send(tx, id, now)
			return err
		})
		if oneErr != nil {
			err = errors.Join(err, fmt.Errorf("daily mail of %s: %w", id, oneErr))
		} else if sent {
			n++
		}
	}
	return n, err
}

// send queues one person's mail, once a day.
func (s *Station) send(tx core.App, id string, now time.Time) (bool, error) {
	agent, err := desk.FindAgent(tx, id)
	if err != nil {
		return false, nil // gone
	}
	day := now.Format(time.DateOnly)
	settings, err := desk.LoadSettings(tx)
	if err != nil {
		return false, err
	}
	if !wants(agent, now, settings.Calendar) || agent.GetString("daily_sent") == day {
		return false, nil
	}
	serves, err := desk.Serves(tx, id, "")
	if err != nil || !serves {
		return false, err
	}
	key := "daily:" + id + ":" + day
	if taken, err := tx.CountRecords(desk.Outbox, dbx.HashExp{"dedupe_key": key}); err != nil || taken > 0 {
		return false, err
	}
	due, err := gather(tx, agent, now)
	if err != nil {
		return false, err
	}
	// the column alone: the record may be written by its owner at this moment
	_, err = tx.DB().Update(desk.Name(tx, desk.Agents), dbx.Params{"daily_sent": day}, dbx.HashExp{"id": id}).Execute()
	if err != nil || due.empty() {
		return false, err
	}
	locale := desk.StaffLocale(agent.GetString("locale"), settings.Locale)
	subject, text := compose(due, letter{words: wordsOf(locale), now: now, shop: settings.ShopName.In(locale),
		link: func(caseID string) string { return s.link(agent, caseID) }})
	d, err := desk.NewDigest(tx, key, agent.Email(), desk.Payload{
		Kind: desk.KindDaily, Token: mail.NewToken(), Nonce: security.RandomStringWithAlphabet(12, "abcdefghijkmnpqrstuvwxyz"),
		ToName: agent.Name(), Locale: locale, Subject: subject, Draft: text,
	})
	if err != nil {
		return false, err
	}
	return true, desk.Save(tx, d.Record)
}

// wants tells whether the person's time has come, and whether he and the shop are there.
func wants(agent *desk.Agent, now time.Time, hours *calendar.Calendar) bool {
	n := agent.Bell()
	if !n.Daily || now.Format("15:04") < n.DailyAt {
		return false
	}
	if !n.Weekend && len(hours.Spans(calendar.DateOf(now))) == 0 {
		return false
	}
	return !agent.Away(now)
}
