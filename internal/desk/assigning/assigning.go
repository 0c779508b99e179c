// Package assigning gives cases to people: in turn, to whoever has the fewest, by
// what they know, to whoever answered this visitor last. Nobody who is away gets
// any; what he has goes to whoever stands in for him. It follows the audit trail,
// after the rules did, and looks every minute for absences that began, for cases
// that wait until somebody has room, and for cases that nobody takes.
//
//	station := assigning.New(app, assigning.Config{Commit: committer})
//	station.Start()
//	n, err := station.Tick() // every minute
//
// What is given is written together with how far the trail was read: a crash
// gives nothing twice and loses nothing.
package assigning

import (
	"context"
	"errors"
	"sync"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// EventUnassigned says that the chiefs heard of a case that nobody has. Its after
// fields are {after, team}: for how long.
const EventUnassigned = "unassigned_alarm"

// By stands in the events of what this package does by itself.
const By = "assignment"

// Why a case went where it went: "why" in the events of kind assignee. With
// [WhySubstitute] and [WhyLeave], "for" is the agent who is away.
const (
	WhyTurn       = "round_robin"
	WhyFewest     = "least_busy"
	WhySame       = "same_agent" // answered this visitor last
	WhySubstitute = "substitute" // stands in for somebody who is away
	WhyLeave      = "leave"      // an absence began
	WhyHandover   = "handover"   // somebody handed them over by hand
	WhyNobody     = "nobody"     // back to the queue: whoever had it is away, and nobody is there instead
	WhyFull       = "full"       // back to the queue: whoever had it is away, and who stands in has no room
	WhyGone       = "gone"       // whoever had it can't see it any more
)

// Config is what the station needs. Commit must be set.
type Config struct {
	Commit *desk.Committer
	// Rules is the key of the feed that rules read by. A case is given out after
	// they looked at it, as far as they come to it within a minute. Default: "rules".
	Rules string
}

// Station gives cases to people.
type Station struct {
	app    core.App
	commit *desk.Committer
	rules  string
	feed   *desk.Feed
	kick   chan struct{}

	round sync.Mutex // one tick at a time

	mu   sync.Mutex
	stop context.CancelFunc
	done chan struct{}
}

// feedKey is our place in the audit trail.
const feedKey = "assignment"

// New makes the station.
func New(app core.App, c Config) *Station {
	if c.Rules == "" {
		c.Rules = "rules"
	}
	return &Station{app: app, commit: c.Commit, rules: c.Rules, feed: desk.NewFeed(app, feedKey), kick: make(chan struct{}, 1)}
}

// Kick has the worker look at the audit trail now, as after the rules were done
// with an event.
func (s *Station) Kick() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

// Tick deals with absences that began, gives out cases that waited and tells of
// those that nobody takes. It returns how many cases it dealt with. While one
// round is under way, as after days without a server, the next is left out.
func (s *Station) Tick() (n int, err error) {
	if !s.round.TryLock() {
		return 0, nil
	}
	defer s.round.Unlock()
	for _, step := range []func() (int, error){s.leave, s.giveOut, s.alarm} {
		did, stepErr := step()
		n, err = n+did, errors.Join(err, stepErr)
	}
	return n, err
}

// Assign gives a case that nobody has to somebody, inside the caller's
// transaction; one that somebody has who is there stays with him. by is what asks
// for it, for the audit trail: [By], or "rule"; who asks by a rule wants it given
// out also where the team leaves that to its people.
func (s *Station) Assign(tx core.App, caseID, by string) error {
	r, err := newRound(tx)
	if err != nil {
		return err
	}
	r.by = by
	return r.settle(caseID, by != By)
}
