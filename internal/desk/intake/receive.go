package intake

import (
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// Receive checks, screens and stores one submission and, if it is accepted,
// opens its case: all in one transaction, with everything slow before it.
// The error is a [FieldErrors], [ErrTooMany], [ErrKeyMismatch], or a fault.
func (in *Intake) Receive(app core.App, s Submission) (*Receipt, error) {
	s.member = in.memberOf(app, s.Feedback)
	if err := in.check(app, s); err != nil {
		return nil, err
	}
	s.keyDigest, s.bodyDigest = idempotency(s)
	if s.keyDigest != "" && !app.IsTransactional() { // tries at the same moment count once, for rates too
		defer in.keys.Take(s.keyDigest)()
	}
	if again, err := in.known(app, s); again != nil || err != nil {
		return again, err
	}
	settings, err := desk.LoadSettings(app)
	if err != nil {
		return nil, err
	}
	if err := in.wall(s.Request, settings); err != nil {
		return nil, err
	}
	p, err := in.plan(app, s, settings)
	if err != nil {
		return nil, err
	}
	size, drop, err := desk.StoreFiles(app, s.Feedback.Record, "attachments")
	if err != nil {
		return nil, fmt.Errorf("store files: %w", err)
	}
	p.bytes = size
	err = in.transact(app, func(tx core.App) error {
		return in.save(tx, p, func(tx core.App) error { return desk.Save(tx, s.Feedback.Record) })
	})
	if err != nil {
		drop()
		// another process may have taken the same key at the same moment
		if again, knownErr := in.known(app, s); again != nil || errors.Is(knownErr, ErrKeyMismatch) {
			return again, knownErr
		}
		return nil, fmt.Errorf("store submission: %w", err)
	}
	if tx := app.TxInfo(); tx != nil {
		tx.OnComplete(func(err error) error {
			if err != nil {
				drop()
			}
			return nil
		})
	}
	return in.done(app, p), nil
}

// ReceiveSaved is Receive for a record that somebody else is about to save, in
// the transaction of that save. next stores the record.
func (in *Intake) ReceiveSaved(app core.App, f *desk.Feedback, next func(tx core.App) error) (*Receipt, error) {
	s := Submission{Feedback: f, member: in.memberOf(app, f)}
	if err := in.check(app, s); err != nil {
		return nil, err
	}
	settings, err := desk.LoadSettings(app)
	if err != nil {
		return nil, err
	}
	p, err := in.plan(app, s, settings)
	if err != nil {
		return nil, err
	}
	if err := app.RunInTransaction(func(tx core.App) error { return in.save(tx, p, next) }); err != nil {
		return nil, err
	}
	return in.done(app, p), nil
}

// transact shares a transaction with other submissions, unless the caller is in one.
func (in *Intake) transact(app core.App, work func(core.App) error) error {
	if app.IsTransactional() {
		return work(app)
	}
	return in.Commit.Do(work)
}

func (in *Intake) done(app core.App, p *plan) *Receipt {
	at := desk.Now(app)
	desk.AfterCommit(app, func() { in.compare(p.sub.Feedback, p.verdict, at) })
	in.tell(app, p.opened)
	return &Receipt{Feedback: p.sub.Feedback, AnswerBy: p.answerBy, Outcome: string(p.verdict.Outcome), Case: p.opened}
}

// tell says that a case was opened, once that is committed: the caller may be
// inside a transaction of his own.
func (in *Intake) tell(app core.App, c *desk.Case) {
	if c != nil && in.Opened != nil {
		desk.AfterCommit(app, func() { in.Opened(c) })
	}
}

// plan is a screened submission, ready for its transaction.
type plan struct {
	sub      Submission
	verdict  screened
	opening  Opening
	answerBy time.Time
	bytes    int64

	opened *desk.Case
}

func (in *Intake) plan(app core.App, s Submission, settings *desk.Settings) (*plan, error) {
	f := s.Feedback
	if f.Id == "" {
		f.Id = core.GenerateDefaultRandomId()
	}
	f.Set("receipt", desk.NewReceipt())
	desk.NameFiles(f.Record)
	f.Set("idem_key", s.keyDigest)
	f.Set("idem_hash", s.bodyDigest)
	p := &plan{sub: s}
	var err error
	if p.answerBy, err = in.answerBy(app, f, desk.Now(app)); err != nil {
		return nil, err
	}
	if p.verdict, err = in.screen(app, s, settings); err != nil {
		return nil, err
	}
	switch p.verdict.Outcome {
	case spam.Accepted:
		if p.opening, err = in.Prepare(app, f); err == nil && p.lowers(settings) {
			p.opening.Lower("pitch")
		}
		if err == nil && s.Letter != nil {
			p.opening.ByMail(s.Letter)
		}
	case spam.Quarantined:
		err = p.keepWithinQuota(app, settings)
	default: // blocked messages keep their text only
		f.Set("attachments", nil)
	}
	return p, err
}

// answerBy is what the visitor is told.
func (in *Intake) answerBy(app core.App, f *desk.Feedback, at time.Time) (time.Time, error) {
	if in.AnswerBy != nil {
		return in.AnswerBy(app, f, at)
	}
	s, err := desk.LoadSettings(app)
	if err != nil {
		return time.Time{}, err
	}
	return s.AnswerBy(at), nil
}

// lowers tells whether the case can wait behind all others.
func (p *plan) lowers(s *desk.Settings) bool {
	return p.verdict.Pitch && s.Screening.Pitch == desk.PitchLow
}

// keepWithinQuota drops the files of a held message once those that wait take
// up the room that the settings give them; its text is kept.
func (p *plan) keepWithinQuota(app core.App, settings *desk.Settings) error {
	if settings.Limits.QuarantineMB < 0 || len(p.sub.Feedback.GetUnsavedFiles("attachments")) == 0 {
		return nil
	}
	var bytes int64
	err := app.DB().Select("COALESCE(SUM([[file_bytes]]), 0)").From(desk.Name(app, desk.Verdicts)).
		Where(waitingFiles()).Row(&bytes)
	if err != nil {
		return err
	}
	for _, f := range p.sub.Feedback.GetUnsavedFiles("attachments") {
		bytes += f.Size
	}
	if bytes > settings.Limits.QuarantineMB<<20 {
		p.sub.Feedback.Set("attachments", nil)
		p.verdict.Signals = append(p.verdict.Signals, spam.Noticed("files_dropped",
			"Its files were not kept: files that wait in quarantine have used up their room.", nil))
	}
	return nil
}

// save stores the submission, its verdict and, if accepted, its case.
func (in *Intake) save(tx core.App, p *plan, saveFeedback func(core.App) error) error {
	p.opened = nil
	if err := saveFeedback(tx); err != nil {
		return err
	}
	v, err := desk.NewVerdict(tx, p.sub.Feedback.Id)
	if err != nil {
		return err
	}
	p.fill(v)
	if err := desk.Save(tx, v.Record); err != nil {
		return err
	}
	if p.verdict.unconfirmed {
		if err := in.Unconfirmed(tx, p.sub.Feedback); err != nil {
			return fmt.Errorf("ask to confirm: %w", err)
		}
	}
	if p.opening == nil {
		held := desk.Event{Feedback: p.sub.Feedback.Id, Kind: string(p.verdict.Outcome), After: map[string]any{"score": p.verdict.Score}}
		if err := desk.Record(tx, held); err != nil {
			return err
		}
		return p.sub.settle(tx, p)
	}
	c, err := in.open(tx, p.opening, p.sub.Feedback, false)
	if err != nil {
		return errors.Join(errOpen, err)
	}
	if err := in.arrived(tx, arrival{c, p.sub.Feedback, p.sub.Letter, p.sub.agent()}); err != nil {
		return err
	}
	p.opened = c
	return p.sub.settle(tx, p)
}

// fill writes into the verdict's record what screening found.
func (p *plan) fill(v *desk.Verdict) {
	v.Set("outcome", string(p.verdict.Outcome))
	v.Set("score", p.verdict.Score)
	v.Set("signals", p.verdict.Signals)
	v.Set("text_score", p.verdict.textScore())
	v.Set("pitch", p.verdict.Pitch)
	v.Set("sender", string(p.verdict.sender))
	if p.sub.Letter != nil {
		v.Set("for_case", p.sub.Letter.ForCase)
	}
	if p.verdict.hashed {
		v.Set("simhash", fmt.Sprintf("%016x", p.verdict.hash))
	}
	if r := p.sub.Request; r != nil {
		if r.IP.IsValid() {
			v.Set("ip", r.IP.String())
		}
		v.Set("country", p.verdict.country)
		v.Set("user_agent", desk.Clip(r.UserAgent, 500))
	}
	if p.verdict.Outcome == spam.Quarantined {
		v.Set("file_bytes", p.bytes)
	}
}

var errOpen = errors.New("open the case")
