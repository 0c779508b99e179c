// Package page renders what a visitor sees: the form, its success page, the tracking page and the
// error pages. It knows templates, texts by locale and HTTP headers, and nothing of records.
//
//	r, err := page.New(page.Overlay("pb_public", pb_public.Files()))
//	mux.Handle("/support/assets/", r.Assets())
//	err = r.Form(w, page.FormView{
//		Locale: page.Locale(q.Get("lang"), cookie, req.Header.Get("Accept-Language"), "zh-TW"),
//		Base:   "/support", Action: "/support/f/contact", FormSlug: "contact",
//	})
//
// Every page is complete without JavaScript. Nothing is inline, so the pages run under the strict
// Content-Security-Policy that [Headers] sets.
package page

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxFile bounds one template, text or asset in bytes; what an override on disk holds is read whole.
const maxFile = 4 << 20

// Renderer renders pages from templates and texts that were read once. It is safe for concurrent use.
type Renderer struct {
	templates *template.Template
	texts     map[string]map[string]string
	assets    map[string]asset
	version   string
}

// New reads templates/*.html, locales/{locale}.json for each of [Locales], and assets/* from fsys.
// It fails if a template does not parse, a page is missing, or a text file is not one flat JSON
// object of strings. Changes on disk are seen by the next New.
func New(fsys fs.FS) (*Renderer, error) {
	r := &Renderer{}
	var err error
	if r.templates, err = parseTemplates(fsys); err != nil {
		return nil, err
	}
	if r.texts, err = loadTexts(fsys); err != nil {
		return nil, err
	}
	if r.assets, r.version, err = loadAssets(fsys); err != nil {
		return nil, err
	}
	return r, nil
}

func parseTemplates(fsys fs.FS) (*template.Template, error) {
	names, err := fs.Glob(fsys, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	all := template.New("")
	for _, name := range names {
		text, err := readFile(fsys, name)
		if err != nil {
			return nil, err
		}
		if _, err := all.New(name).Parse(string(text)); err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
	}
	for _, name := range []string{"form", "success", "track", "confirm", "escalation", "error"} {
		if all.Lookup(name) == nil {
			return nil, fmt.Errorf("templates define no page %q", name)
		}
	}
	return all, nil
}

// Form writes the form page. The status is 200; with errors 422, or 429 if one is "rate_limited".
// On an error nothing has been written.
func (r *Renderer) Form(w http.ResponseWriter, v FormView) error {
	p := r.data(v.Locale, v.Base, v.ShopName)
	p.V, p.Heading = v, or(v.Texts.Title, p.T("form.title"))
	p.values = map[string]string{"name": v.Values.Name, "email": v.Values.Email, "phone": v.Values.Phone,
		"order_no": v.Values.OrderNo, "message": v.Values.Message}
	p.setErrors(v.Errors)
	p.Links = v.LocaleLinks
	if p.Links == nil {
		p.Links = localeLinks(p.Locale)
		for i := range p.Links {
			p.Links[i].URL = KeepMember(p.Links[i].URL, v.Values.MemberRef)
		}
	}
	p.MaxMessage = v.maxMessage()
	ttl := v.TokenTTL
	if ttl <= 0 {
		ttl = 30 * time.Minute
	}
	p.TokenSeconds = int(ttl / time.Second)
	p.Done = r.success(v, false)
	if v.Confirm {
		p.Asked = r.success(v, true)
	}
	if v.Captcha.Field != "" {
		p.policy = policyWith(v.Captcha)
	}
	p.member = v.Values.MemberRef != ""
	return r.write(w, "form", formStatus(v.Errors), p)
}

// success is what the script shows in place of the form.
func (r *Renderer) success(form FormView, confirm bool) *data {
	v := form.Success
	v.Locale, v.Base, v.ShopName, v.Confirm = form.Locale, form.Base, form.ShopName, confirm
	v.FormURL = or(v.FormURL, KeepMember(form.Action, form.Values.MemberRef))
	p := r.successData(v)
	p.Empty = true
	return p
}

func (r *Renderer) successData(v SuccessView) *data {
	p := r.data(v.Locale, v.Base, v.ShopName)
	p.Text, p.Heading = "success.body", or(v.Title, p.T("success.title"))
	if v.Confirm {
		p.Text, p.Heading, v.Body, v.AnswerBy = "success.confirm_body", p.T("success.confirm_title"), "", time.Time{}
	}
	p.V, p.location = v, v.Location
	return p
}

// Success writes the page that follows a submission, with status 200.
func (r *Renderer) Success(w http.ResponseWriter, v SuccessView) error {
	return r.write(w, "success", http.StatusOK, r.successData(v))
}

// Confirm writes the page by which a visitor confirms his address: 200, or 404 if the link is gone. Its address is
// a secret, as that of [Renderer.Track] is.
func (r *Renderer) Confirm(w http.ResponseWriter, v ConfirmView) error {
	status := http.StatusOK
	switch v.State {
	case ConfirmAsk, ConfirmDone, ConfirmAgain:
	default:
		v.State, status = ConfirmGone, http.StatusNotFound
	}
	p := r.data(v.Locale, v.Base, v.ShopName)
	p.V, p.Heading, p.Text, p.location = v, p.T("confirm."+v.State), "confirm."+v.State+"_text", v.Location
	p.Links = localeLinks(p.Locale)
	p.secret = true
	return r.write(w, "confirm", status, p)
}

// maxReply is how long a message on the tracking page may be, in characters.
const maxReply = 20_000

// Track writes the tracking page of one case: 200, or as [Renderer.Form] if its reply had errors. The
// address is a secret, so no referrer leaves the page and no robot keeps it.
func (r *Renderer) Track(w http.ResponseWriter, v TrackView) error {
	p := r.data(v.Locale, v.Base, v.ShopName)
	p.V, p.Heading, p.location = v, or(v.Subject, p.T("track.title")), v.Location
	p.Links = localeLinks(p.Locale)
	p.values = map[string]string{"message": v.ReplyText}
	p.MaxMessage = maxReply
	p.setErrors(v.Errors)
	p.secret = true
	return r.write(w, "track", formStatus(v.Errors), p)
}

// Error writes an error page. The status follows Kind: not_found and gone 404, joined 410, form_disabled 403, too_many 429,
// anything else 500. RetryAfter, if positive, is also sent as Retry-After (RFC 9110 section 10.2.3).
func (r *Renderer) Error(w http.ResponseWriter, v ErrorView) error {
	status, kind := http.StatusInternalServerError, "server"
	switch v.Kind {
	case "not_found", "gone":
		status, kind = http.StatusNotFound, v.Kind
	case "joined":
		status, kind = http.StatusGone, v.Kind
	case "form_disabled":
		status, kind = http.StatusForbidden, v.Kind
	case "too_many":
		status, kind = http.StatusTooManyRequests, v.Kind
	}
	p := r.data(v.Locale, v.Base, v.ShopName)
	p.V, p.Heading, p.Text = v, p.T("fail."+kind), "fail."+kind+"_text"
	p.secret = v.Secret
	if kind == "gone" || kind == "joined" {
		p.Links = localeLinks(p.Locale)
	}
	if v.RetryAfter > 0 {
		p.Minutes = int(math.Ceil(v.RetryAfter.Minutes()))
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(v.RetryAfter.Seconds()))))
	}
	return r.write(w, "error", status, p)
}

// write renders to a buffer first: a page that fails half way must not reach anyone.
func (r *Renderer) write(w http.ResponseWriter, name string, status int, p *data) error {
	var page bytes.Buffer
	if err := r.templates.ExecuteTemplate(&page, name, p); err != nil {
		return fmt.Errorf("render page %s: %w", name, err)
	}
	h := w.Header()
	Headers(h)
	if p.policy != "" {
		h.Set("Content-Security-Policy", p.policy)
		// the provider looks at the site's name, which is all that it gets
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	}
	if p.member {
		h.Set("Referrer-Policy", "strict-origin")
	}
	if p.secret {
		h.Set("X-Robots-Tag", "noindex")
		h.Set("Referrer-Policy", "no-referrer")
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", p.Locale)
	h.Set("Content-Length", strconv.Itoa(page.Len()))
	w.WriteHeader(status)
	if _, err := w.Write(page.Bytes()); err != nil {
		return fmt.Errorf("write page %s: %w", name, err)
	}
	return nil
}

func formStatus(errors map[string]string) int {
	for _, key := range errors {
		switch key {
		case "rate_limited", "day_limit":
			return http.StatusTooManyRequests
		case "server":
			return http.StatusInternalServerError
		}
	}
	if len(errors) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

func or(text, otherwise string) string {
	if strings.TrimSpace(text) == "" {
		return otherwise
	}
	return text
}

func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("read %s: larger than %d bytes", name, maxFile)
	}
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return text, nil
}
