package hooks

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/screening"
)

// countFor is how long a look at the numbers waits until they are counted.
const countFor = 2 * time.Second

// bindScreening tells staff what screening did and what other thresholds would do.
func (p *plugin) bindScreening() {
	counter := screening.NewCounter(p.app)
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.screening",
		Func: func(e *core.ServeEvent) error {
			if !p.on() {
				return e.Next()
			}
			e.Router.GET("/api/desk/screening", p.works(p.screeningReport(counter)))
			e.Router.GET("/api/desk/screening/replay", p.works(p.screeningReplay(counter)))
			if err := e.Next(); err != nil {
				return err
			}
			counter.Start()
			return nil
		},
	})
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.screening.stop",
		Func: func(e *core.TerminateEvent) error {
			counter.Stop()
			return e.Next()
		},
	})
	for id, field := range map[string]string{desk.Feedbacks: "id", desk.Verdicts: "feedback"} {
		p.app.OnRecordDeleteRequest(id).Bind(&hook.Handler[*core.RecordRequestEvent]{
			Id: "pocketdesk.screening.keep." + id, Func: func(e *core.RecordRequestEvent) error { return keepCounts(e, field) },
		})
	}
}

// keepCounts leaves the numbers of a message that somebody deletes by hand in
// the screening days.
func keepCounts(e *core.RecordRequestEvent, field string) error {
	app := e.App
	defer func() { e.App = app }()
	return app.RunInTransaction(func(tx core.App) error {
		e.App = tx
		if err := desk.KeepCounts(tx, e.Record.GetString(field)); err != nil {
			return err
		}
		return e.Next()
	})
}

func (p *plugin) screeningReport(counter *screening.Counter) staffHandler {
	return func(e *core.RequestEvent, _ *desk.Agent) error {
		days, err := wholeNumber(e.Request.URL.Query(), "days", 7)
		if err != nil {
			return err
		}
		counting, err := counter.Fresh(countFor)
		if err != nil {
			return err
		}
		report, err := screening.Week(p.app, days)
		if err != nil {
			return screeningFault(err)
		}
		report.Counting = counting
		if report.Model, err = p.learning.State(); err != nil {
			return err
		}
		return e.JSON(http.StatusOK, report)
	}
}

func (p *plugin) screeningReplay(counter *screening.Counter) staffHandler {
	return func(e *core.RequestEvent, agent *desk.Agent) error {
		ask, err := p.question(e.Request.URL.Query(), agent)
		if err != nil {
			return err
		}
		counting, err := counter.Fresh(countFor)
		if err != nil {
			return err
		}
		replay, err := screening.Try(p.app, ask)
		if err != nil {
			return screeningFault(err)
		}
		replay.Counting = counting
		return e.JSON(http.StatusOK, replay)
	}
}

// question reads what a replay is asked for; the thresholds of the settings where none are given.
func (p *plugin) question(q url.Values, agent *desk.Agent) (screening.Question, error) {
	ask := screening.Question{Sees: agent.Sees}
	settings, err := desk.LoadSettings(p.app)
	if err != nil {
		return ask, err
	}
	now := settings.Thresholds
	if ask.Days, err = wholeNumber(q, "days", screening.MaxDays); err != nil {
		return ask, err
	}
	if ask.Thresholds.Quarantine, err = points(q, "quarantine", now.Quarantine); err != nil {
		return ask, err
	}
	ask.Thresholds.Block, err = points(q, "block", now.Block)
	return ask, err
}

// wholeNumber reads a number of the query; absent if it isn't there.
func wholeNumber(q url.Values, name string, absent int) (int, error) {
	if !q.Has(name) {
		return absent, nil
	}
	n, err := strconv.Atoi(q.Get(name))
	if err != nil {
		return 0, validation.Errors{name: validation.NewError("number", "Use a whole number.")}
	}
	return n, nil
}

// points is wholeNumber for points. What is no finite number is refused by the
// station as any that is out of range.
func points(q url.Values, name string, absent float64) (float64, error) {
	if !q.Has(name) {
		return absent, nil
	}
	n, err := strconv.ParseFloat(q.Get(name), 64)
	if err != nil {
		return 0, validation.Errors{name: validation.NewError("number", "Use a number.")}
	}
	return n, nil
}

func screeningFault(err error) error {
	switch {
	case errors.Is(err, screening.ErrDays):
		return validation.Errors{"days": validation.NewError("out_of_range", "Use 1 to 90 days.")}
	case errors.Is(err, screening.ErrThresholds):
		return validation.Errors{"block": validation.NewError("out_of_range",
			"Use points above 0, up to 1000, with quarantine half a point or more below block.")}
	}
	return err
}
