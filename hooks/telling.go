package hooks

import (
	"errors"
	"net/http"
	"slices"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/presence"
)

// hereFor is how long somebody counts as being at the Desk who said so.
const hereFor = 150 * time.Second

// theDesk is the one thing that people are at on the board of who is here.
const theDesk = "desk"

// startTelling lets the messages know who needs none.
func (p *plugin) startTelling(now func() time.Time) {
	p.here = presence.New(presence.Config{TTL: hereFor, Now: now})
	p.digests.AtDesk = p.atDesk
}

// bindTelling tells people who are not at the Desk what happened.
func (p *plugin) bindTelling() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.telling",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.POST("/api/desk/here", p.works(p.sayHere))
			}
			return e.Next()
		},
	})
	p.job("pocketdesk.telling", "* * * * *", p.tellAway)
}

// sayHere notes that somebody looks at the Desk and uses it.
func (p *plugin) sayHere(e *core.RequestEvent, agent *desk.Agent) error {
	p.here.Put(theDesk, presence.Person{ID: agent.Id}, presence.Looking)
	if err := p.staffing.Seen(agent); err != nil {
		return err
	}
	return e.NoContent(http.StatusNoContent)
}

func (p *plugin) atDesk(agent string) bool {
	for _, one := range p.here.Others(theDesk, "") {
		if one.ID == agent {
			return true
		}
	}
	return false
}

// looksAt tells whether an agent has a case before his eyes: it is open on a screen
// that is shown, and he uses the Desk.
func (p *plugin) looksAt(caseID, agent string) bool {
	if !p.atDesk(agent) {
		return false
	}
	return slices.ContainsFunc(p.presence.Others(caseID, ""), func(e presence.Entry) bool { return e.ID == agent })
}

// tellAway is one round; while one is under way the next is left out.
func (p *plugin) tellAway() error {
	if !p.telling.TryLock() {
		return nil
	}
	defer p.telling.Unlock()
	n, err := p.digests.Tell()
	if n > 0 {
		p.outbox.Kick()
	}
	return err
}

// checkTelling refuses choices of when staff are told.
func checkTelling(r *core.Record, errs validation.Errors) {
	var t desk.Telling
	if r.UnmarshalJSONField("telling", &t) != nil {
		return // its shape was refused
	}
	if err := t.Check(); errors.Is(err, desk.ErrTelling) {
		errs["telling"] = validation.NewError("telling_invalid", sentenceOf(err))
	}
}
