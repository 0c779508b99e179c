package desk

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// Counts are what became of messages. Screening put each one into the first,
// second or third; the other three say what people decided later, so they are
// parts of those: released of held and blocked, confirmed of held, marked of
// accepted.
type Counts struct {
	Accepted  int `json:"accepted"`    // became a case at once, or when the sender had confirmed the address
	Held      int `json:"held"`        // waited in quarantine, whatever was decided then
	Blocked   int `json:"blocked"`     // turned away by screening itself
	Released  int `json:"released"`    // let through by staff
	Confirmed int `json:"confirmed"`   // held, and staff said that it is junk
	Marked    int `json:"marked_spam"` // became a case that staff then called spam
}

// SignalCounts say how often a signal was seen and what became of those messages.
type SignalCounts struct {
	N         int `json:"n"`
	Held      int `json:"held"`
	Blocked   int `json:"blocked"`
	Released  int `json:"released"`
	Confirmed int `json:"confirmed"`
}

// Bin are the messages of one half point by their state: each is in one of
// these, and those answered are among the accepted.
type Bin struct {
	Accepted  int `json:"accepted,omitempty"`
	Answered  int `json:"answered,omitempty"`
	Waiting   int `json:"held_waiting,omitempty"`
	Released  int `json:"released,omitempty"`
	Confirmed int `json:"confirmed,omitempty"`
	Blocked   int `json:"blocked,omitempty"`
	Marked    int `json:"marked_spam,omitempty"`
}

// All is how many messages the bin holds.
func (b Bin) All() int {
	return b.Accepted + b.Waiting + b.Released + b.Confirmed + b.Blocked + b.Marked
}

// Half is the number of half points at which a bin begins: 9 for scores from
// 4.5 up to 5. [LowestHalf] holds all that is below -10, [HighestHalf] all from
// 40 on. In JSON it is the points as a text, "4.5".
type Half int

// The first and last bin.
const (
	LowestHalf  Half = -21
	HighestHalf Half = 80
)

// HalfOf is the bin of a score.
func HalfOf(score float64) Half {
	switch {
	case !(score >= -10): // what is no number too
		return LowestHalf
	case score >= 40:
		return HighestHalf
	}
	return Half(math.Floor(score * 2))
}

// Points is where the bin begins.
func (h Half) Points() float64 { return float64(h) / 2 }

// MarshalText implements encoding.TextMarshaler.
func (h Half) MarshalText() ([]byte, error) {
	return strconv.AppendFloat(nil, h.Points(), 'f', -1, 64), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Half) UnmarshalText(b []byte) error {
	points, err := strconv.ParseFloat(string(b), 64)
	if err != nil || points*2 != math.Trunc(points*2) || points < LowestHalf.Points() || points > HighestHalf.Points() {
		return fmt.Errorf("%q is no number of half points from %g to %g", b, LowestHalf.Points(), HighestHalf.Points())
	}
	*h = Half(points * 2)
	return nil
}

// Scores are messages by score. Fixed are those that the thresholds don't
// decide: a rule of the shop did, or they wait for their sender. Pitches stand
// apart: whether the thresholds decide on them is the shop's choice, which it
// may change.
type Scores struct {
	Bins    map[Half]Bin `json:"bins"`
	Fixed   Counts       `json:"fixed"`
	Pitches Pitched      `json:"pitches,omitzero"`
}

// Pitched are the pitches of a tally: by their score, and all of them by what
// screening said.
type Pitched struct {
	Bins   map[Half]Bin `json:"bins,omitempty"`
	Counts Counts       `json:"counts"`
}

// Tally is what screening did with a set of messages, in numbers.
type Tally struct {
	Counts  Counts                  `json:"counts"`
	Signals map[string]SignalCounts `json:"signals"`
	Scores  Scores                  `json:"scores"`
}

// maxSignals bounds the names of a tally; what comes after them is not counted by name.
const maxSignals = 500

// Add adds another tally to this one.
func (t *Tally) Add(o Tally) {
	t.Counts.add(o.Counts)
	t.Scores.Fixed.add(o.Scores.Fixed)
	for name, s := range o.Signals {
		t.addSignal(name, s)
	}
	for h, b := range o.Scores.Bins {
		addBin(&t.Scores.Bins, h, b)
	}
	t.Scores.Pitches.Counts.add(o.Scores.Pitches.Counts)
	for h, b := range o.Scores.Pitches.Bins {
		addBin(&t.Scores.Pitches.Bins, h, b)
	}
}

func (c *Counts) add(o Counts) {
	c.Accepted += o.Accepted
	c.Held += o.Held
	c.Blocked += o.Blocked
	c.Released += o.Released
	c.Confirmed += o.Confirmed
	c.Marked += o.Marked
}

func (t *Tally) addSignal(name string, o SignalCounts) {
	s, known := t.Signals[name]
	if !known && len(t.Signals) >= maxSignals {
		return
	}
	if t.Signals == nil {
		t.Signals = map[string]SignalCounts{}
	}
	s.N += o.N
	s.Held += o.Held
	s.Blocked += o.Blocked
	s.Released += o.Released
	s.Confirmed += o.Confirmed
	t.Signals[name] = s
}

func addBin(bins *map[Half]Bin, h Half, o Bin) {
	if *bins == nil {
		*bins = map[Half]Bin{}
	}
	b := (*bins)[h]
	b.Accepted += o.Accepted
	b.Answered += o.Answered
	b.Waiting += o.Waiting
	b.Released += o.Released
	b.Confirmed += o.Confirmed
	b.Blocked += o.Blocked
	b.Marked += o.Marked
	(*bins)[h] = b
}

// Count adds one message.
func (t *Tally) Count(s Screened) {
	c := s.counts()
	t.Counts.add(c)
	for _, name := range s.Signals {
		t.addSignal(name, SignalCounts{N: 1, Held: c.Held, Blocked: c.Blocked, Released: c.Released, Confirmed: c.Confirmed})
	}
	switch {
	case s.Fixed:
		t.Scores.Fixed.add(c)
	case s.Pitch:
		t.Scores.Pitches.Counts.add(c)
		addBin(&t.Scores.Pitches.Bins, HalfOf(s.Score), s.bin())
	default:
		addBin(&t.Scores.Bins, HalfOf(s.Score), s.bin())
	}
}

// String is the tally as JSON, which has an order.
func (t Tally) String() string {
	b, err := json.Marshal(t)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
