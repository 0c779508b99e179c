package hooks

import (
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
)

// beginBytes is how large a request for a new case may be.
const beginBytes = 128 << 10

func (p *plugin) bindBeginnings() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.begin",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.POST("/api/desk/cases", p.works(p.beginCase)).Bind(apis.BodyLimit(beginBytes))
				e.Router.POST("/api/desk/contacts/known", p.works(p.knownContact)).Bind(apis.BodyLimit(beginBytes))
			}
			return e.Next()
		},
	})
}

// beginning is what a member of staff says of a case that he begins.
type beginning struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Phone    string `json:"phone"`
	Locale   string `json:"locale"`
	Category string `json:"category"`
	Priority string `json:"priority"`
	Subject  string `json:"subject"`
	Words    string `json:"words"`
	Channel  string `json:"channel"`
	First    bool   `json:"first"`
	Mine     bool   `json:"mine"`
}

// begun is the answer: a case of another team is opened, but not the asker's to see.
type begun struct {
	ID      string `json:"id"`
	Number  int    `json:"number"`
	Visible bool   `json:"visible"`
}

// beginCase opens a case for somebody who called or came, or to whom the shop
// writes first. The same id asked for again gives the case that it made.
func (p *plugin) beginCase(e *core.RequestEvent, agent *desk.Agent) error {
	var body beginning
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	b, err := p.work.Begin(p.app, casework.Beginning{
		Agent: agent, ID: body.ID, Name: body.Name, Email: body.Email, Phone: body.Phone, Locale: body.Locale,
		Category: body.Category, Priority: body.Priority, Subject: body.Subject, Words: body.Words, Channel: body.Channel, First: body.First, Mine: body.Mine,
	})
	if err != nil {
		return answer(err)
	}
	var c *desk.Case
	fresh := false
	err = p.commit.Do(func(tx core.App) (err error) {
		c, fresh, err = b.Save(tx)
		return err
	})
	if errors.Is(err, casework.ErrIDTaken) {
		return conflict("There is another case with this id.")
	}
	if err != nil {
		return err
	}
	if fresh {
		p.opened(c)
	}
	return e.JSON(http.StatusOK, begun{c.Id, c.Number(), agent.Sees(c.Team())})
}

// knownContact says who is reached at an address, before a case is begun for him.
// It tells nothing of people of whom the agent sees no case.
func (p *plugin) knownContact(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct{ Email, Phone, Locale string }
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	who, err := p.work.Known(p.app, body.Email, body.Phone, body.Locale)
	if err != nil {
		return err
	}
	if who != nil {
		if knows, err := agent.Knows(p.app, who.Contact); err != nil || !knows {
			who = nil
			if err != nil {
				return err
			}
		}
	}
	return e.JSON(http.StatusOK, map[string]any{"contact": who})
}
