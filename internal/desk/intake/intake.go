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
	"github.com/pocketdesk/pocketdesk/internal/geo"
	"github.com/pocketdesk/pocketdesk/internal/mx"
	"github.com/pocketdesk/pocketdesk/internal/pow"
	"github.com/pocketdesk/pocketdesk/internal/spam"
	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// Submission is one message of a visitor at the door.
type Submission struct {
	Feedback *desk.Feedback // unsaved, as sent, with uploaded files if any
	Request  *Request       // nil where no request stands behind it
	Letter   *desk.Letter   // what a mail says beside; nil for all that came another way
	Key      string         // Idempotency-Key; "" for none

	// digests of Key and body, taken before screening and storing touch the files
	keyDigest, bodyDigest string
	member                member
	sites                 []string // from which the form takes messages; none: any
}

// Request is what came along with a submission over the network.
type Request struct {
	IP             netip.Addr
	UserAgent      string
	AcceptLanguage string
	Authenticated  bool   // staff or an integration
	Caller         string // id of who is authenticated; "" for guests
	Accept         string
	SecFetchSite   string
	Origin         string
	Honeypot       string
	FormToken      string
	Pow            any    // object or JSON text
	Captcha        string // the provider's token
	Input          string // "k,p": how many keys were pressed and texts pasted, as the page counted
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
	// Lower gives the case a low priority unless a keyword gave it another; why
	// is kept as the reason.
	Lower(why string)
	// ByMail takes what a mail says for its case; before Save.
	ByMail(l *desk.Letter)
	// OfMember says as which member the shop's site vouches for the sender, and
	// whether he has shown to read mail to the address he typed; before Save.
	OfMember(number string, reads bool)
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
	// AnswerBy is by when whoever sends a submission at a time is told that he gets an
	// answer, whatever screening makes of it. nil: as the settings say.
	AnswerBy func(app core.App, f *desk.Feedback, at time.Time) (time.Time, error)
	// Unconfirmed is told, inside the transaction, of every message that waits
	// until its sender confirms the address. While it is nil none has to.
	Unconfirmed func(tx core.App, f *desk.Feedback) error
	// Letter finds again what a held submission's mail says, when its case is
	// opened after all; nil where no mail stands behind it. nil: none does.
	Letter func(app core.App, f *desk.Feedback) (*desk.Letter, error)
	// Vouched is told, inside the transaction, of a contact for whom the shop's site
	// vouches as its member. nil: nobody is told.
	Vouched func(tx core.App, contact string) error
	// Arrived is told, inside the transaction, of every case that a visitor's message
	// opens, and of the agent who let it in or entered it, or "". Not of what is
	// imported, and of what staff were told by phone. nil: nobody is told.
	Arrived func(tx core.App, c *desk.Case, by string) error
	// Join adds a held mail to the case that it answers.
	Join func(app core.App, j Joining) error

	Tokens *formtoken.Signer
	Pow    *pow.Issuer
	// Recent are the texts of the last 30 days, to find the same one from others.
	Recent *spam.Recent
	Model  func() *textmodel.Model // judges texts; another one at each call, perhaps
	Geo    *geo.DB                 // nil: no countries
	MX     *mx.Checker             // nil: mail domains are not looked up

	captcha   captchaGate
	memberKey []byte
	senderKey []byte
	used      *formtoken.Used
	checks    []spam.Check
	rates     rates
	keys      desk.Turns // by digest of the Idempotency-Key
}

// Config is what [New] needs. All but the first two may be left out.
type Config struct {
	Commit  *desk.Committer
	Hits    *desk.Hits
	Prepare func(app core.App, f *desk.Feedback) (Opening, error)
	Opened  func(c *desk.Case)

	Model        func() *textmodel.Model // default: textmodel.Base
	Captcha      CaptchaKeys             // default: captchas are off, whatever the settings say
	Geo          *geo.DB                 // default: no countries
	MX           *mx.Checker             // default: mail domains are not looked up
	MemberSecret string                  // default: member_ref is stored unread
}

const (
	// maxTokens bounds the memory for tokens and puzzles that were used.
	maxTokens = 200_000
	// maxRecent is how many of the newest texts are compared with.
	maxRecent = 50_000
)

// New makes the door of an app.
func New(app core.App, c Config) *Intake {
	now := func() time.Time { return desk.Now(app) }
	salts, used := formtoken.NewUsed(maxTokens), formtoken.NewUsed(maxTokens)
	salts.Now, used.Now = now, now
	if c.Model == nil {
		c.Model = textmodel.Base
	}
	in := &Intake{
		Commit: c.Commit, Hits: c.Hits, Prepare: c.Prepare, Opened: c.Opened,
		Tokens: &formtoken.Signer{Key: desk.Key(app, "form-token"), Now: now},
		Pow:    &pow.Issuer{Key: desk.Key(app, "pow"), Now: now, Take: salts.Take},
		Recent: spam.NewRecent(maxRecent, now), Model: c.Model, Geo: c.Geo, MX: c.MX,
		captcha:   captchaGate{keys: c.Captcha},
		memberKey: []byte(c.MemberSecret),
		senderKey: desk.SenderKey(app),
		used:      used,
		rates:     newRates(now),
	}
	text := spam.TextCheck(func() *textmodel.Model { return in.Model() })
	in.checks = append(spam.DefaultChecks(), failsOpen(app, text))
	return in
}
