// Package reading keeps what each person has read, so that what is new stands
// out for those to whom it is new.
//
//	err := station.Read(agent, caseID)
package reading

import (
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Station writes the reads.
type Station struct {
	app    core.App
	commit *desk.Committer
}

// New makes the station.
func New(app core.App, commit *desk.Committer) *Station { return &Station{app, commit} }

// Begin notes when a person begins to work here: what came before counts as
// read, so that nobody starts before a thousand unread cases.
func (s *Station) Begin(agent *desk.Agent) error {
	if agent.GetString("read_before") != "" {
		return nil
	}
	return s.commit.Do(func(tx core.App) error {
		r, err := tx.FindRecordById(desk.Agents, agent.Id)
		if err != nil || r.GetString("read_before") != "" {
			return err
		}
		r.Set("read_before", desk.Date(desk.Now(tx)))
		return desk.Save(tx, r)
	})
}

// Read notes that a person has read a case up to now, and has seen the notes of
// it that name him.
func (s *Station) Read(agent *desk.Agent, caseID string) error {
	return s.commit.Do(func(tx core.App) error {
		if err := note(tx, agent.Id, caseID, desk.Now(tx)); err != nil {
			return err
		}
		return seeMentions(tx, dbx.HashExp{"agent": agent.Id, "case": caseID, "seen_at": "", "kind": desk.NoticeMention})
	})
}

// Unread marks a case for a person as if nobody had opened it.
func (s *Station) Unread(agent *desk.Agent, caseID string) error {
	return s.commit.Do(func(tx core.App) error { return note(tx, agent.Id, caseID, time.Time{}) })
}

// ReadAll notes that a person has read all there is: single reads are no longer needed.
func (s *Station) ReadAll(agent *desk.Agent) error {
	return s.commit.Do(func(tx core.App) error {
		r, err := tx.FindRecordById(desk.Agents, agent.Id)
		if err != nil {
			return err
		}
		r.Set("read_before", desk.Date(desk.Now(tx)))
		if err := desk.Save(tx, r); err != nil {
			return err
		}
		_, err = tx.NonconcurrentDB().Delete(desk.Name(tx, desk.Reads), dbx.HashExp{"agent": agent.Id}).Execute()
		if err != nil {
			return err
		}
		return seeMentions(tx, dbx.HashExp{"agent": agent.Id, "seen_at": "", "kind": desk.NoticeMention})
	})
}

// ReadSome notes that a person has read these cases, such as all of a queue.
func (s *Station) ReadSome(agent *desk.Agent, caseIDs []string) error {
	return s.commit.Do(func(tx core.App) error {
		for _, id := range caseIDs {
			if err := note(tx, agent.Id, id, desk.Now(tx)); err != nil {
				return err
			}
			if err := seeMentions(tx, dbx.HashExp{"agent": agent.Id, "case": id, "seen_at": "", "kind": desk.NoticeMention}); err != nil {
				return err
			}
		}
		return nil
	})
}

// note saves up to when a person has read a case; the zero time is unread.
func note(tx core.App, agentID, caseID string, at time.Time) error {
	r := &core.Record{}
	err := tx.RecordQuery(desk.Reads).AndWhere(dbx.HashExp{"agent": agentID, "case": caseID}).Limit(1).One(r)
	if errors.Is(err, sql.ErrNoRows) {
		if r, err = desk.New(tx, desk.Reads); err == nil {
			r.Set("agent", agentID)
			r.Set("case", caseID)
		}
	}
	if err != nil {
		return err
	}
	r.Set("seen_at", desk.Date(at))
	return desk.Save(tx, r)
}

// seeMentions marks notices of notes that name somebody as seen.
func seeMentions(tx core.App, which dbx.HashExp) error {
	var notices []*core.Record
	if err := tx.RecordQuery(desk.Notices).AndWhere(which).Limit(200).All(&notices); err != nil {
		return err
	}
	for _, n := range notices {
		n.Set("seen_at", desk.Date(desk.Now(tx)))
		if err := desk.Save(tx, n); err != nil {
			return err
		}
	}
	return nil
}

// kept is how long a read of a case that is done is kept.
const kept = 60 * 24 * time.Hour

// sweepMost bounds how many reads one sweep forgets.
const sweepMost = 20_000

// Sweep forgets reads of cases that were done long ago: what is done is not
// shown as unread, and a visitor's new word is newer than any of them.
func (s *Station) Sweep() error {
	return s.commit.Do(func(tx core.App) error {
		reads, cases := desk.Name(tx, desk.Reads), desk.Name(tx, desk.Cases)
		_, err := tx.NonconcurrentDB().NewQuery("DELETE FROM {{" + reads + "}} WHERE [[id]] IN (SELECT [[r.id]] FROM {{" + reads + "}} r JOIN {{" + cases + "}} c ON [[c.id]] = [[r.case]] " +
			"WHERE [[r.updated]] < {:before} AND [[r.seen_at]] != '' AND [[c.status]] IN ('resolved', 'closed') LIMIT {:most})").
			Bind(dbx.Params{"before": desk.Date(desk.Now(tx).Add(-kept)).String(), "most": sweepMost}).Execute()
		return err
	})
}
