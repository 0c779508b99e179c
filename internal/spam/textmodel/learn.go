package textmodel

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
)

// Settings of learning; measured in docs/text-model.md.
const (
	learnSteps   = 100_000 // texts looked at, bounded by the rounds below
	fewestRounds = 8
	mostRounds   = 20
	learnRate    = 0.5
	learnDecay   = 1e-3
	lessonWeight = 6.0 // one decision of a person, against …
	acceptWeight = 0.5 // … a message that nobody objected to, and …
	anchorWeight = 0.4 // … a text of the anchors
	learnSeed    = 7

	// Every third ordinary text is not learned from. By how much the few of
	// them that stand nearest to junk have moved towards it shows how far texts
	// of the world have; a part of that is taken back from all.
	watchEvery = 3
	watchShare = 0.97
	driftPart  = 0.4

	// leastStrength is how weakly a change is applied before it is refused.
	leastStrength = 0.2
)

// Lesson is what a person decided about a message.
type Lesson struct {
	Features Vector
	Spam     bool
	Weight   float64 // 0 counts as 1
}

// Report says what learning did. Held counts messages above the threshold.
type Report struct {
	Lessons     int `json:"lessons"`
	RightBefore int `json:"right_before"` // lessons that the model had judged so by itself
	RightAfter  int `json:"right_after"`
	Accepted    int `json:"accepted"`
	HeldBefore  int `json:"held_before"` // of the accepted
	HeldAfter   int `json:"held_after"`
	Anchors     int `json:"anchors"` // ordinary texts that come with the model
	// AnchorsBefore and AnchorsAfter count those of them that are held.
	AnchorsBefore int `json:"anchors_before"`
	AnchorsAfter  int `json:"anchors_after"`
	// Strength is the share of what was learned that is applied, 1 at most: it
	// is lowered until the accepted messages are judged no worse.
	Strength float64 `json:"strength"`
}

// ErrWorse says that what was learned would hold more of the messages that the
// shop had accepted, however weakly it is applied.
var ErrWorse = errors.New("the lessons would hold more of the accepted messages")

// Learn returns a model that follows the lessons and stays close to the base
// elsewhere. The base's own rows are not there any more; in their place stand
// its weights, from which every step away costs, the anchors, which are texts
// written for this, and accepted, the shop's own ordinary messages. m must be
// [Base] or another model that was read from a file.
func (m *Model) Learn(ctx context.Context, lessons []Lesson, accepted []Vector) (*Model, Report, error) {
	if m.delta != nil {
		return nil, Report{}, errors.New("learning begins at the base")
	}
	all := m.pupils(lessons, accepted)
	report := Report{Lessons: len(lessons), Accepted: len(accepted)}
	for _, a := range anchors() {
		if !a.spam {
			report.Anchors++
		}
	}
	before := standing(m, all)
	report.take(before, before)
	if len(lessons) == 0 {
		return m, report, nil
	}
	change, err := study(ctx, all)
	if err != nil {
		return nil, report, err
	}
	shift := drift(m, m.with(change, 1, 0), all)
	for strength := 1.0; strength >= leastStrength; strength /= 1.5 {
		learned := m.with(change, strength, shift*strength)
		after := standing(learned, all)
		report.take(before, after)
		if after.held <= before.held && after.anchors <= before.anchors+report.Anchors/200 {
			report.Strength = math.Round(strength*100) / 100
			return learned, report, nil
		}
	}
	return nil, report, ErrWorse
}

func (r *Report) take(before, after count) {
	r.RightBefore, r.HeldBefore, r.AnchorsBefore = before.right, before.held, before.anchors
	r.RightAfter, r.HeldAfter, r.AnchorsAfter = after.right, after.held, after.anchors
}

type pupilKind int

const (
	lessonText pupilKind = iota
	acceptedText
	anchorText
)

// pupil is a text to learn from.
type pupil struct {
	kind     pupilKind
	features Vector
	plain    int
	spam     bool
	weight   float64
	offset   float64 // its score by the base, from the threshold on
	watch    bool    // not learned from: it shows how far others move
}

func (m *Model) pupils(lessons []Lesson, accepted []Vector) []pupil {
	all := make([]pupil, 0, len(lessons)+len(accepted)+len(anchors()))
	add := func(kind pupilKind, v Vector, spam bool, weight float64) {
		watch := kind != lessonText && !spam && len(all)%watchEvery == 0
		all = append(all, pupil{kind, v, v.plain(), spam, weight, m.raw(v) - m.threshold, watch})
	}
	for _, l := range lessons {
		w := l.Weight
		if w <= 0 {
			w = 1
		}
		add(lessonText, l.Features, l.Spam, lessonWeight*w)
	}
	for _, v := range accepted {
		add(acceptedText, v, false, acceptWeight)
	}
	for _, a := range anchors() {
		add(anchorText, a.features, a.spam, anchorWeight)
	}
	return all
}

// count is how a model stands to what it should learn.
type count struct {
	right   int // lessons that it judges as told
	held    int // accepted messages above the threshold
	anchors int // ordinary anchors above the threshold
}

func standing(m *Model, all []pupil) count {
	var c count
	for _, p := range all {
		above := m.raw(p.features) > m.threshold
		switch {
		case p.kind == lessonText && above == p.spam:
			c.right++
		case p.kind == acceptedText && above:
			c.held++
		case p.kind == anchorText && above && !p.spam:
			c.anchors++
		}
	}
	return c
}

// drift is by how much the ordinary texts that were not learned from have moved
// towards junk, those that stood near it already.
func drift(before, after *Model, all []pupil) float64 {
	var was, is []float64
	for _, p := range all {
		if p.watch {
			was = append(was, p.offset)
			is = append(is, after.raw(p.features)-before.threshold)
		}
	}
	if len(was) == 0 {
		return 0
	}
	slices.Sort(was)
	slices.Sort(is)
	at := int(watchShare * float64(len(was)))
	return driftPart * max(0, is[at]-was[at])
}

// study finds the change of the weights. The bias stays: it would move all
// texts of the world at once.
func study(ctx context.Context, all []pupil) (map[uint32]float32, error) {
	rng := rand.New(rand.NewPCG(learnSeed, 1))
	s := newSolver(learnRate, learnDecay, learnDecay)
	s.fixed = true
	var order []int
	for i, p := range all {
		if !p.watch {
			order = append(order, i)
		}
	}
	for range max(fewestRounds, min(mostRounds, learnSteps/max(1, len(order)))) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			p := all[i]
			s.step(p.features[:p.plain], p.features[p.plain:], p.offset, p.spam, p.weight)
		}
	}
	change := map[uint32]float32{}
	for i, w := range s.w {
		if math.Abs(w) > 1e-4 {
			change[uint32(i)] = float32(w)
		}
	}
	return change, nil
}
