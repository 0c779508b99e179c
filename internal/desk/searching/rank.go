package searching

import (
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"
)

// pool gathers cases, each once.
type pool struct {
	now  time.Time
	part int // what is added belongs to it; parts are not mixed
	all  []*candidateCase
	at   map[int]*candidateCase
}

func newPool(now time.Time) *pool { return &pool{now: now, at: map[int]*candidateCase{}} }

func (p *pool) add(c candidateCase) {
	known := p.at[c.Number]
	if known == nil {
		c.part = p.part
		known = &c
		p.at[c.Number] = known
		p.all = append(p.all, known)
	} else {
		known.docs = append(known.docs, c.docs...)
		known.exact = known.exact || c.exact
	}
	known.score = p.score(known)
}

// weight is what a hit in a document of this kind counts.
func weight(kind int) float64 {
	switch kind {
	case kindSent:
		return 4
	case kindCase, kindContact, kindIdentity:
		return 3
	case kindIn:
		return 2.5
	case kindOut, kindNote:
		return 2
	}
	return 0
}

// score weighs where a case was found against how long ago it last heard
// something: what is as old as two weeks counts half as much as what is new.
func (p *pool) score(c *candidateCase) float64 {
	best := 0.0
	for _, d := range c.docs {
		best = max(best, weight(d.Kind))
	}
	last := c.LastIn
	if last == "" {
		last = c.Created
	}
	at, _ := types.ParseDateTime(last)
	days := max(0, p.now.Sub(at.Time()).Hours()/24)
	s := best + 6/(1+days/14)
	if c.exact {
		s += 1_000
	}
	return s
}

// ranked are the cases, the best first; of equals the newer.
func (p *pool) ranked() []*candidateCase {
	slices.SortStableFunc(p.all, func(a, b *candidateCase) int {
		switch {
		case a.part != b.part:
			return a.part - b.part
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return b.Number - a.Number
	})
	return p.all
}
