package inbound

import (
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mailin"
)

// mark is a token of a case that a mail bears. Signed says that we made it.
type mark struct {
	token  string
	signed bool
}

// maxMarks bounds the tokens of one mail that are looked up. No mail of people's
// has more than a few.
const maxMarks = 20

// marks are a mail's tokens in the order in which they are believed: where it was
// delivered to, whom it is to, what it answers.
func (s *Station) marks(m *mailin.Mail) (out []mark, forged bool) {
	add := func(k mark) {
		if len(out) < maxMarks && !slices.ContainsFunc(out, func(o mark) bool { return o.token == k.token && o.signed == k.signed }) {
			out = append(out, k)
		}
	}
	for _, addr := range recipients(m) {
		if token, ok := plusToken(addr); ok {
			add(mark{token: token})
		}
	}
	for _, id := range references(m) {
		if token, ok := s.signer.ParseMessageID(id); ok {
			add(mark{token, true})
		} else if looksOurs.MatchString(id) {
			forged = true
		}
	}
	return out, forged
}

// looksOurs is the shape of our Message-IDs, see [mail.Signer.MessageID].
var looksOurs = regexp.MustCompile(`(?i)^<?desk-[a-z]+-[a-z0-9]+\.[a-z2-7]{26}\.[a-z2-7]{24}@`)

// recipients are the addresses that a mail was delivered or written to.
func recipients(m *mailin.Mail) []string {
	out := slices.Clone(m.Delivered)
	for _, a := range slices.Concat(m.To, m.Cc) {
		out = append(out, a.Addr)
	}
	return out
}

// references are the ids that a mail answers, the nearest first.
func references(m *mailin.Mail) []string {
	out := slices.Clone(m.InReplyTo)
	refs := slices.Clone(m.References)
	slices.Reverse(refs)
	return append(out, refs...)
}

// plusToken is the token in a plus-address of any base: a shop that changed its
// address still knows the answers to its old mail. The token is the secret.
func plusToken(addr string) (string, bool) {
	base, ok := untagged(addr, "+c-")
	if !ok {
		return "", false
	}
	return mail.ParsePlusAddress(base, addr)
}

// untagged is an address without the tag that begins with a mark.
func untagged(addr, with string) (string, bool) {
	addr = strings.Trim(strings.TrimSpace(addr), "<>")
	at := strings.LastIndexByte(addr, '@')
	if at < 0 {
		return "", false
	}
	cut := strings.LastIndex(strings.ToLower(addr[:at]), with)
	if cut < 1 {
		return "", false
	}
	return addr[:cut] + addr[at:], true
}

// delivery is the delivery in a return path of ours.
func (s *Station) delivery(addr string) (string, bool) {
	base, ok := untagged(addr, "+b-")
	if !ok {
		return "", false
	}
	return s.signer.ParseReturnPath(base, strings.Trim(addr, "<>"))
}

var (
	idsWithin   = regexp.MustCompile(`(?i)desk-[a-z]+-[a-z0-9]+\.[a-z2-7]{26}\.[a-z2-7]{24}@[a-z0-9.-]+`)
	pathsWithin = regexp.MustCompile(`(?i)[a-z0-9!#$%&'*+/=?^_{|}~.-]+\+b-[a-z0-9]+-[a-z2-7]{16}@[a-z0-9.-]+`)
)

// maxReport is how much of a report's parts is searched for marks of ours.
const maxReport = 1 << 20

// about is the mail of ours that a report speaks of: found by the return path
// that it came to, then by what it answers, then by what it holds of the original.
// Only what we signed is believed.
type about struct {
	delivery *desk.Delivery
	message  *desk.Message // nil for a mail about a submission that is no case
	caseID   string
}

func (a about) found() bool { return a.message != nil || a.caseID != "" || a.delivery != nil }

func (s *Station) about(app core.App, m *mailin.Mail) (about, error) {
	for _, addr := range recipients(m) {
		if id, ok := s.delivery(addr); ok {
			if a, err := s.byDelivery(app, id); a.found() || err != nil {
				return a, err
			}
		}
	}
	ids := references(m)
	within := embedded(m)
	for _, path := range pathsWithin.FindAllString(within, 20) {
		if id, ok := s.delivery(path); ok {
			if a, err := s.byDelivery(app, id); a.found() || err != nil {
				return a, err
			}
		}
	}
	for _, id := range append(ids, idsWithin.FindAllString(within, 20)...) {
		token, ok := s.signer.ParseMessageID(id)
		if !ok {
			continue
		}
		if a, err := s.byMessageID(app, "<"+strings.Trim(id, "<>")+">", token); a.found() || err != nil {
			return a, err
		}
	}
	for _, addr := range recipients(m) { // a desk without return paths of their own gets its bounces there
		if token, ok := plusToken(addr); ok {
			if a, err := s.byToken(app, token); a.found() || err != nil {
				return a, err
			}
		}
	}
	return about{}, nil
}

// embedded is all that a report says, its original included.
func embedded(m *mailin.Mail) string {
	var b strings.Builder
	write := func(s string) {
		if room := maxReport - b.Len(); room > 0 {
			b.WriteString(s[:min(len(s), room)])
			b.WriteByte('\n')
		}
	}
	write(m.Header.Get("X-Failed-Recipients"))
	for _, a := range m.Attachments {
		if strings.HasPrefix(a.Type, "message/") || strings.HasPrefix(a.Type, "text/") || strings.HasSuffix(a.Name, ".eml") {
			write(string(a.Data))
		}
	}
	write(m.Text)
	return b.String()
}

func (s *Station) byDelivery(app core.App, id string) (about, error) {
	r, err := app.FindRecordById(desk.Outbox, id)
	if errors.Is(err, sql.ErrNoRows) {
		return about{}, nil
	}
	if err != nil {
		return about{}, err
	}
	a := about{delivery: desk.AsDelivery(r)}
	if a.delivery.Message() == "" {
		return a, nil // about a submission that is no case
	}
	a.message, err = desk.FindMessage(app, a.delivery.Message())
	if errors.Is(err, sql.ErrNoRows) {
		return about{}, nil
	}
	if err == nil {
		a.caseID = a.message.Case()
	}
	return a, err
}

// byMessageID finds the message that went out under an id of ours; where it is
// gone, the case of its token.
func (s *Station) byMessageID(app core.App, id, token string) (about, error) {
	r := &core.Record{}
	err := app.RecordQuery(desk.Messages).AndWhere(dbx.HashExp{"message_id": []any{id, strings.ToLower(id)}, "direction": desk.Out}).
		AndWhere(dbx.NewExp("[[message_id]] != ''")).Limit(1).One(r) // as in the partial index, which is not used otherwise
	if errors.Is(err, sql.ErrNoRows) {
		return s.byToken(app, token)
	}
	if err != nil {
		return about{}, err
	}
	return s.byMessage(app, desk.AsMessage(r))
}

// byToken takes the latest mail of the case.
func (s *Station) byToken(app core.App, token string) (about, error) {
	_, c, err := caseOf(app, token)
	if c == nil || err != nil {
		return about{}, err
	}
	r := &core.Record{}
	err = app.RecordQuery(desk.Messages).AndWhere(dbx.HashExp{"case": c.Id, "direction": desk.Out}).
		AndWhere(dbx.NewExp("[[message_id]] != ''")).OrderBy("created DESC", "rowid DESC").Limit(1).One(r)
	if errors.Is(err, sql.ErrNoRows) {
		return about{caseID: c.Id}, nil
	}
	if err != nil {
		return about{}, err
	}
	return s.byMessage(app, desk.AsMessage(r))
}

func (s *Station) byMessage(app core.App, m *desk.Message) (about, error) {
	a := about{message: m, caseID: m.Case()}
	r := &core.Record{}
	err := app.RecordQuery(desk.Outbox).AndWhere(dbx.HashExp{"message": m.Id, "kind": "email"}).OrderBy("created DESC").Limit(1).One(r)
	switch {
	case err == nil:
		a.delivery = desk.AsDelivery(r)
	case !errors.Is(err, sql.ErrNoRows):
		return a, err
	}
	return a, nil
}

// caseOf is the case with a token, as it was opened, and the one that took it
// over, which is the same where none did; nil for none.
func caseOf(app core.App, token string) (opened, stands *desk.Case, err error) {
	var id string
	err = app.DB().Select("id").From(desk.Name(app, desk.Cases)).Where(dbx.HashExp{"mail_token": token}).
		AndWhere(dbx.NewExp("[[mail_token]] != ''")).Limit(1).Row(&id)
	if err == nil {
		opened, err = desk.FindCase(app, id)
	}
	if err == nil {
		stands, err = desk.StandingCase(app, id)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, nil
	}
	return opened, stands, err
}
