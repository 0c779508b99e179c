// Package intake takes what visitors send. Its verb is [Intake.Receive]: every
// door (REST, form, demo, a host's own save) ends there.
//
//	receipt, err := in.Receive(app, intake.Submission{Feedback: feedback})
package intake

import (
	"errors"
	"net/netip"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/formtoken"
	"github.com/pocketdesk/pocketdesk/internal/limit"
	"github.com/pocketdesk/pocketdesk/internal/pow"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// Submission is one message of a visitor at the door.
type Submission struct {
	Feedback *desk.Feedback // unsaved, as sent, with uploaded files if any
	Request  *Request       // nil where no request stands behind it
	Key      string         // Idempotency-Key; "" for none

	// digests of Key and body, taken before screening and storing touch the files
	keyDigest, bodyDigest string
}

// Request is what came along with a submission over the network.
type Request struct {
	IP             netip.Addr
	UserAgent      string
	AcceptLanguage string
	Authenticated  bool   // staff or an integration
	Caller         string // id of who is authenticated; "" for guests
	Honeypot       string
	FormToken      string
	Pow            any // object or JSON text
}

// Receipt is what became of a submission. The visitor sees the same for every outcome.
type Receipt struct {
	Feedback *desk.Feedback
	AnswerBy time.Time
	Outcome  string
	Case     *desk.Case // nil unless accepted
	Again    bool       // the same Idempotency-Key came before
}

// Opening is a case that is about to be opened for an accepted submission.
type Opening interface {
	Save(tx core.App) (*desk.Case, error)
}

// Errors that the doors branch on.
var (
	ErrTooMany     = errors.New("too many messages from this address")
	ErrKeyMismatch = errors.New("this Idempotency-Key came before with another body")
)

// Intake is the door. Prepare finds out about the case that a submission
// opens; Opened hears of every opened case after its commit.
type Intake struct {
	Commit  *desk.Committer
	Hits    *desk.Hits
	Prepare func(app core.App, f *desk.Feedback) (Opening, error)
	Opened  func(c *desk.Case)

	Tokens *formtoken.Signer
	Pow    *pow.Issuer

	used    *formtoken.Used
	checks  []spam.Check
	byIP    *limit.Counter
	byMail  *limit.Counter
	overall *limit.Counter
}

// Config is what [New] needs.
type Config struct {
	Commit  *desk.Committer
	Hits    *desk.Hits
	Prepare func(app core.App, f *desk.Feedback) (Opening, error)
	Opened  func(c *desk.Case)
}

// maxTokens bounds the memory for tokens and puzzles that were used.
const maxTokens = 200_000

// New makes the door of an app.
func New(app core.App, c Config) *Intake {
	now := func() time.Time { return desk.Now(app) }
	salts, used := formtoken.NewUsed(maxTokens), formtoken.NewUsed(maxTokens)
	salts.Now, used.Now = now, now
	hour := limit.Config{Window: time.Hour, Max: 50_000, Now: now}
	return &Intake{
		Commit: c.Commit, Hits: c.Hits, Prepare: c.Prepare, Opened: c.Opened,
		Tokens:  &formtoken.Signer{Key: desk.Key(app, "form-token"), Now: now},
		Pow:     &pow.Issuer{Key: desk.Key(app, "pow"), Now: now, Take: salts.Take},
		used:    used,
		checks:  spam.DefaultChecks(),
		byIP:    limit.New(hour),
		byMail:  limit.New(hour),
		overall: limit.New(hour),
	}
}
