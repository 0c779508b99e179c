package hooks

import (
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
	"github.com/pocketdesk/pocketdesk/internal/presence"
)

// topicPresence tells who is at a case: {case, others}, the listener included.
const topicPresence = ourTopics + "presence"

// presenceSweep is how often those who fell silent are looked for.
const presenceSweep = 10 * time.Second

// bindPresence tells colleagues who looks at a case and who writes in it.
func (p *plugin) bindPresence() {
	stop := make(chan struct{})
	var ending sync.Once
	var sweeping sync.WaitGroup
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.presence",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.POST("/api/desk/cases/{id}/presence", p.works(p.present))
				sweeping.Go(func() { p.sweepPresence(stop) })
			}
			return e.Next()
		},
	})
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.presence.stop",
		Func: func(e *core.TerminateEvent) error {
			ending.Do(func() { close(stop) })
			sweeping.Wait()
			return e.Next()
		},
	})
}

// present notes what the agent does with a case and answers who else is there.
func (p *plugin) present(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var body struct{ State presence.State }
	if err := e.BindBody(&body); err != nil || !body.State.Known() {
		return e.BadRequestError(`state is "looking", "typing" or "gone".`, nil)
	}
	if p.presence.Put(c.Id, presence.Person{ID: agent.Id, Name: agent.Name()}, body.State) {
		p.tellPresence(c)
	}
	others := p.lookers(c.Id, agent.Id)
	if others == nil {
		others = []inbox.Looker{}
	}
	return e.JSON(http.StatusOK, map[string]any{"others": others})
}

// tellPresence tells those who may see the case, as it is now, who is there.
func (p *plugin) tellPresence(c *desk.Case) {
	all := p.lookers(c.Id, "")
	if all == nil {
		all = []inbox.Looker{}
	}
	p.tell(topicPresence, map[string]any{"case": c.Id, "others": all}, func(a *desk.Agent) bool { return a.Sees(c.Team()) })
}

func (p *plugin) sweepPresence(stop <-chan struct{}) {
	tick := time.NewTicker(presenceSweep)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			for _, id := range p.presence.Sweep() {
				if c, err := desk.FindCase(p.app, id); err == nil {
					p.tellPresence(c)
				}
			}
		}
	}
}
