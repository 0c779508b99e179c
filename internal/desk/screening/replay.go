package screening

import (
	"encoding/json"
	"errors"
	"math"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Errors of questions that can't be answered.
var (
	ErrDays       = errors.New("ask for 1 to 90 days")
	ErrThresholds = errors.New("thresholds are points above 0, up to 1000, the one for quarantine half a point or more below the one for blocking")
)

// resolution is how finely scores are counted, in points.
const resolution = 0.5

// Question asks what other thresholds would have done.
type Question struct {
	Thresholds desk.Thresholds
	Days       int                    // 1 to [MaxDays], today included
	Sees       func(team string) bool // whose cases may be shown as examples; nil: all
}

// Replay is what two pairs of thresholds make of the same messages. Both are
// applied to the scores that were given then; a rule's or the visitor's own
// decisions stay. Thresholds are rounded to half points, as scores are counted;
// one above 40 is reached by nothing.
type Replay struct {
	From       string     `json:"from"` // first day, YYYY-MM-DD
	Days       int        `json:"days"`
	Resolution float64    `json:"resolution"`
	Now        Side       `json:"now"`      // with the thresholds of the settings
	Then       Side       `json:"then"`     // with those asked for
	Fixed      int        `json:"fixed"`    // messages that no threshold decides, in both
	Counting   bool       `json:"counting"` // the days are being counted: numbers are missing
	Changes    Changes    `json:"changes"`
	Examples   []*Example `json:"examples"` // up to 20
}

// Side is what a pair of thresholds makes of all messages.
type Side struct {
	Thresholds desk.Thresholds `json:"thresholds"` // as applied, in half points
	Accepted   int             `json:"accepted"`
	Held       int             `json:"held"`
	Blocked    int             `json:"blocked"`
}

// Changes are the messages that would fare differently. In JSON its numbers
// stand side by side, as would_hold, hold_answered, hold_released,
// hold_confirmed, and likewise for accept, block and unblock.
type Changes struct {
	Accept  Change // held or blocked now, accepted then
	Hold    Change // accepted now, held then
	Block   Change // accepted or held now, blocked then
	Unblock Change // blocked now, held then
}

// Change counts messages, and of them those on which staff have said something.
type Change struct {
	Count     int
	Answered  int // their case got an answer
	Released  int // let through
	Confirmed int // called junk, in quarantine or as a case
}

// MarshalJSON implements json.Marshaler.
func (c Changes) MarshalJSON() ([]byte, error) {
	out := map[string]int{}
	for name, one := range map[string]Change{"accept": c.Accept, "hold": c.Hold, "block": c.Block, "unblock": c.Unblock} {
		out["would_"+name] = one.Count
		out[name+"_answered"], out[name+"_released"], out[name+"_confirmed"] = one.Answered, one.Released, one.Confirmed
	}
	return json.Marshal(out)
}

func (c *Change) add(b desk.Bin) {
	c.Count += b.All()
	c.Answered += b.Answered
	c.Released += b.Released
	c.Confirmed += b.Confirmed + b.Marked
}

// halves is a pair of thresholds as bins.
type halves struct{ quarantine, block desk.Half }

// halvesOf rounds thresholds. Above the last bin's begin nothing is known of how
// far a score lies; such a threshold is one that nothing reaches.
func halvesOf(t desk.Thresholds) halves {
	half := func(points float64) desk.Half {
		return desk.Half(math.Min(math.Round(points/resolution), float64(desk.HighestHalf)+1))
	}
	return halves{half(t.Quarantine), half(t.Block)}
}

func (h halves) points() desk.Thresholds {
	return desk.Thresholds{Quarantine: h.quarantine.Points(), Block: h.block.Points()}
}

// outcome is what screening makes of a score.
func (h halves) outcome(score desk.Half) string {
	switch {
	case score >= h.block:
		return desk.Blocked
	case score >= h.quarantine:
		return desk.Quarantined
	}
	return desk.Accepted
}

// pitch is outcome for a pitch, which no score blocks.
func (h halves) pitch(score desk.Half) string {
	if score >= h.quarantine {
		return desk.Quarantined
	}
	return desk.Accepted
}

func (q Question) check() error {
	if q.Days < 1 || q.Days > MaxDays {
		return ErrDays
	}
	t := q.Thresholds
	if !(t.Quarantine > 0 && t.Block <= 1000 && t.Block-t.Quarantine >= resolution) { // false for what is no number
		return ErrThresholds
	}
	return nil
}

// Try tells what other thresholds would have done with the messages of the last
// days, as far as they are counted; see [Refresh]. The error is [ErrDays], [ErrThresholds] or a fault.
func Try(app core.App, q Question) (*Replay, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	settings, err := desk.LoadSettings(app)
	if err != nil {
		return nil, err
	}
	asked := lastDays(desk.Now(app), settings.Location, q.Days)
	records, err := load(app, asked)
	if err != nil {
		return nil, err
	}
	p := pair{
		now: halvesOf(settings.Thresholds), then: halvesOf(q.Thresholds), pitches: settings.Screening.Pitch == desk.PitchNormal,
	}
	r := &Replay{From: asked[0], Days: q.Days, Resolution: resolution}
	r.Now.Thresholds, r.Then.Thresholds = p.now.points(), p.then.points()
	for _, d := range records {
		r.add(d.Tally().Scores, p)
	}
	from, _ := bounds(asked[0], settings.Location)
	r.Examples, err = examples(app, search{pair: p, since: desk.Date(from).String(), sees: q.Sees})
	return r, err
}

// pair are the two sides of a replay.
type pair struct {
	now, then halves
	pitches   bool // the thresholds decide on pitches
}

// add counts one day on both sides; pitches by their score, or as they were
// decided.
func (r *Replay) add(s desk.Scores, p pair) {
	r.addBins(s.Bins, p.now.outcome, p.then.outcome)
	r.addFixed(s.Fixed)
	if p.pitches {
		r.addBins(s.Pitches.Bins, p.now.pitch, p.then.pitch)
	} else {
		r.addFixed(s.Pitches.Counts)
	}
}

func (r *Replay) addBins(bins map[desk.Half]desk.Bin, now, then func(desk.Half) string) {
	for score, b := range bins {
		from, to := now(score), then(score)
		r.Now.add(from, b.All())
		r.Then.add(to, b.All())
		if c := r.Changes.of(from, to); c != nil {
			c.add(b)
		}
	}
}

func (r *Replay) addFixed(c desk.Counts) {
	for _, side := range []*Side{&r.Now, &r.Then} {
		side.add(desk.Accepted, c.Accepted)
		side.add(desk.Quarantined, c.Held)
		side.add(desk.Blocked, c.Blocked)
	}
	r.Fixed += c.Accepted + c.Held + c.Blocked
}

func (s *Side) add(outcome string, n int) {
	switch outcome {
	case desk.Accepted:
		s.Accepted += n
	case desk.Quarantined:
		s.Held += n
	default:
		s.Blocked += n
	}
}

// of is where messages count that fare differently; nil for the same.
func (c *Changes) of(from, to string) *Change {
	switch {
	case from == to:
		return nil
	case to == desk.Accepted:
		return &c.Accept
	case to == desk.Blocked:
		return &c.Block
	case from == desk.Blocked:
		return &c.Unblock
	}
	return &c.Hold
}
