package inbox

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Talk is a part of a conversation, oldest first.
type Talk struct {
	Items   []Entry `json:"items"`
	Earlier int     `json:"earlier"` // how many messages came before these
}

// Earlier is the part of a conversation that came before one of its messages.
// An id that isn't of the case gives [ErrQuery].
func Earlier(app core.App, c *desk.Case, before string) (Talk, error) {
	at := &spot{}
	err := app.DB().Select("created", "rowid").From(desk.Name(app, desk.Messages)).
		Where(dbx.HashExp{"id": before, "case": c.Id}).One(at)
	if err != nil {
		return Talk{}, fmt.Errorf("%w: message %v", ErrQuery, err)
	}
	names, err := agentNames(app)
	if err != nil {
		return Talk{}, err
	}
	var feedback *core.Record
	if f, err := desk.FindFeedback(app, c.Feedback()); err == nil {
		feedback = f.Record
	}
	items, earlier, err := entries(app, c, feedback, names, at)
	return Talk{items, earlier}, err
}

// spot is where a record stands in the order of a conversation.
type spot struct {
	Created string `db:"created"`
	Row     int64  `db:"rowid"`
}

// older is what came before a place; all where there is none.
func older(at *spot) dbx.Expression {
	if at == nil {
		return nil
	}
	return dbx.NewExp("([[created]], [[rowid]]) < ({:at}, {:row})", dbx.Params{"at": at.Created, "row": at.Row})
}

// latest reads the last rows of a case, or the last before a place, oldest first.
func latest(app core.App, collection, caseID string, limit int64, before *spot) ([]*core.Record, error) {
	rows := []*core.Record{}
	q := app.RecordQuery(collection).AndWhere(dbx.HashExp{"case": caseID})
	if before != nil {
		q.AndWhere(older(before))
	}
	err := q.OrderBy("created DESC", "rowid DESC").Limit(limit).All(&rows)
	slices.Reverse(rows)
	return rows, err
}

// entries are the latest messages of a case, or the latest before a place, with
// the number of those before them.
func entries(app core.App, c *desk.Case, feedback *core.Record, names map[string]string, before *spot) ([]Entry, int, error) {
	rows, err := latest(app, desk.Messages, c.Id, maxMessages, before)
	if err != nil {
		return nil, 0, err
	}
	earlier := 0
	if len(rows) == maxMessages {
		if earlier, err = count(app, c, before); err != nil {
			return nil, 0, err
		}
		earlier -= len(rows)
	}
	family, err := desk.FamilyOf(app, c.Id)
	if err != nil {
		return nil, 0, err
	}
	out := make([]Entry, len(rows))
	first := earlier == 0 && family.Openers == nil
	for i, r := range rows {
		out[i] = Entry{Record: r, AuthorName: names[r.GetString("author")], Files: filesOf(r)}
		if id := family.Openers[r.Id]; id != "" { // of a case that was merged: each submission's stay with its words
			if f, err := desk.FindFeedback(app, id); err == nil {
				out[i].Files = append(out[i].Files, filesOf(f.Record)...)
			}
		}
		if first && r.GetString("direction") == desk.In {
			first = false
			if feedback != nil { // the first message's files stay with what was sent
				out[i].Files = append(out[i].Files, filesOf(feedback)...)
			}
		}
	}
	return out, earlier, errors.Join(addTrouble(app, out), addRaw(app, out), addWriters(app, c, out))
}

func count(app core.App, c *desk.Case, before *spot) (n int, err error) {
	q := app.DB().Select("COUNT(*)").From(desk.Name(app, desk.Messages)).Where(dbx.HashExp{"case": c.Id})
	if before != nil {
		q.AndWhere(older(before))
	}
	return n, q.Row(&n)
}

func filesOf(r *core.Record) []File {
	out := []File{}
	for _, name := range r.GetStringSlice("attachments") {
		out = append(out, File{Name: name, Title: desk.OriginalName(r, name), Collection: r.Collection().Name, Record: r.Id})
	}
	return out
}

// seenAt is up to when somebody has read a case.
func seenAt(app core.App, agent *desk.Agent, c *desk.Case) (string, error) {
	var rows []struct {
		At string `db:"seen_at"`
	}
	err := app.DB().Select("seen_at").From(desk.Name(app, desk.Reads)).
		Where(dbx.HashExp{"agent": agent.Id, "case": c.Id}).All(&rows)
	if err != nil {
		return "", fmt.Errorf("when the case was read: %w", err)
	}
	if len(rows) > 0 {
		return rows[0].At, nil
	}
	return agent.GetString("read_before"), nil
}
