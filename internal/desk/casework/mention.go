package casework

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// maxMentions bounds how many colleagues one note calls.
const maxMentions = 20

// readMentions checks whom a note calls: colleagues who may see its case. What
// isn't a note calls nobody.
func readMentions(app core.App, e Entry) error {
	m := e.Message
	given := m.GetStringSlice("mentions")
	if m.Direction() != desk.Note || len(given) == 0 {
		m.Set("mentions", nil)
		return nil
	}
	ids := []string{}
	for _, id := range given {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) > maxMentions {
		return fieldError("mentions", "validation_mentions", fmt.Sprintf("A note calls up to %d colleagues.", maxMentions))
	}
	for _, id := range ids {
		colleague, err := desk.FindAgent(app, id)
		if err != nil || !colleague.Works() {
			return fieldError("mentions", "validation_mentions", "One of those whom the note calls is no colleague any more.")
		}
		if !colleague.Sees(e.Case.Team()) {
			return fieldError("mentions", "validation_mentions", colleague.Name()+" can't see this case. Give the case to another team first, or leave the name out.")
		}
	}
	m.Set("mentions", ids)
	return nil
}

// tellMentioned tells those whom a saved note calls.
func tellMentioned(tx core.App, e Entry) error {
	m := e.Message
	notices := []desk.Notice{}
	for _, id := range m.GetStringSlice("mentions") {
		notices = append(notices, desk.Notice{Agent: id, Kind: desk.NoticeMention, Case: e.Case.Id, Message: m.Id, Actor: e.Agent.Id,
			Data: map[string]any{"number": e.Case.Number(), "text": desk.Clip(desk.OneLine(m.Body()), 160)}})
	}
	return desk.Notify(tx, notices...)
}

// signed is a text with the signature below it, once.
func signed(body, signature string) string {
	signature = strings.TrimSpace(strings.ReplaceAll(signature, "\r\n", "\n"))
	if signature == "" || strings.TrimSpace(body) == "" || strings.Contains(strings.ReplaceAll(body, "\r\n", "\n"), signature) {
		return body
	}
	return strings.TrimRight(body, " \t\r\n") + "\n\n" + signature
}
