package service

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Bounds of policies.
const (
	MaxPolicies = 100
	maxListed   = 100 // categories, channels, tags of one policy
	maxTag      = 60
)

var channelForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,29}$`)

// Check says what is wrong with a policy's record, by field; nothing where all is
// well. Lists that are left out are for all.
func Check(app core.App, r *core.Record) validation.Errors {
	errs := validation.Errors{}
	fault := func(field, code, sentence string) { errs[field] = validation.NewError(code, sentence) }
	given := 0
	for _, field := range []string{"first_response", "next_response", "resolution"} {
		s := r.GetString(field)
		if s == "" {
			continue
		}
		given++
		if _, err := calendar.ParseAmount(s); err != nil {
			fault(field, "amount", "Write working time such as 30m, 4h or 2d.")
		}
	}
	if given == 0 && !r.GetBool("usual") {
		fault("first_response", "none", "Give at least one of the three times.")
	}
	if n := r.GetFloat("warn_at"); n != 0 && (n < 1 || n > 99) {
		fault("warn_at", "out_of_range", "Warn after 1 to 99 percent of the time; 0 is 80.")
	}
	categories, err := desk.LoadCategories(app)
	for field, knows := range map[string]func(string) bool{
		"categories": func(s string) bool {
			return err != nil || slices.ContainsFunc(categories, func(c desk.Category) bool { return c.Key == s })
		},
		"priorities":   func(s string) bool { return slices.Contains([]string{"low", "normal", "high", "urgent"}, s) },
		"channels":     channelForm.MatchString,
		"contact_tags": func(s string) bool { return s != "" && utf8.RuneCountInString(s) <= maxTag },
	} {
		if sentence := wrongList([]byte(r.GetString(field)), knows); sentence != "" {
			fault(field, "list", sentence)
		}
	}
	if r.IsNew() {
		if n, err := app.CountRecords(desk.SLAPolicies); err == nil && n >= MaxPolicies {
			fault("name", "many", fmt.Sprintf("There are %d service levels already; delete one first.", MaxPolicies))
		}
	}
	return errs
}

func wrongList(raw []byte, knows func(string) bool) string {
	if len(raw) == 0 || string(raw) == `""` {
		return ""
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		return "Give a list of words, or none for all."
	}
	if len(list) > maxListed {
		return fmt.Sprintf("Give at most %d.", maxListed)
	}
	for _, s := range list {
		if !knows(s) {
			return fmt.Sprintf("“%s” is not known here; take it out.", desk.Clip(s, 60))
		}
	}
	return ""
}
