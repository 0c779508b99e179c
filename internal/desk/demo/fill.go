package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	content "github.com/pocketdesk/pocketdesk/internal/demo"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Shop is what Fill needs.
type Shop struct {
	Line  Line
	Staff Staff
	Rows  []content.Submission
	Now   time.Time // the demo's present; all rows come before it
}

// Report counts what happened.
type Report struct {
	Submissions int
	Outcomes    map[string]int // by desk.Accepted, Quarantined and Blocked
	Cases       int
	Answers     int
	Mails       int // acknowledgements and answers that were sent
}

// Fill lives through the shop's past, moment by moment, and leaves the app's
// clock at real time. It ends early with the context's error.
func Fill(ctx context.Context, app core.App, s Shop) (Report, error) {
	f := &filler{Shop: s, app: app, clock: &clock{}, forms: map[int]Form{}, cases: map[int]string{}}
	f.report.Outcomes = map[string]int{}
	desk.SetClock(app, f.clock.Now)
	defer desk.SetClock(app, nil)
	for _, m := range moments(s.Rows, s.Now) {
		if err := ctx.Err(); err != nil {
			return f.report, err
		}
		f.clock.move(m.at)
		if err := f.live(ctx, m); err != nil {
			return f.report, fmt.Errorf("%s: %w", s.Rows[m.row].ID, err)
		}
	}
	mails, err := app.CountRecords(desk.Outbox)
	f.report.Mails = int(mails)
	return f.report, err
}

// What happens at a moment that is no step of the content.
const (
	opens = -3 // the visitor opens the form
	sends = -2 // and sends it
	takes = -1 // somebody takes a case that is not answered yet
)

// moment is one thing that happens.
type moment struct {
	at  time.Time
	row int
	do  int // opens, sends, takes, or the index of a step
}

// moments puts all that happens in order.
func moments(rows []content.Submission, now time.Time) []moment {
	var all []moment
	for i, s := range rows {
		sent := s.At(now)
		all = append(all, moment{sent.Add(-filling(s)), i, opens}, moment{sent, i, sends})
		for j, at := range s.StepTimes(now) {
			all = append(all, moment{at, i, j})
		}
		if at := sent.Add(90 * time.Minute); len(s.Thread) == 0 && dice(s.ID)%3 == 0 && at.Before(now) {
			all = append(all, moment{at, i, takes})
		}
	}
	slices.SortStableFunc(all, func(a, b moment) int { return a.at.Compare(b.at) })
	return all
}

type filler struct {
	Shop
	app    core.App
	clock  *clock
	forms  map[int]Form   // by row, while they are being filled in
	cases  map[int]string // by row
	report Report
}

func (f *filler) live(ctx context.Context, m moment) error {
	row := f.Rows[m.row]
	switch m.do {
	case opens:
		form, err := f.Line.Fetch(ctx, isBot(row))
		f.forms[m.row] = form
		return err
	case sends:
		return f.send(ctx, m.row)
	}
	if f.cases[m.row] == "" {
		return nil // held: nobody has seen it
	}
	if m.do == takes {
		who := f.Staff[taker(row)]
		return f.Line.Change(Change{Case: f.cases[m.row], Agent: who, Fields: map[string]any{"assignee": who.Id}})
	}
	return f.step(ctx, f.cases[m.row], row.Thread[m.do])
}

func (f *filler) send(ctx context.Context, index int) error {
	row := f.Rows[index]
	message, err := feedback(f.app, row, index)
	if err != nil {
		return err
	}
	got, err := f.Line.Receive(visit(message, row, f.forms[index]))
	if err != nil {
		return err
	}
	delete(f.forms, index)
	f.report.Submissions++
	f.report.Outcomes[got.Outcome]++
	if got.Case == "" {
		return nil
	}
	f.cases[index] = got.Case
	f.report.Cases++
	return f.Line.Deliver(ctx)
}

// step is one thing that staff do.
func (f *filler) step(ctx context.Context, caseID string, s content.Step) error {
	who := f.Staff[s.Agent]
	switch s.Kind {
	case content.StepNote:
		return f.Line.Write(Words{Case: caseID, Agent: who, Note: true, Body: s.Body})
	case content.StepStatus:
		return f.Line.Change(Change{Case: caseID, Agent: who, Fields: map[string]any{"status": s.Status}})
	case content.StepFollowUp:
		due := f.clock.Now().AddDate(0, 0, s.Days)
		return f.Line.Change(Change{Case: caseID, Agent: who, Fields: map[string]any{
			"follow_up_at": desk.Date(due), "follow_up_note": s.Note,
		}})
	}
	f.report.Answers++
	if err := f.Line.Write(Words{Case: caseID, Agent: who, Template: s.Template, Body: s.Body}); err != nil {
		return err
	}
	return f.Line.Deliver(ctx)
}

// taker is the key of who looks after such messages.
func taker(s content.Submission) string {
	switch s.Category {
	case "bulk", "cooperation", "media", "complaint", "technical":
		return "chen"
	}
	if s.Locale == "ja" {
		return "sato"
	}
	return []string{"lin", "chen"}[dice(s.ID)/3%2]
}
