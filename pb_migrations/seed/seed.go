// Package seed holds the rows that a fresh shop starts with, in Taiwan's and mainland Chinese, Japanese
// and English: the contact form, categories, templates, keywords and settings. It knows no database; a
// migration reads it and writes records:
//
//	rows, err := seed.Templates()
//	for _, row := range rows { … }
//
// The texts are a start: shops change them, so nothing reads them again after the first migration.
package seed

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
)

//go:embed *.json
var files embed.FS

// Texts holds one text for each of Locales.
type Texts map[string]string

// Locales are the languages in which every visitor-facing text exists, the default one first.
func Locales() []string { return []string{"zh-TW", "zh-CN", "ja", "en"} }

// FormRow is the public form that a shop starts with.
type FormRow struct {
	Slug           string              `json:"slug"`
	ConsentVersion string              `json:"consent_version"` // stored with each feedback; raise it when Consent changes
	Texts          map[string]FormText `json:"texts"`           // by locale
}

// FormText is what the form says in one locale; plain text.
type FormText struct {
	Title        string `json:"title"`
	Intro        string `json:"intro"`
	SuccessTitle string `json:"success_title"`
	SuccessBody  string `json:"success_body"` // the page adds the receipt and the time of the answer
	Consent      string `json:"consent"`      // the label of the box that a visitor ticks
	PrivacyNote  string `json:"privacy_note"`
}

// CategoryRow is one category. Key is the record's id.
type CategoryRow struct {
	Key             string              `json:"key"`
	Position        int                 `json:"position"`
	DefaultPriority string              `json:"default_priority"` // low, normal, high or urgent
	Labels          Texts               `json:"labels"`
	Checklist       map[string][]string `json:"checklist"` // what to ask, by locale
}

// TemplateRow is one text in one locale. Subject and Body are Liquid. Where a member of staff has to write
// the answer itself, a reply has a line in full-width square brackets, ［…］, in every locale.
type TemplateRow struct {
	Key      string `json:"key"`
	Locale   string `json:"locale"`
	Kind     string `json:"kind"`     // ack, reply or system
	Category string `json:"category"` // a category's key, or "" for any
	Shortcut string `json:"shortcut"`
	Subject  string `json:"subject"`
	Body     string `json:"body"`
}

// KeywordRow is a rule: a message in which one of Words occurs gets Value. Words are to be compared after
// both sides are folded (NFKC, case); they are phrases, so that ordinary mail does not hold them.
type KeywordRow struct {
	Words  []string `json:"words"`
	Locale string   `json:"locale"`
	Effect string   `json:"effect"` // priority, category or tag
	Value  string   `json:"value"`
	Note   string   `json:"note"` // for staff: why it matters
}

// SettingsRow is what the settings start with.
type SettingsRow struct {
	Locale       string `json:"locale"`
	Timezone     string `json:"timezone"` // IANA name
	ShopName     Texts  `json:"shop_name"`
	ServiceHours Texts  `json:"service_hours"`
}

// Form reads the form with the slug "contact".
func Form() (FormRow, error) { return read[FormRow]("form.json") }

// Categories reads the categories in the order of their positions.
func Categories() ([]CategoryRow, error) { return read[[]CategoryRow]("categories.json") }

// Templates reads the acknowledgement, whose key is "ack", and the replies: one row for each key and locale.
func Templates() ([]TemplateRow, error) { return read[[]TemplateRow]("templates.json") }

// Confirmation reads the mail that asks to confirm an address, whose key is "confirm": one row for each locale.
func Confirmation() ([]TemplateRow, error) { return read[[]TemplateRow]("confirmation.json") }

// SMS reads the acknowledgement by text message, whose key is "ack_sms": one row for each locale.
func SMS() ([]TemplateRow, error) { return read[[]TemplateRow]("sms.json") }

// Problem are the mails to those who reported a fault that is mended: one row for each locale.
func Problem() ([]TemplateRow, error) { return read[[]TemplateRow]("problem.json") }

// Invite reads the mail that invites a guest to become a member, whose key is "member_invite": one row for each locale.
func Invite() ([]TemplateRow, error) { return read[[]TemplateRow]("invite.json") }

// Keywords reads the words that a shop must not miss.
func Keywords() ([]KeywordRow, error) { return read[[]KeywordRow]("keywords.json") }

// Settings reads the settings.
func Settings() (SettingsRow, error) { return read[SettingsRow]("settings.json") }

func read[T any](name string) (T, error) {
	var out T
	data, err := files.ReadFile(name)
	if err != nil {
		return out, fmt.Errorf("read seed: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		return out, fmt.Errorf("read seed %s: %w", name, err)
	}
	return out, nil
}
