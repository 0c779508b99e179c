package hooks

import (
	"cmp"
	"errors"
	"net/http"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/merging"
)

// startMerging builds the station that puts together and takes apart.
func (p *plugin) startMerging() {
	p.merging = &merging.Station{Commit: p.commit, Near: func(hash uint64, at time.Time, within time.Duration, most int) []string {
		var ids []string
		for _, like := range p.door.Recent.Like(hash, at, within, most) {
			ids = append(ids, like.ID)
		}
		return ids
	}}
}

func (p *plugin) bindMerges() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.merges",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.POST("/api/desk/merges/preview", p.works(p.previewMerge))
				e.Router.POST("/api/desk/merges", p.works(p.merge))
				e.Router.POST("/api/desk/merges/{id}/undo", p.works(p.unmerge))
				e.Router.POST("/api/desk/messages/{id}/split", p.works(p.split))
				e.Router.GET("/api/desk/cases/{id}/duplicates", p.reads(p.duplicates))
				e.Router.POST("/api/desk/cases/{id}/duplicates/dismiss", p.works(p.dismiss))
				e.Router.GET("/api/desk/contacts/{id}/history", p.reads(p.history))
				e.Router.POST("/api/desk/identities/{id}/state", p.works(p.judge))
			}
			return e.Next()
		},
	})
	p.app.OnRecordUpdateRequest(desk.Contacts).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "pocketdesk.contacts.change", Func: p.changeContact,
	})
}

// mergeRequest is what merges take.
type mergeRequest struct {
	Kind   string       `json:"kind"`
	Source string       `json:"source"`
	Target string       `json:"target"`
	Seen   merging.Seen `json:"seen"`
}

func (r mergeRequest) verb() merging.Request {
	return merging.Request{Kind: r.Kind, Source: r.Source, Target: r.Target, Seen: r.Seen}
}

func (p *plugin) previewMerge(e *core.RequestEvent, agent *desk.Agent) error {
	var body mergeRequest
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	preview, err := p.merging.Preview(p.app, agent, body.verb())
	if err != nil {
		return refusedMerge(err)
	}
	return e.JSON(http.StatusOK, preview)
}

func (p *plugin) merge(e *core.RequestEvent, agent *desk.Agent) error {
	var body mergeRequest
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	done, err := p.merging.Merge(agent, body.verb())
	if err != nil {
		return refusedMerge(err)
	}
	return e.JSON(http.StatusOK, done)
}

func (p *plugin) unmerge(e *core.RequestEvent, agent *desk.Agent) error {
	out, err := p.merging.Undo(agent, e.Request.PathValue("id"))
	if err != nil {
		return refusedMerge(err)
	}
	return e.JSON(http.StatusOK, out)
}

func (p *plugin) split(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		Subject string `json:"subject"`
		Later   bool   `json:"later"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	out, err := p.merging.Split(agent, merging.Splitting{Message: e.Request.PathValue("id"), Subject: desk.Clip(body.Subject, 300), Later: body.Later})
	if err != nil {
		return refusedMerge(err)
	}
	return e.JSON(http.StatusOK, out)
}

func (p *plugin) duplicates(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	found, err := p.merging.FindDuplicates(p.app, agent, c)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, found)
}

func (p *plugin) dismiss(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct{ Contact, Case string }
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	if err := p.merging.Dismiss(agent, e.Request.PathValue("id"), body.Contact, body.Case); err != nil {
		return refusedMerge(err)
	}
	return e.NoContent(http.StatusNoContent)
}

// history is a person's cases that the asker may see, a page of them.
func (p *plugin) history(e *core.RequestEvent, agent *desk.Agent) error {
	id := e.Request.PathValue("id")
	if _, err := p.app.FindRecordById(desk.Contacts, id); err != nil {
		return e.NotFoundError("There is no such person.", nil)
	}
	page, err := inbox.History(p.app, agent, id, e.Request.URL.Query().Get("cursor"))
	if errors.Is(err, inbox.ErrQuery) {
		return e.BadRequestError("There is no such page.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, page)
}

// judge takes staff's word on an address: that nobody is reached there, or that
// it is worth another try. What proves an address is never staff's word.
func (p *plugin) judge(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		State string `json:"state"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	if body.State != desk.StateClaimed && body.State != desk.StateUndeliverable {
		return refuse("state", "validation_state", "Staff say claimed or undeliverable; the rest is for the person to prove.")
	}
	var out *core.Record
	err := p.commit.Do(func(tx core.App) error {
		r, err := tx.FindRecordById(desk.Identities, e.Request.PathValue("id"))
		if err != nil {
			return e.NotFoundError("There is no such address.", nil)
		}
		if knows, err := agent.Knows(tx, r.GetString("contact")); err != nil || !knows {
			return cmp.Or(err, error(e.NotFoundError("There is no such address.", nil)))
		}
		out = r
		return desk.Raise(tx, desk.AsIdentity(r), body.State, desk.RaisedStaff)
	})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, out)
}

// changeContact refuses a change to a contact that somebody changed since, where
// the request says in seen which one it saw, and to one that was merged.
func (p *plugin) changeContact(e *core.RecordRequestEvent) error {
	info, err := e.RequestInfo()
	if err != nil {
		return err
	}
	agent, err := desk.AgentOf(e.App, e.Auth)
	if err != nil {
		return e.ForbiddenError("This is for staff.", nil)
	}
	if knows, err := agent.Knows(e.App, e.Record.Id); err != nil || !knows {
		return cmp.Or(err, error(e.NotFoundError("There is no such person.", nil)))
	}
	seen, _ := info.Body["seen"].(string)
	app := e.App
	defer func() { e.App = app }()
	return app.RunInTransaction(func(tx core.App) error {
		now, err := tx.FindRecordById(desk.Contacts, e.Record.Id)
		if err != nil {
			return e.NotFoundError("There is no such person.", nil)
		}
		if now.GetString("merged_into") != "" {
			return conflict("This person was merged into another record; change that one.")
		}
		if seen != "" && seen != now.GetString("updated") {
			return conflict("Somebody changed this person meanwhile; look again.")
		}
		e.App = tx
		return e.Next()
	})
}

// refusedMerge answers a [merging.Refusal] with its code, so that a screen can say it
// in its own language.
func refusedMerge(err error) error {
	var r *merging.Refusal
	if !errors.As(err, &r) {
		return err
	}
	status, sentence := http.StatusBadRequest, ""
	switch r.Code {
	case merging.Gone:
		return apis.NewNotFoundError("There is no such thing.", nil)
	case merging.Same:
		sentence = "Nothing is merged into itself."
	case merging.Merged:
		status, sentence = http.StatusConflict, "One of them was merged into another one already."
	case merging.Changed:
		status, sentence = http.StatusConflict, "Somebody changed one of them meanwhile; look at the preview again."
	case merging.Undone:
		status, sentence = http.StatusConflict, "This was undone already."
	case merging.MergeFirst:
		status, sentence = http.StatusConflict, "Another merge was made on top of this one; undo that one first."
	case merging.Spam:
		sentence = "A case that is marked as spam isn't merged. Take the mark back first."
	case merging.Erased:
		sentence = "Nothing is left of one of these cases."
	case merging.TooMany:
		sentence = "This is more than one merge moves."
	case merging.First:
		sentence = "This message opened the case, and stays with it."
	case merging.NotTheirs:
		sentence = "Only a visitor's message becomes a case of its own."
	default:
		sentence = "There is no such kind of merge: case or contact."
	}
	return apis.NewApiError(status, sentence, validation.Errors{"merge": validation.NewError(r.Code, sentence)})
}
