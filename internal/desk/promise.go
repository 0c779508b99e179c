package desk

import (
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// States of a promise. A case has one open promise at most. A broken one is over
// for the report; the case goes on being late for it until somebody answers.
const (
	PromiseOpen      = "open"
	PromiseKept      = "kept"
	PromiseBroken    = "broken"
	PromiseWithdrawn = "withdrawn"
)

// Events on a promise: before and after bear {promised_at} as the case does,
// after also {promise} and where there is one {message}, {text}, {reason}. The
// reasons of a withdrawal: replaced, done, changed and "" for staff's own wish.
const (
	EventPromised         = "promise_made"
	EventPromiseKept      = "promise_kept"
	EventPromiseBroken    = "promise_broken"
	EventPromiseWithdrawn = "promise_withdrawn"
)

// Promise is a date by which we said that we would answer.
type Promise struct{ core.BaseRecordProxy }

// AsPromise wraps a record of the promises collection.
func AsPromise(r *core.Record) *Promise {
	p := &Promise{}
	p.SetProxyRecord(r)
	return p
}

// FindPromise finds a promise by id.
func FindPromise(app core.App, id string) (*Promise, error) {
	r, err := app.FindRecordById(Promises, id)
	if err != nil {
		return nil, err
	}
	return AsPromise(r), nil
}

// OpenPromise is what a case's visitor may still count on; nil where there is none.
func OpenPromise(app core.App, caseID string) (*Promise, error) {
	r := &core.Record{}
	err := app.RecordQuery(Promises).AndWhere(dbx.HashExp{"case": caseID, "state": PromiseOpen}).
		OrderBy("created DESC", "rowid DESC").Limit(1).One(r)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return AsPromise(r), nil
}

func (p *Promise) Case() string   { return p.GetString("case") }
func (p *Promise) Agent() string  { return p.GetString("agent") }
func (p *Promise) State() string  { return p.GetString("state") }
func (p *Promise) Due() time.Time { return p.GetDateTime("due_at").Time() }

// Vow is a promise to be made.
type Vow struct {
	Agent   string // who makes it
	Message string // in which it stands; "" for one made by itself
	Text    string // its words there
	Due     time.Time
}

// Serves tells whether a case of this team may be given to an agent: he is there,
// works cases and may see it. Records without a role belong to superusers, or
// to people who have left.
func Serves(app core.App, agentID, team string) (bool, error) {
	if agentID == "" {
		return false, nil
	}
	r, err := app.FindRecordById(Agents, agentID)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if r.GetString("role") == "" {
		_, err := app.FindAuthRecordByEmail(core.CollectionNameSuperusers, r.Email())
		return err == nil, nil
	}
	a := asAgent(r, false)
	return a.Works() && a.Sees(team), nil
}
