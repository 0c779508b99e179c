package desk

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/formtoken"
)

// ConfirmationLink stands in a stored text where the mail bears the secret link
// by which a visitor confirms his address. Only the outbox puts the link in.
const ConfirmationLink = "⟦confirmation-link⟧"

// ConfirmationLife is how long the link works, from when its mail was made.
const ConfirmationLife = 7 * 24 * time.Hour

// feedbackID is the length of a submission's id, with which a token begins.
const feedbackID = core.DefaultIdLength

func confirmationSigner(app core.App) formtoken.Signer {
	return formtoken.Signer{Key: Key(app, "confirmation"), Life: ConfirmationLife, Now: func() time.Time { return Now(app) }}
}

// NewConfirmation is the token by which the sender of a submission confirms his
// address: the id, then time of issue and a random part under an HMAC-SHA256
// with a key of its own. Nothing of it is stored.
func NewConfirmation(app core.App, feedback string) string {
	s := confirmationSigner(app)
	return feedback + s.Issue(feedback)
}

// ReadConfirmation is the submission for which a token was made; false for any
// token that is not genuine or older than [ConfirmationLife].
func ReadConfirmation(app core.App, token string) (feedback string, ok bool) {
	if len(token) <= feedbackID {
		return "", false
	}
	s := confirmationSigner(app)
	feedback = token[:feedbackID]
	_, err := s.Check(token[feedbackID:], feedback)
	return feedback, err == nil
}
