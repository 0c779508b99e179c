package hooks

import (
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const (
	previewBytes = 1 << 20
	// a megabyte of text, each character of which JSON may write as six
	icalBytes = 6*calendar.MaxICal + 1024
)

// bindCalendars checks when a shop is open, and shows what that means.
func (p *plugin) bindCalendars() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.calendars",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.POST("/api/desk/calendars/preview", p.administers(p.previewCalendar)).Bind(apis.BodyLimit(previewBytes))
				e.Router.POST("/api/desk/calendars/ical", p.administers(p.readICal)).Bind(apis.BodyLimit(0)) // which says why
			}
			return e.Next()
		},
	})
	p.app.OnRecordValidate(desk.Calendars).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.check." + desk.Calendars,
		Func: func(e *core.RecordEvent) error {
			if errs := checkCalendar(e.Record); len(errs) > 0 {
				return errs
			}
			return e.Next()
		},
	})
	p.app.OnRecordDeleteRequest(desk.Calendars).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "pocketdesk.guard.calendars", Func: keepCalendar})
	forget := func(e *core.RecordEvent) error {
		desk.ForgetCalendars(e.App)
		return e.Next()
	}
	for _, id := range []string{desk.Calendars, desk.SettingsID} { // a calendar without a time zone has the shop's
		p.app.OnRecordAfterCreateSuccess(id).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.calendars.create." + id, Func: forget, Priority: -1})
		p.app.OnRecordAfterUpdateSuccess(id).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.calendars.update." + id, Func: forget, Priority: -1})
		p.app.OnRecordAfterDeleteSuccess(id).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.calendars.delete." + id, Func: forget, Priority: -1})
	}
}

func checkCalendar(r *core.Record) validation.Errors {
	plan, err := desk.PlanOf(r)
	if err == nil {
		_, err = plan.Calendar(time.UTC)
	}
	return planErrors(err)
}

// planErrors says of which field a plan's error is.
func planErrors(err error) validation.Errors {
	var wrong *calendar.PlanError
	if errors.As(err, &wrong) {
		return validation.Errors{wrong.Field: validation.NewError("calendar_"+wrong.Code, wrong.Error())}
	}
	if err != nil {
		return validation.Errors{"week": validation.NewError("calendar_shape", err.Error())}
	}
	return nil
}

// keepCalendar refuses to delete a calendar that something reckons by.
func keepCalendar(e *core.RecordRequestEvent) error {
	for _, id := range []string{desk.SettingsID, desk.SLAPolicies, desk.Teams} {
		n, err := e.App.CountRecords(id, dbx.HashExp{"calendar": e.Record.Id})
		if err != nil {
			return err
		}
		if n > 0 {
			return e.BadRequestError("This calendar is in use by "+desk.BaseName(id)+". Choose another one there first.", map[string]validation.Error{
				"id": validation.NewError("in_use_"+desk.BaseName(id), "Choose another calendar there first."),
			})
		}
	}
	return e.Next()
}

// readICal reads the whole days of an iCalendar file, for an admin to look at
// before they are saved.
func (p *plugin) readICal(e *core.RequestEvent, _ *desk.Agent) error {
	tooLarge := apis.NewApiError(http.StatusRequestEntityTooLarge, "A holiday file has at most 1 MB. Export the holidays alone, of a few years.", nil)
	if e.Request.ContentLength > icalBytes {
		return tooLarge
	}
	e.Request.Body = http.MaxBytesReader(e.Response, e.Request.Body, icalBytes)
	var body struct {
		Text string `json:"text"`
	}
	var long *http.MaxBytesError
	if err := e.BindBody(&body); errors.As(err, &long) {
		return tooLarge
	} else if err != nil {
		return e.BadRequestError("", nil)
	}
	days, skipped, err := calendar.ReadICal(body.Text, desk.Now(p.app))
	switch {
	case errors.Is(err, calendar.ErrICalTooLarge):
		return tooLarge
	case errors.Is(err, calendar.ErrNoICal):
		return refuse("text", "no_ical", "This is no iCalendar file. Choose one that ends in .ics.")
	case err != nil:
		return err
	}
	if days == nil {
		days = []calendar.ICalDay{}
	}
	if skipped == nil {
		skipped = []calendar.ICalSkipped{}
	}
	return e.JSON(http.StatusOK, map[string]any{"days": days, "skipped": skipped})
}
