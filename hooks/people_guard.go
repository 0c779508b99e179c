package hooks

import (
	"encoding/json"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/staffing"
)

// bindPeopleGuards keeps admins from shutting themselves out, also over the
// record routes and in a batch of them.
func (p *plugin) bindPeopleGuards() {
	p.app.OnRecordUpdateRequest(desk.Agents).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "pocketdesk.people.role",
		Func: func(e *core.RecordRequestEvent) error {
			if before := e.Record.Original().GetString("role"); before == e.Record.GetString("role") {
				return e.Next()
			}
			return p.removing(e)
		},
	})
	p.app.OnRecordDeleteRequest(desk.Agents).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "pocketdesk.people.delete", Func: p.removing,
	})
}

// removing lets a change of somebody's role, or his end, through where that may
// be. Two admins who do it to each other at the same moment come one after the
// other: the second is none any more.
func (p *plugin) removing(e *core.RecordRequestEvent) error {
	orig := e.App
	defer func() { e.App = orig }()
	return orig.RunInTransaction(func(tx core.App) error {
		agent, err := desk.AgentOf(tx, e.Auth)
		if err != nil {
			return e.ForbiddenError("This is for staff.", nil)
		}
		if err := p.mayRemove(tx, agent, e.Record.Id); err != nil {
			return err
		}
		e.App = tx
		return e.Next()
	})
}

// mayRemove refuses that an admin takes the own role away, or that of the last
// admin. A superuser may: he stays, whatever becomes of the agents.
func (p *plugin) mayRemove(app core.App, agent *desk.Agent, id string) error {
	switch now, err := app.FindRecordById(desk.Agents, agent.Id); {
	case agent.Superuser:
		return nil
	case agent.Id == id:
		return refuse("role", "own_role", "Your own role is changed by another admin.")
	case err != nil || now.GetString("role") != desk.RoleAdmin: // not any more
		return apis.NewForbiddenError("This is for admins.", nil)
	}
	other, err := staffing.OtherAdmin(app, id)
	if err == nil && !other {
		err = refuse("role", "last_admin", "This is the last admin. Make somebody else an admin first.")
	}
	return err
}

// bindSignedOut ends the sessions of who lost the role, and tells every browser
// whose session has ended, so that its screen goes at once. PocketBase takes the
// person off the connection, and then no rule lets anything through to it.
func (p *plugin) bindSignedOut() {
	p.app.OnRecordUpdate(desk.Agents).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.people.left", Priority: -10, // before bindLeft, which sends to who is still signed in
		Func: func(e *core.RecordEvent) error {
			staffing.Left(e.App, e.Record)
			if e.Record.Original().TokenKey() == e.Record.TokenKey() {
				return e.Next()
			}
			clients := p.connectionsOf(e.Record.Id)
			if err := e.Next(); err != nil {
				return err
			}
			desk.AfterCommit(e.App, func() { p.sayLeft(clients) })
			return nil
		},
	})
	p.app.OnRecordDelete(desk.Agents).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.people.deleted",
		Func: func(e *core.RecordEvent) error {
			clients := p.connectionsOf(e.Record.Id)
			if err := e.Next(); err != nil {
				return err
			}
			desk.AfterCommit(e.App, func() { p.sayLeft(clients) })
			return nil
		},
	})
}

// connectionsOf are the open connections of an agent's browsers.
func (p *plugin) connectionsOf(id string) (out []subscriptions.Client) {
	for _, chunk := range p.app.SubscriptionsBroker().ChunkedClients(300) {
		for _, client := range chunk {
			auth, _ := client.Get(apis.RealtimeClientAuthKey).(*core.Record)
			if auth != nil && auth.Id == id && auth.Collection().Id == desk.Agents {
				out = append(out, client)
			}
		}
	}
	return out
}

// sayLeft has browsers look everything up again: they learn that nobody is signed
// in any more. It says nothing else, since it goes to whoever had the connection.
func (p *plugin) sayLeft(clients []subscriptions.Client) {
	raw, err := json.Marshal(left{everyCase})
	if err != nil {
		return
	}
	for _, client := range clients {
		if client.HasSubscription(topicLeft) {
			go client.Send(subscriptions.Message{Name: topicLeft, Data: raw})
		}
	}
}
