package casework

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// leftOver is what of a template was not filled in.
var leftOver = regexp.MustCompile(`\{\{[^{}\n]{0,200}\}\}|\{%[^{}\n]{0,200}%\}`)

// noMarks refuses words that the visitor would get with the marks of a template in
// them: only templates are rendered. What repeats an earlier mail may have them.
func noMarks(e Entry) error {
	if e.AsTyped {
		return nil
	}
	for _, field := range []string{"body", "subject"} {
		for line := range strings.Lines(e.Message.GetString(field)) {
			if mark := leftOver.FindString(line); mark != "" && !strings.HasPrefix(strings.TrimSpace(line), ">") {
				return fieldError(field, "validation_liquid", "This still says "+mark+". Fill it in, or send it as it stands with anyway.")
			}
		}
	}
	return nil
}

// Typed tells whether the headings and rules of a text stand as they were typed:
// so it is but where the text came from a template, by key, that has such.
func Typed(app core.App, template string) (bool, error) {
	if template == "" {
		return true, nil
	}
	rows, err := app.FindAllRecords(desk.Templates, dbx.HashExp{"key": template})
	if err != nil {
		return false, fmt.Errorf("the template's looks: %w", err)
	}
	for _, r := range rows {
		if mail.HasHeadings(r.GetString("body")) {
			return false, nil
		}
	}
	return true, nil
}
