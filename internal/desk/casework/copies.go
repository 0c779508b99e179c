package casework

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// maxCopies is how many copies, open and blind together, an answer may have.
const maxCopies = 20

// writeCopies checks who gets a copy of an answer and keeps the lists in one
// form. Addresses of our own would bring the mail back as a new message; whoever
// is named twice gets it once, and an open copy goes before a blind one.
func writeCopies(app core.App, m *desk.Message, to string) error {
	own, err := desk.OwnAddresses(app)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	if key, err := mail.NormalizeAddress(to); err == nil {
		seen[key] = true
	}
	n := 0
	for _, field := range []string{"cc", "bcc"} {
		given, err := readAddressees(m.GetString(field))
		if err != nil {
			return fieldError(field, "validation_copies", "Give a list of addresses.")
		}
		list := []desk.Addressee{}
		for _, a := range given {
			read, err := mail.ParseAddress(a.Addr)
			if err != nil {
				return fieldError(field, "validation_copies", fmt.Sprintf("%q is no mail address.", desk.Clip(a.Addr, 100)))
			}
			if desk.IsOwn(own, read.Addr) {
				return fieldError(field, "validation_own_address", read.Addr+" is the desk's own address; a copy would come back as a new message.")
			}
			key, err := mail.NormalizeAddress(read.Addr)
			if err != nil || seen[key] {
				continue
			}
			seen[key] = true
			if a.Name == "" {
				a.Name = read.Name
			}
			list = append(list, desk.Addressee{Name: desk.Clip(desk.OneLine(a.Name), 200), Addr: read.Addr})
		}
		if n += len(list); n > maxCopies {
			return fieldError(field, "validation_copies", fmt.Sprintf("An answer goes to %d copies at most.", maxCopies))
		}
		m.Set(field, list)
		if len(list) > 0 && strings.Contains(m.Body(), desk.TrackingLink) { // it opens all of the conversation
			return fieldError(field, "validation_secret_link", "This answer holds the visitor's own link, which is for nobody else. Take it out, or send no copies.")
		}
	}
	return nil
}

// readAddressees reads a list of texts or of {name, addr}, or a single one.
func readAddressees(raw string) ([]desk.Addressee, error) {
	raw = strings.TrimSpace(raw)
	if raw == "" || raw == "null" || raw == `""` {
		return nil, nil
	}
	var items []json.RawMessage
	if err := json.Unmarshal([]byte(raw), &items); err != nil {
		items = []json.RawMessage{json.RawMessage(raw)}
	}
	var out []desk.Addressee
	for _, item := range items {
		var a desk.Addressee
		if json.Unmarshal(item, &a.Addr) != nil {
			if err := json.Unmarshal(item, &a); err != nil {
				return nil, err
			}
		}
		if strings.TrimSpace(a.Addr) != "" {
			out = append(out, a)
		}
	}
	return out, nil
}
