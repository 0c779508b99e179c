package learning

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam"
	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// material is what one training learns from.
type material struct {
	lessons  []textmodel.Lesson
	ids      []string          // of the corrections behind the lessons
	again    map[string]string // features made anew, by the correction's id
	accepted []textmodel.Vector
	digest   string
}

// row is a lesson as stored.
type row struct {
	id, feedback, features string
	spam                   bool
}

// collect reads the newest lessons and the accepted history. Both are bounded by
// what they take of the memory, the newest first: a lesson may be a short
// question or a book.
func (w *Worker) collect(ctx context.Context) (*material, error) {
	m := &material{again: map[string]string{}}
	digest := sha256.New()
	left := w.most
	err := w.eachLesson(ctx, func(r row) error {
		addTo(digest, r.id, r.spam)
		if left <= 0 {
			return nil
		}
		features, err := w.read(m, r)
		if left -= len(features); err != nil || features == nil || left < 0 {
			return err
		}
		m.lessons = append(m.lessons, textmodel.Lesson{Features: features, Spam: r.spam})
		m.ids = append(m.ids, r.id)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("lessons: %w", err)
	}
	m.digest = hex.EncodeToString(digest.Sum(nil))
	if len(m.lessons) > 0 {
		m.accepted, err = w.accepted(ctx)
	}
	return m, err
}

// eachLesson reads the newest lessons one by one: all of them as text would be
// many times what is kept of them.
func (w *Worker) eachLesson(ctx context.Context, f func(row) error) error {
	rows, err := newest(w.app, "id", "feedback", "features", "spam").WithContext(ctx).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.id, &r.feedback, &r.features, &r.spam); err != nil {
			return err
		}
		if err := f(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// read decodes a lesson's features. Those made for another model are made anew
// from the message; nil where it is gone.
func (w *Worker) read(m *material, r row) (textmodel.Vector, error) {
	features, err := textmodel.DecodeVector(r.features)
	if err == nil {
		return desk.SampleFeatures(features), nil
	}
	f, err := desk.FindFeedback(w.app, r.feedback)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	features = desk.LessonFeatures(f.Subject(), f.Message())
	m.again[r.id] = features.Encode()
	return features, nil
}

func newest(app core.App, columns ...string) *dbx.SelectQuery {
	return app.DB().Select(columns...).From(desk.Name(app, desk.Corrections)).OrderBy("created DESC", "id DESC").Limit(maxLessons)
}

// accepted are the latest messages that became a case which staff work on or
// have answered, and that nobody called junk: what the shop wants to go on
// receiving.
func (w *Worker) accepted(ctx context.Context) ([]textmodel.Vector, error) {
	app := w.app
	rows, err := app.DB().Select("f.subject", "f.message").
		From(desk.Name(app, desk.Verdicts)+" v").
		InnerJoin(desk.Name(app, desk.Feedbacks)+" f", dbx.NewExp("[[f.id]] = [[v.feedback]]")).
		InnerJoin(desk.Name(app, desk.Cases)+" c", dbx.NewExp("[[c.feedback]] = [[v.feedback]]")).
		LeftJoin(desk.Name(app, desk.Corrections)+" l", dbx.NewExp("[[l.feedback]] = [[v.feedback]]")).
		Where(dbx.HashExp{"v.outcome": desk.Accepted}).
		AndWhere(dbx.NewExp("[[v.created]] >= {:since}", dbx.Params{"since": desk.Date(desk.Now(app).Add(-acceptedFor)).String()})).
		AndWhere(dbx.NewExp("[[l.id]] IS NULL AND ([[c.first_responded_at]] != '' OR [[c.status]] NOT IN ('resolved', 'closed'))")).
		AndWhere(dbx.NewExp(`COALESCE([[c.tags]], '') NOT LIKE '%"spam"%'`)).
		OrderBy("v.created DESC").Limit(maxAccepted).WithContext(ctx).Rows()
	if err != nil {
		return nil, fmt.Errorf("accepted history: %w", err)
	}
	defer rows.Close()
	var out []textmodel.Vector
	left := w.most
	for rows.Next() {
		var subject, message string
		if err := rows.Scan(&subject, &message); err != nil {
			return nil, fmt.Errorf("accepted history: %w", err)
		}
		features := textmodel.Features(spam.TextOf(subject, message)) // all of them: these are judged
		if left -= len(features); left < 0 {
			break
		}
		out = append(out, features)
	}
	return out, rows.Err()
}

// addTo puts a lesson into the digest of all.
func addTo(digest io.Writer, id string, spam bool) { fmt.Fprintf(digest, "%s %t\n", id, spam) }

// digestNow is the digest of the lessons as they stand; "" where there is none.
func digestNow(app core.App) (string, error) {
	var rows []struct {
		ID   string `db:"id"`
		Spam bool   `db:"spam"`
	}
	if err := newest(app, "id", "spam").All(&rows); err != nil || len(rows) == 0 {
		return "", err
	}
	digest := sha256.New()
	for _, r := range rows {
		addTo(digest, r.ID, r.Spam)
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}
