package hooks

import (
	"net/http"
	"strings"
	"unicode/utf8"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/topicking"
)

// maxTried is how many characters of a text are tried.
const maxTried = 10_000

// startTopics builds the station that suggests categories.
func (p *plugin) startTopics() {
	p.topics = topicking.New(p.app, topicking.Config{Commit: p.commit})
	p.work.Topic = p.topics.Suggest
}

func (p *plugin) bindTopics() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.topics",
		Func: func(e *core.ServeEvent) error {
			if !p.on() {
				return e.Next()
			}
			e.Router.GET("/api/desk/topics", p.reads(p.topicsState))
			e.Router.POST("/api/desk/topics/try", p.works(p.tryTopic)).Bind(apis.BodyLimit(64 << 10))
			if err := e.Next(); err != nil {
				return err
			}
			p.topics.Start()
			return nil
		},
	})
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.topics.stop",
		Func: func(e *core.TerminateEvent) error {
			if p.on() {
				p.topics.Stop()
			}
			return e.Next()
		},
	})
	p.app.OnRecordAfterDeleteSuccess(desk.TopicLessons).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.topics.forgotten",
		Func: func(e *core.RecordEvent) error {
			if p.on() {
				p.topics.Kick() // also when a person is erased: what was learned from him goes
			}
			return e.Next()
		},
	})
	p.app.OnRecordValidate(desk.SettingsID).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.topics.check",
		Func: func(e *core.RecordEvent) error {
			if errs := checkTopics(e.Record); len(errs) > 0 {
				return errs
			}
			return e.Next()
		},
	})
	p.job("pocketdesk.topics", "37 4 * * *", func() error { return p.topics.Tidy() })
}

func checkTopics(r *core.Record) validation.Errors {
	var t desk.Topics
	if raw := r.GetString("topics"); raw == "" || raw == "null" {
		return nil
	}
	if r.UnmarshalJSONField("topics", &t) != nil {
		return validation.Errors{"topics": validation.NewError("shape", "Use {\"off\": false, \"sure\": 0.6}.")}
	}
	if t.Sure != 0 && (t.Sure < .3 || t.Sure > .99) {
		return validation.Errors{"topics": validation.NewError("out_of_range", "Use a probability from 0.3 to 0.99.")}
	}
	return nil
}

func (p *plugin) topicsState(e *core.RequestEvent, _ *desk.Agent) error {
	state, err := p.topics.State()
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, state)
}

func (p *plugin) tryTopic(e *core.RequestEvent, _ *desk.Agent) error {
	var body struct {
		Text string `json:"text"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("Send {\"text\": \"…\"}.", nil)
	}
	switch n := utf8.RuneCountInString(body.Text); {
	case strings.TrimSpace(body.Text) == "":
		return e.BadRequestError("Give a text.", validation.Errors{"text": validation.NewError("required", "Give a text.")})
	case n > maxTried:
		return e.BadRequestError("The text is too long.", validation.Errors{"text": validation.NewError("too_long", "Use 10,000 characters or less.")})
	}
	tried, err := p.topics.Try(body.Text)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, tried)
}
