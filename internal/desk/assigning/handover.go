package assigning

import (
	"errors"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// handoverMost is how many cases one request hands over.
const handoverMost = 1000

// ErrNobody says that there is no such person, or none that the asker may hand over for.
var ErrNobody = errors.New("there is no such person")

// Handover asks for somebody's open cases to go to others now.
type Handover struct {
	Agent   *desk.Agent // who asks: the person, a supervisor or an admin
	Of      string      // whose cases
	To      string      // who gets them; "" does what an absence would
	Preview bool        // only tells what would become of them
}

// Share is what one person gets.
type Share struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// Handed tells what became of the cases, or would.
type Handed struct {
	To    []Share `json:"to"`
	Full  []Share `json:"full"`  // who stands in, but had no room for so many
	Queue int     `json:"queue"` // back in the queue
	Kept  int     `json:"kept"`  // stay: the one named may not see them
	More  bool    `json:"more"`  // there are more than one request hands over
}

// HandOver gives somebody's open cases to one person, or, as when an absence
// begins, to his substitute, else by the mode of each case's team, else to the
// queue. Errors: [ErrNobody], and validation errors of the field "to".
func (s *Station) HandOver(h Handover) (*Handed, error) {
	r, err := newRound(s.app)
	if err != nil {
		return nil, err
	}
	p := r.people[h.Of]
	if p == nil || !h.Agent.SeesAll() && h.Agent.Id != h.Of || !h.Agent.Works() {
		return nil, ErrNobody
	}
	if h.To != "" {
		serves, err := r.serves(h.To, "")
		if err != nil {
			return nil, err
		}
		if !serves || h.To == h.Of {
			return nil, validation.Errors{"to": validation.NewError("nobody", "Name somebody else who works cases.")}
		}
	}
	cases, err := r.openOf(p.ID, handoverMost+1)
	if err != nil {
		return nil, err
	}
	out := &tally{r: r, byID: map[string]int{}, full: map[string]int{}}
	for at := 0; at < len(cases) && at < handoverMost; at += atOnce {
		part := cases[at:min(at+atOnce, len(cases), handoverMost)]
		if h.Preview {
			err = out.rehearse(part, byHand(p), h.To)
		} else {
			err = s.handSome(h, part, out)
		}
		if err != nil {
			return nil, err
		}
	}
	return out.handed(len(cases) > handoverMost), nil
}

// byHand is a person who does not keep his cases, since somebody asked to hand
// them over.
func byHand(p *person) *person {
	copied := *p
	if copied.OnLeave == desk.LeaveKeep {
		copied.OnLeave = ""
	}
	return &copied
}

// handSome hands over some cases in one transaction. What changed meanwhile is
// left alone.
func (s *Station) handSome(h Handover, cases []*desk.Case, out *tally) error {
	var done []step
	err := s.commit.Do(func(tx core.App) error {
		r, err := newRound(tx)
		if err != nil {
			return err
		}
		p := r.people[h.Of]
		if p == nil {
			return ErrNobody
		}
		var still []*desk.Case
		for _, c := range cases {
			now, err := r.read(c.Id)
			if err != nil {
				return err
			}
			if now != nil && now.Assignee() == h.Of && ours(now) {
				still = append(still, now)
			}
		}
		r.actor = h.Agent.Id
		done, err = r.handThese(still, byHand(p), h.To)
		return err
	})
	if err == nil {
		out.add(done)
	}
	return err
}

// tally counts where cases go.
type tally struct {
	r    *round
	byID map[string]int
	full map[string]int
	kept int
}

func (t *tally) add(steps []step) {
	for _, st := range steps {
		if st.moves {
			t.byID[st.to.To]++
		} else {
			t.kept++
		}
		if st.to.Full != "" {
			t.full[st.to.Full]++
		}
	}
}

func (t *tally) handed(more bool) *Handed {
	out := &Handed{To: []Share{}, Full: []Share{}, Queue: t.byID[""], Kept: t.kept, More: more}
	for _, p := range t.r.list {
		if n := t.byID[p.ID]; n > 0 {
			out.To = append(out.To, Share{p.ID, p.Name, n})
		}
		if n := t.full[p.ID]; n > 0 {
			out.Full = append(out.Full, Share{p.ID, p.Name, n})
		}
	}
	return out
}

// rehearse finds where cases would go, and counts as if they had gone there.
func (t *tally) rehearse(cases []*desk.Case, p *person, to string) error {
	if err := t.r.count(); err != nil {
		return err
	}
	for _, c := range cases {
		st, err := t.r.planOne(c, p, to)
		if err != nil {
			return err
		}
		if q := t.r.people[st.to.To]; st.moves && q != nil {
			q.open++
			if st.to.inTurn() {
				q.AssignedAt = t.r.turn()
			}
		}
		t.add([]step{st})
	}
	return nil
}
