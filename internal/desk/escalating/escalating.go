// Package escalating takes a case to people who can help, step by step, until
// somebody says that he has it.
//
//	desk := escalating.New(app, escalating.Config{Commit: committer})
//	run, err := desk.ByHand(c, agent, escalating.Call{Escalation: id, Note: "He is at the airport."})
//	err = desk.Acknowledge(run.Id, agent) // the next step is left out
//	n, err := desk.Tick()                 // every minute: those that nobody acknowledged go on
//
// A step, whom it told and when the next one is due share one commit: neither a
// crash nor days without a server leaves one out or does one twice.
package escalating

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// What may stand in the way. Each is a sentence for the person.
var (
	ErrDone    = errors.New("the case is done; open it again first")
	ErrRuns    = errors.New("this case is escalated that way already")
	ErrMany    = errors.New("three escalations of this case go on already; end one first")
	ErrGone    = errors.New("there is no such escalation, or it is switched off")
	ErrTarget  = errors.New("choose an escalation, or to whom: {agent}, {team}, {lead: true} or {email}")
	ErrUnseen  = errors.New("this colleague does not see the case; move it to his team first, or choose somebody who does")
	ErrOutside = errors.New("to an address outside, supervisors escalate; choose an escalation that does so, or ask one")
	ErrNobody  = errors.New("nobody would hear of it: choose somebody else")
	ErrOver    = errors.New("this escalation is over")
	ErrURL     = errors.New("give the address of the tracker's page, http:// or https://, up to 1,000 characters")
	ErrNote    = errors.New("a note has up to 1,000 characters, a tracker's name for it up to 200")
)

const (
	maxNote = 1_000 // characters
	maxName = 200
	atOnce  = 3   // open on one case
	batch   = 100 // looked for at once
)

// Config is what the station is made of.
type Config struct {
	Commit *desk.Committer // must be set
	// Webhook sends a case to a webhook, inside the transaction. nil: a step to one
	// tells nobody.
	Webhook func(tx core.App, webhook, caseID string, data map[string]any) error
	// Mailed is called once a mail to somebody outside is committed. nil is none.
	Mailed func()
}

// Station escalates.
type Station struct {
	app    core.App
	config Config
}

// New makes the station.
func New(app core.App, c Config) *Station { return &Station{app, c} }
