package topics

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// Settings of learning; measured in docs/topics-model.md.
const (
	learnSteps   = 40_000 // texts looked at, bounded by the rounds below
	fewestRounds = 4
	mostRounds   = 12
	learnRate    = 0.5
	learnDecay   = 1e-4
	lessonWeight = 8.0 // one decision of a person, against …
	agreedWeight = 1.0 // … one that he only didn't object to, and …
	anchorWeight = 0.3 // … a text of the anchors

	// leastStrength is how weakly a change is applied before it is refused.
	leastStrength = 0.2
	// anchorsLost is how many in a hundred of the anchors that were judged right
	// may be judged wrong afterwards.
	anchorsLost = 2
)

// Lesson is what a person decided about a message.
type Lesson struct {
	Features Vector
	Category string
	// Agreed says that he only let stand what the model had said.
	Agreed bool
}

// Report says what learning did.
type Report struct {
	Lessons       int `json:"lessons"`
	RightBefore   int `json:"right_before"` // lessons that the base had judged so by itself
	RightAfter    int `json:"right_after"`
	Anchors       int `json:"anchors"` // texts that come with the model
	AnchorsBefore int `json:"anchors_before"`
	AnchorsAfter  int `json:"anchors_after"`
	// Strength is the share of what was learned that is applied, 1 at most: it
	// is lowered until the anchors are judged about as well as before.
	Strength float64 `json:"strength"`
}

// ErrWorse says that what was learned would spoil too much else, however weakly
// it is applied.
var ErrWorse = errors.New("the corrections would spoil too many other judgements")

// Learn returns a model that follows the lessons and stays close to the base
// elsewhere: the anchors are learned along, and every step away from the base's
// weights costs. m must be [Base] or another model that was read from a file.
// Lessons of other categories than [Categories] are passed over.
func (m *Model) Learn(ctx context.Context, lessons []Lesson) (*Model, Report, error) {
	if m.change != nil {
		return nil, Report{}, errors.New("learning begins at the base")
	}
	all := m.pupils(lessons)
	known := all[:len(all)-len(anchors())]
	report := Report{Lessons: len(known), Anchors: len(anchors())}
	report.RightBefore, report.AnchorsBefore = m.right(known), m.right(all[len(known):])
	report.RightAfter, report.AnchorsAfter = report.RightBefore, report.AnchorsBefore
	if len(known) == 0 {
		return m, report, nil
	}
	s := newSolver(learnRate, learnDecay)
	s.fixed = true
	rounds := max(fewestRounds, min(mostRounds, learnSteps/len(all)))
	change, _, err := s.run(ctx, all, rounds, trainSeed)
	if err != nil {
		return nil, report, err
	}
	for strength := 1.0; strength >= leastStrength; strength /= 1.5 {
		learned := m.with(change, strength, lessons)
		report.RightAfter, report.AnchorsAfter = learned.right(known), learned.right(all[len(known):])
		if report.AnchorsAfter >= report.AnchorsBefore-report.Anchors*anchorsLost/100 {
			report.Strength = math.Round(strength*100) / 100
			return learned, report, nil
		}
	}
	return nil, report, ErrWorse
}

// pupils are the lessons, then the anchors, each with the scores of the base.
func (m *Model) pupils(lessons []Lesson) []example {
	all := make([]example, 0, len(lessons)+len(anchors()))
	for _, l := range lessons {
		class := classOf(l.Category)
		if class < 0 || len(l.Features) == 0 {
			continue
		}
		e := example{features: l.Features, plain: plainOf(l.Features), class: class, weight: lessonWeight}
		if l.Agreed {
			e.weight = agreedWeight
		}
		all = append(all, e)
	}
	all = append(all, anchors()...)
	for i := range all {
		if all[i].row.Text != "" {
			all[i].weight = anchorWeight
		}
		all[i].offset = m.raw(all[i].features)
	}
	return all
}

func (m *Model) right(rows []example) (n int) {
	for _, e := range rows {
		if top(m.odds(e.features)) == e.class {
			n++
		}
	}
	return n
}

// with returns the base with a share of a change.
func (m *Model) with(change []row, share float64, lessons []Lesson) *Model {
	learned := *m
	learned.change, learned.strength = change, float32(share)
	learned.id = identify([]byte(m.id), fmt.Append(nil, share, lessons))
	return &learned
}
