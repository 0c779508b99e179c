package hooks

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// ourTopics is what the names of our own realtime messages begin with.
const ourTopics = "pocketdesk."

// topicLeft tells of a case that is no longer the listener's to see.
const topicLeft = ourTopics + "left"

// bindRealtime keeps our topics for staff. What anybody else asks of them is
// dropped, so that the other subscriptions of a site's connection go on.
func (p *plugin) bindRealtime() {
	p.app.OnRealtimeSubscribeRequest().Bind(&hook.Handler[*core.RealtimeSubscribeRequestEvent]{
		Id: "pocketdesk.realtime",
		Func: func(e *core.RealtimeSubscribeRequestEvent) error {
			if p.on() && works(e.App, e.Auth) {
				return e.Next()
			}
			e.Subscriptions = slices.DeleteFunc(e.Subscriptions, func(name string) bool { return strings.HasPrefix(name, ourTopics) })
			return e.Next()
		},
	})
	p.bindLeft()
}

// works tells whether somebody is a person of the staff.
func works(app core.App, auth *core.Record) bool {
	agent, err := desk.ReaderOf(app, auth)
	return err == nil && agent.Works()
}

// bindLeft tells of cases that leave somebody's sight: by a change of the case's
// team, or of who the person is. PocketBase's own events can't: their rules look
// at what a record has become.
func (p *plugin) bindLeft() {
	p.app.OnRecordUpdate(desk.Cases).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.left.cases",
		Func: func(e *core.RecordEvent) error {
			before, now := e.Record.Original().GetString("team"), e.Record.GetString("team")
			if err := e.Next(); err != nil || before == now {
				return err
			}
			id := e.Record.Id
			desk.AfterCommit(e.App, func() {
				p.tell(topicLeft, left{id}, func(agent *desk.Agent) bool { return agent.Sees(before) && !agent.Sees(now) })
			})
			return nil
		},
	})
	p.app.OnRecordUpdate(desk.Agents).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.left.agents",
		Func: func(e *core.RecordEvent) error {
			before, now := e.Record.Original(), e.Record
			changed := before.GetString("team") != now.GetString("team") || before.GetString("role") != now.GetString("role")
			if err := e.Next(); err != nil || !changed {
				return err
			}
			desk.AfterCommit(e.App, func() {
				p.send(topicLeft, left{everyCase}, func(auth *core.Record) bool {
					return auth != nil && auth.Id == now.Id && auth.Collection().Id == desk.Agents
				})
			})
			return nil
		},
	})
}

// left is the message of topicLeft: a case, or "*" where all that is on the
// screen has to be looked up again.
type left struct {
	Case string `json:"case"`
}

const everyCase = "*"

// tell sends data on a topic to the connected members of staff for whom sees is
// true. Who somebody is now counts, not who he was when he subscribed: PocketBase
// keeps a connection's record up to date and takes it away with its token.
// A superuser counts as an admin. tell never waits for a slow listener.
func (p *plugin) tell(topic string, data any, sees func(agent *desk.Agent) bool) {
	p.send(topic, data, func(auth *core.Record) bool {
		agent, err := desk.ReaderOf(p.app, auth)
		return err == nil && agent.Works() && sees(agent)
	})
}

// send sends data on a topic to the connections of those for whom to is true.
func (p *plugin) send(topic string, data any, to func(auth *core.Record) bool) {
	raw, err := json.Marshal(data)
	if err != nil {
		p.app.Logger().Error("PocketDesk can't tell "+topic, "error", err)
		return
	}
	message := subscriptions.Message{Name: topic, Data: raw}
	for _, chunk := range p.app.SubscriptionsBroker().ChunkedClients(300) {
		for _, client := range chunk {
			if !client.HasSubscription(topic) {
				continue
			}
			if auth, _ := client.Get(apis.RealtimeClientAuthKey).(*core.Record); to(auth) {
				go client.Send(message)
			}
		}
	}
}
