package hooks

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/page"
)

// maxForm bounds a posted form: three files of 10 MB and the texts. The page says
// so itself, so PocketBase's own limit is off for it.
const maxForm = 32 << 20

// maxMemberRef is what the record's field holds, in bytes.
const maxMemberRef = 500

func (p *plugin) bindPages() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.pages",
		Func: func(e *core.ServeEvent) error {
			if !p.on() {
				return e.Next()
			}
			r := e.Router
			r.GET(p.base+"/{$}", p.showForm).Bind(hideMember())
			r.POST(p.base+"/{$}", p.postForm).Bind(apis.BodyLimit(0))
			if p.base != "" {
				r.GET(p.base, p.showForm).Bind(hideMember())
				r.POST(p.base, p.postForm).Bind(apis.BodyLimit(0))
			}
			r.GET(p.base+"/f/{slug}", p.showForm).Bind(hideMember())
			r.POST(p.base+"/f/{slug}", p.postForm).Bind(apis.BodyLimit(0))
			// their addresses are secrets, and stay out of the log of requests
			r.GET(p.base+"/t/{token}", p.showTrack).Bind(apis.SkipSuccessActivityLog())
			r.POST(p.base+"/t/{token}", p.postTrack).Bind(apis.SkipSuccessActivityLog(), apis.BodyLimit(0))
			r.GET(p.base+"/t/{token}/files/{message}/{name}", p.serveTrackFile).Bind(apis.SkipSuccessActivityLog())
			r.GET(p.base+"/c/{token}", p.showConfirm).Bind(apis.SkipSuccessActivityLog())
			r.POST(p.base+"/c/{token}", p.postConfirm).Bind(apis.SkipSuccessActivityLog(), apis.BodyLimit(0))
			r.GET(p.base+"/assets/{name}", apis.WrapStdHandler(p.pages.Assets())).Bind(apis.SkipSuccessActivityLog())
			return e.Next()
		},
	})
}

const memberRefKey = "pocketdesk.member_ref"

// hideMember takes a member's reference out of the address before the log of
// requests reads it, which also tells of requests that fail later on: whoever
// holds the reference passes for that member until it expires.
func hideMember() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "pocketdesk.hideMember",
		Priority: apis.DefaultActivityLoggerMiddlewarePriority + 1, // within it, and before all that may refuse
		Func: func(e *core.RequestEvent) error {
			q := e.Request.URL.Query()
			if q.Has("member_ref") {
				e.Set(memberRefKey, q.Get("member_ref"))
				q.Del("member_ref")
				e.Request.URL.RawQuery = q.Encode()
			}
			if from := e.Request.Referer(); strings.Contains(from, "member_ref") { // a change of language
				from, _, _ = strings.Cut(from, "?")
				e.Request.Header.Set("Referer", from)
			}
			return e.Next()
		},
	}
}

// visit is what every page needs of a request.
type visit struct {
	locale   string
	settings *desk.Settings
	form     *desk.Form
}

func (p *plugin) visit(e *core.RequestEvent) (visit, error) {
	s, err := desk.LoadSettings(p.app)
	if err != nil {
		return visit{}, err
	}
	v := visit{settings: s}
	q := e.Request.URL.Query().Get("lang")
	if e.Request.Method == http.MethodPost {
		q = e.Request.PostFormValue("locale")
	}
	v.locale = page.Locale(q, "", e.Request.Header.Get("Accept-Language"), s.Locale)
	return v, nil
}

func (v visit) text(name string) string { return v.form.Texts[name].In(v.locale) }

func (p *plugin) showForm(e *core.RequestEvent) error {
	v, err := p.visit(e)
	if err != nil {
		return err
	}
	if v.form, err = desk.FindForm(p.app, e.Request.PathValue("slug")); err != nil {
		return p.showFault(e, v, err)
	}
	view := p.formView(e, v)
	if ref, _ := e.Get(memberRefKey).(string); len(ref) <= maxMemberRef && utf8.ValidString(ref) {
		view.Values.MemberRef = ref
	}
	return p.pages.Form(e.Response, view)
}

func (p *plugin) formView(e *core.RequestEvent, v visit) page.FormView {
	puzzle := p.door.Pow.Issue()
	f := page.FormView{
		Locale: v.locale, Action: e.Request.URL.Path, Base: p.base, FormSlug: v.form.Slug,
		FormToken: p.door.Tokens.Issue(v.form.ID), TokenTTL: 23 * time.Hour,
		Pow:      page.Pow{Salt: puzzle.Salt, Bits: puzzle.Bits, Signature: puzzle.Signature},
		ShopName: v.settings.ShopName.In(v.locale),
		Texts: page.FormTexts{
			Title: v.text("title"), Intro: v.text("intro"), Consent: v.text("consent"),
			PrivacyNote: v.text("privacy_note"), PrivacyURL: v.text("privacy_url"),
		},
		MaxMessage: 20_000, SubmitURL: "/api/collections/" + desk.Name(p.app, desk.Feedbacks) + "/records",
		FormsURL: "/api/desk/forms/" + v.form.Slug, IdempotencyKey: security.RandomString(24),
		Success: page.SuccessView{Title: v.text("success_title"), Body: v.text("success_body"), Location: v.settings.Location},
		Confirm: p.mayAskToConfirm(v.settings), Captcha: p.captchaView(v),
	}
	for _, c := range v.form.Categories {
		f.Categories = append(f.Categories, page.Option{Key: c.Key, Label: c.Labels.In(v.locale)})
	}
	return f
}

// postForm is the door for a browser without JavaScript.
func (p *plugin) postForm(e *core.RequestEvent) error {
	unread := readForm(e)
	v, err := p.visit(e)
	if err != nil {
		return err
	}
	if v.form, err = desk.FindForm(p.app, e.Request.PathValue("slug")); err != nil {
		return p.showFault(e, v, err)
	}
	f, err := desk.NewFeedback(p.app)
	if err != nil {
		return err
	}
	if unread != nil {
		return p.showErrors(e, v, f, unread)
	}
	body := map[string]any{}
	for name, values := range e.Request.PostForm {
		if len(values) > 0 {
			body[name] = values[0]
		}
	}
	for _, name := range desk.VisitorFields() {
		if s, ok := body[name].(string); ok && name != "attachments" && name != "form" {
			f.Set(name, s)
		}
	}
	f.Set("form", v.form.ID)
	f.Set("locale", v.locale)
	if files, err := e.FindUploadedFiles("attachments"); err == nil && len(files) > 0 {
		f.Set("attachments", files)
	}
	receipt, asked, err := p.receivePage(e, v, f, body)
	if err != nil {
		return p.showErrors(e, v, f, err)
	}
	return p.pages.Success(e.Response, page.SuccessView{
		Locale: v.locale, Base: p.base, ShopName: v.settings.ShopName.In(v.locale),
		Title: v.text("success_title"), Body: v.text("success_body"), Receipt: receipt.Feedback.Receipt(),
		AnswerBy: receipt.AnswerBy, Location: v.settings.Location,
		FormURL: page.KeepMember(e.Request.URL.Path, f.GetString("member_ref")), Confirm: asked,
	})
}

// receivePage takes a posted form; asked tells whether the visitor must confirm his address.
func (p *plugin) receivePage(e *core.RequestEvent, v visit, f *desk.Feedback, body map[string]any) (receipt *intake.Receipt, asked bool, err error) {
	if !f.GetBool("consent") {
		return nil, false, intake.FieldErrors{"consent": "consent_required"}
	}
	if !p.originAllowed(e, v.form.ID) {
		return nil, false, e.ForbiddenError("This form takes no messages from that site.", nil)
	}
	s := p.submission(e, f.Record, body)
	s.Feedback.Set("source", desk.SourceForm)
	if key, _ := body["idempotency_key"].(string); s.Key == "" {
		s.Key = key
	}
	asked = p.door.AsksConfirmation(p.app, s)
	receipt, err = p.door.Receive(p.app, s)
	if errors.Is(err, intake.ErrKeyMismatch) {
		s.Key = "" // the visitor went back and changed his message: it is a new one
		receipt, err = p.door.Receive(p.app, s)
	}
	return receipt, asked, err
}

// readForm reads a posted form. The error is for the visitor: a body that is too
// large, or one that broke off.
func readForm(e *core.RequestEvent) error {
	whole := e.Request.Body
	e.Request.Body = http.MaxBytesReader(nil, whole, maxForm)
	err := e.Request.ParseMultipartForm(4 << 20)
	var large *http.MaxBytesError
	switch {
	case err == nil, errors.Is(err, http.ErrNotMultipart):
		return nil
	case errors.As(err, &large):
		// a browser that is cut off while it sends shows no answer at all
		_, _ = io.CopyN(io.Discard, whole, 2*maxForm)
		return intake.FieldErrors{"attachments": "file_size"}
	}
	return intake.FieldErrors{"": "network"}
}

// showErrors shows the form again with what was typed and what is wrong.
func (p *plugin) showErrors(e *core.RequestEvent, v visit, f *desk.Feedback, err error) error {
	view := p.formView(e, v)
	var fields intake.FieldErrors
	switch {
	case errors.As(err, &fields):
		view.Errors = fields
	case errors.Is(err, intake.ErrTooMany):
		e.Response.Header().Set("Retry-After", "3600")
		view.Errors = map[string]string{"": "rate_limited"}
	default:
		p.app.Logger().Error("form", "error", err)
		view.Errors = map[string]string{"": "server"}
	}
	view.Values = page.FormValues{
		Name: f.Name(), Email: f.Email(), Phone: f.Phone(), Category: f.Category(), OrderNo: f.OrderNo(),
		Subject: f.Subject(), Message: f.Message(), Consent: f.GetBool("consent"),
		MemberRef: f.GetString("member_ref"),
	}
	return p.pages.Form(e.Response, view)
}

func (p *plugin) showFault(e *core.RequestEvent, v visit, err error) error {
	view := page.ErrorView{Locale: v.locale, Base: p.base, ShopName: v.settings.ShopName.In(v.locale), Kind: "server"}
	switch {
	case errors.Is(err, desk.ErrNoForm):
		view.Kind = "not_found"
	case errors.Is(err, desk.ErrFormOff):
		view.Kind = "form_disabled"
	default:
		p.app.Logger().Error("page", "error", err)
	}
	return p.pages.Error(e.Response, view)
}
