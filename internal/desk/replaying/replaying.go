// Package replaying tries a rule on the cases of the last days before it does
// anything: which ones its conditions find, and what would change on them. It
// reads in the background, range by range, tells how far it is, and can be ended
// at any time. What a trial listed is what [Station.Apply] then does.
//
//	id, err := station.Start("the admin's id", rule, 90)
//	progress, err := station.Look("the admin's id", id) // again and again, until Finished
//	result, err := station.Apply(ctx, "the admin's id", id, rule)
package replaying

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Bounds of a trial.
const (
	MaxDays = 90
	MaxList = 1_000 // cases that are listed; all are counted

	valueMost = 500 // bytes of an action's value that are told with each case
)

const (
	atOnce = 3                // trials of all admins under way together
	kept   = 30 * time.Minute // a trial that nobody looks at any more
)

// Errors of what can't be done.
var (
	ErrDays    = errors.New("ask for 1 to 90 days")
	ErrNone    = errors.New("there is no such trial any more")
	ErrBusy    = errors.New("others try rules at the moment")
	ErrRunning = errors.New("the trial is still under way")
	ErrOther   = errors.New("the rule was changed since the trial")
)

// Rule is what is tried.
type Rule interface {
	// Print is the same for rules that do the same.
	Print() string
	// Event is case_opened, visitor_wrote, staff_changed or time_passed.
	Event() string
	// Actions lists what it does, as it is written.
	Actions() []Action
	// Rows is a query for what its filter finds. It gives "case" and "row", both
	// ids; the case is c, the message m of visitor_wrote, the line of the audit
	// trail e of staff_changed.
	Rows(app core.App) (*dbx.SelectQuery, error)
	// Kinds lists the lines of the audit trail that staff_changed is about.
	Kinds() []string
	// Waits says of time_passed in which statuses cases wait, and since when at
	// the latest, so that it is time now.
	Waits(app core.App) (states []string, until time.Time, err error)
	// Column names the field of a case from which time_passed counts.
	Column() string
	// Prepare is told of a handful of cases, and of what happened on each, before
	// Would is asked about them: what many need is found out together.
	Prepare(app core.App, cases []*desk.Case, rows []Row) error
	// Would tells what it would do on a case as it is now, one deed for each of
	// Actions. It writes nothing, and is called from several places at once.
	Would(app core.App, c *desk.Case, row Row) ([]Deed, error)
	// Letter is the answer that it would send on a case as it is now; nil where it
	// sends none.
	Letter(app core.App, c *desk.Case) (*Letter, error)
	// Do does it, once for each state of a case; done is false where the case no
	// longer meets the rule, or there was nothing to do. It may be called from several places at once.
	Do(row Row) (done bool, err error)
}

// Action is one entry of a rule's list.
type Action struct {
	Do    string          `json:"do"`
	Value json.RawMessage `json:"value,omitempty"`
}

// Deed is what becomes of an action on one case. Failed says why it can't be done,
// Skip why it is left as it is, and Was what it is then.
type Deed struct {
	Does   bool
	Failed string
	Skip   string
	Was    any
	Locale string // of an answer
}

// same is the skip of what is so already.
const same = "same"

// Letter is an answer as it would leave. Skip says why none does, Failed what is
// wrong with its template.
type Letter struct {
	Template string `json:"template"`
	Locale   string `json:"locale"`
	To       string `json:"to,omitempty"`
	Subject  string `json:"subject"`
	Body     string `json:"body"`
	Skip     string `json:"skip,omitempty"`
	Failed   string `json:"failed,omitempty"`
}

// Row is one thing that a rule was about.
type Row struct {
	Event string `db:"-"`
	Case  string `db:"case"`
	Row   string `db:"row"`
}

// Progress is how far a trial is and what it found until now.
type Progress struct {
	Done     int      `json:"done"`    // cases, messages or changes that were looked at
	Total    int      `json:"total"`   // that there are to look at
	Matched  int      `json:"matched"` // cases that the conditions find
	Changed  int      `json:"changed"` // of them, those on which something would change
	Alone    int      `json:"alone"`   // and those that would be left alone, though they are not yet as the rule wants them
	Open     int      `json:"open"`    // of those listed, the open ones on which something would change
	Changes  []Change `json:"changes"`
	List     []Found  `json:"list"` // the open ones first, those left alone last; filled in once finished
	Cut      bool     `json:"cut"`  // there are more than are listed
	Finished bool     `json:"finished"`
	Error    string   `json:"error,omitempty"` // why it ended early: slow or failed
}

// Station runs trials.
type Station struct {
	app core.App

	mu     sync.Mutex
	trials map[string]*trial // by id
}

// New makes the station.
func New(app core.App) *Station { return &Station{app: app, trials: map[string]*trial{}} }

// trial is one rule on its way through the past.
type trial struct {
	id, owner string
	rule      Rule
	days      int
	cancel    context.CancelFunc
	ended     chan struct{}

	cases map[uint64]struct{} // digests of those found already; nil where none comes twice

	mu     sync.Mutex
	seen   time.Time // when somebody looked last
	at     Progress
	others []Found // on which something would change, and that are done with
	alone  []Found // that would be left alone
}

// Start begins a trial over the last days and gives its id. An earlier one of the
// same owner ends.
func (s *Station) Start(owner string, rule Rule, days int) (string, error) {
	if days < 1 || days > MaxDays {
		return "", ErrDays
	}
	ctx, cancel := context.WithCancel(context.Background())
	t := &trial{
		id: core.GenerateDefaultRandomId(), owner: owner, rule: rule, days: days, cancel: cancel, ended: make(chan struct{}),
		seen: desk.Now(s.app),
	}
	if e := rule.Event(); e == visitorWrote || e == staffChanged { // a case opens once, and has one status
		t.cases = map[uint64]struct{}{}
	}
	for _, a := range rule.Actions() {
		t.at.Changes = append(t.at.Changes, Change{Action: a, Left: map[string]int{}})
	}
	if err := s.add(t); err != nil {
		cancel()
		return "", err
	}
	go func() {
		defer close(t.ended)
		t.finish(s.app, t.run(ctx, s.app))
	}()
	return t.id, nil
}

// add takes the place of the owner's earlier trial, and of those that nobody looks at.
func (s *Station) add(t *trial) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	busy := 0
	for id, other := range s.trials {
		switch {
		case other.owner == t.owner || other.forgotten(desk.Now(s.app)):
			other.cancel()
			delete(s.trials, id)
		case !other.look().Finished:
			busy++
		}
	}
	if busy >= atOnce {
		return ErrBusy
	}
	s.trials[t.id] = t
	return nil
}

// Look tells how far a trial of an owner is.
func (s *Station) Look(owner, id string) (Progress, error) {
	t, err := s.find(owner, id)
	if err != nil {
		return Progress{}, err
	}
	t.mu.Lock()
	t.seen = desk.Now(s.app)
	t.mu.Unlock()
	return t.look(), nil
}

// End ends a trial and forgets it.
func (s *Station) End(owner, id string) error {
	t, err := s.find(owner, id)
	if err != nil {
		return err
	}
	t.cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.trials, id)
	return nil
}

// Stop ends all trials and waits until nothing reads any more.
func (s *Station) Stop() {
	s.mu.Lock()
	all := s.trials
	s.trials = map[string]*trial{}
	s.mu.Unlock()
	for _, t := range all {
		t.cancel()
	}
	for _, t := range all {
		<-t.ended
	}
}

func (s *Station) find(owner, id string) (*trial, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.trials[id]
	if t == nil || t.owner != owner {
		return nil, ErrNone
	}
	return t, nil
}

func (t *trial) forgotten(now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return now.Sub(t.seen) > kept
}

// look copies what is known by now.
func (t *trial) look() Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := t.at
	out.Changes = append([]Change{}, t.at.Changes...)
	for i := range out.Changes {
		out.Changes[i].Left = maps.Clone(out.Changes[i].Left)
	}
	if !out.Finished {
		out.List = nil
	}
	if out.List == nil {
		out.List = []Found{}
	}
	return out
}
