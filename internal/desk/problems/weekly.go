package problems

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// The week's news leave on Monday at nine by the shop's clock, or as soon after
// that as the server runs; they look back so many days.
const (
	weeklyHour     = 9
	weeklyAsked    = 7
	weeklyEdited   = 30
	weeklyPlace    = "problems_week" // id of the place that keeps which week was dealt with
	weeklySameNews = "questions"     // key under which the news of two weeks are one
)

// Weekly tells the chiefs, once a week, how many questions are asked often
// without a template for them, and how many templates people always change in the
// same way. Where there are none of both, nobody is told. It returns how many
// people were; call it every few minutes.
func (s *Station) Weekly() (n int, err error) {
	week, err := s.week()
	if err != nil {
		return 0, err
	}
	if done, err := weekDone(s.app, week); err != nil || done {
		return 0, err
	}
	questions, err := s.Questions(nil, weeklyAsked)
	if err != nil {
		return 0, err
	}
	templates, err := s.EditedTemplates(nil, weeklyEdited)
	if err != nil {
		return 0, err
	}
	err = s.c.Commit.Do(func(tx core.App) (err error) {
		n, err = tellWeek(tx, week, len(questions), len(templates))
		return err
	})
	return n, err
}

// week names the week whose news are due: the one whose Monday at nine was last,
// by that day.
func (s *Station) week() (string, error) {
	settings, err := desk.LoadSettings(s.app)
	if err != nil {
		return "", err
	}
	now := desk.Now(s.app).In(settings.Location)
	monday := now.Day() - (int(now.Weekday())+6)%7
	begins := time.Date(now.Year(), now.Month(), monday, weeklyHour, 0, 0, 0, settings.Location)
	if now.Before(begins) {
		begins = begins.AddDate(0, 0, -7)
	}
	return begins.Format(time.DateOnly), nil
}

// weekDone tells whether the news of a week are out.
func weekDone(app core.App, week string) (bool, error) {
	r, err := app.FindRecordById(desk.Places, weeklyPlace)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("week's news: %w", err)
	}
	return r.GetString("event") >= week, nil
}

func tellWeek(tx core.App, week string, questions, templates int) (n int, err error) {
	if done, err := weekDone(tx, week); err != nil || done {
		return 0, err // told by somebody else meanwhile
	}
	r, err := tx.FindRecordById(desk.Places, weeklyPlace)
	if errors.Is(err, sql.ErrNoRows) {
		if r, err = desk.New(tx, desk.Places); err == nil {
			r.Id = weeklyPlace
		}
	}
	if err != nil {
		return 0, fmt.Errorf("week's news: %w", err)
	}
	r.Set("event", week)
	if err := desk.Save(tx, r); err != nil || questions+templates == 0 {
		return 0, err
	}
	chiefs, err := desk.Chiefs(tx, "")
	if err != nil {
		return 0, err
	}
	for _, id := range chiefs {
		err := desk.Notify(tx, desk.Notice{Agent: id, Kind: desk.NoticeQuestions, Same: weeklySameNews,
			Data: map[string]any{"questions": questions, "templates": templates}})
		if err != nil {
			return 0, err
		}
	}
	return len(chiefs), nil
}
