package privacy

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// quotes removes what repeats the words of a message that is about to go: what
// colleagues were told of it, and the words of a promise in it.
func (e eraser) quotes(message string) error {
	notices, err := e.tx.FindAllRecords(desk.Notices, dbx.HashExp{"message": message})
	if err != nil {
		return err
	}
	for _, r := range notices {
		if err := e.tx.Delete(r); err != nil {
			return err
		}
	}
	promises, err := e.tx.FindAllRecords(desk.Promises, dbx.HashExp{"message": message})
	if err != nil {
		return err
	}
	for _, r := range promises {
		r.Set("text", "")
		if err := desk.Save(e.tx, r); err != nil {
			return err
		}
	}
	return nil
}

// digests removes the mails to staff, and to those outside who were asked to take
// one of the cases on, that name it by its subject, whether they have left or not:
// tomorrow's doesn't name it.
func (e eraser) digests(cases map[string]bool) error {
	if len(cases) == 0 {
		return nil
	}
	numbers := make([]string, 0, len(cases))
	for id := range cases {
		c, err := desk.FindCase(e.tx, id)
		if err != nil {
			return err
		}
		numbers = append(numbers, strconv.Itoa(c.Number()))
	}
	names, err := regexp.Compile(`#(?:` + strings.Join(numbers, "|") + `)(?:\D|$)`)
	if err != nil {
		return err
	}
	rows, err := e.tx.FindAllRecords(desk.Outbox, dbx.NewExp("[[dedupe_key]] != '' AND ([[dedupe_key]] >= 'daily:' AND [[dedupe_key]] < 'daily;' OR [[dedupe_key]] >= 'told:' AND [[dedupe_key]] < 'told;' OR [[dedupe_key]] >= 'escalated:' AND [[dedupe_key]] < 'escalated;')"))
	if err != nil {
		return err
	}
	for _, r := range rows {
		p, err := desk.AsDelivery(r).Payload()
		if err != nil || !p.Alone() || !names.MatchString(p.Draft) {
			continue
		}
		if err := e.tx.Delete(r); err != nil {
			return err
		}
	}
	return nil
}

// shortest is how long an address is at least that a saved view is searched for:
// a short member number stands in many texts that are about something else.
const shortest = 5

// views removes saved views that look for one of the addresses: there is nobody
// any more whom they could find.
func (e eraser) views(under []address) error {
	rows, err := e.tx.FindAllRecords(desk.Views, dbx.NewExp("[[filter]] != ''"))
	if err != nil {
		return err
	}
	for _, r := range rows {
		text := strings.ToLower(r.GetString("filter") + "\n" + r.GetString("name"))
		for _, a := range under {
			if value := strings.ToLower(a.value); len(value) < shortest || !strings.Contains(text, value) {
				continue
			}
			if err := e.tx.Delete(r); err != nil {
				return err
			}
			break
		}
	}
	return nil
}
