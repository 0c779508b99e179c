package hooks

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/captcha"
	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
)

func (p *plugin) bindIntake() {
	p.app.OnRecordCreateRequest(desk.Feedbacks).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "pocketdesk.intake", Priority: 999, Func: p.submit, // last, so that a host's own hooks go first
	})
	p.app.OnRecordCreate(desk.Feedbacks).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.intake.saved", Func: p.saved,
	})
}

// submit is the REST door.
func (p *plugin) submit(e *core.RecordRequestEvent) error {
	// RequestInfo holds what PocketBase made of the body; this is the body as sent
	body := map[string]any{}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	if errs := wrongTypes(body, strings.HasPrefix(e.Request.Header.Get("Content-Type"), "application/json")); len(errs) > 0 {
		return p.answerSubmit(e.RequestEvent, errs)
	}
	sent := []string{}
	for _, f := range e.Record.GetUnsavedFiles("attachments") {
		sent = append(sent, f.Name)
	}
	s := p.submission(e.RequestEvent, e.Record, body)
	if s.Request.FormToken != "" {
		e.Record.Set("source", desk.SourceForm)
	}
	if !p.originAllowed(e.RequestEvent, e.Record.GetString("form")) {
		return e.ForbiddenError("This form takes no messages from that site.", nil)
	}
	asked := p.door.AsksConfirmation(e.App, s)
	receipt, err := p.door.Receive(e.App, s)
	if err != nil {
		return p.answerSubmit(e.RequestEvent, err)
	}
	r := receipt.Feedback.Record.WithCustomData(true)
	r.Set("answer_by", desk.Date(receipt.AnswerBy))
	if asked { // whatever screening made of it
		r.Set("answer_by", "")
		r.Set("confirm_email", true)
	}
	if n := len(receipt.Feedback.Files()); n != len(sent) || !receipt.Again {
		r.SetRaw("attachments", sent) // also where screening kept none, so that the answer tells nothing of it
	}
	e.Record = r
	if err := apis.EnrichRecord(e.RequestEvent, r); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, r)
}

// submission gathers what came along with a visitor's message. What a visitor
// may not write is set by us.
func (p *plugin) submission(e *core.RequestEvent, r *core.Record, body map[string]any) intake.Submission {
	_, staffErr := desk.ReaderOf(e.App, e.Auth)
	staff := staffErr == nil
	source := r.GetString("source")
	blank, visitor := core.NewRecord(r.Collection()), desk.VisitorFields()
	for _, f := range r.Collection().Fields {
		if name := f.GetName(); !slices.Contains(visitor, name) {
			r.SetRaw(name, blank.GetRaw(name))
		}
	}
	r.Id = core.GenerateDefaultRandomId()
	if strings.HasPrefix(e.Request.Header.Get("Content-Type"), "multipart/") {
		// browsers send every line break of a form as two characters
		r.Set("message", strings.ReplaceAll(r.GetString("message"), "\r\n", "\n"))
	}
	r.Set("source", desk.SourceAPI)
	if staff && slices.Contains([]string{desk.SourcePhone, desk.SourceImport, "email", "widget"}, source) {
		r.Set("source", source)
	}
	request := p.request(e, body)
	request.Authenticated = staff
	return intake.Submission{Feedback: desk.AsFeedback(r), Request: request, Key: e.Request.Header.Get("Idempotency-Key")}
}

// request gathers what came along beside the record's own fields.
func (p *plugin) request(e *core.RequestEvent, body map[string]any) *intake.Request {
	text := func(name string) string {
		if body[name] == nil {
			return ""
		}
		return fmt.Sprint(body[name]) // a number in the honeypot is none the better
	}
	h := e.Request.Header
	r := &intake.Request{
		UserAgent: e.Request.UserAgent(), AcceptLanguage: h.Get("Accept-Language"), Accept: h.Get("Accept"),
		SecFetchSite: h.Get("Sec-Fetch-Site"), Origin: h.Get("Origin"),
		Honeypot: text("website"), FormToken: text("form_token"), Pow: body["pow"], Input: text("input"),
		Captcha: text("captcha"),
	}
	if s, err := desk.LoadSettings(e.App); err == nil && r.Captcha == "" {
		r.Captcha = text(captcha.TokenField(s.Captcha.Provider)) // under the name that the provider's own script gives it
	}
	r.IP, _ = netip.ParseAddr(e.RealIP())
	if e.Auth != nil {
		r.Caller = e.Auth.Collection().Id + "/" + e.Auth.Id
	}
	return r
}

// maxExact is the largest whole number that survives JSON as a number (RFC 8259, section 6).
const maxExact = 1<<53 - 1

// wrongTypes names the fields whose value is no text, which PocketBase would
// take for an empty one or turn into another. A form has texts only, in which
// PocketBase sees truth values; in JSON they were meant as such.
func wrongTypes(body map[string]any, isJSON bool) intake.FieldErrors {
	errs := intake.FieldErrors{}
	for _, name := range desk.VisitorFields() {
		if name == "attachments" {
			continue
		}
		ok := false
		switch v := body[name].(type) {
		case nil, string:
			ok = true
		case bool:
			ok = !isJSON || strings.HasSuffix(name, "consent")
		case float64:
			ok = math.Abs(v) <= maxExact
		}
		if !ok {
			errs[name] = "type"
		}
	}
	return errs
}

// originAllowed honours a form's list of sites; without a list every site may post.
func (p *plugin) originAllowed(e *core.RequestEvent, form string) bool {
	origin := e.Request.Header.Get("Origin")
	f, err := desk.FindForm(e.App, form)
	if origin == "" || err != nil || len(f.AllowedOrigins) == 0 || slices.Contains(f.AllowedOrigins, origin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, e.Request.Host)
}

// answerSubmit turns what the door says into an answer for programs.
func (p *plugin) answerSubmit(e *core.RequestEvent, err error) error {
	var fields intake.FieldErrors
	switch {
	case errors.As(err, &fields):
		data := map[string]any{}
		for name, key := range fields {
			data[name] = fieldFault{key, fieldSentence(key)}
		}
		return apis.NewBadRequestError("Some fields can't be taken as they are.", data)
	case errors.Is(err, intake.ErrTooMany):
		e.Response.Header().Set("Retry-After", "3600")
		return apis.NewTooManyRequestsError("Too many messages from this address; try again in an hour.", nil)
	case errors.Is(err, intake.ErrKeyMismatch):
		return apis.NewApiError(http.StatusUnprocessableEntity, "This Idempotency-Key came before with another body.", nil)
	}
	return apis.NewInternalServerError("", err)
}

// fieldFault is a field's error as PocketBase's answers carry it.
type fieldFault struct{ code, message string }

func (f fieldFault) Code() string  { return f.code }
func (f fieldFault) Error() string { return f.message }

func fieldSentence(key string) string {
	if s, ok := map[string]string{
		"required":         "This field is required.",
		"contact_required": "Give a mail address or a phone number.",
		"email_invalid":    "This is no mail address.",
		"phone_invalid":    "This is no phone number; begin with + and the country code.",
		"too_long":         "This is too long.",
		"characters":       "Control characters and broken text can't be taken.",
		"type":             "This must be a text.",
		"file_type":        "Files of this kind can't be taken.",
		"file_size":        "A file may have 10 MB.",
		"file_count":       "Three files may be sent.",
		"category_unknown": "This form doesn't offer that category.",
		"form_unknown":     "There is no such form.",
		"form_disabled":    "This form is disabled.",
		"members_only":     "Only members may write here; sign in at the shop first.",
	}[key]; ok {
		return s
	}
	return "This value is not valid."
}

// saved is the door for a record that the host saves by itself: no request
// stands behind it, so only its text is screened.
func (p *plugin) saved(e *core.RecordEvent) error {
	if !p.on() || desk.Own(e.Context) {
		return e.Next()
	}
	if e.Record.GetString("source") == "" {
		e.Record.Set("source", desk.SourceHost)
	}
	app := e.App
	defer func() { e.App = app }()
	_, err := p.door.ReceiveSaved(app, desk.AsFeedback(e.Record), func(tx core.App) error {
		e.App = tx
		return e.Next()
	})
	return err
}
