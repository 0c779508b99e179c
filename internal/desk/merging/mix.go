package merging

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// mix makes the two records what they are after the merge, and notes what a
// person should know of it.
func (p *pair) mix(app core.App, open types.DateTime) error {
	s, t := p.source, p.target
	for _, field := range []string{"category", "priority", "assignee", "locale"} {
		if a, b := s.GetString(field), t.GetString(field); a != "" && b != "" && a != b {
			p.differ(field, b, a)
		}
	}
	if t.Assignee() == "" && s.Assignee() != "" {
		t.Set("assignee", s.Assignee())
		t.Set("queued_at", "") // it waits for nobody any more
		t.Set("alarmed_at", "")
	}
	tags := t.Tags()
	for _, tag := range s.Tags() {
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	if len(tags) > len(t.Tags()) {
		t.Set("tags", tags)
	}
	p.mixProblem()
	p.mixFollowUp()
	p.mixPromise(open)
	p.mixTurn()
	if s.Team() != t.Team() {
		p.warn("other_team", map[string]any{"kept": t.Team(), "dropped": s.Team()})
	}
	return p.warnOfPeople(app)
}

// warnOfPeople says who reads and gets what from then on.
func (p *pair) warnOfPeople(app core.App) error {
	who := map[string]any{
		"source": nameOf(app, p.source), "source_at": addressesOf(app, p.source),
		"target": nameOf(app, p.target), "target_at": addressesOf(app, p.target),
	}
	if p.source.Contact() != p.target.Contact() {
		p.warn("two_people", who)
	}
	if p.apart {
		p.warn("apart", who)
	}
	var waiting int
	err := app.DB().Select("COUNT(*)").From(desk.Name(app, desk.Messages)+" m").
		InnerJoin(desk.Name(app, desk.Outbox)+" o", dbx.NewExp("[[o.message]] = [[m.id]]")).
		Where(dbx.HashExp{"m.case": p.source.Id}).AndWhere(dbx.In("o.status", desk.Queued, desk.Held)).
		AndWhere(dbx.NewExp("[[m.author]] != ''")).Row(&waiting) // answers of staff
	if waiting > 0 {
		p.warn("mails_waiting", map[string]any{"n": waiting})
	}
	return err
}

// mixProblem lets the target report what the source did, unless it reports
// something else: the source gets no letter any more.
func (p *pair) mixProblem() {
	if p.target.GetString("problem") != "" {
		return
	}
	p.target.Set("problem", p.source.GetString("problem"))
	if p.target.GetString("problem_told") == "" {
		p.target.Set("problem_told", p.source.GetString("problem_told"))
		p.target.Set("problem_told_at", p.source.GetString("problem_told_at"))
	}
}

// mixFollowUp keeps the earlier of two follow-ups, with both notes.
func (p *pair) mixFollowUp() {
	s, t := p.source, p.target
	a, b := s.GetDateTime("follow_up_at"), t.GetDateTime("follow_up_at")
	if a.IsZero() {
		return
	}
	note := s.GetString("follow_up_note")
	if !b.IsZero() {
		if old := t.GetString("follow_up_note"); old != "" && old != note {
			note = desk.Clip(old+"\n"+note, 990)
		}
		p.differ("follow_up_at", earlier(a, b), later(a, b))
	}
	t.Set("follow_up_note", note)
	if b.IsZero() || a.Time().Before(b.Time()) {
		for _, field := range []string{"follow_up_at", "follow_up_for", "reminded_at"} {
			t.Set(field, s.Get(field))
		}
	}
	for _, field := range []string{"follow_up_at", "follow_up_note", "follow_up_for", "reminded_at"} {
		s.Set(field, "")
	}
}

// mixPromise keeps the earlier of two dates: both were promised. open is the
// earliest open promise of both.
func (p *pair) mixPromise(open types.DateTime) {
	a, b := p.source.GetDateTime("promised_at"), p.target.GetDateTime("promised_at")
	if a.IsZero() {
		return
	}
	if !b.IsZero() {
		p.differ("promised_at", earlier(a, b), later(a, b))
	}
	if open.IsZero() {
		open = earlier(a, b)
	}
	p.target.Set("promised_at", open)
	p.source.Set("promised_at", "")
}

// mixTurn lets the target wait for us as long as either visitor does. What was
// done or not our turn is open again where the source waits.
func (p *pair) mixTurn() {
	s, t := p.source, p.target
	t.Set("last_in_at", later(s.GetDateTime("last_in_at"), t.GetDateTime("last_in_at")))
	ours := s.Status() == desk.Unread || s.Status() == desk.Open
	if since := s.GetDateTime("waiting_since"); ours && !since.IsZero() {
		due := s.GetDateTime("next_response_due")
		if due.IsZero() {
			due = s.GetDateTime("first_response_due")
		}
		t.Set("waiting_since", earlier(since, t.GetDateTime("waiting_since")))
		t.Set("next_response_due", earlier(due, t.GetDateTime("next_response_due")))
		if t.Status() != desk.Unread && t.Status() != desk.Open {
			p.warn("opened", map[string]any{"status": t.Status()})
			if t.Done() {
				t.Set("resolved_at", "")
				t.Set("reopened", t.GetInt("reopened")+1)
			}
			t.Set("status", desk.Open)
		}
	}
	s.Set("waiting_since", "")
	s.Set("next_response_due", "")
}

// earlier is the earlier of two times, of which an empty one is none.
func earlier(a, b types.DateTime) types.DateTime {
	if a.IsZero() || !b.IsZero() && b.Time().Before(a.Time()) {
		return b
	}
	return a
}

func later(a, b types.DateTime) types.DateTime {
	if b.Time().After(a.Time()) {
		return b
	}
	return a
}
