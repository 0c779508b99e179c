package page

import (
	"sort"
	"strings"
	"time"
)

// accept is what the file chooser offers: images, PDF, plain text and office documents.
const accept = "image/*,.heic,.pdf,.txt,.csv,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.odt,.ods"

// fields are the inputs of the form in the order in which the page shows them.
func fields() []string {
	return []string{"name", "email", "phone", "category", "order_no", "message", "attachments", "consent"}
}

// data is what a template sees. Its methods are the template's functions, bound to the page's locale.
type data struct {
	Locale, ShopName, Heading string
	V                         any // the view
	Links                     []LocaleLink
	Problems                  []Field // in page order, for the summary
	MaxMessage, TokenSeconds  int
	Text                      string // key of the error page's text
	Minutes                   int    // until a retry, for the error page
	Done                      *data  // success content inside the form page
	Asked                     *data  // success content for who must confirm his address; nil: nobody must
	Empty                     bool   // success content that the script fills in

	policy   string // Content-Security-Policy; "" is the usual one
	r        *Renderer
	base     string
	secret   bool // the address itself gives access
	member   bool // the address bears a member's reference
	location *time.Location
	values   map[string]string
	errors   map[string]string
}

// Field is an input as a template sees it: its value, its error in words (blank: none) and the
// ids that describe it.
type Field struct{ Name, Value, Text, DescribedBy string }

func (r *Renderer) data(locale, base, shop string) *data {
	return &data{r: r, Locale: known(locale), ShopName: strings.TrimSpace(shop), base: strings.TrimRight(base, "/")}
}

// setErrors turns error keys into words. "contact" is shown at the email field, what is no field of
// the page at the top.
func (p *data) setErrors(errors map[string]string) {
	p.errors = map[string]string{}
	place := map[string]bool{}
	for _, name := range fields() {
		place[name] = true
	}
	var general []string
	for name, key := range errors {
		if name == "contact" {
			name = "email"
		}
		text := p.errorText(key, name)
		if place[name] {
			p.errors[name] = text
		} else {
			general = append(general, text)
		}
	}
	sort.Strings(general)
	for i, text := range general {
		if i == 0 || text != general[i-1] {
			p.Problems = append(p.Problems, Field{Text: text})
		}
	}
	for _, name := range fields() {
		if text := p.errors[name]; text != "" {
			p.Problems = append(p.Problems, Field{Name: name, Text: text})
		}
	}
}

func (p *data) errorText(key, field string) string {
	for _, k := range []string{"error." + key + "_" + field, "error." + key} {
		if text, ok := p.r.text(p.Locale, k); ok {
			return text
		}
	}
	return p.T("error.invalid")
}

// T is the text of a key; args are pairs of placeholder and value, T("form.message_hint", "n", 5000).
func (p *data) T(key string, args ...any) string { return p.r.fill(p.Locale, key, args) }

// Field gives an input's state; hints are the ids of elements that explain it.
func (p *data) Field(name string, hints ...string) Field {
	f := Field{Name: name, Value: p.values[name], Text: p.errors[name]}
	f.DescribedBy = strings.Join(append(hints, name+"-error"), " ")
	return f
}

// Asset is the URL of a file in assets, with the version that lets it be cached for long.
func (p *data) Asset(name string) string { return p.base + "/assets/" + name + "?v=" + p.r.version }

// Accept is the file chooser's filter.
func (p *data) Accept() string { return accept }

// ScriptTexts are the texts that the script needs, each on one line: all errors and what only the script says.
func (p *data) ScriptTexts() []Option {
	var all []Option
	for key := range p.r.texts["en"] {
		for _, group := range []string{"error.", "js."} {
			if short, ok := strings.CutPrefix(key, group); ok {
				all = append(all, Option{Key: short, Label: strings.Join(strings.Fields(p.T(key)), " ")})
			}
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Key < all[j].Key })
	return all
}

// Author is who wrote a message of the conversation.
func (p *data) Author(m TrackMessage) string {
	if m.Mine {
		return p.T("track.you")
	}
	if m.Other {
		return p.T("track.other")
	}
	return or(p.ShopName, p.T("track.shop"))
}

// StatusKey is the case's status; one that visitors have no word for is shown as open.
func (p *data) StatusKey() string {
	v, _ := p.V.(TrackView)
	if _, ok := p.r.text(p.Locale, "status."+v.Status); !ok {
		return "open"
	}
	return v.Status
}

// StatusText is the key of the status in words.
func (p *data) StatusText() string { return "status." + p.StatusKey() }

// StatusHint is the key of a sentence that says what happens next.
func (p *data) StatusHint() string { return "track.next_" + p.StatusKey() }

// NoticeText is the key of what a visitor reads after he did something; what he can't have done is nothing.
func (p *data) NoticeText() string {
	v, _ := p.V.(TrackView)
	return "track.notice_" + v.Notice
}
