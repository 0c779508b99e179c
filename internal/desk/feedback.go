package desk

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// Sources of a submission.
const (
	SourceForm   = "form"
	SourceAPI    = "api"
	SourceEmail  = "email"
	SourcePhone  = "phone"
	SourceImport = "import"
	SourceHost   = "host"
	SourceDemo   = "demo"
)

// DefaultForm is the slug of the form that a submission without one belongs to.
const DefaultForm = "contact"

// Feedback is what a visitor sent, as sent.
type Feedback struct{ core.BaseRecordProxy }

// AsFeedback wraps a record of the feedback collection.
func AsFeedback(r *core.Record) *Feedback {
	f := &Feedback{}
	f.SetProxyRecord(r)
	return f
}

// NewFeedback is a blank submission.
func NewFeedback(app core.App) (*Feedback, error) {
	r, err := New(app, Feedbacks)
	if err != nil {
		return nil, err
	}
	return AsFeedback(r), nil
}

// FindFeedback finds a submission by id.
func FindFeedback(app core.App, id string) (*Feedback, error) {
	r, err := app.FindRecordById(Feedbacks, id)
	if err != nil {
		return nil, err
	}
	return AsFeedback(r), nil
}

func (f *Feedback) Form() string     { return f.GetString("form") }
func (f *Feedback) Name() string     { return f.GetString("name") }
func (f *Feedback) Email() string    { return f.GetString("email") }
func (f *Feedback) Phone() string    { return f.GetString("phone") }
func (f *Feedback) Category() string { return f.GetString("category") }
func (f *Feedback) Subject() string  { return f.GetString("subject") }
func (f *Feedback) Message() string  { return f.GetString("message") }
func (f *Feedback) OrderNo() string  { return f.GetString("order_no") }
func (f *Feedback) Locale() string   { return f.GetString("locale") }
func (f *Feedback) Source() string   { return f.GetString("source") }
func (f *Feedback) Receipt() string  { return f.GetString("receipt") }
func (f *Feedback) Files() []string  { return f.GetStringSlice("attachments") }

// Title is what a list shows: the subject, else the message's beginning.
func (f *Feedback) Title() string {
	if s := OneLine(f.Subject()); s != "" {
		return Clip(s, 200)
	}
	return Clip(OneLine(f.Message()), 80)
}

// VisitorFields are the only fields that a visitor writes.
func VisitorFields() []string {
	return []string{
		"form", "name", "email", "phone", "category", "subject", "message", "order_no", "attachments",
		"locale", "page_url", "referrer", "consent", "marketing_consent", "member_ref",
	}
}

// KnownLocale is locale if visitors' texts exist in it, else the closest one, else "".
func KnownLocale(locale string) string {
	l := strings.ToLower(strings.ReplaceAll(locale, "_", "-"))
	switch {
	case l == "":
		return ""
	case strings.HasPrefix(l, "zh-hant"), l == "zh-tw", l == "zh-hk", l == "zh-mo":
		return "zh-TW"
	case l == "zh", strings.HasPrefix(l, "zh-"):
		return "zh-CN"
	case l == "ja", strings.HasPrefix(l, "ja-"):
		return "ja"
	case l == "en", strings.HasPrefix(l, "en-"):
		return "en"
	}
	return ""
}
