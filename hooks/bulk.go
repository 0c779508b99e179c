package hooks

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
)

// maxBulk is how many messages one request decides on.
const maxBulk = 200

// bulk is one decision on many held messages.
type bulk struct {
	IDs    []string `json:"ids"`
	Action string   `json:"action"` // release, confirm or block
	Kind   string   `json:"kind"`   // of a block: sender, domain or network
	Days   int      `json:"days"`
}

// undone is a message on which nothing was decided, with the reason.
type undone struct {
	ID      string `json:"id"`
	Message string `json:"message"`
}

// decideMany decides on each message by itself: one that can't be decided on
// keeps none of the others back. cases names what was opened, by the message.
func (p *plugin) decideMany(e *core.RequestEvent, agent *desk.Agent) error {
	var b bulk
	if err := e.BindBody(&b); err != nil {
		return e.BadRequestError("", err)
	}
	if err := b.check(); err != nil {
		return err
	}
	done, failed, cases := []string{}, []undone{}, map[string]string{}
	for i, id := range b.IDs {
		if slices.Contains(b.IDs[:i], id) {
			continue
		}
		if err := e.Request.Context().Err(); err != nil {
			return err // nobody waits for the answer any more
		}
		opened, err := p.decideOne(id, b, agent)
		if err != nil {
			failed = append(failed, undone{id, p.sentence(e, id, err)})
			continue
		}
		done = append(done, id)
		if opened != "" {
			cases[id] = opened
		}
	}
	return e.JSON(http.StatusOK, map[string]any{"done": done, "failed": failed, "cases": cases})
}

func (b bulk) check() error {
	errs := validation.Errors{}
	if len(b.IDs) == 0 || len(b.IDs) > maxBulk {
		errs["ids"] = validation.NewError("out_of_range", fmt.Sprintf("Give 1 to %d ids.", maxBulk))
	}
	if !slices.Contains([]string{"release", "confirm", "block"}, b.Action) {
		errs["action"] = validation.NewError("action_unknown", "Use release, confirm or block.")
	}
	if b.Action == "block" && !slices.Contains([]string{intake.BlockSender, intake.BlockDomain, intake.BlockNetwork}, b.Kind) {
		errs["kind"] = validation.NewError("kind_unknown", "Use sender, domain or network.")
	}
	if len(errs) > 0 {
		return errs
	}
	return nil
}

// decideOne gives the id of the case that a release opens.
func (p *plugin) decideOne(id string, b bulk, agent *desk.Agent) (opened string, err error) {
	switch b.Action {
	case "release":
		c, err := p.letIn(id, "", agent)
		if err != nil {
			return "", err
		}
		return c.Id, nil
	case "confirm":
		err = p.door.Confirm(p.app, id, agent)
	case "block":
		_, err = p.door.Block(p.app, id, intake.BlockRequest{Kind: b.Kind, Days: b.Days}, agent)
	}
	return "", err
}

// sentence says why nothing was decided on a message. What staff need not know
// of the inside is for the log.
func (p *plugin) sentence(e *core.RequestEvent, id string, err error) string {
	var refused *intake.BlockError
	if errors.As(err, &refused) {
		return refused.Sentence
	}
	var api *router.ApiError
	if errors.As(decisionFault(e, err), &api) {
		return api.Message
	}
	p.app.Logger().Error("quarantine: a message in a bulk failed", "feedback", id, "error", err)
	return "Something went wrong. Try it again."
}
