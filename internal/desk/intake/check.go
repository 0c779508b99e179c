package intake

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/phone"
)

// FieldErrors says by field what is wrong with a submission. The values are
// keys of the pages' texts: required, contact_required, email_invalid,
// phone_invalid, too_long, characters, type, file_type, file_size, file_count,
// file_invalid, category_unknown, form_unknown, form_disabled, members_only, invalid.
type FieldErrors map[string]string

// Error implements error.
func (e FieldErrors) Error() string {
	return fmt.Sprintf("invalid submission: %v", map[string]string(e))
}

// check sets right what the door may set right and finds what it can't take.
func (in *Intake) check(app core.App, s Submission) error {
	f := s.Feedback
	errs := FieldErrors{}
	form, err := desk.FindForm(app, f.Form())
	switch {
	case errors.Is(err, desk.ErrNoForm):
		errs["form"] = "form_unknown"
	case errors.Is(err, desk.ErrFormOff) && s.Letter != nil: // a mailbox takes mail whatever form is shown
		f.Set("form", form.ID)
	case errors.Is(err, desk.ErrFormOff):
		errs["form"] = "form_disabled"
	case err != nil:
		return err
	default:
		f.Set("form", form.ID)
		if f.GetBool("consent") {
			f.Set("consent_version", form.ConsentVersion)
		}
		if key := f.Category(); key != "" && !form.Offers(key) {
			errs["category"] = "category_unknown"
		}
	}
	settings, err := desk.LoadSettings(app)
	if err != nil {
		return err
	}
	f.Set("locale", knownLocale(f.Locale(), s.Request, settings))
	checkTexts(f, errs)
	checkAddress(f, settings, errs)
	in.checkMember(s, settings, errs)
	if n := len(f.GetUnsavedFiles("attachments")); n > maxFiles && s.Letter == nil {
		errs["attachments"] = "file_count"
	}
	if len(errs) > 0 {
		return errs
	}
	if s.Letter != nil {
		return nil // its files are as they came, and bounded where it was read
	}
	return validate(app, f)
}

// maxFiles is how many files a form takes. A mail bears more.
const maxFiles = 3

// knownLocale is the visitor's language: as chosen, else as his browser asks,
// else the shop's.
func knownLocale(chosen string, r *Request, s *desk.Settings) string {
	if l := desk.KnownLocale(chosen); l != "" {
		return l
	}
	if r != nil {
		first, _, _ := strings.Cut(r.AcceptLanguage, ",")
		first, _, _ = strings.Cut(first, ";")
		if l := desk.KnownLocale(strings.TrimSpace(first)); l != "" {
			return l
		}
	}
	return s.Locale
}

// checkTexts refuses what no person types: control characters and broken
// UTF-8. Emoji, right-to-left text and every script pass as they are.
func checkTexts(f *desk.Feedback, errs FieldErrors) {
	for _, field := range f.Collection().Fields {
		t, ok := field.(*core.TextField)
		if !ok {
			continue
		}
		s := f.GetString(t.Name)
		if t.Max > 0 && utf8.RuneCountInString(s) > t.Max {
			errs[t.Name] = "too_long"
		} else if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return control(r, t.Name == "message") }) {
			errs[t.Name] = "characters"
		}
	}
	if strings.TrimSpace(f.Message()) == "" && errs["message"] == "" {
		errs["message"] = "required"
	}
}

func control(r rune, lines bool) bool {
	if lines && (r == '\n' || r == '\r' || r == '\t') {
		return false
	}
	return unicode.IsControl(r)
}

func checkAddress(f *desk.Feedback, s *desk.Settings, errs FieldErrors) {
	email, number := strings.TrimSpace(f.Email()), strings.TrimSpace(f.Phone())
	if email == "" && number == "" && errs["email"] == "" && errs["phone"] == "" {
		errs["email"] = "contact_required"
		return
	}
	if email != "" && errs["email"] == "" {
		if _, err := mail.NormalizeAddress(email); err != nil {
			errs["email"] = "email_invalid"
		}
	}
	if number != "" && email == "" && errs["phone"] == "" {
		// with a mail address beside it a number that can't be read is only text
		if _, ok := phone.E164(number, phone.Region(f.Locale()), phone.Region(s.Locale), "TW", "JP", "CN"); !ok {
			errs["phone"] = "phone_invalid"
		}
	}
}

// validate runs PocketBase's own checks, above all those of the files.
func validate(app core.App, f *desk.Feedback) error {
	err := app.Validate(f.Record)
	var fields validation.Errors
	if !errors.As(err, &fields) {
		return err
	}
	errs := FieldErrors{}
	for name, e := range fields {
		errs[name] = errorKey(e)
	}
	return errs
}

func errorKey(err error) string {
	var one validation.Error
	if !errors.As(err, &one) {
		return "invalid"
	}
	switch code := one.Code(); {
	case code == "validation_required":
		return "required"
	case code == "validation_max_text_constraint":
		return "too_long"
	case code == "validation_file_size_limit":
		return "file_size"
	case code == "validation_too_many_files":
		return "file_count"
	case code == "validation_invalid_mime_type":
		return "file_type"
	case strings.Contains(code, "file"):
		return "file_invalid"
	}
	return "invalid"
}
