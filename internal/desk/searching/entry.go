package searching

import (
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/phone"
)

// Kinds of documents.
const (
	kindCase     = 1
	kindSent     = 2 // order number and files of a submission
	kindIn       = 3
	kindOut      = 4
	kindNote     = 5
	kindContact  = 6
	kindIdentity = 7
)

// Marks begin tokens that no text has.
const (
	markTeam    = "·t" // of a case's documents: the team, or 0
	markChannel = "·c" // of a message
	markFile    = "·f" // a message or submission with files
	markTag     = "·g" // of a case
	markPerson  = "·p" // contacts and identities
	markCopy    = "·o" // words of those who got a copy of a message
	markEnd     = "·e" // digits of a phone number from behind
)

// entry is what the index has of a record.
type entry struct {
	kind   int
	number int // of the case; 0 for people
	record string
	team   string
	words  string // tokens in order, each once; without the team's
}

func (e *entry) all() string {
	if e.number == 0 {
		return e.words
	}
	return strings.TrimSpace(e.words + " " + teamToken(e.team))
}

func teamToken(team string) string {
	if team == "" {
		team = "0"
	}
	return markTeam + team
}

// tokens gathers those of several texts.
type tokens struct {
	x   *Index
	all []string
}

func (t *tokens) add(token string) { t.all = append(t.all, token) }

func (t *tokens) text(s string) { t.x.folder.Tokens(s, t.add) }

func (t *tokens) join() string {
	slices.Sort(t.all)
	return strings.Join(slices.Compact(t.all), " ")
}

// entryOf reads what a record of one of our collections gives to the index, as
// it stands in the database. nil where it gives nothing.
func (x *Index) entryOf(tx core.App, collection, id string) (*entry, error) {
	var e *entry
	var err error
	switch collection {
	case desk.Messages:
		e, err = x.messageEntry(tx, id)
	case desk.Cases:
		e, err = x.caseEntry(tx, id)
	case desk.Contacts:
		e, err = x.contactEntry(tx, id)
	case desk.Identities:
		e, err = x.identityEntry(tx, id)
	case desk.Feedbacks:
		e, err = x.sentEntry(tx, id)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return e, err
}

func table(app core.App, id string) string { return `"` + desk.Name(app, id) + `"` }

// messageRow is what of a message is searched; lists are JSON.
type messageRow struct {
	direction, channel, subject, body, files, names, fromAddr, fromName, cc, bcc string
}

func (x *Index) messageEntry(tx core.App, id string) (*entry, error) {
	e, m := &entry{record: id}, messageRow{}
	err := desk.Row(tx, `SELECT m.direction, m.channel, m.subject, m.body, m.attachments, COALESCE(m.attachment_names, ''), m.from_addr, m.from_name, COALESCE(m.cc, ''), COALESCE(m.bcc, ''), c.number, c.team
		FROM `+table(tx, desk.Messages)+` m JOIN `+table(tx, desk.Cases)+` c ON c.id = m."case" WHERE m.id = ?`, []any{id},
		&m.direction, &m.channel, &m.subject, &m.body, &m.files, &m.names, &m.fromAddr, &m.fromName, &m.cc, &m.bcc, &e.number, &e.team)
	if err != nil {
		return nil, err
	}
	return x.fromMessage(e, m), nil
}

// fromMessage leaves out what the system writes by itself: acknowledgements are
// all alike, and would be found by every word of theirs.
func (x *Index) fromMessage(e *entry, m messageRow) *entry {
	if m.channel == desk.ChannelSystem {
		return nil
	}
	e.kind = kindOf(m.direction)
	t := tokens{x: x}
	for _, s := range []string{m.subject, m.body, m.fromAddr, m.fromName} {
		t.text(s)
	}
	t.add(markChannel + m.channel)
	if m.files != "" && m.files != "[]" {
		t.add(markFile)
		for _, name := range namesIn(m.names, m.files) {
			t.text(name)
		}
	}
	for _, s := range append(addressees(m.cc), addressees(m.bcc)...) {
		t.text(s)
		x.folder.Tokens(s, func(token string) { t.add(markCopy + token) })
	}
	e.words = t.join()
	return e
}

func kindOf(direction string) int {
	switch direction {
	case desk.Out:
		return kindOut
	case desk.Note:
		return kindNote
	}
	return kindIn
}

// namesIn are the names of files as given, else as stored.
func namesIn(given, stored string) []string {
	names := map[string]string{}
	var list, out []string
	_ = json.Unmarshal([]byte(given), &names)
	if json.Unmarshal([]byte(stored), &list) != nil {
		list = []string{stored}
	}
	for _, name := range list {
		if n := names[name]; n != "" {
			name = n
		}
		out = append(out, name)
	}
	return out
}

func addressees(list string) []string {
	var all []desk.Addressee
	if list == "" || json.Unmarshal([]byte(list), &all) != nil {
		return nil
	}
	var out []string
	for _, a := range all {
		out = append(out, a.Name, a.Addr)
	}
	return out
}

func (x *Index) caseEntry(tx core.App, id string) (*entry, error) {
	e := &entry{kind: kindCase, record: id}
	var subject, summary, tags string
	err := desk.Row(tx, `SELECT number, team, subject, summary, COALESCE(tags, '') FROM `+table(tx, desk.Cases)+` WHERE id = ?`, []any{id},
		&e.number, &e.team, &subject, &summary, &tags)
	if err != nil {
		return nil, err
	}
	return x.fromCase(e, subject, summary, tags), nil
}

func (x *Index) fromCase(e *entry, subject, summary, tags string) *entry {
	t := tokens{x: x}
	t.text(subject)
	t.text(summary)
	for _, tag := range tagsIn(tags) {
		t.text(tag)
		t.add(x.tagToken(tag))
	}
	e.words = t.join()
	return e
}

func tagsIn(list string) (tags []string) {
	_ = json.Unmarshal([]byte(list), &tags)
	return tags
}

// tagToken is a whole tag as one token.
func (x *Index) tagToken(tag string) string {
	return markTag + strings.Join(strings.FieldsFunc(x.folder.Fold(tag), func(r rune) bool {
		return r < 0x80 && !(r >= 'a' && r <= 'z') && !(r >= '0' && r <= '9')
	}), "·")
}

// sentRow is what of a submission is searched beside its words, which stand in
// the first message.
type sentRow struct{ order, files, names string }

// sentEntry stands under the case that the submission opened.
func (x *Index) sentEntry(tx core.App, feedback string) (*entry, error) {
	e, s := &entry{record: feedback}, sentRow{}
	err := desk.Row(tx, `SELECT f.order_no, f.attachments, COALESCE(f.attachment_names, ''), c.number, c.team FROM `+table(tx, desk.Feedbacks)+` f JOIN `+table(tx, desk.Cases)+` c ON c.feedback = f.id
		WHERE f.id = ? ORDER BY c.number LIMIT 1`, []any{feedback}, &s.order, &s.files, &s.names, &e.number, &e.team)
	if err != nil {
		return nil, err
	}
	return x.fromSent(e, s), nil
}

func (x *Index) fromSent(e *entry, s sentRow) *entry {
	e.kind = kindSent
	t := tokens{x: x}
	t.text(s.order)
	if s.files != "" && s.files != "[]" {
		t.add(markFile)
		for _, name := range namesIn(s.names, s.files) {
			t.text(name)
		}
	}
	if len(t.all) == 0 {
		return nil
	}
	e.words = t.join()
	return e
}

func (x *Index) contactEntry(tx core.App, id string) (*entry, error) {
	e := &entry{kind: kindContact, record: id}
	var name string
	if err := desk.Row(tx, `SELECT name FROM `+table(tx, desk.Contacts)+` WHERE id = ?`, []any{id}, &name); err != nil {
		return nil, err
	}
	return x.fromContact(e, name), nil
}

func (x *Index) fromContact(e *entry, name string) *entry {
	t := tokens{x: x}
	t.text(name)
	t.add(markPerson)
	e.words = t.join()
	return e
}

func (x *Index) identityEntry(tx core.App, id string) (*entry, error) {
	e := &entry{kind: kindIdentity, record: id}
	var kind, value string
	err := desk.Row(tx, `SELECT kind, value FROM `+table(tx, desk.Identities)+` WHERE id = ?`, []any{id}, &kind, &value)
	if err != nil {
		return nil, err
	}
	return x.fromIdentity(e, kind, value), nil
}

func (x *Index) fromIdentity(e *entry, kind, value string) *entry {
	t := tokens{x: x}
	t.text(value)
	t.add(markPerson)
	if kind == desk.KindPhone {
		for _, digits := range dialled(value) {
			t.add(digits)
		}
		t.add(markEnd + backwards(strings.TrimPrefix(value, "+")))
	}
	e.words = t.join()
	return e
}

// regions are those whose numbers are read as people there dial them.
func regions() []string { return []string{"TW", "JP", "CN"} }

// dialled are the digits of an E.164 number, and those dialled in its own region.
func dialled(value string) []string {
	out := []string{strings.TrimPrefix(value, "+")}
	for _, region := range regions() {
		if n, ok := phone.National(value, region); ok {
			out = append(out, n)
		}
	}
	return out
}

func backwards(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}
