package desk

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/spam"
	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// The decisions by which staff teach the text model.
const (
	HowRelease  = "release"   // let a held message through
	HowConfirm  = "confirm"   // said of a held message that it is junk
	HowCaseSpam = "case_spam" // said so of one that had become a case
	HowCaseHam  = "case_ham"  // took that back
)

// Correction is one decision of staff that the text model learns from.
type Correction struct{ core.BaseRecordProxy }

// AsCorrection wraps a record of the corrections.
func AsCorrection(r *core.Record) *Correction {
	c := &Correction{}
	c.SetProxyRecord(r)
	return c
}

func (c *Correction) Feedback() string { return c.GetString("feedback") }
func (c *Correction) Spam() bool       { return c.GetBool("spam") }
func (c *Correction) How() string      { return c.GetString("how") }

// maxFeatures is how many features of one text are learned from. A long letter
// has many times as many; thousands of such lessons would fill the memory.
const maxFeatures = 4_000

// LessonFeatures are what a lesson keeps of a text, 4,000 features at most: of a
// longer one an even sample.
func LessonFeatures(subject, message string) textmodel.Vector {
	return SampleFeatures(textmodel.Features(spam.TextOf(subject, message)))
}

// SampleFeatures is an even sample of features, or all of them where they are few.
func SampleFeatures(all textmodel.Vector) textmodel.Vector {
	if len(all) <= maxFeatures {
		return all
	}
	out := make(textmodel.Vector, maxFeatures)
	for i := range out {
		out[i] = all[i*len(all)/maxFeatures]
	}
	return out
}

// Lesson is a correction about to be saved. Features stand for the text, made
// before the transaction.
type Lesson struct {
	Feedback string
	Spam     bool
	Features string
	How      string
	Agent    string
	// Senders are taken from the message where there is one; see [LessonsFrom].
	Senders string
}

// Save stores the lesson inside the caller's transaction, in the place of the
// earlier one about the same message, and returns its id.
func (l Lesson) Save(tx core.App) (string, error) {
	if err := ForgetLesson(tx, l.Feedback); err != nil {
		return "", err
	}
	if l.Feedback != "" {
		f, err := FindFeedback(tx, l.Feedback)
		if err != nil {
			return "", err
		}
		l.Senders = sendersOf(tx, f)
	}
	r, err := New(tx, Corrections)
	if err != nil {
		return "", err
	}
	r.Set("feedback", l.Feedback)
	r.Set("spam", l.Spam)
	r.Set("features", l.Features)
	r.Set("senders", l.Senders)
	r.Set("how", l.How)
	r.Set("agent", l.Agent)
	if err := Save(tx, r); err != nil {
		return "", err
	}
	return r.Id, nil
}

// ForgetLesson removes what was learned from a message, if anything was.
func ForgetLesson(tx core.App, feedback string) error {
	if feedback == "" {
		return nil
	}
	r := &core.Record{}
	err := tx.RecordQuery(Corrections).AndWhere(dbx.HashExp{"feedback": feedback}).Limit(1).One(r)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.Delete(r)
}

// LessonsFrom finds what was learned from messages under an address, also where
// the message is gone: a lesson keeps digests of the addresses under which it came.
func LessonsFrom(app core.App, kind, value string) ([]*core.Record, error) {
	digest := digestOf(app, kind, value)
	if digest == "" {
		return nil, nil
	}
	var ids []string
	// an index answers this alone, so that no lesson's features are read
	err := app.DB().Select("id").From(Name(app, Corrections)).
		Where(dbx.NewExp("INSTR([[senders]], {:digest}) > 0", dbx.Params{"digest": digest})).Column(&ids)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return app.FindRecordsByIds(Corrections, ids)
}
